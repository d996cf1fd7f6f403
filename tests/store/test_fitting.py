"""A folder that verifies and holds something else than this package writes is told as damaged, never as a crash."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support import engine, mentee, mentor

from matchengine.errors import SnapshotError
from matchengine.pool.saved import restore
from matchengine.store.snapshot import fitting, read_snapshot, sealed

SECRET = "xanaduword"


def saved(folder: Path) -> Path:
    made = engine()
    made.load([mentee("a"), mentor("m1"), mentor("m2")])
    made.save(folder)
    return folder


def forge(folder: Path, document: bytes) -> None:
    """Put another document into a saved folder and make its manifest fit."""
    (folder / "document.json").write_bytes(document)
    told = json.loads((folder / "manifest.json").read_text())
    del told["sha256"]
    told["files"]["document.json"] = {"bytes": len(document), "sha256": hashlib.sha256(document).hexdigest()}
    (folder / "manifest.json").write_text(sealed(told))


def taken_over(folder: Path) -> None:
    found = read_snapshot(folder)
    with fitting(folder):
        restore(engine()._pool, found.arrays, found.document, same_embedder=True)


def _without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda told: {key: value for key, value in told.items() if key != name}


FORGED: list[Callable[[dict[str, Any]], Any]] = [
    _without("calendar"),
    _without("recent"),
    lambda told: [],
    lambda told: None,
    lambda told: told | {"places": 7},
    lambda told: told | {"key": SECRET},
    lambda told: told | {"cards": {"groups": [{"id": SECRET}]}},
    lambda told: told | {"ties": SECRET},
    lambda told: told | {"consents": json.dumps([{"person_id": SECRET}])},
    lambda told: told | {"codes": {}},
]


@pytest.mark.parametrize("change", FORGED, ids=range(len(FORGED)))
def test_a_forged_document_whose_manifest_fits_is_told(tmp_path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    folder = saved(tmp_path / "saved")
    taken_over(folder)
    forge(folder, json.dumps(change(json.loads((folder / "document.json").read_text()))).encode())
    with pytest.raises(SnapshotError, match="something else than a saved engine") as caught:
        taken_over(folder)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_document_that_is_nested_without_end_is_told(tmp_path: Path) -> None:
    folder = saved(tmp_path / "saved")
    forge(folder, b"[" * 200_000 + b"]" * 200_000)
    with pytest.raises(SnapshotError, match="damaged"):
        read_snapshot(folder)


def test_what_is_told_already_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="as it is"), fitting(tmp_path):
        raise SnapshotError("as it is")
    with pytest.raises(KeyboardInterrupt), fitting(tmp_path):
        raise KeyboardInterrupt


def test_folders_above_a_saved_one_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    """SEC26: whatever the umask says; a folder that is there stays as it is."""
    (tmp_path / "there").mkdir(mode=0o755)
    mode = (tmp_path / "there").stat().st_mode
    before = os.umask(0)
    try:
        folder = saved(tmp_path / "there" / "made" / "deeper" / "saved")
    finally:
        os.umask(before)
    assert [each.stat().st_mode & 0o777 for each in folder.parents[:2]] == [0o700, 0o700]
    assert (tmp_path / "there").stat().st_mode == mode
