"""What was known when, and who is held out."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from matchengine.learning.history import folds, known_before, quarter_of
from matchengine.records import Feedback, Relationship

DAY = date(2026, 3, 1)


def tie(person: str, other: str, started: str | None, **more: Any) -> Relationship:
    return Relationship.model_validate(
        {"person_id": person, "other_id": other, "kind": "mentoring", "started": started, **more}
    )


def answer(person: str, about: str, at: str | None) -> Feedback:
    told = {"about_id": about, "person_id": person, "wave": "30_days", "perspective": "requester", "given_at": at}
    return Feedback.model_validate(told | {"items": {"satisfaction": 5}})


def test_nothing_of_the_day_itself_or_later_and_nothing_without_a_date_is_known() -> None:
    ties = [tie("a", "m", "2026-02-28"), tie("b", "m", "2026-03-01"), tie("c", "m", None)]
    said = [answer("a", "m", "2026-02-28T23:59:00Z"), answer("b", "m", "2026-03-01T00:00:00Z"), answer("c", "m", None)]
    known = known_before(DAY, ties, said)
    assert [t.person_id for t in known.relationships] == ["a"]
    assert [f.person_id for f in known.feedback] == ["a"]


def test_what_became_of_a_match_later_is_not_known_yet() -> None:
    later = tie("a", "m", "2026-01-01", status="ended", ends="2026-04-01")
    over = tie("b", "m", "2025-01-01", status="completed", ends="2025-06-01")
    assert [t.status for t in known_before(DAY, [later, over]).relationships] == ["active", "completed"]


def test_that_a_pair_should_not_meet_again_has_no_date_and_is_not_known() -> None:
    over = tie("a", "m", "2025-01-01", status="completed", ends="2025-06-01", do_not_rematch=True)
    assert [t.do_not_rematch for t in known_before(DAY, [over]).relationships] == [False]
    assert known_before(DAY, [over]) == known_before(DAY, [over.model_copy(update={"do_not_rematch": False})])


def test_a_pair_does_not_predict_itself_whichever_way_round() -> None:
    ties, said = [tie("a", "m", "2026-01-01"), tie("b", "m", "2026-01-01")], [answer("a", "m", "2026-02-01T00:00:00Z")]
    for pair in (("a", "m"), ("m", "a")):
        known = known_before(DAY, ties, said, without=[pair])
        assert [t.person_id for t in known.relationships] == ["b"]
        assert known.feedback == ()


def test_a_cohort_that_nobody_named_is_a_quarter() -> None:
    assert [quarter_of(date(2026, month, 28)) for month in (1, 3, 4, 12)] == [
        "2026-Q1",
        "2026-Q1",
        "2026-Q2",
        "2026-Q4",
    ]


def split(cohorts: int, each: int = 4, dated: bool = False, again: bool = False) -> Any:
    judges = [f"j{c}-{n}" for c in range(cohorts) for n in range(each)]
    labels: list[str | None] = [f"c{c}" for c in range(cohorts) for _n in range(each)]
    if again:  # one person in all cohorts
        judges, labels = judges + ["everywhere"] * cohorts, labels + [f"c{c}" for c in range(cohorts)]
    began = {f"c{c}": date(2020, c + 1, 1) for c in range(cohorts)} if dated else {}
    return judges, labels, folds(judges, labels, began, {j: float(n) for n, j in enumerate(judges)})


def test_with_eight_dated_cohorts_later_ones_are_tested_on_earlier_ones_alone() -> None:
    _judges, labels, (by, made, clusters) = split(8, dated=True)
    assert by == "later_cohorts"
    assert clusters == labels
    tested = [{labels[n] for n in fold.test} for fold in made]
    assert tested == [{f"c{n}"} for n in range(3, 8)]
    for n, fold in enumerate(made, 3):
        assert {labels[m] for m in fold.train} == {f"c{m}" for m in range(n)}


def test_with_five_cohorts_whole_cohorts_are_held_out() -> None:
    _judges, labels, (by, made, _clusters) = split(5, dated=True)
    assert by == "other_cohorts"
    for fold in made:
        assert not {labels[n] for n in fold.test} & {labels[n] for n in fold.train}
    assert sorted(n for fold in made for n in fold.test.tolist()) == list(range(20))


def test_with_fewer_cohorts_whole_people_are_held_out() -> None:
    judges, _labels, (by, made, clusters) = split(4, dated=True)
    assert by == "other_people"
    assert clusters == judges
    for fold in made:
        assert not {judges[n] for n in fold.test} & {judges[n] for n in fold.train}


def test_nobody_is_learned_from_and_tested_on_even_if_they_are_in_many_cohorts() -> None:
    judges, _labels, (_by, made, _clusters) = split(6, again=True)
    for fold in made:
        assert not {judges[n] for n in fold.test} & {judges[n] for n in fold.train}
        assert "everywhere" not in {judges[n] for n in fold.train}


def test_how_ids_are_spelled_decides_nothing_about_who_is_held_out() -> None:
    judges = [f"j{n}" for n in range(11)]
    worth = {judge: float((7 * n) % 11) for n, judge in enumerate(judges)}
    renamed = {judge: f"x{(n * 5) % 11}" for n, judge in enumerate(judges)}
    _by, made, _c = folds(judges, [None] * 11, {}, worth)
    _by, again, _c = folds([renamed[j] for j in judges], [None] * 11, {}, {renamed[j]: w for j, w in worth.items()})
    for one, other in zip(made, again, strict=True):
        assert np.array_equal(one.test, other.test)
        assert np.array_equal(one.train, other.train)


def test_without_anybody_there_is_nothing_to_hold_out() -> None:
    assert folds([], [], {}, {})[1] == []
    assert folds(["a"], [None], {}, {})[1] == []
