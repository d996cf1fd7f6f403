"""One replicate: a population of each kind that the worlds need, every strategy on it, what became of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import MatchEngineError, blame
from matchengine.evaluation.nodes import Payload
from matchengine.evaluation.twin_programme import Fate, Twin, TwinGround, expected_of, fate_of, oracle_choice
from matchengine.i18n import _
from matchengine.version import __version__

if TYPE_CHECKING:
    from matchengine.simulation import World

__all__ = ["NULL_WORLD", "Replicate", "replicate", "replicate_inputs"]

NULL_WORLD = "W0"
_STRIDE = 100_003
_DRAWS = 2_000
_FORMAT = 1


@dataclass(frozen=True)
class Replicate:
    """Means over all mentees of one replicate, matched or not.

    Attributes
    ----------
    lived, expected, matched : float64 array (S, W)
        Utility as it happened and as it was to be expected, and the share of mentees with a match, by strategy and
        world; NaN for a strategy that failed.
    oracle, best : float64 array (W,)
        Utility of the oracle as it happened and as it was to be expected.
    null_p : float64 array (K,)
        Per-mentee p-value of every two strategies in the world without effect, in the order of `combinations`; NaN
        where nothing is inferred; empty without that world.
    failed : mapping of str to str
        Strategies that gave no answer, and why.
    """

    lived: FloatArray
    expected: FloatArray
    matched: FloatArray
    oracle: FloatArray
    best: FloatArray
    null_p: FloatArray
    failed: Mapping[str, str]

    def payload(self) -> Payload:
        """Return it as a node holds it."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        return Payload(arrays, {"failed": dict(self.failed)})

    @classmethod
    def from_payload(cls, payload: Payload) -> Replicate:
        """Make it out of a node."""
        return cls(**dict[str, Any](payload.arrays), failed=payload.facts["failed"])


_ARRAYS = ("lived", "expected", "matched", "oracle", "best", "null_p")


def replicate_inputs(ground: TwinGround, number: int) -> dict[str, Any]:
    """Return everything that a replicate depends on: what is asked afterwards is not in it, nor how many there are."""
    config = ground.config
    return {
        "format": _FORMAT, "number": number, "seed": config.seed, "kind": config.kind, "assign": config.assign,
        "strategies": {
            name: table.model_dump(mode="json", by_alias=True, exclude={"baseline", "extends"})
            for name, table in ground.tables.items()
        },
        "order": list(ground.tables), "worlds": list(config.world_names),
        "knobs": ground.knobs.model_dump(mode="json"), "engine": config.engine,
        "engines": {path: engine.hash for path, engine in ground.engines.items()},
        "plugins": dict(ground.registry.versions), "version": __version__,
    }  # fmt: skip


def replicate(ground: TwinGround, number: int) -> Replicate:
    """Draw population `number`, ask every strategy, and let every matching live in every world."""
    from matchengine.simulation import populate

    seed = ground.config.seed * _STRIDE + number
    shape = len(ground.tables), len(ground.worlds)
    lived, expected, matched, oracle, best = (
        _empty(shape),
        _empty(shape),
        _empty(shape),
        _empty(shape[1]),
        _empty(shape[1]),
    )
    failed: dict[str, str] = {}
    null_p = _empty(0)
    twins: dict[str, Twin] = {}
    for w, world in enumerate(ground.worlds):
        knobs = world.knobs(ground.knobs)
        key = knobs.model_dump_json()
        if key not in twins:
            twins[key] = Twin(ground, populate(knobs, seed), seed)
        twin = twins[key]
        hoped = expected_of(twin.population, world, ground.side)
        top = fate_of(twin, world, oracle_choice(twin.asked, hoped), hoped)
        oracle[w], best[w] = top.lived.mean(), top.expected.mean()
        fates = _fates(twin, world, hoped, failed)
        for s, name in enumerate(ground.tables):
            if name in fates:
                fate, chosen = fates[name]
                lived[s, w], expected[s, w] = fate.lived.mean(), fate.expected.mean()
                matched[s, w] = (chosen >= 0).mean()
        if world.name == NULL_WORLD:
            null_p = _null_tests(list(ground.tables), fates, seed)
    return Replicate(lived, expected, matched, oracle, best, null_p, failed)


def _empty(shape: int | tuple[int, int]) -> FloatArray:
    return np.full(shape, np.nan)


def _fates(
    twin: Twin, world: World, hoped: tuple[FloatArray, FloatArray], failed: dict[str, str]
) -> dict[str, tuple[Fate, IntArray]]:
    """What became of everybody under each strategy; a fault stays with the strategy, and with all worlds."""
    found = {}
    for name in twin.ground.tables:
        if name in failed:
            continue
        try:
            chosen = twin.choose(name)
        except MatchEngineError as error:
            failed[name] = str(error)
            continue
        except Exception as error:
            failed[name] = str(blame(_("strategy {name!r}", name=name), error))
            continue
        found[name] = fate_of(twin, world, chosen, hoped), chosen
    return found


def _null_tests(names: list[str], fates: Mapping[str, tuple[Fate, IntArray]], seed: int) -> FloatArray:
    """Compare every two strategies mentee by mentee where no match matters: a test of the test (domain.md H10)."""
    from matchengine.inference import Sharing, compare

    found = []
    for one, other in combinations(names, 2):
        if one not in fates or other not in fates:
            found.append(np.nan)
            continue
        (mine, chose), (theirs, took) = fates[one], fates[other]
        unit = np.concatenate([np.flatnonzero(chose >= 0), np.flatnonzero(took >= 0)])
        shared = Sharing(unit, np.concatenate([chose[chose >= 0], took[took >= 0]]))
        found.append(compare(mine.lived - theirs.lived, shared=shared, draws=_DRAWS, seed=seed).p_value)
    return np.array(found, np.float64)
