"""Lists for the tests of metrics, and slow, plain ways to say what is right of small ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, permutations, product

import numpy as np

from matchengine.comparison import Case, Lists

NAN = float("nan")


def lists_of(*people: Sequence[tuple[float, float]], candidates: int | None = None) -> Lists:
    """Make lists out of (score, gain) of each person's candidates 0, 1, …"""
    person = np.repeat(np.arange(len(people)), [len(one) for one in people]).astype(np.int32)
    candidate = np.concatenate([np.arange(len(one)) for one in people] or [np.zeros(0)]).astype(np.int32)
    values = np.array([pair for one in people for pair in one], np.float64).reshape(-1, 2)
    most = max((len(one) for one in people), default=0) if candidates is None else candidates
    return Lists(len(people), most, person, candidate, values[:, 0].copy(), values[:, 1].copy())


def case_of(*people: Sequence[tuple[float, float]], **more: object) -> Case:
    """A case of these lists."""
    return Case(lists_of(*people), **more)


def drawn(seed: int, people: int = 20, candidates: int = 12, *, decimals: int = 9, unknown: float = 0.0) -> Lists:
    """Draw lists of different lengths; few decimals make many ties."""
    rng = np.random.default_rng([seed, people, candidates])
    person, candidate = np.nonzero(rng.random((people, candidates)) < 0.8)
    score = np.round(rng.random(len(person)), decimals)
    score[rng.random(len(person)) < 0.1] = np.nan
    gain = rng.choice([0.0, 1.0, 2.0, 3.0], len(person), p=[0.6, 0.2, 0.1, 0.1])
    gain[rng.random(len(person)) < unknown] = np.nan
    return Lists(people, candidates, person.astype(np.int32), candidate.astype(np.int32), score, gain)


def orders(score: np.ndarray) -> Iterator[list[int]]:
    """Every order of the suggested candidates of one person in which no higher score comes after a lower one."""
    ranked = sorted((n for n in range(len(score)) if not np.isnan(score[n])), key=lambda n: -score[n])
    blocks = [list(block) for _, block in groupby(ranked, key=lambda n: score[n])]
    for chosen in product(*(permutations(block) for block in blocks)):
        yield [n for block in chosen for n in block]


def averaged(lists: Lists, plain: Callable[[list[float], np.ndarray], float]) -> list[float]:
    """Mean of a plain metric of (gains in order, all gains of the person) over all orders of ties."""
    out = []
    for person in range(lists.people):
        of = slice(lists.starts[person], lists.starts[person + 1])
        gain = np.nan_to_num(lists.gain[of])
        if not (gain > 0).any():
            out.append(NAN)
            continue
        found = [plain([float(gain[n]) for n in order], gain) for order in orders(lists.score[of])]
        out.append(float(np.mean(found)))
    return out


def plain_dcg(gains: Sequence[float], k: int) -> float:
    return sum(gain / np.log2(rank + 2) for rank, gain in enumerate(gains[:k]))


def plain_ndcg(gains: list[float], whole: np.ndarray, k: int) -> float:
    return plain_dcg(gains, k) / plain_dcg(sorted(whole, reverse=True), k)


def plain_ap(gains: list[float], whole: np.ndarray, k: int) -> float:
    hits = [rank for rank, gain in enumerate(gains[:k], 1) if gain > 0]
    return sum(n / rank for n, rank in enumerate(hits, 1)) / min(int((whole > 0).sum()), k)


def plain_rr(gains: list[float], whole: np.ndarray, k: int) -> float:
    return next((1 / rank for rank, gain in enumerate(gains[:k], 1) if gain > 0), 0.0)


def plain_recall(gains: list[float], whole: np.ndarray, k: int) -> float:
    return sum(gain > 0 for gain in gains[:k]) / int((whole > 0).sum())


def plain_precision(gains: list[float], whole: np.ndarray, k: int) -> float:
    return sum(gain > 0 for gain in gains[:k]) / k


def plain_success(gains: list[float], whole: np.ndarray, k: int) -> float:
    return float(any(gain > 0 for gain in gains[:k]))
