"""Swaps of mentors for a time: who wishes one, what a coordinator is proposed, and what became of it (domain.md D)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records.base import Id, Record, Text
from matchengine.records.manifest import RunManifest
from matchengine.records.result import Fingerprint, Score
from matchengine.records.swap_wishes import SwapPlace, SwapWish

__all__ = [
    "BlockingSwap",
    "Lesson",
    "PlannedSwap",
    "SkillCircle",
    "SkillCircles",
    "SwapAlternative",
    "SwapDecision",
    "SwapDecline",
    "SwapGain",
    "SwapLedger",
    "SwapMove",
    "SwapPlace",
    "SwapState",
    "SwapStateName",
    "SwapWish",
    "Unswapped",
    "UnswappedReason",
]

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
SwapObjective = Literal["max_weight", "max_people_then_weight", "leximin_gain", "ttc"]
"""What a round of swaps is chosen for; `ttc` is top trading cycles over the mentees' own rankings."""
SwapStateName = Literal[
    "proposed", "accepted", "scheduled", "running", "mid_check", "returned", "extended", "ended", "declined"
]
GainName = Literal["cover", "perspective", "wish"]
UnswappedReason = Literal[
    "mentee_not_agreed",
    "mentor_not_agreed",
    "no_running_match",
    "too_new",
    "start_unknown",
    "not_this_time",
    "no_other_mentor",
    "no_other_mentee",
    "no_circle",
    "others_gain_more",
    "declined",
    "place_not_needed",
]


class SwapGain(Record):
    """One part of what a mentee would gain, 0 to 100, and in words."""

    part: GainName
    value: Score
    weight: Share
    text: str


class SwapMove(Record):
    """One mentee who works with another mentor for the period.

    Attributes
    ----------
    gain, floor, disruption : float
        0 to 100: gain after the price of the interruption, the least that was demanded, and that price.
    parts : tuple of SwapGain
        What was known; the weights of what was not are shared out among the others.
    fit, mentor_fit, mentor_floor : float
        0 to 100: how well the pair fits, how well it fits from the mentor's side, and the least for the mentor, 0
        for one who takes anybody. Without what anybody confided.
    explanation : str
        For the mentee.
    mentor_should_know : tuple of str
        For the mentor: only what coordinators and the mentor may read.
    to_confirm : tuple of str
        What nobody has said and people must check.
    """

    person_id: Id
    from_mentor: Id
    to_mentor: Id
    gain: Score
    floor: Score
    disruption: Score
    parts: tuple[SwapGain, ...]
    fit: Score
    mentor_fit: Score
    mentor_floor: Score
    explanation: str = ""
    mentor_should_know: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()


class SwapAlternative(Record):
    """The next best exchange that would hold a member, as (mentee, mentor) pairs, and its weight."""

    person_id: Id
    pairs: tuple[tuple[Id, Id], ...]
    weight: float


class SwapState(Record):
    """A step in the life of an exchange: what it is from `on`, and who said so."""

    state: SwapStateName
    on: date
    by: Id | None = None


class PlannedSwap(Record):
    """One exchange: everybody in it takes part, or nobody.

    Attributes
    ----------
    id : str
        The same for the same moves.
    kind : str
        `cycle`: every mentor gives one mentee and takes one. `chain`: a mentor with a free place takes one, and the
        mentor at the other end has nobody for the period.
    moves : tuple of SwapMove
        In a cycle each goes to the mentor of the next, the last to that of the first.
    starts, ends, returns_on : date
        Of the period; everybody returns to their own mentor the day after it ends.
    accept_by, mid_check, feedback_on, anchor_check : date
        Until when all must have said yes, when both sides are asked half-way and at the end, and when somebody asks
        whether the first relationship goes on.
    completion : float
        Chance in [0, 1] that nobody drops out.
    weight : float
        Gains, weighted by priority, times that chance.
    weakest : str
        Who would gain least.
    resting_mentor : str or None
        In a chain, the mentor who has nobody for the period.
    checklist, return_plan : tuples of str
        For the handover, and for the way back.
    alternatives : tuple of SwapAlternative
        Next best for each member.
    accepted_by : tuple of str
        Who has said yes so far.
    states : tuple of SwapState
        The last one counts.
    """

    id: Id
    kind: Literal["cycle", "chain"]
    moves: Annotated[tuple[SwapMove, ...], Field(min_length=1)]
    starts: date
    ends: date
    returns_on: date
    accept_by: date
    mid_check: date
    feedback_on: date
    anchor_check: date
    completion: Share
    weight: float
    weakest: Id
    resting_mentor: Id | None = None
    checklist: tuple[str, ...] = ()
    return_plan: tuple[str, ...] = ()
    alternatives: tuple[SwapAlternative, ...] = ()
    accepted_by: tuple[Id, ...] = ()
    states: Annotated[tuple[SwapState, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if not self.starts <= self.mid_check <= self.ends < self.returns_on:
            raise ValueError(_("the dates of an exchange must be in order: it starts, is checked, ends, people return"))
        return self

    @property
    def state(self) -> SwapStateName:
        """Where it stands now."""
        return self.states[-1].state

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who must agree: all mentees and the mentors who take them, each once."""
        told = [who for move in self.moves for who in (move.person_id, move.to_mentor)]
        return tuple(dict.fromkeys(told))


class BlockingSwap(Record):
    """An exchange outside the plan in which every mentee would gain more than now, as (mentee, mentor) pairs."""

    pairs: tuple[tuple[Id, Id], ...]
    gains: tuple[Score, ...]


class Unswapped(Record):
    """One relationship, or one free place, that is in no exchange, and why; `mentor_id` alone for a place."""

    person_id: Id | None
    mentor_id: Id
    reason: UnswappedReason
    text: str


class SwapDecline(Record):
    """A pair of mentee and mentor that is not to be proposed again in this round; nobody is told who declined.

    `mentor_id` is None where the mentee left the round, `person_id` where the mentor did.
    """

    person_id: Id | None
    mentor_id: Id | None


class SwapDecision(Record):
    """What was done to a ledger after it was made: which rule or who, when, and what it concerned."""

    what: Literal["planned", "declined", "accepted", "moved_on"]
    on: date
    by: Id | None = None
    text: str


class SwapLedger(Record):
    """A draft of a round of swaps for a coordinator; nothing is settled before everybody in an exchange agrees.

    Attributes
    ----------
    name, kind : str
        Of the round, and of the kind of match whose rules hold.
    exchanges : tuple of PlannedSwap
        The heaviest first; those that came to nothing stay, with the state `declined`.
    unswapped : tuple of Unswapped
        Everybody else.
    asked, swapped : int
        Relationships that were asked, and mentees in an exchange that stands.
    objective, value, bound, gap, proven, reproducible
        What was maximised, what was reached, the proven upper bound, how far below it the value may be as a share of
        it, whether it is the best possible, and whether no clock stopped the search. A bound or a gap of None is not
        known.
    blocking : tuple of BlockingSwap
        Exchanges that everybody in them would prefer; reported, not forbidden. `blocking_known` is false where the
        round is too large to look for them.
    advice, caution : tuples of str
        What to think of before going on, and how little is known about swaps.
    declined : tuple of SwapDecline
    decisions : tuple of SwapDecision
    settings : dict
        Of the round, as the configuration has them.
    manifest : RunManifest or None
        What the round was planned from, wishes and relationships as hashes.
    """

    name: str
    kind: str
    today: date
    exchanges: tuple[PlannedSwap, ...] = ()
    unswapped: tuple[Unswapped, ...] = ()
    asked: Count = 0
    swapped: Count = 0
    objective: SwapObjective
    value: float = 0.0
    bound: float | None = None
    gap: Annotated[float, Field(ge=0)] | None = None
    proven: bool = False
    reproducible: bool = True
    blocking: tuple[BlockingSwap, ...] = ()
    blocking_known: bool = True
    advice: tuple[str, ...] = ()
    caution: tuple[str, ...] = ()
    declined: tuple[SwapDecline, ...] = ()
    decisions: tuple[SwapDecision, ...] = ()
    settings: dict[str, Any] = Field(default={})
    fingerprint: Fingerprint | None = None
    manifest: RunManifest | None = None
    status: Literal["draft"] = "draft"

    @property
    def standing(self) -> tuple[PlannedSwap, ...]:
        """Exchanges that were not declined."""
        return tuple(each for each in self.exchanges if each.state != "declined")


class Lesson(Record):
    """Who teaches whom in a circle.

    `gain` 0 to 100: how well what the teacher offers meets what the learner wants to learn. `offer` is the offer that
    meets a want best, which any member may read; None where none stands out.
    """

    learner_id: Id
    teacher_id: Id
    gain: Score
    offer: Text | None = None
    text: str


class SkillCircle(Record):
    """People who teach one another round a circle: each learns from the next, the last from the first."""

    lessons: Annotated[tuple[Lesson, ...], Field(min_length=2)]
    completion: Share
    weight: float
    weakest: Id


class SkillCircles(Record):
    """A draft of circles of skill exchange; `without` are those who want something and are in none.

    `least` is the smallest gain, 0 to 100, that any lesson may have; the rest is as in `SwapLedger`.
    """

    kind: str
    circles: tuple[SkillCircle, ...] = ()
    without: tuple[Id, ...] = ()
    asked: Count = 0
    served: Count = 0
    least: Score
    objective: SwapObjective
    value: float = 0.0
    bound: float | None = None
    gap: Annotated[float, Field(ge=0)] | None = None
    proven: bool = False
    reproducible: bool = True
    fingerprint: Fingerprint | None = None
    status: Literal["draft"] = "draft"
