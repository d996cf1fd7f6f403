"""Rows of S5, and of S2 and S4, that a journey, a follow-up or a first message makes true."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import Any, get_args

import pytest

import matchengine as me
from matchengine.journey.check_ins import check_ins
from matchengine.journey.neighbours import groups_to_start
from matchengine.journey.outreach import outreach_prompts
from matchengine.journey.plan import plan_journey
from matchengine.planning.accompaniment import after_visit
from matchengine.planning.bridges import next_bridges
from matchengine.planning.follow_up import help_checks, outcome
from matchengine.planning.network import progress
from matchengine.planning.obstacles import barrier_questions, with_barrier
from matchengine.planning.proposals import shared_list, with_accepted
from matchengine.planning.small_groups import invitation
from matchengine.records import ConsentGrant, NetworkMap, Person, Relationship
from matchengine.records import vocabulary as v
from matchengine.records.follow_up import Proposal, ThemeChoice
from matchengine.records.journey import ACCOMPANIMENT, Circumstances, Journey, Meeting, Step, StepKind
from tests.requirements.test_s1_programmes import loaded
from tests.support import EVENING, group, mentee, mentor

TODAY = date(2026, 3, 9)
CARD: dict[str, Any] = {
    "contacts": [{"person_id": "nadia", "consented": True}],
    "meeting_point": "the fountain",
    "accompanied": True,
    "how_it_works": "Sign up at the desk; everybody says their first name; nobody has to talk.",
    "exposure_level": 2,
}


def engine_with(rung: int | None = 1, person: dict[str, Any] | None = None, **card: Any) -> me.Engine:
    """Return an engine on `a` and a welcoming group `g`, changed."""
    return loaded([mentee("a", comfort_rung=rung, **(person or {}))], groups=[group("g", **CARD | card)])


def journey(made: me.Engine, *meetings: tuple[int, StepKind, str | None], **known: Any) -> Journey:
    """Return the journey of `a` to `g` after meetings so many days ago."""
    past = [
        {"person_id": "a", "other_id": "g", "on": TODAY - timedelta(days=ago), "kind": kind, "rating": rating}
        for ago, kind, rating in meetings
    ]
    told = Circumstances(meetings=tuple(Meeting.model_validate(one) for one in past), **known)
    return plan_journey(made._scene("group"), "a", "g", known=told)


def test_s5_04_either_side_proposes_and_the_author_is_told() -> None:
    """S5-04: mentor and mentee both propose goals and interests; each carries its author, and only a yes counts."""
    base = {"person_id": "a", "field": "interests"}
    proposals = [
        Proposal.model_validate(base | {"author_id": "m", "text": "chess", "accepted": True}),
        Proposal.model_validate(base | {"author_id": "a", "text": "kites"}),
        Proposal.model_validate(base | {"author_id": "m", "text": "kites"}),
    ]
    told = shared_list("a", proposals)
    assert [(item.text, item.authors) for item in told] == [("chess", ("m",)), ("kites", ("a", "m"))]
    taken = with_accepted(Person.model_validate(mentee("a", interests=[])), proposals)
    assert [interest.text for interest in taken.interests] == ["chess"]
    with pytest.raises(ValueError, match="author_id"):
        Proposal.model_validate(base | {"text": "chess"})


def test_s5_05_company_fades_no_faster_than_one_level_a_good_visit() -> None:
    """S5-05: together, arrive together and leave alone, alone with a contact, alone: one level per good visit."""
    made = engine_with()
    good = [journey(made, *((7 * n, "attend", "okay") for n in range(1, count + 1))) for count in range(4)]
    assert [told.accompaniment for told in good] == list(ACCOMPANIMENT)
    assert journey(made, (7, "attend", "not_okay"), (1, "attend", None)).accompaniment == "together"
    assert "together" in good[0].next_step.text
    assert "leave on my own" in good[1].next_step.text
    assert "on my own" not in good[0].next_step.text


def test_s5_06_the_first_exposure_is_at_most_one_rung_above() -> None:
    """S5-06: one or two friendly contacts first; a contact is named only where they agreed; never a crowd."""
    for rung in range(5):
        for level in range(5):
            told = journey(engine_with(rung, exposure_level=level))
            assert told.plan.exposure <= rung + 1
            assert told.next_step.difficulty <= rung + 1
    silent = journey(engine_with(contacts=[{"person_id": "nadia", "consented": False}]))
    assert "nadia" not in silent.model_dump_json()


def test_s5_07_no_introduction_without_the_consent_of_who_stands_between() -> None:
    """S5-07: a warm introduction over at most two ties, told only once the middle person allows it."""
    ties = [
        {"person_id": "a", "other_id": "m", "kind": "mentoring"},
        {"person_id": "m", "other_id": "g", "kind": "membership"},
    ]
    known = {"relationships": tuple(Relationship.model_validate(tie) for tie in ties)}
    made = engine_with()
    silent = journey(made, **known)
    assert silent.introduction is None
    assert '"m"' not in silent.model_dump_json()
    grant = {"person_id": "m", "field": "relationships", "purpose": "explain", "audience": "members"}
    grant |= {"text_version": "1", "language": "en", "granted_at": "2026-01-01T00:00:00Z"}
    made.upsert(ConsentGrant.model_validate(grant))
    told = journey(made, **known).introduction
    assert told is not None
    assert (told.via_id, told.length) == ("m", 2)
    made.upsert(ConsentGrant.model_validate(grant | {"withdrawn_at": "2026-02-01T00:00:00Z"}))
    assert journey(made, **known) == silent


def test_s5_09_and_s5_24_one_step_of_each_kind_at_its_time() -> None:
    """S5-09, S5-24: the planner returns one step, never a list; message, attend, ask, contribute, suggest occur."""
    good = [(7 * n, "attend", "okay") for n in range(1, 6)]
    cases: dict[str, Journey] = {
        "message": journey(engine_with(0)),
        "attend": journey(engine_with(1)),
        "ask": journey(engine_with(1, contacts=[], schedule=None, meeting_point=None)),
        "contribute": journey(engine_with(3), *good[:3]),
        "suggest": journey(engine_with(3), *good, (1, "contribute", None)),
    }
    for kind, told in cases.items():
        assert type(told.next_step) is Step
        assert told.next_step.kind == kind
        assert type(told.aftercare.next_step) is Step
    assert set(cases) < set(get_args(StepKind))


def test_s5_11_what_to_expect_is_told_or_asked() -> None:
    """S5-11: how it works becomes the card of what to expect; where it is empty the organiser is asked."""
    told = journey(engine_with())
    assert told.plan.what_to_expect == CARD["how_it_works"]
    assert CARD["how_it_works"] in told.plain_text
    assert not told.ask_organiser
    empty = journey(engine_with(how_it_works=None))
    assert "what_to_expect" in empty.plan.missing
    assert any("first visit" in question for question in empty.ask_organiser)


def test_s5_13_the_place_may_be_seen_before_the_people() -> None:
    """S5-13: small before big: for somebody at rung 0 the way into a larger group goes over previews, one at a time."""
    made = engine_with(0, modes=["in_person"], person={"modes": ["in_person"]})
    done: list[tuple[int, StepKind, str | None]] = []
    for kind in ("message", "meet", "preview"):
        told = journey(made, *done)
        assert told.next_step.kind == kind
        done.append((1, told.next_step.kind, None))


def test_s5_26_every_step_comes_with_sentences_to_rehearse() -> None:
    """S5-26: prompts for the step at hand, and others for another kind of step."""
    shy, bold = journey(engine_with(0)), journey(engine_with(2))
    assert shy.next_step.kind != bold.next_step.kind
    for told in (shy, bold):
        assert len(told.prompts) >= 2
        assert told.prompts == told.next_step.prompts
        assert all(sentence in told.plain_text for sentence in told.prompts)
    assert not set(shy.prompts) & set(bold.prompts)


def test_s5_28_the_checklist_of_the_network_map_counts() -> None:
    """S5-28: sketched, gap chosen, step planned: how many of the three points are done."""
    statuses: tuple[v.NetworkStatus, ...] = get_args(v.NetworkStatus)
    got = [progress(NetworkMap.model_validate({"status": status})) for status in statuses]
    assert [(told.done, told.points) for told in got] == [(1, 3), (2, 3), (3, 3)]
    assert progress(None).done == 0


FIELDS: dict[str, dict[str, Any]] = {
    "meeting_point": {"meeting_point": None},
    "time": {"schedule": None},
    "companion": {"accompanied": False},
    "first_share": {"topics": ["pottery"]},
}


@pytest.mark.parametrize("missing", [*combinations(FIELDS, 0), *combinations(FIELDS, 1), *combinations(FIELDS, 2)])
def test_s5_29_an_entry_plan_has_all_four_or_lists_what_is_missing(missing: tuple[str, ...]) -> None:
    """S5-29: meeting point, time, companion, first share: each is there, or named as missing; both never."""
    plan = journey(engine_with(**{key: value for name in missing for key, value in FIELDS[name].items()})).plan
    assert set(plan.missing) == set(missing)
    for name in FIELDS:
        assert (getattr(plan, name) is None) == (name in plan.missing)


def test_s5_30_the_handover_is_to_exactly_one_person() -> None:
    """S5-30: of several contacts the person is introduced to one; whoever came along steps back."""
    contacts = [{"person_id": name, "consented": True} for name in ("nadia", "omar", "pia")]
    told = journey(engine_with(contacts=contacts), companion_id="friend")
    assert told.handover is not None
    assert told.handover.contact == "nadia"
    assert "then friend steps back" in told.plain_text
    assert "omar" not in told.model_dump_json()
    assert journey(engine_with(contacts=[])).handover is None


def test_s5_31_aftercare_is_due_within_72_hours_with_one_step() -> None:
    """S5-31: the date is set when the plan is made, at most 72 hours after the visit ends, daylight saving included."""
    for ahead in range(0, 28, 7):
        told = plan_journey(engine_with()._scene("group"), "a", "g", today=TODAY + timedelta(days=ahead))
        assert told.plan.time is not None
        ends = told.plan.time.timestamp() + 60 * EVENING["duration_minutes"]
        assert 0 < told.aftercare.due.timestamp() - ends <= 72 * 3600
        assert type(told.aftercare.next_step) is Step
        assert told.aftercare.next_step.on > told.plan.time.date()
    undated = journey(engine_with(schedule=None))
    assert timedelta(0) < undated.aftercare.due.date() - TODAY <= timedelta(days=3)


def test_s5_32_at_most_two_bridges_a_month() -> None:
    """S5-32: however often one asks, no month holds more than two suggestions of bridges."""
    log: list[date] = []
    for day in range(120):
        today = TODAY + timedelta(days=day)
        log += [today for _bridge in next_bridges(["choir", "library", "allotment"], log, today)]
    for day in log:
        assert len([other for other in log if day <= other < day + timedelta(days=30)]) <= 2
    assert len(log) >= 6


def test_s5_34_a_network_map_tells_which_functions_nobody_fills() -> None:
    """S5-34: ties carry emotional, informational, practical, companionship or professional functions; gaps are told."""
    functions: tuple[v.TieFunction, ...] = get_args(v.TieFunction)
    for number in range(len(functions) + 1):
        tie = {"category": "friends", "count": 1, "functions": functions[:number]}
        told = progress(NetworkMap.model_validate({"ties": [tie]}))
        assert (told.covered, told.open) == (functions[:number], functions[number:])
    nobody = {"category": "friends", "count": 0, "functions": functions}
    assert progress(NetworkMap.model_validate({"ties": [nobody]})).covered == ()


SECRETS: dict[str, Any] = {
    "attributes": [{"dimension": "religion", "value": "zoroastrian"}],
    "lived_experience": ["first in family"],
    "age_band": "55-64",
    "barriers": [{"kind": "childcare", "strength": "strong"}],
    "pronouns": "xe/xem",
    "anchors": ["kite flyers"],
    "values": ["fairness"],
    "hopes_to_gain": "learn about beekeeping",
    "interests": [{"text": "stamp collecting"}],
}


def test_s2_15_prompts_hold_nothing_sensitive_and_nothing_that_is_not_in_the_profiles() -> None:
    """S2-15: admiration, background, reason and question from open offers and own goals alone."""
    grants = [
        {"person_id": who, "field": field, "purpose": purpose, "audience": "members", "text_version": "1"}
        | {"language": "en", "granted_at": "2026-01-01T00:00:00Z"}
        for who in "am"
        for field in SECRETS
        for purpose in ("match", "explain")
    ]
    bare = loaded([mentee("a", **dict.fromkeys(("values", "interests"), ())), mentor("m", hopes_to_gain=None)])
    full = loaded([mentee("a", **SECRETS), mentor("m", **SECRETS)], consents=grants)
    told = outreach_prompts(full._scene("mentor"), "a", "m").prompts
    assert told == outreach_prompts(bare._scene("mentor"), "a", "m").prompts
    assert 3 <= len(told) <= 4
    quoted = {part.split("”")[0] for sentence in told for part in sentence.split("“")[1:]}
    assert quoted
    assert quoted <= {text["text"] for text in (*mentee()["goals"], *mentor()["offers"])}


def test_s2_16_two_missed_meetings_raise_the_alert_and_dates_suit_both() -> None:
    """S2-16: at two missed periods of the cadence, not before; next dates from the time that both have."""
    late = EVENING | {"start": "2026-01-06T19:00:00"}
    made = loaded([mentee("a"), mentor("m", availability=[late])])
    for every, days in (("weekly", 7), ("biweekly", 14)):
        tie = {"person_id": "a", "other_id": "m", "kind": "mentoring", "cadence": {"every": every, "minutes": 60}}
        for since in range(4 * days):
            told = check_ins(made._pool, Relationship.model_validate(tie), TODAY - timedelta(days=since), TODAY)
            assert told.drifting == (since > 2 * days)
            assert bool(told.text) == told.drifting
            assert told.dates
            assert {(when.weekday(), when.strftime("%H:%M")) for when in told.dates} == {(1, "19:00")} | (
                {(1, "18:00")} if any(when.date() >= date(2026, 3, 29) for when in told.dates) else set()
            )


def test_s2_18_an_obstacle_is_a_question_until_the_person_says_yes() -> None:
    """S2-18: "no childcare" asks about childcare; the barrier is there only once the person confirmed it."""
    told = mentee("a", goals=[{"text": "learn sql", "obstacles": ["no childcare"]}])
    person = Person.model_validate(told)
    [question] = barrier_questions(person)
    assert (question.kind, person.barriers) == ("childcare", ())
    assert with_barrier(person, question.kind, None).barriers == ()
    assert [b.kind for b in with_barrier(person, question.kind, "strong").barriers] == ["childcare"]
    made = loaded([told], groups=[group("g", childcare=False)])
    assert not plan_journey(made._scene("group"), "a", "g").supports_to_arrange


def test_s4_03_nobody_is_named_before_everybody_said_yes() -> None:
    """S4-03: three near each other who chose one theme and opted in are proposed; nobody is named before all agree."""
    here = {"geohash": "gcpvj"}
    made = loaded([mentee(name, place=here) for name in "abcd"])
    chosen = [ThemeChoice(person_id=name, theme="bereavement", opted_in=name != "d") for name in "abcd"]
    [proposed] = groups_to_start(made._pool, chosen)
    assert proposed.people == ("a", "b", "c")
    assert groups_to_start(made._pool, chosen[1:]) == ()
    for count in range(4):
        answers = {name: n < count for n, name in enumerate("abc")}
        told = [invitation(proposed, name, answers) for name in "abc"]
        assert all(bool(one.people) == (count == 3) for one in told)
        if count < 3:
            assert not any(f"“{name}”" in one.text or one.people for one in told for name in "abc")


def test_s4_15_every_join_gets_a_check_after_two_visits() -> None:
    """S4-15: "did this help?" after the second visit of each join, and an alternative where it did not."""
    ties = [Relationship(person_id=who, other_id="g", kind="membership", started=TODAY) for who in ("a", "b")]
    checks = help_checks(ties, TODAY)
    assert [check.person_id for check in checks] == ["a", "b"]
    told = journey(engine_with())
    assert told.help_check.due == date(2026, 3, 18), "the day after the second Tuesday"
    assert all("Did this help?" in check.question and check.alternative for check in (*checks, told.help_check))
    assert outcome(helped=False) == "offer_alternative"


def test_a_good_visit_raises_the_rung_from_which_the_next_plan_starts() -> None:
    person = Person.model_validate(mentee("a", comfort_rung=0))
    made = engine_with(0)
    assert journey(made).plan.begins_with == "meeting"
    made.upsert(after_visit(person, "okay"))
    assert journey(made).plan.begins_with == "visit"
