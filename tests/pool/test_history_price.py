"""What holding widespread groups back costs and brings."""

from __future__ import annotations

import numpy as np
import pytest
from tests.history_support import crowd, town

from matchengine.errors import DataError
from matchengine.pool.history_price import gini, protection_price


def test_gini() -> None:
    assert gini(np.array([3, 3, 3])) == 0
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([1, 3])) == pytest.approx(0.25)
    assert gini(np.zeros(3, np.int64)) == 0


def circles(seed: int = 4) -> dict[str, str]:
    """Three hundred people: two places where nearly everybody goes, and five circles with four small groups each."""
    rng = np.random.default_rng(seed)
    joined = {}
    for n in range(300):
        small = "cdefghijklmnopqrstuv"[4 * (n % 5) : 4 * (n % 5) + 4]
        joined[f"p{n}"] = "".join(g for g in "ab" + small if rng.random() < (0.7 if g in "ab" else 0.4))
    return joined


def test_holding_widespread_groups_back_brings_the_tail_at_a_price() -> None:
    """Where nearly everybody goes to two places, lists hold those two until they are held back."""
    plain, half, held = protection_price(town(circles())._pool, (0.0, 0.5, 1.0), k=2)
    assert plain.people == half.people == held.people > 200
    assert held.coverage > plain.coverage
    assert held.tail_recall > half.tail_recall > plain.tail_recall
    assert half.gini < plain.gini
    assert held.recall < half.recall < plain.recall


def test_the_price_is_told_for_nobody_alone() -> None:
    with pytest.raises(DataError, match="9 people joined two gatherings that count, expected at least 10"):
        protection_price(town(crowd("ab", each=9))._pool)


def test_it_is_the_same_every_time() -> None:
    joined = crowd("abc", "bcd", "cda", each=9)
    assert protection_price(town(joined)._pool) == protection_price(town(joined)._pool)
