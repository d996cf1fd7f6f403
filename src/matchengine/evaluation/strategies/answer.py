"""What a strategy is asked with and what it answers: the contract between the runner and `configured.answer`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison_components import Need

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.evaluation.strategies.matrices import ScoreMatrices
    from matchengine.records import Relationship
    from matchengine.records.swap_wishes import SwapPlace, SwapWish
    from matchengine.registry import Registry

__all__ = ["Answer", "Calibrate", "MakeEngine", "Resources", "StrategyChoice", "StrategyFailed", "Tuned", "Tuning"]

MakeEngine = Callable[[str, frozenset[str]], "Engine"]
"""Path of an engine's TOML file and ids to leave out -> an engine with the programme loaded, the same each time."""
Calibrate = Callable[[FloatArray, FloatArray], Callable[[FloatArray], FloatArray]]
"""Scores and gains of known pairs -> a function from scores to probabilities of success."""


class Tuning(Protocol):
    """How weights are chosen: `tune = {weights = "simplex", trials = 200}`."""

    @property
    def weights(self) -> str:
        """`simplex`: drawn evenly from all weights that add up to 1."""
        ...

    @property
    def trials(self) -> int:
        """How many are drawn beside the configured ones."""
        ...


class StrategyChoice(Protocol):
    """One table `[strategies.NAME]`, keys as in the file, `with` as `settings`; None or empty where not given.

    Attributes
    ----------
    use : str
        A strategy by name, as a plugin offers it, or `engine`.
    settings : mapping
        Of that strategy (`with`).
    config, kind : str or None
        Path of an engine's TOML file, and the kind of match that answers; those of `Resources` where not given.
    scorers : mapping of str to float or None
        These scorers of the file alone, by instance, with these weights inside their blocks.
    add : mapping of str to float
        Other weights for scorers of the file, or further ones beside `scorers`.
    drop : sequence of str
        Scorers that are left out.
    blocks : mapping of str to float or None
        Other weights of blocks.
    across : float or None
    rerank, assign : str or None
        A way to share attention and an assigner by name; `none` for none.
    baseline : bool
    tune : Tuning or None
    swaps, groups : str or None
        Tables of the engine's file that are drafted and judged.
    """

    @property
    def use(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...
    @property
    def config(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def scorers(self) -> Mapping[str, float] | None: ...
    @property
    def add(self) -> Mapping[str, float]: ...
    @property
    def drop(self) -> Sequence[str]: ...
    @property
    def blocks(self) -> Mapping[str, float] | None: ...
    @property
    def across(self) -> float | None: ...
    @property
    def rerank(self) -> str | None: ...
    @property
    def assign(self) -> str | None: ...
    @property
    def baseline(self) -> bool: ...
    @property
    def tune(self) -> Tuning | None: ...
    @property
    def swaps(self) -> str | None: ...
    @property
    def groups(self) -> str | None: ...


@dataclass
class Resources:
    """What the harness lends to strategies.

    Attributes
    ----------
    registry : Registry
        Strategies, assigners and embedders by name.
    engine : callable or None
        See `MakeEngine`; None where the data hold no records that an engine could load.
    config, kind : str
        The engine's TOML file and its kind of match for strategies that name none.
    matrices : mutable mapping of str to ScoreMatrices
        Filled and read by strategies under their content hash; keep it for a whole run, or give a mapping that stores.
    clusters : int64 array (N,)
        Cluster of each requester, for tuning; empty where nobody belongs to any.
    wanted : frozenset of Need
        Parts of a case that some metric reads: nothing else is worked out.
    calibrate : callable or None
        See `Calibrate`.
    draws : int
        How many changed pools and noisy solutions.
    wishes, relationships, today
        What a round of swaps is planned from.
    """

    registry: Registry
    engine: MakeEngine | None = None
    config: str = ""
    kind: str = ""
    matrices: MutableMapping[str, ScoreMatrices] = field(default_factory=dict)
    clusters: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    wanted: frozenset[Need] = frozenset({"lists"})
    calibrate: Calibrate | None = None
    draws: int = 5
    wishes: Sequence[SwapWish | SwapPlace] = ()
    relationships: Sequence[Relationship] = ()
    today: date | None = None


@dataclass(frozen=True)
class Tuned:
    """What choosing weights brought: they are chosen on known outcomes alone.

    `honest` is the mean over requesters of clusters that took no part in the choice, `apparent` that of the weights
    chosen on all of them; `optimism` is what the second flatters.
    """

    weights: Mapping[str, float]
    trials: int
    honest: float
    apparent: float

    @property
    def optimism(self) -> float:
        """Apparent less honest value."""
        return self.apparent - self.honest


@dataclass(frozen=True)
class Answer:
    """What one strategy answers; positions and shapes are those of `Asked`.

    Attributes
    ----------
    scores : float64 array (P,)
        NaN for a pair that is not suggested; never infinite.
    reverse : float64 array (P,) or None
        What the same pairs are worth to their candidates, in the order of the pairs. A strategy that knows one score
        for a pair gives that one.
    chosen : int64 array (K,) or None
        Positions of the pairs that are assigned, ascending; None where nothing is assigned.
    perturbed : tuple of float64 array (P,)
        Scores when a twentieth of the candidates is gone, NaN for theirs; draw by draw.
    again : tuple of int64 array
        Pairs chosen when the scores move by up to .02 each, draw by draw.
    probability : float64 array (P,) or None
    groups, swaps : object or None
        `Grouped` and `Exchanged` of `matchengine.comparison`.
    seconds : float64 array (N,)
        One person's answer, where it was measured alone; NaN elsewhere. Only for a few, drawn by the seed.
    total_seconds : float
        The whole answer alone, as if no other strategy had worked out anything before, without what is drawn to see how
        firm it is.
    tuned : Tuned or None
    notes : tuple of str
        What a reader of the report should know about this strategy.
    """

    scores: FloatArray
    seconds: FloatArray
    total_seconds: float
    reverse: FloatArray | None = None
    chosen: IntArray | None = None
    perturbed: tuple[FloatArray, ...] = ()
    again: tuple[IntArray, ...] = ()
    probability: FloatArray | None = None
    groups: Any = None
    swaps: Any = None
    tuned: Tuned | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StrategyFailed:
    """A strategy that gave no answer: the others go on. `reason` holds no value of any record."""

    reason: str
