"""What was learned about weights, whether it may be adopted, and who signed for it (domain.md G3, S2-34)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from matchengine.records.base import Id, Record, ShortText, Text
from matchengine.records.result import Fingerprint

__all__ = [
    "Adoption",
    "BoostingReport",
    "CalibrationReport",
    "GateCheck",
    "HeldOut",
    "LearnedWeight",
    "NotLearned",
    "PreferenceCount",
    "Seal",
    "Shown",
    "SignedDecision",
    "WeightProposal",
]

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Seal = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""Hash of a proposal, 16 hexadecimal digits: what the person who adopts it signs with."""


class Shown(Record):
    """One candidate that was shown to one requester, and how likely that was (domain.md G3, biases).

    Attributes
    ----------
    propensity : float
        Chance, above 0, that this candidate was shown to this requester where it was: from the position, the share
        of exploration or the lottery that the programme logged. Never a guess made afterwards.
    """

    requester_id: Id
    candidate_id: Id
    propensity: Annotated[float, Field(gt=0, le=1)]


class PreferenceCount(Record):
    """How many preferences came from one source, and what they count together."""

    source: Literal["ranking", "answer", "rating"]
    preferences: Count
    weight: Annotated[float, Field(ge=0)]


class LearnedWeight(Record):
    """One weight of the configuration, as it is and as it would be.

    Attributes
    ----------
    name : str
        Of a block, or of a scorer.
    of : str
        `block`, or the name of the block in which the scorer counts.
    default, learned : float
    shrinkage : float
        Share of the configured weight in what is known about it: 1 where the data say nothing.
    """

    name: ShortText
    of: ShortText
    default: Annotated[float, Field(gt=0)]
    learned: Annotated[float, Field(gt=0)]
    shrinkage: Share


class NotLearned(Record):
    """A scorer whose weight stays as it is, and why."""

    name: ShortText
    why: str


class HeldOut(Record):
    """How the two sets of weights order candidates for people from whom nothing was learned.

    Attributes
    ----------
    metric : str
        `ndcg@5`: how near the score comes to the order in which somebody put the candidates that they graded, the first
        five places counting; or `pairwise_accuracy`: share of preferences that the score puts in the order in which
        the person did, ties half.
    by : str
        What was held out: later cohorts, other cohorts, or only other people.
    default, learned, apparent : float
        The metric with the configured weights and with learned ones, each on people held out; and with learned ones
        on the very people they were learned from, which flatters them.
    difference, low, high : float
        Mean difference over people, and its 95 % interval.
    p_value : float or None
    judges, clusters : int
    method : str
        How the interval was made.
    """

    metric: Literal["ndcg@5", "pairwise_accuracy"] = "pairwise_accuracy"
    by: Literal["later_cohorts", "other_cohorts", "other_people"]
    default: Share
    learned: Share
    apparent: Share
    difference: float
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    judges: Count
    clusters: Count
    method: str


class BoostingReport(Record):
    """Monotone boosting beside learned weights, on people held out; a comparison, never what is adopted.

    Attributes
    ----------
    weights, boosting : float or None
        Share of preferences in the right order, mean over people; None where there are too few preferences to compare.
    preferences : int
    text : str
        The result, or why there is none, in words.
    """

    weights: Share | None = None
    boosting: Share | None = None
    preferences: Count
    text: str


class CalibrationReport(Record):
    """How well the score, read as a chance, tells who says yes; found on people held out (domain.md G2).

    Attributes
    ----------
    method : str
        `identity` where there are too few outcomes for any other.
    outcomes : int
    yes : int or None
        Not told where there are fewer than fifty outcomes: it could tell who said no.
    error_before, error_after, brier_before, brier_after : float or None
        Expected calibration error and Brier score of the score as it is, and of the calibrated one.
    """

    method: Literal["identity", "platt", "isotonic"]
    outcomes: Count
    yes: Count | None = None
    error_before: float | None = None
    error_after: float | None = None
    brier_before: float | None = None
    brier_after: float | None = None


class GateCheck(Record):
    """One condition of adoption: met, not met, or not measured (None), in words."""

    name: Literal["enough", "shown", "cohorts", "better", "worst_group", "exposure", "changed"]
    passed: bool | None
    text: str


class WeightProposal(Record):
    """The JSON document of `matchengine learn --json`: a change proposal; nothing is changed by it.

    Attributes
    ----------
    kind : str
        Kind of match whose weights it is about.
    config : str
        Hash of the configuration it was learned under; it can be adopted into no other one.
    counts : tuple of PreferenceCount
        Empty where any source has fewer than ten people: it could tell who said no.
    judges : int
        People who look and said something; `cohorts` those they belong to.
    left_out : int
        Preferences about somebody who is no longer known or does not take part.
    effective_size : float
        What the preferences are worth once weighted by how likely they were to be seen; without logged propensities
        by their weights alone.
    propensities : bool
        Whether propensities were logged for all of them.
    tau : float or None
        Strength of the prior that was chosen on people held out; None where nothing was learned.
    sharpness : float or None
        How decided people are; it changes no order.
    weights : tuple of LearnedWeight
    not_learned : tuple of NotLearned
    measure : str
        What the gate reads: `ndcg@5` or `pairwise_accuracy`, declared from counts alone before anything was scored.
    graded : int
        People who graded three candidates or more.
    held_out : HeldOut or None
        By that measure.
    beside : HeldOut or None
        By the other one, for reading; the gate does not look at it.
    worst_group : tuple of float or None
        Lowest shrunk mean of the metric over groups, with the configured weights and with the learned ones.
    exposure : tuple of float or None
        Gini of attention per candidate over first-five lists, with the configured and with the learned weights.
    calibration : CalibrationReport
        Reported alone: scores are never calibrated by it.
    boosting : BoostingReport or None
        None where nobody asked for it.
    gate : tuple of GateCheck
    adoptable : bool
        Whether no check failed; a signature is needed all the same.
    cautions : tuple of str
        What the result cannot tell, in words.
    seal : str
        Hash of everything else in the proposal.
    """

    kind: ShortText
    config: str
    counts: tuple[PreferenceCount, ...] = ()
    judges: Count = 0
    cohorts: Count = 0
    left_out: Count = 0
    effective_size: Annotated[float, Field(ge=0)] = 0.0
    propensities: bool = False
    tau: float | None = None
    sharpness: float | None = None
    weights: tuple[LearnedWeight, ...] = ()
    not_learned: tuple[NotLearned, ...] = ()
    measure: Literal["ndcg@5", "pairwise_accuracy"] = "pairwise_accuracy"
    graded: Count = 0
    held_out: HeldOut | None = None
    beside: HeldOut | None = None
    worst_group: tuple[float, float] | None = None
    exposure: tuple[float, float] | None = None
    calibration: CalibrationReport
    boosting: BoostingReport | None = None
    gate: tuple[GateCheck, ...] = ()
    adoptable: bool = False
    cautions: tuple[str, ...] = ()
    language: str = "en"
    fingerprint: Fingerprint
    seal: Seal = "0" * 16


class SignedDecision(Record):
    """A person's decision to adopt one proposal.

    Attributes
    ----------
    who : str
        Id of the person who answers for it.
    on : date
    statement : str
        In their own words, why.
    signature : str
        The seal of the proposal, which they typed: it says that they decided on this proposal and no other.
    """

    who: Id
    on: date
    statement: Text
    signature: Seal


class Adoption(Record):
    """The JSON document of `matchengine learn adopt --json`: where the new configuration is, and what it came from.

    Attributes
    ----------
    written : str
        Path of the new configuration.
    before, after : str
        Hashes of the configuration that it replaces and of the new one.
    proposal : str
        Seal of the proposal.
    decision : SignedDecision
    """

    written: str
    before: str
    after: str
    proposal: Seal
    decision: SignedDecision
