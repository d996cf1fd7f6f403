"""Rows S2-08 to S2-11, S2-24 to S2-26, S2-29 and S2-30: key figures of a programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from matchengine.errors import ConfigError
from matchengine.io import write_csv
from matchengine.io.outcome_files import read_meetings, sheet_of_meetings
from matchengine.learning.kpi import ProgrammeRecords, kpi_report
from matchengine.records.kpi import Objective
from tests.learning.kpi.cases import START, TODAY, answer, day, event, met, person, reading, scored, step, tie
from tests.learning.kpi.test_engagement import visit


def test_s2_08_missing_satisfaction_is_shown_and_not_imputed() -> None:
    """S2-08: mean and share of 4 or more at mid and end, who did not answer counted beside them."""
    ties = [tie(n, 300, "completed") for n in range(20)]
    feedback = [answer(n, wave, 5 if n < 6 else 2) for n in range(12) for wave in ("90_days", "end")]
    found = kpi_report(ProgrammeRecords(relationships=ties, feedback=feedback), TODAY).measures()
    for when in ("mid", "end"):
        mean = found[f"satisfaction.requester.{when}.mean"]
        assert (mean.value, mean.n, mean.missing) == (3.5, 12, 8)
        assert found[f"satisfaction.requester.{when}.good"].value == 0.5
        assert found[f"satisfaction.requester.{when}.response"].value == 0.6


def test_s2_09_only_skills_named_as_targets_before_the_start_are_counted() -> None:
    """S2-09: a skill that was named later, or never, changes no figure."""
    told = [reading(n, when, level, target=not when) for n in range(12) for when, level in ((0, 1), (200, 2))]
    others = [
        reading(n, when, level, target=True, skill="late") for n in range(12) for when, level in ((9, 0), (200, 4))
    ]
    before = ProgrammeRecords(relationships=[tie(n) for n in range(12)], skills=told)
    after = replace(before, skills=[*told, *others])
    gain = kpi_report(before, TODAY).measures()["skills.gain"]
    assert gain.value == 1.0
    assert kpi_report(after, TODAY).measures()["skills.gain"] == gain


def test_s2_10_incidence_is_of_dated_events_and_prints_its_denominators() -> None:
    """S2-10: time-stamped events, everybody who was watched behind each share, and who was not."""
    people = [person(f"p{n}", roles=["mentee"]) for n in range(25)]
    records = ProgrammeRecords(
        people=people, relationships=[tie(n) for n in range(20)], outcomes=[event(n, 40 * n) for n in range(10)]
    )
    found = kpi_report(records, TODAY).measures()
    half, whole = found["careers.any.6_months"], found["careers.any.12_months"]
    assert (half.value, half.n, half.missing) == (0.25, 20, 5)  # on days 0, 40, 80, 120 and 160
    assert (whole.value, whole.n) == (0.5, 20)
    assert half.low is not None


def test_s2_11_persons_and_visits_are_counted_and_not_clicks() -> None:
    """S2-11: a hundred entries of one day are one visit, and one person."""
    steps = [step(f"p{n}", "registered", 0) for n in range(20)]
    visits = [visit(n, 300) for n in range(10)]
    clicks = [visit(0, 300)] * 100
    gatherings = frozenset({"g1"})
    once = kpi_report(ProgrammeRecords(programme_steps=steps, meetings=visits, gatherings=gatherings), TODAY).measures()
    many = kpi_report(
        ProgrammeRecords(programme_steps=steps, meetings=[*visits, *clicks], gatherings=gatherings), TODAY
    ).measures()
    for key in ("engagement.took_part", "engagement.visits", "engagement.return"):
        assert many[key] == once[key]
    assert once["engagement.took_part"].value == 0.5


def test_s2_24_a_final_report_without_a_declared_primary_metric_is_refused() -> None:
    """S2-24: each objective names its metric, and a final report needs one that was declared as primary."""
    records = ProgrammeRecords(relationships=[tie(n, 300, "completed") for n in range(12)])
    wanted = Objective(
        id="lasting", says="Matches last", metric="continuity.early_end", declared_on=date(2024, 1, 1), at_most=0.5
    )
    with pytest.raises(ConfigError, match="declared as primary"):
        kpi_report(records, TODAY, objectives=[wanted], final=True)
    final = kpi_report(records, TODAY, objectives=[wanted.model_copy(update={"primary": True})], final=True)
    assert final.status == "final"
    assert final.objectives[0].verdict == "reached"
    with pytest.raises(ConfigError, match="no figure"):
        kpi_report(records, TODAY, objectives=[wanted.model_copy(update={"metric": "happiness"})])


def test_s2_25_both_perspectives_stand_beside_each_other() -> None:
    """S2-25: growth as mentees see it and as mentors see it, each by itself, with gap and agreement."""
    feedback = []
    for n in range(12):
        for side, rating in (("requester", 4), ("candidate", 3)):
            feedback.append(answer(n, "end", 3, side, items={"goal_progress": rating}))
    ties = [tie(n, 300, "completed") for n in range(12)]
    found = kpi_report(ProgrammeRecords(relationships=ties, feedback=feedback), TODAY).measures()
    where = "both_sides.goal_progress.end"
    assert found[f"{where}.requester"].value == 4.0
    assert found[f"{where}.candidate"].value == 3.0
    assert found[f"{where}.gap"].value == 1.0
    assert found[f"{where}.agree"].value == 1.0


def test_s2_26_paired_differences_have_an_interval_and_their_licence_note() -> None:
    """S2-26: before and after of the same people, with the instrument and under which licence it was used."""
    ties = [tie(n, 300, "completed") for n in range(20)]
    told = [scored(n, wave, on, n % 3 + (wave == "end") * (n % 2)) for n in range(20) for wave, on in _WAVES]
    report = kpi_report(ProgrammeRecords(relationships=ties, surveys=told), TODAY)
    change = report.measures()["surveys.ours.requester.change"]
    assert (change.value, change.n) == (0.5, 20)
    assert change.low is not None
    assert change.high is not None
    assert 0 < change.low < 0.5 < change.high < 1
    assert [(one.instrument, one.licence_notes) for one in report.instruments] == [("ours", ("our own",))]


_WAVES = (("start", 0), ("end", 300))


def test_s2_29_follow_up_handles_censoring() -> None:
    """S2-29: outcomes at 12 and 24 months; who could not be watched so long counts for the time they were watched."""
    ties = [tie(n, 300, "completed", started="2023-06-05", ends="2024-05-01") for n in range(30)]
    steps = [step(f"p{n}", "follow_up_agreed", 0) for n in range(20)]  # ten are lost from view at the end
    events = [event(n, 0).model_copy(update={"on": date(2025, 3, 1)}) for n in range(10)]
    events += [event(n, 0).model_copy(update={"on": date(2023, 9, 1)}) for n in range(10, 15)]
    records = ProgrammeRecords(relationships=ties, programme_steps=steps, outcomes=events)
    found = kpi_report(records, TODAY).measures()
    year, two = found["careers.any.12_months"], found["careers.any.24_months"]
    assert year.value == pytest.approx(5 / 30, abs=1e-4)
    assert two.value == pytest.approx(5 / 30 + 25 / 30 * 10 / 15, abs=1e-4)  # and not 15 of 30
    assert found["continuity.9_months"].value == 1.0
    assert found["continuity.12_months"].value is None  # nobody was matched for so long


def test_s2_30_the_tracking_sheet_goes_out_and_comes_back(tmp_path: Path) -> None:
    """S2-30: meetings with minutes, skills and ratings as CSV, read back as they were."""
    meetings = [
        met(n, 7 * n, minutes=45 if n % 2 else None, skills=("planning", "speaking")[: n % 3]) for n in range(9)
    ]
    meetings.append(met(1, 90, kind="attend", rating="not_okay"))
    write_csv(tmp_path / "meetings.csv", sheet_of_meetings(meetings))
    assert read_meetings(tmp_path / "meetings.csv").records == meetings
    assert meetings[0].on == START
    assert day(7) == meetings[1].on
