"""Scorers of a kind run over a batch: shares of known inputs, failures by name, quotes of the right people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.properties.populations import Offers
from tests.support import engine, mentee, mentor

import matchengine as me
from matchengine.batch import PairBatch, Quotes, Scored
from matchengine.errors import PluginError
from matchengine.matching.faults import ScorerFailedError, left_out_sentence, without
from matchengine.matching.score import own_quotes, score

TABLE = '[match.mentor.scorers.mine]\nuse = "mine"\n'


def made(function: Callable[..., Any]) -> me.Engine:
    """Return an engine with people and a scorer of its own."""
    found = engine(TABLE, [Offers(me.scorer("mine", block="relate", title="what is mine")(function))])
    found.load(people=[mentee("a"), *(mentor(f"m{n}", cadence=None) for n in range(3)), mentor("n")])
    return found


def scored(found: me.Engine) -> tuple[Any, Any, Any]:
    scene = found._scene("mentor")
    batch = PairBatch.one_to_many(0, np.arange(1, 5, dtype=np.int32))
    inputs = scene.inputs(batch)
    return scene, inputs, score(scene.kind, inputs)


def test_confidence_is_the_share_of_known_inputs() -> None:
    def mine(requester_cadence_minutes: Any, candidate_cadence_minutes: Any) -> Any:
        return np.where(np.isnan(candidate_cadence_minutes), 0.25, 0.5)

    scene, _, raw = scored(made(mine))
    column = [s.name for s in scene.kind.scorers].index("mine")
    assert raw.values[:, column].tolist() == [0.25, 0.25, 0.25, 0.5]
    assert raw.confidences[:, column].tolist() == [0.5, 0.5, 0.5, 1]


def test_an_abstaining_scorer_has_no_confidence_whatever_it_claims() -> None:
    def mine(candidate_cadence_minutes: Any) -> Any:
        value = np.where(np.isnan(candidate_cadence_minutes), np.nan, 0.5)
        return Scored(value, np.ones(len(value)))

    scene, _, raw = scored(made(mine))
    column = [s.name for s in scene.kind.scorers].index("mine")
    assert raw.confidences[:, column].tolist() == [0, 0, 0, 1]


def test_a_failure_names_the_kind_in_which_it_happened() -> None:
    asked = []

    def mine(candidate_cadence_minutes: Any) -> Any:
        asked.append(1)
        return np.full(len(candidate_cadence_minutes), 0.5 if len(asked) < 2 else 2.0)

    found = made(mine)
    with pytest.raises(ScorerFailedError, match=r"scorer 'mine' \(mine\) of plugin 'outside': value leaves") as failed:
        scored(found)
    assert failed.value.kind == "mentor"
    assert failed.value.scorer.name == "mine"


def quoting(shift: int, side: Any = "candidate", field: str = "people.offers") -> Callable[..., Any]:
    def mine(items_needs_offers: me.ItemPairs) -> Any:
        items = items_needs_offers
        told = np.full(items.pairs, -1, np.int32)
        segments = items.right if side == "candidate" else items.left
        told[segments.pair] = segments.text + shift
        return Scored(np.full(items.pairs, 0.5), text=Quotes(side, field, told))

    return mine


@pytest.mark.parametrize(("side", "field"), [("candidate", "people.offers"), ("requester", "people.needs")])
def test_own_texts_may_be_quoted(side: str, field: str) -> None:
    scene, inputs, raw = scored(made(quoting(0, side, field)))
    own_quotes(scene.kind, inputs, raw.scored)


@pytest.mark.parametrize(
    ("side", "field", "shift"),
    [
        ("candidate", "people.offers", 1000),
        ("candidate", "people.needs", 0),
        ("requester", "people.offers", 0),
        ("candidate", "groups.topics", 0),
        ("candidate", "people.secrets", 0),
        ("nobody", "people.offers", 0),
    ],
)
def test_a_quote_of_somebody_else_is_stopped_and_named(side: Any, field: str, shift: int) -> None:
    scene, inputs, raw = scored(made(quoting(shift, side, field)))
    with pytest.raises(PluginError, match=r"'mine'.*evidence 'text' quotes a text of somebody else"):
        own_quotes(scene.kind, inputs, raw.scored)


def test_a_kind_without_a_scorer_names_it_in_words_and_lifts_not_at_all() -> None:
    kind = made(lambda candidate_cadence_minutes: np.full(len(candidate_cadence_minutes), 0.5))._kinds["mentor"]
    assert left_out_sentence(kind) == ""
    mine = next(s for s in kind.scorers if s.name == "mine")
    with pytest.warns(UserWarning, match="'mine'.*left out"):
        less = without(kind, ScorerFailedError(mine, "broken"))
    assert [s.name for s in less.scorers] == [s.name for s in kind.scorers if s is not mine]
    assert "what is mine" in left_out_sentence(less)
    lift = replace(mine, block=None)
    kind = replace(kind, scorers=(*less.scorers, lift))
    with pytest.warns(UserWarning, match="left out"):
        less = without(kind, ScorerFailedError(lift, "broken"))
    assert "what is mine" not in left_out_sentence(less)
    assert "a part that is not shown" in left_out_sentence(less)
