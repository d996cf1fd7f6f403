"""What the rules of a kind of match do to everybody: one look at each requester with all candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray, PairBatch
from matchengine.i18n import N_, _
from matchengine.matching.constrain import passes
from matchengine.readiness.market import MakeInputs, Market
from matchengine.registry import ActiveConstraint

__all__ = ["WITHHELD", "Looser", "Relief", "Rule", "Verdicts", "judge", "rules_of"]

PERSONAL, UNTOLD = "personal_boundary", "not_available"
WITHHELD = {PERSONAL: N_("a personal boundary"), UNTOLD: N_("not available")}


@dataclass(frozen=True)
class Rule:
    """One rule as a coordinator sees it; what a coordinator may not be told stands together under one name."""

    name: str
    constraints: tuple[ActiveConstraint, ...]

    @property
    def withheld(self) -> bool:
        """Whether nothing but the name may be said, and no change may be proposed."""
        return self.name in WITHHELD

    @property
    def optional(self) -> bool:
        """Whether a programme may do without it."""
        return not self.withheld and not self.constraints[0].spec.always_on

    @property
    def changeable(self) -> bool:
        """Whether anything can be done about it."""
        return self.optional or bool(self.remedy)

    @property
    def remedy(self) -> str:
        """What would help, as the plugin says it; empty where nothing would or nothing may be said."""
        return "" if self.withheld else self.constraints[0].spec.remedy

    @property
    def reason(self) -> str:
        """The reason in the language of the reader."""
        return _(WITHHELD[self.name]) if self.withheld else _(self.constraints[0].spec.reason)

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ")

    def looser(self) -> Iterator[Looser]:
        """Yield looser settings, the strictest of them first."""
        if not self.optional:
            return
        (constraint,) = self.constraints
        for setting, values in constraint.spec.looser.items():
            now = constraint.settings[setting]
            later = values[values.index(now) + 1 :] if now in values else values
            for value in later:
                yield Looser(setting, now, value)

    def forbids(self, inputs: Any) -> BoolArray:
        """Which pairs the rule forbids, shape (P,)."""
        forbidden = ~passes(self.constraints[0], inputs)
        for constraint in self.constraints[1:]:
            forbidden |= ~passes(constraint, inputs)
        return forbidden

    def loosened(self, step: Looser) -> Rule:
        """The same rule with one setting looser."""
        constraint = self.constraints[0]
        settings = {**constraint.settings, step.setting: step.value}
        return replace(self, constraints=(replace(constraint, settings=settings),))


class Looser(NamedTuple):
    """A setting, what it is now, and a looser value."""

    setting: str
    now: Any
    value: Any


class Relief(NamedTuple):
    """Rules (positions) that, all changed, would open so many candidates to one requester; `step` the least that does.

    `step` is given where one rule with a looser setting is enough, and `opens` is then what that setting opens.
    """

    rules: tuple[int, ...]
    opens: int
    step: Looser | None = None


@dataclass
class Verdicts:
    """What the S rules do to R requesters and C candidates.

    Attributes
    ----------
    eligible : uint8 array (R, ceil(C / 8))
        Packed bits, one for each pair that no rule forbids.
    options : int64 array (R,)
        Eligible candidates of each requester.
    pairs, alone, starved : int64 arrays (S,)
        Pairs that a rule forbids, that it alone forbids, and requesters whom it alone leaves without anybody.
    records : int64 array (S,)
        Records of either side that a rule rules out whoever they are paired with.
    in_the_way : dict of requester to int64 array (S,)
        For requesters without anybody, how many candidates each rule forbids.
    reliefs : dict of requester to list of Relief
        For the same, the smallest sets of rules that would have to change, most candidates first.
    loosened : Counter of (rule, Looser)
        Requesters for whom a looser setting of one rule is the least that opens anybody.
    """

    rules: tuple[Rule, ...]
    eligible: NDArray[np.uint8]
    options: IntArray
    pairs: IntArray
    alone: IntArray
    starved: IntArray
    records: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    in_the_way: dict[int, IntArray] = field(default_factory=dict)
    reliefs: dict[int, list[Relief]] = field(default_factory=dict)
    loosened: Counter[tuple[int, Looser]] = field(default_factory=Counter)

    def eligible_of(self, positions: IntArray, candidates: int) -> BoolArray:
        """Eligible candidates of some requesters, shape (n, C)."""
        bits = np.unpackbits(self.eligible[positions], axis=1, count=candidates)
        return bits.astype(np.bool_)


def rules_of(market: Market) -> tuple[Rule, ...]:
    """Return the rules of a kind as a coordinator may know them."""
    grouped: dict[str, list[ActiveConstraint]] = {}
    for constraint in market.kind.constraints:
        spec = constraint.spec
        told = spec.name if "coordinator" in spec.told_to else UNTOLD
        grouped.setdefault(PERSONAL if spec.personal else told, []).append(constraint)
    return tuple(Rule(name, tuple(of_name)) for name, of_name in grouped.items())


def judge(market: Market, inputs: MakeInputs) -> Verdicts:
    """Apply every rule to every requester with all candidates; memory grows with one requester at a time."""
    rules = rules_of(market)
    size, requesters = len(rules), len(market.requesters)
    everybody = market.pool.rows(market.kind.sides.candidates)
    alive = np.flatnonzero(market.candidate_table.alive)
    found = Verdicts(
        rules,
        np.zeros((requesters, -(-len(market.candidates) // 8)), np.uint8),
        np.zeros(requesters, np.int64),
        *np.zeros((3, size), np.int64),
    )
    records = _Records.of(rules, len(market.candidates))
    forbidden = np.empty((size, len(everybody)), np.bool_)
    for position, row in enumerate(market.requesters.tolist()):
        of_row = inputs(PairBatch.one_to_many(row, everybody))
        for number, rule in enumerate(rules):
            forbidden[number] = rule.forbids(of_row)
        here = forbidden[:, market.candidates]
        violated = here.sum(axis=0, dtype=np.int32)
        found.eligible[position] = np.packbits(violated == 0)
        found.options[position] = np.count_nonzero(violated == 0)
        alone = here & (violated == 1)
        found.pairs += here.sum(axis=1)
        found.alone += alone.sum(axis=1)
        records.add(forbidden[:, alive], here)
        if not found.options[position]:
            _look_closer(found, position, here, alone, market, inputs)
    found.records = records.causes(requesters)
    return found


def _look_closer(
    found: Verdicts, position: int, forbidden: BoolArray, alone: BoolArray, market: Market, inputs: MakeInputs
) -> None:
    """Note what stands in the way of a requester without anybody, and the least that would change it."""
    found.starved += alone.any(axis=1)
    found.in_the_way[position] = forbidden.sum(axis=1)
    row = int(market.requesters[position])
    steps: dict[int, tuple[Looser, int]] = {}
    for number in np.flatnonzero(alone.any(axis=1)).tolist():
        step = _least(found.rules[number], PairBatch.one_to_many(row, market.candidates[alone[number]]), inputs)
        if step is not None:
            steps[number] = step
            found.loosened[number, step[0]] += 1
    found.reliefs[position] = _reliefs(found.rules, forbidden, steps)


_SETS = 3
"""Smallest sets of rules that are told of one requester."""


def _reliefs(rules: tuple[Rule, ...], forbidden: BoolArray, steps: Mapping[int, tuple[Looser, int]]) -> list[Relief]:
    """Return the smallest sets of changeable rules between a requester and some candidate, largest effect first."""
    fixed = np.array([not rule.changeable for rule in rules], np.bool_)
    within_reach = forbidden[:, ~forbidden[fixed].any(axis=0)]
    if not within_reach.shape[1]:
        return []
    sizes = within_reach.sum(axis=0)
    patterns, opens = np.unique(within_reach[:, sizes == sizes.min()].T, axis=0, return_counts=True)
    order = sorted(range(len(patterns)), key=lambda n: (-int(opens[n]), tuple(~patterns[n])))
    found = []
    for number in order[:_SETS]:
        changed = tuple(np.flatnonzero(patterns[number]).tolist())
        step = steps.get(changed[0]) if len(changed) == 1 else None
        found.append(Relief(changed, step[1], step[0]) if step else Relief(changed, int(opens[number])))
    return found


def _least(rule: Rule, batch: PairBatch, inputs: MakeInputs) -> tuple[Looser, int] | None:
    """The least loose setting of a rule that lets anybody of a batch pass, and how many; None where none does."""
    read = None
    for step in rule.looser():
        read = read or inputs(batch)
        opens = int(np.count_nonzero(~rule.loosened(step).forbids(read)))
        if opens:
            return step, opens
    return None


@dataclass
class _Records:
    """Counts records that a rule rules out whoever they are paired with: the record is the cause, not the pair.

    A requester is the cause where the rule forbids everybody there is, in whatever role; a candidate where it forbids
    every requester who is not the cause. Where that leaves no requester, nobody can tell, and nothing is counted.
    """

    asked: BoolArray
    own: IntArray
    judged: IntArray
    blocked: IntArray

    @classmethod
    def of(cls, rules: tuple[Rule, ...], candidates: int) -> _Records:
        read = [{name.partition("_")[0] for c in rule.constraints for name in c.spec.inputs} for rule in rules]
        asked = np.array([bool(sides - {"candidate"}) for sides in read], np.bool_)
        own, judged = np.zeros((2, len(rules)), np.int64)
        return cls(asked, own, judged, np.zeros((len(rules), candidates), np.int64))

    def add(self, with_everybody: BoolArray, with_candidates: BoolArray) -> None:
        """Take in one requester: bool arrays (S, everybody) and (S, C)."""
        own = with_everybody.all(axis=1) & self.asked
        self.own += own
        self.judged += ~own
        self.blocked += with_candidates & ~own[:, None]

    def causes(self, requesters: int) -> IntArray:
        """Return the number of such records for each rule, shape (S,)."""
        theirs = ((self.blocked == self.judged[:, None]) & (self.judged > 0)[:, None]).sum(axis=1)
        count: IntArray = np.where(self.own < requesters, self.own, 0) + theirs
        return count
