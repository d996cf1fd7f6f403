"""Preferences come from rankings, answers and ratings of one person, and from nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matchengine.learning.preferences import Preference, Said, outcomes_of, preferences_of, tie_pairs
from matchengine.records import Feedback, Relationship
from matchengine.records.plan import Ranking
from matchengine.registry import MatchKind
from tests.learning.tables import kind
from tests.support import engine

MENTOR = kind()


def tie(person: str, other: str, status: str = "active", **more: Any) -> Relationship:
    return Relationship.model_validate(
        {"person_id": person, "other_id": other, "kind": "mentoring", "status": status, **more}
    )


def said(
    person: str | None, about: str, wave: str = "30_days", perspective: str = "requester", **items: Any
) -> Feedback:
    told: dict[str, Any] = {"about_id": about, "wave": wave, "perspective": perspective, "items": items}
    told |= {"person_id": person} if person else {"anonymous": True}
    return Feedback.model_validate(told)


def found(*feedback: Feedback, ties: Any = (), rankings: Any = (), cohorts: Any = None) -> list[Preference]:
    return preferences_of(MENTOR, Said(ties, feedback, rankings, cohorts or {}), {"a", "b"})


def test_a_ranking_of_n_counts_as_much_as_n_minus_one_neighbours() -> None:
    got = found(rankings=[Ranking(person_id="a", ranked=("m", "n", "o", "p"), vetoed=("q",))])
    assert len(got) == 6
    assert sum(each.weight for each in got) == pytest.approx(3)
    assert {(each.better[1], each.worse[1]) for each in got} == {
        ("m", "n"), ("m", "o"), ("m", "p"), ("n", "o"), ("n", "p"), ("o", "p"),
    }  # fmt: skip
    assert "q" not in str(got)


def test_a_mentor_ranks_mentees() -> None:
    (got,) = found(rankings=[Ranking(person_id="m", ranked=("b", "a"))])
    assert (got.judge, got.better, got.worse) == ("m", ("b", "m"), ("a", "m"))


def test_a_ranking_of_one_says_nothing() -> None:
    assert found(rankings=[Ranking(person_id="a", ranked=("m",), vetoed=("n", "o"))]) == []


def test_whom_somebody_met_is_preferred_to_whom_they_declined() -> None:
    ties = [tie("a", "m", "completed", started="2026-01-05"), tie("a", "p", "proposed"), tie("a", "q", "ended")]
    refused = said("a", "n", not_for_me=True).model_copy(update={"given_at": None})
    (got,) = found(refused, ties=ties)
    assert got == Preference("a", ("a", "m"), ("a", "n"), "answer", 1.0)
    dated = Feedback.model_validate(refused.model_dump() | {"given_at": "2026-04-02T08:00:00Z"})
    (got,) = found(dated, ties=ties)
    assert (got.on, got.cohort) == (date(2026, 4, 2), "2026-Q2")


def test_a_candidate_who_declined_is_heard_too() -> None:
    (got,) = found(said("m", "b", perspective="candidate", not_for_me=True), ties=[tie("a", "m")])
    assert (got.judge, got.better, got.worse) == ("m", ("a", "m"), ("b", "m"))


def test_ratings_of_one_person_count_half_and_only_a_point_apart() -> None:
    ties = [tie("a", "m"), tie("a", "n"), tie("a", "o")]
    got = found(
        said("a", "m", satisfaction=5, trust=4),
        said("a", "n", wave="90_days", satisfaction=3, goal_progress=4),
        said("a", "o", satisfaction=4),
        ties=ties,
    )
    assert [(each.better[1], each.worse[1], each.weight, each.source) for each in got] == [("m", "n", 0.5, "rating")]


@pytest.mark.parametrize("wave", ["start", "end", "follow_up"])
def test_only_ratings_part_of_the_way_are_learned_from(wave: str) -> None:
    ties = [tie("a", "m"), tie("a", "n")]
    assert found(said("a", "m", wave=wave, satisfaction=5), said("a", "n", wave=wave, satisfaction=1), ties=ties) == []


def test_ratings_of_two_people_are_never_compared() -> None:
    ties = [tie("a", "m"), tie("b", "n")]
    assert found(said("a", "m", satisfaction=5), said("b", "n", satisfaction=1), ties=ties) == []


def test_what_is_not_a_preference_is_not_used() -> None:
    ties = [tie("a", "m"), tie("a", "n", do_not_rematch=True, status="ended"), tie("a", "o")]
    unused = [
        said(None, "n", satisfaction=1),
        said(None, "n", not_for_me=True),
        said("f", "a", perspective="facilitator", satisfaction=1),
        said("a", "x", satisfaction=1),  # rated, but no match of this kind
        said("a", "n", felt_competitive=True),
        said("a", "o", satisfaction=5),
    ]
    assert found(*unused, ties=ties) == []


@pytest.mark.parametrize("items", [{"felt_unsafe": True}, {"felt_safe": 1}, {"felt_safe": 2}])
@pytest.mark.parametrize("who", ["a", "m"])
def test_a_pair_in_which_anybody_felt_unsafe_is_left_out_altogether(items: dict[str, Any], who: str) -> None:
    ties = [tie("a", "m"), tie("a", "n")]
    rated = [said("a", "m", satisfaction=5), said("a", "n", satisfaction=1), said("a", "o", not_for_me=True)]
    lists = [Ranking(person_id="a", ranked=("m", "n"))]
    assert any(("a", "m") in each for each in found(*rated, ties=ties, rankings=lists))
    perspective, about = ("requester", "m") if who == "a" else ("candidate", "a")
    unsafe = said(who, about, wave="end", perspective=perspective, **items)
    got = found(*rated, unsafe, ties=ties, rankings=lists)
    assert not any(("a", "m") in each for each in got)
    assert [each.source for each in got] == ["answer"]
    assert ("a", "m") not in outcomes_of(MENTOR, Said(ties, [*rated, unsafe]))


def test_the_cohort_of_a_person_goes_before_the_quarter() -> None:
    (got,) = found(rankings=[Ranking(person_id="a", ranked=("m", "n"))], cohorts={"a": "spring"})
    assert got.cohort == "spring"


def test_outcomes_are_a_yes_or_a_no_and_a_no_counts_last() -> None:
    ties = [tie("a", "m"), tie("b", "m", "paused"), tie("a", "n", "ended"), tie("b", "o", "completed")]
    got = outcomes_of(MENTOR, Said(ties, [said("b", "o", not_for_me=True), said("a", "x", not_for_me=True)]))
    assert got == {("a", "m"): True, ("a", "x"): False, ("b", "m"): True, ("b", "o"): False}


def test_relationships_become_pairs_of_the_kind_of_match() -> None:
    turned = """
[match.reverse]
requester = "mentor"
candidate = "mentee"
[match.reverse.scorers.goals]
use = "semantic_reciprocal"
[match.peer]
requester = "peer"
candidate = "peer"
[match.peer.scorers.goals]
use = "semantic_reciprocal"
"""
    kinds: dict[str, MatchKind] = engine(turned)._kinds
    ties = [tie("a", "m"), tie("b", "n").model_copy(update={"kind": "peer"}), tie("a", "x", kind="membership")]
    assert set(tie_pairs(kinds["mentor"], ties)) == {("a", "m")}
    assert set(tie_pairs(kinds["reverse"], ties)) == {("m", "a")}
    assert set(tie_pairs(kinds["peer"], ties)) == {("b", "n"), ("n", "b")}
    assert set(tie_pairs(kinds["group"], ties)) == {("a", "x")}


def test_the_order_of_records_changes_nothing() -> None:
    ties = [tie("a", "m"), tie("a", "n"), tie("b", "m")]
    given = [said("a", "m", satisfaction=5), said("a", "n", satisfaction=1), said("b", "n", not_for_me=True)]
    lists = [Ranking(person_id="a", ranked=("m", "n")), Ranking(person_id="b", ranked=("n", "m"))]
    one = preferences_of(MENTOR, Said(ties, given, lists), {"a", "b"})
    other = preferences_of(MENTOR, Said(ties[::-1], given[::-1], lists[::-1]), ["b", "a"])
    assert one == other
    assert len(one) == 4
