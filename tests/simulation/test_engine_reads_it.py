"""The records load into the real engine with the shipped configurations, and matching by them beats chance."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from matchengine.config import parse_config
from matchengine.engine import Engine
from matchengine.simulation import WORLDS, Knobs, populate, run_pairs, to_records, true_group_utility, true_utility
from tests.support import WordsPlugin

CONFIGS = Path(__file__).parents[2] / "configs"


def made(name: str) -> Engine:
    """Return the engine of a shipped configuration, with the small embedder of the tests instead of the model."""
    text = (CONFIGS / f"{name}.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[plugins\].*?(?=\[programme\])", "", text, flags=re.S)
    head = '[plugins]\nenable = ["builtin"]\n[embedder]\nuse = "words"\ncache = false\n'
    named, rest = text.split("\n[programme]", 1)
    return Engine(parse_config(f"{named}\n{head}[programme]{rest}"), plugins=[WordsPlugin()])


@pytest.mark.parametrize(
    ("name", "kind", "world"), [("mentoring", "mentor", "W2"), ("community_groups", "group", "W4")]
)
def test_records_load_and_suggestions_beat_chance(name: str, kind: str, world: str) -> None:
    w = WORLDS[world]
    population = populate(w.knobs(Knobs(mentees=90, groups=24)), 3)
    engine = made(name)
    engine.load(**population.records())
    ids = population.mentees.ids
    got = engine.suggest_many(ids, kind, 3)
    assert np.mean([len(found) == 3 for found in got.values()]) > 0.6
    utility = true_utility(population, w) if kind == "mentor" else true_group_utility(population, w)
    column = {x: n for n, x in enumerate(population.mentors.ids if kind == "mentor" else population.groups.ids)}
    top = [utility[n, column[got[x][0].candidate_id]] for n, x in enumerate(ids) if got[x]]
    assert utility.mean() + 0.02 < np.mean(top) < utility.max(axis=1).mean()


def test_a_round_loads_too() -> None:
    w = WORLDS["W1"]
    population = populate(w.knobs(Knobs(mentees=40, groups=4)), 3)
    outcome = run_pairs(population, w, np.arange(16), np.arange(16), 1)
    written = to_records(population, outcome, started=date(2026, 1, 5))
    told = population.records()
    engine = made("mentoring")
    ties = [*told["relationships"], *written.relationships]
    engine.load(
        told["people"], told["groups"], relationships=ties, consents=told["consents"], feedback=written.feedback
    )
    assert engine.suggest_many(population.mentees.ids, "mentor", 1)
