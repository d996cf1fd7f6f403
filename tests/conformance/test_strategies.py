"""Every strategy of this package passes the public checks, and the checks catch strategies wrong on purpose."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison_components import StrategySpec, strategy
from matchengine.components import specs_in
from matchengine.errors import PluginError
from matchengine.evaluation.strategies import baselines
from matchengine.plugins.lexical import LexicalEmbedder
from matchengine.testing.strategies import STRATEGY_CHECKS, check_strategy, question, relisted

MODULES = [importlib.import_module(f"{baselines.__name__}.{m.name}") for m in pkgutil.iter_modules(baselines.__path__)]
SPECS = {spec.name: spec for spec in specs_in(*MODULES) if isinstance(spec, StrategySpec)}
SETTINGS = {"whole_profile": {"encode": LexicalEmbedder(size=64).encode}}
ABSENT = {"mentor_match": "matching.process", "matching_stable": "matching.games"}


def there(name):
    try:
        return name not in ABSENT or importlib.util.find_spec(ABSENT[name]) is not None
    except ModuleNotFoundError:
        return False


def scoring(name):
    return lambda asked: SPECS[name].build(asked, **{**dict(SPECS[name].settings()), **SETTINGS.get(name, {})})


def test_the_named_strategies_are_there():
    assert set(SPECS) == {
        "random", "constant", "first_come", "popularity", "tag_overlap", "tfidf", "whole_profile", "demographic_only",
        "matching_stable", "mentor_match",
    }  # fmt: skip
    assert all(spec.baseline and spec.title and spec.summary for spec in SPECS.values())
    assert [name for name, spec in SPECS.items() if spec.learns] == ["popularity"]
    assert "COMPARISON ONLY" in SPECS["demographic_only"].title


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("check", STRATEGY_CHECKS, ids=lambda check: check.__name__)
def test_check(check, name):
    if not there(name):
        pytest.skip("the package is not installed")
    check(SPECS[name], scoring(name))


def short(asked):
    return np.zeros(max(len(asked) - 1, 0))


def silent(asked):
    return np.full(len(asked), np.nan)


def needs_texts(asked):
    return np.array([float(len(asked.requester_texts[n])) for n in asked.requester.tolist()])


def chance(asked, rng=np.random.default_rng()):  # noqa: B008
    return rng.random(len(asked))


def by_position(asked):
    return asked.candidate / max(asked.candidates, 1)


def by_name(asked):
    return np.array([ord(asked.candidate_ids[n][-1]) / 200 for n in asked.candidate.tolist()])


def writes(asked):
    asked.seats[:] = 0
    return np.zeros(len(asked))


def learns_secretly(asked):
    return np.bincount(asked.known.candidate, asked.known.gain, asked.candidates)[asked.candidate]


def reads_attributes(asked):
    return np.array([float(asked.audit["gender"][n] == "a") if asked.audit else 0 for n in asked.requester.tolist()])


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (short, "check_one_score_a_pair"),
        (silent, "check_somebody_is_suggested"),
        (needs_texts, "check_nothing_known"),
        (chance, "check_repeated"),
        (by_position, "check_order_of_people"),
        (by_name, "check_names"),
        (writes, "check_inputs_are_left_alone"),
        (learns_secretly, "check_reads_what_it_declares"),
        (reads_attributes, "check_reads_what_it_declares"),
    ],
)
def test_a_wrong_strategy_is_caught(wrong, caught_by):
    def plain(asked):
        return wrong(asked)

    (spec,) = specs_in(strategy("wrong")(plain))
    with pytest.raises(PluginError, match="checks") as caught:
        check_strategy(spec)
    assert any(problem.startswith(caught_by) for problem in caught.value.problems)


def test_every_check_catches_something():
    (mark,) = test_a_wrong_strategy_is_caught.pytestmark
    assert {caught_by for _, caught_by in mark.args[1]} == {check.__name__ for check in STRATEGY_CHECKS}


def test_infinite_scores_are_caught():
    (spec,) = specs_in(strategy("endless")(lambda asked: np.full(len(asked), np.inf)))
    with pytest.raises(PluginError, match="infinite"):
        check_strategy(spec)


def test_relisting_keeps_the_people():
    asked = question(3)
    rng = np.random.default_rng(1)
    moved, old = relisted(asked, rng.permutation(asked.requesters), rng.permutation(asked.candidates))
    pairs = [
        {(a.requester_ids[i], a.candidate_ids[j]) for i, j in zip(a.requester, a.candidate, strict=True)}
        for a in (asked, moved)
    ]
    assert pairs[0] == pairs[1]
    first = moved.requester[0], moved.candidate[0]
    then = asked.requester[old[0]], asked.candidate[old[0]]
    assert moved.requester_ids[first[0]] == asked.requester_ids[then[0]]
    assert moved.requester_texts[first[0]] == asked.requester_texts[then[0]]
    assert moved.candidate_tags[first[1]] == asked.candidate_tags[then[1]]
    assert moved.audit["candidate:gender"][first[1]] == asked.audit["candidate:gender"][then[1]]
    both = [a.seats[c] for a, c in ((moved, first[1]), (asked, then[1]))]
    assert both[0] == both[1] or np.isnan(both).all()
    assert sorted(moved.known.gain) == sorted(asked.known.gain)


def test_an_honest_learner_passes():
    def learner(asked):
        gains = np.bincount(asked.known.candidate, asked.known.gain, asked.candidates)
        return gains[asked.candidate].astype(float)

    (spec,) = specs_in(strategy("learner", learns=True)(learner))
    check_strategy(spec)
    with pytest.raises(PluginError, match="learns=True"):
        check_strategy(replace(spec, learns=False))
