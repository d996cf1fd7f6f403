"""Change the inputs of a component: make them unknown, zero or larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from matchengine.batch import ItemPairs, JointSets, read_only
from matchengine.testing.worlds import Inputs

__all__ = ["blanked", "raised", "zeroed"]


def blanked(inputs: Inputs, names: Sequence[str] | None = None) -> Inputs:
    """Return the inputs with the named ones (default: all) unknown; bool features cannot be unknown and turn False."""
    return {name: _filled(value, np.nan) if names is None or name in names else value for name, value in inputs.items()}


def zeroed(inputs: Inputs, name: str) -> Inputs:
    """Return the inputs with one of them 0 everywhere: what a component that confuses unknown with 0 would see."""
    return {**inputs, name: _filled(inputs[name], 0)}


def _filled(value: Any, filling: float) -> Any:
    if isinstance(value, JointSets):
        return replace(value, shared=read_only(np.zeros_like(value.shared)), level=_filled(value.level, filling))
    if isinstance(value, ItemPairs):
        blank = read_only(np.full(value.phi.shape, filling, np.float32))
        return replace(value, phi=blank, lexical=blank, similarity=blank)
    return read_only(np.full(value.shape, filling if value.dtype.kind == "f" else 0, value.dtype))


def raised(inputs: Inputs, name: str, random: np.random.Generator) -> Inputs:
    """Return the inputs with the known values of one of them raised, each by a random amount within its range.

    For item pairs the similarities rise; in bit masks further bits are set where any bit is; of joint sets more are
    shared.
    """
    value = inputs[name]
    if isinstance(value, JointSets):
        more = read_only(value.shared | (random.random(len(value.shared)) < 0.5))
        return {**inputs, name: replace(value, shared=more)}
    if isinstance(value, ItemPairs):
        step = random.random(value.phi.shape).astype(np.float32)
        lifted: dict[str, Any] = {
            key: read_only(old + step * (1 - old))
            for key, old in (("phi", value.phi), ("lexical", value.lexical), ("similarity", value.similarity))
        }
        return {**inputs, name: replace(value, **lifted)}
    if value.dtype.kind == "u":
        extra = random.integers(0, np.iinfo(value.dtype).max, value.shape, dtype=value.dtype, endpoint=True)
        return {**inputs, name: read_only(np.where(value != 0, value | extra, value))}
    if value.dtype.kind == "b":
        return {**inputs, name: read_only(value | (random.random(value.shape) < 0.5))}
    highest = np.nanmax(value) if np.isfinite(value).any() else 1.0
    lifted_value = value + random.random(value.shape) * (highest - value)
    return {**inputs, name: read_only(lifted_value.astype(value.dtype))}
