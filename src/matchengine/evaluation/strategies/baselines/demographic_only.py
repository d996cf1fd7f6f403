"""Same attributes, nothing else: for comparison alone, never for use.

It shows what matching people by who they are would bring, so that nobody has to guess (domain.md H11).
"""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy

__all__ = ["demographic_only"]

_CANDIDATE = "candidate:"


@strategy(
    "demographic_only", title="FOR COMPARISON ONLY, never for use: people with the same attributes", baseline=True
)
def demographic_only(asked: Asked) -> FloatArray:
    """FOR COMPARISON ONLY: score a pair by the share of audited attributes in which both are the same.

    Attributes are those people opened to audits (`fairness_audit`); it infers none. Silence equals mismatch.

    Returns
    -------
    float64 array (P,)
        In [0, 1].
    """
    fields = sorted(name for name in asked.audit if f"{_CANDIDATE}{name}" in asked.audit)
    score = np.zeros(len(asked))
    for name in fields:
        theirs = asked.audit[_CANDIDATE + name]
        words = sorted({word for side in (asked.audit[name], theirs) for word in side if word is not None})
        number = {word: n for n, word in enumerate(words)}
        one = np.array([-1 if word is None else number[word] for word in asked.audit[name]])
        other = np.array([-2 if word is None else number[word] for word in theirs])
        score += one[asked.requester] == other[asked.candidate]
    return score / max(len(fields), 1)
