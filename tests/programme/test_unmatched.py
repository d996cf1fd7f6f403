"""For those without anybody: what decided it, who would come closest, what would have to change (domain.md E)."""

from __future__ import annotations

from matchengine.programme.assign import assign
from matchengine.records.plan import Unmatched
from tests.programme.plans import FULLEST, TOPICS, gives, ground, loaded, planned, three, wants

SPANISH = [{"tag": "es", "level": "C1"}]


def of(plan, person_id: str) -> Unmatched:
    [found] = [each for each in plan.document.unmatched if each.person_id == person_id]
    return found


def rules(found: Unmatched) -> list[str]:
    return [each.rule for each in found.why]


def test_rules_that_leave_nobody_are_told_as_the_readiness_check_tells_them() -> None:
    made = loaded([*three(), wants("d", TOPICS[0], languages=SPANISH)])
    found = of(assign(ground(made)), "d")
    [stuck] = made.check("mentor").stuck
    assert (found.why, found.changes) == (stuck.why, stuck.changes)
    assert rules(found) == ["language_floor"]
    assert len(found.nearest) == 2
    assert all(near.score is None and near.in_the_way[0].rule == "language_floor" for near in found.nearest)


def test_whoever_finds_all_places_taken_reads_who_has_them_and_what_is_enough() -> None:
    people = [wants("a", TOPICS[0]), wants("b", TOPICS[3]), gives("m", TOPICS[0])]
    plan = planned(people)
    found = of(plan, "b")
    assert rules(found) == ["outcompeted"]
    [near] = found.nearest
    assert near.other_id == "m"
    assert near.score < plan.document.pairs[0].score
    assert found.changes[0].about == ("capacity",)
    enough = planned([*people[:2], gives("m", TOPICS[0], places=2)])
    assert enough.document.summary.matched == 2


def test_places_that_a_coordinator_gave_to_others_are_told_as_such() -> None:
    people = [wants("a", TOPICS[0]), wants("b", TOPICS[0]), gives("m", TOPICS[0])]
    assert rules(of(planned(people, must=[("b", "m")]), "a")) == ["locked_elsewhere"]


def test_a_place_taken_so_that_others_have_somebody_too() -> None:
    """`a` could have `m` or `n`, `b` only `m`, and suits `m` less than `c`, who has nobody else to go to either."""
    people = [
        wants("a", TOPICS[0], languages=SPANISH),
        wants("b", TOPICS[0]),
        gives("m", TOPICS[0], languages=[*SPANISH, {"tag": "en", "level": "C1"}]),
    ]
    plan = planned(people, must=[("a", "m")])
    assert rules(of(plan, "b")) == ["locked_elsewhere"]


def test_a_floor_is_told_with_the_points_that_would_be_enough() -> None:
    people = [wants("a", TOPICS[1]), gives("m", TOPICS[0])]
    found = of(planned(people, FULLEST + "floor = 90\n"), "a")
    assert rules(found) == ["below_floor"]
    [near] = found.nearest
    assert near.score < 90
    [change] = found.changes
    floor = float(change.text.split("of ")[1].split(" points")[0])
    assert near.score - 0.1 <= floor <= near.score
    assert planned(people, FULLEST + f"floor = {floor}\n").pairs == (("a", "m"),)


def test_what_people_and_coordinators_forbid_names_nobody() -> None:
    people = [
        wants("a", TOPICS[0], boundaries=[{"kind": "person", "value": "m"}]),
        *[gives(m, TOPICS[0]) for m in "mn"],
    ]
    found = of(planned(people, must_not=[("a", "n")]), "a")
    assert rules(found) == ["forbidden"]
    assert found.nearest == ()
    assert [change.about for change in found.changes] == [("forbidden",)]
    alone = of(planned(people[:2]), "a")
    assert alone.nearest == ()
    assert rules(alone) == ["not_available"]
    assert "m" not in {near.other_id for near in alone.nearest}


def test_who_gives_and_has_nobody_reads_why() -> None:
    plan = planned([wants("a", TOPICS[0]), gives("m", TOPICS[0]), gives("n", TOPICS[1])])
    found = of(plan, "n")
    assert (found.side, rules(found)) == ("candidate", ["has_somebody"])
    assert found.nearest[0].other_id == "a"
    lonely = of(planned([*three(), gives("x", TOPICS[0], languages=SPANISH)]), "x")
    assert rules(lonely) == ["nobody"]


def test_they_could_hardly_meet() -> None:
    """Everything that rules ask is there, but the feasible block lets nothing stand."""
    text = FULLEST + '[match.mentor.constraints.with]\nlanguage_floor = { floor = "A1" }\n'
    little = {"modes": ["in_person"], "languages": [{"tag": "en", "level": "A1"}], "availability": []}
    asking = wants("a", TOPICS[0]) | little | {"place": {"geohash": "gcpvj"}}
    made = loaded([asking, gives("m", TOPICS[0]) | little | {"place": {"geohash": "ezs42"}}], text)
    assert made.suggest("a", "mentor") == []
    assert rules(of(assign(ground(made)), "a")) == ["feasible"]
