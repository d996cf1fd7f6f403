"""S1: what a person wants to reach decides what counts."""

from __future__ import annotations

import pytest

from matchengine.errors import ConfigError
from tests.support import CONFIG, engine, mentee, mentor

PROFILES = """
[match.mentor.goal_blocks]
confidence = { need = 0.05, relate = 0.9 }
skill = { need = 0.9, relate = 0.05 }
"""
KINDS = ("skill", "confidence", "community")


def goals(kind: str) -> list[dict[str, object]]:
    return [{"text": "learn sql for data work", "kind": kind, "priority": 3}]


def people() -> list[dict[str, object]]:
    """Three people who differ in the kind of their goal alone, an expert, and somebody who is like them."""
    looking = [mentee(kind, goals=goals(kind)) for kind in KINDS]
    expert = mentor("expert", interests=[{"text": "opera"}], values=["security", "tradition"], style=None)
    kindred = mentor("kindred", offers=[{"text": "sql work", "level": 1}])
    return [*looking, expert, kindred]


def test_s1_15_the_kind_of_goal_chooses_the_weights() -> None:
    """S1-15: another kind of goal gives another weight profile and another explanation; one without keeps the usual."""
    made, plain = engine(PROFILES), engine()
    made.load(people())
    plain.load(people())
    assert made.suggest("skill", "mentor")[0].candidate_id == "expert"
    assert made.suggest("confidence", "mentor")[0].candidate_id == "kindred"
    told = {kind: made.explain(kind, "expert", "mentor", "coordinator") for kind in KINDS}
    parts = {kind: {reason.scorer: reason.contribution for reason in told[kind].reasons} for kind in KINDS}
    assert parts["skill"]["goals"] != parts["confidence"]["goals"] != parts["community"]["goals"]
    assert told["skill"].plain_text != told["confidence"].plain_text
    usual = {kind: plain.explain(kind, "expert", "mentor", "coordinator") for kind in KINDS}
    assert usual["skill"].score == usual["confidence"].score == usual["community"].score
    assert told["skill"].score != usual["skill"].score


def test_scores_and_reasons_still_add_up_under_a_profile() -> None:
    made = engine(PROFILES)
    made.load(people())
    for kind in KINDS:
        for draft in made.suggest(kind, "mentor"):
            parts = sum(reason.contribution or 0 for reason in draft.reasons)
            assert draft.neutral + parts == pytest.approx(draft.score, abs=0.05)


def test_a_profile_of_a_block_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError) as told:
        engine("[match.mentor.goal_blocks]\nskill = { nead = 1.0 }\n", text=CONFIG)
    assert "goal_blocks.skill: no block 'nead'; did you mean 'need'" in told.value.problems[0]
