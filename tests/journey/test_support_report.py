"""Which supports would open which groups to how many people, counted and never named."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.errors import DataError, UnknownIdError
from matchengine.journey.prescriptions import Arrangements
from matchengine.journey.support_report import LEAST, support_report
from matchengine.records.supports import GatheringSupports, SupportReport
from tests.journey.easy import feeling, offering, opened, scene


def people(**counts: int) -> list[dict[str, Any]]:
    """Return so many people with each set of blocking barriers, named `childcare__transport`; `none` has none."""
    return [
        feeling(f"{name}-{n}", {} if name == "none" else dict.fromkeys(name.split("__"), "blocking"))
        for name, count in counts.items()
        for n in range(count)
    ]


SHUT = {"childcare": 0.0, "transport": 0.0}


def reported(everybody: list[dict[str, Any]], *groups: dict[str, Any], **more: Any) -> SupportReport:
    return support_report(scene(opened(everybody, groups or [offering("g", SHUT)])), **more)


def opens(one: GatheringSupports) -> dict[tuple[str, ...], int | None]:
    return {tuple(sorted(fix.supports)): fix.opens for fix in one.fixes}


def test_childcare_would_open_it_to_fourteen_people() -> None:
    report = reported(people(childcare=14, none=9))
    [one] = report.gatherings
    assert (one.candidate_id, one.title, one.waiting) == ("g", "G", 14)
    [fix] = one.fixes
    assert (fix.supports, fix.opens, fix.cost) == (("childcare",), 14, 3.0)
    assert fix.text == "“G” with childcare during the meeting: open to 14 more people."
    assert (report.kind, report.least, report.target) == ("easy", LEAST, 0.5)


def test_who_needs_two_supports_is_opened_by_both_together() -> None:
    [one] = reported(people(childcare=6, transport=5, childcare__transport=7)).gatherings
    assert one.waiting == 18
    assert opens(one) == {("childcare", "transport"): 18, ("childcare",): 6, ("transport",): 5}
    assert one.fixes[0].cost == pytest.approx(4)


def test_most_people_come_first_then_the_cheaper_one() -> None:
    [one] = reported(people(childcare=6, transport=6)).gatherings
    assert [fix.supports for fix in one.fixes] == [("transport",), ("childcare",)]
    made = reported(people(childcare=6), offering("g", {"childcare": 1}), offering("h", SHUT), offering("i", SHUT))
    assert [each.candidate_id for each in made.gatherings] == ["h", "i"]


def test_only_people_whom_nothing_else_keeps_away_are_counted() -> None:
    """Mode, a boundary and membership keep three of nine away; support that is there already, two more."""
    everybody = people(childcare=9)
    everybody[0] |= {"modes": ["phone"]}
    everybody[1] |= {"boundaries": [{"kind": "group_kind", "value": "sport_walk"}]}
    report = reported(everybody)
    assert [one.waiting for one in report.gatherings] == [7]
    assert reported(everybody, offering("g", {"childcare": 0.9})).gatherings == ()
    without = scene(opened(everybody, [offering("g", SHUT)], consents=[]))
    assert support_report(without).gatherings == ()


def test_fewer_than_five_are_not_told_apart() -> None:
    told = [reported(people(childcare=n, transport=8)) for n in (1, 4)]
    for one in (report.gatherings[0] for report in told):
        assert opens(one) == {("transport",): 8, ("childcare",): None}
        assert one.waiting is None
    assert told[0] == told[1]
    assert opens(reported(people(childcare=5, transport=8)).gatherings[0])[("childcare",)] == 5
    assert "fewer than 5 more people" in told[0].gatherings[0].fixes[-1].text
    few = reported(people(childcare=3)).gatherings[0]
    assert (few.waiting, opens(few)) == (None, {("childcare",): None})


@pytest.mark.parametrize("both", [1, 4])
def test_no_difference_of_counts_tells_of_a_few(both: int) -> None:
    """Some need both supports; a set that adds fewer than five to its parts would tell how many."""
    [one] = reported(people(childcare=9, childcare__transport=both)).gatherings
    assert opens(one) == {("childcare",): 9}
    assert one.waiting is None


def test_where_no_support_is_enough_alone_the_cheapest_set_is_told() -> None:
    [one] = reported(people(childcare__transport=2)).gatherings
    assert (one.waiting, opens(one)) == (None, {("childcare", "transport"): None})
    [five] = reported(people(childcare__transport=5)).gatherings
    assert (five.waiting, opens(five)) == (5, {("childcare", "transport"): 5})


def test_nobody_is_in_the_report() -> None:
    text = reported(people(childcare=6, transport=3)).model_dump_json()
    assert "childcare-" not in text
    assert "transport-" not in text


def test_what_nobody_has_said_is_asked_first() -> None:
    [one] = reported(people(childcare=6), offering("g")).gatherings
    assert one.fixes[0].ask_first == ("childcare",)
    [stated] = reported(people(childcare=6)).gatherings
    assert stated.fixes[0].ask_first == ()


def test_target_costs_and_effects_can_be_chosen() -> None:
    everybody = [feeling(f"p{n}", {"cost": "strong"}) for n in range(6)]
    free = offering("g", {"cost": 0.0})
    assert reported(everybody, free, target=0.4).gatherings == ()
    [one] = reported(everybody, free, target=0.41).gatherings
    assert opens(one) == {("cost",): 6}
    mine = Arrangements(costs={"cost": 7.5}, effects={"cost": 0.0})
    [useless] = reported(everybody, free, arrangements=mine).gatherings
    assert (useless.waiting, useless.fixes) == (6, ())
    assert reported(everybody, free, least=1).least == 1


def test_one_group_comes_with_its_welcome() -> None:
    groups = offering("g", SHUT), offering("h", SHUT, welcome=["greeters"])
    report = reported(people(childcare=6), *groups, candidate_id="h")
    assert [one.candidate_id for one in report.gatherings] == ["h"]
    assert report.welcome is not None
    assert report.welcome.candidate_id == "h"
    assert reported(people(childcare=6), *groups).welcome is None


def test_what_cannot_be_asked_is_refused() -> None:
    seen = opened(people(none=1), [offering("g")])
    with pytest.raises(UnknownIdError):
        support_report(scene(seen), candidate_id="nobody")
    with pytest.raises(DataError, match="no supports"):
        support_report(scene(seen, "mentor"))
    for wrong in ({"target": 1.5}, {"least": 0}):
        with pytest.raises(DataError):
            support_report(scene(seen), **wrong)  # type: ignore[arg-type]


def test_events_are_asked_about_too() -> None:
    told = {
        name: value for name, value in offering("e", {"physical_access": 0}, kind="talk").items() if name != "size_max"
    }
    made = opened(people(physical_access=5), [], events=[told])
    assert support_report(scene(made, "easy_event")).gatherings[0].candidate_id == "e"
