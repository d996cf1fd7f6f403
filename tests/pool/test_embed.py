"""Embedding every distinct text once, the cache of vectors, and the calibration of similarity."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import stat
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.components import Embedded
from matchengine.errors import DataError, PluginError
from matchengine.pool import embed, vector_cache
from matchengine.pool.embed import Calibration, calibrate, embed_distinct
from matchengine.pool.vector_cache import EmbeddingCache, default_cache_folder


class Model:
    """Vectors from the characters of a text; remembers what it was asked."""

    def __init__(self, fingerprint="model-a", languages=None, dimension=8, salt=0):
        self.fingerprint, self.dimension, self.salt = fingerprint, dimension, salt
        self.languages = None if languages is None else frozenset(languages)
        self.asked = []

    def encode(self, texts):
        self.asked.append(list(texts))
        seeds = [[self.salt, *text.encode()] for text in texts]
        vectors = np.array([np.random.default_rng(s).normal(size=self.dimension) for s in seeds])
        vectors = vectors.reshape(-1, self.dimension)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return Embedded(vectors.astype(np.float32), np.array([len(t) > 20 for t in texts], np.bool_))


def embedded(texts, model=None, cache=None, languages=None):
    model = model or Model()
    return embed_distinct(texts, languages or [None] * len(texts), model, cache), model


def test_every_distinct_text_is_encoded_once_and_longest_first():
    texts = ["chess", "a long goal about leading a team", "chess", "law", "chess"]
    result, model = embedded(texts)
    assert model.asked == [["a long goal about leading a team", "chess", "law"]]
    assert (result.encoded, result.from_cache, result.truncated) == (3, 0, 1)
    assert result.vectors.dtype == np.float32
    assert result.vectors[0].tolist() == result.vectors[2].tolist() == result.vectors[4].tolist()
    np.testing.assert_array_equal(result.vectors, Model().encode(texts).vectors)


def test_texts_in_other_languages_are_never_sent_and_have_zero_vectors():
    texts = ["hello", "hallo", "salut", "Hello!", "tennis", "tennis"]
    tags = ["en", "de-AT", "fr", "EN-GB", "de", None]
    result, model = embedded(texts, Model(languages={"en"}), languages=tags)
    assert result.known.tolist() == [True, False, False, True, False, True]
    assert sorted(model.asked[0]) == ["Hello!", "hello", "tennis"]
    assert not result.vectors[~result.known].any()
    assert result.vectors[5].any()
    everything, _ = embedded(texts, Model(languages=None), languages=tags)
    assert everything.known.all()
    nothing, model = embedded(texts[1:3], Model(languages={"en"}), languages=tags[1:3])
    assert (nothing.vectors.shape, model.asked) == ((2, 8), [])


def test_no_texts_and_unequal_numbers():
    result, model = embedded([])
    assert (result.vectors.shape, result.known.shape, model.asked) == ((0, 8), (0,), [])
    with pytest.raises(DataError, match="one tag per text"):
        embed_distinct(["a"], [], Model())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda v: v[:-1],
        lambda v: v.astype(np.float64),
        lambda v: v * np.float32(2),
        lambda v: v * np.float32(np.nan),
        lambda v: np.zeros_like(v),
    ],
)
def test_what_an_embedder_returns_is_checked(wrong, tmp_path):
    class Wrong(Model):
        def encode(self, texts):
            return Embedded(wrong(super().encode(texts).vectors), np.zeros(len(texts), np.bool_))

    cache = EmbeddingCache(tmp_path)
    with pytest.raises(PluginError, match="embedder Wrong returned") as raised:
        embed_distinct(["a secret text", "b"], [None, None], Wrong(), cache)
    assert "secret" not in str(raised.value)
    assert not list(tmp_path.glob("*/*.npy"))


def test_the_cache_answers_in_another_process_and_keeps_the_flags(tmp_path):
    texts = [f"goal {i}" for i in range(50)] + ["a very long text that the model cuts"]
    first, _ = embedded(texts, cache=EmbeddingCache(tmp_path))
    second, model = embedded([*texts[::-1], "new"], cache=EmbeddingCache(tmp_path))
    assert model.asked == [["new"]]
    assert (second.encoded, second.from_cache, second.truncated) == (1, 51, 1)
    np.testing.assert_array_equal(first.vectors, second.vectors[-2::-1])


def test_a_changed_model_never_meets_an_old_vector(tmp_path):
    cache = EmbeddingCache(tmp_path)
    old, _ = embedded(["chess"], cache=cache)
    new, model = embedded(["chess"], Model("model-b", salt=1), cache)
    assert model.asked == [["chess"]]
    assert not np.allclose(old.vectors, new.vectors)
    folders = sorted(path.parent for path in tmp_path.glob("*/*.npy"))
    moved = next(folders[0].glob("*.npy"))
    moved.rename(folders[1] / moved.name)
    of_each = {folders[0]: (Model(), old), folders[1]: (Model("model-b", salt=1), new)}
    if hashlib.sha256(b"model-a").hexdigest()[:32] != folders[0].name:
        of_each = dict(zip(folders, list(of_each.values())[::-1], strict=True))
    model, expected = of_each[folders[1]]
    with pytest.warns(UserWarning, match="damaged cache file"):
        again, _ = embedded(["chess"], model, EmbeddingCache(tmp_path))
    np.testing.assert_array_equal(again.vectors, expected.vectors)


@pytest.mark.parametrize("damage", ["bit", "cut", "empty", "pickle", "other"])
def test_a_damaged_file_is_reported_dropped_and_computed_again(tmp_path, damage):
    texts = [f"secret goal {i}" for i in range(20)]
    whole, _ = embedded(texts, cache=EmbeddingCache(tmp_path))
    path = next(tmp_path.glob("*/*.npy"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    changed = {"bit": bytes(data), "cut": bytes(data[:300]), "empty": b"", "other": b"\x93NUMPY"}
    path.write_bytes(changed.get(damage) or pickle.dumps(["x"]) * (damage == "pickle"))
    with pytest.warns(UserWarning, match="damaged cache file") as reported:
        again, model = embedded(texts, cache=EmbeddingCache(tmp_path))
    assert "secret" not in str(reported[0].message)
    assert len(model.asked[0]) == 20
    np.testing.assert_array_equal(whole.vectors, again.vectors)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert embedded(texts, cache=EmbeddingCache(tmp_path))[0].from_cache == 20


def test_a_file_of_objects_under_its_right_name_is_never_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    embedded(["chess"], cache=EmbeddingCache(tmp_path))
    path = next(tmp_path.glob("*/*.npy"))
    np.save(tmp_path / "trap.npy", np.array([Trap()], dtype=object), allow_pickle=True)
    data = (tmp_path / "trap.npy").read_bytes()
    path.write_bytes(data)
    path.rename(path.with_name(vector_cache._name("model-a", data)))
    with pytest.warns(UserWarning, match="damaged"):
        embedded(["chess"], cache=EmbeddingCache(tmp_path))
    assert EmbeddingCache(tmp_path).forget(["other"]) == 0
    assert not (tmp_path / "sprung").exists()


def test_the_folder_is_private_and_no_temporary_file_stays(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o755)
    embedded(["chess"], cache=EmbeddingCache(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
        assert not path.name.startswith(".new")


def test_a_cache_that_cannot_be_written_is_reported_and_does_no_harm(tmp_path):
    (tmp_path / "file").write_text("")
    cache = EmbeddingCache(tmp_path / "file" / "cache")
    with pytest.warns(UserWarning, match="could not be kept"):
        result, _ = embedded(["chess"], cache=cache)
    assert result.encoded == 1


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    cache = EmbeddingCache(tmp_path)
    embedded(["chess"], cache=cache)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.warns(UserWarning, match="No space left"):
        embedded(["law"], cache=cache)
    assert sorted(tmp_path.rglob("*")) == before


def test_many_small_files_are_merged_without_losing_a_text(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_cache, "MAX_SEGMENTS", 5)
    cache = EmbeddingCache(tmp_path)
    for i in range(23):
        embedded([f"goal {i}", "goal 0"], cache=cache)
    assert len(list(tmp_path.glob("*/*.npy"))) <= 6
    result, _ = embedded([f"goal {i}" for i in range(23)], cache=EmbeddingCache(tmp_path))
    assert result.from_cache == 23


def test_forgetting_removes_a_text_from_every_model(tmp_path):
    cache = EmbeddingCache(tmp_path)
    for name in ("model-a", "model-b"):
        embedded(["mine", "yours"], Model(name), cache)
    vector = Model().encode(["mine"]).vectors.tobytes()
    assert any(vector in path.read_bytes() for path in tmp_path.glob("*/*.npy"))
    assert cache.forget(["mine", "never seen"]) == 2
    assert not any(vector in path.read_bytes() for path in tmp_path.glob("*/*.npy"))
    left_by_a_killed_process = next(tmp_path.glob("*/*.npy")).with_name(".new-killed")
    left_by_a_killed_process.write_bytes(vector)
    os.utime(left_by_a_killed_process, (0, 0))
    cache.forget([])
    assert not left_by_a_killed_process.exists()
    again, _ = embedded(["mine", "yours"], cache=cache)
    assert (again.encoded, again.from_cache) == (1, 1)


def write_many(folder, start):
    for i in range(start, start + 12):
        embed_distinct([f"goal {i}", f"goal {i + 1}"], [None, None], Model(), EmbeddingCache(folder))


def test_two_processes_may_write_at_once(tmp_path, monkeypatch):
    # the children inherit it, so they merge while the other writes
    monkeypatch.setattr(vector_cache, "MAX_SEGMENTS", 4)
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    writers = [context.Process(target=write_many, args=(tmp_path, start)) for start in (0, 6)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for writer in writers:
            writer.start()
    for writer in writers:
        writer.join(30)
        assert writer.exitcode == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        texts = [f"goal {i}" for i in range(19)]
        result, _ = embedded(texts, cache=EmbeddingCache(tmp_path))
    np.testing.assert_array_equal(result.vectors, Model().encode(texts).vectors)


def test_the_cache_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("MATCHENGINE_CACHE", str(tmp_path / "here"))
    assert default_cache_folder() == tmp_path / "here"
    assert EmbeddingCache.open(True).folder == tmp_path / "here"
    monkeypatch.delenv("MATCHENGINE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_folder() == tmp_path / "matchengine"
    assert EmbeddingCache.open(str(tmp_path / "other")).folder == tmp_path / "other"
    assert EmbeddingCache.open(False) is None


def test_progress_is_shown_on_stderr_for_long_work_alone(capsys, monkeypatch):
    embed_distinct(["a", "b"], [None, None], Model(), progress=True)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(embed, "LONG_WORK_SECONDS", 0)
    embed_distinct(["a", "b"], [None, None], Model(), progress=True)
    shown = capsys.readouterr()
    assert "embedding texts" in shown.err
    assert shown.out == ""


def unit(count, seed=0, dimension=16, common=1.0):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    vectors[:, 0] += common
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_calibration_finds_chance_and_the_best_partners():
    vectors = unit(600)
    low, high = calibrate(vectors, seed=0)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    assert low == pytest.approx(np.median(cosines[np.triu_indices(600, 1)]), abs=0.01)
    assert high == pytest.approx(np.percentile(cosines.max(axis=1), 95), abs=0.001)


def test_calibration_does_not_depend_on_the_order_in_which_texts_came():
    vectors, shuffle = unit(300), np.random.default_rng(1).permutation(300)
    order = np.random.default_rng(2).permutation(300)
    place = np.argsort(shuffle)
    assert calibrate(vectors, 5, order) == calibrate(vectors[shuffle], 5, place[order])
    assert calibrate(vectors, 5, order) == calibrate(vectors[order], 5)


def test_calibration_of_few_or_alike_texts():
    assert calibrate(unit(199), seed=0) == Calibration.fallback() == (0.20, 0.75)
    for vectors in (np.repeat(unit(1), 300, axis=0), unit(300, common=200.0)):
        low, high = calibrate(vectors, seed=0)
        assert high - low >= 0.15 - 1e-9
        assert low <= 0.85


@given(
    st.floats(-0.9, 0.85),
    st.floats(0.15, 1),
    st.lists(st.floats(-1, 1, width=32) | st.just(float("nan")), max_size=20),
)
@settings(max_examples=50, deadline=None)
def test_phi_is_clipped_rising_and_keeps_nan(low, spread, values):
    cosines = np.sort(np.array(values, np.float32))
    found = Calibration(low, low + spread).phi(cosines)
    assert found.dtype == np.float32
    assert (np.isnan(found) == np.isnan(cosines)).all()
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    assert (np.diff(known) >= 0).all()


def test_phi_of_the_golden_numbers():
    phi = Calibration(0.20, 0.75).phi(np.array([[0.70, 0.30], [0.25, 0.55]]))
    np.testing.assert_allclose(phi, [[0.90909, 0.18182], [0.09091, 0.63636]], atol=1e-4)
