"""How many pairs each person may have: both roles, pairs without a direction, quotas (domain.md E)."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest

from matchengine.assignment import InfeasibleError
from matchengine.config import parse_config
from matchengine.errors import ConfigError
from matchengine.programme.assign import assign
from tests.programme.plans import FULLEST, TOPICS, gives, ground, loaded, planned, wants
from tests.support import CONFIG, mentee

PEERS = """
[match.peer]
requester = "mentee"
candidate = "mentee"
[match.peer.scorers.interests]
use = "interest_affinity"
block = "need"
[match.peer.assign]
method = "fullest"
"""
RETURNERS = FULLEST + '[match.mentor.assign.quotas.returners]\nfield = "returning"\nleast = 1\n'


def both(person_id: str, topic: str, places: int = 1) -> dict[str, Any]:
    """Return somebody on both sides."""
    return wants(person_id, topic) | {
        "roles": ["mentee", "mentor"],
        "offers": [{"text": topic, "level": 4}],
        "capacity": {"mentor": places},
    }


def test_two_people_never_mentor_each_other() -> None:
    """H12 (h): people in both roles; of A mentors B and B mentors A one stands."""
    plan = planned([both("x", TOPICS[0]), both("y", TOPICS[0])])
    assert len(plan.pairs) == 1
    three = planned([both(who, TOPICS[0]) for who in "xyz"])
    assert len(three.pairs) == 3
    assert not {(other, one) for one, other in three.pairs} & set(three.pairs)


def test_both_roles_together_are_limited_where_the_programme_says_so() -> None:
    people = [both(who, TOPICS[0]) for who in "xyz"]
    plan = planned(people, FULLEST + "both_roles_most = 1\n")
    load = Counter(itertools.chain.from_iterable(plan.pairs))
    assert max(load.values()) == 1
    assert len(plan.pairs) == 1


def peers(count: int, **more: Any) -> list[dict[str, Any]]:
    return [mentee(f"p{n}", interests=[{"text": TOPICS[n % 4]}], **more) for n in range(count)]


@pytest.mark.parametrize("count", [2, 5, 6])
def test_pairs_without_a_direction_stand_once_and_nobody_is_in_two(count: int) -> None:
    made = loaded(peers(count), FULLEST + PEERS)
    plan = assign(ground(made, "peer"))
    load = Counter(itertools.chain.from_iterable(plan.pairs))
    assert len(plan.pairs) == count // 2
    assert set(load.values()) == {1}
    assert plan.document.summary.matched == 2 * (count // 2)
    assert len(plan.document.unmatched) == count % 2
    assert all(each.side == "requester" for each in plan.document.unmatched)


def test_pairs_without_a_direction_are_demanded_and_forbidden_either_way_round() -> None:
    made = loaded(peers(4), FULLEST + PEERS)
    plan = assign(ground(made, "peer"), must=[("p3", "p0")], must_not=[("p1", "p2")])
    found = {frozenset(pair) for pair in plan.pairs}
    assert frozenset(("p0", "p3")) in found
    assert frozenset(("p1", "p2")) not in found
    one, other = next(pair for pair in plan.pairs)
    assert ("locked" in {d.action for d in plan.lock(other, one, by="x").document.decisions}) is True
    gone = plan.release("p0", "p3", by="x").forbid("p0", "p3", by="x")
    assert frozenset(("p0", "p3")) not in {frozenset(pair) for pair in gone.resolve(afresh=True).pairs}


def test_several_partners_each_count_both_sides_of_a_pair() -> None:
    made = loaded(peers(4), FULLEST + PEERS)
    plan = assign(ground(made, "peer"), each=2)
    load = Counter(itertools.chain.from_iterable(plan.pairs))
    assert len(plan.pairs) == 4
    assert set(load.values()) == {2}


def test_short_lists_of_peers_give_the_same_pairs_as_all_of_them() -> None:
    text = FULLEST + PEERS + "dense_up_to = 0\nshortlist = 10\n"
    people = peers(24)
    plan = assign(ground(loaded(people, text), "peer"))
    assert plan.document.summary.matched == 24
    load = Counter(itertools.chain.from_iterable(plan.pairs))
    assert set(load.values()) == {1}


def test_a_quota_gives_every_mentor_a_returner_where_somebody_is_one() -> None:
    asking = [wants(who, TOPICS[0], returning=who in "ab") for who in "abcd"]
    giving = [gives("m", TOPICS[0], places=2), gives("n", TOPICS[1], places=2)]
    plan = planned([*asking, *giving], RETURNERS)
    of = {m: {who for who, mentor in plan.pairs if mentor == m} for m in "mn"}
    assert all(of[m] & {"a", "b"} for m in "mn")
    assert plan.document.notes == ()
    none = planned([wants("c", TOPICS[0], returning=False), *giving], RETURNERS)
    assert "Quota returners asks less of these" in none.document.notes[0]
    assert "m and n" in none.document.notes[0]


def test_a_quota_that_cannot_hold_is_named() -> None:
    asking = [wants("a", TOPICS[0], returning=True), wants("b", TOPICS[0], returning=False)]
    with pytest.raises(InfeasibleError) as caught:
        planned([*asking, gives("m", TOPICS[0]), gives("n", TOPICS[0])], RETURNERS)
    told = str(caught.value)
    for words in ("quota returners of m: at least 1", "quota returners of n: at least 1", "a has 1 place"):
        assert words in told
    assert "What would help: give up some of the quotas." in told


def test_closed_words_are_counted_too() -> None:
    text = FULLEST + '[match.mentor.assign.quotas.students]\nfield = "career_stage"\nvalue = "student"\nmost = 1\n'
    asking = [wants(who, TOPICS[0], career_stage="student") for who in "abc"]
    assert len(planned([*asking, gives("m", TOPICS[0], places=3)], text).pairs) == 1
    assert len(planned([*asking, gives("m", TOPICS[0], places=3)]).pairs) == 3


@pytest.mark.parametrize("field", ["age_band", "barriers", "attributes", "pronouns", "wishes", "goals"])
def test_nothing_sensitive_and_nothing_written_is_counted(field: str) -> None:
    with pytest.raises(ConfigError, match="nothing sensitive"):
        parse_config(CONFIG + f'[match.mentor.assign.quotas.q]\nfield = "{field}"\nleast = 1\n')


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('field = "career_stage"\nvalue = "studnt"\nleast = 1', "did you mean 'student'"),
        ('field = "returning"\nvalue = "yes"\nleast = 1', "is yes or no"),
        ('field = "returning"', "give least, most, or both"),
        ('field = "returning"\nleast = 2\nmost = 1', "least is above most"),
    ],
)
def test_a_quota_that_makes_no_sense_is_refused(lines: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_config(CONFIG + f"[match.mentor.assign.quotas.q]\n{lines}\n")


def test_fewest_places_hold_on_either_side() -> None:
    people = [wants(who, TOPICS[0]) for who in "ab"] + [
        gives("m", TOPICS[0], places=2),
        gives("n", TOPICS[3], places=2),
    ]
    plan = planned(people, FULLEST + "places_least = 1\n")
    assert {mentor for _who, mentor in plan.pairs} == {"m", "n"}
