"""What the sheets of a round of swaps and of circles of skill exchange hold."""

from __future__ import annotations

from datetime import date

from matchengine.io import Sheet
from matchengine.io.skill_circle_sheets import sheets_of_skill_circles
from matchengine.io.swap_sheets import sheets_of_swaps
from tests.report.drafts import ledger, skill_circles


def titled(found: list[Sheet], title: str) -> Sheet:
    """Return a sheet by its title."""
    return next(sheet for sheet in found if sheet.title == title)


def test_there_is_one_row_per_person_who_goes_and_none_of_what_came_to_nothing() -> None:
    moves = titled(sheets_of_swaps(ledger()), "Moves")
    rows = [dict(zip(moves.header, row, strict=True)) for row in moves.rows]
    assert [row["requester_id"] for row in rows] == ["e1", "e2", "e3", "e5", "e4"]
    first = rows[0]
    assert (first["from_candidate_id"], first["to_candidate_id"], first["form"]) == ("m1", "m2", "circle of 3")
    assert (first["starts"], first["ends"]) == (date(2026, 6, 1), date(2026, 6, 27))
    assert first["gain in words"] == "goals 35 (counts 100%): Offers of m2 are nearer."
    assert (first["mentee said yes"], first["mentor said yes"]) == ("yes", "yes")
    assert (rows[1]["mentee said yes"], rows[1]["least in this exchange"]) == (None, None)
    assert first["for the mentor"] == "e1 likes maps."


def test_the_summary_says_how_near_it_is_to_the_best() -> None:
    figures = dict(titled(sheets_of_swaps(ledger()), "Summary").rows)
    assert (figures["Value reached"], figures["At most possible"]) == (1.5, 1.6)
    assert figures["Proven to be the best possible"] == "no"
    assert (figures["Mentees in an exchange"], figures["Exchanges"]) == (5, 2)
    assert figures["Mentorings that stay as they are"] == 1
    assert figures["Before you go on 1"] == "Ask first."
    by_rank = dict(titled(sheets_of_swaps(ledger().model_copy(update={"objective": "ttc"})), "Summary").rows)
    assert "Value reached" not in by_rank


def test_exchanges_hold_dates_and_lists_and_the_rest_is_told() -> None:
    found = sheets_of_swaps(ledger())
    exchanges = titled(found, "Exchanges")
    rows = [dict(zip(exchanges.header, row, strict=True)) for row in exchanges.rows]
    assert [row["state"] for row in rows] == ["proposed", "proposed", "came to nothing"]
    assert rows[1]["mentor who has nobody for the period"] == "m4"
    assert rows[0]["next best"] == "e1: e1 to m3, e3 to m1"
    assert titled(found, "In no exchange").rows[1] == (None, "m9", "place_not_needed", "The place is not needed.")
    assert titled(found, "Preferred by all in them").rows == ((1, "e7 to m8, e8 to m7", 12.0, "12, 14"),)
    assert titled(found, "Decisions").rows == ((date(2026, 3, 9), "A round was planned."),)


def test_circles_of_skills_have_one_row_per_lesson() -> None:
    found = sheets_of_skill_circles(skill_circles())
    lessons = titled(found, "Lessons")
    assert lessons.header[:3] == ("circle", "learner_id", "teacher_id")
    assert lessons.rows[0] == (1, "p1", "p2", 72, "bookkeeping", "p2 can teach bookkeeping.", None)
    assert lessons.rows[1][-1] == "yes"
    assert titled(found, "In no circle").rows == (("p3",),)
    assert dict(titled(found, "Summary").rows)["Proven to be the best possible"] == "yes"
