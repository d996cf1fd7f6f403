"""Circles of skill exchange: three teach one another where no two could (domain.md C8)."""

from __future__ import annotations

import random

import numpy as np
import pytest

from matchengine.batch import PairBatch
from matchengine.errors import ConfigError
from matchengine.programme.swaps.exchange_cycles import skill_circles
from matchengine.scorers.cover import met
from tests.support import CONFIG, engine, mentee

KIND = """
[match.exchange]
requester = "anyone"
candidate = "anyone"
[match.exchange.scorers.skills]
use = "skill_exchange"
block = "need"
[match.exchange.scorers.practical]
use = "feasibility"
[match.exchange.constraints]
use = ["existing_match", "household", "mode_overlap", "language_floor", "common_time", "time_balance"]
"""
TEXT = CONFIG.replace("[run]", KIND + "[run]")


def person(name, wants, teaches, **more):
    told = {"wants": [{"text": wants}], "offers": [{"text": teaches, "level": 4}], "goals": []}
    return mentee(name, **(told | more))


def circle(*skills):
    return [person(f"p{n}", skills[(n + 1) % len(skills)], skill) for n, skill in enumerate(skills)]


def found(people, relationships=(), text=TEXT, **options):
    made = engine(text=text)
    made.load(people, relationships=list(relationships))
    return skill_circles(made._scene("exchange"), **options)


def who(circles):
    return {frozenset((lesson.learner_id, lesson.teacher_id) for lesson in each.lessons) for each in circles.circles}


def test_three_who_could_not_trade_two_by_two_teach_one_another() -> None:
    made = found(circle("sewing", "welding", "cooking"))
    assert who(made) == {frozenset({("p0", "p1"), ("p1", "p2"), ("p2", "p0")})}
    assert (made.asked, made.served, made.without) == (3, 3, ())
    assert made.proven
    [one] = made.circles
    assert one.completion == pytest.approx(0.9**3)
    assert [lesson.gain for lesson in one.lessons] == [100.0, 100.0, 100.0]
    assert {lesson.offer for lesson in one.lessons} == {"sewing", "welding", "cooking"}
    assert found(circle("sewing", "welding", "cooking"), longest=2).circles == ()
    assert len(found(circle("sewing", "welding", "cooking", "chess"), longest=4).circles) == 1


def test_two_who_suit_each_other_trade_directly() -> None:
    made = found([*circle("sewing", "welding"), person("alone", "opera", "sewing")])
    assert who(made) == {frozenset({("p0", "p1"), ("p1", "p0")})}
    assert made.without == ("alone",)


def test_every_lesson_meets_a_wish_by_the_least_there_is() -> None:
    people = circle("sewing dresses", "welding steel", "cooking")
    people[2]["wants"] = [{"text": "sewing dresses"}, {"text": "something else"}]
    made = engine(text=TEXT)
    made.load(people)
    rows = made._pool.tables["people"].row_of
    batch = PairBatch(np.array([rows["p2"]], np.int32), np.array([rows["p0"]], np.int32))
    cover = float(met(made._scene("exchange").inputs(batch)["items_needs_offers"], "left", "wants").value[0])
    assert 0.4 < cover < 0.75
    [one] = skill_circles(made._scene("exchange"), least=cover - 0.01).circles
    assert one.weakest == "p2"
    assert {lesson.learner_id: lesson.gain for lesson in one.lessons}["p2"] == pytest.approx(100 * cover, abs=0.01)
    assert skill_circles(made._scene("exchange"), least=cover + 0.01).circles == ()


def test_only_wants_count_and_goals_do_not() -> None:
    people = circle("sewing", "welding", "cooking")
    for one in people:
        one["goals"], one["wants"] = [{"text": one["wants"][0]["text"]}], []
    assert found(people).asked == 0


@pytest.mark.parametrize(
    ("change", "relationships"),
    [
        ({"boundaries": [{"kind": "person", "value": "p1"}]}, []),
        ({"languages": [{"tag": "es", "level": "C1"}]}, []),
        ({"adult": False}, []),
        ({"time_balance": -5}, []),
        ({}, [{"person_id": "p0", "other_id": "p1", "kind": "peer"}]),
    ],
)
def test_rules_forbid_a_lesson(change, relationships) -> None:
    people = circle("sewing", "welding", "cooking")
    people[0] |= change
    assert found(people, relationships).circles == ()


def test_private_words_stay_where_they_are() -> None:
    people = circle("sewing", "welding", "cooking")
    people[0]["wants"] = [{"text": "welding for my brother"}]
    text = found(people, least=0.2).model_dump_json()
    assert "welding" in text
    assert "brother" not in text
    opened = TEXT + '\n[programme]\ncoordinator_reads = ["needs"]\n'
    assert "brother" in found(people, text=opened, least=0.2).model_dump_json()


def test_the_order_of_people_decides_nothing_and_few_partners_are_enough() -> None:
    draw = random.Random(3)
    skills = ["sewing", "welding", "cooking", "chess", "opera", "bees", "sql", "poems"]
    people = [person(f"p{n}", *draw.sample(skills, 2)) for n in range(16)]
    base = found(people)
    assert base.circles
    assert found(draw.sample(people, 16)).model_dump_json() == base.model_dump_json()
    narrow = found(people, partners=1)
    assert narrow.value <= base.value + 1e-9


def test_groups_and_mentors_are_told_apart() -> None:
    made = engine(text=TEXT)
    made.load(circle("sewing", "welding"))
    with pytest.raises(ConfigError, match="between people"):
        skill_circles(made._scene("group"))
