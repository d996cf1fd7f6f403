"""Simple methods beside the engine: word and meaning similarities of whole texts, over the texts of each candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.ranking import MODEL, default_config
from matchengine import Engine
from matchengine.pool.embed import embed_distinct
from matchengine.pool.vector_cache import EmbeddingCache

__all__ = ["by_meaning", "by_words", "fused", "of_owners"]

Matrix = NDArray[np.float64]
How = Literal["max", "top3", "sum"]


def by_words(queries: Sequence[str], texts: Sequence[str]) -> Matrix:
    """Cosines of TF-IDF rows, (Q, T); words weighed by the texts of the candidates."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    rows = words.fit_transform(texts)
    found: Matrix = (words.transform(queries) @ rows.T).toarray()
    return found


def by_meaning(queries: Sequence[str], texts: Sequence[str]) -> Matrix:
    """Cosines of one embedding per text, (Q, T); the model cuts what is too long."""
    scorers = {"goals": {"use": "semantic_reciprocal", "block": "need"}}
    embedder = Engine(default_config("mentee", "mentor", scorers, MODEL)).embedder
    every = [*queries, *texts]
    vectors = embed_distinct(every, ["en"] * len(every), embedder, EmbeddingCache.open(True)).vectors
    found: Matrix = (vectors[: len(queries)] @ vectors[len(queries) :].T).astype(np.float64)
    return found


def of_owners(values: Matrix, owners: Sequence[int], count: int, how: How = "max") -> Matrix:
    """Return one value per candidate, (Q, C), from those of their texts (Q, T); 0 for a candidate without a text."""
    out = np.zeros((len(values), count))
    belongs = np.asarray(owners)
    for owner in np.unique(belongs):
        own = values[:, belongs == owner]
        if how == "top3":
            out[:, owner] = np.sort(own, axis=1)[:, -3:].mean(axis=1)
        else:
            out[:, owner] = own.max(axis=1) if how == "max" else own.sum(axis=1)
    return out


def fused(*parts: Matrix) -> Matrix:
    """Sum of values, each standardised over all pairs."""
    return sum(((part - part.mean()) / part.std() for part in parts), np.zeros_like(parts[0]))
