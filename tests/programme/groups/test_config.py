"""Kinds of groups as a programme writes them: what contradicts itself is told; shipped ones form groups; a manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

import matchengine as me
from matchengine.errors import ConfigError
from matchengine.records import Fingerprint
from tests.programme.groups.circles import CIRCLE, PEER, engine, formed, member
from tests.programme.groups.test_form import LED, leader
from tests.support import CONFIG, config

CIRCLES = Path(__file__).parents[3] / "configs" / "circles.toml"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("target = 9", "smallest 3, target 9, largest 5"),
        ('lead_match = "peer"', "lead_match needs leaders"),
        ("covered = 0.5", "covered needs lead_match"),
        ('topic_risk = "B"', "topic_risk B needs leaders"),
        ('modes = ["letters"]', "modes"),
        ("modes = []", "modes"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_line(line: str, told: str) -> None:
    text = CIRCLE.replace("target = 4\n", "") if line.startswith("target") else CIRCLE
    with pytest.raises(ConfigError, match=told):
        config(PEER + text + line + "\n", CONFIG)


def test_the_shipped_kinds_of_groups_are_complete() -> None:
    chosen = me.load_config(CIRCLES)
    assert list(chosen.groups) == ["circle", "mentoring_group", "support"]
    assert (chosen.groups["support"].smallest, chosen.groups["support"].largest) == (5, 9)
    assert chosen.groups["support"].alpha == 0.8
    assert chosen.groups["circle"].alpha == 0.6


def test_a_topic_of_risk_b_is_led_and_says_that_a_person_decides() -> None:
    made = engine([*(member(n, ("TU",)) for n in range(4)), leader("f")], LED + 'topic_risk = "B"\n')
    plan = formed(made)
    assert [group.leader_id for group in plan.groups] == ["f"]
    assert any("risk B: a person decides" in note for note in plan.notes)


def test_with_a_fingerprint_a_draft_carries_what_it_was_made_from() -> None:
    made = engine([member(n, ("TU",)) for n in range(6)])
    given: Fingerprint = made.fingerprint()
    plain, told = formed(made), formed(made, fingerprint=given)
    assert plain.manifest is None
    assert told.manifest is not None
    assert told.fingerprint == given
    assert told.manifest.solver.value == pytest.approx(told.objective, abs=1e-4)
    assert told.model_copy(update={"manifest": None, "fingerprint": None}) == plain
    wished = formed(made, fingerprint=given, together=[("p00", "p01")])
    assert wished.manifest is not None
    assert wished.manifest.asked.keys() - told.manifest.asked.keys() == {"together"}
    assert formed(made, fingerprint=given).model_dump_json() == told.model_dump_json()
