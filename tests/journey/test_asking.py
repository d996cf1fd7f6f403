"""What to ask an organiser, and what a yes would be worth."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.errors import DataError
from matchengine.journey.asking import organiser_questions
from matchengine.records import Group
from matchengine.records.supports import SUPPORT_QUESTIONS, OrganiserQuestion
from tests.journey.easy import feeling, offering, opened, order, scene


def asked(barriers: dict[str, str], groups: list[dict[str, Any]], group_id: str = "g") -> list[OrganiserQuestion]:
    seen = scene(opened([feeling("a", barriers)], groups))
    return organiser_questions(
        seen, seen.pool.requester_row("a", seen.kind), seen.pool.tables["groups"].row_of[group_id]
    )


def test_a_yes_is_worth_the_places_it_moves_the_group_up() -> None:
    groups = [offering("g"), *(offering(f"h{n}", {"cost": 0.5 + n / 10}) for n in range(3))]
    [one] = asked({"cost": "strong"}, groups)
    assert (one.support, one.blocking, one.place_now, one.place_if_yes, one.gain) == ("cost", False, 4, 1, 3)
    assert one.question == SUPPORT_QUESTIONS["cost"]
    assert one.text == "If the answer is yes, it moves from place 4 to place 1."


def test_it_is_what_happens_when_the_organiser_says_yes() -> None:
    people = [feeling("a", {"cost": "strong", "time": "some"})]
    groups = [offering("g"), *(offering(f"h{n}", {"cost": n / 4, "time": 1 - n / 5}) for n in range(5))]
    made = opened(people, groups)
    seen = scene(made)
    found = organiser_questions(seen, 0, 0)
    assert {one.place_now for one in found} == {1 + order(made, "a").index("g")}
    for one in found:
        made.upsert(Group.model_validate(offering("g", {one.support: 1.0})))
        assert 1 + order(made, "a").index("g") == one.place_if_yes, one.support


def test_only_what_matters_and_is_unknown_is_asked_and_blocking_comes_first() -> None:
    barriers = {"cost": "strong", "childcare": "blocking", "time": "some", "transport": "strong"}
    groups = [offering("g", {"time": 0.5}), *(offering(f"h{n}", {"cost": 0.9, "childcare": 0.2}) for n in range(3))]
    found = asked(barriers, groups)
    assert found[0].support == "childcare"
    assert {one.support for one in found} == {"childcare", "cost", "transport"}
    assert [one.blocking for one in found] == [True, False, False]
    assert found[0].text.startswith("Confirm before going. ")
    assert not any("Confirm" in one.text for one in found[1:])


def test_nothing_is_asked_of_a_group_that_says_everything_or_for_whom_nothing_matters() -> None:
    assert asked({"cost": "strong"}, [offering("g", {"cost": 0.0}), offering("h")]) == []
    assert asked({}, [offering("g"), offering("h")]) == []


@pytest.mark.parametrize("groups", range(1, 5))
def test_it_does_not_matter_how_many_groups_there_are(groups: int) -> None:
    """As many groups as answers: the repeated row must not be taken for the whole table."""
    barriers = {"cost": "strong", "time": "some", "language": "strong"}
    others = [offering(f"h{n}", {"cost": 1, "time": 1, "language": 1}) for n in range(groups - 1)]
    found = asked(barriers, [*others, offering("g")])
    assert [one.place_now for one in found] == [groups] * 3
    assert [one.place_if_yes for one in found] == [groups] * 3


def test_people_have_no_organiser() -> None:
    made = opened([feeling("a")], [offering("g")])
    with pytest.raises(DataError, match="no supports"):
        organiser_questions(scene(made, "mentor"), 0, 0)
