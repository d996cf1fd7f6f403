"""Everything that is held about one person, put together for them; what is about others is left out or renamed."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from matchengine.actors import HOST, ITSELF
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import _
from matchengine.pool.pool import Pool
from matchengine.pool.sensitive import COUNTED, JOINT_WISHES, WISH_COLUMNS, numbers_in
from matchengine.pool.vector_cache import text_keys
from matchengine.records import (
    ConsentGrant,
    Feedback,
    GroupRequest,
    MeetingHeld,
    Pause,
    Person,
    Record,
    Relationship,
    Suggestion,
)
from matchengine.records.moments import in_utc
from matchengine.rights.erasing import buried
from matchengine.rights.records import Derived, Held, InResult, Outside, PersonRecord, Seen
from matchengine.rights.redacting import Names, parts_of
from matchengine.store.audit import EVERYBODY, pseudonym
from matchengine.store.base import AuditLine, Entry
from matchengine.store.copies import copies
from matchengine.store.documents import GATHERINGS, KINDS, read_document
from matchengine.store.keep import Keeper
from matchengine.store.recording import RecordedStore, whose
from matchengine.store.results import RESULT, read_result

if TYPE_CHECKING:
    from matchengine.rights.rights import Rights

__all__ = ["LEAST_ANSWERS", "tell_person"]

LEAST_ANSWERS = 5
"""So many different people must have answered about somebody before a mean is told, and so many more before another."""
_RATINGS = ("satisfaction", "helpfulness", "trust", "goal_progress", "felt_safe")
_WISHES = (*WISH_COLUMNS, *JOINT_WISHES)
_OF_A_LINE = ("about", "kind", "question", "reader", "until", "uses", "verdict")
"""Details of a line that are told; counts of documents would count those of others too."""


def tell_person(engine: Rights, keeper: Keeper, person_id: str, k: int) -> PersonRecord:
    """Put the record of a person together; see `Rights.person_record`."""
    entries = [*keeper.entries(involving=person_id)]
    pool = engine._pool
    gatherings = {each for cards in pool.cards.values() for each in cards}
    own_entries = [entry for entry in entries if person_id in whose(entry)]
    if not own_entries or person_id in gatherings:
        raise UnknownIdError(_("nothing is held about a person {id!r}", id=person_id))
    told = [(entry, read_document(entry)) for entry in entries if entry.kind in KINDS]
    records = [record for _entry, record in told]
    own = next((record for record in records if isinstance(record, Person) and record.id == person_id), None)
    left = buried(keeper, [own.household]) if own is not None and own.household is not None else ()
    names = Names(person_id, gatherings, ChainMap(pool.tables["people"].row_of, dict.fromkeys(left, 0)))
    return PersonRecord(
        person_id=person_id,
        programme=keeper.programme,
        made_at=datetime.now(UTC),
        generation=own_entries[-1].generation,
        record=None if own is None else names.person(own),
        consents=tuple(record for record in records if isinstance(record, ConsentGrant)),
        pauses=tuple(record for record in records if isinstance(record, Pause)),
        requests=tuple(record for record in records if isinstance(record, GroupRequest)),
        relationships=tuple(_ties(told, names)),
        meetings=tuple(_meetings(records, names)),
        feedback_given=tuple(
            record.model_copy(update={"about_id": names(record.about_id)})
            for record in records
            if isinstance(record, Feedback) and record.person_id == person_id
        ),
        feedback_about=_about(_in_order(told, person_id)),
        named_in=dict(sorted(Counter(entry.kind for entry, _r in told if entry.kind in GATHERINGS).items())),
        results=tuple(_results(entries, names)),
        derived=_derived(engine, keeper, names, k),
        seen=tuple(_seen(engine, keeper, person_id, [entry.written_at for entry in own_entries])),
        held=tuple(
            Held(kind=e.kind, written_at=e.written_at, generation=e.generation, expires_at=e.expires_at)
            for e in own_entries
        ),
        copies=tuple(sorted(_outside(keeper), key=lambda each: (each.written_on, each.what))),
    )


def _outside(keeper: Keeper) -> Iterator[Outside]:
    for copy in copies(keeper):
        yield Outside(what=copy.what, written_on=copy.written_at.date())


def _ties(held: Sequence[tuple[Entry, Record]], names: Names) -> list[dict[str, Any]]:
    found = []
    for entry, tie in held:
        if isinstance(tie, Relationship) and names.own in whose(entry):
            first = tie.person_id == names.own
            hidden = {"person_id", "other_id", "anchor_of", "decided_by", "do_not_rematch"}
            hidden |= set() if first else {"goals"}
            told = tie.model_dump(mode="json", exclude_none=True, exclude=hidden)
            other = names(tie.other_id if first else tie.person_id)
            found.append({"side": "first" if first else "other", "with": other} | told)
    return found


def _meetings(records: Sequence[Record], names: Names) -> list[dict[str, Any]]:
    found = []
    for held in records:
        if isinstance(held, MeetingHeld):
            own = held.person_id == names.own
            hidden = {"person_id", "other_id"} | (set() if own else {"on_goals"})
            told = held.model_dump(mode="json", exclude_none=True, exclude=hidden)
            found.append({"with": names(held.other_id if own else held.person_id)} | told)
    return found


def _in_order(told: Sequence[tuple[Entry, Record]], person_id: str) -> list[Feedback]:
    """Answers about a person in the order in which they were given, or came in."""
    found: list[tuple[datetime, Feedback]] = []
    for entry, answer in told:
        if isinstance(answer, Feedback) and answer.about_id == person_id:
            at = answer.given_at or entry.written_at
            found.append((in_utc(at), answer))
    return [answer for _at, answer in sorted(found, key=lambda each: each[0])]


def _about(answers: Sequence[Feedback]) -> dict[str, float | str]:
    """How many people answered about somebody, in steps of five, and the mean of each rating as of the last step.

    A mean that moved with each answer would tell that answer.
    """
    authors = {answer.person_id or id(answer) for answer in answers}
    if len(authors) < LEAST_ANSWERS:
        return {"answers": f"0-{LEAST_ANSWERS - 1}"}
    told: dict[str, float | str] = {"answers": float(len(authors) - len(authors) % LEAST_ANSWERS)}
    for name in _RATINGS:
        by: dict[Any, float] = {}
        for answer in answers:
            author, rating = answer.person_id or id(answer), getattr(answer.items, name)
            if rating is not None:
                step = author not in by and (len(by) + 1) % LEAST_ANSWERS == 0
                by[author] = rating
                if step:
                    told[name] = round(sum(by.values()) / len(by), 1)
    return told


def _results(entries: Sequence[Entry], names: Names) -> list[InResult]:
    found = []
    for entry in entries:
        if entry.kind == RESULT:
            kept = read_result(entry, ())
            parts = parts_of(json.loads(entry.document or "{}")["document"], names)
            found.append(InResult(kind=kept.kind, kept_at=kept.kept_at, parts=tuple(parts)))
    return found


def _derived(engine: Rights, keeper: Keeper, names: Names, k: int) -> Derived:
    pool: Pool = engine._pool
    row = pool.tables["people"].row_of.get(names.own)
    if row is None:
        return Derived()
    shown = {field: tuple(texts) for field, texts in pool.shown_text(names.own).items() if texts}
    texts = sorted({text for of_field in shown.values() for text in of_field})
    keys = text_keys(texts)
    held = len(keeper.store.vectors(keeper.programme, pool.model, keys).keys) if len(keys) else 0
    table = pool.tables["people"]
    counts = {name: len(numbers_in(table.column(name)[row])) for name in ("attributes", "anchors", COUNTED)}
    counts["wishes"] = len({n for name in _WISHES for n in numbers_in(table.column(name)[row])})
    return Derived(
        texts=shown,
        model=pool.model,
        vectors=held,
        tokens={name: count for name, count in counts.items() if count},
        suggestions={kind: found for kind in engine._kinds if (found := _suggested(engine, names, kind, k))},
    )


def _suggested(engine: Rights, names: Names, kind: str, k: int) -> tuple[dict[str, Any], ...]:
    """What a person would read now, without words of others; nothing where the kind is not for them."""
    try:
        found: Sequence[Suggestion] = engine.suggest(names.own, kind, k, "requester")
    except DataError:
        return ()
    return tuple(_suggestion(each, names) for each in found)


def _suggestion(suggestion: Suggestion, names: Names) -> dict[str, Any]:
    reasons: list[Mapping[str, str]] = [
        {"title": each.title, "direction": each.direction, "strength": each.strength} for each in suggestion.reasons
    ]
    return {
        "rank": suggestion.rank, "whom": names(suggestion.candidate_id), "fit": suggestion.fit, "reasons": reasons
    }  # fmt: skip


def _seen(engine: Rights, keeper: Keeper, person_id: str, written: Sequence[datetime]) -> list[Seen]:
    """Lines about a person or everybody; `written` says when the documents came that the person may know of."""
    if not isinstance(keeper.store, RecordedStore):
        return []
    lines = engine.audit_lines(person_id)
    writes = sorted(line.at for line in lines if line.event.action in ("changed", "loaded"))
    places = {bisect_left(writes, at) for at in written}
    wrote = {writes[place] for place in places if place < len(writes)}
    alone = (pseudonym(keeper.store.key, keeper.programme, person_id),)
    return [
        Seen(
            at=line.at,
            actor=_actor(line.event.actor, person_id),
            action=line.event.action,
            details={name: value for name, value in line.event.details.items() if name in _OF_A_LINE},
        )
        for line in lines
        if _is_told(line, person_id) or (line.event.action == "changed" and (line.at in wrote or _only(line, alone)))
    ]


def _is_told(line: AuditLine, person_id: str) -> bool:
    """Whether a person may know of a line whatever it changed: it is theirs, about everybody, or no word of others."""
    event = line.event
    if event.actor in (person_id, f"member:{person_id}") or event.details.get("about") == EVERYBODY:
        return True
    return event.action != "changed" and event.details.get("question") != "decided"


def _only(line: AuditLine, alone: tuple[str, ...]) -> bool:
    """Whether a line concerns nobody else; earlier versions named in it whom an answer without a name is about."""
    return line.event.subjects == alone and "feedback" not in line.event.details


def _actor(actor: str, person_id: str) -> str:
    """Who acted, without the id of anybody else."""
    role, colon, _id = actor.partition(":")
    return role if colon or actor in (person_id, HOST, ITSELF) else _("somebody")
