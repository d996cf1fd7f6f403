"""Ties between ids: existing matches, must-nots, households, reporting lines. Silent by design."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np

from matchengine.batch import BoolArray, PairBatch
from matchengine.pool.arrays import forked
from matchengine.pool.history import History
from matchengine.pool.tables import Table
from matchengine.records import Feedback, Person, Relationship

__all__ = ["TIE_KINDS", "Ties"]

TIE_KINDS = ("existing", "accepted", "past", "must_not", "do_not_rematch", "line_manager", "household")
"""`existing` is any open match, `accepted` one to which both agreed: it is active; `past` one that is over."""
_MATCHES = frozenset({"mentoring", "peer", "sponsorship", "buddy", "membership"})
_OPEN = frozenset({"proposed", "active", "paused"})
_GIVING_ROLE = {"mentoring": "mentor", "sponsorship": "sponsor", "buddy": "buddy", "peer": "peer"}


class Ties:
    """For each kind of tie, which ids each id is tied to (both ways), and how many places are taken.

    A tie stands as long as at least one source says so: a person's own record, or a kind of relationship. So a
    boundary that one person lifts stays in force when the other person holds it too. `history` keeps what happened,
    with its days, as evidence.
    """

    def __init__(self) -> None:
        self._of: dict[str, dict[str, dict[str, frozenset[str]]]] = {kind: {} for kind in TIE_KINDS}
        self._said: dict[str, list[tuple[str, str]]] = {}
        self._taken: set[tuple[str, str, str]] = set()
        self.blocked_topics: dict[str, list[str]] = {}
        self.history = History()

    def add_person(self, person: Person) -> None:
        """Take over what a person's own record says; what it said before is forgotten."""
        self.forget_person(person.id)
        said = [("must_not", b.value) for b in person.boundaries if b.kind == "person"]
        if person.line_manager is not None:
            said.append(("line_manager", person.line_manager))
        for kind, other in said:
            self._tie(kind, person.id, other, person.id)
        if said:
            self._said[person.id] = said
        topics = [b.value for b in person.boundaries if b.kind == "topic"]
        if topics:
            self.blocked_topics[person.id] = topics

    def forget_person(self, person_id: str) -> None:
        """Remove the ties that a person's own record made."""
        for kind, other in self._said.pop(person_id, ()):
            self._untie(kind, person_id, other, person_id)
        self.blocked_topics.pop(person_id, None)

    def add_relationship(self, relationship: Relationship) -> None:
        """Take over a relationship; a later record of the same pair and kind replaces the earlier one."""
        self.history.add_relationship(relationship)
        one, other, kind = relationship.person_id, relationship.other_id, relationship.kind
        source = f"relationship {kind}"
        if kind in _MATCHES:
            is_open = relationship.status in _OPEN
            (self._tie if is_open else self._untie)("existing", one, other, source)
            agreed = relationship.status == "active" and kind != "membership"
            (self._tie if agreed else self._untie)("accepted", one, other, source)
            over = relationship.status in ("completed", "ended") and kind != "membership"
            (self._tie if over else self._untie)("past", one, other, source)
            (self._tie if relationship.do_not_rematch else self._untie)("do_not_rematch", one, other, source)
            if kind in _GIVING_ROLE:
                (self._taken.add if is_open else self._taken.discard)((other, one, _GIVING_ROLE[kind]))
        else:
            tie = {"line_management": "line_manager", "must_not": "must_not"}.get(kind, "household")
            ended = relationship.status in ("completed", "ended")
            (self._untie if ended else self._tie)(tie, one, other, source)

    def add_feedback(self, feedback: Feedback) -> None:
        """Respect "not for me" at once: the pair is not suggested again, and nobody is told why."""
        self.history.add_feedback(feedback)
        if feedback.items.not_for_me and feedback.person_id is not None:
            self._tie("do_not_rematch", feedback.person_id, feedback.about_id, "feedback")

    def taken_places(self) -> list[tuple[str, str]]:
        """Every taken place as (id of who gives, role)."""
        return [(giver, role) for giver, _, role in sorted(self._taken)]

    def open_matches(self) -> list[tuple[str, str]]:
        """Every open match that takes a place, as (id of who gives, id of the other)."""
        return [(giver, taker) for giver, taker, _ in sorted(self._taken)]

    def accepted(self, one: str, other: str) -> bool:
        """Whether two people agreed to a match that is active now (domain.md B4)."""
        return other in self._of["accepted"].get(one, {})

    def others(self, kind: str, external: str) -> Iterable[str]:
        """Ids tied to one id."""
        return self._of[kind].get(external, {}).keys()

    def matrix(self, kind: str, batch: PairBatch, requesters: Table, candidates: Table) -> BoolArray:
        """Whether each pair is tied, shape (P,)."""
        out = np.zeros(len(batch), np.bool_)
        if not self._of[kind]:
            return out
        for row, pairs in batch.runs:
            others = self.others(kind, requesters.ids[row])
            rows = [candidates.row_of[other] for other in others if other in candidates.row_of]
            if rows:
                out[pairs] = np.isin(batch.candidate_rows[pairs], rows)
        return out

    def _tie(self, kind: str, one: str, other: str, source: str) -> None:
        for a, b in ((one, other), (other, one)):
            others = self._of[kind].get(a, {})
            self._of[kind][a] = others | {b: others.get(b, frozenset()) | {source}}

    def _untie(self, kind: str, one: str, other: str, source: str) -> None:
        for a, b in ((one, other), (other, one)):
            others = self._of[kind].get(a, {})
            if source in others.get(b, ()):
                left = others | {b: others[b] - {source}}
                self._of[kind][a] = {other: sources for other, sources in left.items() if sources}

    def fork(self) -> Ties:
        """Return the same ties, to be changed apart from these."""
        made = forked(self)
        made._of = {kind: dict(of) for kind, of in self._of.items()}
        made.history = forked(self.history)
        return made

    def to_json(self) -> str:
        """Return everything as JSON."""
        ties = [
            (kind, one, other, sorted(sources))
            for kind, of in self._of.items()
            for one, others in sorted(of.items())
            for other, sources in sorted(others.items())
        ]
        return json.dumps(
            {
                "ties": ties,
                "said": self._said,
                "taken": sorted(self._taken),
                "blocked_topics": self.blocked_topics,
                "history": self.history.to_list(),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Ties:
        """Undo `to_json`."""
        data, made = json.loads(text), cls()
        for kind, one, other, sources in data["ties"]:
            made._of[kind].setdefault(one, {})[other] = frozenset(sources)
        made._said = {person: [(kind, other) for kind, other in said] for person, said in data["said"].items()}
        made._taken = {(giver, taker, role) for giver, taker, role in data["taken"]}
        made.blocked_topics = data["blocked_topics"]
        made.history = History.from_list(data.get("history", []))
        return made
