"""The embedder without a model."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from matchengine.errors import MissingExtraError, PluginError
from matchengine.plugins.lexical import LexicalEmbedder
from matchengine.registry import Registry


def test_offered_by_name_with_its_settings():
    registry = Registry(["lexical"])
    spec = registry.get("embedder", "lexical")
    made = spec.build(**registry.settings(spec, {"size": 64}).model_dump())
    assert (made.dimension, made.languages) == (64, None)
    with pytest.raises(PluginError, match="size is 3"):
        LexicalEmbedder(size=3)


def test_shared_words_and_parts_of_words_are_near():
    vectors = LexicalEmbedder().encode(["leading a team", "team leadership", "growing tomatoes"]).vectors
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_texts_without_words_have_one_fixed_vector_far_from_others():
    vectors = LexicalEmbedder().encode(["", "  ", "leading a team"]).vectors
    assert vectors[0].tolist() == vectors[1].tolist()
    assert abs(vectors[0] @ vectors[2]) < 0.3


def test_the_fingerprint_follows_every_setting():
    made = [LexicalEmbedder(), LexicalEmbedder(size=256), LexicalEmbedder(letters=0.4)]
    assert len({each.fingerprint for each in made}) == 3
    assert LexicalEmbedder(size=512).fingerprint == made[0].fingerprint


def test_vectors_do_not_depend_on_the_hash_seed_of_the_process():
    code = (
        "from matchengine.plugins.lexical import LexicalEmbedder as E;"
        "import hashlib; print(hashlib.sha256(E().encode(['leading a team']).vectors.tobytes()).hexdigest())"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        env={
            "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1",
            "PYTHONPATH": ":".join(sys.path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    here = LexicalEmbedder().encode(["leading a team"]).vectors
    assert done.stdout.strip() == hashlib.sha256(here.tobytes()).hexdigest()


def test_a_missing_library_is_named_with_the_command_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'matchengine\[lexical\]'"):
        LexicalEmbedder().encode(["a text"])
    assert LexicalEmbedder().fingerprint
    assert LexicalEmbedder().encode([]).vectors.shape == (0, 512)
    assert np.isfinite(LexicalEmbedder().dimension)
