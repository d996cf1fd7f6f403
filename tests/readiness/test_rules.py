"""What rules do to a programme, who is left without anybody, and what would change it."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchengine as me
from matchengine.batch import BoolArray, FloatArray, PairBatch
from matchengine.matching.constrain import passes
from matchengine.pool.inputs import Inputs
from matchengine.readiness.changes import best_change
from matchengine.readiness.market import Market
from matchengine.readiness.verdicts import Verdicts, judge
from matchengine.records import Readiness, RuleEffect, Stuck
from tests.properties.populations import Offers, populations, quick, relationships
from tests.readiness.programmes import checked, loaded, spoken, three_by_three
from tests.support import engine, mentee, mentor


def effect(readiness: Readiness, rule: str) -> RuleEffect:
    """Return what one rule does."""
    (found,) = [of for of in readiness.rules if of.rule == rule]
    return found


def stuck(readiness: Readiness, person: str) -> Stuck:
    """Return one person without anybody."""
    (found,) = [of for of in readiness.stuck if of.person_id == person]
    return found


def verdicts(made: me.Engine, kind: str = "mentor") -> tuple[Market, Verdicts]:
    """Return both sides of a kind and what its rules do."""
    market = Market.of(made._pool, made._kinds[kind], made.config)
    return market, judge(market, lambda batch: Inputs(made._pool, market.kind.sides, batch))


def test_the_numbers_of_a_small_programme() -> None:
    found = checked(three_by_three())
    assert (found.requesters, found.candidates, found.places, found.servable) == (3, 3, 6, 1)
    counts = {of.rule: (of.pairs, of.alone, of.starved) for of in found.rules}
    assert counts == {"language_floor": (5, 3, 1), "minors": (3, 1, 1), "vetting": (3, 1, 0)}
    assert [of.rule for of in found.rules] == ["language_floor", "minors", "vetting"]
    assert [of.person_id for of in found.stuck] == ["b", "c"]


def test_a_rule_says_what_would_help_and_how_many_it_frees() -> None:
    found = checked(three_by_three())
    looser, without, remedy = effect(found, "language_floor").changes
    assert looser.text == (
        "With “floor” A2 instead of B1 in the rule “language floor”, 1 more person would have somebody."
    )
    assert without.text == "Without the rule “language floor”, 1 more person would have somebody."
    assert remedy.text.startswith("What would help: a better level in a language of both")
    assert {change.frees for change in (looser, without, remedy)} == {1}
    assert {change.about for change in (looser, without, remedy)} == {("language_floor",)}


def test_a_rule_that_is_always_on_is_never_relaxed_and_counts_the_records_that_it_is_about() -> None:
    found = checked(three_by_three())
    (minors,), (vetting,) = effect(found, "minors").changes, effect(found, "vetting").changes
    assert (minors.frees, vetting.frees) == (1, 1)
    assert vetting.text == "What would help: record the vetting of the candidate. It is about 1 record."
    assert minors.text.endswith("It is about 1 record and could give 1 person somebody.")
    assert not any("Without" in change.text for change in (minors, vetting))


def test_the_first_value_that_frees_anybody_is_named() -> None:
    people = [mentee("b", languages=spoken("es A1")), mentor("m", languages=spoken("es C1"))]
    assert "“floor” A1 instead of B1" in effect(checked(people), "language_floor").changes[0].text
    stricter = '[match.mentor.constraints.with]\nlanguage_floor = { floor = "A1" }\n'
    assert checked(people, stricter).stuck == ()


def test_records_that_are_the_cause_are_counted_on_either_side() -> None:
    people = [
        *(mentee(name, adult=told) for name, told in (("a", True), ("b", None), ("c", False))),
        *(mentor(name, adult=told) for name, told in (("m", True), ("n", None))),
        mentor("o", capacity={"mentor": 0}),
    ]
    found = checked(people)
    assert effect(found, "minors").changes[0].frees == 3
    assert effect(found, "capacity").changes[0].frees == 1


def test_where_no_requester_passes_nothing_is_said_about_records() -> None:
    (change,) = effect(checked([mentee("a", adult=None), mentor("m")]), "minors").changes
    assert change.text.endswith("1 more person would then have somebody.")


def test_somebody_stuck_reads_obstacles_and_the_smallest_change() -> None:
    found = checked(three_by_three())
    b, c = stuck(found, "b"), stuck(found, "c")
    assert [(o.rule, o.text) for o in b.why] == [
        ("language_floor", "they share no language well enough (3 of 3 candidates)"),
        ("vetting", "the vetting is missing, expired or refused (1 of 3 candidates)"),
    ]
    assert [(of.about, of.frees) for of in b.changes] == [(("language_floor",), 1)]
    assert [(of.about, of.frees) for of in c.changes] == [(("minors",), 1)]


def test_where_one_rule_is_not_enough_the_smallest_set_is_named() -> None:
    people = [
        mentee("a", languages=spoken("en C1"), modes=["video"]),
        mentor("m", languages=spoken("es C1"), modes=["in_person"]),
        mentor("n", languages=spoken("es C1"), modes=["in_person"], vetting=None),
    ]
    (change,) = stuck(checked(people), "a").changes
    assert change.about == ("mode_overlap", "language_floor")
    assert change.frees == 1
    assert change.text == (
        "What would help: one more way of meeting that suits both; a better level in a language of both, or help with "
        "interpreting. 1 candidate would then be possible."
    )


def test_nobody_can_be_matched_with_themselves_and_nothing_is_proposed() -> None:
    found = checked([mentee("a", roles=["mentee", "mentor"])])
    assert found.stuck[0].changes == ()
    assert [o.rule for o in found.stuck[0].why] == ["not_self"]


def test_the_best_change_is_the_one_that_frees_most() -> None:
    people = [mentee(f"a{n}", languages=spoken("es A2")) for n in range(3)]
    people += [mentee("b", adult=None), mentor("m", languages=spoken("en C1", "es C1"))]
    best = best_change(verdicts(loaded(people))[1])
    assert best is not None
    assert best.frees == 3
    assert "“floor” A2" in best.text
    assert checked(people).summary[:2] == ("4 of 4 people looking have no possible candidate.", best.text)


# ---------------------------------------------------------------- against looking at every pair by itself


def by_hand(made: me.Engine) -> dict[tuple[str, str], frozenset[str]]:
    """Return the rules that forbid each pair, one pair at a time."""
    pool, kind = made._pool, made._kinds["mentor"]
    people = pool.tables["people"]
    looking = np.flatnonzero(pool.members("people", kind.requester_role)).tolist()
    giving = np.flatnonzero(pool.members("people", kind.sides.role)).tolist()
    found = {}
    for one, other in product(looking, giving):
        inputs = Inputs(pool, kind.sides, PairBatch(np.array([one], np.int32), np.array([other], np.int32)))
        broken = {
            "personal_boundary" if c.spec.personal else c.spec.name
            for c in kind.constraints
            if not passes(c, inputs)[0]
        }
        found[people.ids[one], people.ids[other]] = frozenset(broken)
    return found


UNCHANGEABLE = {"personal_boundary", "not_self"}


@quick
@given(data=st.data())
def test_counts_and_smallest_sets_agree_with_every_pair_by_itself(data: st.DataObject) -> None:
    people = data.draw(populations(most=8))
    made = engine()
    made.load(people, relationships=data.draw(relationships(len(people))))
    pairs = by_hand(made)
    found = made.check("mentor")
    expected = Counter(rule for broken in pairs.values() for rule in broken)
    assert {of.rule: of.pairs for of in found.rules} == expected
    alone = Counter(next(iter(broken)) for broken in pairs.values() if len(broken) == 1)
    assert {of.rule: of.alone for of in found.rules if of.alone} == alone
    without = {who for who in {one for one, _other in pairs} if all(b for (one, _), b in pairs.items() if one == who)}
    if found.candidates:
        assert {of.person_id for of in found.stuck} == without
    starved = Counter(
        rule
        for who in without
        for rule in {next(iter(b)) for (one, _other), b in pairs.items() if one == who and len(b) == 1}
    )
    assert {of.rule: of.starved for of in found.rules if of.starved} == starved
    for of in found.stuck:
        told = {change.about: change.frees for change in of.changes}
        assert told.keys() <= smallest(pairs, of.person_id).keys()
        assert bool(told) == bool(smallest(pairs, of.person_id))
        for about, opens in told.items():
            if "language_floor" not in about and "travel_limit" not in about:
                assert opens == smallest(pairs, of.person_id)[about]


def smallest(pairs: dict[tuple[str, str], frozenset[str]], who: str) -> dict[tuple[str, ...], int]:
    """Return the smallest sets of rules by trying every set: those that open anybody, with how many."""
    own = [broken for (one, _other), broken in pairs.items() if one == who]
    usable = {broken for broken in own if not broken & UNCHANGEABLE}
    if not usable:
        return {}
    size = min(map(len, usable))
    order = list(RULES)
    return {
        tuple(sorted(rules, key=order.index)): sum(broken <= rules for broken in own)
        for rules in usable
        if len(rules) == size
    }


RULES = [constraint.spec.name for constraint in engine()._kinds["mentor"].constraints]


def test_a_person_never_waits_for_more_rules_than_needed() -> None:
    """Changing the named rules opens somebody, and no smaller set does (seeded, larger than the drawn ones)."""
    made = loaded([*three_by_three(), mentee("d", languages=spoken("fr C1"), modes=["in_person"], adult=None)])
    pairs = by_hand(made)
    for of in made.check("mentor").stuck:
        assert {change.about for change in of.changes} == set(smallest(pairs, of.person_id))


# ---------------------------------------------------------------- rules of plugins


@me.constraint("quiet_hours", reason="one of them wants quiet", told_to=("requester",))
def quiet_hours(requester_career_stage: FloatArray, candidate_career_stage: FloatArray) -> BoolArray:
    """Forbid everything, and let only the requester know why."""
    return np.zeros(len(requester_career_stage), np.bool_)


@me.constraint("same_stage", reason="they are not at the same stage", looser={"within": (0.0, 1.0, 2.0)})
def same_stage(requester_career_stage: FloatArray, candidate_career_stage: FloatArray, *, within: float = 0.5) -> Any:
    """Ask for about the same career stage."""
    return np.abs(requester_career_stage - candidate_career_stage) <= within


def with_rule(rule: Any, name: str, people: list[dict[str, Any]]) -> Readiness:
    """Return the readiness of a programme that uses one more rule."""
    from tests.support import CONFIG

    text = CONFIG.replace('use = ["existing_match", ', f'use = ["{name}", "existing_match", ', 1)
    made = engine(plugins=[Offers(rule)], text=text)
    made.load(people)
    return made.check("mentor")


def test_what_a_coordinator_may_not_be_told_has_no_name_and_no_change() -> None:
    found = with_rule(quiet_hours, "quiet_hours", [mentee("a"), mentor("m")])
    assert [(of.rule, of.reason, of.changes) for of in found.rules] == [("not_available", "not available", ())]
    assert found.stuck[0].changes == ()
    assert "quiet" not in found.model_dump_json()


@pytest.mark.parametrize(("stage", "expected"), [("early", "“within” 1 instead of 0.5"), ("mid", "“within” 2 instead")])
def test_looser_values_of_a_plugin_are_tried_from_strict_to_loose(stage: str, expected: str) -> None:
    found = with_rule(same_stage, "same_stage", [mentee("a", career_stage="entry"), mentor("m", career_stage=stage)])
    assert expected in effect(found, "same_stage").changes[0].text
    assert expected in found.stuck[0].changes[0].text


def test_a_rule_without_a_remedy_can_only_be_left_out() -> None:
    people = [mentee("a", career_stage="entry"), mentor("m", career_stage="executive")]
    (change,) = with_rule(same_stage, "same_stage", people).stuck[0].changes
    assert change.text == "What would help: doing without the rule “same stage”. 1 candidate would then be possible."
