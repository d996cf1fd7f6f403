"""The page of shadow prices."""

from __future__ import annotations

from matchengine.report import render_page
from tests.report.drafts import shadow
from tests.report.reading import parsed, rows, text_of


def test_each_price_is_a_bar_and_a_row() -> None:
    root = parsed(render_page(shadow()))
    told = {n.attrib["id"]: text_of(n) for n in root.iter("section")}
    assert ["m1", "+1", "+38.6"] in rows(root)
    assert ["m2", "0", "−4.0"] in rows(root)
    assert ["helps with film editing", "+2", "+101.2"] in rows(root)
    bars = next(n for n in root.iter("svg") if "seats-points-t" in n.attrib["aria-labelledby"])
    assert text_of(list(bars)[1]) == "m1: +38.6; m2: −4.0"
    assert "One more who edits films would serve 2 more people." in told["summary"]


def test_a_measure_that_nothing_changes_has_no_picture() -> None:
    made = shadow()
    seats = tuple(one.model_copy(update={"served": 0}) for one in made.seats)
    page = render_page(made.model_copy(update={"seats": seats}))
    assert "seats-points-t" in page
    assert "seats-served-t" not in page


def test_where_nothing_helps_the_page_says_so() -> None:
    page = render_page(shadow().model_copy(update={"seats": (), "newcomers": (), "together": ()}))
    assert "No further place and no further candidate" in page
