"""Bias that is there is found, bias that is not is not; who somebody is counts only where a scorer says so (SEC25)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.cli.plugin_inputs import readers, reading
from matchengine.config import parse_config
from matchengine.inference.subgroups import group_gaps
from matchengine.registry import Registry
from tests.privacy.test_hidden_fields import consents, disclosing
from tests.properties.populations import answers
from tests.support import CONFIG, WordsPlugin, engine

PEOPLE, LEVEL = 240, 0.05


def outcomes(seed: int, bias: float) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each person was matched, in a world in which one group is matched less often by `bias`."""
    rng = np.random.default_rng(seed)
    attributes = np.column_stack([rng.integers(0, 2, PEOPLE), rng.integers(0, 3, PEOPLE)])
    chance = 0.7 - bias * (attributes[:, 0] == 1)
    return (rng.random(PEOPLE) < chance).astype(float), attributes


def flagged(bias: float, programmes: int) -> float:
    """Return the share of programmes in which a gap between groups is reported as more than chance."""
    found = []
    for seed in range(programmes):
        outcome, attributes = outcomes(seed, bias)
        found.append(group_gaps(outcome, attributes, order=2, draws=200, seed=seed).p_value <= LEVEL)
    return float(np.mean(found))


@pytest.mark.parametrize("programmes", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_a_fair_programme_is_flagged_in_at_most_one_of_twenty(programmes: int) -> None:
    margin = 3.1 * (LEVEL * (1 - LEVEL) / programmes) ** 0.5  # one in a thousand by chance
    assert flagged(0.0, programmes) <= LEVEL + margin


@pytest.mark.parametrize("programmes", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_planted_bias_is_flagged_and_the_group_is_named(programmes: int) -> None:
    assert flagged(0.35, programmes) >= 0.95
    outcome, attributes = outcomes(1, 0.35)
    first = group_gaps(outcome, attributes, order=2, draws=200).gaps[0]
    assert (0, 1) in first.group or (0, 0) in first.group


TRAITS = ("attributes", "lived_experience", "age_band", "pronouns", "wishes")


@pytest.mark.parametrize("trait", TRAITS)
def test_a_trait_that_no_scorer_declares_changes_nothing_when_it_goes(trait: str) -> None:
    config = parse_config(CONFIG)
    if trait != "pronouns":  # no column holds them
        assert reading(readers(config, Registry(config.plugins.enable, [WordsPlugin()])), trait) == []
    assert read(disclosing()) == read([without(person, trait) for person in disclosing()])


def without(person: dict[str, Any], trait: str) -> dict[str, Any]:
    """Return a person who did not tell something."""
    return {key: value for key, value in person.items() if key != trait}


def read(people: list[dict[str, Any]]) -> dict[str, str]:
    """Return all that five people read, everybody having consented to everything."""
    made = engine()
    made.load(people, consents=consents(people))
    return answers(made, [f"a{n}" for n in range(5)])


def test_a_trait_that_a_scorer_declares_is_told_by_the_list_of_inputs() -> None:
    config = parse_config(CONFIG + '[match.mentor.scorers.shared]\nuse = "intersectional_fit"\n')
    found = reading(readers(config, Registry(config.plugins.enable, [WordsPlugin()])), "wishes")
    assert [one.name for one in found] == ["shared"]


def test_a_field_that_counts_changes_what_is_read() -> None:
    assert read(disclosing()) != read([without(person, "values") for person in disclosing()])
