"""The histogram of years between people: cells, target, what is not told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchengine as me
from matchengine.planning.generations import GAP_TARGET, divergence, gap_histogram, told

NAN = float("nan")
CELLS = (0.0, 8.0, 15.0, 25.0, 35.0, 60.0)


def years(*counts: int, unknown: int = 0) -> np.ndarray:
    """Gaps that fall into the cells as often as told."""
    inside = [start + 1.0 for start in CELLS]
    return np.repeat([*inside, NAN], [*counts, *[0] * (6 - len(counts)), unknown])


def test_cells_shares_and_target() -> None:
    told_of = gap_histogram(years(10, 20, 30, 20, 10, 10), kind="partner")
    assert [(c.from_years, c.to_years) for c in told_of.cells] == list(zip(CELLS, [*CELLS[1:], None], strict=True))
    assert [c.pairs for c in told_of.cells] == [10, 20, 30, 20, 10, 10]
    assert [c.share for c in told_of.cells] == pytest.approx([0.1, 0.2, 0.3, 0.2, 0.1, 0.1])
    assert [c.target for c in told_of.cells] == pytest.approx(list(GAP_TARGET.values()))
    assert (told_of.pairs, told_of.kind, told_of.least) == (100, "partner", 10)


def test_borders_belong_to_the_cell_they_begin() -> None:
    assert [c.pairs for c in gap_histogram(np.repeat([0.0, 8.0], 10)).cells][:2] == [10, 10]


def test_the_divergence_is_zero_on_target_and_grows_away_from_it() -> None:
    target = {0.0: 1.0, 20.0: 3.0}
    spread = [gap_histogram(np.repeat([5.0, 30.0], n), target).divergence for n in ((25, 75), (40, 60), (75, 25))]
    assert spread[0] == pytest.approx(0)
    assert spread == sorted(spread)
    silent = np.append(np.repeat([5.0, 30.0], (25, 75)), np.full(40, NAN))
    assert gap_histogram(silent, target).divergence == pytest.approx(0)  # gaps nobody told are no part of the spread
    p, q = np.array([0.25, 0.75]), 0.99 * np.array([0.75, 0.25]) + 0.01 * np.array([0.25, 0.75])
    assert spread[2] == pytest.approx(float((p * np.log(p / q)).sum()))
    assert np.isfinite(divergence(np.array([0.5, 0.5]), np.array([1.0, 0.0])))


def test_small_cells_are_not_told_nor_what_would_give_them_away() -> None:
    told_of = gap_histogram(years(9, 20, 30, 40, 50, 60))
    assert [c.pairs for c in told_of.cells] == [None, None, 30, 40, 50, 60]  # 9 alone could be worked out
    assert (told_of.unknown, told_of.pairs) == (None, 209)
    assert [c.pairs for c in gap_histogram(years(0, 20, 30, 40, 50, 60)).cells] == [None, 20, 30, 40, 50, 60]
    told_of = gap_histogram(years(3, 20, 30, 40, 50, 60, unknown=20))
    assert [c.pairs for c in told_of.cells] == [None, None, 30, 40, 50, 60]
    assert (told_of.unknown, told_of.pairs) == (20, 223)
    assert all((cell.pairs is None) == (cell.share is None) for cell in told_of.cells)


def test_the_divergence_follows_from_what_is_told() -> None:
    """Moving pairs between cells that are not told changes nothing that is told."""
    one, other = gap_histogram(years(3, 8, 30, 40, 2, 1)), gap_histogram(years(8, 1, 30, 40, 1, 4))
    assert one == other
    assert one.divergence is not None
    assert gap_histogram(years(3, 2, 1)).divergence is None


def test_nothing_at_all() -> None:
    told_of = gap_histogram(np.zeros(0))
    assert [c.pairs for c in told_of.cells] == [None] * 6
    assert (told_of.pairs, told_of.unknown, told_of.divergence) == (0, None, None)


@given(counts=st.lists(st.integers(0, 40), min_size=2, max_size=8), least=st.integers(5, 12))
def test_what_is_not_told_cannot_be_worked_out(counts: list[int], least: int) -> None:
    shown = told(np.array(counts), least)
    hidden = [count for count, seen in zip(counts, shown, strict=True) if not seen]
    assert all(count >= least for count, seen in zip(counts, shown, strict=True) if seen)
    assert not sum(hidden) or (len(hidden) > 1 and sum(hidden) >= least) or not shown.any()


@pytest.mark.parametrize(
    ("target", "least"),
    [
        ({}, 10),
        ({5.0: 1.0}, 10),
        ({0.0: -1.0, 9.0: 2.0}, 10),
        ({0.0: 0.0}, 10),
        ({0.0: NAN}, 10),
        ({0.0: 1.0}, 4),
    ],
)
def test_a_target_that_cannot_be_used_is_refused(target: dict[float, float], least: int) -> None:
    with pytest.raises(me.MatchEngineError):
        gap_histogram(years(10), target, least)
