"""A machine that stops while a folder is published, and a disk that fails: the old state or the new, never neither."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.store.crashes import CALLS, after_crashes, lay_out, read_tree, recorded

from matchengine.errors import SnapshotError
from matchengine.store import disk
from matchengine.store import publish as publishing
from matchengine.store.publish import write_snapshot
from matchengine.store.snapshot import read_snapshot


def publish(folder: Path, number: int) -> None:
    """Publish a state that says its number everywhere."""
    rows = np.full((40 + number, 3), number, np.float32)
    arrays = {"a": rows, "b": np.arange(number + 5, dtype=np.int64), "empty": np.zeros(0, np.uint8)}
    write_snapshot(folder, arrays, {"number": number}, f"# {number}\n", {"generation": number})


def read(folder: Path) -> int:
    """Return the number of the state that is there, which is the same everywhere in it."""
    found = read_snapshot(folder)
    numbers = {*found.arrays["a"].ravel().tolist(), found.document["number"], found.facts["generation"]}
    numbers |= {len(found.arrays["b"]) - 5, int(found.config[2:])}
    assert len(numbers) == 1
    return int(numbers.pop())


def states_after_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: list[int], every: int = 1
) -> dict[str, int | None]:
    """Publish states one after the other, and return what is read after every crash while the last one is published."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)  # this disk is played
    world = tmp_path / "world"
    world.mkdir()
    for number in numbers[:-1]:
        publish(world / "saved", number)
    before = tmp_path / "before"
    shutil.copytree(world, before)
    steps = recorded(monkeypatch, lambda: publish(world / "saved", numbers[-1]))
    assert read(world / "saved") == numbers[-1]
    found: dict[str, int | None] = {}
    played = after_crashes(lambda: read_tree(before), steps, world)
    for count, (what, tree) in enumerate(played):
        if count % every:
            continue
        place = tmp_path / "crashed"
        lay_out(tree, place)
        try:
            found[what] = read(place / "saved")
        except SnapshotError as error:
            found[what] = None if "no saved engine here" in str(error) else -1
        publish(place / "saved", 99)  # whoever goes on can
        assert read(place / "saved") == 99
        shutil.rmtree(place)
    return found


def test_a_crash_leaves_the_state_before_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL2, every tenth point."""
    found = states_after_crashes(tmp_path, monkeypatch, [1, 2], every=10)
    assert set(found.values()) == {1, 2}


@pytest.mark.slow
@pytest.mark.parametrize("numbers", [[1, 2], [1, 2, 3], [4, 1]])
def test_every_crash_leaves_the_state_before_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: list[int]
) -> None:
    """REL2, every point."""
    found = states_after_crashes(tmp_path, monkeypatch, numbers)
    assert len(found) > 200
    assert set(found.values()) == set(numbers[-2:])


def test_a_crash_in_the_first_publication_leaves_nothing_or_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = states_after_crashes(tmp_path, monkeypatch, [1], every=3)
    assert set(found.values()) == {None, 1}


def test_without_waiting_for_the_disk_a_crash_leaves_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL22, negative control: publishing that skips fsync of files is caught by the test above."""
    whole = publishing._write
    monkeypatch.setattr(publishing, "_write", lambda *given: unsynced(whole, *given))
    assert -1 in states_after_crashes(tmp_path, monkeypatch, [1, 2]).values()


def unsynced(whole: Any, *given: Any) -> Any:
    wait, disk.sync = disk.sync, lambda _handle: None
    try:
        return whole(*given)
    finally:
        disk.sync = wait


def test_deleting_the_state_before_first_leaves_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL22, negative control: a publication that makes room before it puts the new folder there."""

    def publish_badly(fresh: Path, folder: Path) -> None:
        if folder.exists():
            disk.remove_tree(folder)
        disk.rename(fresh, folder)
        disk.sync_folder(folder.parent)

    monkeypatch.setattr(publishing, "_publish", publish_badly)
    found = states_after_crashes(tmp_path, monkeypatch, [1, 2], every=5)
    assert {None, -1} & set(found.values())


# ---------------------------------------------------------------------- a disk that fails


def failing(monkeypatch: pytest.MonkeyPatch, at: int, code: int) -> list[str]:
    """Let the call with this number, of all that touch the disk, fail; return which ones were made."""
    made: list[str] = []

    def wrap(name: str) -> None:
        real = getattr(disk, name)

        def call(*given: Any) -> Any:
            made.append(name)
            if len(made) == at + 1:
                raise OSError(code, "made to fail")
            return real(*given)

        monkeypatch.setattr(disk, name, call)

    for name in CALLS:
        wrap(name)
    return made


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_fails_is_told_and_the_state_before_still_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """REL3: at each call while a folder is published."""
    publish(tmp_path / "saved", 1)
    at, told = 0, 0
    while True:
        with monkeypatch.context() as patched:
            made = failing(patched, at, code)
            try:
                publish(tmp_path / "saved", 2)
            except SnapshotError as error:
                told += "made to fail" in str(error)
        state = read(tmp_path / "saved")
        assert state in (1, 2)
        if len(made) <= at:
            break
        assert state == 2 or told == at + 1  # what was not published was told
        publish(tmp_path / "saved", 1)
        assert [path.name for path in tmp_path.iterdir() if ".new-" not in path.name] == ["saved"]
        at += 1
    assert at > 20
    assert told > 15


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
@pytest.mark.parametrize("name", ["open_to_read", "read_into"])
def test_a_disk_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    """REL3: at each call while a folder is read."""
    publish(tmp_path / "saved", 1)
    real, calls = getattr(disk, name), 0
    for at in range(5):
        calls = 0

        def call(*given: Any, at: int = at) -> Any:
            nonlocal calls
            calls += 1
            if calls == at + 1:
                raise OSError(code, "made to fail")
            return real(*given)

        with monkeypatch.context() as patched:
            patched.setattr(disk, name, call)
            with pytest.raises(SnapshotError, match="cannot be read"):
                read(tmp_path / "saved")
        assert read(tmp_path / "saved") == 1
