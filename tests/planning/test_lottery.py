"""The lottery for places: reproducible from the seed, whatever the order; priorities; the waiting list (S1-10)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.errors import DataError
from matchengine.planning.lottery import applicants_of, draw_lots, drawn_number, free_places
from matchengine.records import Relationship
from matchengine.records.lottery import Applicant, Lottery
from tests.properties.populations import quick


def applicant(name, never=None, waited=None):
    return Applicant(person_id=name, never_attended=never, previously_waitlisted=waited)


def membership(person, event, status):
    return Relationship(person_id=person, other_id=event, kind="membership", status=status)


applicants = st.lists(
    st.builds(applicant, st.sampled_from([f"p{n}" for n in range(30)]), st.booleans(), st.booleans()),
    unique_by=lambda a: a.person_id,
    max_size=15,
)


def order(lottery: Lottery) -> list[str]:
    return [draw.person_id for draw in (*lottery.admitted, *lottery.waitlist)]


@quick
@given(applicants, st.integers(0, 20), st.integers(0, 2**40), st.randoms())
def test_s1_10_the_draw_depends_on_the_seed_and_not_on_the_order(asking, places, seed, chance):
    drawn = draw_lots("e", asking, places, seed)
    shuffled = list(asking)
    chance.shuffle(shuffled)
    assert draw_lots("e", shuffled, places, seed) == drawn
    assert len(drawn.admitted) == min(places, len(asking))
    assert sorted(order(drawn)) == sorted(a.person_id for a in asking)
    for listed in (drawn.admitted, drawn.waitlist):
        assert [draw.place for draw in listed] == list(range(1, len(listed) + 1))


@quick
@given(applicants, st.integers(0, 2**40))
def test_who_never_came_goes_first_then_who_was_left_waiting(asking, seed):
    of = {a.person_id: a for a in asking}
    keys = [
        (of[p].never_attended is not True, of[p].previously_waitlisted is not True)
        for p in order(draw_lots("e", asking, 3, seed))
    ]
    assert keys == sorted(keys)


@quick
@given(applicants, st.integers(0, 2**40))
def test_whoever_withdraws_leaves_the_order_of_the_others_as_it_is(asking, seed):
    whole = order(draw_lots("e", asking, 2, seed))
    for gone in asking[:3]:
        rest = order(draw_lots("e", [a for a in asking if a is not gone], 2, seed))
        assert rest == [p for p in whole if p != gone.person_id]


def test_anybody_can_check_a_number():
    assert drawn_number(7, "mixer", "p1") == sha256(b"7\nmixer\np1").hexdigest()
    drawn = draw_lots("mixer", [applicant("p1"), applicant("p2")], 1, 7)
    assert {d.number for d in (*drawn.admitted, *drawn.waitlist)} == {
        sha256(f"7\nmixer\n{p}".encode()).hexdigest() for p in ("p1", "p2")
    }
    assert drawn.admitted[0].number < drawn.waitlist[0].number


def test_seeds_and_events_are_different_draws_and_everybody_has_the_same_chance():
    asking = [applicant(f"p{n}") for n in range(10)]
    first = [draw_lots("e", asking, 1, seed).admitted[0].person_id for seed in range(2000)]
    wins = [first.count(a.person_id) for a in asking]
    assert min(wins) > 140
    assert max(wins) < 260
    assert order(draw_lots("e", asking, 1, 0)) != order(draw_lots("f", asking, 1, 0))


def test_unknown_gives_no_priority_and_the_priorities_can_be_chosen():
    asking = [applicant("a"), applicant("b", never=True), applicant("c", waited=True)]
    assert order(draw_lots("e", asking, 1, 1)) == ["b", "c", "a"]
    assert order(draw_lots("e", asking, 1, 1, ("previously_waitlisted",)))[0] == "c"
    assert draw_lots("e", asking, 1, 1).admitted[0].priorities == ("never_attended",)


def test_without_a_capacity_everybody_comes_and_with_none_free_everybody_waits():
    asking = [applicant(f"p{n}") for n in range(4)]
    assert len(draw_lots("e", asking, None, 1).admitted) == 4
    assert len(draw_lots("e", asking, 0, 1).waitlist) == 4
    assert order(draw_lots("e", [], 3, 1)) == []


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(DataError, match="more than once"):
        draw_lots("e", [applicant("a"), applicant("a")], 1, 1)
    with pytest.raises(DataError, match="0 or more"):
        draw_lots("e", [applicant("a")], -1, 1)


def test_memberships_tell_who_applies_who_came_and_who_was_left_waiting():
    ties = [
        membership("new", "now", "proposed"),
        membership("came", "before", "completed"),
        membership("came", "now", "proposed"),
        membership("waited", "before", "proposed"),
        membership("waited", "now", "proposed"),
        membership("inside", "now", "active"),
        membership("left", "now", "proposed"),
        membership("left", "now", "ended"),
        Relationship(person_id="friend", other_id="now", kind="peer", status="proposed"),
    ]
    assert applicants_of("now", ties, {"before"}) == [
        applicant("came", never=False, waited=False),
        applicant("new", never=True, waited=False),
        applicant("waited", never=True, waited=True),
    ]
    assert applicants_of("now", ties, set())[2] == applicant("waited", never=True, waited=False)


def test_free_places_are_what_the_active_ones_leave():
    ties = [membership(f"p{n}", "e", "active") for n in range(3)] + [membership("q", "e", "proposed")]
    assert free_places("e", 5, None, ties) == 2
    assert free_places("e", 5, 4, ties) == 1
    assert free_places("e", 2, None, ties) == 0
    assert free_places("e", None, 4, ties) is None
