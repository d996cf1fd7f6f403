"""Saved folders: what is in them, who may read them, and of which model their vectors are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support import CONFIG, WordsPlugin, WordVectors, config, engine, mentee, mentor

import matchengine as me
from matchengine.components import Embedded, embedder, specs_in
from matchengine.errors import SnapshotError
from matchengine.store import disk, publish
from matchengine.store.publish import write_snapshot
from matchengine.store.snapshot import read_snapshot
from matchengine.version import __version__


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    made = engine()
    made.load([mentee("a"), *(mentor(f"m{n}") for n in range(4))])
    made.save(tmp_path / "saved")
    return tmp_path / "saved"


def opened(folder: Path, text: str = CONFIG, plugin: object | None = None) -> me.Engine:
    return me.Engine.open(folder, config(text=text), plugins=[plugin or WordsPlugin()])


def test_a_manifest_says_what_is_there(saved: Path) -> None:
    told = json.loads((saved / "manifest.json").read_text())
    assert (told["format"], told["package"], told["model"], told["dimension"]) == (6, __version__, "words-a", 64)
    assert (told["normalisation"], told["metric"]) == ("unit length", "inner product")
    assert told["rows"]["people"] == 5
    assert set(told["files"]) == {"arrays.bin", "arrays.json", "document.json", "config.toml"}
    assert all(len(of["sha256"]) == 64 and of["bytes"] == (saved / n).stat().st_size for n, of in told["files"].items())


def test_only_its_owner_may_read_it(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in saved.iterdir()} == {0o600}


def test_what_is_no_saved_engine_is_neither_replaced_nor_read(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"1")
    with pytest.raises(SnapshotError, match="not empty and not a saved engine"):
        engine().save(tmp_path / "photos")
    with pytest.raises(SnapshotError, match="no saved engine here"):
        opened(tmp_path / "photos")
    with pytest.raises(SnapshotError, match="no saved engine here"):
        opened(tmp_path / "nothing")


def test_reading_mapped_gives_the_same_and_never_writes(saved: Path) -> None:
    before = (saved / "arrays.bin").read_bytes()
    plain, mapped = read_snapshot(saved), read_snapshot(saved, mapped=True)
    assert plain.arrays.keys() == mapped.arrays.keys()
    assert all(array.tobytes() == mapped.arrays[name].tobytes() for name, array in plain.arrays.items())
    mapped.arrays["index/people.offers/vectors"][:] = 7
    mapped.arrays.whole["index/people.offers/vectors"][:] = 7
    assert (saved / "arrays.bin").read_bytes() == before
    assert read_snapshot(saved, mapped=True).arrays["index/people.offers/vectors"].max() <= 1


def test_a_folder_that_is_replaced_while_it_is_read_is_read_anew(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, done = disk.open_to_read, []

    def replaced_meanwhile(path: Path) -> int:
        if path.name == "document.json" and not done:
            done.append(True)
            write_snapshot(saved, {"x": np.arange(3)}, {"new": True}, "", {"model": ""})
        return real(path)

    monkeypatch.setattr(disk, "open_to_read", replaced_meanwhile)
    assert read_snapshot(saved).document == {"new": True}


def test_what_a_stopped_machine_left_is_cleared_away(saved: Path, tmp_path: Path, monkeypatch: Any) -> None:
    left = tmp_path / ".saved.new-abc"
    left.mkdir()
    (left / "arrays.bin").write_bytes(b"somebody's data")
    opened(saved).save(saved)
    assert left.exists()  # perhaps another process is still at it
    monkeypatch.setattr(publish, "ABANDONED_SECONDS", -1)
    opened(saved).save(saved)
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_a_state_before_that_alone_is_left_is_read(saved: Path) -> None:
    saved.rename(saved.with_name(".saved.before"))
    made = opened(saved)
    assert len(made.suggest("a", "mentor", 9)) == 4
    made.save(saved)
    assert [path.name for path in saved.parent.iterdir()] == ["saved"]


# ---------------------------------------------------------------------- other models


class Longer:
    """Offers the embedder of the tests, with vectors of another length."""

    __name__ = "longer-plugin"

    def matchengine_components(self) -> list[Any]:
        @embedder("words")
        class LongerVectors(WordVectors):
            dimension = 65

            def encode(self, texts: Any) -> Embedded:
                found = super().encode(texts)
                return Embedded(np.pad(found.vectors, ((0, 0), (0, 1))), found.truncated)

        return list(specs_in(LongerVectors))


def test_vectors_of_another_model_or_length_are_refused_and_both_are_named(saved: Path) -> None:
    """REL6: other weights under the same length, and another length under the same name."""
    with pytest.raises(SnapshotError, match=r"words-a.*words-b.*load the data again"):
        opened(saved, CONFIG.replace("cache = false", 'cache = false\nwith = { salt = "b" }'))
    with pytest.raises(SnapshotError, match=r"words-a.*words-a"):
        opened(saved, plugin=Longer())


TINY = {
    "modules.json": json.dumps([
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]),
    "config.json": json.dumps({"hidden_size": 64}),
    "tokenizer.json": "{}",
    "1_Pooling/config.json": json.dumps({"word_embedding_dimension": 64, "pooling_mode_mean_tokens": True}),
    "model.safetensors": "weights",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("1_Pooling/config.json", "pooling_mode_mean_tokens", "pooling_mode_cls_token"),
        ("model.safetensors", "weights", "weightt"),
        ("tokenizer.json", "{}", "{ }"),
        ("1_Pooling/config.json", "64", "128"),
    ],
)
def test_a_model_whose_files_changed_under_its_name_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str
) -> None:
    """REL6: other pooling, one byte of the weights, another tokenizer, another length; the setting names the folder."""
    pytest.importorskip("sentence_transformers")
    from matchengine.plugins import sentence_transformers as plugin

    for path, text in TINY.items():
        (tmp_path / "model" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "model" / path).write_text(text)
    monkeypatch.setattr(plugin.SentenceTransformerEmbedder, "encode", lambda self, texts: WordVectors().encode(texts))
    setting = f'"sentence-transformers"\nwith = {{ model = "{tmp_path / "model"}", languages = ["en"] }}'
    text = CONFIG.replace('"words"', setting).replace('["builtin"]', '["builtin", "sentence-transformers"]')
    made = me.Engine(config(text=text))
    made.load([mentee("a"), mentor("m")])
    made.save(tmp_path / "saved")
    me.Engine.open(tmp_path / "saved")
    shutil.copytree(tmp_path / "model", tmp_path / "as-it-was")
    changed = tmp_path / "model" / name
    changed.write_text(changed.read_text().replace(old, new, 1))
    with pytest.raises(SnapshotError, match=r"sentence-transformers-\w+.*sentence-transformers-\w+"):
        me.Engine.open(tmp_path / "saved")
