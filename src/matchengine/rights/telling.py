"""Everything that is held about one person, put together for them; what is about others is left out or renamed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

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
from matchengine.rights.records import Derived, Held, InResult, PersonRecord, Seen
from matchengine.rights.redacting import Names, parts_of
from matchengine.store.base import Entry
from matchengine.store.copies import copies
from matchengine.store.documents import GATHERINGS, KINDS, read_document
from matchengine.store.keep import Keeper
from matchengine.store.recording import RecordedStore
from matchengine.store.results import RESULT, STALE, read_result

if TYPE_CHECKING:
    from matchengine.rights.rights import Rights

__all__ = ["LEAST_ANSWERS", "tell_person"]

LEAST_ANSWERS = 5
"""So many different people must have answered about somebody before a mean of their ratings is told."""
_RATINGS = ("satisfaction", "helpfulness", "trust", "goal_progress", "felt_safe")
_WISHES = (*WISH_COLUMNS, *JOINT_WISHES)


def tell_person(engine: Rights, keeper: Keeper, person_id: str, k: int) -> PersonRecord:
    """Put the record of a person together; see `Rights.person_record`."""
    entries = [*keeper.entries(involving=person_id)]
    pool = engine._pool
    gatherings = {each for cards in pool.cards.values() for each in cards}
    if not entries or person_id in gatherings:
        raise UnknownIdError(_("nothing is held about a person {id!r}", id=person_id))
    told = [(entry, read_document(entry)) for entry in entries if entry.kind in KINDS]
    records = [record for _entry, record in told]
    names = Names(person_id, gatherings, pool.tables["people"].row_of)
    own = next((record for record in records if isinstance(record, Person) and record.id == person_id), None)
    return PersonRecord(
        person_id=person_id,
        programme=keeper.programme,
        made_at=datetime.now(UTC),
        generation=keeper.position.generation,
        record=None if own is None else names.person(own),
        consents=tuple(record for record in records if isinstance(record, ConsentGrant)),
        pauses=tuple(record for record in records if isinstance(record, Pause)),
        requests=tuple(record for record in records if isinstance(record, GroupRequest)),
        relationships=tuple(_ties(records, names)),
        meetings=tuple(_meetings(records, names)),
        feedback_given=tuple(
            record.model_copy(update={"about_id": names(record.about_id)})
            for record in records
            if isinstance(record, Feedback) and record.person_id == person_id
        ),
        feedback_about=_about([r for r in records if isinstance(r, Feedback) and r.about_id == person_id]),
        named_in=dict(sorted(Counter(entry.kind for entry, _r in told if entry.kind in GATHERINGS).items())),
        results=tuple(_results(keeper, entries, names)),
        derived=_derived(engine, keeper, names, k),
        seen=tuple(_seen(engine, keeper, person_id)),
        held=tuple(
            Held(kind=e.kind, written_at=e.written_at, generation=e.generation, expires_at=e.expires_at)
            for e in entries
            if _is_told(e, person_id)
        ),
        copies=tuple(copies(keeper)),
    )


def _is_told(entry: Entry, person_id: str) -> bool:
    """Whether a person may know of a document: not where it is what somebody else confided about them."""
    if entry.kind == "person":
        return entry.id == person_id
    record = read_document(entry) if entry.kind in ("feedback", "relationship") else None
    if isinstance(record, Feedback):
        return record.person_id == person_id
    return not isinstance(record, Relationship) or _own_tie(record, person_id)


def _own_tie(tie: Relationship, person_id: str) -> bool:
    """Whether a tie is the person's; a boundary is that of whoever is named first."""
    sides = (tie.person_id,) if tie.kind == "must_not" else (tie.person_id, tie.other_id)
    return person_id in sides


def _ties(records: Sequence[Record], names: Names) -> list[dict[str, Any]]:
    found = []
    for tie in records:
        if isinstance(tie, Relationship) and _own_tie(tie, names.own):
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


def _about(answers: Sequence[Feedback]) -> dict[str, float | str]:
    """How many people answered about somebody, and from five on the mean of each rating that five gave."""
    if not answers:
        return {}
    authors = {answer.person_id or id(answer) for answer in answers}
    if len(authors) < LEAST_ANSWERS:
        return {"answers": f"1-{LEAST_ANSWERS - 1}"}
    told: dict[str, float | str] = {"answers": float(len(answers))}
    for name in _RATINGS:
        by: dict[Any, float] = {
            answer.person_id or id(answer): rating
            for answer in answers
            if (rating := getattr(answer.items, name)) is not None
        }
        if len(by) >= LEAST_ANSWERS:
            told[name] = round(sum(by.values()) / len(by), 1)
    return told


def _results(keeper: Keeper, entries: Sequence[Entry], names: Names) -> list[InResult]:
    stale = {entry.id: json.loads(entry.document or "[]") for entry in keeper.entries(kinds=(STALE,))}
    found = []
    for entry in entries:
        if entry.kind == RESULT:
            kept = read_result(entry, stale.get(entry.id, ()))
            parts = parts_of(json.loads(entry.document or "{}")["document"], names)
            found.append(
                InResult(name=kept.name, kind=kept.kind, kept_at=kept.kept_at, stale=kept.stale, parts=tuple(parts))
            )
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


def _seen(engine: Rights, keeper: Keeper, person_id: str) -> list[Seen]:
    if not isinstance(keeper.store, RecordedStore):
        return []
    return [
        Seen(
            at=line.at,
            actor=line.event.actor.partition(":")[0],
            action=line.event.action,
            details={name: value for name, value in line.event.details.items() if name != "address"},
        )
        for line in engine.audit_lines(person_id)
    ]
