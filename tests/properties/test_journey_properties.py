"""Journeys under Hypothesis: one step, company that fades slowly, few bridges, nobody named too early (Annex 2, C8)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

import matchengine as me
from matchengine.journey.plan import plan_journey
from matchengine.planning.accompaniment import accompaniment, rung_after
from matchengine.planning.bridges import next_bridges
from matchengine.planning.cadence import common_starts, missed_meetings
from matchengine.planning.dates import occurrences
from matchengine.planning.introductions import introductions
from matchengine.planning.small_groups import small_groups
from matchengine.planning.steps import Option, best_option, utility, within_reach
from matchengine.pool.calendar import SLOT_MINUTES, expand
from matchengine.records import Availability, Relationship
from matchengine.records.follow_up import ThemeChoice
from matchengine.records.journey import ACCOMPANIMENT, Circumstances, Meeting, Step
from tests.properties.populations import holds_for
from tests.support import EVENING, engine, group, mentee

RATINGS = st.sampled_from(("okay", "not_okay", None))
OPTIONS = st.builds(
    Option,
    kind=st.sampled_from(("message", "ask", "meet", "preview", "attend", "contribute")),
    need=st.floats(0, 1),
    difficulty=st.floats(0, 4),
    help=st.floats(0, 2),
)


@holds_for(st.lists(OPTIONS, max_size=8), st.integers(0, 4))
def test_the_planner_returns_exactly_one_step_that_nothing_within_reach_beats(options: list[Option], rung: int) -> None:
    options = [*options, Option("ask", 0.1, 0.0)]
    best = best_option(options, rung)
    assert isinstance(best, Option)
    assert within_reach(best, rung)
    rivals = [option for option in options if within_reach(option, rung)]
    assert all(utility(option, rung) <= utility(best, rung) + 1e-9 for option in rivals)
    assert not [o for o in rivals if utility(o, rung) == utility(best, rung) and o.difficulty < best.difficulty]


@holds_for(st.integers(0, 4), st.lists(RATINGS, max_size=8))
def test_company_fades_at_most_one_level_a_good_visit_and_never_on_a_bad_one(rung: int, ratings: list[Any]) -> None:
    levels = [ACCOMPANIMENT.index(accompaniment(rung, ratings[:n])) for n in range(len(ratings) + 1)]
    for before, after, rating in zip(levels, levels[1:], ratings, strict=False):
        assert after - before in ((0, 1) if rating == "okay" else (0,))


@holds_for(st.integers(0, 4), st.lists(RATINGS, max_size=8))
def test_rungs_rise_by_one_at_most_and_fall_by_none(rung: int, ratings: list[Any]) -> None:
    for rating in ratings:
        later = rung_after(rung, rating)
        assert later == (min(rung + 1, 4) if rating == "okay" else rung)
        rung = later


@holds_for(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 5))
def test_no_month_ever_holds_more_than_two_bridges(gaps: list[int], offered: int) -> None:
    today, log = date(2026, 1, 28), []
    for gap in gaps:
        today += timedelta(days=gap)
        log += [today for _bridge in next_bridges(range(offered), log, today)]
    for day in log:
        assert len([other for other in log if day <= other < day + timedelta(days=28)]) <= 2


@holds_for(st.sampled_from(("weekly", "biweekly", "monthly")), st.integers(0, 400))
def test_missed_meetings_never_fall_as_days_go_by(every: Any, days: int) -> None:
    last = date(2026, 1, 31)
    today = last + timedelta(days=days)
    missed = missed_meetings(every, last, today)
    assert missed <= missed_meetings(every, last, today + timedelta(days=1)) <= missed + 1


SLOTS = st.builds(
    lambda day, hour, minutes, zone: EVENING
    | {"start": f"2026-01-06T{hour:02}:00:00", "duration_minutes": minutes, "time_zone": zone, "rrule":
       f"FREQ=WEEKLY;BYDAY={day}"},
    st.sampled_from(("MO", "TU", "SU")), st.integers(0, 23), st.sampled_from((15, 60, 600, 1440)),
    st.sampled_from(("Europe/London", "America/New_York", "Asia/Kolkata")),
)  # fmt: skip


@holds_for(st.lists(SLOTS, max_size=3), st.integers(1, 4))
def test_dates_come_in_order_after_the_day_and_keep_the_wall_clock(slots: list[Any], count: int) -> None:
    after = datetime(2026, 3, 20, tzinfo=UTC)
    found = occurrences([Availability.model_validate(slot) for slot in slots], after, count)
    moments = [one.start.timestamp() for one in found]
    assert moments == sorted(moments)
    assert all(moment >= after.timestamp() for moment in moments)
    assert len(found) == (count if slots else 0)
    hours = {(slot["time_zone"], int(slot["start"][11:13])) for slot in slots}
    assert {(str(one.start.tzinfo), one.start.hour) for one in found} <= hours


@holds_for(SLOTS, SLOTS, st.sampled_from((15, 60, 120)))
def test_both_are_free_from_every_common_start_on(one: Any, other: Any, minutes: int) -> None:
    first = date(2026, 3, 9)
    left, right = (
        expand([(s["start"], s["duration_minutes"], s["time_zone"], s["rrule"])], first) for s in (one, other)
    )
    both = np.unpackbits((left & right).view(np.uint8), bitorder="little")
    for start in common_starts(left, right, first, minutes):
        slot = int((start - datetime(2026, 3, 9, tzinfo=UTC)).total_seconds() // 60 // SLOT_MINUTES)
        assert both[slot : slot + minutes // SLOT_MINUTES].all()


@holds_for(st.integers(3, 9), st.integers(0, 2**32 - 1), st.floats(0.2, 1), st.floats(0.5, 1))
def test_groups_are_near_opted_in_and_found_where_there_is_one(n: int, seed: int, dense: float, opted: float) -> None:
    chance = np.random.default_rng(seed)
    near = chance.random((n, n)) < dense
    near &= near.T
    choices = [ThemeChoice(person_id=f"p{i}", theme="x", opted_in=bool(chance.random() < opted)) for i in range(n)]
    groups = small_groups(choices, near, 4)
    placed = [int(who[1:]) for found in groups for who in found.people]
    assert len(placed) == len(set(placed))
    for found in groups:
        rows = [int(who[1:]) for who in found.people]
        assert 3 <= len(rows) <= 4
        assert all(choices[row].opted_in for row in rows)
        assert all(near[a, b] for a in rows for b in rows if a != b)
    left = [i for i in range(n) if choices[i].opted_in and i not in placed]
    assert not [1 for a in left for b in left for c in left if a < b < c and near[a, b] and near[a, c] and near[b, c]]


IDS = ("a", "b", "c", "d", "g")
TIES = st.lists(
    st.tuples(
        st.sampled_from(IDS), st.sampled_from(IDS),
        st.sampled_from(("mentoring", "peer", "membership", "line_management", "household")),
        st.sampled_from(("active", "proposed", "ended")),
    ).filter(lambda tie: tie[0] != tie[1]),
    max_size=8,
)  # fmt: skip


@holds_for(TIES, st.sets(st.sampled_from(IDS)), st.booleans())
def test_an_introduction_names_nobody_in_between_who_did_not_agree(
    drawn: list[Any], agreed: set[str], private: bool
) -> None:
    ties = [Relationship(person_id=a, other_id=b, kind=kind, status=status) for a, b, kind, status in drawn]
    active = {frozenset((t.person_id, t.other_id)) for t in ties if t.status == "active"}
    for way in introductions("a", "g", "c", ties, agreed, private=private):
        assert frozenset(("a", way.via_id)) in active
        if way.length == 2:
            assert way.via_id in agreed
            assert frozenset((way.via_id, way.to_id)) in active
            assert not (private and way.to_id == "g")
        else:
            assert way.via_id == "c"


CARDS = st.fixed_dictionaries(
    {
        "contacts": st.sampled_from(([], [{"person_id": "n", "consented": True}], [{"person_id": "n"}])),
        "meeting_point": st.sampled_from((None, "the fountain")),
        "accompanied": st.sampled_from((None, True, False)),
        "how_it_works": st.sampled_from((None, "We walk.")),
        "exposure_level": st.none() | st.integers(0, 4),
        "schedule": st.sampled_from((None, {"slots": [EVENING]})),
        "topics": st.sampled_from((["hiking"], ["pottery"], [])),
    }
)


@holds_for(CARDS, st.none() | st.integers(0, 4), st.lists(RATINGS, max_size=6), st.sampled_from((None, "c")))
def test_every_journey_has_one_step_each_and_says_what_is_missing(
    card: dict[str, Any], rung: int | None, ratings: list[Any], companion: str | None
) -> None:
    made = journeys(card, rung)
    first = date(2026, 3, 8) - timedelta(weeks=10)
    meetings = tuple(
        Meeting(person_id="a", other_id="g", on=first + timedelta(weeks=n), rating=rating)
        for n, rating in enumerate(ratings)
    )
    told = plan_journey(made._scene("group"), "a", "g", known=Circumstances(meetings=meetings, companion_id=companion))
    plan, own = told.plan, 1 if rung is None else rung
    assert plan.exposure <= own + 1
    for step in (told.next_step, told.aftercare.next_step):
        assert isinstance(step, Step)
        assert step.difficulty <= own + 1
        assert step.text.startswith("If it is ")
        assert ", then I " in step.text
        assert "None" not in step.text
        assert step.prompts
    for name in ("meeting_point", "time", "first_share", "contact", "what_to_expect"):
        assert (getattr(plan, name) is None) == (name in plan.missing)
    accompanied = plan.accompaniment in ("together", "arrive_together")
    assert ("companion" in plan.missing) == (accompanied and plan.companion is None)
    begins = datetime.combine(date(2026, 3, 9), datetime.min.time(), UTC) if plan.time is None else plan.time
    assert begins < told.aftercare.due <= begins + timedelta(hours=72)
    assert (told.handover is None) == (plan.contact is None)
    assert told.help_check.due >= date(2026, 3, 9)


def journeys(card: dict[str, Any], rung: int | None) -> me.Engine:
    """Return an engine on `a` of a rung and a group `g` with a card."""
    made = engine()
    made.load([mentee("a", comfort_rung=rung)], groups=[group("g") | card])
    return made
