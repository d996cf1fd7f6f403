"""Satisfaction, responses and agreement: nothing made up, nobody shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchengine.learning.kpi.satisfaction import both_sides, satisfaction
from matchengine.records import Feedback
from tests.learning.kpi.cases import answer, day, row, tie, window


def unnamed(n: int, rating: int) -> Feedback:
    return answer(n, "90_days", rating, person_id=None, anonymous=True)


def test_who_did_not_answer_is_counted_and_stands_in_no_mean() -> None:
    table = satisfaction(
        window(relationships=[tie(n) for n in range(10)], feedback=[answer(n, "90_days", 4) for n in range(6)])
    )
    mean = row(table, "satisfaction.requester.mid.mean")
    assert (mean.value, mean.n, mean.missing) == (4.0, 6, 4)
    response = row(table, "satisfaction.requester.mid.response")
    assert (response.value, response.n, response.missing) == (0.6, 10, 4)


def test_share_of_four_or_five() -> None:
    feedback = [answer(n, "90_days", rating) for n, rating in enumerate([1, 2, 3, 4, 5, 5, 3, 4])]
    table = satisfaction(window(relationships=[tie(n) for n in range(8)], feedback=feedback))
    assert row(table, "satisfaction.requester.mid.good").value == 0.5


def test_a_wave_that_has_not_come_is_not_missing() -> None:
    ties = [tie(n, started=day(500)) for n in range(8)]
    table = satisfaction(window(relationships=ties, today=day(540)))
    response = row(table, "satisfaction.requester.mid.response")
    assert (response.value, response.n) == (None, 0)


def test_the_latest_answer_of_a_wave_counts_in_whatever_order_the_file_is() -> None:
    early, late = datetime(2025, 4, 8, tzinfo=UTC), datetime(2025, 4, 20, tzinfo=UTC)
    twice = [answer(0, "90_days", 1, given_at=early), answer(0, "90_days", 5, given_at=late)]
    others = [answer(n, "90_days", 5) for n in range(1, 5)]
    ties = [tie(n) for n in range(5)]
    for order in (twice, twice[::-1]):
        table = satisfaction(window(relationships=ties, feedback=[*order, *others]))
        assert row(table, "satisfaction.requester.mid.mean").value == 5.0


def test_few_answers_are_hidden_with_all_their_counts() -> None:
    table = satisfaction(
        window(relationships=[tie(n) for n in range(10)], feedback=[answer(n, "90_days", 4) for n in range(4)])
    )
    for part in ("mean", "good", "response"):
        found = row(table, f"satisfaction.requester.mid.{part}")
        assert found.hidden
        assert (found.value, found.low, found.n, found.missing) == (None, None, None, None)


@pytest.mark.parametrize(("n", "mean"), [(4, 5.0), (5, 3.0)])
def test_answers_without_a_name_count_only_where_there_are_enough(n: int, mean: float) -> None:
    named = [answer(k, "90_days", 5) for k in range(5)]
    ties = [tie(k) for k in range(10)]
    table = satisfaction(window(relationships=ties, feedback=[*named, *(unnamed(5 + k, 1) for k in range(n))]))
    assert row(table, "satisfaction.requester.mid.mean").value == mean


def test_answers_about_strangers_and_after_today_are_left_out() -> None:
    feedback = [answer(n, "90_days", 4) for n in range(5)]
    later = answer(5, "90_days", 1, given_at=datetime(2026, 7, 9, tzinfo=UTC))
    stranger = answer(6, "90_days", 1, about_id="nobody")
    table = satisfaction(window(relationships=[tie(n) for n in range(8)], feedback=[*feedback, later, stranger]))
    assert row(table, "satisfaction.requester.mid.mean").n == 5


def test_both_sides_of_a_pair_stand_beside_each_other_with_their_gap() -> None:
    feedback = [answer(n, "90_days", 5) for n in range(6)]
    feedback += [answer(n, "90_days", rating, "candidate") for n, rating in enumerate([5, 4, 3, 2, 4, 3])]
    table = both_sides(window(relationships=[tie(n) for n in range(6)], feedback=feedback))
    assert row(table, "both_sides.satisfaction.mid.requester").value == 5.0
    assert row(table, "both_sides.satisfaction.mid.candidate").value == 3.5
    assert row(table, "both_sides.satisfaction.mid.gap").value == 1.5
    assert row(table, "both_sides.satisfaction.mid.agree").value == 0.5
    assert row(table, "both_sides.trust.mid.gap").value is None


def test_no_subtraction_from_the_means_of_everybody_leaves_one_answer() -> None:
    """One mentee more answered than the pairs compared: both means of the pairs would give their rating away."""
    feedback = [answer(n, "90_days", 5) for n in range(6)] + [answer(6, "90_days", 1)]
    feedback += [answer(n, "90_days", 4, "candidate") for n in range(6)]
    table = both_sides(window(relationships=[tie(n) for n in range(7)], feedback=feedback))
    for part in ("requester", "candidate", "gap"):
        assert row(table, f"both_sides.satisfaction.mid.{part}").hidden
    assert row(table, "both_sides.satisfaction.mid.agree").value == 1.0
