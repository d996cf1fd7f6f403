"""The shipped configuration of events, resources, projects and organisations, run without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

import matchengine as me
from matchengine.config import parse_config
from matchengine.journey.team import team
from tests.journey.gatherings import event, project, resource
from tests.journey.test_referrals import organisation
from tests.support import mentee, mentor

SHIPPED = Path(__file__).parents[2] / "configs" / "events.toml"
MODEL = 'use = "sentence-transformers"\nwith = { model = "all-MiniLM-L6-v2" }'


@pytest.fixture(scope="module")
def made() -> me.Engine:
    text = SHIPPED.read_text(encoding="utf-8")
    assert MODEL in text
    text = text.replace(MODEL, 'use = "lexical"\ncache = false').replace('use = "faiss"', 'use = "numpy"')
    text = text.replace('"sentence-transformers", "faiss"]', '"lexical"]')
    engine = me.Engine(parse_config(text.replace("seed = 7", "seed = 7\ntoday = 2026-03-09")))
    engine.load(
        [mentee("a"), mentor("m")],
        events=[event("sql", topics=["sql and data work"]), event("walk"), event("past", start="2026-01-01T10:00:00")],
        resources=[resource("course"), resource("line", type="helpline")],
        projects=[project()],
        organisations=[organisation("ally")],
    )
    return engine


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("event", {"sql", "walk"}), ("resource", {"course"}), ("project", {"film"}), ("organisation", {"ally"})],
)
def test_every_kind_suggests_with_reasons(made: me.Engine, kind: str, wanted: set[str]) -> None:
    found = made.suggest("a", kind, 9)
    assert {s.candidate_id for s in found} == wanted
    assert any(reason.text for s in found for reason in s.reasons)
    for viewer in ("requester", "candidate", "coordinator"):
        assert made.explain("a", found[0].candidate_id, kind, viewer).plain_text


def test_the_pulses_are_those_that_every_programme_has(made: me.Engine) -> None:
    assert made.config.programme.pulse_days == (30, 90, 180)


def test_a_team_can_be_put_together(made: me.Engine) -> None:
    found = team(made._scene("project"), "film")
    assert set(found.members) == {"a", "m"}
    assert "welding" in found.uncovered
