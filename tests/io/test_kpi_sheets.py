"""Key figures as sheets."""

from __future__ import annotations

from matchengine.i18n import PSEUDO, speaking
from matchengine.io.kpi_sheets import sheets_of_kpi
from tests.report.kpi_drafts import report


def test_every_figure_is_a_row_and_a_hidden_one_has_no_number() -> None:
    found = report()
    _summary, figures, objectives, instruments, alerts = sheets_of_kpi(found)
    assert len(figures.rows) == len(found.measures())
    rows = {row[0]: row for row in figures.rows}
    hidden = rows["satisfaction.candidate.mid.mean"]
    assert hidden[6:11] == (None,) * 5
    assert hidden[11] == "yes"
    told = rows["satisfaction.requester.mid.mean"]
    assert told[3:11] == ("mentees", "after 90 days", None, 4.2, 3.9, 4.5, 30, 12)
    assert [row[9] for row in objectives.rows] == ["reached"]
    assert instruments.rows == (("ours", "confidence", "our own; bought", "yes"),)
    assert alerts.rows == (("nace:R", 1),)


def test_a_report_of_nothing_has_its_first_two_sheets() -> None:
    empty = report().model_copy(update={"objectives": (), "instruments": (), "alerts": ()})
    assert len(sheets_of_kpi(empty)) == 2


def test_headers_and_words_are_translated() -> None:
    with speaking(PSEUDO):
        sheets = sheets_of_kpi(report())
    words = [word for sheet in sheets for word in (sheet.title, *sheet.header) if word != "key"]
    assert all(word.startswith("⟦") for word in words)
