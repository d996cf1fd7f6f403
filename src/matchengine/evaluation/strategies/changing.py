"""The same question when a twentieth of the candidates is gone (domain.md H3, evaluation.md 3.4: stability)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from matchengine.batch import BoolArray, IntArray
from matchengine.comparison import Asked, Outcomes
from matchengine.evaluation.strategies.drawing import lottery

__all__ = ["SHARE", "changed_pools", "without"]

SHARE = 0.05


def changed_pools(asked: Asked, draws: int) -> Iterator[tuple[frozenset[str], Asked, IntArray]]:
    """Yield, draw by draw, who is gone, the question without them, and where its pairs stood before.

    A twentieth of the candidates is drawn by the seed and their ids, one at least; nobody where there are fewer than
    two. Who is gone and also asks gets no list.
    """
    count = max(round(SHARE * asked.candidates), 1) if asked.candidates > 1 else 0
    for draw in range(draws if count else 0):
        numbers = lottery(asked.candidate_ids, asked.seed, f"gone {draw}")
        gone = frozenset(asked.candidate_ids[n] for n in np.argsort(numbers)[:count].tolist())
        yield gone, *without(asked, gone)


def without(asked: Asked, gone: frozenset[str]) -> tuple[Asked, IntArray]:
    """Return the question without some people: positions of people stay, their pairs, texts and outcomes go."""
    who, whom = _here(asked.requester_ids, gone), _here(asked.candidate_ids, gone)
    kept = np.flatnonzero(who[asked.requester] & whom[asked.candidate])
    known = asked.known
    still = np.flatnonzero(who[known.requester] & whom[known.candidate])
    outcomes = Outcomes(known.requester[still], known.candidate[still], known.gain[still], known.moment[still])
    sides = {"requester": who, "candidate": whom}
    cleared: dict[str, Any] = {
        f"{side}_{what}": tuple(
            own if here else type(own)() for own, here in zip(getattr(asked, f"{side}_{what}"), stays, strict=False)
        )
        for side, stays in sides.items()
        for what in ("texts", "tags")
    }
    audit = {
        name: tuple(
            value if here else None
            for value, here in zip(values, whom if name.startswith("candidate:") else who, strict=True)
        )
        for name, values in asked.audit.items()
    }
    left = replace(
        asked, requester=asked.requester[kept], candidate=asked.candidate[kept], known=outcomes, audit=audit, **cleared
    )
    return left, kept


def _here(ids: tuple[str, ...], gone: frozenset[str]) -> BoolArray:
    return np.array([external not in gone for external in ids], np.bool_)
