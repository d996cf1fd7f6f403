"""Apply the constraints of a kind of match: a forbidden pair is a mask, never a low score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.batch import BoolArray, Ruled
from matchengine.errors import PluginError, blame
from matchengine.i18n import _
from matchengine.matching.boundary import call
from matchengine.pool.inputs import Inputs
from matchengine.records.vocabulary import Viewer
from matchengine.registry import ActiveConstraint
from matchengine.trace import watching

__all__ = ["allowed", "may_tell", "passes", "to_confirm", "veto_counts"]


def allowed(constraints: Sequence[ActiveConstraint], inputs: Inputs, mask: BoolArray) -> BoolArray:
    """Return which pairs all constraints allow, shape (P,), among those that `mask` allows already.

    What is unknown passes, except where a constraint fails closed.
    """
    out = mask.copy()
    for constraint in constraints:
        out &= passes(constraint, inputs)
    return out


def veto_counts(constraints: Sequence[ActiveConstraint], inputs: Inputs, mask: BoolArray) -> dict[str, int]:
    """Count the pairs that each constraint forbids among those that `mask` allows; a pair may count more than once.

    Personal constraints are counted together as `not_available`: they are never told (domain.md B4).
    """
    counts: dict[str, int] = {}
    personal = np.zeros(len(mask), np.bool_)
    for constraint in constraints:
        forbidden = mask & ~passes(constraint, inputs)
        if constraint.spec.personal:
            personal |= forbidden
        elif forbidden.any():
            counts[constraint.spec.name] = int(forbidden.sum())
    if personal.any():
        counts["not_available"] = int(personal.sum())
    return counts


def passes(constraint: ActiveConstraint, inputs: Inputs) -> BoolArray:
    """Return which pairs one constraint lets pass, shape (P,); unknown passes unless it fails closed."""
    ruled = _rule(constraint, inputs)
    if ruled.known is None:
        return ruled.passes
    return ruled.passes & ruled.known if constraint.spec.fails_closed else ruled.passes | ~ruled.known


def may_tell(constraint: ActiveConstraint, viewer: Viewer) -> bool:
    """Whether a viewer may read the sentences of a constraint; a personal one speaks to the requester at most."""
    return viewer in constraint.spec.told_to and (viewer == "requester" or not constraint.spec.personal)


def to_confirm(constraints: Sequence[ActiveConstraint], inputs: Inputs, viewer: Viewer) -> list[tuple[str, ...]]:
    """Return for each pair of a few what people must check because nobody has said it."""
    sentences: list[list[str]] = [[] for _pair in range(len(inputs.batch))]
    for constraint in constraints:
        if constraint.spec.confirm and not constraint.spec.fails_closed and may_tell(constraint, viewer):
            known = _rule(constraint, inputs).known
            if known is not None:
                for pair in np.flatnonzero(~known).tolist():
                    sentences[pair].append(_(constraint.spec.confirm))
    return [tuple(of_pair) for of_pair in sentences]


def _rule(constraint: ActiveConstraint, inputs: Inputs) -> Ruled:
    spec = constraint.spec
    arguments = [inputs[name] for name in spec.inputs]
    try:
        with watching(constraint.plugin, "constraint", spec.name, spec.inputs, arguments) as seen:
            result, _printed = call(spec.build, arguments, constraint.settings)
            seen(result)
    except Exception as error:
        raise blame(f"constraint {spec.name!r}", error) from None
    ruled = result if isinstance(result, Ruled) else Ruled(result)
    pairs = len(inputs.batch)
    for what, array in (("passes", ruled.passes), ("known", ruled.known)):
        if array is None and what == "known":
            continue
        if not isinstance(array, np.ndarray) or array.shape != (pairs,) or array.dtype != np.bool_:
            got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise PluginError(f"constraint {spec.name!r}: {what} is {got}, expected a bool array of shape ({pairs},)")
    return ruled
