"""Write three invented years of a mentoring programme as a data folder that `matchengine kpi` reads.

Nobody in it exists, and no figure of it says anything about real programmes: every rate below was made up so that each
key figure has something to show, with answers missing as they are in life.

    python examples/kpi_programme/generate.py --out /tmp/harbour
    matchengine kpi /tmp/harbour --as-of 2026-06-30 --objectives examples/kpi_programme/objectives.toml
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from matchengine.io import write_folder
from matchengine.io.outcome_files import Outcomes, write_outcomes
from matchengine.records import (
    Attribute,
    Cadence,
    ConsentGrant,
    Contribution,
    Feedback,
    FeedbackItems,
    Group,
    Person,
    Record,
    Relationship,
)
from matchengine.records.outcomes import (
    GoalScale,
    LoggedMeeting,
    OutcomeEvent,
    PlannedStep,
    ProgrammeStep,
    SkillReading,
    SurveyAnswer,
)

AS_OF = date(2026, 6, 30)
FIRST = date(2023, 7, 1)
MENTEES, MENTORS = 140, 50
SURVEYS = (
    ("confidence at work, 4 questions", "confidence", "written by the programme itself, free to use", True, 0.5, 5),
    ("belonging, 3 questions", "belonging", "written by the programme itself, free to use", True, 0.3, 5),
    ("loneliness, 3 questions", "loneliness", "licence of the authors kept by the programme office", False, -0.4, 9),
)
"""Name, what it measures, licence note, whether more is better, the invented change, and the highest score."""


class Programme:
    """The records while they are made, one random stream for all."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.records: dict[str, list[Record]] = {
            kind: [] for kind in ("people", "groups", "relationships", "consents", "feedback", "contributions")
        }
        self.outcomes = Outcomes()

    def chance(self, share: float) -> bool:
        """Whether something that happens in this share of all cases happens now."""
        return self.random.random() < share

    def rating(self, mean: float) -> int:
        """A rating from 1 to 5 around a mean."""
        return max(1, min(5, round(self.random.gauss(mean, 0.9))))

    def make(self) -> None:
        """Make everything."""
        for n in range(1, 13):
            self.records["groups"].append(Group(id=f"G-{n:02}", title=f"Circle {n}", kind="peer_circle"))
        for n in range(MENTORS):
            self._person(f"M-{n:03}", "mentor", self.random.choice(["isco:25", "isco:22", "isco:72"]))
        for n in range(MENTEES):
            field = self.random.choices(["isco:25", "isco:22", "isco:72", "nace:R"], [5, 4, 3, 1])[0]
            self._person(f"P-{n:03}", "mentee", field)
        self.records["people"].append(Person(id="M-900", roles=("mentor",), fields=("nace:R",)))
        for n in range(MENTEES):
            registered = FIRST + timedelta(days=self.random.randrange(800))
            invited = registered - timedelta(days=self.random.randrange(1, 30))
            self._step(f"P-{n:03}", "invited", invited)
            self._step(f"P-{n:03}", "registered", registered)
            if self.chance(0.85):
                self._match(f"P-{n:03}", f"M-{self.random.randrange(MENTORS):03}", registered + timedelta(days=20))
            self._takes_part(f"P-{n:03}", registered)
        for n in range(60):  # people who were invited and did not come
            self._step(f"X-{n:03}", "invited", FIRST + timedelta(days=self.random.randrange(800)))

    def _person(self, who: str, role: str, field: str) -> None:
        told = self.chance(0.7)
        attributes = (Attribute(dimension="region", value=self.random.choice(["north", "south"])),) if told else ()
        stated = {"id": who, "roles": (role,), "fields": (field,), "attributes": attributes}
        self.records["people"].append(Person.model_validate(stated))
        if told and self.chance(0.85):
            granted = datetime(2023, 7, 1, tzinfo=UTC)
            self.records["consents"].append(
                ConsentGrant(
                    person_id=who,
                    field="attributes.region",
                    purpose="fairness_audit",
                    text_version="2023-06",
                    language="en",
                    granted_at=granted,
                )
            )

    def _step(self, who: str, step: str, on: date) -> None:
        if on <= AS_OF:
            told = {"person_id": who, "step": step, "on": on}
            self.outcomes.programme_steps.append(ProgrammeStep.model_validate(told))

    def _match(self, mentee: str, mentor: str, start: date) -> None:
        lasts = self.random.choices([40, 75, 150, 250, 365], [3, 5, 9, 13, 70])[0]
        planned = start + timedelta(days=365)
        over = start + timedelta(days=lasts)
        status = "active" if over > AS_OF else "completed" if lasts == 365 else "ended"
        until = min(over, AS_OF)
        if start > AS_OF:
            return
        self.records["relationships"].append(
            Relationship(
                person_id=mentee,
                other_id=mentor,
                kind="mentoring",
                status=status,  # type: ignore[arg-type]
                started=start,
                ends=planned if status == "active" else over,
                cadence=Cadence(every="biweekly", minutes=60),
            )
        )
        self._meetings(mentee, mentor, start, until)
        self._ratings(mentee, mentor, start, (until, status != "active"))
        self._growth(mentee, start, (until, status != "active"))
        self._after(mentee, start, until, status)

    def _meetings(self, mentee: str, mentor: str, start: date, until: date) -> None:
        if self.chance(0.1):
            return  # nobody keeps the log
        day = start + timedelta(days=7)
        while day <= until:
            if self.chance(0.72):
                minutes = self.random.choice([45, 60, 60, 75, None])
                told = {"person_id": mentee, "other_id": mentor, "on": day, "kind": "meet", "minutes": minutes}
                self.outcomes.meetings.append(LoggedMeeting.model_validate(told | {"skills": ("planning",)}))
            day += timedelta(days=14)

    def _ratings(self, mentee: str, mentor: str, start: date, end: tuple[date, bool]) -> None:
        waves = [("30_days", 30), ("90_days", 90), ("180_days", 180)]
        due = [(wave, start + timedelta(days=days)) for wave, days in waves if start + timedelta(days=days) <= end[0]]
        good = self.random.gauss(3.9, 0.5)
        for wave, on in [*due, *([("end", end[0])] if end[1] else [])]:
            for one, other, side, answers in ((mentee, mentor, "requester", 0.62), (mentor, mentee, "candidate", 0.55)):
                if self.chance(answers):
                    unnamed = side == "requester" and self.chance(0.15)
                    items = FeedbackItems(
                        satisfaction=self.rating(good),
                        helpfulness=self.rating(good),
                        trust=self.rating(good + 0.2),
                        goal_progress=self.rating(good - 0.3),
                        felt_safe=self.rating(4.5) if self.chance(0.8) else None,
                    )
                    self.records["feedback"].append(
                        Feedback(
                            about_id=other,
                            wave=wave,  # type: ignore[arg-type]
                            perspective=side,  # type: ignore[arg-type]
                            items=items,
                            person_id=None if unnamed else one,
                            anonymous=unnamed,
                            given_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
                        )
                    )

    def _growth(self, mentee: str, start: date, end: tuple[date, bool]) -> None:
        until, over = end
        for skill in self.random.sample(["planning", "speaking", "spreadsheets", "negotiating"], 2):
            level = self.random.randrange(0, 3)
            told = {"person_id": mentee, "skill": skill, "on": start, "level": level, "target": True}
            self.outcomes.skills.append(SkillReading.model_validate(told))
            if over and self.chance(0.6):
                after = min(4, level + self.random.choices([0, 1, 2], [4, 5, 1])[0])
                self.outcomes.skills.append(SkillReading(person_id=mentee, skill=skill, on=until, level=after))
        for goal in ("a first talk in public", "a plan for the next year"):
            scored = {"attained": self.random.choice([-1, 0, 0, 1, 2]), "scored_on": until}
            told = {"person_id": mentee, "goal": goal, "agreed_on": start, "weight": self.random.choice([1, 2])}
            self.outcomes.goal_scales.append(
                GoalScale.model_validate(told | (scored if over and self.chance(0.65) else {}))
            )
        waves = [("start", start, 0.85), *([("end", until, 0.55)] if over else [])]
        for name, measures, licence, up, change, most in SURVEYS:
            before = self.random.gauss(most * 0.55, most * 0.12)
            for wave, on, answers in [*waves, ("follow_up", start + timedelta(days=730), 0.3)]:
                if on > AS_OF or not self.chance(answers):
                    continue
                score = before + (0.0 if wave == "start" else self.random.gauss(change, most * 0.1))
                self.outcomes.surveys.append(
                    SurveyAnswer(
                        person_id=mentee,
                        instrument=name,
                        licence_note=licence,
                        measures=measures,  # type: ignore[arg-type]
                        wave=wave,  # type: ignore[arg-type]
                        on=on,
                        score=round(max(1.0, min(float(most), score)), 2),
                        higher_is_better=up,
                    )
                )

    def _after(self, mentee: str, start: date, until: date, status: str) -> None:
        if self.chance(0.6):
            self._step(mentee, "follow_up_agreed", start)
        if status == "ended" and self.chance(0.3):
            self._step(mentee, "left", until)
        if self.chance(0.45):
            on = start + timedelta(days=int(self.random.expovariate(1 / 300)))
            kind = self.random.choices(
                ["job", "internship", "promotion", "enrolment", "business_start"], [5, 3, 2, 3, 1]
            )[0]
            if on <= AS_OF:
                self.outcomes.outcomes.append(
                    OutcomeEvent.model_validate({"person_id": mentee, "kind": kind, "on": on})
                )
        if status == "completed" and self.chance(0.22):
            self._step(mentee, "became_mentor", until + timedelta(days=self.random.randrange(20, 300)))

    def _takes_part(self, who: str, since: date) -> None:
        for group in self.random.sample(range(1, 13), self.random.choices([0, 1, 2, 3], [4, 4, 2, 1])[0]):
            day = since + timedelta(days=self.random.randrange(5, 90))
            while day <= AS_OF and self.chance(0.7):
                told = {"person_id": who, "other_id": f"G-{group:02}", "on": day, "kind": "attend"}
                self.outcomes.meetings.append(LoggedMeeting.model_validate(told))
                day += timedelta(days=self.random.choice([14, 28, 28, 60]))
        if self.chance(0.3):
            on = since + timedelta(days=self.random.randrange(200))
            if on <= AS_OF:
                self.records["contributions"].append(Contribution(person_id=who, kind="welcoming", on=on))
        if self.chance(0.4):
            planned = since + timedelta(days=self.random.randrange(100))
            done = planned + timedelta(days=self.random.randrange(0, 14))
            if done <= AS_OF:
                step = PlannedStep(person_id=who, planned_on=planned, done_on=done if self.chance(0.7) else None)
                self.outcomes.planned_steps.append(step)


def write_programme(folder: Path, seed: int = 7) -> None:
    """Write the records of the invented programme to `folder`/records; the same seed gives the same bytes."""
    programme = Programme(seed)
    programme.make()
    write_folder(folder / "records", programme.records)
    write_outcomes(folder / "records", programme.outcomes)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the programme where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same bytes (7)")
    told = parser.parse_args(arguments)
    write_programme(told.out, told.seed)
    print(f"{told.out / 'records'}: as of {AS_OF}")


if __name__ == "__main__":
    main()
