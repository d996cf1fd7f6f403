"""What a simulated programme showed: strategies by world, regret, the choice that is least wrong (domain.md H11)."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from matchengine.records.base import Record

__all__ = [
    "SimulatedStrategy",
    "SimulationPlan",
    "SimulationResult",
    "SyntheticProgramme",
    "WorldResult",
]


class _Wide(Record):
    """A record whose texts may be long."""

    model_config = ConfigDict(str_max_length=1 << 16)


class SimulatedStrategy(Record):
    """One strategy in one world, means over replicates of all mentees, matched or not, 0 to 1.

    `utility` is what happened. `regret` is how much more the world's oracle was to expect: luck is out of it, so it is
    never below 0, and `regret_low` to `regret_high` is its interval over replicates. `matched` is the share of mentees
    with a match. `difference`, `low`, `high`, `p_adjusted` and `verdict` compare what happened with one strategy.
    """

    strategy: str
    utility: float
    regret: float
    regret_low: float | None = None
    regret_high: float | None = None
    matched: float
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_adjusted: float | None = None
    verdict: Literal["better", "worse", "same", "cannot_tell", ""] = ""


class WorldResult(Record):
    """One world: what it assumes, what its oracle reached and what it was to expect, every strategy."""

    world: str
    title: str
    about: str
    oracle: float
    oracle_expected: float
    strategies: tuple[SimulatedStrategy, ...]


class SimulationResult(_Wide):
    """A whole simulation. Everything in it is synthetic.

    `choice` has the least of the largest regrets over all worlds; `largest_regret` says how much that is by strategy,
    `worst_world` where, and `chosen_share` in which share of redrawn replicates each would be the choice. Strategies in
    `never_use` are for comparison alone and are never the choice.

    In the world without any effect (W0), `false_positives` of `null_tests` per-mentee tests, one for each replicate,
    were significant, and `allowed` is what chance allows; `null_pairs_significant` is the share among every two
    strategies, which depend on each other; `null_differs` names strategies that differ from `against` over replicates,
    after Holm. `stable_order` is the mean rank correlation of strategies between worlds, in [-1, 1], and
    `least_alike` the two worlds with the lowest.
    """

    question: str
    notice: str
    verdict: str
    choice: str
    kind: str = "mentor"
    side: Literal["mentor", "group"] = "mentor"
    largest_regret: dict[str, float]
    worst_world: dict[str, str] = Field(default={})
    chosen_share: dict[str, float] = Field(default={})
    never_use: tuple[str, ...] = ()
    worlds: tuple[WorldResult, ...]
    replicates: int
    trial: bool = False
    mentees: int = 0
    against: str
    margin: float
    alpha: float = 0.05
    null_tests: int = 0
    false_positives: int = 0
    allowed: int = 0
    null_passed: bool | None = None
    null_pairs_significant: float | None = None
    null_differs: tuple[str, ...] = ()
    stable_order: float | None = None
    least_alike: tuple[str, ...] = ()
    failed: dict[str, str] = Field(default={})
    policies: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[tuple[str, str, str, str, str], ...] = ()
    limits: tuple[str, ...] = ()
    language: str = "en"


class SimulationPlan(_Wide):
    """`matchengine simulate --check --json`: what would be run."""

    question: str
    kind: str
    side: Literal["mentor", "group"]
    strategies: tuple[str, ...]
    worlds: tuple[str, ...]
    replicates: int
    mentees: int
    populations: int


class SyntheticProgramme(Record):
    """`matchengine simulate --write --json`: what was invented and where it lies. Nobody in it exists."""

    notice: str
    folder: str
    world: str
    mentees: int
    mentors: int
    cohorts: int
    matched: int
    shown: int
    ratings: int
    files: tuple[str, ...]
