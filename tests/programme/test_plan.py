"""The life of a plan: lock, forbid, release, add, leave out, solve again, publish, open again (decision 14)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.programme.assign import assign, open_plan
from matchengine.programme.plan import Plan
from matchengine.records import Person
from matchengine.records.plan import PlanDocument
from tests.programme.plans import TOPICS, gives, ground, loaded, planned, three, wants

DAY = date(2026, 3, 10)


@pytest.fixture(name="plan")
def _plan() -> Plan:
    return planned([*three(), wants("d", TOPICS[0]), gives("p", TOPICS[3])])


def actions(plan: Plan) -> list[str]:
    return [each.action for each in plan.document.decisions]


def test_every_verb_returns_a_new_plan_and_signs_the_record(plan: Plan) -> None:
    before = plan.to_json()
    locked = plan.lock("b", "n", by="hb-1", why="they asked for it", on=DAY)
    assert plan.to_json() == before
    assert actions(locked) == ["assigned", "locked"]
    last = locked.document.decisions[-1]
    assert (last.number, last.by, last.why, last.on) == (2, "hb-1", "they asked for it", DAY)
    assert (last.requester_id, last.candidate_id) == ("b", "n")
    assert [p.requester_id for p in locked.document.pairs if p.locked] == ["b"]
    assert locked.pairs == plan.pairs
    released = locked.release("b", "n", by="hb-1")
    assert not any(p.locked for p in released.document.pairs)


def test_a_forbidden_pair_leaves_at_once_and_never_comes_back(plan: Plan) -> None:
    without = plan.forbid("b", "n", by="hb-1", on=DAY)
    assert ("b", "n") not in without.pairs
    assert set(plan.pairs) - {("b", "n")} == set(without.pairs)
    for again in (without.resolve(on=DAY), without.resolve(afresh=True, on=DAY)):
        assert ("b", "n") not in again.pairs
        text = json.dumps([u.model_dump(mode="json") for u in again.document.unmatched if u.person_id == "b"])
        assert '"n"' not in text
        assert not [a for a in again.document.alternates if (a.requester_id, a.candidate_id) == ("b", "n")]
    back = without.release("b", "n", by="hb-1").resolve(afresh=True)
    assert ("b", "n") in back.pairs


def test_somebody_drops_out_and_as_many_pairs_as_possible_stay(plan: Plan) -> None:
    gone = plan.leave_out("n", by="hb-1", why="moved away", on=DAY)
    assert set(gone.pairs) == {pair for pair in plan.pairs if "n" not in pair}
    [early] = [m for m in gone.document.moves if m.requester_id == "b"]
    assert (early.before, early.now) == (("n",), ())
    solved = gone.resolve(on=DAY)
    summary = solved.document.summary
    assert summary.matched == 3
    assert summary.kept == len(gone.pairs)
    assert set(gone.pairs) <= set(solved.pairs)
    [moved] = [m for m in solved.document.moves if m.requester_id == "b"]
    assert moved.before == ("n",)
    assert moved.why == "n no longer takes part."
    assert actions(solved)[-2:] == ["left_out", "resolved"]
    assert {p.standing for p in solved.document.pairs if p.requester_id in dict(gone.pairs)} == {"kept"}
    assert not [u for u in solved.document.unmatched if u.person_id == "n"]


def test_moves_say_why() -> None:
    made = loaded([*three(), gives("p", TOPICS[1]), gives("q", TOPICS[3])])
    draft = assign(ground(made), must_not=[("b", "q"), ("c", "p")])
    made.remove("n")
    solved = draft.resolve(on=DAY)
    [move] = solved.document.moves
    assert (move.requester_id, move.before, move.now) == ("b", ("n",), ("p",))
    assert move.why == "n no longer takes part."
    made.upsert(Person.model_validate(wants("c", TOPICS[2], boundaries=[{"kind": "person", "value": "o"}])))
    again = solved.resolve(on=DAY)
    [move] = again.document.moves
    assert (move.requester_id, move.before, move.now) == ("c", ("o",), ("q",))
    assert move.why == "o is not available any more."
    assert "boundary" not in again.to_json()


def test_a_pair_that_is_added_is_locked_and_takes_the_place_of_an_unlocked_one(plan: Plan) -> None:
    assert ("b", "n") in plan.pairs
    changed = plan.add("c", "n", by="hb-1", on=DAY)
    assert ("c", "n") in changed.pairs
    assert not {("b", "n"), ("c", "o")} & set(changed.pairs)
    [pair] = [p for p in changed.document.pairs if p.locked]
    assert (pair.requester_id, pair.candidate_id, pair.decided_by, pair.decision) == ("c", "n", "coordinator", 2)
    solved = changed.resolve(on=DAY)
    assert ("c", "n") in solved.pairs
    assert solved.document.summary.matched == 4
    fixed = plan.lock("b", "n", by="hb-1")
    with pytest.raises(DataError, match=r"n has 1 place, but 2 pairs are demanded \(b:n and c:n\)"):
        fixed.add("c", "n", by="hb-1")


def test_hard_rules_refuse_what_a_coordinator_adds() -> None:
    people = [*three(), gives("x", TOPICS[0], vetting=None)]
    with pytest.raises(DataError, match="a rule forbids them: The vetting is missing"):
        planned(people).add("a", "x", by="hb-1")


def test_locked_pairs_stay_when_everything_is_decided_afresh(plan: Plan) -> None:
    odd = plan.add("c", "n", by="hb-1").resolve(afresh=True)
    assert ("c", "n") in odd.pairs
    assert odd.document.decisions[-1].by == "fullest"


@pytest.mark.parametrize(
    ("verb", "arguments", "told"),
    [
        ("lock", ("a", "n"), "is not in this plan; add it instead"),
        ("release", ("a", "n"), "neither locked nor forbidden"),
        ("add", ("b", "n"), "is in this plan already; lock it instead"),
        ("forbid", ("c", "zz"), "zz"),
        ("leave_out", ("zz",), "takes no part"),
    ],
)
def test_what_makes_no_sense_is_refused(plan: Plan, verb: str, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(DataError, match=told):
        getattr(plan, verb)(*arguments, by="hb-1")


def test_locks_and_prohibitions_contradict_each_other_clearly(plan: Plan) -> None:
    with pytest.raises(DataError, match="b:n is locked; release it first"):
        plan.lock("b", "n", by="x").forbid("b", "n", by="x")
    with pytest.raises(DataError, match="b:n was forbidden; release it first"):
        plan.forbid("b", "n", by="x").add("b", "n", by="x")
    with pytest.raises(DataError, match="n was left out already"):
        plan.leave_out("n", by="x").leave_out("n", by="x")
    with pytest.raises(UnknownIdError):
        plan.forbid("zz", "n", by="x")


def test_whoever_drops_out_takes_their_lock_along(plan: Plan) -> None:
    solved = plan.lock("b", "n", by="x").leave_out("n", by="x").resolve()
    assert "n" not in {candidate for _requester, candidate in solved.pairs}
    assert not any(p.locked for p in solved.document.pairs)


def test_a_published_plan_changes_no_more(plan: Plan) -> None:
    done = plan.publish(by="hb-1", on=DAY)
    assert done.document.status == "published"
    assert plan.document.status == "draft"
    assert actions(done)[-1] == "published"
    told = "published on 2026-03-10 by hb-1 and cannot be changed"
    for verb in ("lock", "forbid", "release", "add"):
        with pytest.raises(DataError, match=told):
            getattr(done, verb)("b", "n", by="x")
    for change in (done.resolve, lambda: done.publish(by="x"), lambda: done.leave_out("n", by="x")):
        with pytest.raises(DataError, match=told):
            change()


def test_a_plan_with_a_pair_that_rules_forbid_by_now_is_not_published() -> None:
    made = loaded(three())
    draft = assign(ground(made))
    made.upsert(Person.model_validate(wants("a", TOPICS[0], adult=None)))
    with pytest.raises(DataError, match="resolve the plan") as caught:
        draft.publish(by="x")
    assert caught.value.problems == ("a:m",)
    assert draft.resolve().publish(by="x").pairs == (("b", "n"), ("c", "o"))


def test_a_plan_is_one_document_and_opens_again(plan: Plan, tmp_path: Path) -> None:
    edited = plan.lock("b", "n", by="x", on=DAY).forbid("a", "n", by="x", on=DAY)
    edited.save(tmp_path / "plan.json")
    for saved in (edited.to_json(), tmp_path / "plan.json", str(tmp_path / "plan.json"), edited.document):
        again = open_plan(plan.ground, saved)
        assert again.document == edited.document
        assert again.warnings == ()
    one, other = (p.leave_out("o", by="x", on=DAY).resolve(on=DAY) for p in (edited, again))
    assert one.to_json() == other.to_json()
    assert PlanDocument.model_validate_json(one.to_json()) == one.document


def test_a_plan_opened_on_other_data_says_so(plan: Plan) -> None:
    made = loaded([*three(), wants("d", TOPICS[0]), gives("p", TOPICS[3])])
    made.upsert(Person.model_validate(wants("late", TOPICS[1])))
    [warning] = open_plan(ground(made), plan.to_json()).warnings
    assert "data have changed" in warning
    other = loaded(three(), '[match.mentor.assign]\nmethod = "fullest"\nfloor = 1\n')
    assert "configuration" in open_plan(ground(other), plan.to_json()).warnings[0]


def test_what_is_no_plan_is_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        open_plan(plan.ground, tmp_path / "nothing.json")
    with pytest.raises(DataError, match="this is no plan"):
        open_plan(plan.ground, '{"kind": "mentor"}')
    document = plan.document.model_copy(update={"kind": "peer"})
    with pytest.raises(DataError, match="plan of kind 'peer', expected 'mentor'"):
        open_plan(plan.ground, document)
