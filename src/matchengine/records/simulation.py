"""What a simulated programme showed: strategies by world, regret, and the choice that is least wrong (domain.md H11)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from matchengine.records.base import Record

__all__ = ["SimulatedStrategy", "SimulationResult", "WorldResult"]


class SimulatedStrategy(Record):
    """One strategy in one world, means over replicates of the mean utility of all mentees, 0 to 1.

    `regret` is what the world's oracle reaches beyond it. `low` and `high` bound the difference to the strategy that
    was compared with; `matched` is the share of mentees with a mentor.
    """

    strategy: str
    utility: float
    regret: float
    matched: float
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_adjusted: float | None = None
    verdict: Literal["better", "worse", "same", "cannot_tell", ""] = ""


class WorldResult(Record):
    """One world: what it assumes, what its oracle reaches, every strategy."""

    world: str
    title: str
    about: str
    oracle: float
    strategies: tuple[SimulatedStrategy, ...]


class SimulationResult(Record):
    """A whole simulation. Everything in it is synthetic.

    `choice` has the least of the largest regrets over all worlds; `largest_regret` says how much that is, by strategy.
    `false_positives` of `null_tests` tests in the world without any effect (W0) were significant, at most `allowed` by
    chance; `stable_order` is the mean rank correlation of strategies between worlds, in [-1, 1].
    """

    question: str
    notice: str
    verdict: str
    choice: str
    largest_regret: dict[str, float]
    worlds: tuple[WorldResult, ...]
    replicates: int
    against: str
    margin: float
    null_tests: int = 0
    false_positives: int = 0
    allowed: int = 0
    null_passed: bool | None = None
    stable_order: float | None = None
    failed: dict[str, str] = Field(default={})
    assumptions: tuple[tuple[str, str, str, str], ...] = ()
    limits: tuple[str, ...] = ()
    language: str = "en"
