"""Run the scorers of a kind of match over a batch and check at the boundary what they return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.errors import PluginError, blame
from matchengine.pool.inputs import Inputs
from matchengine.registry import ActiveScorer, MatchKind

__all__ = ["RawScores", "run_scorer", "score"]

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class RawScores:
    """Values of all scorers before they are combined, both (P, S): values NaN and confidences 0 where one abstains."""

    values: FloatArray
    confidences: FloatArray
    scored: tuple[Scored, ...] = ()


def score(kind: MatchKind, inputs: Inputs) -> RawScores:
    """Run every scorer of a kind.

    Raises
    ------
    PluginError
        Naming a scorer that failed or returned something else than (P,) values in [0, 1] or NaN.
    """
    pairs = len(inputs.batch)
    values = np.empty((pairs, len(kind.scorers)))
    confidences = np.empty_like(values)
    results = []
    for column, scorer in enumerate(kind.scorers):
        scored = run_scorer(scorer, inputs)
        results.append(scored)
        values[:, column] = scored.value
        if scorer.block is None:
            values[~inputs.may_lift(), column] = np.nan
        told = scored.confidence if scored.confidence is not None else _known_share(scorer, inputs)
        confidences[:, column] = np.where(np.isnan(scored.value), 0, told)
    return RawScores(values, confidences, tuple(results))


def run_scorer(scorer: ActiveScorer, inputs: Inputs) -> Scored:
    """Run one scorer and check its result."""
    spec = scorer.spec
    arguments = [inputs[name] for name in spec.inputs]
    try:
        result = spec.build(*arguments, **scorer.settings)
    except Exception as error:
        raise blame(f"scorer {scorer.name!r} ({spec.name})", error) from None
    scored = result if isinstance(result, Scored) else Scored(result)
    pairs = len(inputs.batch)
    for what, array in (("value", scored.value), ("confidence", scored.confidence)):
        if array is None and what == "confidence":
            continue
        if not isinstance(array, np.ndarray) or array.shape != (pairs,) or array.dtype.kind != "f":
            shape = getattr(array, "shape", type(array).__name__)
            raise PluginError(f"scorer {scorer.name!r}: {what} is {shape}, expected a float array of shape ({pairs},)")
        with np.errstate(invalid="ignore"):
            if ((array < -_TOLERANCE) | (array > 1 + _TOLERANCE)).any():
                raise PluginError(f"scorer {scorer.name!r}: {what} leaves [0, 1]; scale it or clip it")
    for name, evidence in scored.evidence.items():
        told = evidence.texts if isinstance(evidence, Quotes) else evidence
        if not isinstance(told, np.ndarray) or told.shape != (pairs,) or told.dtype.kind not in "fiub":
            raise PluginError(
                f"scorer {scorer.name!r}: evidence {name!r} is not a number or a quote for each of {pairs} pairs"
            )
    return scored


def _known_share(scorer: ActiveScorer, inputs: Inputs) -> NDArray[np.float64]:
    """Share of a scorer's inputs that are known for each pair, shape (P,)."""
    known = [_known(inputs[name]) for name in scorer.spec.inputs]
    return np.mean(known, axis=0) if known else np.ones(len(inputs.batch))


def _known(value: Any) -> NDArray[np.bool_]:
    if isinstance(value, ItemPairs):
        return value.known
    if value.dtype.kind == "f":
        known = ~np.isnan(value)
    elif value.dtype.kind == "b":
        known = np.ones(len(value), np.bool_)
    else:
        known = value != 0
    each: NDArray[np.bool_] = known if known.ndim == 1 else known.any(axis=tuple(range(1, known.ndim)))
    return each
