"""The pages of a round of swaps and of circles of skill exchange."""

from __future__ import annotations

import pytest

from matchengine.report import render_page
from tests.report.drafts import ledger, move, skill_circles, swap
from tests.report.reading import parsed, rows, text_of


def drawing(page: str, name: str) -> str:
    """Return what a screen reader says of a picture."""
    found = next(n for n in parsed(page).iter("svg") if f"{name}-t" in n.attrib["aria-labelledby"])
    return text_of(list(found)[1])


def test_an_exchange_is_drawn_from_mentor_to_mentor() -> None:
    page = render_page(ledger())
    assert drawing(page, "exchange-1-d") == (
        "m1 → e1 (gain 30.0) → m2; m2 → e2 (gain 20.5) → m3; m3 → e3 (gain 25.0) → m1"
    )
    assert drawing(page, "exchange-2-d") == "m4 → e4 (gain 12.0) → m5; m5 → e5 (gain 40.0) → m6"


def test_a_ring_is_drawn_in_its_order_whatever_the_order_of_its_moves() -> None:
    moves = (move("a", "A", "B", 10), move("c", "C", "A", 30), move("b", "B", "C", 20))
    made = ledger().model_copy(update={"exchanges": (swap("x", moves),)})
    said = drawing(render_page(made), "exchange-1-d")
    assert said == "A → a (gain 10.0) → B; B → b (gain 20.0) → C; C → c (gain 30.0) → A"


def test_an_exchange_stands_with_dates_gains_and_words() -> None:
    page = render_page(ledger())
    told = next(text_of(n) for n in parsed(page).iter("article") if n.attrib["id"] == "exchange-1")
    for text in (
        "Exchange 1, a circle of 3: proposed",
        "From 2026-06-01 to 2026-06-27; everybody returns on 2026-06-28. Yes from all by 2026-05-11.",
        "Said yes: e1 and m2.",
        "goals 35 (counts 100%): Offers of m2 are nearer.",
        "e1: You would work with m2.",
        "m2: e1 likes maps.",
        "Next best with e1: e1 to m3, e3 to m1",
        "2026-06-20: ask both sides how it goes",
    ):
        assert text in told
    chain = next(text_of(n) for n in parsed(page).iter("article") if n.attrib["id"] == "exchange-2")
    assert "m4 has nobody for this period." in chain


def test_an_exchange_that_came_to_nothing_says_only_that() -> None:
    told = next(text_of(n) for n in parsed(render_page(ledger())).iter("article") if n.attrib["id"] == "exchange-3")
    assert told == "Exchange 3, a circle of 2: came to nothing"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"proven": True}, "This is proven to be the best possible choice."),
        ({}, "No choice can be better than this one by more than 6.2%."),
        ({"bound": None, "gap": None}, "How near this is to the best possible choice is not known."),
        ({"reproducible": False}, "A clock stopped the search"),
    ],
)
def test_the_page_says_how_near_it_is_to_the_best(change: dict[str, object], sentence: str) -> None:
    assert sentence in render_page(ledger().model_copy(update=change))


def test_who_stays_and_what_others_would_prefer_is_told() -> None:
    page = render_page(ledger())
    assert ["(free place)", "m9", "The place is not needed."] in rows(parsed(page))
    assert ["e7 to m8, e8 to m7", "12.0, 14.0"] in rows(parsed(page))
    unknown = render_page(ledger().model_copy(update={"blocking_known": False, "blocking": ()}))
    assert "The round is too large" in unknown


def test_a_circle_of_skills_runs_from_teacher_to_learner() -> None:
    page = render_page(skill_circles())
    assert drawing(page, "circle-1-d") == "p1 → teaches (48.5 of 100) → p2; p2 → teaches (72.0 of 100) → p1"
    assert "p2 can teach bookkeeping." in page
    assert "p3" in page
