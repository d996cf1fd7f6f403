"""Obstacles, proposals, network maps, introductions and small groups."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.planning.introductions import introductions
from matchengine.planning.network import network_gaps, progress
from matchengine.planning.obstacles import WORDS, barrier_questions, with_barrier
from matchengine.planning.proposals import shared_list, with_accepted
from matchengine.planning.small_groups import invitation, small_groups
from matchengine.records import NetworkMap, Person, Relationship
from matchengine.records import vocabulary as v
from matchengine.records.follow_up import Proposal, SmallGroup, ThemeChoice
from tests.support import mentee


def person(*obstacles: str, **more: Any) -> Person:
    """Return a person with obstacles in their one goal."""
    return Person.model_validate(mentee("a", goals=[{"text": "g", "obstacles": obstacles}]) | more)


def test_every_barrier_has_words_and_a_question() -> None:
    for kind in get_args(v.BarrierKind):
        word = min(WORDS[kind])
        [question] = [q for q in barrier_questions(person(f"there is {word} in the way")) if q.kind == kind]
        assert question.question.endswith("?")
        assert (question.goal, question.obstacle) == (0, 0)


def test_words_are_whole_words_in_english_and_each_barrier_is_asked_once() -> None:
    assert barrier_questions(person("a carpet that is timeless")) == ()
    assert [q.kind for q in barrier_questions(person("no money", "the fees are high"))] == ["cost"]
    assert barrier_questions(person("no time", text_language="de")) == ()
    assert barrier_questions(person("no time"), "de") == ()
    stated = person("no childcare", barriers=[{"kind": "childcare", "strength": "some"}])
    assert barrier_questions(stated) == ()


def test_only_an_answer_makes_a_barrier() -> None:
    asked = person("no childcare")
    assert barrier_questions(asked)
    assert asked.barriers == ()
    assert with_barrier(asked, "childcare", None) == asked
    confirmed = with_barrier(asked, "childcare", "strong")
    assert [(b.kind, b.strength) for b in confirmed.barriers] == [("childcare", "strong")]
    again = with_barrier(confirmed, "childcare", "some")
    assert [(b.kind, b.strength) for b in again.barriers] == [("childcare", "some")]


def proposal(author: str, text: str, **more: Any) -> Proposal:
    """Return a proposal for person `a`."""
    given = {"person_id": "a", "author_id": author, "field": "interests", "text": text}
    return Proposal.model_validate(given | more)


def test_a_shared_list_keeps_its_authors() -> None:
    given = [
        proposal("m", "chess"),
        proposal("a", "Chess", accepted=True),
        proposal("m", "chess", field="goals"),
        proposal("m", "boxing", accepted=False),
        proposal("x", "else", person_id="b"),
    ]
    told = [(item.field, item.text, item.authors, item.accepted) for item in shared_list("a", given)]
    assert told == [
        ("interests", "chess", ("m", "a"), True),
        ("goals", "chess", ("m",), None),
        ("interests", "boxing", ("m",), False),
    ]


def test_only_what_the_person_accepted_reaches_the_record() -> None:
    had = person()
    given = [proposal("m", "chess", accepted=True), proposal("m", "boxing"), proposal("m", "hiking", accepted=True)]
    assert [i.text for i in with_accepted(had, given).interests] == ["hiking", "baking bread", "chess"]
    assert with_accepted(had, given[1:]) == had
    told = with_accepted(had, [proposal("m", "leer", field="goals", accepted=True, language="es")]).goals[-1]
    assert (told.text, told.language) == ("leer", "es")
    many = [proposal("m", f"goal {n}", field="goals", accepted=True) for n in range(5)]
    with pytest.raises(DataError, match="goals of person 'a': 6 in all, at most 5"):
        with_accepted(had, many)


def network(**more: Any) -> NetworkMap:
    """Return the network of golden number GN9."""
    counts, weights = (3, 0, 0, 1, 2, 0), (0.2, 1, 0.6, 1, 0.2, 0.6)
    ties = [
        {"category": name, "count": count, "importance": weight}
        for name, count, weight in zip(v.NETWORK_CATEGORIES, counts, weights, strict=True)
    ]
    return NetworkMap.model_validate({"ties": ties} | more)


def test_gaps_are_those_of_the_golden_number() -> None:
    got = list(network_gaps(network()).values())
    assert got == pytest.approx([0.0446, 1, 0.6, 0.6065, 0.0736, 0.6], abs=1e-4)


def test_progress_counts_points_and_functions() -> None:
    ties = [
        {"category": "friends", "count": 2, "functions": ["emotional", "companionship"]},
        {"category": "clubs", "count": 0, "functions": ["practical"]},
    ]
    told = progress(network(ties=ties, status="gap_chosen"))
    assert (told.status, told.done, told.points) == ("gap_chosen", 2, 3)
    assert told.largest_gap == "clubs"
    assert told.covered == ("emotional", "companionship")
    assert told.open == ("informational", "practical", "professional")
    empty = progress(None)
    assert (empty.status, empty.done, empty.largest_gap, len(empty.open)) == (None, 0, None, 5)
    assert progress(network(ties=[{"category": "clubs", "importance": 0}])).largest_gap is None
    assert math.isclose(network_gaps(network(ties=[{"category": "clubs", "count": 3}]))["clubs"], 0.5 / math.e)


def tie(one: str, other: str, kind: str = "mentoring", status: str = "active") -> Relationship:
    """Return a tie."""
    return Relationship.model_validate({"person_id": one, "other_id": other, "kind": kind, "status": status})


TIES = [
    tie("a", "m"), tie("m", "g", "membership"), tie("b", "a", "buddy"), tie("b", "c", "peer"),
    tie("x", "g", "membership"), tie("a", "p", status="proposed"), tie("p", "g", "membership"),
    tie("a", "l", "line_management"), tie("l", "g", "membership"),
]  # fmt: skip


def ways(consenting: set[str], ties: list[Relationship] = TIES, **more: Any) -> list[tuple[str, str, int]]:
    """Return the introductions of `a` to group `g` with contact `c`."""
    return [(w.via_id, w.to_id, w.length) for w in introductions("a", "g", "c", ties, consenting, **more)]


def test_no_way_is_told_without_the_consent_of_everybody_on_it() -> None:
    assert ways(set()) == []
    assert ways({"m"}) == [("m", "g", 2)]
    assert ways({"b"}) == []
    assert ways({"b", "c", "m"}) == [("b", "c", 2), ("m", "g", 2)]
    assert ways({"p", "l", "x"}) == []


def test_whoever_knows_the_contact_needs_nobody_in_between() -> None:
    assert ways(set(), [*TIES, tie("c", "a", "peer")]) == [("c", "c", 1)]


def test_being_in_a_private_group_is_never_told() -> None:
    assert ways({"m", "b", "c"}, private=True) == [("b", "c", 2)]


def choices(*themes: tuple[str, str], opted: bool = True) -> list[ThemeChoice]:
    """Return the choices of people."""
    return [ThemeChoice(person_id=who, theme=theme, opted_in=opted) for who, theme in themes]


def everywhere(count: int) -> np.ndarray[Any, Any]:
    """Return that everybody is near everybody."""
    return np.ones((count, count), np.bool_)


def test_three_who_chose_the_same_theme_may_start() -> None:
    got = small_groups(choices(("c", "Chess"), ("a", "chess"), ("b", "CHESS"), ("d", "tea")), everywhere(4))
    assert [(group.theme, group.people) for group in got] == [("chess", ("a", "b", "c"))]
    assert small_groups(choices(("a", "x"), ("b", "x"), ("a", "x")), everywhere(3)) == ()


def test_whoever_did_not_opt_in_is_in_no_group() -> None:
    told = choices(("a", "x"), ("b", "x"), ("c", "x"))
    assert small_groups([*told[:2], *choices(("c", "x"), opted=False)], everywhere(3)) == ()
    assert len(small_groups(told, everywhere(3))) == 1


def test_people_apart_from_each_other_are_not_brought_together() -> None:
    near = everywhere(4)
    near[0, 1] = False  # one direction is enough
    got = small_groups(choices(("a", "x"), ("b", "x"), ("c", "x"), ("d", "x")), near)
    assert [group.people for group in got] == [("a", "c", "d")]


def test_a_large_crowd_makes_several_groups() -> None:
    got = small_groups(choices(*[(f"p{n:02}", "x") for n in range(14)]), everywhere(14), most=6)
    assert [len(group.people) for group in got] == [6, 6]


GROUP = SmallGroup(theme="x", people=("a", "b", "c"))


@pytest.mark.parametrize("others", [{}, {"b": True}, {"b": False}, {"b": True, "c": None}, {"b": False, "c": True}])
def test_nobody_is_named_and_a_no_looks_like_waiting(others: dict[str, bool | None]) -> None:
    for own in (None, True, False):
        told = invitation(GROUP, "a", {"a": own, **others})
        assert told.people == ()
        assert told == invitation(GROUP, "a", {"a": own})


def test_when_all_said_yes_they_learn_of_each_other() -> None:
    told = invitation(GROUP, "b", dict.fromkeys("abc", True))
    assert told.people == ("a", "c")
    assert "“x”" in told.text
