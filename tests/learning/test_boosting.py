"""Boosting is refused where it would learn noise, and is monotone where it is compared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from matchengine.errors import DataError, MissingExtraError
from matchengine.learning import boosting
from matchengine.learning.adoption import seal_of
from matchengine.learning.boosting import FEWEST_PAIRS, compare_boosting, with_boosting
from matchengine.learning.preferences import Said
from tests.learning.programme import cohorts, learned, loaded, rankings
from tests.learning.tables import permuted, table


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Trees of so few rows are grown on one thread: several wait for each other many times as long as they work."""
    with threadpool_limits(1):
        yield


def test_few_preferences_are_refused_with_the_number_that_is_needed() -> None:
    with pytest.raises(DataError, match=f"needs {FEWEST_PAIRS} preferences.*there are 200"):
        compare_boosting(table(50, 4))


@pytest.mark.slow
def test_forced_it_is_compared_on_people_held_out_and_deterministic() -> None:
    made = table(60, 5, missing=0.1)
    found = compare_boosting(made, forced=True)
    assert found == compare_boosting(made, forced=True)
    assert (found.judges, found.preferences) == (60, 300)
    assert found.weights > 0.85
    assert 0.6 < found.boosting <= found.weights + 0.02  # too few for trees, as was measured


def test_which_of_two_is_named_first_decides_nothing() -> None:
    made = table(40, 3)
    same = replace(made, values=np.full_like(made.values, 0.5))
    assert compare_boosting(same, forced=True).boosting == 0.5
    assert abs(compare_boosting(permuted(made), forced=True).boosting - 0.5) < 0.15


def test_one_person_cannot_be_held_out() -> None:
    with pytest.raises(DataError, match="at least two people"):
        compare_boosting(table(1, 5), forced=True)


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(MissingExtraError, match=r"matchengine\[lexical\]"):
        compare_boosting(table(10, 2), forced=True)


def test_beside_a_proposal_a_refusal_is_told_in_words_and_a_comparison_moves_no_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = loaded(45, 9)
    told = Said(rankings=rankings(made), cohorts=cohorts(made))
    scene, proposal = made._scene("mentor"), learned(made, told)
    few = with_boosting(scene, told, proposal)
    assert few.boosting is not None
    assert few.boosting.weights is None
    assert f"boosting needs {FEWEST_PAIRS} preferences, below which it learns noise; there are 450" in few.boosting.text
    monkeypatch.setattr(boosting, "FEWEST_PAIRS", 400)
    compared = with_boosting(scene, told, proposal)
    assert compared.boosting is not None
    assert compared.boosting.boosting is not None
    assert "never what is adopted" in compared.boosting.text
    for each in (few, compared):
        assert each.seal == seal_of(each)
        assert each.model_copy(update={"boosting": None, "seal": proposal.seal}) == proposal
