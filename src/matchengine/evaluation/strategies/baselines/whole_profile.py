"""One vector for all that somebody wrote: what most teams try first with a language model."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.errors import PluginError
from matchengine.i18n import _

__all__ = ["whole_profile"]

_AT_ONCE = 1 << 18


@strategy("whole_profile", title="One embedding of the whole profile", baseline=True)
def whole_profile(
    asked: Asked,
    *,
    embedder: str = "lexical",
    embedder_with: dict[str, Any] | None = None,
    encode: Any = None,
) -> FloatArray:
    """Score a pair by the cosine of two vectors, each of all texts of one person joined.

    Parameters
    ----------
    asked : Asked
    embedder : str
        An embedder by name, and `embedder_with` its settings: whoever runs the strategy looks it up.
    encode : callable
        `encode` of that embedder, handed in by whoever runs the strategy; never written in a file.

    Returns
    -------
    float64 array (P,)
        In [-1, 1]; 0 where either has no text.

    Raises
    ------
    PluginError
        Where nobody handed in an embedder.
    """
    if encode is None:
        raise PluginError(
            _("strategy 'whole_profile' was run without its embedder {name!r}; hand in encode", name=embedder)
        )
    wholes = [["\n".join(i for i in own if i.strip()) for own in side]
              for side in (asked.requester_texts, asked.candidate_texts)]  # fmt: skip
    distinct = sorted({text for side in wholes for text in side if text})
    if not distinct or not wholes[0] or not wholes[1]:
        return np.zeros(len(asked))
    number = {text: n for n, text in enumerate(distinct)}
    vectors = np.asarray(encode(distinct)[0], np.float64)
    vectors = np.concatenate([vectors, np.zeros((1, vectors.shape[1]))])
    one, other = (np.array([number.get(text, len(distinct)) for text in side]) for side in wholes)
    out = np.zeros(len(asked))
    for start in range(0, len(asked), _AT_ONCE):
        at = slice(start, start + _AT_ONCE)
        sides = vectors[one[asked.requester[at]]], vectors[other[asked.candidate[at]]]
        out[at] = np.einsum("pd,pd->p", *sides)
    return np.clip(out, -1, 1)
