"""The experiments on history: the protocol on invented meetings, and the figures where the data are."""

from __future__ import annotations

import numpy as np
import pytest
from eval.data import MissingDataError, data_file
from eval.history import Meeting, auc, history_of, later_pairs, score

from eval import history


def evening(size: int = 8, seed: int = 1) -> list[Meeting]:
    """Everybody of one side meets everybody of the other; who says yes readily and who is liked differ."""
    rng = np.random.default_rng(seed)
    names = [f"{side}{n}" for side in "lr" for n in range(size)]
    ready, liked = ({name: rng.normal(0, 2) for name in names} for _ in range(2))
    met = []
    for n in range(size):
        for step in range(size):
            one, other = f"l{n}", f"r{(n + step) % size}"
            for a, b in ((one, other), (other, one)):
                yes = bool(rng.random() < 1 / (1 + np.exp(-ready[a] - liked[b])))
                met.append(Meeting(a, b, "1", step + 1, yes))
    return met


def test_history_is_the_first_half_of_each_evening_and_outcomes_the_second() -> None:
    met = evening()
    first, later = history_of(met), later_pairs(met)
    assert len(first) == len(met) // 2 == len(later)
    assert max(each.round for each in first) == 4
    assert not {(each.who, each.other) for each in first} & later.keys()
    assert all(later[a, b] == later[b, a] for a, b in later)
    swapped = [
        Meeting("l0", "late", "1", 8, True),
        Meeting("late", "l0", "1", 1, True),
        Meeting("late", "l1", "1", 4, True),
    ]
    assert not any("late" in pair for pair in later_pairs([*met, *swapped]))


def test_auc_counts_ties_half() -> None:
    assert auc(np.array([3.0, 1, 2]), np.array([True, False, False])) == 1
    assert auc(np.array([1.0, 1, 0]), np.array([True, False, False])) == 0.75
    assert np.isnan(auc(np.array([1.0, 2]), np.array([True, True])))


@pytest.mark.parametrize("evenings", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_both_sides_beat_one_where_both_matter(evenings: int) -> None:
    found = [score(evening(16, seed)) for seed in range(evenings)]
    means = {way: np.mean([v for each in found for v in each[way].values()]) for way in history.WAYS}
    assert means["both"] > means["requester_only"] + 0.05
    assert means["both"] > means["candidate_only"] + 0.05


@pytest.mark.slow
def test_the_figures_on_real_meetings() -> None:
    try:
        data_file("speed_dating", "speed_dating_waves_1_9.csv.gz")
    except MissingDataError as missing:
        pytest.skip(str(missing))
    document, tables = history.run()
    found = document["results"]
    assert found["both"]["waves"] - found["requester_only"]["waves"] >= 0.05
    assert found["gain"]["over_people"]["low"] > 0
    assert found["both"]["by_wave"]["6"] == found["requester_only"]["by_wave"]["6"] == 0.5
    assert tables.count("\n") == len(history.WAYS) + 1


def test_attendance_is_read_without_names() -> None:
    pytest.importorskip("networkx")
    went = history.attendance()
    assert (len(went), sum(len(events) for events in went.values())) == (18, 89)
    assert all(woman.startswith("w") and woman[1:].isdigit() for woman in went)
