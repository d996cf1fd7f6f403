"""Nodes on disk: atomic, never taken for another, never used when damaged, and why one is done again."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest

from matchengine.evaluation.nodes import NodeStore, Payload, write_atomically

INPUTS = {"data": "abc", "k": [1, 2.5], "none": None}


def stored(folder: Path) -> NodeStore:
    store = NodeStore(folder)
    store.put("one", INPUTS, Payload({"x": np.array([1.0, np.nan])}, {"b": 2, "a": [1]}))
    return store


def test_what_was_put_is_found_and_nothing_else(tmp_path: Path) -> None:
    stored(tmp_path)
    found = NodeStore(tmp_path).get("one", INPUTS)
    assert found is not None
    assert np.array_equal(found.arrays["x"], [1.0, np.nan], equal_nan=True)
    assert found.facts == {"b": 2, "a": [1]}
    assert list(found.facts) == ["b", "a"], "in the order given"
    assert NodeStore(tmp_path).get("one", {**INPUTS, "k": [1, 2.50001]}) is None
    assert NodeStore(tmp_path).get("two", INPUTS) is None
    assert NodeStore(tmp_path, fresh=True).get("one", INPUTS) is None
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_names_that_look_alike_on_disk_are_not_taken_for_each_other(tmp_path: Path) -> None:
    store = NodeStore(tmp_path)
    for name in ("a b", "A_B", "a:b"):
        store.put(name, INPUTS, Payload({}, {"name": name}))
    for name in ("a b", "A_B", "a:b"):
        found = NodeStore(tmp_path).get(name, INPUTS)
        assert found is not None
        assert found.facts == {"name": name}


@pytest.mark.parametrize("ending", ["json", "npz"])
def test_a_damaged_node_counts_as_none(tmp_path: Path, ending: str) -> None:
    stored(tmp_path)
    path = next(tmp_path.glob(f"*.{ending}"))
    whole = path.read_bytes()
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert not NodeStore(tmp_path).has("one", INPUTS)
    path.write_bytes(whole.replace(b'"b": 2', b'"b": 3') if ending == "json" else whole[:-9] + b"123456789")
    assert not NodeStore(tmp_path).has("one", INPUTS)
    path.write_bytes(whole)
    assert NodeStore(tmp_path).has("one", INPUTS)
    path.unlink()
    assert not NodeStore(tmp_path).has("one", INPUTS)


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"before")

    def full(*_given: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"after")
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_why_tells_which_inputs_changed(tmp_path: Path) -> None:
    store = stored(tmp_path)
    assert store.why("one", INPUTS) == []
    assert store.why("one", {**INPUTS, "data": "abd", "more": 1}) == ["data", "more"]
    assert store.why("none", INPUTS) is None
    (tmp_path / "one-broken.json").write_text("[", encoding="utf-8")
    assert store.why("one", INPUTS) == []
    assert json.loads(next(tmp_path.glob("one-*[!n].json")).read_text(encoding="utf-8"))["name"] == "one"
