"""The page of a plan: its numbers, its pairs, who has nobody, and who decided."""

from __future__ import annotations

from matchengine.report import render_page
from tests.report.drafts import plan
from tests.report.reading import headings, parsed, rows, text_of


def section(page: str, anchor: str) -> str:
    """Return the text of one section."""
    return next(text_of(n) for n in parsed(page).iter("section") if n.attrib["id"] == anchor)


def test_the_key_figures_are_those_of_the_summary() -> None:
    figures = {text_of(d[0]): text_of(d[1]) for d in parsed(render_page(plan())).iterfind(".//dl/div")}
    assert figures["People looking"] == "3 mentee"
    assert figures["With somebody"] == "2 3 pairs"
    assert figures["Who got nobody"] == "1"
    assert figures["Score of a pair, on average"] == "70.0 lowest: 60.0"
    assert figures["Points given up against the highest sum"] == "12.5 %"
    assert figures["Pairs that stay"] == "1 people whose pairs changed: 1"


def test_what_fairness_costs_is_left_out_where_it_was_not_computed() -> None:
    made = plan()
    numbers = made.summary.model_copy(update={"most_total": None})
    page = render_page(made.model_copy(update={"summary": numbers}))
    assert "What this way of deciding costs" not in page
    assert "What this way of deciding costs" in render_page(made)


def test_every_pair_stands_with_its_reasons_and_who_decided_it() -> None:
    pairs = section(render_page(plan()), "pairs")
    assert "by a coordinator (decision 2), locked, kept" in pairs
    assert "80.0 points, 75 % known" in pairs
    assert pairs.count("Both speak of data.") == 3
    assert pairs.count("Knows no faces.") == 1
    names = [text for level, text in headings(parsed(render_page(plan()))) if level == 3]
    assert names.count("e1") == names.count("e2") == 1


def test_who_has_nobody_is_told_why_and_what_would_help() -> None:
    told = section(render_page(plan()), "without")
    assert "No common time." in told
    assert "m3: No common time." in told
    assert "m2, 42.5 points:" in told
    assert "One more evening would do." in told
    assert "Nobody looks for this." in told
    assert "Running matches take all places of e4." in told


def test_the_load_counts_pairs_and_places() -> None:
    page = render_page(plan())
    drawing = next(n for n in parsed(page).iter("svg") if "load-t" in n.attrib["aria-labelledby"])
    assert text_of(list(drawing)[1]) == "m1: 2; m2: 1; m3: 0"
    assert "2; places: 2" in text_of(drawing)
    assert "With nobody in this plan: 1 of 3." in section(page, "load")


def test_the_record_tells_what_changed_and_who_decided() -> None:
    record = section(render_page(plan()), "record")
    assert "m3 dropped out." in record
    told = rows(parsed(render_page(plan())))
    assert ["2", "2026-03-09", "locked", "e1 : m1", "lead", "They know."] in told
    assert ["3", "2026-03-09", "left out", "m9", "lead", ""] in told


def test_a_published_plan_says_so_and_an_empty_one_has_a_page() -> None:
    published = render_page(plan().model_copy(update={"status": "published"}))
    assert "This plan is published." in published
    assert "is a draft" not in published
    empty = plan().model_copy(
        update={"pairs": (), "unmatched": (), "already": (), "places_left": {}, "alternates": (), "moves": ()}
    )
    anchors = [node.attrib["id"] for node in parsed(render_page(empty)).iter("section")]
    assert anchors == ["summary", "record", "guide", "origin"]
