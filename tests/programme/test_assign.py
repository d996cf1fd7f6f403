"""A draft for everybody: rules, places, demands, numbers, contradictions (domain.md E)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from matchengine.assignment import Assignment, AssignmentProblem
from matchengine.components import assigner
from matchengine.errors import DataError, PluginError, UnknownIdError
from matchengine.programme.assign import assign
from matchengine.programme.plan import Plan
from tests.programme.plans import FULLEST, TOPICS, gives, ground, loaded, planned, three, wants
from tests.properties.populations import Offers


def pairs(plan: Plan) -> dict[str, str]:
    """Return whom each requester has; each has one at most."""
    assert len({one for one, _other in plan.pairs}) == len(plan.pairs)
    return dict(plan.pairs)


def test_everybody_gets_whom_they_suit_best_and_the_numbers_are_those_of_suggestions() -> None:
    made = loaded(three())
    plan = assign(ground(made))
    assert pairs(plan) == {"a": "m", "b": "n", "c": "o"}
    for pair in plan.document.pairs:
        [best] = made.suggest(pair.requester_id, "mentor", 1, viewer="coordinator")
        assert (pair.candidate_id, pair.score, pair.fit) == (best.candidate_id, best.score, best.fit)
        assert pair.reasons == best.reasons
        assert (pair.decided_by, pair.decision, pair.standing) == ("method", 1, "new")
    summary = plan.document.summary
    assert (summary.requesters, summary.matched, summary.pairs, summary.places_left) == (3, 3, 3, 0)
    points = [pair.score for pair in plan.document.pairs]
    assert summary.lowest == min(points)
    assert summary.mean == pytest.approx(sum(points) / 3, abs=0.01)
    assert summary.blocking_pairs == 0
    assert plan.document.unmatched == ()
    assert plan.document.status == "draft"
    [decision] = plan.document.decisions
    assert (decision.action, decision.by, decision.number) == ("assigned", "fullest", 1)


def test_the_result_does_not_depend_on_the_order_of_records() -> None:
    people = [*three(), wants("d", TOPICS[0]), wants("e", TOPICS[0])]
    documents = {planned(order).to_json() for order in (people, people[::-1], people[3:] + people[:3])}
    assert len(documents) == 1


def test_the_most_points_under_the_same_demands_are_found_by_brute_force() -> None:
    plan = planned([wants("a", TOPICS[0], TOPICS[1]), wants("b", TOPICS[0]), *three()[3:]], must=[("b", "o")])
    made = loaded([wants("a", TOPICS[0], TOPICS[1]), wants("b", TOPICS[0]), *three()[3:]])
    score = {(who, s.candidate_id): s.score for who in "ab" for s in made.suggest(who, "mentor", 9)}
    totals = [score["a", m] + score["b", "o"] for m in "mn"]
    assert plan.document.summary.total == pytest.approx(max(totals), abs=0.01)


def test_full_mentors_take_nobody_and_running_matches_take_places() -> None:
    people = [wants("a", TOPICS[0]), wants("b", TOPICS[0]), gives("m", TOPICS[0], places=2), gives("n", places=0)]
    running = [{"person_id": "a", "other_id": "m", "kind": "mentoring", "status": "active"}]
    made = loaded(people, relationships=running)
    plan = assign(ground(made))
    assert pairs(plan) == {"b": "m"}
    assert plan.document.already == ("a",)
    assert plan.document.places_left["m"] == 0
    assert [each.person_id for each in plan.document.unmatched] == []


def test_a_running_match_is_never_repeated_even_where_the_configuration_drops_the_rule() -> None:
    text = '[match.mentor.assign]\nmethod = "fullest"\neach_most = 2\n'
    people = [wants("a", TOPICS[0]), gives("m", TOPICS[0], places=3), gives("n", TOPICS[1])]
    running = [{"person_id": "a", "other_id": "m", "kind": "mentoring", "status": "paused"}]
    made = loaded(people, text, relationships=running)
    for kept in (True, False):
        if not kept:
            kind = made._kinds["mentor"]
            rules = tuple(c for c in kind.constraints if c.spec.name != "existing_match")
            made._kinds["mentor"] = type(kind)(**{**kind.__dict__, "constraints": rules})
        assert assign(ground(made)).pairs == (("a", "n"),)


def test_demands_hold_and_stand_in_the_record() -> None:
    plan = planned(three(), must=[("a", "n")], must_not=[("b", "m")], by="hb-1")
    assert pairs(plan) == {"a": "n", "b": "o", "c": "m"}
    told = [(d.action, d.requester_id, d.candidate_id, d.by) for d in plan.document.decisions]
    assert told == [("added", "a", "n", "hb-1"), ("forbidden", "b", "m", "hb-1"), ("assigned", None, None, "fullest")]
    [locked] = [pair for pair in plan.document.pairs if pair.locked]
    assert (locked.requester_id, locked.decided_by, locked.decision) == ("a", "coordinator", 1)


def test_a_forbidden_pair_is_nowhere_in_the_document() -> None:
    plan = planned([*three(), wants("d", TOPICS[0])], must_not=[("d", "m"), ("d", "n"), ("d", "o")])
    [lost] = plan.document.unmatched
    assert lost.person_id == "d"
    assert [each.rule for each in lost.why] == ["forbidden"]
    assert lost.nearest == ()
    assert not [each for each in plan.document.alternates if each.requester_id == "d"]


@pytest.mark.parametrize("each", [1, 2, 3])
def test_each_requester_has_at_most_so_many(each: int) -> None:
    people = [wants("a", *TOPICS), gives("m", TOPICS[0]), gives("n", TOPICS[1]), gives("o", TOPICS[2])]
    assert len(planned(people, each=each).pairs) == each
    with pytest.raises(DataError, match="expected 1 to 20"):
        planned(people, each=0)


def test_a_floor_keeps_poor_pairs_out_but_not_what_a_coordinator_wants() -> None:
    text = FULLEST + "floor = 75\n"
    people = [wants("a", TOPICS[0]), wants("b", TOPICS[1]), gives("m", TOPICS[0]), gives("n", TOPICS[2])]
    plan = planned(people, text)
    assert pairs(plan) == {"a": "m"}
    lost = next(each for each in plan.document.unmatched if each.person_id == "b")
    assert "below_floor" in {each.rule for each in lost.why}
    assert pairs(planned(people, text, must=[("b", "n")])) == {"a": "m", "b": "n"}


def test_every_contradiction_is_told_at_once_with_people_and_rules() -> None:
    people = [*three(), gives("x", TOPICS[0], languages=[{"tag": "es", "level": "C1"}])]
    demands = [("a", "m"), ("b", "m"), ("c", "x")]
    with pytest.raises(DataError) as caught:
        planned(people, must=demands, must_not=[("a", "m")])
    text = str(caught.value)
    assert "a and m are demanded and forbidden at once" in text
    assert "c and x are demanded, but a rule forbids them: They share no language well enough" in text
    with pytest.raises(DataError, match=r"m has 1 place, but 2 pairs are demanded \(a:m and b:m\)"):
        planned(people, must=demands[:2])
    with pytest.raises(DataError, match=r"a has 1 place, but 2 pairs are demanded \(a:m and a:n\)"):
        planned(people, must=[("a", "m"), ("a", "n")])
    with pytest.raises(UnknownIdError, match="nobody"):
        planned(people, must=[("a", "nobody")])


def test_a_personal_rule_reads_not_available() -> None:
    people = [wants("a", TOPICS[0], boundaries=[{"kind": "person", "value": "m"}]), *three()[1:]]
    for must in ([("a", "m")],):
        with pytest.raises(DataError) as caught:
            planned(people, must=must)
        assert "a rule forbids them: Not available" in str(caught.value)
        assert "boundary" not in str(caught.value)
    plan = planned([people[0], gives("m", TOPICS[0])])
    [lost, free] = plan.document.unmatched
    assert lost.nearest == ()
    assert free.nearest == ()
    assert "boundary" not in free.model_dump_json()


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_an_empty_side_is_one_clear_error(side: str) -> None:
    people = [person for person in three() if person["roles"] != [side]]
    with pytest.raises(DataError, match=f"no '{side}' takes part"):
        planned(people)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(PluginError, match="assigner named 'fullst'; did you mean 'fullest'"):
        planned(three(), method="fullst")


def test_pairs_of_which_too_little_is_known_come_after_all_others_and_are_flagged() -> None:
    known, unknown = gives("m", TOPICS[1]), gives("n", offers=[], style=None, values=[])
    made = loaded([wants("a", TOPICS[0]), known, unknown])
    found = {s.candidate_id: s for s in made.suggest("a", "mentor")}
    assert found["n"].fit == "too_little_known"
    assert found["n"].score > found["m"].score
    assert pairs(assign(ground(made))) == {"a": "m"}
    alone = assign(ground(loaded([wants("a", TOPICS[0]), unknown])))
    assert pairs(alone) == {"a": "n"}
    assert alone.document.pairs[0].fit == "too_little_known"
    assert alone.document.summary.too_little_known == 1


def test_alternates_are_the_next_best_and_say_whether_a_place_is_free() -> None:
    plan = planned([wants("a", TOPICS[0]), *[gives(m, t) for m, t in zip("mno", TOPICS, strict=False)]])
    made = loaded([wants("a", TOPICS[0]), *[gives(m, t) for m, t in zip("mno", TOPICS, strict=False)]])
    best = [s.score for s in made.suggest("a", "mentor", 3)]
    assert [each.score for each in plan.document.alternates] == best[1:]
    assert all(each.free for each in plan.document.alternates)
    assert {each.candidate_id for each in plan.document.alternates} == {"n", "o"}


def test_short_lists_are_widened_for_whoever_is_left_over() -> None:
    text = '[match.mentor.assign]\nmethod = "fullest"\ndense_up_to = 0\nshortlist = 10\n'
    asking = [wants(f"a{n:02}", TOPICS[0]) for n in range(14)]
    giving = [gives(f"m{n:02}", TOPICS[0]) for n in range(10)] + [gives(f"z{n:02}", TOPICS[1]) for n in range(4)]
    plan = planned([*asking, *giving], text)
    assert plan.document.summary.matched == 14
    dense = planned([*asking, *giving])
    assert dense.document.summary.matched == 14


def test_brute_force_agrees_on_who_can_be_served() -> None:
    """A pair is possible where suggestions have it; the fullest draft serves as many as any choice of them."""
    people = [
        wants("a", TOPICS[0]),
        wants("b", TOPICS[1], languages=[{"tag": "es", "level": "C1"}]),
        wants("c", TOPICS[2], boundaries=[{"kind": "person", "value": "m"}]),
        gives("m", TOPICS[0], languages=[{"tag": "es", "level": "C1"}, {"tag": "en", "level": "C1"}]),
        gives("n", TOPICS[0]),
    ]
    made = loaded(people)
    open_to = {who: {s.candidate_id for s in made.suggest(who, "mentor", 9)} for who in "abc"}
    best = max(
        sum(candidate in open_to[who] for who, candidate in zip("abc", chosen, strict=True) if candidate != "-")
        for chosen in itertools.product("mn-", repeat=3)
        if all(chosen.count(m) <= 1 for m in "mn")
    )
    assert assign(ground(made)).document.summary.matched == best == 2


@assigner("broken", title="Breaks", guarantee="None.")
def broken(problem: AssignmentProblem) -> Assignment:
    """Choose every pair there is."""
    return Assignment(np.arange(len(problem)))


@assigner("failing", title="Fails", guarantee="None.")
def failing(problem: AssignmentProblem) -> Assignment:
    """Fail."""
    raise ZeroDivisionError("the secret of a")


def test_no_assigner_is_believed() -> None:
    made = loaded(three(), plugins=[Offers(broken, failing)])
    with pytest.raises(PluginError, match="'broken' broke a demand"):
        assign(ground(made), method="broken")
    with pytest.raises(PluginError, match="assigner 'failing' failed with ZeroDivisionError") as caught:
        assign(ground(made), method="failing")
    assert "secret" not in str(caught.value)


METHODS = ("leximin", "max_weight", "stable", "eps_stable", "rsd", "greedy", "random", "first_come")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_keeps_rules_places_and_demands(method: str) -> None:
    people = [*three(), wants("d", TOPICS[0]), wants("e", TOPICS[1], languages=[{"tag": "es", "level": "C1"}])]
    plan = planned(people, method=method, must=[("b", "o")], must_not=[("a", "m")])
    assert plan.document.method == method
    assert ("b", "o") in plan.pairs
    assert ("a", "m") not in plan.pairs
    for side in (0, 1):
        counted = [pair[side] for pair in plan.pairs]
        assert len(counted) == len(set(counted))
    assert "e" not in {who for who, _other in plan.pairs}
    if method != "first_come":  # whoever comes first is the first record there
        again = planned(people[::-1], method=method, must=[("b", "o")], must_not=[("a", "m")])
        assert plan.to_json() == again.to_json()


def test_a_mentor_whom_everybody_wants_keeps_their_places_and_nobody_is_left_out() -> None:
    """H12 (c): one superstar; leximin serves all, the greedy baseline gives the star first and serves no more."""
    people = [wants(f"a{n}", TOPICS[0]) for n in range(6)]
    people += [gives("star", TOPICS[0], places=2), *[gives(f"m{n}", TOPICS[1]) for n in range(4)]]
    for method in ("leximin", "max_weight", "stable", "greedy"):
        plan = planned(people, method=method)
        load = [mentor for _who, mentor in plan.pairs]
        assert load.count("star") == 2
        assert plan.document.summary.matched == 6


def test_nothing_known_of_anybody_still_gives_a_draft_and_says_so() -> None:
    """H12 (j): every scorer abstains; everybody is assigned, every pair is flagged."""
    blank = {"goals": [], "offers": [], "interests": [], "values": [], "style": None, "hopes_to_gain": None}
    bare = blank | {"languages": [], "availability": [], "cadence": None, "modes": []}
    people = [wants(who) | bare for who in "ab"] + [gives(who) | bare for who in "mn"]
    plan = planned(people, method="leximin")
    assert len(plan.pairs) == 2
    assert {pair.fit for pair in plan.document.pairs} == {"too_little_known"}
    assert plan.document.summary.too_little_known == 2
    assert len({pair.score for pair in plan.document.pairs}) == 1
