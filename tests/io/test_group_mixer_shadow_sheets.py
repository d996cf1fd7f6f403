"""What the sheets of groups, of a mixer and of shadow prices hold."""

from __future__ import annotations

from datetime import date

from matchengine.io import Sheet
from matchengine.io.group_sheets import sheets_of_groups
from matchengine.io.mixer_sheets import sheets_of_mixer
from matchengine.io.shadow_sheets import sheets_of_shadow
from tests.report.drafts import groups, mixer, shadow


def titled(found: list[Sheet], title: str) -> Sheet:
    """Return a sheet by its title."""
    return next(sheet for sheet in found if sheet.title == title)


def by_key(sheet: Sheet, row: int) -> dict[str, object]:
    """Return a row by its headers."""
    return dict(zip(sheet.header, sheet.rows[row], strict=True))


def test_every_member_and_leader_of_a_group_has_a_row() -> None:
    members = titled(sheets_of_groups(groups()), "Members")
    assert [row[:2] for row in members.rows] == [(1, "f1"), (1, "p1"), (1, "p2"), (1, "p3"), (4, "p4"), (4, "p5")]
    assert by_key(members, 0)["leads it"] == "yes"
    assert by_key(members, 1)["could teach"] == "bookkeeping (2 others look for it)"
    assert by_key(members, 1)["with"] == "f1, p2, p3"
    assert by_key(members, 2)["put there by a coordinator"] == "yes"
    assert by_key(members, 4)["when"] is None


def test_groups_have_their_times_and_numbers_and_who_is_in_none_a_reason() -> None:
    found = sheets_of_groups(groups())
    first = by_key(titled(found, "Groups"), 0)
    assert (first["first meeting"], first["minutes"], first["language"]) == (date(2026, 3, 17), 60, "en")
    assert (first["worth"], first["members"], first["given up"]) == (0.41, "p1, p2, p3", "the size aimed for")
    nearest = "Group 1: it meets when they are not free."
    assert titled(found, "In no group").rows == (("p6", "No group meets when they are free.", nearest),)
    figures = dict(titled(found, "Summary").rows)
    assert figures["People in no group"] == 1
    assert figures["Only ones of their kind in a group"] == "a few, not told apart"


def test_a_card_says_where_somebody_sits_and_with_whom() -> None:
    found = sheets_of_mixer(mixer())
    assert [sheet.title for sheet in found] == ["Summary", "Cards", "Tables", "Nobody to meet here"]
    cards = titled(found, "Cards")
    assert cards.header == (
        *("id", "number of rounds", "sits out in rounds", "round 1 (18:00): table", "round 1 (18:00): with"),
        *("round 2 (18:12): table", "round 2 (18:12): with"),
    )
    assert cards.rows[0] == ("p1", 2, None, 1, "p2", 1, "p3")
    assert cards.rows[-1] == ("p5", 0, "2", None, None, None, None)


def test_tables_stand_by_rounds_and_who_sits_out_below_them() -> None:
    found = sheets_of_mixer(mixer())
    assert titled(found, "Tables").rows == (
        (1, "p1, p2", "p1, p3"),
        (2, "p3, p4", "p2, p4"),
        ("sit out", None, "p5"),
    )
    assert titled(found, "Nobody to meet here").rows == (("p9", "There is nobody to meet."),)
    assert dict(titled(found, "Summary").rows)["Rounds start at"] == "18:00, 18:12"


def test_prices_stand_in_one_table() -> None:
    found = sheets_of_shadow(shadow())
    assert titled(found, "What would help").rows == (
        ("one more place", "m1", None, None, None, None, 1, 38.6),
        ("one more place", "m2", None, None, None, None, 0, -4),
        ("candidate", None, "helps with film editing", "film editing", None, None, 2, 101.25),
        ("candidate with several properties", None, "speaks Arabic", None, "ar", "tue-evening", 3, 140),
    )
    assert dict(titled(found, "Summary").rows)["Ordered by"] == "more people served"
