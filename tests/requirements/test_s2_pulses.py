"""Rows about what people say back: mismatches, the ripple, suspensions, and whether it helps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.engine import Engine
from matchengine.errors import DataError
from matchengine.journey.mismatch import Finding
from matchengine.journey.pulses import Pulses
from matchengine.pool.pool import Pool
from matchengine.records import Feedback, Group, MeetingHeld, Person, Relationship
from matchengine.store.memory import MemoryStore
from tests.properties.populations import dumped
from tests.support import config, engine, group, mentee, mentor, over

START = date(2026, 1, 5)
DAY_40, DAY_100 = START + timedelta(days=40), START + timedelta(days=100)
TIE = {"person_id": "a", "other_id": "m", "kind": "mentoring", "started": START}
SWAPS = """
[swaps.spring]
match = "mentor"
"""


def programme(*ties: dict[str, Any], extra: str = "", **more: Any) -> Engine:
    """Return an engine over a store with two mentees, two mentors and two groups."""
    made = over(MemoryStore(), config(extra))
    people = [mentee("a"), mentee("b"), mentor("m"), mentor("n")]
    groups = [group("g"), group("h", title="Readers")]
    made.load(more.get("people", people), groups, relationships=[*(ties or [TIE])])
    return made


def says(who: str, about: str, wave: str = "30_days", **items: Any) -> Feedback:
    """Return an answer of a pulse."""
    side = "requester" if who in "ab" else "candidate"
    told = {"about_id": about, "person_id": who, "wave": wave, "perspective": side, "items": items}
    return Feedback.model_validate(told)


def met(who: str, other: str, *days: int, **more: Any) -> list[MeetingHeld]:
    """Return meetings so many days after the start."""
    return [MeetingHeld(person_id=who, other_id=other, held_on=START + timedelta(days=d), **more) for d in days]


# ---------------------------------------------------------------------- S2-19


def test_s2_19_a_low_rating_brings_a_talk_and_if_it_lasts_an_offer() -> None:
    """S2-19: first a conversation prompt for each side; where it lasts over a further pulse, a rematch or a swap."""
    made = programme(extra=SWAPS)
    made.apply([says("a", "m", helpfulness=2), says("m", "a", satisfaction=4, helpfulness=4)])
    [found] = made.mismatches(DAY_40).found
    assert (found.step, found.needs, found.offers) == ("conversation", ("expectations",), ())
    assert all(made.own_pulse(who, DAY_40)[0].prompts for who in "am"), "a prompt for each side"
    assert not any(made.own_pulse(who, DAY_40)[0].offers for who in "am")
    made.upsert(says("a", "m", "90_days", helpfulness=2))
    [lasting] = made.mismatches(DAY_100).found
    assert (lasting.step, lasting.offers) == ("offer", ("rematch", "swap"))
    assert made.own_pulse("a", DAY_100)[0].offers == ("rematch", "swap")
    assert made.own_pulse("m", DAY_100)[0].offers == (), "who is content is offered nothing"


def test_s2_19_what_got_better_is_repaired_and_what_ended_is_counted() -> None:
    """S2-19: repaired vs ended; a match that goes on without an answer is neither."""
    other = {**TIE, "person_id": "b", "other_id": "n"}
    made = programme(TIE, other)
    made.apply([says("a", "m", satisfaction=1), says("b", "n", satisfaction=2)])
    assert (made.mismatches(DAY_40).open, made.mismatches(DAY_40).repaired) == (2, 0)
    made.upsert(says("a", "m", "90_days", satisfaction=5))
    made.upsert(Relationship.model_validate(other | {"status": "ended", "ends": START + timedelta(days=60)}))
    told = made.mismatches(DAY_100)
    assert (told.repaired, told.ended, told.open, told.found) == (1, 1, 0, ())


@pytest.mark.parametrize(
    ("held", "cadence", "expected"),
    [
        ((7, 14, 21, 28), "weekly", ()),
        ((7,), "weekly", ("rhythm",)),
        ((), "weekly", ()),  # nobody keeps a log: that is no sign of anything
        ((7, 21), "biweekly", ()),
        ((7,), None, ()),
    ],
)
def test_s2_19_the_log_of_meetings_is_held_against_the_rhythm(
    held: tuple[int, ...], cadence: str | None, expected: tuple[str, ...]
) -> None:
    """S2-19: expected against actual cadence, from meetings that either side logged."""
    every = None if cadence is None else {"every": cadence, "minutes": 60}
    made = programme({**TIE, "cadence": every})
    made.apply(met("m", "a", *held))
    found = made.mismatches(DAY_40).found
    assert tuple(need for each in found for need in each.needs) == expected
    for who in "am":
        assert made.own_pulse(who, DAY_40)[0].needs == expected, "whether they met is known to both"


def test_s2_19_meetings_that_fell_through_are_not_held() -> None:
    """S2-19: what was agreed and fell through counts for the log, and is no meeting."""
    made = programme({**TIE, "cadence": {"every": "weekly", "minutes": 60}})
    made.apply(met("a", "m", 7, 14, 21, 28, happened=False))
    assert made.mismatches(DAY_40).found[0].needs == ("rhythm",)


def test_s2_19_goals_and_ways_of_working_are_needs_too() -> None:
    """S2-19: focus on goals comes from answers and the log; ways of working explain a low rating, never make one."""
    apart = mentor("m", style={"directive_questioning": -2, "structured_spontaneous": 0})
    made = programme(people=[mentee("a"), apart])
    assert made.mismatches(DAY_40).found == (), "a difference in style alone is no mismatch"
    made.apply(met("a", "m", 10, 20, on_goals=1))
    assert made.mismatches(DAY_40).found[0].needs == ("goals",)
    assert made.own_pulse("m", DAY_40)[0].needs == (), "how far it was about goals is what one side said"
    made.upsert(says("a", "m", trust=2, goal_progress=2))
    assert made.mismatches(DAY_40).found[0].needs == ("goals", "style", "expectations")


def test_s2_19_who_does_not_feel_safe_is_never_sent_into_a_talk() -> None:
    """S2-19: then a person speaks with each alone; the other side reads what it would read anyway."""
    made = programme()
    before = made.own_pulse("m", DAY_40)
    made.upsert(says("a", "m", felt_unsafe=True, satisfaction=1))
    [found] = made.mismatches(DAY_40).found
    assert (found.step, found.needs, found.offers) == ("speak_with_each", (), ())
    assert made.own_pulse("m", DAY_40) == before
    [own] = made.own_pulse("a", DAY_40)
    assert not own.prompts
    assert "alone" in own.text


ratings = st.none() | st.integers(1, 5)
answers = st.fixed_dictionaries(
    dict.fromkeys(("satisfaction", "helpfulness", "trust", "goal_progress", "felt_safe"), ratings)
    | {"felt_unsafe": st.none() | st.booleans()}
)


WAVES = ("30_days", "90_days", "180_days")
LATE = START + timedelta(days=200)


def side(pool: Pool, who: str, said: list[Feedback]) -> str:
    """Return what one side reads of its match when this was said, as bytes of an answer."""
    ties = [Relationship.model_validate(TIE)]
    return dumped(Pulses.of(pool, (ties, said, met("a", "m", 5, 40)), LATE, (30, 90, 180)).own(who))


@pytest.fixture(scope="module")
def pool() -> Pool:
    """Return the pool of the programme."""
    return programme()._pool


@settings(max_examples=150, deadline=None)
@given(theirs=st.lists(answers, min_size=1, max_size=3), own=st.lists(answers, max_size=3))
def test_s2_19_what_one_side_reads_does_not_depend_on_the_other_sides_answers(
    pool: Pool, theirs: list[dict[str, Any]], own: list[dict[str, Any]]
) -> None:
    """S2-19: answers are private to their side: what the other reads is the same byte for byte, whatever they are."""
    said = [says("m", "a", wave, **items) for wave, items in zip(WAVES, own, strict=False)]
    more = [says("a", "m", wave, **items) for wave, items in zip(WAVES, theirs, strict=False)]
    assert side(pool, "m", said) == side(pool, "m", [*said, *more])


def test_s2_19_the_comparison_of_both_sides_would_find_a_leak(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """S2-19: negative control: where one side read what follows from both, the test before would fail."""
    monkeypatch.setattr(Finding, "of", lambda self, _who: self.needs)
    assert side(pool, "m", []) != side(pool, "m", [says("a", "m", helpfulness=1)])


@settings(max_examples=25, deadline=None)
@given(items=answers, who=st.sampled_from(["a", "m"]))
def test_s2_19_one_low_rating_never_ends_a_relationship(items: dict[str, Any], who: str) -> None:
    """S2-19: a single answer brings a talk at most: no offer, no change of any record, and the match stands."""
    made = programme()
    kept = [*made._keeper.entries(kinds=("relationship",))]  # type: ignore[union-attr]
    made.upsert(says(who, "m" if who == "a" else "a", **items))
    made.mismatches(DAY_100)
    assert [*made._keeper.entries(kinds=("relationship",))] == kept  # type: ignore[union-attr]
    assert made._pool.ties.accepted("a", "m")
    assert all(found.step != "offer" and found.status == "draft" for found in made.mismatches(DAY_100).found)


def test_s2_19_coordinators_read_needs_and_no_answers() -> None:
    """S2-19: which side it is, what was rated and how low is in no output; the ratings cannot be told apart."""
    seen = set()
    for who, other in (("a", "m"), ("m", "a")):
        for name in ("satisfaction", "helpfulness", "trust"):
            for rating in (1, 2):
                made = programme()
                made.upsert(says(who, other, **{name: rating}))
                seen.add(dumped([made.mismatches(DAY_40).model_copy(update={"fingerprint": None})]))
    assert len(seen) == 1
    assert "satisfaction" not in next(iter(seen))


def test_s2_19_without_a_store_the_question_says_so() -> None:
    """S2-19: an engine that keeps no answers cannot tell."""
    made = engine()
    made.load([mentee("a"), mentor("m")])
    for ask in (made.mismatches, made.ready_to_mentor, made.help_checks, lambda: made.own_pulse("a")):
        with pytest.raises(DataError, match="over a store"):
            ask()


# ---------------------------------------------------------------------- S2-31

DONE = {**TIE, "status": "completed", "ends": date(2026, 6, 1)}


def test_s2_31_a_completed_mentee_with_offers_is_asked_and_no_candidate_before_they_opt_in() -> None:
    """S2-31: a suggestion to that person alone; in the candidate pool only once their own record has the role."""
    made = programme(DONE)
    [asked] = made.ready_to_mentor(date(2026, 7, 1))
    assert asked.person_id == "a"
    assert asked.offers == ("short video editing",)
    assert "short video editing" in asked.text
    assert "a" not in made.members("mentor").candidates
    assert "a" not in {s.candidate_id for s in made.suggest("b", "mentor", 9)}
    made.upsert(Person.model_validate(mentee("a", roles=["mentee", "mentor"], capacity={"mentor": 1})))
    assert "a" in {s.candidate_id for s in made.suggest("b", "mentor", 9)}
    assert made.ready_to_mentor(date(2026, 7, 1)) == ()


@pytest.mark.parametrize(
    ("person", "tie"),
    [
        (mentee("a", offers=[]), DONE),
        (mentee("a", offers=[{"text": "video", "can_teach": False}]), DONE),
        (mentee("a", adult=None), DONE),
        (mentee("a"), TIE),
        (mentee("a"), {**DONE, "status": "ended"}),
        (mentee("a"), {**DONE, "ends": date(2026, 8, 1)}),
        (mentee("a"), {**DONE, "kind": "buddy"}),
    ],
)
def test_s2_31_nobody_else_is_asked(person: dict[str, Any], tie: dict[str, Any]) -> None:
    """S2-31: not without offers, not before mentoring was completed, and nobody who is not known as an adult."""
    made = programme(tie, people=[person, mentor("m")])
    assert made.ready_to_mentor(date(2026, 7, 1)) == ()


def test_s2_31_who_takes_a_break_is_not_asked() -> None:
    """S2-31: a break is a break of this question too."""
    made = programme(DONE)
    made.pause("a")
    assert made.ready_to_mentor(date(2026, 7, 1)) == ()
    made.resume("a")
    assert len(made.ready_to_mentor(date(2026, 7, 1))) == 1


# ---------------------------------------------------------------------- S4-13


def flag(who: str | None, day: int, **more: Any) -> Feedback:
    """Return a flag about the group g."""
    told: dict[str, Any] = {"about_id": "g", "wave": "30_days", "perspective": "requester"}
    told |= {"items": {"felt_unsafe": True} | more, "given_at": datetime(2026, 2, day)}
    return Feedback.model_validate(told | ({"person_id": who} if who else {"anonymous": True}))


def test_s4_13_two_flags_suspend_a_group_at_once_after_reopening_and_for_readers() -> None:
    """S4-13: through the store; a review ends it, and who flagged stands in nothing that a coordinator reads."""
    store = MemoryStore()
    made = over(store, config())
    made.load([mentee("a"), mentee("canary-b"), mentee("canary-c")], [group("g"), group("h")])
    reader = over(store, read_only=True)
    made.upsert(flag("canary-b", 1))
    made.upsert(flag("canary-b", 9))
    assert made.suspended() == ()
    made.upsert(flag("canary-c", 20, felt_unsafe=None, felt_competitive=True))
    for each in (made, reader, over(store, read_only=True)):
        assert [s.candidate_id for s in each.suggest("a", "group", 9)] == ["h"]
        [told] = each.suspended()
        assert (told.about_id, told.kind, told.suspended) == ("g", "group", True)
        assert "canary" not in dumped([told])
    made.upsert(Group.model_validate(group("g", reviewed_on="2026-03-01")))
    for each in (made, reader, over(store, read_only=True)):
        assert each.suspended() == ()
        assert {s.candidate_id for s in each.suggest("a", "group", 9)} == {"g", "h"}


def test_s4_13_flags_about_a_person_are_for_a_person_to_look_into() -> None:
    """S4-13: a mentor is not taken out by a count; the list says that somebody has to decide."""
    made = programme()
    made.apply([says(who, "m", felt_unsafe=True) for who in "ab"])
    assert [(s.about_id, s.kind, s.suspended) for s in made.suspended()] == [("m", "person", False)]
    assert "m" in made.members("mentor").candidates


# ---------------------------------------------------------------------- S4-15

JOINED = {"person_id": "a", "other_id": "g", "kind": "membership", "started": date(2026, 3, 3)}


def test_s4_15_each_join_is_asked_about_once_after_the_second_visit() -> None:
    """S4-15: the day after the second visit, by the log or the group's own days; who answered is not asked again."""
    made = programme(JOINED)
    assert made.help_checks(date(2026, 3, 10)).due == ()
    [check] = made.help_checks(date(2026, 3, 11)).due
    assert (check.person_id, check.group_id, check.due) == ("a", "g", date(2026, 3, 11))
    assert "Did this help?" in check.question
    made.apply([MeetingHeld(person_id="a", other_id="g", held_on=date(2026, 3, d)) for d in (4, 20)])
    assert made.help_checks(date(2026, 3, 19)).due == ()
    assert made.help_checks(date(2026, 3, 21)).due[0].due == date(2026, 3, 21)
    made.upsert(says("a", "g", satisfaction=4))
    assert len(made.help_checks(date(2026, 3, 21)).due) == 1, "no word about helping is no answer"
    made.upsert(says("a", "g", helpfulness=4))
    told = made.help_checks(date(2026, 3, 21))
    assert (told.due, told.offers, told.answered) == ((), (), 1)


@pytest.mark.parametrize("said", [{"helpfulness": 1}, {"helpfulness": 2}, {"not_for_me": True}])
def test_s4_15_where_it_did_not_help_something_else_is_offered(said: dict[str, Any]) -> None:
    """S4-15: an alternative, never the same group, and nobody is taken out of anything."""
    made = programme(JOINED)
    made.upsert(says("a", "g", **said))
    [offer] = made.help_checks(date(2026, 4, 1)).offers
    assert (offer.person_id, offer.group_id, offer.alternatives) == ("a", "g", ("h",))
    made.upsert(Relationship.model_validate(JOINED | {"status": "ended"}))
    assert made.help_checks(date(2026, 4, 1)).offers == ()


def test_s4_15_nobody_is_asked_in_a_break_or_about_what_is_gone() -> None:
    """S4-15: a break, a group that is not here, a membership without a first day."""
    made = programme(JOINED)
    made.pause("a")
    assert made.help_checks(date(2026, 5, 1)).due == ()
    made.resume("a")
    made.remove("g")
    assert made.help_checks(date(2026, 5, 1)).due == ()
    assert programme(JOINED | {"started": None}).help_checks(date(2026, 5, 1)).due == ()
