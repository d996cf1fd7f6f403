"""What is known about one person's way into one group: who, how hard, with whom, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from matchengine.batch import PairBatch, Quotes
from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.matching.constrain import passes
from matchengine.matching.voice import Voice
from matchengine.planning.accompaniment import accompaniment
from matchengine.planning.dates import Occurrence, occurrences
from matchengine.planning.introductions import introductions
from matchengine.pool.inputs import Inputs
from matchengine.pool.stand_in import stand_in
from matchengine.records import Event, Group
from matchengine.records.journey import Accompaniment, Circumstances, Introduction, StepKind, VisitRating
from matchengine.records.vocabulary import Viewer
from matchengine.scene import Scene

__all__ = ["ASSUMED_RUNG", "Visit", "level_of", "rows_of"]

ASSUMED_RUNG = 1
"""Comfort rung of somebody who chose none: two to five people, accompanied."""
_ASSUMED_LEVEL = 3
_LARGEST = (1, 5, 12, 25)
"""Most people of a gathering on the rungs 0 to 3 of the ladder (domain.md C5); an assumption for 0 and 3."""
_WORTH_SAYING = 0.4
_EVENT_MINUTES = 60
_OF_JOINING = frozenset({"existing_match", "capacity"})
"""Rules that stand in nobody's way who belongs to the group already."""
_OPENED_BY_SUPPORTS = frozenset({"reachable"})
"""Rules whose remedy the plan itself names: supports to arrange."""
_SHARES = (
    N_("“{topic}” brought me here: I like “{interest}”"),
    N_("“{topic}” brought me here"),
)
_AUDIENCES: dict[Viewer, tuple[str, ...]] = {
    "requester": ("members", "matched_partner_after_both_accept"),
    "coordinator": ("members", "coordinator"),
}


def rows_of(scene: Scene, requester_id: str, candidate_id: str, viewer: Viewer) -> tuple[int, int]:
    """Return the rows of a pair that rules allow, whether or not they are matched already.

    Raises
    ------
    UnknownIdError, DataError
        When the pair may not be planned for. To members all reasons read the same, an unknown id among them.
    """
    pool, sides = scene.pool, scene.kind.sides
    requester = pool.requester_row(requester_id, scene.kind)
    away = DataError(_("{id!r} is not available", id=candidate_id))
    if viewer == "coordinator":
        candidate, there = scene.candidate_row(candidate_id), True
    else:  # rules judge a stand-in too, all of them, so that an absence takes as long to answer as a boundary
        candidate, there = stand_in(pool.tables[sides.candidates], candidate_id, pool.candidates(sides))
    if candidate < 0:
        raise away
    inputs = scene.inputs(PairBatch.one_to_many(requester, np.array([candidate], np.int32)))
    belongs = bool(inputs["pair_existing"][0])
    waived = _OPENED_BY_SUPPORTS | (_OF_JOINING if belongs else frozenset())
    rules = [rule for rule in scene.kind.constraints if rule.spec.name not in waived]
    passed = [bool(passes(rule, inputs)[0]) for rule in rules]
    if all(passed) and there:
        return requester, candidate
    if viewer == "coordinator":
        told = N_(
            "{one!r} and {other!r}: a rule forbids this pair; `matchengine explain` says which, and what would help"
        )
        raise DataError(_(told, one=requester_id, other=candidate_id))
    raise away


def level_of(card: Group | Event) -> int:
    """Return the rung of the exposure ladder that a gathering takes, 0 to 4: stated, else by size, else 3."""
    if card.exposure_level is not None:
        return card.exposure_level
    most = card.size_max if isinstance(card, Group) else card.capacity
    size = card.size_now if card.size_now is not None else most
    return _ASSUMED_LEVEL if size is None else sum(size > largest for largest in _LARGEST)


@dataclass(frozen=True)
class Visit:
    """One person (row) and one gathering (row and card), as one viewer may read them.

    Attributes
    ----------
    carried : bool
        Whether what is said reaches the viewer through a coordinator's hands.
    """

    scene: Scene
    row: int
    candidate: int
    card: Group | Event
    viewer: Viewer
    today: date
    known: Circumstances
    carried: bool = False

    @property
    def person_id(self) -> str:
        """Id of the person."""
        return self.scene.pool.tables[self.scene.kind.sides.requesters].ids[self.row]

    @cached_property
    def inputs(self) -> Inputs:
        """Inputs of the pair alone."""
        return self.scene.inputs(PairBatch.one_to_many(self.row, np.array([self.candidate], np.int32)))

    @cached_property
    def chosen_rung(self) -> int | None:
        """The comfort rung that the person chose."""
        value = float(self.inputs["requester_comfort_rung"][0])
        return None if np.isnan(value) else int(value)

    @property
    def rung(self) -> int:
        """The comfort rung that the plan goes by."""
        return ASSUMED_RUNG if self.chosen_rung is None else self.chosen_rung

    @cached_property
    def level(self) -> int:
        """Rung of the ladder that the gathering takes."""
        return level_of(self.card)

    @property
    def too_far(self) -> bool:
        """Whether the gathering itself is more than one rung above the person's own."""
        return self.level > self.rung + 1

    # ------------------------------------------------------------------ what happened so far

    @cached_property
    def _before(self) -> list[tuple[date, StepKind, VisitRating | None]]:
        own = [m for m in self.known.meetings if (m.person_id, m.other_id) == (self.person_id, self.card.id)]
        return sorted(((m.on, m.kind, m.rating) for m in own if m.on <= self.today), key=lambda told: told[0])

    @property
    def visited(self) -> list[date]:
        """Days of the visits to this gathering, oldest first."""
        return [on for on, kind, _rating in self._before if kind == "attend"]

    @property
    def ratings(self) -> list[VisitRating | None]:
        """How each visit to this gathering felt, oldest first."""
        return [rating for _on, kind, rating in self._before if kind == "attend"]

    @property
    def done(self) -> frozenset[StepKind]:
        """Kinds of steps taken towards this gathering."""
        return frozenset(kind for _on, kind, _rating in self._before)

    @property
    def company(self) -> Accompaniment:
        """How the person goes now."""
        return "together" if self.too_far else accompaniment(self.rung, self.ratings)

    @property
    def joined(self) -> bool:
        """Whether the person is a member, as far as the given relationships tell."""
        ties = self.known.relationships
        pair = self.person_id, self.card.id
        return any((t.person_id, t.other_id) == pair and (t.kind, t.status) == ("membership", "active") for t in ties)

    # ------------------------------------------------------------------ with whom

    def _welcome(self, other: str | None) -> bool:
        ties = self.scene.pool.ties
        apart = {*ties.others("must_not", self.person_id), *ties.others("do_not_rematch", self.person_id)}
        rests = other is not None and self.scene.pool.pauses.rests(other)
        return other is not None and other != self.person_id and other not in apart and not rests

    @cached_property
    def _contacts(self) -> list[str]:
        return [c.person_id for c in self.card.contacts if c.consented and self._welcome(c.person_id)]

    @property
    def contact(self) -> str | None:
        """The first contact who agreed to greet newcomers and whom nothing keeps from this person."""
        return self._contacts[0] if self._contacts else None

    @property
    def handed_to(self) -> str | None:
        """The one contact to whom the person is introduced: another one than the companion where there is one."""
        return next((one for one in self._contacts if one != self.companion), self.contact)

    @cached_property
    def companion(self) -> str | None:
        """Who comes along: whoever agreed to, else the contact where the gathering meets newcomers outside."""
        if self._welcome(self.known.companion_id):
            return self.known.companion_id
        return self.contact if self.card.accompanied else None

    @property
    def readers(self) -> tuple[Viewer, ...]:
        """Everybody who reads what is said."""
        return (self.viewer, "coordinator") if self.carried else (self.viewer,)

    def allows(self, who: str, field: str) -> bool:
        """Whether somebody allowed all readers to be told of a field; people may always read of themselves."""
        consents, own = self.scene.pool.consents, who == self.person_id
        return all(
            (own and reader == "requester") or consents.allows(who, field, "explain", _AUDIENCES[reader])
            for reader in self.readers
        )

    @cached_property
    def introduction(self) -> Introduction | None:
        """The shortest warm introduction that nobody's privacy forbids."""
        people = {id_ for tie in self.known.relationships for id_ in (tie.person_id, tie.other_id)}
        allowing = {one for one in people if self.allows(one, "relationships")}
        private = self.card.topic_risk != "A" or self.card.framing == "identity_focused" or bool(self.card.intended_for)
        private |= isinstance(self.card, Group) and self.card.kind in ("support", "self_help")
        ways = introductions(
            self.person_id, self.card.id, self.contact, self.known.relationships, allowing, private=private
        )
        return next((way for way in ways if self._welcome(way.via_id)), None)

    # ------------------------------------------------------------------ when, where, what

    @cached_property
    def dates(self) -> Sequence[Occurrence]:
        """The next two times that the gathering takes place, from tomorrow on; empty where nobody has said.

        Raises
        ------
        DataError
            When an event is over.
        """
        zone = ZoneInfo(self.scene.config.programme.time_zone)
        after = datetime.combine(self.today + timedelta(days=1), time(), zone)
        slots = self.card.schedule.slots if self.card.schedule is not None else ()
        found = occurrences(slots, after, 2)
        if isinstance(self.card, Event) and self.card.start is not None:
            start = self.card.start if self.card.start.tzinfo is not None else self.card.start.replace(tzinfo=zone)
            if start.astimezone(UTC) >= after.astimezone(UTC):
                minutes = self.card.duration_minutes or _EVENT_MINUTES
                return [Occurrence(start.astimezone(zone), minutes)]
            if not found:
                raise DataError(_("event {id!r} is over; there is nothing to plan", id=self.card.id))
        return found

    @property
    def where(self) -> str | None:
        """Meeting point, unless the address is told only after joining."""
        safety = self.card.safety
        hidden = safety is not None and "address_after_joining" in safety.items and not self.joined
        return None if hidden else self.card.meeting_point

    @cached_property
    def first_share(self) -> str | None:
        """Something to say first: a shared interest in the person's own words, as far as the viewer may read them."""
        items = self.inputs["items_interests_topics"]
        topics = items.right.source[items.right_of] == items.right_sources.index("topics")
        likeness = np.where(topics, np.nan_to_num(items.similarity, nan=-1.0), -1.0)
        if not len(likeness) or likeness.max() < _WORTH_SAYING:
            return None
        best = int(likeness.argmax())
        interest = Quotes("requester", items.left_field, items.left.text[items.left_of[[best]]])
        topic = Quotes("candidate", items.right_field, items.right.text[items.right_of[[best]]])
        reads = frozenset(self.scene.config.programme.coordinator_reads)
        voice = Voice(self.scene.pool, self.viewer, reads, self.carried)
        return voice.say(_SHARES, {"interest": interest, "topic": topic}, 0) or None
