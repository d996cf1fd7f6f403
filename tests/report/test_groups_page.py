"""The page of a draft of groups."""

from __future__ import annotations

from matchengine.report import render_page
from tests.report.drafts import groups
from tests.report.reading import parsed, rows, text_of


def test_figures_are_those_of_the_draft_and_a_few_are_not_told_apart() -> None:
    figures = {text_of(d[0]): text_of(d[1]) for d in parsed(render_page(groups())).iterfind(".//dl/div")}
    assert figures["People in a group"] == "5 of 6"
    assert figures["People in no group"] == "1"
    assert figures["Only ones of their kind in a group"] == "a few, not told apart"
    assert figures["Groups with a time that suits every member"] == "50 %"
    assert "Groups with a language that every member speaks" not in figures


def drawing(name: str) -> str:
    """Return what a screen reader says of a picture."""
    found = next(n for n in parsed(render_page(groups())).iter("svg") if f"{name}-t" in n.attrib["aria-labelledby"])
    return text_of(list(found)[1])


def test_a_group_stands_with_its_members_and_its_words() -> None:
    told = next(text_of(n) for n in parsed(render_page(groups())).iter("article") if n.attrib["id"] == "group-1")
    for text in (
        "Group 1: 3 members",
        "Tuesdays at 18:00 (Europe/London), by video, every week · language: English · led by: f1",
        "All of them work on a similar challenge.",
        "the size aimed for",
    ):
        assert text in told
    members = rows(parsed(render_page(groups())))
    assert ["f1", "", "leads the group"] in members
    assert ["p1", "bookkeeping (2 others look for it)", ""] in members
    assert ["p2", "", "put there by a coordinator"] in members
    assert drawing("group-1-d") == (
        "alike: 50.0; different in outlook: 30.0; can teach each other: 25.0; might split into two camps: 10.0"
    )
    assert "different in outlook" not in drawing("group-2-d")
    second = next(text_of(n) for n in parsed(render_page(groups())).iter("article") if n.attrib["id"] == "group-2")
    assert second.startswith("Group 4: 2 members")


def test_the_week_shows_numbers_of_groups_where_they_meet() -> None:
    root = parsed(render_page(groups()))
    week = next(n for n in root.iter("svg") if "week-t" in n.attrib["aria-labelledby"])
    assert text_of(list(week)[1]) == "Tue, Evening: 1"
    timeless = groups().model_copy(
        update={"groups": tuple(g.model_copy(update={"slot": None}) for g in groups().groups)}
    )
    assert "When each group meets" not in render_page(timeless)


def test_who_is_in_no_group_is_told_why() -> None:
    nearest = "Group 1: it meets when they are not free."
    assert ["p6", "No group meets when they are free.", nearest] in rows(parsed(render_page(groups())))
