"""What is measured of a strategy: one metric per file, arrays in, one value per unit out (domain.md H1 to H8)."""

from __future__ import annotations

__all__ = ["METRICS"]

METRICS = (
    *("ndcg", "average_precision", "reciprocal_rank", "recall", "precision", "success"),
    *("two_sided", "mutual", "judged", "exposure", "novelty"),
    *("assignment", "choices", "swaps", "groups"),
    *("calibration", "stability", "cost"),
)
"""Modules of this package that offer metrics."""
