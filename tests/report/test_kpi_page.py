"""The page of key figures."""

from __future__ import annotations

import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.records.kpi import KpiReport
from matchengine.report import page as page_module
from matchengine.report import render_page
from matchengine.report.kpi_page import kpi_page
from matchengine.report.steps import interval_bars, steps_down
from tests.report.kpi_drafts import report
from tests.report.reading import parsed, rows, shown, tags, text_of

ATTACK = "</style><script>x</script><b onclick=x>"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(page_module._PAGES, KpiReport, kpi_page)


def test_every_section_stands_in_order() -> None:
    root = parsed(render_page(report()))
    anchors = [node.attrib["id"] for node in root.iter("section")]
    assert anchors == [
        *("summary", "objectives", "funnel", "satisfaction", "both-sides", "continuity", "surveys", "by-group-6"),
        *("instruments", "alerts", "guide"),
    ]


def test_figures_have_their_interval_their_number_and_what_is_missing() -> None:
    found = rows(parsed(render_page(report())))
    assert ["satisfaction requester mid mean, mentees, after 90 days", "4.20", "3.90 … 4.50", "30", "12"] in found
    assert any(row[1:] == ["4.00", "4.00", "−0.25", "−0.50 … +0.00", "80 %", "30", "12"] for row in found)
    assert ["by region ripple north, north", "35 %", "", "30", ""] in found


def test_a_hidden_figure_is_a_word_and_no_number() -> None:
    found = rows(parsed(render_page(report())))
    assert ["satisfaction, mentors", "hidden", "", "", ""] in found


def test_what_it_cannot_tell_and_the_licences_stand_on_it() -> None:
    text = text_of(parsed(render_page(report())))
    assert text.count("Whether the programme caused it.") == 2
    assert "our own" in text
    assert "nace:R" in text


def test_what_comes_from_data_never_becomes_markup() -> None:
    page = render_page(report(ATTACK))
    assert "<script" not in page
    assert ("b", "onclick") not in tags(page).names
    assert ATTACK in " ".join(shown(parsed(page)))


def test_all_words_of_the_page_are_translated() -> None:
    with speaking(PSEUDO):
        page = kpi_page(report(), {})
    assert page.title.startswith("⟦")
    assert page.notice.startswith("⟦")


def test_a_final_report_says_so() -> None:
    assert "was declared before" in render_page(report().model_copy(update={"status": "final"}))


def test_a_report_of_nothing_has_a_page() -> None:
    empty = KpiReport(today=report().today, summary=("Nothing.",), cannot_tell=("Anything.",))
    assert "Nothing." in render_page(empty)


def test_the_curve_and_the_bars_can_be_read_aloud() -> None:
    curve = steps_down("c", "Matches", [(3, 0.9, 0.8, 0.95), (12, 0.6, None, None)])
    assert "after 3 months: 90 %; after 12 months: 60 %" in curve
    bars = interval_bars("b", "Values", [(f"row {n}", n - 2.0, None, None, str(n)) for n in range(20)])
    assert "row 0: 0" in bars
    assert "5 more are in the table." in bars
    assert steps_down("c", "x", []) == interval_bars("c", "x", []) == ""


def test_two_tables_by_group_have_places_of_their_own() -> None:
    found = report()
    other = found.tables[-1].model_copy(update={"key": "by_age_band"})
    root = parsed(render_page(found.model_copy(update={"tables": (*found.tables, other)})))
    anchors = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert len(anchors) == len(set(anchors))
