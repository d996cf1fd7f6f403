"""The map of unmet needs: everybody counted once, small numbers not told, gaps first."""

from __future__ import annotations

from typing import Any

from matchengine.engine import Engine
from matchengine.journey.unmet import unmet_needs
from matchengine.records.unmet import UnmetNeeds
from tests.journey.test_bundle import MORE, resource
from tests.support import engine, group, mentee, mentor


def person(number: int, goal: str, **more: Any) -> dict[str, Any]:
    """Return somebody with a goal of one kind."""
    text = "play chess with others" if goal == "community" else "learn sql for data work"
    return mentee(f"{goal}{number}", goals=[{"text": text, "kind": goal}], **more)


def mapped(made: Engine) -> UnmetNeeds:
    """Return the map over all kinds of match."""
    return unmet_needs({name: made._scene(name) for name in made.config.match})


def programme() -> Engine:
    """Return a programme whose people with a wish for company are reached by nobody."""
    lonely = {"interests": [{"text": "chess"}], "languages": [{"tag": "fi", "level": "native"}]}
    people = [person(n, "skill") for n in range(6)] + [person(n, "community", **lonely) for n in range(7)]
    people += [person(n, "business") for n in range(3)]
    made = engine(MORE)
    made.load(
        [*people, mentor("m", capacity={"mentor": 20})],
        [group("g", kind="hobby"), group("h", kind="library", topics=["stamps"])],
        resources=[resource("r")],
    )
    return made


def test_goals_nobody_serves_stand_first() -> None:
    found = mapped(programme())
    assert [(need.goal, need.people, need.unmet) for need in found.needs] == [("community", 7, 7), ("skill", 6, 0)]
    assert found.needs[1].reached["mentor"] == 6
    assert found.needs[1].reached["course"] == 6
    assert found.needs[1].reached["hobby"] == 0, "it is about walks"
    assert set(found.needs[0].reached) == {"mentor", "hobby", "library", "course"}
    assert found.summary == ("7 of 7 people whose main goal is meeting people have nothing yet that suits.",)


def test_of_fewer_than_five_nothing_is_told() -> None:
    found = mapped(programme())
    assert "business" not in {need.goal for need in found.needs}
    assert found.too_few == 4, "three who want a business, and the mentor, whose goal has no kind"


def test_a_partner_closes_the_gap() -> None:
    made = programme()
    made.load(
        [*(person(n, "community", interests=[{"text": "chess"}]) for n in range(7))],
        [group("club", kind="hobby", topics=["chess", "play chess with others"])],
    )
    [need] = mapped(made).needs
    assert (need.unmet, need.reached["hobby"]) == (0, 7)
    assert mapped(made).summary == ()


def test_nobody_is_no_error() -> None:
    made = engine()
    made.load([])
    assert mapped(made) == UnmetNeeds()
