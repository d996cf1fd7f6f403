"""Rows of care that need the whole engine: flags suspend groups, and who knows whom is not placed together (C10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from matchengine.journey.placement import place
from matchengine.records import Feedback
from tests.properties.populations import dumped
from tests.support import WordsPlugin, engine, group, mentee


def flag(person: str | None, day: int, kind: str = "felt_unsafe", about: str = "g") -> dict[str, Any]:
    who: dict[str, Any] = {"anonymous": True} if person is None else {"person_id": person}
    when = {"given_at": f"2026-01-{day:02d}T10:00:00"}
    return {"about_id": about, "wave": "30_days", "perspective": "requester", "items": {kind: True}} | who | when


def suggested(made: me.Engine, who: str = "a") -> set[str]:
    return {s.candidate_id for s in made.suggest(who, "group", 9)}


@pytest.mark.parametrize("kind", ["felt_unsafe", "felt_competitive"])
def test_s4_13_two_independent_flags_suspend_a_group_from_the_suggestions(kind: str, tmp_path: Path) -> None:
    """S4-13: one flag changes nothing, the second one of somebody else takes the group out, and that is saved."""
    made = engine()
    made.load([mentee("a")], groups=[group("g"), group("h")], feedback=[flag("x", 1, kind), flag("x", 2, kind)])
    assert suggested(made) == {"g", "h"}
    made.upsert(Feedback.model_validate(flag("y", 30, kind)))
    assert suggested(made) == {"h"}
    assert made.excluded("a", "group") == {"group_safety": 1}
    made.save(tmp_path / "saved")
    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert suggested(again) == {"h"}


def test_s4_13_flags_loaded_with_everything_else_act_at_once_and_tell_nobody_who_gave_them() -> None:
    """S4-13: flags in the load suspend; nothing that a reader sees holds the id of whoever flagged."""
    made = engine()
    feedback = [flag("canary1", 1), flag(None, 9)]
    made.load([mentee("a")], groups=[group("g"), group("h")], feedback=feedback)
    assert suggested(made) == {"h"}
    told = dumped(made.suggest("a", "group", 9)) + made.explain("a", "g", "group", "coordinator").model_dump_json()
    assert "canary" not in told


@pytest.mark.parametrize("kind", ["must_not", "household", "line_management"])
def test_s4_08_nobody_is_placed_in_a_support_group_with_whom_they_should_not_meet_there(kind: str) -> None:
    """S4-08: the support group disappears without a word that could tell who is in it; other groups stay."""
    ties = [
        {"person_id": "canary", "other_id": "support", "kind": "membership"},
        {"person_id": "canary", "other_id": "walk", "kind": "membership"},
        {"person_id": "a", "other_id": "canary", "kind": kind},
    ]
    made = engine()
    made.load(
        [mentee("a"), mentee("b"), mentee("canary")],
        groups=[group("support", kind="support"), group("walk")],
        relationships=ties,
    )
    assert suggested(made) == {"walk"}
    assert suggested(made, "b") == {"support", "walk"}
    assert made.excluded("a", "group") == {"not_available": 1}
    for viewer in ("requester", "candidate", "coordinator"):
        told = made.explain("a", "support", "group", viewer).model_dump_json()
        assert "canary" not in told
        assert "household" not in told
        assert "manager" not in told
    with pytest.raises(me.MatchEngineError, match="a personal boundary"):
        place(made._scene("group"), "a", "support", "coordinator-1")
