"""A store in a SQLite file: nothing of what was deleted is left in any file, and nothing goes wrong silently."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.reliability.children import Child

from matchengine.errors import DataError, StoreError
from matchengine.forking import Gate
from matchengine.store.audit import first_break
from matchengine.store.base import Change, Commit, Event, VectorRows
from matchengine.store.sql import sqlite
from matchengine.store.sql.sqlite import SqliteStore, open_sqlite
from matchengine.testing.store_worlds import key_of

CANARY = "canary-5f1e9a"
PAST = datetime(2026, 1, 1, tzinfo=UTC)
VECTOR = np.linspace(0.1, 0.9, 64, dtype=np.float32).reshape(1, 64)


def opened(folder: Path, read_only: bool = False) -> SqliteStore:
    return open_sqlite(folder / "programme.db", "main", read_only=read_only)


def with_canaries(store: SqliteStore) -> None:
    """Write a person with a canary in everything, among others, over and over, so that pages are freed and used."""
    rows = VectorRows("words", np.frombuffer(key_of(7), np.uint8).reshape(1, 32), VECTOR, np.zeros(1, np.bool_))
    for turn in range(3):
        long = f'{{"n":{turn},"goals":"{CANARY} {"x" * 6_000}"}}'
        others = [Change("person", f"p{n}", f'{{"n":{turn}}}' * 50, (f"p{n}",)) for n in range(200)]
        mine = [
            Change("person", CANARY, long, (CANARY,), PAST),
            Change("relationship", f"tie{turn}", f'{{"with":"{CANARY}"}}', (CANARY, "p1"), PAST),
        ]
        store.write("main", Commit(changes=[*others[:100], *mine, *others[100:]], vectors=[rows]))


def found_in_files(folder: Path) -> set[str]:
    """Return the files in which a canary or the bytes of its vector stand."""
    looked_for = (CANARY.encode(), VECTOR.tobytes(), VECTOR.tobytes()[8:72])
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name for path in files if any(each in path.read_bytes() for each in looked_for)}


def gone_for_good(store: SqliteStore) -> None:
    store.write("main", Commit(forget=(CANARY,), only_vectors={}))


def test_the_canaries_are_found_before_they_are_deleted(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        with_canaries(store)
        assert found_in_files(tmp_path)
        store.write("main", Commit(changes=[Change("setting", "x", "{}")]))
        assert found_in_files(tmp_path)


def test_nothing_of_a_forgotten_person_is_left_in_any_file(tmp_path: Path) -> None:
    """SEC3 of a store: rows, free pages, the log; while it is open and afterwards."""
    with closing(opened(tmp_path)) as store:
        with_canaries(store)
        gone_for_good(store)
        assert found_in_files(tmp_path) == set()
        assert not store.unclean("main")
    assert found_in_files(tmp_path) == set()


def test_nothing_of_what_was_purged_is_left_but_its_number(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        with_canaries(store)
        store.write("main", Commit(purge_until=PAST, only_vectors={}))
        (gone,) = store.entries("main", ids=(CANARY,), since=1)
        assert gone.document is None
        store.write("main", Commit(forget=(CANARY,)))
        assert found_in_files(tmp_path) == set()


@pytest.mark.parametrize("wipe", [True, False])
def test_a_commit_that_wipes_leaves_nothing_of_what_was_there_before(tmp_path: Path, wipe: bool) -> None:
    """The commit that does not is the negative control; so is one whose log alone is emptied, see below."""
    with closing(opened(tmp_path)) as store:
        with_canaries(store)
        gone_for_good(store)
        store.write("main", Commit(changes=[Change("person", "p7", f'{{"said":"{CANARY}"}}', ("p7",))]))
        store.write("main", Commit(changes=[Change("person", "p7", "{}", ("p7",))], wipe=wipe))
        assert (found_in_files(tmp_path) == set()) is wipe
        assert [entry.document for entry in store.entries("main", ids=("p7",))] == ["{}"]


def test_emptying_the_log_alone_leaves_copies_in_pages_that_were_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why a sweep rebuilds the file: what moves to another page also stays where it was, despite `secure_delete`."""
    monkeypatch.setattr(SqliteStore, "_sweep", _only_empty_the_log)
    dice = np.random.default_rng(0)
    with closing(opened(tmp_path)) as store:
        people = range(1_500)
        for turn in range(3):
            said = [CANARY if n % 10 == 0 else "" for n in people]
            longer = [f'"{said[n]}{"x" * int(dice.integers(100, 2_500))}"' for n in people]
            some = people if turn == 0 else sorted(dice.choice(1_500, 700, replace=False).tolist())
            store.write("main", Commit(changes=[Change("person", f"p{n}", longer[n], (f"p{n}",)) for n in some]))
        blank = [Change("person", f"p{n}", "{}", (f"p{n}",)) for n in people if n % 10 == 0]
        store.write("main", Commit(changes=blank, wipe=True))
        assert found_in_files(tmp_path) == {"programme.db"}
        monkeypatch.undo()
        store.write("main", Commit(changes=blank[:1], wipe=True))
        assert found_in_files(tmp_path) == set()


@pytest.mark.parametrize("taken_away", ["sweep", "wiping"])
def test_without_the_mechanism_the_canaries_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_away: str
) -> None:
    """Negative control: the log keeps everything where it is not emptied, free pages where they are not wiped."""
    if taken_away == "sweep":
        monkeypatch.setattr(SqliteStore, "_sweep", lambda _store, _programme: True)
    else:
        monkeypatch.setattr(
            sqlite, "_PRAGMAS", tuple(p.replace("delete = ON", "delete = OFF") for p in sqlite._PRAGMAS)
        )
        monkeypatch.setattr(SqliteStore, "_sweep", _only_empty_the_log)
    with closing(opened(tmp_path)) as store:
        with_canaries(store)
        gone_for_good(store)
        assert found_in_files(tmp_path)


def _only_empty_the_log(store: SqliteStore, _programme: str) -> bool:
    connection = store._engine.raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return True


def test_a_crash_before_sweeping_is_made_good_at_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crashing:
        crashing.setattr(SqliteStore, "_sweep", lambda _store, _programme: False)
        with closing(opened(tmp_path)) as store:
            with_canaries(store)
            gone_for_good(store)
            assert store.unclean("main")
            assert found_in_files(tmp_path)
    with closing(opened(tmp_path)) as store:
        assert not store.unclean("main")
        assert found_in_files(tmp_path) == set()


def test_a_reader_in_the_way_only_puts_sweeping_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    with closing(opened(tmp_path)) as store, closing(opened(tmp_path, read_only=True)) as reader:
        with_canaries(store)
        reading = reader.entries("main")
        next(reading)
        gone_for_good(store)
        assert [*store.entries("main", involving=CANARY)] == []
        assert store.unclean("main")
        reading.close()  # type: ignore[attr-defined]
        store.write("main", Commit(changes=[Change("setting", "x", "{}")]))
        assert not store.unclean("main")
        assert found_in_files(tmp_path) == set()


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    """SEC16 and SEC26: folders that we make 0700, files 0600, whatever the umask says."""
    before = os.umask(0)
    try:
        with closing(open_sqlite(tmp_path / "made" / "deeper" / "programme.db", "main")) as store:
            store.write("main", Commit(events=[Event("x", "y")]))
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "made").rglob("*")}
    finally:
        os.umask(before)
    assert modes.pop("deeper") == modes.pop("programme.db-files") == 0o700
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700
    assert len(modes) >= 4
    assert set(modes.values()) == {0o600}


def test_every_commit_is_on_the_disk_when_it_is_acknowledged(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        connection = store._engine.raw_connection()
        told = {
            name: connection.cursor().execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
        connection.close()
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize("change", ["UPDATE audit SET why = 'other'", "DELETE FROM audit", "DELETE FROM audit LIMIT 1"])
def test_the_record_of_events_cannot_be_changed(tmp_path: Path, change: str) -> None:
    """SEC20: even with the file in hand it takes more than one statement, and the chain shows it."""
    with closing(opened(tmp_path)) as store:
        store.write("main", Commit(events=[Event("x", "y", why="asked")]))
        with closing(sqlite3.connect(tmp_path / "programme.db")) as other, pytest.raises(sqlite3.Error):
            other.execute(change)
        assert [line.event.why for line in store.audit("main")] == ["asked"]


def test_a_record_whose_end_was_cut_off_shows_it(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.write("main", Commit(events=[Event("x", str(n)) for n in range(5)]))
        with closing(sqlite3.connect(tmp_path / "programme.db")) as other:
            other.executescript("DROP TRIGGER audit_keeps_all; DELETE FROM audit WHERE number > 3")
        lines = [*store.audit("main")]
        assert first_break(lines) is None
        assert store.audit_head("main")[0] == 5 != lines[-1].number
        store.write("main", Commit(events=[Event("x", "next")]))
        assert first_break(store.audit("main")) is not None


def test_a_damaged_line_breaks_the_chain_and_reading_goes_on(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.write("main", Commit(events=[Event("x", str(n)) for n in range(3)]))
        with closing(sqlite3.connect(tmp_path / "programme.db")) as other:
            other.executescript("DROP TRIGGER audit_keeps_lines; UPDATE audit SET details = 'no json' WHERE number = 2")
        assert len([*store.audit("main")]) == 3
        assert first_break(store.audit("main")) == 2


def test_a_failure_tells_no_value_and_keeps_nothing(tmp_path: Path) -> None:
    """SEC12 and REL3 of a store: a full disk is told in a sentence; what was there before is there still."""
    with closing(opened(tmp_path)) as store:
        store.write("main", Commit(changes=[Change("person", "a", "{}", ("a",))]))
        _limit(store)
        with pytest.raises(StoreError, match="no room") as caught:
            store.write("main", Commit(changes=[Change("person", CANARY, CANARY * 900_000, (CANARY,))]))
        told = "".join(traceback.format_exception(caught.value))
        assert CANARY not in told
        assert "INSERT" not in told
        assert [entry.id for entry in store.entries("main")] == ["a"]
        assert store.position("main") == (0, 1)


def _limit(store: SqliteStore) -> None:
    """Let the file not grow any more."""
    connection = store._engine.raw_connection()
    pages = connection.cursor().execute("PRAGMA page_count").fetchone()[0]
    connection.cursor().execute(f"PRAGMA max_page_count = {pages + 4}")
    connection.close()


def test_a_database_that_others_hold_is_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    with closing(opened(tmp_path)) as store:
        with closing(sqlite3.connect(tmp_path / "programme.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="another process holds the database"):
                store.write("main", Commit(new_epoch=True))
        assert store.write("main", Commit(new_epoch=True)).epoch == 1


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_no_database_holds_is_refused_before_anything_is_written(tmp_path: Path, text: str) -> None:
    with closing(opened(tmp_path)) as store:
        for commit in (Commit(changes=[Change("person", text, "{}")]), Commit(events=[Event("x", "y", why=text)])):
            with pytest.raises(DataError, match="without NUL"):
                store.write("main", commit)
        with pytest.raises(DataError):
            store.write("main", Commit(changes=[Change("person", "a", "\ud800")]))
        assert store.position("main") == (0, 0)


def test_a_vector_of_another_length_is_told(tmp_path: Path) -> None:
    keys = np.frombuffer(key_of(1) + key_of(2), np.uint8).reshape(2, 32)
    with closing(opened(tmp_path)) as store:
        for row, length in ((0, 3), (1, 4)):
            rows = VectorRows("m", keys[row : row + 1], np.ones((1, length), np.float32), np.zeros(1, np.bool_))
            store.write("main", Commit(vectors=[rows]))
        with pytest.raises(StoreError, match="another length"):
            store.vectors("main", "m", keys)


def test_moments_come_back_exactly(tmp_path: Path) -> None:
    summer = datetime(2026, 7, 1, 12, 30, 0, 123457).astimezone()
    moments = [summer, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    with closing(opened(tmp_path)) as store:
        changes = [Change("pause", str(n), "{}", (), at) for n, at in enumerate(moments)]
        store.write("main", Commit(changes=changes))
        early = datetime.min.replace(tzinfo=UTC)
        found = [entry.expires_at for entry in store.entries("main", since=0, now=early)]
        assert found == [moments[0], moments[2]]
        ((one),) = store.entries("main", ids=("0",), now=early)
        assert abs(one.written_at - datetime.now(UTC)) < timedelta(minutes=1)


_CHILD = """
import os, sys
from matchengine.errors import StoreError
from matchengine.store.base import Change, Commit
from matchengine.store.stores import open_store
store = open_store(sys.argv[1], "main")
store.write("main", Commit(changes=[Change("person", "a", "{}", ("a",))]))
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    try:
        found = [entry.id for entry in store.entries("main")]
        try:
            store.write("main", Commit(changes=[Change("person", "b", "{}")]))
            said = "written"
        except StoreError as error:
            said = str(error)
        store.close()
        os.write(writing, f"{found} {said}".encode())
    finally:
        os._exit(0)
os.waitpid(child, 0)
print(os.read(reading, 1000).decode())
print(store.write("main", Commit(changes=[Change("person", "c", "{}")])))
store.close()
"""


def test_a_child_of_the_writer_may_read_and_not_write(tmp_path: Path) -> None:
    """REL9 of a store: the child opens connections of its own and leaves its parent's, and its lock, alone."""
    command = [sys.executable, "-c", _CHILD, str(tmp_path / "programme.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    child, parent = done.stdout.splitlines()
    assert child.startswith("['a'] ")
    assert "child of the one that opened the store" in child
    assert re.search(r"generation=2\b", parent)
    with closing(opened(tmp_path)) as store:
        assert [entry.id for entry in store.entries("main")] == ["a", "c"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_forked_while_a_commit_takes_too_long_is_told_to_start_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gate, "WAIT_SECONDS", 0.05)
    begun, go_on = threading.Event(), threading.Event()
    with closing(opened(tmp_path)) as store:

        def commit() -> None:
            with store._transaction("main", writes=True):
                begun.set()
                go_on.wait(60)

        thread = threading.Thread(target=commit)
        thread.start()
        begun.wait(60)
        child = Child(lambda _pipe: print(store.position("main")))  # noqa: T201
        child.listen(20, "over")
        child.kill()
        go_on.set()
        thread.join(60)
        store.write("main", Commit(changes=[Change("person", "a", "{}")]))
    (failed,) = child.told("failed")
    assert failed["error"] == "StoreError"
    assert "this process was forked while its parent was using the file" in failed["where"]


_READ_ONCE = """
import sys
from pathlib import Path
from matchengine.store.sql.sqlite import open_sqlite
store = open_sqlite(Path(sys.argv[1]), "main", read_only=True)
print([entry.id for entry in store.entries("main")])
store.close()
"""


def read_elsewhere(folder: Path) -> str:
    """Return what a process of its own reads, the last to close the file as far as it can see."""
    command = [sys.executable, "-c", _READ_ONCE, str(folder / "programme.db")]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()  # noqa: S603


def seen_elsewhere_beside_a_second_programme(folder: Path) -> list[str]:
    """Open two programmes of one file, close one, and return what others read before and after the other writes."""
    with closing(opened(folder)) as store:
        store.write("main", Commit(changes=[Change("person", "a", "{}")]))
        open_sqlite(folder / "programme.db", "other").close()
        before = read_elsewhere(folder)
        store.write("main", Commit(changes=[Change("person", "b", "{}")]))
        return [before, read_elsewhere(folder)]


def test_a_second_programme_in_the_file_leaves_the_first_its_locks(tmp_path: Path) -> None:
    assert seen_elsewhere_beside_a_second_programme(tmp_path) == ["['a']", "['a', 'b']"]


def test_where_the_file_is_opened_and_closed_beside_sqlite_what_is_acknowledged_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL22, negative control."""
    monkeypatch.setattr(sqlite, "make_private", lambda path: os.close(os.open(path, os.O_RDWR | os.O_CREAT)))
    assert seen_elsewhere_beside_a_second_programme(tmp_path) == ["['a']", "['a']"]


_OPENED = """
import contextlib
import io
import os
import sys
from pathlib import Path

from matchengine.cli import main
from matchengine.errors import StoreBusyError
from tests.support import engine, over
from tests.reliability import programme as p

place, opened = Path(sys.argv[1]), []
made = over(place, engine().config)
made.load(**p.started())


def watch(event, given):
    if event == "open" and str(place) in str(given[0]) and not given[2] & os.O_EXCL:  # that opens nothing that is there
        opened.append(given[0])


sys.addaudithook(watch)
os.close(os.open(place.with_name("programme.db-watched"), os.O_CREAT))
with contextlib.suppress(StoreBusyError):
    over(place)
over(place, engine().config, programme="other").close()
over(place, read_only=True).close()
made.note_copy("letter.pdf", "letter")
made.person_record("p1")
made.erase("p2", why="asked", by="coordinator:1")
p.answers(made)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    for arguments in (["store", "status", str(place)], ["audit", "verify", "--data", str(place)]):
        assert main(arguments) == 0, arguments
made.close()
print(sorted({Path(os.fsdecode(each)).name for each in opened if not str(each).startswith(f"{place}-files")}))
"""


def test_no_path_of_ours_opens_a_database_that_is_there_but_through_sqlite(tmp_path: Path) -> None:
    """A process that closes a file lets go of every lock it holds on it by `fcntl`; SQLite alone knows of its own."""
    command = [sys.executable, "-c", _OPENED, str(tmp_path / "programme.db")]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=root, check=False)  # noqa: S603
    assert done.stdout.strip() == "['programme.db-watched']", done.stderr
