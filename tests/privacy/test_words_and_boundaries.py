"""Whose words may be read by whom; who is absent, erased or avoided looks the same (domain.md B4, C9; SEC5, SEC6)."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchengine as me
from matchengine.batch import Quotes
from matchengine.records import Person, Relationship
from tests.properties.populations import WORDS, Offers, dumped, programme, quick
from tests.support import engine, group, mentee, mentor

OWNER_ONLY = ("goals", "wants", "hopes", "focus", "interests")


def marked(person: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Give every text of a person that only the owner may read a word that nobody else has."""
    name = person["id"]

    def words(field: str, number: int = 0) -> str:
        return f"{' '.join(chance.sample(WORDS, 3))} {field}of{name}n{number}"

    return person | {
        "goals": [{"text": words("goals", n), "obstacles": [f"obstaclesof{name}"]} for n in range(2)],
        "wants": [{"text": words("wants")}],
        "hopes_to_gain": words("hopes"),
        "mentoring_focus": words("focus"),
        "interests": [{"text": words("interests", n)} for n in range(2)],
        "roles": ["mentee", "mentor"],
    }


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_no_suggestion_quotes_words_that_only_the_other_side_may_read(seed: int) -> None:
    chance = random.Random(seed)
    people = [marked(p, chance) for p in programme(12, 12, seed)]
    made = engine()
    made.load(people, groups=[group(f"g{n}", topics=[" ".join(chance.sample(WORDS, 3))]) for n in range(8)])
    own_words = 0
    for who in (p["id"] for p in people):
        text = dumped([*made.suggest(who, "mentor", 50), *made.suggest(who, "group", 50)])
        for field, owner in re.findall(rf"({'|'.join(OWNER_ONLY)}|obstacles)of([a-z]\d+)", text):
            assert owner == who, f"{who} reads {field} of {owner}"
            own_words += 1
    assert own_words > 100  # the viewer's own words are quoted, so the sentences are there


def test_a_long_private_text_is_not_quoted_in_part_either() -> None:
    secret = "short video editing " * 15 + "zzsecret"
    made = engine()
    made.load([mentee("a"), mentor("m", hopes_to_gain=secret[-400:], mentoring_focus="speak up in meetings zzsecret")])
    (only,) = made.suggest("a", "mentor")
    assert "hope to gain" in only.model_dump_json()
    assert "zzsecret" not in only.model_dump_json()


@me.scorer(
    "curious",
    block="relate",
    says={"for_requester": "they wrote “{theirs}”", "for_candidate": "you wrote “{mine}”", "both": "{offer}"},
)
def curious(
    items_needs_aims: me.ItemPairs, items_interests_interests: me.ItemPairs, items_needs_offers: me.ItemPairs
) -> me.Scored:
    """Quote whatever the other side wrote, as a careless author might."""

    def first(items: me.ItemPairs, side: Literal["requester", "candidate"]) -> Quotes:
        segments, field = (items.left, items.left_field) if side == "requester" else (items.right, items.right_field)
        texts = np.full(items.pairs, -1, np.int32)
        texts[segments.pair] = segments.text
        return Quotes(side, field, texts)

    return me.Scored(
        np.full(items_needs_aims.pairs, 0.5),
        theirs=first(items_needs_aims, "candidate"),
        mine=first(items_interests_interests, "requester"),
        offer=first(items_needs_offers, "candidate"),
    )


def test_a_careless_scorer_cannot_quote_what_only_the_other_side_may_read() -> None:
    made = engine('[match.mentor.scorers.nosy]\nuse = "curious"\n', [Offers(curious)])
    made.load(
        [
            mentee("a", interests=[{"text": "own words"}]),
            mentor("m", offers=[{"text": "open offer"}], hopes_to_gain="canary"),
        ]
    )
    (only,) = made.suggest("a", "mentor")
    assert [r.text for r in only.reasons if r.scorer == "nosy"] == ["You wrote “own words”. Open offer."]
    assert "canary" not in only.model_dump_json()


# ---------------------------------------------------------------- absent, erased


ASKING: dict[str, Callable[[me.Engine, str], object]] = {
    "suggest": lambda made, who: made.suggest(who, "mentor"),
    "suggest for groups": lambda made, who: made.suggest(who, "group"),
    "suggest_many": lambda made, who: made.suggest_many(["a", who], "mentor"),
    "excluded": lambda made, who: made.excluded(who, "mentor"),
    "shown_text": lambda made, who: made.shown_text(who),
    "remove": lambda made, who: made.remove(who),
}


@pytest.mark.parametrize("ask", ASKING)
def test_absent_and_removed_look_alike(ask: str) -> None:
    made = engine()
    made.load([mentee("a"), mentee("gone"), mentor("m")], groups=[group("g"), group("goneg")])
    made.remove("gone")
    made.remove("goneg")
    said = []
    for who in ("gone", "goneg", "never-there"):
        with pytest.raises(me.MatchEngineError) as caught:
            ASKING[ask](made, who)
        said.append((type(caught.value), str(caught.value).replace(who, "ID")))
    assert len(set(said)) == 1


def test_a_refused_removal_leaves_no_trace() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m")])
    before = made.fingerprint()
    with pytest.raises(me.MatchEngineError):
        made.remove("never-there")
    assert made.fingerprint() == before


# ---------------------------------------------------------------- boundaries are mutual and silent


def both(name: str, **more: Any) -> dict[str, Any]:
    """Return somebody who asks and gives."""
    return mentor(name, goals=[{"text": "learn sql for data work"}], **more) | {"roles": ["mentee", "mentor"]}


AVOIDS: dict[str, dict[str, Any]] = {
    "a says so": {"a": [{"kind": "person", "value": "b"}]},
    "b says so": {"b": [{"kind": "person", "value": "a"}]},
    "both say so": {"a": [{"kind": "person", "value": "b"}], "b": [{"kind": "person", "value": "a"}]},
}


@pytest.mark.parametrize("case", [*AVOIDS, "a must-not", "the must-not the other way"])
def test_boundaries_are_mutual_and_silent(case: str) -> None:
    people = {name: both(name) for name in ("a", "b", "c")}
    ties: list[dict[str, Any]] = []
    if case in AVOIDS:
        people |= {name: both(name, boundaries=told) for name, told in AVOIDS[case].items()}
    else:
        one, other = ("a", "b") if case.startswith("a ") else ("b", "a")
        ties = [{"person_id": one, "other_id": other, "kind": "must_not"}]
    made, free = engine(), engine()
    made.load(people.values(), relationships=ties)
    free.load([both(name) for name in ("a", "b", "c")])
    for who, other in (("a", "b"), ("b", "a")):
        got = made.suggest(who, "mentor")
        assert [s.candidate_id for s in got] == ["c"]
        assert other not in json.loads(dumped(got))["candidate_id"]
        before = {s.candidate_id: s.to_confirm for s in free.suggest(who, "mentor")}
        assert {s.candidate_id: s.to_confirm for s in got} == {"c": before["c"]}
        assert made.excluded(who, "mentor") == {"not_available": 1, **free.excluded(who, "mentor")}
        assert f'"{other}"' not in dumped(got)
    assert {s.candidate_id for s in made.suggest("c", "mentor")} == {"a", "b"}


def test_the_two_sides_of_a_boundary_cannot_tell_who_drew_it() -> None:
    answers = set()
    for told in AVOIDS.values():
        made = engine()
        made.load([both(name, boundaries=told.get(name, [])) for name in ("a", "b", "c")])
        answers.add((dumped(made.suggest("a", "mentor")), str(made.excluded("a", "mentor"))))
        answers.add((dumped(made.suggest("a", "mentor")), str(made.excluded("a", "mentor"))))
    assert len(answers) == 1


def test_personal_reasons_are_counted_together_whatever_they_are() -> None:
    made = engine()
    made.load(
        [both("a", boundaries=[{"kind": "person", "value": "b"}]), both("b"), both("c"), both("d")],
        relationships=[
            {"person_id": "a", "other_id": "c", "kind": "mentoring", "status": "ended", "do_not_rematch": True}
        ],
        feedback=[
            {
                "about_id": "d",
                "person_id": "a",
                "wave": "end",
                "perspective": "requester",
                "items": {"not_for_me": True},
            }
        ],
    )
    assert made.excluded("a", "mentor") == {"not_available": 3, "not_self": 1}


def test_a_boundary_stands_until_both_have_lifted_it() -> None:
    made = engine()
    told = {"a": AVOIDS["a says so"]["a"], "b": AVOIDS["b says so"]["b"]}
    made.load([both(name, boundaries=told.get(name, [])) for name in ("a", "b")])
    made.upsert(Person.model_validate(both("a")))
    assert made.suggest("a", "mentor") == []
    made.upsert(Person.model_validate(both("b")))
    assert [s.candidate_id for s in made.suggest("a", "mentor")] == ["b"]


def test_a_boundary_of_the_record_and_one_of_the_programme_are_two() -> None:
    made = engine()
    made.load([both("a", boundaries=AVOIDS["a says so"]["a"]), both("b")])
    made.upsert(Relationship(person_id="b", other_id="a", kind="must_not"))
    made.upsert(Person.model_validate(both("a")))
    assert made.suggest("a", "mentor") == []
    assert made.suggest("b", "mentor") == []


@quick
@given(st.data())
def test_whoever_is_avoided_never_comes_up_in_any_text(data: st.DataObject) -> None:
    names = [f"q{n}q" for n in range(4)]
    pairs = [(one, other) for one in names for other in names if one != other]
    drawn = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=4, unique=True))
    made = engine()
    made.load([both(n, boundaries=[{"kind": "person", "value": o} for w, o in drawn if w == n]) for n in names])
    avoided = {frozenset(pair) for pair in drawn}
    for who in names:
        got = made.suggest(who, "mentor", 10)
        text = dumped(got) + json.dumps(made.excluded(who, "mentor"))
        for other in names:
            if frozenset((who, other)) in avoided:
                assert other not in text
        assert {s.candidate_id for s in got} == {o for o in names if o != who and frozenset((who, o)) not in avoided}
