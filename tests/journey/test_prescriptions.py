"""The cheapest supports for one person and one gathering."""

from __future__ import annotations

import pytest

from matchengine.errors import DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.journey.prescriptions import Arrangements, prescription_for
from matchengine.records import vocabulary as v
from matchengine.records.supports import SUPPORT_COSTS, SUPPORT_EFFECTS, SUPPORT_QUESTIONS, SUPPORT_TITLES, Prescription
from tests.journey.easy import feeling, offering, opened, scene


def prescribed(barriers: dict[str, str], supports: dict[str, float], **more: object) -> Prescription | None:
    made = opened([feeling("a", barriers)], [offering("g", supports), offering("h")])
    seen = scene(made)
    row = seen.pool.tables["groups"].row_of["g"]
    return prescription_for(seen, seen.pool.requester_row("a", seen.kind), row, **more)  # type: ignore[arg-type]


def test_a_day_pass_makes_it_reachable() -> None:
    found = prescribed({"transport": "blocking", "cost": "some"}, {"transport": 0, "cost": 1})
    assert found is not None
    assert (found.supports, found.cost) == (("transport",), SUPPORT_COSTS["transport"])
    assert (found.reach_now, found.reach_then) == (0, pytest.approx(SUPPORT_EFFECTS["transport"]))
    assert found.ask_first == ()
    assert not found.advocate
    assert found.text == "What would make “G” easy to come to: a day pass or a lift."


def test_where_it_is_reachable_nothing_is_prescribed() -> None:
    found = prescribed({"cost": "some"}, {"cost": 0})
    assert found is not None
    assert (found.supports, found.cost, found.text) == ((), 0, "")
    assert found.reach_now == found.reach_then == pytest.approx(0.7)
    silent = prescribed({}, {})
    assert silent is not None
    assert silent.reach_now == 1


def test_what_nobody_has_said_is_to_be_asked_first() -> None:
    found = prescribed({"childcare": "blocking", "transport": "strong"}, {"transport": 0.2})
    assert found is not None
    assert found.supports == ("childcare", "transport") or found.supports == ("transport", "childcare")
    assert found.ask_first == ("childcare",)
    assert found.reach_now == pytest.approx(0.2 * (1 - 0.6 * 0.8), abs=1e-4)


def test_none_where_no_support_is_enough() -> None:
    assert prescribed({"safety": "blocking", "exclusion": "blocking"}, {"safety": 0, "exclusion": 0}) is None
    assert prescribed({"safety": "blocking"}, {"safety": 0}, target=0.71) is None
    assert prescribed({"safety": "blocking"}, {"safety": 0}, target=0.7) is not None


def test_costs_and_effects_are_the_programmes_own() -> None:
    barriers, supports = {"childcare": "strong", "place": "strong"}, {"childcare": 0.0, "place": 0.0}
    given = [
        Arrangements(costs={"childcare": 1.0, "place": 9.0}),
        Arrangements(costs={"childcare": 9.0, "place": 1.0}),
    ]
    found = [prescribed(barriers, supports, target=0.35, arrangements=one) for one in given]
    assert [one.supports for one in found if one] == [("childcare",), ("place",)]
    weak = prescribed(barriers, supports, target=0.35, arrangements=Arrangements(effects={"childcare": 0.1}))
    assert weak is not None
    assert weak.supports == ("place",)
    with pytest.raises(DataError, match="childcare"):
        Arrangements(costs={"chidlcare": 1.0})
    with pytest.raises(DataError, match="after"):
        prescribed(barriers, supports, arrangements=Arrangements(effects={"childcare": 1.1}))


def test_people_have_no_supports() -> None:
    made = opened([feeling("a")], [offering("g")])
    with pytest.raises(DataError, match="mentor"):
        prescription_for(scene(made, "mentor"), 0, 0)


@pytest.mark.parametrize("table", [SUPPORT_TITLES, SUPPORT_QUESTIONS, SUPPORT_COSTS, SUPPORT_EFFECTS])
def test_every_barrier_has_a_support(table: dict[str, object]) -> None:
    assert tuple(table) == v.BARRIER_KINDS


def test_it_speaks_the_language_of_the_reader() -> None:
    with speaking(PSEUDO):
        found = prescribed({"transport": "blocking"}, {"transport": 0})
    assert found is not None
    assert "⟦" in found.text
