"""The second stage: people said whom they want and whom not, and that decides instead of scores (domain.md E)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from matchengine.errors import DataError
from matchengine.programme.assign import assign, open_plan
from matchengine.programme.drafting import Ground
from matchengine.records.plan import Ranking
from tests.programme.plans import TOPICS, gives, ground, loaded, three, wants


def said(person_id: str, *ranked: str, vetoed: tuple[str, ...] = ()) -> Ranking:
    return Ranking(person_id=person_id, ranked=ranked, vetoed=vetoed)


def standing(people: list[dict[str, Any]] | None = None) -> Ground:
    """Return where plans for these people stand."""
    return ground(loaded(people or three()))


def test_rankings_decide_instead_of_scores() -> None:
    assert dict(assign(standing(), method="stable").pairs) == {"a": "m", "b": "n", "c": "o"}
    wanted = [said("a", "n", "m"), said("b", "m", "n"), said("m", "b"), said("n", "a")]
    plan = assign(standing(), rankings=wanted)
    assert dict(plan.pairs) == {"a": "n", "b": "m", "c": "o"}
    assert plan.document.method == "stable"
    assert (plan.document.two_stage, plan.document.ranked) == (True, 4)
    assert plan.document.summary.blocking_pairs == 0


def test_what_people_said_is_in_no_document() -> None:
    plan = assign(standing(), rankings=[said("a", "n", "m", vetoed=("o",)), said("c", "o")])
    told = plan.document.model_dump(mode="json")
    assert "rankings" not in told
    assert not [a for a in plan.document.alternates if (a.requester_id, a.candidate_id) == ("a", "o")]


def test_a_veto_is_silent_and_holds_from_either_side() -> None:
    for veto in (said("a", vetoed=("m",)), said("m", vetoed=("a",))):
        plan = assign(standing([wants("a", TOPICS[0]), gives("m", TOPICS[0])]), rankings=[veto])
        assert plan.pairs == ()
        for each in plan.document.unmatched:
            assert each.nearest == ()
            assert "veto" not in each.model_dump_json()
        with pytest.raises(DataError, match="a rule forbids them: Not available"):
            plan.add("a", "m", by="x")


def test_only_who_was_on_a_shortlist_is_assigned() -> None:
    lists = {"a": ("n",), "b": ("n", "m"), "c": ("o",)}
    plan = assign(standing(), rankings=[said("b", "m", "n")], shortlists=lists)
    assert dict(plan.pairs) == {"a": "n", "b": "m", "c": "o"}
    alone = assign(standing(), shortlists={"a": ("n",)})
    assert alone.pairs == (("a", "n"),)


def test_a_plan_in_which_people_had_a_say_changes_only_with_what_they_said() -> None:
    wanted = [said("a", "n", "m"), said("b", "m", "n", vetoed=("o",)), said("m", "b"), said("n", "a")]
    base = standing()
    plan = assign(base, rankings=wanted)
    bare = open_plan(base, plan.to_json())
    for change in (bare.resolve, lambda: bare.lock("a", "n", by="x")):
        with pytest.raises(DataError, match="open it with their rankings"):
            change()
    again = open_plan(base, plan.to_json(), rankings=wanted).leave_out("m", by="x").resolve()
    assert ("b", "o") not in again.pairs


def test_every_problem_of_rankings_is_told_at_once() -> None:
    wrong = [said("a", "zz"), said("a", "m"), said("yy", "m")]
    with pytest.raises(DataError) as caught:
        assign(standing(), rankings=wrong)
    assert len(caught.value.problems) == 3
    assert "a ranked zz" in str(caught.value)
    with pytest.raises(DataError, match="a ranked n, but they were on no shortlist together"):
        assign(standing(), rankings=[said("a", "n")], shortlists={"a": ("m",)})


@pytest.mark.parametrize("more", [{"ranked": ("m", "m")}, {"ranked": ("m",), "vetoed": ("m",)}, {"ranked": ("a",)}])
def test_a_ranking_names_each_once_and_never_oneself(more: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValidationError):
        Ranking(person_id="a", **more)


def test_one_whom_nobody_ranks_first_still_gets_a_place() -> None:
    """H12 (i): `c` is last on every list and gets the place that is left."""
    lists = [said("a", "m", "n", "o"), said("b", "n", "m", "o"), said("c", "m", "n", "o")]
    theirs = [said(mentor, "a", "b", "c") for mentor in "mno"]
    plan = assign(standing(), rankings=[*lists, *theirs])
    assert dict(plan.pairs)["c"] == "o"
    assert plan.document.summary.matched == 3


def test_a_shortlist_of_strangers_is_refused() -> None:
    with pytest.raises(DataError) as error:
        assign(standing(), shortlists={"a": ["nobody"], "ghost": ["m"]})
    assert "nobody" in str(error.value)
    assert "ghost" in str(error.value)
