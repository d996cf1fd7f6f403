"""Scorers of the role `history`: where they abstain nothing moves, and one without sentences is told to nobody."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.history_support import answers, crowd, feature, members
from tests.support import engine, group, mentee

from matchengine.components import specs_in
from matchengine.engine import Engine
from matchengine.scorers import co_membership, mutual_acceptance

TOWN = crowd("ab", "bc", "cd", each=7) | {"new": "a", "cold": ""}
PLAIN = """
[match.met]
requester = "anyone"
candidate = "anyone"
[match.met.scorers.interests]
use = "interest_affinity"
[match.met.scorers.style]
use = "style_fit"
"""
MET = PLAIN + '[match.met.scorers.history]\nuse = "mutual_acceptance"\n'
GROUP = '[match.group.scorers.history]\nuse = "co_membership"\n'
ALONE = MET.replace('mutual_acceptance"\n', 'mutual_acceptance"\nblock = "need"\n')


def loaded(extra: str) -> Engine:
    made = engine(extra)
    people = [f"p{n:02}" for n in range(20)]
    said = [
        (people[n], people[(n + step) % 20], (n * step) % 3 != 0) for n in range(20) for step in (1, 2, 3, 4, 5, 7, 11)
    ]
    made.load(
        [mentee(who) for who in [*TOWN, *people]],
        groups=[group(g) for g in "abcd"],
        relationships=members(TOWN),
        feedback=answers(said),
    )
    return made


def read(made: Engine, kind: str, who: str, viewer: Any = "requester") -> list[Any]:
    return [json.loads(s.model_dump_json()) for s in made.suggest(who, kind, k=50, viewer=viewer)]


def test_the_scorers_of_history_have_this_role() -> None:
    assert {spec.role for spec in specs_in(co_membership, mutual_acceptance)} == {"history"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("extra", [MET + GROUP, ALONE + GROUP], ids=["in a block with others", "a block of its own"])
def test_without_history_everything_is_as_without_the_scorer(extra: str) -> None:
    """Bit for bit: number, confidence, reasons, limits; although others do have history."""
    without, made = loaded(PLAIN), loaded(extra)
    assert made._neutral == without._neutral
    for kind in ("group", "met"):
        assert read(made, kind, "cold") == read(without, kind, "cold")
    assert read(made, "group", "new") != read(without, "group", "new")
    assert read(made, "met", "p00") != read(without, "met", "p00")
    assert not np.isnan(feature(made, "met", "accepts", "p00", ["p10"])).any()


@pytest.mark.parametrize("viewer", ["requester", "candidate", "coordinator"])
def test_how_others_answered_is_told_to_nobody(viewer: Any) -> None:
    """No reason, no title, no limit; only the number and the order hold it."""
    for who in ("p00", "cold"):
        for told in read(loaded(MET), "met", who, viewer):
            assert "readily" not in json.dumps(told)
            assert {reason["scorer"] for reason in told["reasons"]} <= {"interests", "style"}
