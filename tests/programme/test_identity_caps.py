"""The cap people set on being found by what they declare holds within one plan too (domain.md C2, H6)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.evaluation.disclosure_runs import ran
from matchengine.programme.assign import assign
from matchengine.programme.pairs import gather
from matchengine.programme.places import places_of, quotas_of
from matchengine.programme.plan import Plan
from matchengine.records import Relationship
from tests.programme.plans import FULLEST, TOPICS, Methods, gives, ground, wants
from tests.programme.test_places import PEERS
from tests.properties.disclosing import CROSSING, LIFT, consents, holders, wishes
from tests.support import engine

METHODS = ("max_weight", "leximin", "greedy", "first_come", "rsd", "stable", "eps_stable")
LIFTED = FULLEST + LIFT


def looking(who: str, *, wish: bool = True, **more: Any) -> dict[str, Any]:
    """Return a mentee who holds both themes and, where they `wish`, wishes to share them."""
    told = {"lived_experience": list(CROSSING), "wishes": wishes("very_important", *CROSSING) if wish else []}
    return wants(who, TOPICS[0], **(told | more))


def giving(who: str, cap: int | None, places: int = 2, **more: Any) -> dict[str, Any]:
    """Return a mentor who holds both themes and set a cap."""
    told = {"lived_experience": list(CROSSING), "max_identity_matches": cap}
    return gives(who, TOPICS[0], places=places, **(told | more))


def programme(*people: dict[str, Any], extra: str = LIFTED, **more: Any) -> Any:
    made = engine(extra, [Methods()])
    everybody = [*people, *holders(10, *CROSSING), *holders(20, "another story", prefix="o")]
    made.load(everybody, consents=consents(everybody), **more)
    return made


def draft(*people: dict[str, Any], extra: str = LIFTED, data: dict[str, Any] | None = None, **more: Any) -> Plan:
    return assign(ground(programme(*people, extra=extra, **(data or {}))), **more)


def of(plan: Plan, mentor: str) -> set[str]:
    return {who for who, other in plan.pairs if other == mentor}


def caps(made: Any, kind: str = "mentor") -> list[tuple[int, int | None]]:
    scene = made._scene(kind)
    pairs = gather(scene)
    quotas, notes = quotas_of(scene, pairs, places_of(scene, pairs))
    assert notes == ()
    return [(len(q.pairs), q.most) for q in quotas if q.personal]


@pytest.mark.parametrize("method", METHODS)
def test_one_plan_gives_nobody_more_than_their_cap(method: str) -> None:
    """H6: cap breaches are 0, by every method."""
    plan = draft(looking("a"), looking("b"), giving("m", 1), method=method)
    assert len(of(plan, "m")) == 1
    free = draft(looking("a"), looking("b"), giving("m", None), method=method)
    assert of(free, "m") == {"a", "b"}


@pytest.mark.parametrize("method", METHODS)
def test_a_cap_leaves_places_to_those_who_wish_for_nothing(method: str) -> None:
    plan = draft(looking("a"), looking("b"), looking("c", wish=False), giving("m", 1), method=method)
    assert len(of(plan, "m")) == 2
    assert "c" in of(plan, "m")


def test_a_cap_counts_running_matches_too() -> None:
    running = Relationship(person_id="z", other_id="m", kind="mentoring", status="active")
    people = [looking(who) for who in "abz"]
    for cap, matches in ((1, 0), (2, 1), (3, 2)):
        plan = draft(*people, giving("m", cap, places=4), data={"relationships": [running]})
        assert len(of(plan, "m")) == matches, cap


def test_no_quota_where_a_cap_cannot_bind() -> None:
    two = looking("a"), looking("b")
    assert caps(programme(*two, giving("m", 1))) == [(2, 1)]
    assert caps(programme(*two, giving("m", 0, places=1))) == [(2, 0)]
    assert caps(programme(*two, giving("m", None))) == []
    assert caps(programme(*two, giving("m", 1, places=1))) == []
    assert caps(programme(*two, giving("m", 2, places=5))) == []
    assert caps(programme(two[0], looking("b", wish=False), giving("m", 1))) == []
    assert caps(programme(*two, giving("m", 1, lived_experience=["another story"]))) == []
    assert caps(programme(*two, giving("m", 1), extra=FULLEST)) == [], "without a lift nobody is found that way"


def test_plans_with_caps_that_cannot_bind_are_the_same_to_the_byte() -> None:
    people = [looking("a"), looking("b"), looking("c", wish=False)]
    for method in METHODS:
        one, other = (draft(*people, giving("m", cap), gives("n", TOPICS[1]), method=method) for cap in (None, 2))
        left = [plan.document.model_dump(exclude={"manifest", "fingerprint"}) for plan in (one, other)]
        assert left[0] == left[1], method


def test_pairs_without_a_direction_count_whoever_is_found() -> None:
    text = FULLEST + PEERS + '[match.peer.scorers.shared]\nuse = "intersectional_fit"\n'

    def peer(who: str, cap: int | None = None, *, wish: bool = True) -> dict[str, Any]:
        topic = [{"text": TOPICS[0]}]
        return looking(who, wish=wish, max_identity_matches=cap) | {"interests": topic}

    for capped, others in (("p0", ("p1", "p2", "p3")), ("p9", ("p1", "p2", "p3"))):
        made = programme(peer(capped, 1), *(peer(who) for who in others), extra=text)
        load = Counter(who for pair in assign(ground(made, "peer"), each=3).pairs for who in pair)
        assert load[capped] == 1
        assert all(load[who] >= 2 for who in others)
        wishing_alone = programme(peer(capped, 1), *(peer(who, wish=False) for who in others), extra=text)
        load = Counter(who for pair in assign(ground(wishing_alone, "peer"), each=3).pairs for who in pair)
        assert load[capped] == 3


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 12))])
def test_caps_are_never_exceeded_in_programmes_drawn_by_lot(seed: int) -> None:
    """H6, counted apart from the plan: `cap_breaches` counts pairs and running matches by itself."""
    lot = np.random.default_rng(seed)
    asking = [looking(f"a{n}", wish=bool(lot.random() < 0.7)) for n in range(8)]
    offering = [
        giving(f"m{n}", None if lot.random() < 0.2 else int(lot.integers(3)), places=int(lot.integers(1, 4)))
        for n in range(4)
    ]
    running = [
        Relationship(person_id=f"a{n}", other_id=f"m{lot.integers(4)}", kind="mentoring", status="active")
        for n in range(int(lot.integers(3)))
    ]
    made = programme(*asking, *offering, relationships=running)
    bound = False
    for method in METHODS:
        run = ran(made, "mentor", lifts=True, method=method)
        assert run.cap_breaches(made, "mentor")[1] == 0, method
        bound |= bool(len(run.chosen))
    assert bound


def test_whoever_demands_more_than_a_cap_allows_reads_not_available() -> None:
    people = looking("a"), looking("b"), giving("m", 1)
    with pytest.raises(DataError) as caught:
        draft(*people, must=[("a", "m"), ("b", "m")])
    assert "a:m and b:m are demanded, but not all of them are available at once; release some" in str(caught.value)
    with pytest.raises(DataError, match="a and m are demanded, but a rule forbids them: Not available"):
        draft(looking("a"), giving("m", 0), must=[("a", "m")])
    assert of(draft(*people, must=[("b", "m")]), "m") == {"b"}


def test_a_pair_put_in_by_hand_takes_the_place_of_another_under_the_cap() -> None:
    plan = draft(looking("a"), looking("b"), looking("c", wish=False), giving("m", 1, places=3))
    [first] = of(plan, "m") & {"a", "b"}
    [second] = {"a", "b"} - {first}
    after = plan.add(second, "m", by="x")
    assert of(after, "m") == {second, "c"}
    with pytest.raises(DataError, match="not all of them are available"):
        after.add(first, "m", by="x")
    again = after.resolve()
    assert of(again, "m") == {second, "c"}


def test_a_plan_that_a_new_match_puts_above_a_cap_is_not_published() -> None:
    made = programme(looking("a"), looking("b"), looking("z"), giving("m", 2, places=3))
    plan = assign(ground(made), must_not=[("z", "m")])
    assert of(plan, "m") == {"a", "b"}
    made.upsert(Relationship(person_id="z", other_id="m", kind="mentoring", status="active"))
    with pytest.raises(DataError, match="no longer possible") as caught:
        plan.publish(by="x")
    assert len(caught.value.problems) == 1
    after = plan.resolve()
    assert len(of(after, "m")) == 1
    told = [move.why for move in after.document.moves if move.before == ("m",)]
    assert told == ["m is not available any more."]
    assert of(after.publish(by="x"), "m") == of(after, "m")
