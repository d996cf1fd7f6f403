"""Skills, goals and instruments: only what was declared before, only the same people."""

from __future__ import annotations

import pytest

from matchengine.learning.kpi.growth import goals, instruments, skills, surveys, trajectories
from matchengine.records.outcomes import GoalScale
from tests.learning.kpi.cases import day, reading, row, scored, tie, window


def goal(n: int, attained: int | None, agreed: int = 0, **more: object) -> GoalScale:
    told = {"person_id": f"p{n}", "goal": "a talk", "agreed_on": day(agreed), "attained": attained}
    return GoalScale.model_validate(told | ({} if attained is None else {"scored_on": day(200)}) | more)


def test_only_skills_named_as_targets_by_the_first_day_count() -> None:
    told = [reading(n, 0, 1, target=True) for n in range(6)] + [reading(n, 150, 3) for n in range(6)]
    named_later = [reading(n, 30, 0, target=True, skill="speaking") for n in range(6)]
    never_named = [reading(n, when, level, skill="sailing") for n in range(6) for when, level in ((0, 0), (90, 4))]
    risen = [reading(n, 160, 4, skill="speaking") for n in range(6)]
    table = skills(window(relationships=[tie(n) for n in range(6)], skills=[*told, *named_later, *never_named, *risen]))
    assert (row(table, "skills.gain").value, row(table, "skills.gain").n) == (2.0, 6)
    assert row(table, "skills.rose").value == 1.0


def test_a_target_without_a_later_reading_is_missing_and_not_unchanged() -> None:
    told = [reading(n, 0, 1, target=True) for n in range(9)] + [reading(n, 150, 2) for n in range(5)]
    gain = row(skills(window(relationships=[tie(n) for n in range(9)], skills=told)), "skills.gain")
    assert (gain.value, gain.n, gain.missing) == (1.0, 5, 4)


def test_many_skills_of_few_people_are_hidden() -> None:
    told = [reading(0, when, when // 50, target=not when, skill=f"s{k}") for k in range(9) for when in (0, 150)]
    assert row(skills(window(relationships=[tie(0)], skills=told)), "skills.gain").hidden


def test_goal_attainment_is_of_scored_goals_alone() -> None:
    told = [goal(n, 1) for n in range(6)] + [goal(n, None, goal="another") for n in range(6)] + [goal(6, None)]
    score = row(goals(window(relationships=[tie(n) for n in range(7)], goal_scales=told)), "goals.score")
    assert (score.value, score.n, score.missing) == (60.0, 6, 1)


def test_goals_agreed_long_after_the_start_do_not_count() -> None:
    told = [goal(n, 2, agreed=31) for n in range(6)] + [goal(n, 0, agreed=30) for n in range(6)]
    score = row(goals(window(relationships=[tie(n) for n in range(6)], goal_scales=told)), "goals.score")
    assert score.value == 50.0


def test_before_and_after_are_of_the_same_people() -> None:
    ties = [tie(n, 300, "completed") for n in range(12)]
    both = [scored(n, wave, on, 2 + (wave == "end")) for n in range(8) for wave, on in (("start", 0), ("end", 300))]
    once = [scored(n, "start", 0, 5.0) for n in range(8, 11)]
    table = surveys(window(relationships=ties, surveys=[*both, *once]))
    change = row(table, "surveys.ours.requester.change")
    assert (change.value, change.n, change.missing) == (1.0, 8, 3)


def test_who_still_goes_on_is_not_missing_at_the_end() -> None:
    ties = [tie(n, 300, "completed") for n in range(6)] + [tie(n) for n in range(6, 12)]
    told = [scored(n, "start", 0, 3.0) for n in range(12)] + [scored(n, "end", 300, 3.5) for n in range(6)]
    change = row(surveys(window(relationships=ties, surveys=told)), "surveys.ours.requester.change")
    assert (change.n, change.missing) == (6, 0)


def test_a_paired_change_has_an_interval_that_knows_of_shared_mentors() -> None:
    told = [scored(n, "start", 0, 3.0) for n in range(30)]
    told += [scored(n, "end", 300, 3.0 + (n // 3) % 4) for n in range(30)]
    ties = [tie(n, 300, "completed", mentor=f"m{n // 3}") for n in range(30)]
    alone = [tie(n, 300, "completed") for n in range(30)]
    wide, narrow = (
        row(surveys(window(relationships=each, surveys=told)), "surveys.ours.requester.change")
        for each in (ties, alone)
    )
    assert wide.value == narrow.value
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low


def test_follow_up_answers_are_counted_near_their_months_alone() -> None:
    ties = [tie(n, 300, "completed", started="2023-01-02", ends="2023-12-20") for n in range(6)]
    start = [scored(n, "start", 0, 2.0, on="2023-01-02") for n in range(6)]
    year = [scored(n, "follow_up", 0, 4.0, on="2024-01-20") for n in range(6)]
    between = [scored(n, "follow_up", 0, 9.0, on="2024-07-01") for n in range(6)]  # 18 months: no wave of its own
    table = trajectories(window(relationships=ties, surveys=[*start, *year, *between]))
    assert [each.key for each in table.rows] == ["trajectories.ours.requester.12_months.change"]
    assert row(table, "trajectories.ours.requester.12_months.change").value == 2.0


def test_every_instrument_carries_its_licence_note_and_direction() -> None:
    told = [scored(1, "start", 0, 3.0), scored(2, "start", 0, 3.0, licence_note="bought 2024")]
    lonely = scored(3, "start", 0, 3.0, instrument="theirs", measures="loneliness", higher_is_better=False)
    found = instruments(window(surveys=[*told, lonely]))
    assert [(one.instrument, one.licence_notes) for one in found] == [
        ("ours", ("bought 2024", "our own")),
        ("theirs", ("our own",)),
    ]
    assert [one.higher_is_better for one in found] == [True, False]


@pytest.mark.parametrize("part", ["score", "on"])
def test_answers_after_today_change_nothing(part: str) -> None:
    ties = [tie(n, 300, "completed") for n in range(6)]
    told = [scored(n, wave, on, 2.0) for n in range(6) for wave, on in (("start", 0), ("end", 300))]
    later = scored(0, "end", 2000, 5.0 if part == "score" else 1.0)
    assert surveys(window(relationships=ties, surveys=told)) == surveys(
        window(relationships=ties, surveys=[*told, later])
    )
