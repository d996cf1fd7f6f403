"""Gaussian copula: what goes together behind the records, and what goes with nothing (domain.md H11).

Every variable is standard normal by itself; `DEPENDENCIES` are their correlations. Marginals come from `Knobs`. How
much somebody writes and how many fields they leave blank correlate with nothing, so that the length of a profile says
nothing about the person.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np

from matchengine.simulation.noise import FloatArray, generator

__all__ = ["DEPENDENCIES", "VARIABLES", "column", "draw", "holds"]

VARIABLES = (
    "migrated", "hardship", "caring", "disability", "woman", "heritage", "orientation", "first_generation",
    "stage", "experience", "work", "safety", "confidence", "digital", "warmth", "reliability", "teaching", "reaction",
    "shock", "capacity", "wordiness", "blanks",
)  # fmt: skip
DEPENDENCIES: tuple[tuple[str, str, float], ...] = (
    ("migrated", "heritage", 0.60),
    ("migrated", "hardship", 0.25),
    ("heritage", "hardship", 0.20),
    ("hardship", "first_generation", 0.35),
    ("hardship", "disability", 0.20),
    ("hardship", "stage", -0.30),
    ("hardship", "confidence", -0.25),
    ("hardship", "digital", -0.25),
    ("caring", "woman", 0.25),
    ("caring", "work", -0.25),
    ("disability", "work", -0.20),
    ("stage", "experience", 0.70),
    ("stage", "work", 0.20),
    ("heritage", "safety", -0.25),
    ("orientation", "safety", -0.30),
    ("disability", "safety", -0.15),
    ("safety", "confidence", 0.30),
    ("heritage", "reaction", 0.15),
    ("orientation", "reaction", 0.15),
    ("warmth", "reliability", 0.15),
    ("hardship", "shock", 0.20),
)
"""Pairs of variables and their correlation; all others are 0. Assumptions, to be printed with every result."""


def column(name: str) -> int:
    """Return the position of a variable."""
    return VARIABLES.index(name)


@cache
def _root() -> FloatArray:
    """Square root of the nearest correlation matrix: negative eigenvalues cut, diagonal back to 1."""
    matrix = np.eye(len(VARIABLES))
    for one, other, value in DEPENDENCIES:
        matrix[column(one), column(other)] = matrix[column(other), column(one)] = value
    values, vectors = np.linalg.eigh(matrix)
    near = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    near /= np.sqrt(np.outer(np.diag(near), np.diag(near)))
    root: FloatArray = np.linalg.cholesky(near)
    return root


def draw(seed: int, stream: str, count: int) -> FloatArray:
    """Return `count` rows of correlated standard normal variables, shape (count, len(VARIABLES)).

    The first rows are the same whatever the count.
    """
    return generator(seed, stream).standard_normal((count, len(VARIABLES))) @ _root().T


def holds(latent: FloatArray, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return who lies in the upper `share` of a standard normal variable."""
    if share <= 0 or share >= 1:
        return np.full(latent.shape, share >= 1)
    return np.asarray(latent > NormalDist().inv_cdf(1.0 - share))
