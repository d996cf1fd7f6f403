"""What is compared when strategies are compared: who is asked about whom, what a strategy answers, what came of it.

A strategy sees `Asked` and nothing else; the outcomes it is judged by are in `Case`, which only metrics see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matchengine.assignment import AssignmentProblem
from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError

if TYPE_CHECKING:
    from matchengine.planning.groups.problem import GroupsProblem
    from matchengine.planning.swaps.problem import Exchange, SwapGraph

__all__ = ["Asked", "Case", "Cost", "Exchanged", "Grouped", "Lists", "Outcomes", "Placed"]


@dataclass(frozen=True)
class Outcomes:
    """What became of some pairs: the part that a strategy may know when it answers.

    Attributes
    ----------
    requester, candidate : int32 array (K,)
        Positions, as in `Asked`.
    gain : float64 array (K,)
        How good the outcome was, 0 for none at all; never NaN.
    moment : float64 array (K,)
        Days since 1970-01-01 at which it was observed; NaN where unknown.
    """

    requester: IntArray
    candidate: IntArray
    gain: FloatArray
    moment: FloatArray

    def __len__(self) -> int:
        return len(self.requester)

    @classmethod
    def none(cls) -> Outcomes:
        """Nothing is known."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Asked:
    """All that a strategy may know: who is asked about whom, and what became of other pairs before.

    Attributes
    ----------
    requester_ids, candidate_ids : tuple of str
        N and M people, groups or other candidates.
    requester, candidate : int32 array (P,)
        The eligible pairs, ordered by requester, then candidate; no pair twice.
    seats : float64 array (M,)
        How many each candidate can take; NaN where no limit is known.
    arrival : int64 array (N,)
        Order in which requesters came.
    requester_texts, candidate_texts : tuple of tuple of str
        Texts of each, item by item; empty where the data hold none.
    requester_tags, candidate_tags : tuple of frozenset of str
        Closed values of each that are not sensitive, as `field:value`.
    audit : dict of str to tuple of (str or None)
        Attributes of requesters and, under `candidate:…`, of candidates, with `fairness_audit` consent. They are here
        for the baseline `demographic_only` alone and for audits; a strategy for use must not read them.
    known : Outcomes
        Outcomes that may be learned from: never those by which the strategy is judged.
    seed : int
    """

    requester_ids: tuple[str, ...]
    candidate_ids: tuple[str, ...]
    requester: IntArray
    candidate: IntArray
    seats: FloatArray
    arrival: IntArray
    requester_texts: tuple[tuple[str, ...], ...] = ()
    candidate_texts: tuple[tuple[str, ...], ...] = ()
    requester_tags: tuple[frozenset[str], ...] = ()
    candidate_tags: tuple[frozenset[str], ...] = ()
    audit: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    known: Outcomes = field(default_factory=Outcomes.none)
    seed: int = 0

    def __len__(self) -> int:
        return len(self.requester)

    @property
    def requesters(self) -> int:
        """How many requesters there are, N."""
        return len(self.requester_ids)

    @property
    def candidates(self) -> int:
        """How many candidates there are, M."""
        return len(self.candidate_ids)

    @cached_property
    def starts(self) -> IntArray:
        """Where the pairs of each requester begin and end, int64 (N + 1,)."""
        found: IntArray = np.searchsorted(self.requester, np.arange(self.requesters + 1))
        return found


@dataclass(frozen=True)
class Lists:
    """Candidates of each person, as a strategy scored them, with what is known of each pair.

    Attributes
    ----------
    people, candidates : int
        N and M.
    person, candidate : int32 array (P,)
        Eligible pairs, ordered by person, then candidate.
    score : float64 array (P,)
        Larger is better; NaN where the strategy does not suggest the candidate. Never infinite.
    gain : float64 array (P,)
        0 for an irrelevant candidate, more for a better one, NaN where no outcome is known.
    """

    people: int
    candidates: int
    person: IntArray
    candidate: IntArray
    score: FloatArray
    gain: FloatArray

    def __post_init__(self) -> None:
        lengths = {len(self.person), len(self.candidate), len(self.score), len(self.gain)}
        if len(lengths) != 1:
            raise DataError(f"lists: person, candidate, score and gain differ in length ({sorted(lengths)})")
        self._check_pairs()
        if np.isinf(self.score).any():
            raise DataError("lists: a score is infinite; expected a finite number, or NaN for 'not suggested'")
        known = self.gain[~np.isnan(self.gain)]
        if len(known) and (known.min() < 0 or np.isinf(known).any()):
            raise DataError("lists: a gain is negative or infinite; expected 0 or more, or NaN for 'not known'")

    def _check_pairs(self) -> None:
        for name, side, most in (("person", self.person, self.people), ("candidate", self.candidate, self.candidates)):
            if len(side) and (side.min() < 0 or side.max() >= most):
                raise DataError(f"lists: {name} has a position outside of 0 to {most - 1}")
        same = self.person[1:] == self.person[:-1]
        if not ((self.person[1:] > self.person[:-1]) | (same & (self.candidate[1:] > self.candidate[:-1]))).all():
            raise DataError("lists: pairs are not ordered by person, then candidate, or one pair is there twice")

    @cached_property
    def starts(self) -> IntArray:
        """Where the pairs of each person begin and end, int64 (N + 1,)."""
        found: IntArray = np.searchsorted(self.person, np.arange(self.people + 1))
        return found

    @cached_property
    def order(self) -> IntArray:
        """Positions of pairs, person by person, best first, those not suggested last; ties in order of candidates."""
        unknown = np.isnan(self.score)
        found: IntArray = np.lexsort((self.candidate, np.where(unknown, 0.0, -self.score), unknown, self.person))
        return found

    @cached_property
    def answered(self) -> BoolArray:
        """Who got any suggestion, bool (N,)."""
        found: BoolArray = np.bincount(self.person, weights=~np.isnan(self.score), minlength=self.people) > 0
        return found

    def exchanged(self) -> Lists:
        """The same pairs with the roles exchanged: every candidate's list of people."""
        order = np.lexsort((self.person, self.candidate))
        return Lists(
            self.candidates, self.people, self.candidate[order], self.person[order], self.score[order], self.gain[order]
        )

    def scored(self, score: FloatArray) -> Lists:
        """The same pairs and outcomes under other scores."""
        return replace(self, score=score)


@dataclass(frozen=True)
class Placed:
    """An assignment and what pairs are truly worth.

    Attributes
    ----------
    problem : AssignmentProblem
        Its values are true ones (simulated, or outcomes), not the strategy's scores. Its requesters and candidates are
        those of `Case.lists`, in the same order.
    chosen : int64 array (K,)
        Positions of the chosen pairs in the problem.
    again : tuple of int64 array
        What the strategy chooses when its own scores move by ±.02, draw by draw; empty where not asked.
    """

    problem: AssignmentProblem
    chosen: IntArray
    again: tuple[IntArray, ...] = ()


@dataclass(frozen=True)
class Exchanged:
    """Swaps that a strategy drafts and what they are truly worth (domain.md H4).

    Attributes
    ----------
    graph : SwapGraph
        Who could take whose place; its gains are true ones, so they may be 0 or less where the strategy was wrong.
    exchanges : tuple of Exchange
        The cycles and chains chosen, as positions in the graph; their `weight` is what the strategy believed.
    decline : float
        How likely each member is to decline, in [0, 1).
    asked : bool array (V,) or None
        Who was asked whether they want to; everybody in an exchange where not known.
    cover_change : float64 array (E,) or None
        How much more of their goals the mentee of an arc has covered after it, in [−1, 1]; NaN where not known.
    optimum : float
        Highest expected completed gain that is possible; NaN where it has to be worked out.
    longest_cycle, longest_chain : int
        What a plan may hold: members of the longest cycle, arcs of the longest chain.
    """

    graph: SwapGraph
    exchanges: tuple[Exchange, ...]
    decline: float = 0.1
    asked: BoolArray | None = None
    cover_change: FloatArray | None = None
    optimum: float = float("nan")
    longest_cycle: int = 3
    longest_chain: int = 3


@dataclass(frozen=True)
class Grouped:
    """Groups that a strategy drafts and what they are truly worth (domain.md H5).

    Attributes
    ----------
    problem : GroupsProblem
        The people who are divided into groups, G of them.
    groups : tuple of int64 array
        Members of each group, ascending positions in the problem; nobody is in two.
    worth : float64 array (G,) or None
        What their own group is truly worth to each, in [0, 1]; NaN for whoever has none or where it is not known.
    smallest, largest : int
        Fewest and most members that a group may have.
    barriers : bool array (G, B) or None
        Which barriers each told the programme of.
    twins : int64 array (K, 2) or None
        Requesters of `Case.lists` who differ only in their barriers, two and two.
    """

    problem: GroupsProblem
    groups: tuple[IntArray, ...]
    worth: FloatArray | None = None
    smallest: int = 4
    largest: int = 8
    barriers: BoolArray | None = None
    twins: IntArray | None = None


@dataclass(frozen=True)
class Cost:
    """What a strategy needed: never a part of a result that has to be the same again.

    `seconds` of each person's answer, float64 (N,), NaN where not measured one by one; `total_seconds`; `peak_bytes`;
    `price_per_hour` of the machine in the currency of whoever asks, NaN where not given.
    """

    seconds: FloatArray
    total_seconds: float
    peak_bytes: float
    price_per_hour: float = float("nan")


@dataclass(frozen=True)
class Case:
    """One strategy's answers and what is known to judge them by; a part that does not apply is None.

    Attributes
    ----------
    lists : Lists
        Each requester's candidates.
    reverse : Lists or None
        Each candidate's requesters as the strategy scores them for the candidate; gains are those of the candidate.
    mutual : bool array (P,) or None
        For each pair of `lists` whether both sides said yes; meaningful where `lists.gain` is known.
    seats : float64 array (M,)
        Free places of each candidate; NaN without a known limit.
    placed : Placed or None
        The assignment that the strategy makes.
    probability : float64 array (P,) or None
        Predicted probability of success of each pair of `lists`.
    propensity : float64 array (P,) or None
        Probability with which each pair was shown when outcomes were collected; NaN where never shown.
    perturbed : tuple of Lists
        The strategy's answers when the pool changes by 5 %, as scores of the same pairs (NaN for whoever is out).
    groups : Grouped or None
    swaps : Exchanged or None
    cost : Cost or None
    """

    lists: Lists
    reverse: Lists | None = None
    mutual: BoolArray | None = None
    seats: FloatArray | None = None
    placed: Placed | None = None
    probability: FloatArray | None = None
    propensity: FloatArray | None = None
    perturbed: tuple[Lists, ...] = ()
    groups: Grouped | None = None
    swaps: Exchanged | None = None
    cost: Cost | None = None

    def __post_init__(self) -> None:
        pairs, people, candidates = len(self.lists.person), self.lists.people, self.lists.candidates
        lengths = {"mutual": pairs, "probability": pairs, "propensity": pairs, "seats": candidates}
        for name, wanted in lengths.items():
            values = getattr(self, name)
            if values is not None and values.shape != (wanted,):
                raise DataError(f"case: {name} has shape {values.shape}; expected ({wanted},), as the lists have")
        if self.reverse is not None and (self.reverse.people, self.reverse.candidates) != (candidates, people):
            raise DataError(
                f"case: reverse is about {self.reverse.people} candidates and {self.reverse.candidates} requesters; "
                f"expected {candidates} and {people}, as the lists have"
            )
        for lists in self.perturbed:
            if (lists.people, lists.candidates) != (people, candidates):
                raise DataError("case: perturbed lists are about other people than the lists; expected the same pairs")
        if self.placed is not None:
            problem = self.placed.problem
            if (problem.requesters, problem.candidates) != (people, candidates):
                raise DataError("case: placed is about other people than the lists; expected the same requesters")
        if self.probability is not None:
            known = self.probability[~np.isnan(self.probability)]
            if len(known) and not (known.min() >= 0 and known.max() <= 1):
                raise DataError("case: a probability is outside of 0 to 1; expected NaN where there is none")
