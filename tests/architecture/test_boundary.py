"""A plugin that returns nonsense is stopped at the boundary and named (architecture.md section 4, REL10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.batch import FloatArray
from matchengine.components import Embedded, embedder
from matchengine.errors import PluginError
from tests.properties.populations import Offers, answers
from tests.support import CONFIG, DIMENSION, WordsPlugin, config, engine, mentee, mentor

PEOPLE = [mentee("a"), mentor("m"), mentor("n")]
BAD_SCORES: dict[str, Callable[[int], Any]] = {
    "too short": lambda n: np.full(max(n - 1, 0), 0.5),
    "too long": lambda n: np.full(n + 1, 0.5),
    "two columns": lambda n: np.full((n, 2), 0.5),
    "one number": lambda n: np.float64(0.5),
    "a list": lambda n: [0.5] * n,
    "text": lambda n: np.array(["x"] * n),
    "objects": lambda n: np.array([None] * n, object),
    "whole numbers": lambda n: np.ones(n, np.int64),
    "complex": lambda n: np.full(n, 0.5j),
    "infinite": lambda n: np.full(n, np.inf),
    "minus infinite": lambda n: np.full(n, -np.inf),
    "above one": lambda n: np.full(n, 1.01),
    "below zero": lambda n: np.full(n, -0.01),
    "bad confidence": lambda n: me.Scored(np.full(n, 0.5), np.full(n, 1.5)),
    "short confidence": lambda n: me.Scored(np.full(n, 0.5), np.full(0, 0.5)),
}
BAD_RULES: dict[str, Callable[[int], Any]] = {
    "too short": lambda n: np.ones(max(n - 1, 0), np.bool_),
    "numbers": lambda n: np.ones(n),
    "one answer": lambda n: np.True_,
    "short known": lambda n: me.Ruled(np.ones(n, np.bool_), np.ones(0, np.bool_)),
    "numbers known": lambda n: me.Ruled(np.ones(n, np.bool_), np.ones(n)),
}
UNCAUGHT_RULES: dict[str, Callable[[int], Any]] = {
    "a list": lambda n: [True] * n,
    "nothing": lambda n: None,
    "an error": lambda n: 1 // 0,
}


def with_scorer(answer: Callable[[int], Any], first: bool = False) -> me.Engine:
    """Return an engine with an outside scorer that gives this answer."""

    @me.scorer("outside", block="relate")
    def outside(requester_career_stage: FloatArray) -> Any:
        """Answer."""
        return answer(len(requester_career_stage))

    table = '[match.mentor.scorers.mine]\nuse = "outside"\n'
    text = (
        CONFIG.replace("[match.mentor.scorers.goals]", table + "[match.mentor.scorers.goals]")
        if first
        else CONFIG + table
    )
    return engine(text=text, plugins=[Offers(outside)])


def with_rule(answer: Callable[[int], Any]) -> me.Engine:
    """Return an engine with an outside constraint that gives this answer."""

    @me.constraint("outside", reason="never")
    def outside(requester_career_stage: FloatArray) -> Any:
        """Answer."""
        return answer(len(requester_career_stage))

    text = CONFIG.replace('use = ["existing_match", "line', 'use = ["outside", "existing_match", "line')
    return engine(text=text, plugins=[Offers(outside)])


@pytest.mark.parametrize("bad", BAD_SCORES)
def test_a_scorer_that_returns_nonsense_is_stopped_and_named(bad: str) -> None:
    made = with_scorer(BAD_SCORES[bad])
    with pytest.raises(PluginError, match="'mine'"):
        made.load(PEOPLE)


@pytest.mark.parametrize("bad", BAD_RULES)
def test_a_constraint_that_returns_nonsense_is_stopped_and_named(bad: str) -> None:
    made = with_rule(BAD_RULES[bad])
    with pytest.raises(PluginError, match="'outside'"):
        made.load(PEOPLE)


@pytest.mark.parametrize("bad", UNCAUGHT_RULES)
def test_a_constraint_that_fails_is_stopped_and_named(bad: str) -> None:
    made = with_rule(UNCAUGHT_RULES[bad])
    with pytest.raises(PluginError, match="'outside'"):
        made.load(PEOPLE)


def test_a_scorer_that_only_abstains_is_welcome_and_changes_no_other_value() -> None:
    plain, made = engine(), with_scorer(lambda n: np.full(n, np.nan))
    plain.load(PEOPLE)
    made.load(PEOPLE)
    told = [{r.scorer: r.text for r in e.suggest("a", "mentor")[0].reasons} for e in (plain, made)]
    assert told[0] == told[1]


def test_a_scorer_that_returns_nothing_is_stopped_and_named() -> None:
    made = with_scorer(lambda n: None)
    with pytest.raises(PluginError, match="'mine'"):
        made.load(PEOPLE)


def test_a_load_that_fails_while_scoring_leaves_what_was_loaded_before() -> None:
    made = with_scorer(lambda n: np.full(n, 0.5 if n < 3 else 2.0))
    made.load(PEOPLE)
    before = answers(made, ["a"])
    with pytest.raises(PluginError, match="'mine'"):
        made.load([mentee("a"), *(mentor(f"x{n}") for n in range(9))])
    assert answers(made, ["a"]) == before


@pytest.mark.parametrize("evidence", [np.zeros(0), np.array(["x", "y"])], ids=["too short", "text for a number"])
def test_evidence_that_cannot_be_told_is_stopped_and_named(evidence: Any) -> None:
    @me.scorer("outside", block="relate", says="about {years:.0f} years")
    def outside(requester_career_stage: FloatArray) -> me.Scored:
        """Answer with useless evidence."""
        return me.Scored(np.full(len(requester_career_stage), 0.5), years=evidence)

    made = engine('[match.mentor.scorers.mine]\nuse = "outside"\n', [Offers(outside)])
    with pytest.raises(PluginError, match=r"mine|outside"):
        made.load([mentee("a"), mentor("m"), mentor("n")])


@pytest.mark.parametrize("name", ["requester_values", "candidate_style", "pair_common_minutes", "candidate_languages"])
def test_a_scorer_cannot_write_into_a_column(name: str) -> None:
    scope: dict[str, Any] = {"me": me, "np": np}
    code = f"def outside({name}):\n    {name}[...] = 1\n    return np.full(len({name}), 0.5)"
    exec(code, scope)  # noqa: S102
    spec = me.scorer("outside", block="relate")(scope["outside"])
    made = engine('[match.mentor.scorers.mine]\nuse = "outside"\n', [Offers(spec)])
    with pytest.raises(PluginError, match=r"'mine'.*ValueError"):
        made.load(PEOPLE)


@pytest.mark.parametrize("array", ["similarity", "phi", "lexical"])
def test_a_scorer_cannot_write_into_item_pairs(array: str) -> None:
    @me.scorer("outside", block="relate")
    def outside(items_needs_offers: me.ItemPairs) -> FloatArray:
        """Make everything alike."""
        getattr(items_needs_offers, array)[:] = 1
        return np.full(items_needs_offers.pairs, 0.5)

    made = engine('[match.mentor.scorers.mine]\nuse = "outside"\n', [Offers(outside)])
    with pytest.raises(PluginError, match="'mine'"):
        made.load(PEOPLE)


def bad_embedder(answer: Callable[[int], Any]) -> object:
    """Return an embedder that gives this answer."""

    @embedder("outside")
    class Outside:
        """Answers."""

        dimension = DIMENSION
        fingerprint = "outside"
        languages = None

        def encode(self, texts: list[str]) -> Any:
            """Answer."""
            return answer(len(texts))

    return Outside


UNIT = np.eye(1, DIMENSION, dtype=np.float32)
BAD_VECTORS: dict[str, Callable[[int], Any]] = {
    "too few": lambda n: Embedded(np.repeat(UNIT, n - 1, 0), np.zeros(n - 1, np.bool_)),
    "too wide": lambda n: Embedded(np.ones((n, DIMENSION + 1), np.float32), np.zeros(n, np.bool_)),
    "not a number": lambda n: Embedded(np.full((n, DIMENSION), np.nan, np.float32), np.zeros(n, np.bool_)),
    "infinite": lambda n: Embedded(np.full((n, DIMENSION), np.inf, np.float32), np.zeros(n, np.bool_)),
    "not unit": lambda n: Embedded(np.repeat(UNIT * 2, n, 0), np.zeros(n, np.bool_)),
    "double": lambda n: Embedded(np.repeat(UNIT, n, 0).astype(np.float64), np.zeros(n, np.bool_)),
    "flags missing": lambda n: Embedded(np.repeat(UNIT, n, 0), np.zeros(0, np.bool_)),
}


@pytest.mark.parametrize("bad", BAD_VECTORS)
def test_an_embedder_that_returns_nonsense_is_stopped_and_named(bad: str) -> None:
    text = CONFIG.replace('use = "words"', 'use = "outside"')
    made = me.Engine(config(text=text), plugins=[WordsPlugin(), Offers(bad_embedder(BAD_VECTORS[bad]))])
    with pytest.raises(PluginError, match=r"[Oo]utside"):
        made.load(PEOPLE)
    with pytest.raises(me.MatchEngineError):
        made.suggest("a", "mentor")  # nothing was loaded by halves


def test_an_embedder_that_is_right_passes_the_same_boundary() -> None:
    right = bad_embedder(lambda n: Embedded(np.repeat(UNIT, n, 0), np.zeros(n, np.bool_)))
    made = me.Engine(config(text=CONFIG.replace('use = "words"', 'use = "outside"')), plugins=[Offers(right)])
    made.load(PEOPLE)
    assert made.suggest("a", "mentor")
