"""The right to write: one holder, who is told by name; it ends with the process, however that ends."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from matchengine.errors import StoreBusyError, StoreError
from matchengine.store.base import Change, Commit
from matchengine.store.lock import WriterLock, writer_of
from matchengine.store.stores import open_store

_HOLDER = """
import sys, time
from matchengine.store.base import Change, Commit
from matchengine.store.stores import open_store
store = open_store(sys.argv[1], "main")
store.write("main", Commit(changes=[Change("person", "a", "{}", ("a",))]))
print("ready", flush=True)
time.sleep(60)
"""
_FORKER = """
import os, sys, time
from matchengine.store.stores import open_store
store = open_store(sys.argv[1], "main")
if os.fork() == 0:
    print("ready", flush=True)  # it runs, so it has let go
    time.sleep(60)
    os._exit(0)
time.sleep(60)
"""


def started(code: str, location: Path) -> subprocess.Popen[str]:
    """Start a process that opens a store, and wait until it has."""
    command = [sys.executable, "-c", code, str(location)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(30)
    assert process.stdout is not None
    process.stdout.close()


def test_another_process_is_refused_and_told_who_writes_since_when(tmp_path: Path) -> None:
    """REL8: the second of two writers; after kill -9 of the first nothing has to be cleared away."""
    location = tmp_path / "programme.db"
    holder = started(_HOLDER, location)
    try:
        with pytest.raises(StoreBusyError) as caught:
            open_store(location, "main")
        assert re.search(rf"process {holder.pid} writes to it since 20\d\d-", str(caught.value))
        assert "read_only=True" in str(caught.value)
        assert writer_of(tmp_path / "programme.db-files", "main") is not None
        with closing(open_store(location, "main", read_only=True)) as reader:
            assert [entry.id for entry in reader.entries("main")] == ["a"]
        with closing(open_store(location, "other")) as other:
            other.write("other", Commit(changes=[Change("person", "b", "{}")]))
    finally:
        killed(holder)
    with closing(open_store(location, "main")) as store:
        assert [entry.id for entry in store.entries("main")] == ["a"]
        assert writer_of(tmp_path / "programme.db-files", "main") is not None
    assert writer_of(tmp_path / "programme.db-files", "main") is None


@pytest.mark.parametrize("turn", range(2))
def test_a_writer_that_was_killed_never_stays_in_the_way(tmp_path: Path, turn: int) -> None:
    location = tmp_path / "programme.db"
    for _each in range(2):
        killed(started(_HOLDER, location))
    open_store(location, "main").close()


def test_a_child_does_not_keep_the_lock_of_its_parent(tmp_path: Path) -> None:
    parent = started(_FORKER, tmp_path / "programme.db")
    try:
        killed(parent)
        open_store(tmp_path / "programme.db", "main").close()
    finally:
        os.killpg(parent.pid, signal.SIGKILL)


def test_a_second_engine_of_one_process_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "files", "main")
    with pytest.raises(StoreBusyError, match=rf"another engine of this process \({os.getpid()}\)"):
        WriterLock(tmp_path / "files", "main")
    other = WriterLock(tmp_path / "files", "other")
    lock.release()
    lock.release()
    WriterLock(tmp_path / "files", "main").release()
    other.release()


def test_files_that_lie_elsewhere_make_no_second_writer(tmp_path: Path) -> None:
    place = tmp_path / "programme.db"
    with closing(open_store(place, "main", files=tmp_path / "elsewhere")) as first:
        assert first.writer("main") is not None  # type: ignore[attr-defined]
        for files in (None, tmp_path / "elsewhere", tmp_path / "a third place"):
            with pytest.raises(StoreBusyError, match="another engine of this process"):
                open_store(place, "main", files=files)


def test_reading_the_file_of_the_lock_does_not_free_it(tmp_path: Path) -> None:
    """As a copy of the whole folder, made by the same process, would."""
    lock = WriterLock(tmp_path / "files", "main")
    assert lock.path.read_text(encoding="utf-8")
    writer_of(tmp_path / "files", "main")
    with pytest.raises(StoreBusyError):
        WriterLock(tmp_path / "files", "main")
    lock.release()


def test_a_lock_that_says_nothing_is_a_lock(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "files", "main")
    lock.path.write_text("no json", encoding="utf-8")
    assert writer_of(tmp_path / "files", "main") is None
    with pytest.raises(StoreBusyError, match="another engine writes to it"):
        WriterLock(tmp_path / "files", "main")
    lock.release()


def test_a_full_disk_takes_the_note_and_not_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        lock = WriterLock(tmp_path / "files", "main")
    with pytest.raises(StoreBusyError, match="another engine writes to it"):
        WriterLock(tmp_path / "files", "main")
    lock.release()
    WriterLock(tmp_path / "files", "main").release()


def test_whoever_looks_who_writes_keeps_no_writer_out(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "files", "main")
    lock.release()
    with lock.path.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        gone = threading.Timer(0.02, fcntl.flock, (looking, fcntl.LOCK_UN))
        gone.start()
        WriterLock(tmp_path / "files", "main").release()
        gone.join()


def test_a_second_writer_is_refused_at_once(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "files", "main")
    begun = time.monotonic()
    with pytest.raises(StoreBusyError):
        WriterLock(tmp_path / "files", "main")
    assert time.monotonic() - begun < 2
    lock.release()


def test_a_lock_is_never_a_link(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir(mode=0o700)
    (tmp_path / "elsewhere").write_text("kept", encoding="utf-8")
    (files / "writer-main.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        WriterLock(files, "main")
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == "kept"


def test_a_failed_opening_frees_the_lock(tmp_path: Path) -> None:
    location = tmp_path / "programme.db"
    location.write_text("this is no database, and was none before", encoding="utf-8")
    for _each in range(2):
        with pytest.raises(StoreError, match="not a database"):
            open_store(location, "main")
    location.unlink()
    open_store(location, "main").close()
