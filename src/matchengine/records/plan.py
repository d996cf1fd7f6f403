"""A draft for everybody at once: who is paired, who is not and why, and who decided what (domain.md E)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from matchengine.i18n import _
from matchengine.records.base import Id, Record, ShortText
from matchengine.records.explanation import Change, Obstacle
from matchengine.records.manifest import RunManifest
from matchengine.records.result import Fingerprint, Fit, Reason, Score

__all__ = [
    "Action",
    "Alternate",
    "Decision",
    "Move",
    "NearOption",
    "PlanDocument",
    "PlanSummary",
    "PlannedPair",
    "Ranking",
    "Unmatched",
]

Count = Annotated[int, Field(ge=0)]
Side = Literal["requester", "candidate"]
Action = Literal["assigned", "locked", "forbidden", "released", "added", "left_out", "resolved", "published"]
Standing = Literal["new", "kept", "moved"]


class Decision(Record):
    """One entry of the record of who decided what, and why.

    Attributes
    ----------
    number : int
        From 1, without gaps.
    action : str
        `assigned` and `resolved` are decisions of a method, all others of people.
    by : str
        Id or role of the person, or the name of the method.
    on : date
    why : str
        In the words of whoever decided; may be empty.
    requester_id, candidate_id : str or None
        The pair it is about; of `left_out` only the person, as `person_id`.
    """

    number: Annotated[int, Field(ge=1)]
    action: Action
    by: ShortText
    on: date
    why: Annotated[str, Field(max_length=400)] = ""
    requester_id: Id | None = None
    candidate_id: Id | None = None
    person_id: Id | None = None


class PlannedPair(Record):
    """One pair of a plan, as the coordinator sees it.

    Attributes
    ----------
    score, fit, confidence, reasons, to_confirm, limits
        As in `Suggestion`: nothing that a person's own wishes added is in any number.
    locked : bool
        Whether a person wants this pair to stay.
    decided_by : str
        `method`, or `coordinator` for a pair that a person locked or added.
    decision : int
        Number of the entry of the record that made or locked it.
    standing : str
        Against the last solution: `new`, `kept`, or `moved` where the requester had somebody else.
    """

    requester_id: Id
    candidate_id: Id
    score: Score
    fit: Fit
    confidence: Annotated[float, Field(ge=0, le=1)]
    reasons: tuple[Reason, ...] = ()
    to_confirm: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    locked: bool = False
    decided_by: Literal["method", "coordinator"] = "method"
    decision: Annotated[int, Field(ge=1)] = 1
    standing: Standing = "new"


class NearOption(Record):
    """Somebody who would come closest for a person without anybody, and what stands in the way.

    `score` is None where a rule stands in the way, because then nothing is compared.
    """

    other_id: Id
    score: Score | None = None
    in_the_way: tuple[Obstacle, ...] = ()


class Unmatched(Record):
    """Somebody without anybody in a plan.

    Attributes
    ----------
    side : str
        `requester` or `candidate`.
    why : tuple of Obstacle
        What decided it; personal rules are never told apart.
    nearest : tuple of NearOption
        At most two; never a pair that a personal rule or a coordinator forbids.
    changes : tuple of Change
        What would have to change.
    """

    person_id: Id
    side: Side
    why: tuple[Obstacle, ...] = ()
    nearest: tuple[NearOption, ...] = ()
    changes: tuple[Change, ...] = ()


class Alternate(Record):
    """A next-best candidate of a requester within every rule; `free` tells whether a place is left there."""

    requester_id: Id
    candidate_id: Id
    score: Score
    fit: Fit
    free: bool


class Move(Record):
    """A requester whose pairs changed since the last solution: whom they had, whom they have now, and why."""

    requester_id: Id
    before: tuple[Id, ...] = ()
    now: tuple[Id, ...] = ()
    why: str


class PlanSummary(Record):
    """A plan in numbers; none of them holds anything that wishes added.

    Attributes
    ----------
    requesters, candidates : int
        Who takes part with at least one place to fill.
    matched : int
        Requesters with at least one pair.
    pairs, places_left, too_little_known : int
        Pairs, places of candidates that stay free, and pairs about which too little is known to compare them.
    mean, lowest, total : float or None
        Points of the pairs; None without any pair. In `total` and `most_total` a pair of which too little is known
        counts a hundredth, as in every decision.
    most_total : float or None
        The highest total that any plan under the same demands reaches, so that `total` says what fairness costs; None
        where it was not computed.
    blocking_pairs : int
        Pairs not chosen in which both would score higher than with what they got: reported, not forbidden.
    kept, moved : int or None
        Against the last solution: pairs that stay, and requesters who had somebody and whose pairs changed.
    sentences : tuple of str
        The same in words, the most important first.
    """

    requesters: Count
    candidates: Count
    matched: Count
    pairs: Count
    places_left: Count
    too_little_known: Count = 0
    mean: Score | None = None
    lowest: Score | None = None
    total: Annotated[float, Field(ge=0)] | None = None
    most_total: Annotated[float, Field(ge=0)] | None = None
    blocking_pairs: Count = 0
    kept: Count | None = None
    moved: Count | None = None
    sentences: tuple[str, ...] = ()


class PlanDocument(Record):
    """The JSON document of `matchengine assign --json`: a draft for everybody, or the plan that was published.

    Attributes
    ----------
    kind, requester, candidate : str
        Kind of match and the two roles, as the configuration names them.
    status : str
        `draft` until a person publishes it.
    method, title, guarantee : str
        How it was decided, and what holds for the result.
    settings : dict
        Of the method, beside its defaults.
    each_most : int
        Most candidates of each requester.
    pairs : tuple of PlannedPair
        By requester, then candidate.
    unmatched : tuple of Unmatched
    already : tuple of str
        Requesters who asked for nobody more, because running matches take all their places.
    places_left : dict of str to int
        By candidate.
    alternates : tuple of Alternate
        At most two for each requester; never a pair that any rule or any coordinator forbids.
    moves : tuple of Move
        What changed since the last solution, by people or by the next one.
    decisions : tuple of Decision
        Everything that was decided, the first one first.
    notes : tuple of str
        Demands that do not apply to somebody, and what else a reader must know.
    seed : int
        Of the lottery that broke ties.
    two_stage : bool
        Whether people said whom they want, or saw shortlists beforehand.
    ranked : int
        People who said something then. What they said is no part of a plan.
    gap : float
        How far the solver may be from the best possible, as a share; 0 where it is proven best.
    reproducible : bool
        False where a clock stopped a search: then the same run may decide otherwise.
    manifest : RunManifest or None
        Everything that the last solution was made from.
    """

    kind: str
    requester: str
    candidate: str
    status: Literal["draft", "published"] = "draft"
    method: str
    title: str = ""
    guarantee: str = ""
    settings: dict[str, Any] = Field(default={})
    each_most: Annotated[int, Field(ge=1)] = 1
    summary: PlanSummary
    pairs: tuple[PlannedPair, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    already: tuple[Id, ...] = ()
    places_left: dict[Id, Count] = Field(default={})
    alternates: tuple[Alternate, ...] = ()
    moves: tuple[Move, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[str, ...] = ()
    seed: int = 0
    two_stage: bool = False
    ranked: Count = 0
    gap: Annotated[float, Field(ge=0)] = 0.0
    reproducible: bool = True
    language: str = "en"
    fingerprint: Fingerprint
    manifest: RunManifest | None = None


class Ranking(Record):
    """What one person said after seeing a shortlist, or after a mixer.

    Attributes
    ----------
    ranked : tuple of str
        Ids of the other side, the most wanted first. Who is not named comes after, by score.
    vetoed : tuple of str
        Ids that the person does not want to be paired with. Nobody is ever told.
    """

    person_id: Id
    ranked: tuple[Id, ...] = ()
    vetoed: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        named = (*self.ranked, *self.vetoed)
        if len(set(named)) < len(named):
            raise ValueError(_("each id once: ranked, or vetoed, never both"))
        if self.person_id in named:
            raise ValueError(_("nobody ranks themselves"))
        return self
