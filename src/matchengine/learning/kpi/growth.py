"""What people learned and how they see themselves: skills, goals, instruments over time (S2-09, S2-26, S2-29)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from matchengine.i18n import N_, _
from matchengine.learning.kpi.cells import Counted, figure
from matchengine.learning.kpi.estimates import change_of, goal_attainment_score, mean_of, share_of
from matchengine.learning.kpi.inputs import MONTH, WAVE_DAYS, Clock, Window
from matchengine.records.kpi import KpiInstrument, KpiMeasure, KpiReport, KpiTable
from matchengine.records.outcomes import GoalScale, SkillReading, SurveyAnswer

__all__ = [
    "FOLLOW_UPS",
    "GOAL_DAYS",
    "goals",
    "instruments",
    "published_instruments",
    "skills",
    "surveys",
    "trajectories",
]

GOAL_DAYS = 30
"""Days after the start by which a goal must be agreed on to count: goals are often set at the first meetings."""
FOLLOW_UPS = (6, 12, 24)
"""Months after the start near which a follow-up answer is counted, at most a quarter year off."""
_NEAR = 92
_WAVES: Mapping[str, str] = {
    "30_days": N_("after 30 days"),
    "90_days": N_("after 90 days"),
    "180_days": N_("after 180 days"),
    "end": N_("at the end"),
    "6_months": N_("6 months after the start"),
    "12_months": N_("12 months after the start"),
    "24_months": N_("24 months after the start"),
}


def skills(window: Window) -> KpiTable:
    """Return the gain in level of skills that people named as targets by the day their mentoring began."""
    gains: list[tuple[str, str, int]] = []
    without = later = 0
    for (person, _skill), readings in sorted(_by_skill(window).items()):
        clock = window.clocks.get(person)
        before = [each for each in readings if clock and each.on <= clock.start]
        if clock is None or not any(each.target for each in before):
            later += any(each.target for each in readings)
            continue
        after = [each for each in readings if each.on > clock.start]
        if after:
            gains.append((person, clock.mentor, after[-1].level - before[-1].level))
        else:
            without += 1
    change, mentors = [gain for _p, _m, gain in gains], [mentor for _p, mentor, _g in gains]
    least, label = window.min_cell, _("gain in level of a targeted skill (levels 0 to 4)")
    people = len({person for person, _m, _g in gains})
    few = 0 < people < least
    made = [
        figure("skills.gain", label, "change", change_of(change, mentors), least, without),
        figure(
            "skills.rose",
            _("targeted skills that rose by a level or more"),
            "share",
            share_of([gain >= 1 for gain in change], mentors),
            least,
            without,
        ),
    ]
    notes = [_("Only skills that a person named as a target by the day their mentoring began are counted.")]
    if later >= least and not window.published:
        notes.append(_("Left out, because they were named later or the mentoring has no first day: {n}.", n=later))
    return KpiTable(
        key="skills",
        title=_("Skills"),
        counts=_("targeted skills"),
        rows=tuple(_gone(row) if few else row for row in made),
        notes=tuple(notes),
    )


def _by_skill(window: Window) -> dict[tuple[str, str], list[SkillReading]]:
    """Readings of each person and skill by day; capital letters do not make another skill."""
    found: dict[tuple[str, str], list[SkillReading]] = defaultdict(list)
    for each in sorted(window.records.skills, key=lambda one: (one.on, one.target, one.level)):
        if each.on <= window.today:
            found[each.person_id, each.skill.casefold()].append(each)
    return found


def goals(window: Window) -> KpiTable:
    """Return the goal attainment score of people over their scored goals, agreed within 30 days of the start."""
    by_person: dict[str, list[GoalScale]] = defaultdict(list)
    for each in window.records.goal_scales:
        clock = window.clocks.get(each.person_id)
        if clock is not None and each.agreed_on <= clock.start + timedelta(days=GOAL_DAYS):
            by_person[each.person_id].append(each)
    scores, mentors, unscored, nobody = [], [], 0, 0
    for person, own in sorted(by_person.items()):
        done = [goal for goal in own if goal.scored_on is not None and goal.scored_on <= window.today]
        unscored += len(own) - len(done)
        if not done:
            nobody += 1
            continue
        scores.append(goal_attainment_score([g.attained or 0 for g in done], [g.weight for g in done]))
        mentors.append(window.clocks[person].mentor)
    label = _("goal attainment score, 50 is as agreed")
    row = figure("goals.score", label, "score", mean_of(scores, mentors), window.min_cell, nobody)
    notes = [
        _("Goals count if they were agreed at most {n} days after the start.", n=GOAL_DAYS),
        _("A goal that nobody scored is left out of the score of its person, never taken for reached or missed."),
    ]
    if unscored >= window.min_cell and not window.published:
        notes.append(_("Goals that nobody has scored: {n}.", n=unscored))
    return KpiTable(key="goals", title=_("Goals"), counts=_("people"), rows=(row,), notes=tuple(notes))


def instruments(window: Window) -> tuple[KpiInstrument, ...]:
    """Return each instrument that the programme brought, with every licence note it was given."""
    by_name: dict[str, list[SurveyAnswer]] = defaultdict(list)
    for each in window.records.surveys:
        if each.on <= window.today:
            by_name[each.instrument].append(each)
    return tuple(
        KpiInstrument(
            instrument=name,
            measures=min(each.measures for each in own),
            licence_notes=tuple(sorted({each.licence_note for each in own})),
            higher_is_better=all(each.higher_is_better for each in own),
        )
        for name, own in sorted(by_name.items())
    )


def published_instruments(
    window: Window, known: Mapping[str, KpiMeasure], earlier: KpiReport | None
) -> tuple[KpiInstrument, ...]:
    """Return the instruments of which a figure is told, those of an earlier report as they stand there.

    An instrument that few answered would say that they did.
    """
    found = {each.instrument: each for each in instruments(window)}
    found |= {each.instrument: each for each in (earlier.instruments if earlier is not None else ())}
    told = [key for key, row in known.items() if row.value is not None]
    return tuple(
        each
        for name, each in sorted(found.items())
        if any(key.startswith((f"surveys.{_slug(name)}.", f"trajectories.{_slug(name)}.")) for key in told)
    )


def surveys(window: Window) -> KpiTable:
    """Return the paired difference of each instrument from the start to the end, of the people who answered both."""
    rows = []
    for name, side, scores in _instruments(window):
        rows.append(_change(window, ("surveys", name, side), scores, "end"))
    return KpiTable(
        key="surveys",
        title=_("Before and after, the same people"),
        counts=_("people"),
        rows=tuple(rows),
        notes=(
            _("Missing are people whose mentoring is over and who answered once only."),
            _("People change without a programme too: no difference here says what caused it."),
        ),
    )


def trajectories(window: Window) -> KpiTable:
    """Return the change from the start to each later wave, up to two years, of the people who answered both."""
    rows = [
        _change(window, ("trajectories", name, side), scores, wave)
        for name, side, scores in _instruments(window)
        for wave in _WAVES
        if wave != "end"
    ]
    return KpiTable(
        key="trajectories",
        title=_("Over time, against the start"),
        counts=_("people"),
        rows=tuple(row for row in rows if row.hidden or row.n),
        notes=(
            _("After the end only people who agreed to it are asked, and not all of them answer."),
            _("Each line is about those who answered then and at the start, so lines are about different people."),
        ),
    )


_Scores = Mapping[str, Mapping[str, SurveyAnswer]]


def _instruments(window: Window) -> list[tuple[str, str, _Scores]]:
    """Answers by instrument and side: person, then wave; the latest of a wave counts."""
    found: dict[tuple[str, str], dict[str, dict[str, SurveyAnswer]]] = defaultdict(lambda: defaultdict(dict))
    for each in sorted(window.records.surveys, key=lambda one: (one.on, one.score)):
        if each.on > window.today or each.side == "facilitator":
            continue
        wave = _wave_of(each, _clock(window, each.side, each.person_id))
        if wave is not None:
            found[each.instrument, each.side][each.person_id][wave] = each
    return [(name, side, by_person) for (name, side), by_person in sorted(found.items())]


def _clock(window: Window, side: str, person: str) -> Clock | None:
    if side == "requester":
        return window.clocks.get(person)
    own = [tie for tie in window.ties if tie.mentor == person and tie.started is not None]
    if not own or own[0].started is None:
        return None
    going = any(not tie.closed for tie in own)
    closed = None if going else max((tie.over for tie in own if tie.over is not None), default=None)
    return Clock(person, person, own[0].started, window.today if going else closed, closed, False)


def _wave_of(answer: SurveyAnswer, clock: Clock | None) -> str | None:
    if answer.wave != "follow_up":
        return answer.wave
    if clock is None:
        return None
    days = (answer.on - clock.start).days
    near = min(FOLLOW_UPS, key=lambda months: abs(days - months * MONTH))
    return f"{near}_months" if abs(days - near * MONTH) <= _NEAR else None


def _change(window: Window, where: tuple[str, str, str], scores: _Scores, wave: str) -> KpiMeasure:
    table, name, side = where
    changes, mentors, missing = [], [], 0
    for person, own in sorted(scores.items()):
        clock = _clock(window, side, person)
        if "start" in own and wave in own:
            changes.append(own[wave].score - own["start"].score)
            mentors.append(clock.mentor if clock else person)
        elif ("start" in own or wave in own) and clock is not None and _came(clock, wave, window.today):
            missing += 1
    some = next(iter(next(iter(scores.values())).values()))
    words = (
        _("{instrument}, change; more is better", instrument=name)
        if some.higher_is_better
        else _("{instrument}, change; less is better", instrument=name)
    )
    key = f"{table}.{_slug(name)}.{side}" + ("" if table == "surveys" else f".{wave}")
    return figure(
        f"{key}.change",
        words,
        "change",
        change_of(changes, mentors),
        window.min_cell,
        missing,
        side=side,
        wave=_(_WAVES[wave]),
    )


def _came(clock: Clock, wave: str, today: date) -> bool:
    """Whether somebody was due to be asked in a wave."""
    if wave == "end":
        return clock.closed is not None
    days = WAVE_DAYS[wave] if wave in WAVE_DAYS else round(int(wave.split("_")[0]) * MONTH)
    return clock.until is not None and clock.start + timedelta(days=days) <= clock.until


def _slug(name: str) -> str:
    return "-".join(name.split())


def _gone(row: Counted) -> Counted:
    more = {"behind": row.behind, "people": row.people}
    return Counted(key=row.key, label=row.label, unit=row.unit, hidden=True, **more)
