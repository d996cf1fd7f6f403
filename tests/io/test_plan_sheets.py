"""What the sheets of a plan hold, and that its pairs can be read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from matchengine.io import Sheet, read_relationships, write_csv
from matchengine.io.plan_sheets import sheets_of_plan
from matchengine.io.sheets import PAIR_MARKS
from tests.report.drafts import plan


def titled(title: str) -> Sheet:
    """Return a sheet of the plan by its title."""
    return next(sheet for sheet in sheets_of_plan(plan()) if sheet.title == title)


def by_key(sheet: Sheet, row: int) -> dict[str, object]:
    """Return a row by its headers."""
    return dict(zip(sheet.header, sheet.rows[row], strict=True))


def test_a_plan_has_its_sheets_in_order() -> None:
    assert [sheet.title for sheet in sheets_of_plan(plan())] == [
        *("Summary", "Pairs", "mentee", "mentor", "Who got nobody", "Free places", "Next best", "Changed"),
        "Decisions",
    ]


def test_the_summary_tells_what_was_decided_and_how() -> None:
    figures = dict(titled("Summary").rows)
    expected = {
        **{"Status": "draft", "Decided by": "nobody left out", "People looking": 3, "People with somebody": 2},
        **{"People who got nobody": 1, "Score, lowest of all pairs": 60, "Highest sum that is possible": 240},
        **{"Pairs that stay": 1, "Finding 1": "2 of 3 who look have somebody.", "Method": "leximin"},
        **{"Note 1": "A demand does not apply to e9.", "As of": date(2026, 3, 9)},
    }
    assert {key: figures[key] for key in expected} == expected
    assert "Not reproducible" not in figures


def test_pairs_have_the_columns_of_suggestions_and_who_decided() -> None:
    pairs = titled("Pairs")
    assert set(pairs.header) >= PAIR_MARKS
    first = by_key(pairs, 0)
    assert (first["requester_id"], first["candidate_id"], first["rank"], first["score"]) == ("e1", "m1", 2, 60)
    assert (first["locked"], first["made_by"], first["decision"]) == ("yes", "coordinator", 2)
    assert first["standing"] == "kept"
    assert by_key(pairs, 1)["rank"] == 1


def test_the_importer_knows_the_pairs_again(tmp_path: Path) -> None:
    write_csv(tmp_path / "pairs.csv", titled("Pairs"))
    made = read_relationships(tmp_path / "pairs.csv")
    assert [(tie.person_id, tie.other_id) for tie in made.relationships] == [("e1", "m1"), ("e1", "m2"), ("e2", "m1")]


def test_everybody_has_a_row_in_the_sheet_of_their_side() -> None:
    assert titled("mentee").header == (
        *("id", "number of matches", "match 1", "match 1 score", "match 2", "match 2 score", "match details"),
    )
    assert [row[:6] for row in titled("mentee").rows] == [
        ("e1", 2, "m2", 80, "m1", 60),
        ("e2", 1, "m1", 70, None, None),
        ("e3", 0, None, None, None, None),
        ("e4", 0, None, None, None, None),
    ]
    assert [row[:4] for row in titled("mentor").rows] == [
        ("m1", 2, "e2", 70),
        ("m2", 1, "e1", 80),
        ("m3", 0, None, None),
    ]


def test_who_has_nobody_is_told_why_what_is_near_and_what_would_help() -> None:
    without = titled("Who got nobody")
    assert without.rows[0] == (
        *("e3", "mentee", "No common time.", "m3: No common time.\nm2, 42.5 points: "),
        "One more evening would do.",
    )
    assert [row[:2] for row in without.rows] == [("e3", "mentee"), ("m3", "mentor"), ("e4", "mentee")]


def test_places_next_best_changes_and_decisions_are_listed() -> None:
    assert titled("Free places").rows == (("m1", 2, 0), ("m2", 1, 1), ("m3", 0, 1))
    assert titled("Next best").rows == (("e2", "m2", 55, "fair", "yes"),)
    assert titled("Changed").rows == (("e1", "m1, m3", "m1, m2", "m3 dropped out."),)
    assert titled("Decisions").header[3:6] == ("requester_id", "candidate_id", "person_id")
    assert titled("Decisions").rows[1:] == (
        (2, date(2026, 3, 9), "locked", "e1", "m1", None, "lead", "They know."),
        (3, date(2026, 3, 9), "left out", None, None, "m9", "lead", ""),
    )
