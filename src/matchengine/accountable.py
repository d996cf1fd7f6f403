"""Who saw what, and who decided what: the part of the record that a store cannot tell from what is written to it.

Changes go on record where they are written (`matchengine.store.recording`). An answer goes on record before it is
handed out: where that fails, nobody gets it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from inspect import BoundArguments
from itertools import islice
from typing import Any, Literal

from matchengine.actors import HOST, MOST_WHY, acting, acting_now, is_actor
from matchengine.config import EngineConfig
from matchengine.errors import DataError, StoreError
from matchengine.i18n import _
from matchengine.kinds import MatchKind
from matchengine.quota import Quota
from matchengine.records import Record, Suggestion
from matchengine.records.vocabulary import Viewer
from matchengine.store.audit import Anchor, Break, concerns, find_break, pseudonym
from matchengine.store.base import AuditLine, Commit
from matchengine.store.keep import Keeper
from matchengine.store.projection import SENSITIVE
from matchengine.store.recording import MOST_NAMED, RecordedStore, event_by_now, noted_head

__all__ = ["READERS", "Accountable", "Reader", "Verdict", "people_in"]

Reader = Literal["coordinator", "member", "nobody", "decides", "takes_away"]
Verdict = Literal["accepted", "rejected", "overridden", "published", "adopted"]
READERS: Mapping[str, Reader] = {
    "adopt": "decides",
    "ask": "member",
    "bridges": "member",
    "fingerprint": "nobody",
    "fit": "nobody",
    "gaps": "nobody",
    "own_pulse": "member",
    "price_of_wishes": "member",
    "prompts": "member",
    "referral": "member",
    "save": "takes_away",
    "supports": "nobody",
    "unmet": "nobody",
    "welcome": "nobody",
}
"""Who reads the answer of a method that takes no viewer; of every other one, a coordinator.

`nobody` names no person; `decides` puts a person's decision into effect; `takes_away` leaves a copy elsewhere.
"""
_READER: Mapping[str, Reader] = {"requester": "member", "candidate": "member", "coordinator": "coordinator"}
_RECORDED: Mapping[str, tuple[Reader, ...]] = {
    "none": ("decides", "takes_away"),
    "coordinators": ("coordinator", "decides", "takes_away"),
    "everybody": ("member", "coordinator", "decides", "takes_away"),
}
_ACTIONS: Mapping[Reader, str] = {"decides": "decided", "takes_away": "exported"}
_PEOPLE = ("people", "pairs", "person", "subject")
"""Arguments that hold ids of people, beside those that end in `_id` and `_ids`."""


class Accountable:
    """Answers for what it shows and what people decide with it; without a store there is no record."""

    config: EngineConfig
    _keeper: Keeper | None = None
    _quota: Quota | None = None

    def __init__(self) -> None:
        self._asked = threading.local()

    @property
    def _kinds(self) -> Mapping[str, MatchKind]:
        raise NotImplementedError  # an engine knows which

    def audit_lines(self, subject: str | None = None) -> list[AuditLine]:
        """Return the record, oldest first; with the id of a person, the lines that concern them or may.

        The record names people by keyed hashes alone, so it can be shown as it is. A line about everybody has none
        among its subjects and says so in its details. Looking up a person goes on record too.

        Raises
        ------
        DataError
            Where there is no store, and so no record.
        StoreError
        """
        store, programme = self._own_record()
        if subject is None:
            return list(store.audit(programme))
        with self._answering() as first:
            if first:
                self._told("audit_lines", "coordinator", [subject], {})
        return list(concerns(store.audit(programme), pseudonym(store.key, programme, subject)))

    def verify_audit(self, anchor: Anchor | None = None) -> Break | None:
        """Return where the record is first not what was written; None where all of it is.

        `anchor` is what `head_of` returned earlier, kept elsewhere; it shows what a store alone cannot, that somebody
        made the whole record anew.
        """
        store, programme = self._own_record()
        with store.one_moment(programme):
            return find_break(store.audit(programme), noted_head(store, programme), anchor)

    def decided(
        self, verdict: Verdict, requester_id: str, candidate_id: str, kind: str, *, why: str | None = None
    ) -> None:
        """Put on record what a person decided about a draft: it was accepted, rejected or overridden (SEC24).

        Nothing else changes: a match begins when the host tells of a relationship that runs. The decision is that of
        whoever acts now, `why` their reason, by default that of `matchengine.acting`.

        Raises
        ------
        DataError
            Where nobody acts: no program decides.
        """
        if acting_now().actor == HOST:
            told = _("who decided? Wrap the call: with matchengine.acting('coordinator:7'): engine.decided(…)")
            raise DataError(told)
        self._own_record()
        self._told("decided", "decides", [requester_id, candidate_id], {"verdict": verdict, "kind": kind}, why)

    def cut_audit(self, before: datetime) -> Anchor | None:
        """Cut the record off before a moment; a line signs for what went, so that the rest still holds together.

        Returns number and hash of the last line that went, None where no line is as old. Somebody has to act. An
        anchor kept elsewhere that is older than this is of no use any more: take a new one.
        """
        from matchengine.store.upkeep import cut_before  # which needs SQLAlchemy

        store, programme = self._own_record()
        return cut_before(store.store, programme, before, self.config.retention.copies)

    # ------------------------------------------------------------------ what is shown

    @contextmanager
    def _answering(self) -> Iterator[bool]:
        """Tell whether the call under way is the one that somebody made, not one that an answer makes in turn."""
        first = not getattr(self._asked, "answering", False)
        self._asked.answering = True
        try:
            yield first
        finally:
            self._asked.answering = not first

    @property
    def _accounts(self) -> bool:
        """Whether anything is to be done about who asks."""
        return self._keeper is not None or self._quota is not None

    def _count(self, name: str, bound: BoundArguments) -> None:
        """Count the question of a member, before it is answered."""
        if self._quota is None:
            return
        bound.apply_defaults()
        given = dict(bound.arguments)
        del given["self"]
        viewer = given.get("viewer")
        reader: Reader = READERS.get(name, "coordinator") if viewer is None else _READER[viewer]
        if reader != "member":
            return
        if name == "tell":
            self._count_told(self._quota, **given)
            return
        askers = ("candidate_id",) if viewer == "candidate" else ("requester_id", "requester_ids", "person_id")
        for asker in dict.fromkeys(_texts([given.get(each) for each in askers])):
            about = {key: value for key, value in given.items() if key != "requester_ids"}
            self._quota.count(asker, name, *about.items())

    @staticmethod
    def _count_told(quota: Quota, suggestions: Sequence[Suggestion], viewer: Viewer, carried: bool) -> None:
        """Count each suggestion that is told to a member; words that a coordinator carries are nobody's question."""
        for each in () if carried else suggestions:
            asker = each.candidate_id if viewer == "candidate" else each.requester_id
            quota.count(asker, "tell", each.kind, each.requester_id, each.candidate_id)

    def _record_answer(self, name: str, bound: BoundArguments, result: Any) -> None:
        """Put on record what a method shows, before anybody sees it, as far as the configuration wants it."""
        if self._keeper is None:
            return
        bound.apply_defaults()
        given = dict(bound.arguments)
        viewer = given.get("viewer")
        reader: Reader = READERS.get(name, "coordinator") if viewer is None else _READER[viewer]
        if reader not in _RECORDED[self.config.audit.reads]:
            return
        given.pop("self")
        named = [*islice(_ids_among(given), MOST_NAMED + 1)]
        people = [*named, *islice(people_in(result), MOST_NAMED + 1)] if named else None
        told = {"kind": kind} if isinstance(kind := given.get("kind"), str) else {}
        if uses := self._uses(told.get("kind")):
            told["uses"] = uses
        who = getattr(given.get("decision"), "who", None)  # who signed has decided, whoever is logged in
        with nullcontext() if who is None else acting(who, acting_now().why):
            self._told(name, reader, people, told)

    def _publish_on_record(self, kind: str, pairs: Iterable[tuple[str, str]], by: str, why: str = "") -> None:
        """Put on record that somebody made a draft the plan; a name in words for `by` stays in the plan alone."""
        people = [person for pair in pairs for person in pair]
        with acting(by if is_actor(by) else acting_now().actor, " ".join(why.split())[:MOST_WHY]):
            self._told("publish", "decides", people, {"verdict": "published", "kind": kind})

    def _told(
        self,
        name: str,
        reader: Reader,
        people: Iterable[str] | None,
        details: Mapping[str, str],
        why: str | None = None,
    ) -> None:
        keeper = self._keeper
        if keeper is None or not isinstance(keeper.store, RecordedStore):
            return
        store, programme = keeper.store, keeper.programme
        action = _ACTIONS.get(reader, "saw")
        told = {"question": name, **({"reader": reader} if action == "saw" else {}), **details}
        event = event_by_now(programme, store.key, action, people, told)
        if why is not None:
            event = type(event)(event.actor, event.action, event.subjects, event.details, why)
        try:
            store.write(programme, Commit(events=(event,)))
        except StoreError as error:
            told_so = _("{name}: the answer is not handed out, because it could not be put on record", name=name)
            raise StoreError(f"{told_so} ({error})") from error

    def _uses(self, kind: str | None) -> str:
        """Names of the sensitive fields that a kind of match reads, never what they hold (domain.md B4)."""
        active = self._kinds.get(kind) if kind is not None else None
        if active is None:
            return ""
        specs = [each.spec for each in active.scorers] + [each.spec for each in active.constraints]
        inputs = {name for spec in specs for name in spec.inputs}
        return " ".join(sorted(field for field in SENSITIVE if any(field in name for name in inputs)))

    def _own_record(self) -> tuple[RecordedStore, str]:
        keeper = self._keeper
        if keeper is None or not isinstance(keeper.store, RecordedStore):
            raise DataError(_("this engine keeps no record: open one over a store, with Engine.open(location, config)"))
        return keeper.store, keeper.programme


def _ids_among(given: Mapping[str, Any]) -> Iterator[str]:
    for name, value in given.items():
        if name.endswith(("_id", "_ids")) or name in _PEOPLE:
            yield from _texts(value)
        else:
            yield from people_in(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _texts(each)


def people_in(found: Any) -> Iterator[str]:
    """Yield the ids that records hold, wherever they stand in lists and dicts; what can be read only once is left."""
    if isinstance(found, Record):
        for name in type(found).model_fields:
            value = getattr(found, name)
            if name.endswith(("_id", "_ids")):
                yield from _texts(value)
            elif not isinstance(value, str):
                yield from people_in(value)
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from people_in(value)
    elif isinstance(found, (list, tuple, set, frozenset)):
        for each in found:
            yield from people_in(each)
