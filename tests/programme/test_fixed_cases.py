"""The fixed cases of domain.md H12, each with its known right answer, through what a programme asks an engine.

(a), (b), (d) and (e) are here. The others:

* (c) superstar mentor: `test_assign.py`, `test_a_mentor_whom_everybody_wants_keeps_their_places_...`;
  `tests/planning/assign/test_stable.py` for rankings;
* (f) circle with a forced isolate: `groups/test_form.py`, `test_a_forced_isolate_is_flagged_...`, and
  `tests/planning/groups/test_form.py`;
* (g) week in which the clocks change: `groups/test_slots.py`, `test_a_time_that_only_suits_before_...`;
* (h) dual role: `test_places.py`, `test_two_people_never_mentor_each_other`;
* (i) one mentee nobody ranks first: `test_two_stage.py`, `test_one_whom_nobody_ranks_first_still_gets_a_place`;
* (j) all abstain: `test_assign.py`, `test_nothing_known_of_anybody_still_gives_a_draft_and_says_so`.
"""

from __future__ import annotations

from typing import Any

import pytest

import matchengine as me
from matchengine.records import Relationship
from matchengine.records.plan import Alternate, PlanDocument, PlannedPair
from matchengine.records.swaps import SwapLedger, SwapWish
from tests.journey.easy import feeling, offering, opened
from tests.programme.plans import TOPICS, gives, wants
from tests.programme.swaps.people import SKILLS, TODAY, asks, loaded, teaches, ties, wishes
from tests.properties import disclosing
from tests.properties.disclosing import CROSSING, LIFT, holders
from tests.support import engine

METHODS = ("leximin", "max_weight", "stable", "eps_stable", "greedy")
NEW_COUNTRY, ONLY_ONE = CROSSING


# ---------------------------------------------------------------- (a) two axes, three mentors


def wishing(who: str, *themes: str) -> dict[str, Any]:
    """Return a mentee who holds both themes and wishes to share these."""
    wished = disclosing.wishes("very_important", *themes)
    return wants(who, *TOPICS[:3], lived_experience=list(CROSSING), wishes=wished)  # no mentor has all three topics


def telling(who: str, *themes: str, **more: Any) -> dict[str, Any]:
    """Return a mentor who tells these themes; mentors differ in nothing else."""
    return gives(who, TOPICS[0], lived_experience=list(themes), **more)


def programme(*people: dict[str, Any], extra: str = LIFT) -> me.Engine:
    """Return an engine on these people and enough others who hold the themes, everybody consenting."""
    made = engine(extra)
    # as many hold each theme alone as the other, so that neither axis is rarer
    others = [*holders(10, *CROSSING), *holders(5, NEW_COUNTRY, prefix="y"), *holders(5, ONLY_ONE, prefix="z")]
    everybody = [*people, *others, *holders(20, "another story", prefix="o")]
    made.load(everybody, consents=disclosing.consents(everybody))
    return made


THREE = (telling("both", *CROSSING), telling("country", NEW_COUNTRY), telling("only", ONLY_ONE))


def test_a_who_wishes_to_share_both_axes_gets_the_mentor_who_holds_both() -> None:
    """The crossing is worth more than either road (domain.md C2); two others, who wish for nothing, take the rest."""
    made = programme(wishing("x", *CROSSING), wishing("y"), wishing("z"), *THREE)
    for method in METHODS:
        plan = made.assign("mentor", method=method)
        assert dict(plan.pairs)["x"] == "both", method
        assert plan.document.summary.matched == 3
        assert len({pair.score for pair in plan.document.pairs}) == 1, "numbers leave out what was confided"
    assert next(s.candidate_id for s in made.suggest("x", "mentor", 3)) == "both"


def test_a_one_axis_is_better_than_none_and_both_better_than_one() -> None:
    silent = telling("silent")
    for offered, right in (
        ((*THREE, silent), "both"),
        ((THREE[1], silent), "country"),
        ((THREE[2], silent), "only"),
    ):
        made = programme(wishing("x", *CROSSING), *offered)
        for method in METHODS:
            assert dict(made.assign("mentor", method=method).pairs) == {"x": right}, method


# ---------------------------------------------------------------- (b) silent twin


def printed(document: PlanDocument) -> dict[tuple[str, str], str]:
    """Return everything that is printed of each pair in a plan, chosen or not, by ids."""
    found: dict[tuple[str, str], str] = {(p.requester_id, p.candidate_id): _told(p) for p in document.pairs}
    return found | {(a.requester_id, a.candidate_id): _told(a) for a in document.alternates}


def _told(pair: PlannedPair | Alternate) -> str:
    return f"{pair.score} {pair.fit}"


def test_b_a_silent_twin_is_printed_the_same_and_only_loses_a_tie() -> None:
    """`twin` is `both` to the letter and tells nothing: every number and word is the same, and nobody falls."""
    twin = telling("twin")
    made = programme(wishing("x", *CROSSING), THREE[0], twin)
    plan = made.assign("mentor")
    assert dict(plan.pairs) == {"x": "both"}
    told = printed(plan.document)
    assert told["x", "both"] == told["x", "twin"]
    pairs = [s.model_dump(exclude={"rank", "candidate_id"}) for s in made.suggest("x", "mentor", 9)]
    assert len(pairs) == 2
    assert pairs[0] == pairs[1]


@pytest.mark.parametrize("method", METHODS)
def test_b_whether_the_twin_tells_or_not_changes_no_printed_number(method: str) -> None:
    """With one place and one mentee each there is one right plan; it is the same to the last digit."""

    def document(*themes: str, extra: str = LIFT) -> dict[str, Any]:
        made = programme(wishing("x", *CROSSING), telling("m", *themes), extra=extra)
        found = made.assign("mentor", method=method).document
        return found.model_dump(mode="json", exclude={"fingerprint", "manifest"})

    silent = document()
    assert silent["summary"]["pairs"] == 1
    for other in (document(*CROSSING), document(NEW_COUNTRY), document(*CROSSING, extra="")):
        assert other == silent


def test_b_a_lift_never_lowers_anybody() -> None:
    """Telling more never takes a mentee away from whoever tells; the silent twin keeps score and place in the plan."""
    people = (wishing("x", *CROSSING), wishing("y", *CROSSING))
    silent = programme(*people, telling("m"), telling("twin")).assign("mentor").document
    told = programme(*people, telling("m", *CROSSING), telling("twin")).assign("mentor").document
    assert {p.candidate_id for p in told.pairs} == {p.candidate_id for p in silent.pairs} == {"m", "twin"}
    one, other = printed(silent), printed(told)
    assert one == {pair: other[pair] for pair in one}
    numbers = [d.summary.model_dump(exclude={"sentences"}) for d in (silent, told)]
    assert numbers[0] == numbers[1]


# ---------------------------------------------------------------- (d) one blocking barrier


def crowd(*groups: dict[str, Any], childcare: str = "blocking") -> me.Engine:
    """Return somebody for whom childcare is in the way, and who lacks confidence and a way to get there too."""
    return opened([feeling("a", {"childcare": childcare, "confidence": "strong", "transport": "some"})], groups)


EVERYTHING_ELSE = {"confidence": 1.0, "transport": 1.0, "cost": 1.0, "language": 1.0, "childcare": 0.0}


def test_d_one_blocking_barrier_counts_for_more_than_everything_else() -> None:
    """The product of C5: whatever else a group offers, what blocks altogether leaves nothing of it."""
    rich = offering("rich", EVERYTHING_ELSE)
    plain = offering("plain", {"childcare": 1.0})
    made = crowd(rich, plain)
    assert next(s.candidate_id for s in made.suggest("a", "easy", 9)) == "plain"
    for method in METHODS:
        assert made.assign("easy", method=method).pairs == (("a", "plain"),), method
    slight = crowd(rich, plain, childcare="some")
    assert next(s.candidate_id for s in slight.suggest("a", "easy", 9)) == "rich", "a slight one does not"


def test_d_where_only_the_barrier_is_in_the_way_the_support_that_lifts_it_is_named() -> None:
    made = crowd(offering("rich", EVERYTHING_ELSE))
    assert made.assign("easy").pairs == ()
    [lost] = [each for each in made.assign("easy").document.unmatched if each.side == "requester"]
    assert lost.person_id == "a"
    with_care = crowd(offering("rich", EVERYTHING_ELSE | {"childcare": 1.0}))
    assert with_care.assign("easy").pairs == (("a", "rich"),)


# ---------------------------------------------------------------- (e) a triangle without 2-cycles


def round_of(longest: int) -> SwapLedger:
    """Three of whom each suits only the mentor of the next: nobody can trade with anybody two by two."""
    people = [asks(f"e{n}", SKILLS[n], SKILLS[(n + 1) % 3]) for n in range(3)]
    people += [teaches(f"m{n}", SKILLS[n]) for n in range(3)]
    made = loaded(people, ties(), f"longest_cycle = {longest}\nleast_gain = 0.2\n")
    given = [SwapWish.model_validate(each) for each in wishes()]
    return made.plan_swaps("summer", given, [Relationship.model_validate(each) for each in ties()], TODAY)


def test_e_a_triangle_is_found_where_no_two_could_trade() -> None:
    two = round_of(2)
    assert (two.exchanges, two.swapped, two.value) == ((), 0, 0.0)
    assert {each.reason for each in two.unswapped} == {"no_circle"}
    ledger = round_of(3)
    [swap] = ledger.exchanges
    assert {(m.person_id, m.to_mentor) for m in swap.moves} == {("e0", "m1"), ("e1", "m2"), ("e2", "m0")}
    assert ledger.swapped == 3
    assert ledger.proven
    assert sum(m.gain for m in swap.moves) / 100 * 0.9**3 == pytest.approx(ledger.value, abs=1e-3)
