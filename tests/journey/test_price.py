"""What a demand costs: how many options remain, told to the person who makes it (domain.md C2)."""

from __future__ import annotations

from typing import Any

import pytest

import matchengine as me
from matchengine.components import specs_in
from matchengine.journey.price import price_of_wishes
from matchengine.records.price import PriceOfWishes
from matchengine.scorers.rules import wishes as rules
from matchengine.testing import World, check_all
from tests.properties.disclosing import LIFT, attributes, consents, holders, order, told_to, wishes
from tests.support import engine, mentee, mentor

LISTED = '[programme]\nmust_share = ["Faith"]\n'
DEMAND = {"attributes": attributes("faith:one", "heritage:east"), "wishes": wishes("important", "faith", must=True)}


def programme(extra: str = LISTED, demand: dict[str, Any] | None = None, **more: Any) -> me.Engine:
    """Return an engine: `open` and `hidden` share what is demanded, `hidden` tells nobody; `other` does not."""
    one = attributes("faith:one")
    people = [
        mentee("a", **(DEMAND if demand is None else demand)),
        mentor("open", attributes=one),
        mentor("hidden", attributes=one),
        mentor("partner", attributes=one),
        mentor("other", attributes=attributes("faith:two")),
        mentor("silent"),
        *holders(6, tokens=["faith:one"]),
    ]
    grants = [*told_to("members", "open", "other"), *told_to("matched_partner_after_both_accept", "partner")]
    made = engine(LIFT + extra)
    made.load(people, consents=[*consents(people), *grants], **more)
    return made


def price(made: me.Engine, who: str = "a") -> PriceOfWishes | None:
    scene = made._scene("mentor")
    return price_of_wishes(scene, made._pool.requester_row(who, scene.kind))


def test_the_rule_passes_the_kit() -> None:
    (spec,) = specs_in(rules)
    for world in (None, World(seed=1, missing=0.6), World(seed=2, missing=0.1)):
        assert check_all(spec, world=world) == []


def test_a_demand_leaves_those_who_openly_share_it_and_its_price_is_told() -> None:
    made = programme()
    assert order(made) == ["open"]
    found = price(made)
    assert found is not None
    assert (found.eligible, found.eligible_without) == (1, 5)
    assert found.text == ("You ask only for people who openly share what you named. Options that remain: 1 of 5.")


def test_silence_difference_and_secrecy_read_alike_and_no_reason_is_told() -> None:
    made = programme()
    for viewer in ("requester", "candidate"):
        told = {
            made.explain("a", who, "mentor", viewer).model_dump_json().replace(who, "?")  # type: ignore[arg-type]
            for who in ("hidden", "partner", "other", "silent", "nobody")
        }
        assert len(told) == 1
    assert made.excluded("a", "mentor") == {"not_available": 4}
    told = {
        made.explain("a", who, "mentor", "coordinator").model_dump_json().replace(who, "?")
        for who in ("hidden", "partner", "other", "silent")
    }
    assert len(told) == 1
    assert "personal boundary" in told.pop()


@pytest.mark.parametrize(
    "demand",
    [
        {},
        {**DEMAND, "wishes": wishes("important", "faith")},
        {**DEMAND, "wishes": wishes("important", "heritage", must=True)},
        {"wishes": wishes("important", "faith", must=True)},
    ],
    ids=["no wish", "no demand", "a dimension that is not listed", "nothing of one's own"],
)
def test_what_is_no_demand_costs_nothing(demand: dict[str, Any]) -> None:
    made = programme(demand=demand)
    assert price(made) is None
    assert len(order(made)) == 5


def test_a_programme_that_lists_nothing_knows_no_demand() -> None:
    made = programme(extra="")
    assert price(made) is None
    assert len(order(made)) == 5


def test_what_others_rules_take_is_no_part_of_the_price() -> None:
    tie = {"person_id": "open", "other_id": "a", "kind": "must_not"}
    found = price(programme(relationships=[tie]))
    assert found is not None
    assert (found.eligible, found.eligible_without) == (0, 4)
    assert found.text.endswith("Options that remain: 0 of 4.")
