"""One next step and the company that fades (domain.md C8, C5, S5-05)."""

from __future__ import annotations

import math

import pytest

from matchengine.errors import DataError
from matchengine.planning.accompaniment import accompaniment, after_visit, faded, first_accompaniment, rung_after
from matchengine.planning.steps import Option, best_option, utility, within_reach
from matchengine.records import Person
from matchengine.records.journey import ACCOMPANIMENT
from tests.support import mentee


def test_the_utility_is_the_formula() -> None:
    option = Option("attend", need=0.9, difficulty=2.0, help=1.0)
    assert utility(option, 1) == pytest.approx(0.9 / (1 + math.exp(-2)))
    assert utility(Option("attend", 0.8, 1.5, 0.0), 1) == pytest.approx(0.4)


def test_help_and_need_raise_the_utility_and_difficulty_lowers_it() -> None:
    base = Option("attend", 0.5, 2.0, 0.2)
    assert utility(Option("attend", 0.6, 2.0, 0.2), 1) > utility(base, 1)
    assert utility(Option("attend", 0.5, 2.0, 0.5), 1) > utility(base, 1)
    assert utility(Option("attend", 0.5, 2.5, 0.2), 1) < utility(base, 1)


def test_what_is_more_than_one_rung_above_is_excluded_whatever_the_help() -> None:
    far = Option("attend", 1.0, 3.0, help=4.0)
    near = Option("message", 0.01, 0.0)
    assert best_option([far, near], 1) is near
    assert best_option([far, near], 2) is far
    assert within_reach(far, 2)
    assert not within_reach(far, 1)


def test_of_equals_the_easier_is_taken_then_the_first() -> None:
    one, other = Option("meet", 0.0, 1.0), Option("ask", 0.0, 0.0)
    assert best_option([one, other], 1) is other
    first, second = Option("message", 0.3, 0.0), Option("ask", 0.3, 0.0)
    assert best_option([first, second], 1) is first


def test_no_step_within_reach_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(DataError, match="rung 0; offer one of difficulty 0"):
        best_option([Option("attend", 1.0, 2.0)], 0)


def test_company_fades_level_by_level() -> None:
    assert [first_accompaniment(rung) for rung in range(5)] == [
        "together", "together", "arrive_together", "alone_with_contact", "alone",
    ]  # fmt: skip
    assert [accompaniment(1, ["okay"] * visits) for visits in range(5)] == [*ACCOMPANIMENT, "alone"]
    assert accompaniment(1, ["not_okay", None, "okay", "not_okay"]) == "arrive_together"
    assert faded("together", None) == "together"


def test_the_rung_rises_by_one_after_a_good_visit_and_never_falls() -> None:
    assert [rung_after(rung, "okay") for rung in range(5)] == [1, 2, 3, 4, 4]
    assert [rung_after(rung, rating) for rung in range(5) for rating in ("not_okay", None)] == [
        rung for rung in range(5) for _ in range(2)
    ]


def test_a_record_after_a_visit() -> None:
    person = Person.model_validate(mentee("a", comfort_rung=1, visits=2))
    good = after_visit(person, "okay")
    assert (good.comfort_rung, good.visits) == (2, 3)
    assert after_visit(person, "not_okay") == person
    assert after_visit(person, None) == person
    unsaid = after_visit(Person.model_validate(mentee("a")), "okay")
    assert (unsaid.comfort_rung, unsaid.visits) == (None, 1)
