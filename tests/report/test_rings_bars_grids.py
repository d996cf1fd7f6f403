"""Pictures of drafts: rings and chains, bars, tables by rounds, groups in a week."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.report.bars import MOST_BARS, amount_bars, parts_of_whole
from matchengine.report.grids import MOST_ROWS, meeting_week, seating
from matchengine.report.rings import MOST_LINKS, chain, ring
from matchengine.report.shapes import WIDTH, Svg
from tests.report.reading import text_of


def tree(drawing: Svg) -> Tree.Element:
    """Return the picture as a tree."""
    return Tree.fromstring(drawing)  # noqa: S314 (our own picture)


def kinds(drawing: Svg, kind: str) -> list[Tree.Element]:
    """Return the shapes of a class."""
    return [node for node in tree(drawing) if node.get("class") == kind]


def inside(drawing: Svg) -> bool:
    """Whether every rectangle lies within the picture."""
    root = tree(drawing)
    tall = float(root.attrib["viewBox"].split()[-1])
    boxes = [[float(r.attrib[k]) for k in ("x", "y", "width", "height")] for r in root.iter("rect")]
    return all(x >= 0 and y >= 0 and x + w <= WIDTH + 0.1 and y + h <= tall + 0.1 for x, y, w, h in boxes)


@pytest.mark.parametrize("links", [1, 2, 3, 4, 5, 9])
def test_a_ring_has_each_person_once_and_comes_back(links: int) -> None:
    drawing = ring("r", "Ring", [f"m{n}" for n in range(links)], [(f"e{n}", "gain") for n in range(links)])
    assert len(kinds(drawing, "link")) == links
    assert len(kinds(drawing, "arrow")) == len(kinds(drawing, "head")) == 2 * links
    assert len(kinds(drawing, "station")) == links + (links > 4)
    assert text_of(list(tree(drawing))[1]).endswith(f"e{links - 1} (gain) → m0")
    assert inside(drawing)


@pytest.mark.parametrize("links", [2, 3, 4])
def test_boxes_of_a_ring_do_not_touch(links: int) -> None:
    drawing = ring("r", "Ring", ["m"] * links, [("e", "gain")] * links)
    boxes = [[float(r.attrib[k]) for k in ("x", "y", "width", "height")] for r in tree(drawing).iter("rect")]
    for place, (x, y, w, h) in enumerate(boxes):
        for u, v, p, q in boxes[:place]:
            assert x + w < u or u + p < x or y + h < v or v + q < y


def test_a_long_chain_is_cut_and_says_so() -> None:
    many = MOST_LINKS + 3
    drawing = chain("c", "Chain", [f"m{n}" for n in range(many + 1)], [(f"e{n}", "") for n in range(many)])
    assert len(kinds(drawing, "link")) == MOST_LINKS
    assert "3 more are in the table." in text_of(tree(drawing))
    assert f"e{many - 1}" in text_of(list(tree(drawing))[1])


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=30))
def test_bars_stay_in_the_picture_and_keep_their_proportion(amounts: list[float]) -> None:
    drawing = amount_bars("b", "Bars", [(f"row {n}", amount, f"{amount:.1f}") for n, amount in enumerate(amounts)])
    bars = kinds(drawing, "demand")
    assert len(bars) == min(len(amounts), MOST_BARS)
    assert inside(drawing)
    widths = [float(bar.attrib["width"]) for bar in bars]
    shown = [abs(amount) for amount in amounts[:MOST_BARS]]
    longest = max(range(len(shown)), key=shown.__getitem__)
    assert all(
        width == pytest.approx(widths[longest] * one / (shown[longest] or 1), abs=0.2)
        for width, one in zip(widths, shown, strict=True)
    )


def test_no_rows_make_no_picture() -> None:
    assert amount_bars("b", "Bars", []) == parts_of_whole("p", "Parts", []) == ""
    assert parts_of_whole("p", "Parts", [("People", ("with", 0), ("without", 0))]) == ""
    assert seating("s", "Seats", [], []) == meeting_week("w", "Week", {}) == ""


def test_parts_fill_the_width() -> None:
    drawing = parts_of_whole(
        "p", "Parts", [("People", ("with", 3), ("without", 1)), ("Places", ("taken", 4), ("free", 0))]
    )
    first, rest, all_taken = list(tree(drawing).iter("rect"))
    assert float(first.attrib["width"]) == pytest.approx(0.75 * WIDTH - 2)
    assert float(rest.attrib["x"]) + float(rest.attrib["width"]) == pytest.approx(WIDTH)
    assert float(all_taken.attrib["width"]) == pytest.approx(WIDTH)


def test_a_full_table_names_a_few_and_counts_the_rest() -> None:
    people = [f"p{n}" for n in range(7)]
    drawing = seating("s", "Seats", ["Round 1"], [("1", [people]), ("2", [[]])])
    shown = [text_of(n) for n in tree(drawing).iter("text")]
    assert [text for text in shown if text.startswith(("p", "and"))] == ["p0", "p1", "p2", "and 4 more"]
    assert "p6" in text_of(list(tree(drawing))[1])


def test_many_tables_are_cut_and_say_so() -> None:
    rows = [(str(n), [["a", "b"]]) for n in range(MOST_ROWS + 5)]
    assert "5 more are in the table." in text_of(tree(seating("s", "Seats", ["Round 1"], rows)))


def test_numbers_of_groups_that_do_not_fit_are_counted() -> None:
    drawing = meeting_week("w", "Week", {("mon", "evening"): list(range(1, 120)), ("tue", "morning"): [3, 12]})
    shown = [text_of(n) for n in tree(drawing).iter("text")]
    assert "119 groups" in shown
    assert "3, 12" in shown
    assert not [text for text in shown if re.fullmatch("Night|Afternoon", text)]
