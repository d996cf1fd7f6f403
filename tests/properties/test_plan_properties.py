"""What holds for a draft of any population: rules, places, demands, order of records (domain.md E, Annex 2)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import strategies as st

from matchengine.errors import DataError
from matchengine.programme.assign import assign
from matchengine.programme.plan import Plan
from tests.programme.plans import ground, loaded
from tests.properties.populations import holds_for, populations, relationships

LEXIMIN = '[match.mentor.assign]\nmethod = "leximin"\n'


def drafted(people: list[dict[str, Any]], ties: list[dict[str, Any]], **more: Any) -> Plan | None:
    """Return a draft, or nothing where a side is empty or demands contradict each other."""
    try:
        return assign(ground(loaded(people, LEXIMIN, relationships=ties)), **more)
    except DataError:
        return None


@holds_for(data=st.data(), people=populations(3, 8))
def test_a_draft_keeps_every_rule_and_every_place(data: st.DataObject, people: list[dict[str, Any]]) -> None:
    ties = data.draw(relationships(len(people)))
    plan = drafted(people, ties)
    if plan is None:
        return
    made = loaded(people, LEXIMIN, relationships=ties)
    members = made.members("mentor")
    for who, mentor in plan.pairs:
        assert mentor in {s.candidate_id for s in made.suggest(who, "mentor", 20)}
        assert (mentor, who) not in plan.pairs
    assert max(Counter(who for who, _mentor in plan.pairs).values(), default=0) <= 1
    for mentor, count in Counter(mentor for _who, mentor in plan.pairs).items():
        assert count <= members.places.get(mentor, 1)
    told = {each.person_id for each in plan.document.unmatched if each.side == "requester"}
    matched = {who for who, _mentor in plan.pairs}
    assert told | matched | set(plan.document.already) == set(members.requesters)
    assert not told & matched
    assert all(each.why for each in plan.document.unmatched)


@holds_for(data=st.data(), people=populations(3, 8))
def test_the_order_of_records_changes_no_byte(data: st.DataObject, people: list[dict[str, Any]]) -> None:
    order = data.draw(st.permutations(people))
    one, other = drafted(people, []), drafted(order, [])
    assert (one and one.to_json()) == (other and other.to_json())


@holds_for(data=st.data(), people=populations(4, 8))
def test_what_was_forbidden_never_comes_back(data: st.DataObject, people: list[dict[str, Any]]) -> None:
    plan = drafted(people, [])
    if plan is None or not plan.pairs:
        return
    pair = data.draw(st.sampled_from(plan.pairs))
    without = plan.forbid(*pair, by="x")
    for again in (without, without.resolve(), without.resolve(afresh=True)):
        assert pair not in again.pairs
        assert pair not in {(a.requester_id, a.candidate_id) for a in again.document.alternates}
        near = {(u.person_id, n.other_id) for u in again.document.unmatched for n in u.nearest}
        assert not {pair, pair[::-1]} & near
    assert len(without.resolve().pairs) >= len(plan.pairs) - 1
