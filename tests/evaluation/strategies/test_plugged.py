"""A plugin's strategy is called with checked settings, and its answer is not believed."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.comparison_components import strategy
from matchengine.components import specs_in
from matchengine.errors import DataError, PluginError
from matchengine.evaluation.strategies.baselines.whole_profile import whole_profile
from matchengine.evaluation.strategies.plugged import call_strategy, settings_of
from matchengine.registry import Registry
from matchengine.testing.strategies import question


def spec_of(function):
    (spec,) = specs_in(strategy("ours")(function))
    return spec


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        (lambda asked: [0.0] * len(asked), "list"),
        (lambda asked: np.zeros(3), r"\(3,\)"),
        (lambda asked: np.zeros(len(asked), int), "int64"),
        (lambda asked: np.full(len(asked), -np.inf), "infinite"),
        (lambda asked: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_nonsense_is_refused_and_named(answered, told):
    def ours(asked):
        return answered(asked)

    with pytest.raises(PluginError, match=told) as caught:
        call_strategy(spec_of(ours), question(1), {})
    assert "ours" in str(caught.value)


def test_what_a_plugin_raises_never_repeats_a_value():
    def ours(asked):
        raise KeyError(asked.requester_texts[0])

    asked = question(1)
    with pytest.raises(PluginError) as caught:
        call_strategy(spec_of(ours), asked, {})
    assert not any(text in str(caught.value) for own in asked.requester_texts for text in own)


def test_an_error_with_a_sentence_stays_that_error():
    def ours(asked):
        raise DataError("give it tags")

    with pytest.raises(DataError, match="give it tags"):
        call_strategy(spec_of(ours), question(1), {})


def test_single_precision_is_fine():
    def ours(asked):
        return np.full(len(asked), 0.5, np.float32)

    assert call_strategy(spec_of(ours), question(1), {}).dtype == np.float64


def test_settings_are_checked_and_the_encoder_is_handed_in():
    registry = Registry(("builtin", "lexical"))
    (spec,) = specs_in(whole_profile)
    made = settings_of(spec, {"embedder": "lexical", "embedder_with": {"size": 64}}, registry)
    assert made["encode"](["a text"])[0].shape == (1, 64)
    with pytest.raises(PluginError, match="embeder"):
        settings_of(spec, {"embeder": "lexical"}, registry)
    with pytest.raises(PluginError, match="lexical"):
        settings_of(spec, {"embedder": "lexica"}, registry)
    with pytest.raises(PluginError, match="encode"):
        settings_of(spec, {"encode": "x"}, registry)
