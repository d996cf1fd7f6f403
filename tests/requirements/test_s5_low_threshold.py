"""Rows of sources S1, S3, S4 and S5 about groups that are easy to come to (domain.md C5, I1)."""

from __future__ import annotations

from itertools import combinations
from typing import Any, get_args

import numpy as np
import pytest

from matchengine.engine import Engine
from matchengine.journey.asking import organiser_questions
from matchengine.journey.prescriptions import prescription_for
from matchengine.journey.support_report import support_report
from matchengine.journey.welcome import welcome_of, welcomes
from matchengine.planning.prescription import prescribe
from matchengine.records import Group, Person
from matchengine.records import vocabulary as v
from matchengine.records.supports import SUPPORT_TITLES
from matchengine.records.welcome import WELCOMING_PRACTICES
from tests.journey.easy import feeling, offering, opened, order, points, scene
from tests.properties.populations import dumped

STRENGTHS: tuple[str, ...] = get_args(v.BarrierStrength)


def raised(made: Engine, person: str, before: dict[str, Any], after: dict[str, Any]) -> float:
    """Return by how many points a group rises for a person when its record changes."""
    made.upsert(Group.model_validate(before))
    first = points(made, person)[before["id"]]
    made.upsert(Group.model_validate(after))
    return points(made, person)[after["id"]] - first


@pytest.mark.parametrize("strength", [None, *STRENGTHS])
@pytest.mark.parametrize("topics", [["hiking"], ["welding"]])
@pytest.mark.parametrize("known", [None, 0.0, 0.4])
def test_s1_14_adding_childcare_support_never_lowers_a_group(
    strength: str | None, topics: list[str], known: float | None
) -> None:
    """S1-14: childcare, added to a group that said nothing, no or a little, lowers its score for nobody."""
    made = opened([feeling("a", {"childcare": strength} if strength else {}), feeling("b")], [offering("h")])
    before = offering("g", {} if known is None else {"childcare": known}, topics=topics)
    made.upsert(Group.model_validate(before))
    was = points(made, "a").get("g", -1.0)
    made.upsert(Group.model_validate(offering("g", {"childcare": 1.0}, topics=topics)))
    now = points(made, "a")["g"]
    assert now >= was
    if strength and topics == ["hiking"]:
        assert now > was


def test_s1_14_family_friendly_groups_come_first_for_whom_childcare_is_in_the_way() -> None:
    """S1-14: for a person with the barrier childcare the group that offers it comes first, for others it need not."""
    made = opened(
        [feeling("a", {"childcare": "strong"}), feeling("b")],
        [offering("with", childcare=True), offering("without", childcare=False)],
    )
    assert order(made, "a") == ["with", "without"]
    assert len(set(points(made, "b").values())) == 1


def test_s3_03_access_that_nobody_told_is_asked_and_never_taken_as_met() -> None:
    """S3-03: of three events the accessible one comes first; silence is to be confirmed, a no keeps the event away."""
    base = {"kind": "social", "topics": ["hiking"], "modes": ["video"]}
    events = [
        base | {"id": "open", "title": "open", "step_free": True},
        base | {"id": "silent", "title": "silent"},
        base | {"id": "steps", "title": "steps", "step_free": False},
    ]
    made = opened([feeling("a", {"physical_access": "blocking"}), feeling("b")], [], events=events)
    got = {s.candidate_id: s.to_confirm for s in made.suggest("a", "easy_event", 9)}
    assert list(got) == ["open", "silent"]
    confirmed = {who: [text for text in told if text.startswith("confirm before going")] for who, told in got.items()}
    assert (confirmed["open"], len(confirmed["silent"])) == ([], 1)
    assert points(made, "a", "easy_event")["silent"] < points(made, "a", "easy_event")["open"]
    assert made.excluded("a", "easy_event") == {"reachable": 1}
    assert set(order(made, "b", "easy_event")) == {"open", "silent", "steps"}
    seen = scene(made, "easy_event")
    [question] = organiser_questions(seen, 0, seen.pool.tables["events"].row_of["silent"])
    assert (question.support, question.blocking) == ("physical_access", True)


def test_s4_11_a_great_group_for_one_is_not_great_for_another() -> None:
    """S4-11: people who differ in barriers alone get another group first, and lists that differ (index H5 above 0)."""
    kinds = ("language", "childcare", "transport", "cost", "time")
    groups = [offering(kind, {other: 1.0 if other == kind else 0.1 for other in kinds}) for kind in kinds]
    made = opened([feeling(kind, {kind: "strong"}) for kind in kinds], groups)
    lists = {kind: order(made, kind) for kind in kinds}
    assert {kind: found[0] for kind, found in lists.items()} == {kind: kind for kind in kinds}
    top = [set(found[:3]) for found in lists.values()]
    index = np.mean([1 - len(one & other) / len(one | other) for one, other in combinations(top, 2)])
    assert index > 0
    assert all(len(found) == len(kinds) for found in lists.values())


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("told", [{}, {"size_now": 30}, {"size_now": 4, "try_once": True, "regular": False}])
@pytest.mark.parametrize("topics", [["hiking"], ["welding"]])
def test_s5_01_a_beginner_flag_never_lowers_a_group(strength: str, told: dict[str, Any], topics: list[str]) -> None:
    """S5-01: whoever lacks confidence, a group that says newcomers are welcome never falls by it."""
    made = opened([feeling("a", {"confidence": strength})], [offering("h")])
    before = offering("g", {"confidence": 0.5}, topics=topics, **told)
    assert raised(made, "a", before, before | {"beginner_friendly": True}) >= 0
    assert raised(made, "a", before | {"beginner_friendly": False}, before | {"beginner_friendly": True}) >= 0


def test_s5_01_small_beginner_groups_come_first_for_whom_coming_is_hard() -> None:
    """S5-01: the small walk for beginners with a greeter beats the large open one, more so the harder coming is."""
    easy = {"size_now": 6, "beginner_friendly": True, "contacts": [{"person_id": "x", "consented": True}]}
    hard = {"size_now": 60, "beginner_friendly": False, "regular": True}
    people = [feeling(name, {"confidence": name}) for name in STRENGTHS] + [feeling("none")]
    made = opened(
        people, [offering("walk", {"confidence": 0.5}, **easy), offering("crowd", {"confidence": 0.5}, **hard)]
    )
    shares = []
    for name in ("none", *STRENGTHS):
        got = points(made, name)
        shares.append(got["crowd"] / got["walk"])
        assert name == "none" or order(made, name) == ["walk", "crowd"]
    assert 1 == shares[0] > shares[1] > shares[2] > shares[3]


@pytest.mark.parametrize("strength", STRENGTHS)
def test_s5_08_doing_before_talking_makes_a_first_visit_easier(strength: str) -> None:
    """S5-08: with a language barrier, to whom a first visit is hard, a group that does things first rises by it."""
    made = opened([feeling("a", {"language": strength, "confidence": "strong"})], [offering("h")])
    talks = offering("g", {"language": 0.5, "confidence": 0.5}, activity_first=False, beginner_friendly=True)
    assert raised(made, "a", talks, talks | {"activity_first": True}) > 0


@pytest.mark.parametrize("rung", range(5))
def test_s5_13_small_steps_come_before_big_ones(rung: int) -> None:
    """S5-13: first comes a step at most one above the rung a person chose; two above come after one below."""
    made = opened([feeling("a", comfort_rung=rung)], [offering(f"level{n}", exposure_level=n) for n in range(5)])
    found = [int(name.removeprefix("level")) for name in order(made, "a")]
    assert found[0] <= rung + 1
    for level in range(rung + 2, 5):
        assert rung == 0 or found.index(level) > found.index(rung - 1)
    beyond = [level for level in found if level > rung]
    assert beyond == sorted(beyond)


def familiar(visits: int) -> dict[str, Any]:
    """Return a person who feels at home in one community, after so many good visits."""
    return feeling("a", anchors=["Riverside choir"], visits=visits)


def test_s5_14_anchors_first_bridges_later_and_nothing_is_taken_away() -> None:
    """S5-14: the familiar group is first for a newcomer, the bridge after three visits, and nothing is gone."""
    groups = [
        offering("anchor", anchors=["riverside CHOIR"], from_elsewhere=0.1),
        offering("bridge", anchors=["Harbour crew"]),
        offering("mixed", anchors=["Riverside choir"], from_elsewhere=0.8),
        offering("plain"),
    ]
    made = opened([familiar(0), feeling("b")], groups)
    places = []
    for visits in range(5):
        made.upsert(Person.model_validate(familiar(visits)))
        found = order(made, "a")
        assert sorted(found) == ["anchor", "bridge", "mixed", "plain"]
        places.append(found)
    assert set(places[0][:2]) == {"anchor", "mixed"}
    assert places[3] == places[4] == ["bridge", "mixed", "anchor", "plain"]
    ranks = [found.index("bridge") for found in places]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] > ranks[-1]
    told = {s.candidate_id: s.score for s in made.suggest("a", "easy", 9)}
    assert len(set(told.values())) == 1, "a lift moves the order and no number"


def test_s5_14_nobody_reads_that_a_familiar_community_counted() -> None:
    """S5-14: with or without a familiar community every suggestion reads the same, its place apart."""
    groups = [offering("g", anchors=["Riverside choir"]), offering("h")]
    told = [
        opened([familiar(0)], groups).suggest("a", "easy", 9),
        opened([feeling("a", visits=0)], groups).suggest("a", "easy", 9),
    ]
    plain = [sorted(dumped([s.model_copy(update={"rank": 1})]) for s in found) for found in told]
    assert plain[0] == plain[1]
    assert "choir" not in dumped(told[0])


BARRIERS = {
    "S5-15": ("language",),
    "S5-16": ("confidence", "unspoken_rules"),
    "S5-17": ("time", "place", "digital", "physical_access", "sensory_access"),
}


@pytest.mark.parametrize("kind", [kind for kinds in BARRIERS.values() for kind in kinds])
def test_s5_15_s5_16_s5_17_what_is_left_of_a_barrier_counts_and_a_support_is_named(kind: str) -> None:
    """S5-15, S5-16, S5-17: the less of a barrier is taken away the lower the group; what helps is on its list."""
    steps = (0.0, 0.3, 0.7, 1.0)
    made = opened([feeling("a", {kind: "strong"})], [offering(f"g{n}", {kind: value}) for n, value in enumerate(steps)])
    got = points(made, "a")
    assert [got[f"g{n}"] for n in range(4)] == sorted(got.values())
    assert len(set(got.values())) == 4
    seen = scene(made)
    found = prescription_for(seen, 0, 0)
    assert found is not None
    assert found.supports == (kind,)
    assert SUPPORT_TITLES[kind] in found.text


def test_s5_18_reported_bias_lowers_the_group_and_never_the_person() -> None:
    """S5-18: a worse welcome lowers that group alone, for those it concerns; the coordinator reads of an advocate."""

    def read(welcome: float) -> tuple[dict[str, float], dict[str, float], Engine]:
        told = offering("g")
        told["supports"] = [{"kind": "exclusion", "value": welcome, "source": "member_pulse"}]
        made = opened([feeling("a", {"exclusion": "strong"}), feeling("b")], [told, offering("h", {"exclusion": 0.8})])
        return points(made, "a"), points(made, "b"), made

    (before, other_before, _made), (after, other_after, made) = read(0.9), read(0.1)
    assert after["g"] < before["g"]
    assert after["h"] == before["h"]
    assert other_after == other_before
    seen = scene(made)
    found = prescription_for(seen, 0, 0)
    assert found is not None
    assert found.advocate
    assert "advocate" in found.text


def test_s5_19_the_cheapest_supports_are_found_whatever_the_barriers() -> None:
    """S5-19: for up to ten barriers the set is the cheapest of all sets, tried one by one."""
    random = np.random.default_rng(11)
    solved = 0
    for size in range(1, 11):
        for _case in range(4):
            felt = random.choice([0, 0.3, 0.6, 1], size)
            there, then = random.random(size) / 2, 0.6 + random.random(size) / 3
            costs = random.integers(0, 5, size).astype(float)
            found = prescribe(felt, there, costs, then, 0.4)
            best = None
            for number in range(2**size):
                chosen = (number >> np.arange(size)) & 1 == 1
                reach = np.prod(1 - felt * (1 - np.where(chosen, np.maximum(there, then), there)))
                if reach >= 0.4 and (best is None or costs[chosen].sum() < best):
                    best = costs[chosen].sum()
            assert (found is None) == (best is None)
            if found is not None:
                assert found.cost == pytest.approx(best)
                solved += bool(found.supports)
    assert solved > 10


def test_s5_19_a_day_pass_opens_the_group_and_what_it_opens_comes_true() -> None:
    """S5-19: transport or childcare is named with its cost, and the group is suggested once it is there."""
    barriers = {"transport": "blocking", "childcare": "strong", "cost": "some"}
    shut = {"transport": 0.0, "childcare": 0.0, "cost": 1.0}
    everybody = [feeling(f"p{n}", barriers) for n in range(6)]
    made = opened(everybody, [offering("g", shut), offering("h", {"transport": 0.5})])
    assert "g" not in order(made, "p0")
    [one] = support_report(scene(made), candidate_id="g").gatherings
    fix = one.fixes[0]
    assert fix.opens == 6
    assert set(fix.supports) <= {"transport", "childcare"}
    made.upsert(Group.model_validate(offering("g", shut | dict.fromkeys(fix.supports, 0.9))))
    assert "g" in order(made, "p0")
    assert support_report(scene(made), candidate_id="g").gatherings == ()


def test_s5_22_the_organiser_reads_what_is_there_and_what_is_missing() -> None:
    """S5-22: greeters, bilingual signs, simple logistics and visible inclusion are scored, and what lacks is listed."""
    assert {"greeters", "bilingual_signs", "simple_logistics", "visible_inclusion"} <= set(WELCOMING_PRACTICES)
    made = opened([feeling("a")], [offering("g", welcome=["greeters"]), offering("h")])
    some, silent = welcomes(scene(made))
    assert some.score == 0.25
    assert {one.key for one in some.missing} >= {"bilingual_signs", "simple_logistics", "visible_inclusion"}
    assert silent.score is None
    better = welcome_of(Group.model_validate(offering("g", welcome=["greeters", "bilingual signs"])))
    assert better.score == 0.5
