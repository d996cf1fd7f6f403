"""The store in PostgreSQL: one writer, lost connections, tables of the host, roles, and the same answers."""

from __future__ import annotations

import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.postgres import admin, application_url, as_application, postgres_url
from tests.roles import as_role, make_role
from tests.support import CONFIG, config, mentee, mentor, over

from matchengine.errors import StoreBusyError, StoreError
from matchengine.plugins.pgvector import PgVectorIndex
from matchengine.records import Person
from matchengine.store.base import Change, Commit, Event
from matchengine.store.sql import postgres
from matchengine.store.sql.commits import Writing
from matchengine.store.sql.postgres import PostgresStore, open_postgres
from matchengine.store.sql.separation import grant_application, shown_url

__all__ = ["application_url", "postgres_url"]

RECORD = ("programme", "id", "kind", "generation", "written_at", "expires_at")
CODE = """
import os, sys, time
from matchengine.store.base import Change, Commit
from matchengine.store.sql.postgres import open_postgres
store = open_postgres(sys.argv[1], "main")
store.write("main", Commit(changes=[Change("person", "theirs", "{}", ("theirs",))]))
print("open", flush=True)
time.sleep(60)
"""


def one(name: str) -> Commit:
    return Commit(changes=[Change("person", name, f'{{"id": "{name}"}}', (name,))])


def ids(store: PostgresStore, programme: str = "main") -> list[str]:
    return [entry.id for entry in store.entries(programme)]


@pytest.fixture
def store(application_url: str) -> Iterator[PostgresStore]:
    with_right = open_postgres(application_url, "main")
    yield with_right
    with_right.close()


def cut_connections(owner: str) -> None:
    """End every session of the application, as a restart of the server would."""
    with admin(owner) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# ---------------------------------------------------------------------- one writer


def test_a_second_writer_is_refused_and_others_may_read_or_write_elsewhere(store, application_url):
    with pytest.raises(StoreBusyError, match="'main'"):
        open_postgres(application_url, "main")
    other = open_postgres(application_url, "other")
    with pytest.raises(StoreBusyError, match="'main'"):
        other.write("main", one("a"))
    other.write("other", one("b"))
    store.write("main", one("c"))
    reader = open_postgres(application_url, "main", read_only=True)
    assert (ids(reader), ids(reader, "other")) == (["c"], ["b"])
    with pytest.raises(StoreError, match="reading"):
        reader.write("main", one("d"))
    reader.write("main", Commit(events=[Event("someone", "looked")]))
    store.close()
    open_postgres(application_url, "main").close()
    assert [line.event.action for line in reader.audit("main")] == ["looked"]
    other.close()
    reader.close()


def test_the_right_of_a_killed_process_is_free_again_and_what_it_wrote_is_there_rel8(application_url):
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", CODE, application_url], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    with pytest.raises(StoreBusyError):
        open_postgres(application_url, "main")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for _attempt in range(200):  # until the server notices that the connection ended
        try:
            mine = open_postgres(application_url, "main")
            break
        except StoreBusyError:
            continue
    assert ids(mine) == ["theirs"]
    mine.close()


def test_a_lost_connection_is_a_lost_right_for_good_and_never_writes_again(store, application_url, postgres_url):
    store.write("main", one("a"))
    cut_connections(postgres_url)
    next_writer = open_postgres(application_url, "main")
    next_writer.write("main", one("b"))
    for _attempt in range(2):
        with pytest.raises(StoreError, match="with it the right to write"):
            store.write("main", one("c"))
    next_writer.close()
    with pytest.raises(StoreError, match="with it the right to write"):  # though nobody else has it now
        store.write("main", one("d"))
    assert ids(store) == ["a", "b"]  # reading goes on


def test_a_connection_lost_in_the_middle_of_a_commit_leaves_nothing_of_it(store, postgres_url, monkeypatch):
    store.write("main", one("a"))
    before = store.position("main")
    real = Writing._record

    def cut(self, *arguments):
        cut_connections(postgres_url)
        return real(self, *arguments)

    monkeypatch.setattr(Writing, "_record", cut)
    with pytest.raises(StoreError, match="with it the right to write"):
        store.write("main", Commit(changes=one("b").changes, events=[Event("x", "y")]))
    monkeypatch.undo()
    assert (store.position("main"), ids(store), [*store.audit("main")]) == (before, ["a"], [])


def test_readers_connect_again(store, application_url, postgres_url):
    store.write("main", one("a"))
    reader = open_postgres(application_url, "main", read_only=True)
    for _time in range(3):
        cut_connections(postgres_url)
        assert ids(reader) == ["a"]
    reader.close()


def test_who_waits_too_long_is_told_and_nothing_is_written(store, postgres_url, monkeypatch):
    store.write("main", one("a"))
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT", "200ms")
    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT * FROM matchengine.programme FOR UPDATE")
        with pytest.raises(StoreError, match="LockNotAvailable"):
            store.write("main", one("b"))
    monkeypatch.undo()
    store.write("main", one("c"))
    assert ids(store) == ["a", "c"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.parametrize("ending", ["os._exit(code)", "sys.exit(code)", "store.close(); sys.exit(code)"])
def test_a_forked_child_may_read_never_write_and_leaves_the_parents_right_alone(application_url, ending):
    code = f"""
import os, sys
from matchengine.errors import StoreError
from matchengine.store.base import Change, Commit
from matchengine.store.sql.postgres import open_postgres
store = open_postgres({application_url!r}, "main")
def one(name): return Commit(changes=[Change("person", name, "{{}}", ())])
store.write("main", one("a"))
if (child := os.fork()) == 0:
    code = int([entry.id for entry in store.entries("main")] != ["a"])
    try:
        store.write("main", one("b"))
        code = 2
    except StoreError:
        pass
    {ending}
assert os.waitpid(child, 0)[1] == 0, "the child"
store.write("main", one("c"))
print([entry.id for entry in store.entries("main")])
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("['a', 'c']", "")


# ---------------------------------------------------------------------- databases of others


def test_tables_of_the_host_with_the_same_names_are_neither_read_nor_touched(postgres_url):
    names = ("programme", "record", "involvement", "vector", "audit", "alembic_version", "vector_index")
    with admin(postgres_url) as host:
        for name in names:
            host.execute(f"CREATE TABLE public.{name} (version_num text, name text, programme text)")
            host.execute(f"INSERT INTO public.{name} VALUES ('9999', 'main', 'main')")  # noqa: S608
        shape = (
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        before = host.execute(shape).fetchall()
        made = open_postgres(as_application(postgres_url), "main")
        assert made.position("main") == (0, 0)
        made.write("main", one("a"))
        assert ids(made) == ["a"]
        made.close()
        assert host.execute(shape).fetchall() == before
        for name in names:
            rows = host.execute(f"SELECT * FROM public.{name}").fetchall()  # noqa: S608
            assert rows == [("9999", "main", "main")]


def test_a_database_that_was_not_prepared_says_what_to_do(postgres_url):
    with pytest.raises(StoreError, match="matchengine store init URL_OF_OWNER --app-role NAME"):
        open_postgres(make_role(postgres_url, "me_nobody"), "main")
    with pytest.raises(StoreError, match="CREATE ROLE me_missing LOGIN"):
        grant_application(postgres_url, "me_missing")
    for bad in ("", "1a", 'x"; DROP TABLE y; --', "a" * 64, "Ä", "a b"):
        with pytest.raises(StoreError, match="expected 1 to 63"):
            grant_application(postgres_url, bad)


def test_an_owner_who_may_not_install_pgvector_still_gets_a_store(postgres_url, monkeypatch):
    owner = make_role(postgres_url, "me_plain_owner")
    with admin(postgres_url) as connection:
        name = connection.execute("SELECT current_database()").fetchone()[0]
        connection.execute(f'GRANT CREATE ON DATABASE "{name}" TO me_plain_owner')
    application = make_role(postgres_url, "me_plain_app")
    assert grant_application(owner, "me_plain_app") is False
    made = open_postgres(application, "main")
    made.write("main", one("a"))
    made.close()
    monkeypatch.setenv("MATCHENGINE_DATABASE_URL", application)
    with pytest.raises(StoreError, match="CREATE EXTENSION vector"):
        PgVectorIndex(4)
    with admin(postgres_url) as connection:
        connection.execute("CREATE EXTENSION vector")
    assert grant_application(owner, "me_plain_app") is True  # again, and nothing is lost
    assert len(PgVectorIndex(4)) == 0
    made = open_postgres(application, "main", read_only=True)
    assert ids(made) == ["a"]
    made.close()


def test_no_message_or_log_holds_the_password_or_what_was_written_sec1(application_url, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    password, profile = "-".join(("open", "sesame")), "-".join(("canary", "of", "a", "profile"))  # not in a source line
    right = as_role(application_url, f"programme_application:{password}")
    wrong = (right.replace("host=", "host=/nowhere"), f"postgresql://a:{password}@[::1/x", f"mysql://a:{password}@h/x")
    told = []
    for url in wrong:
        with pytest.raises(StoreError) as caught:
            open_postgres(url, "main")
        told.append(caught.value)
    made = open_postgres(right, "main")
    bad = {"people": None, "document": profile.encode()}
    monkeypatch.setattr("matchengine.store.sql.commits.record_row", lambda *given: dict.fromkeys(RECORD, "1") | bad)
    with pytest.raises(StoreError) as caught:
        made.write("main", one(profile))
    told.append(caught.value)
    made.close()
    text = "\n".join(["".join(traceback.format_exception(error)) for error in told] + [made.location, caplog.text])
    assert "postgresql:///test_" in text
    assert password not in text
    assert profile not in text
    assert shown_url("postgresql://me:pw@db.example/x?sslmode=verify-full") == "postgresql://db.example/x"


# ---------------------------------------------------------------------- the same suggestions


WORDS = (
    "sql", "data", "work", "speaking", "meetings", "video", "hiking", "baking", "career", "confidence", "python",
    "writing", "interview", "budget", "team", "garden", "music", "english", "health", "sport",
)  # fmt: skip


def some_people(count: int) -> list[dict]:
    rng = random.Random(7)
    made = []
    for number in range(count):
        make, name = ((mentee, "a"), (mentor, "m"))[number % 2]
        texts = [" ".join(rng.sample(WORDS, 4)) for _n in range(4)]
        made.append(
            make(
                f"{name}{number}",
                goals=[{"text": text} for text in texts[:2]] if name == "a" else [],
                offers=[{"text": text, "level": rng.randint(1, 4)} for text in texts[2:]],
                interests=[{"text": rng.choice(WORDS)}],
                hopes_to_gain=texts[0],
            )
        )
    return made


def suggestions(location, index: str, folder: Path) -> list[list[str]]:
    """Load people, change some, and suggest for all: from the writer, a reader with its files and one without."""
    text = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "pgvector"]')
    people = some_people(240)
    told = []
    with over(location, config(f'[index]\nuse = "{index}"\n', text), files=folder / "files") as made:
        made.load(people[:-4])
        for person in people[-4:]:
            made.upsert(Person.model_validate(person))
        made.remove("m3")
        (folder / "none").mkdir(mode=0o700)
        shutil.copy(folder / "files" / "key", folder / "none")
        readers = [over(location, read_only=True, files=folder / where) for where in ("files", "none")]
        for reader in (made, *readers):
            asked = [person["id"] for person in people if person["id"].startswith("a")]
            found = reader.suggest_many(asked, "mentor", 8)
            told.append([s.model_dump_json() for person in asked for s in found[person]])
            told[-1] += [s.model_dump_json() for s in reader.suggest("a0", "mentor", 8)]
        for reader in readers:
            reader.close()
    assert [len(of_reader) > 900 for of_reader in told] == [True] * 3
    return told


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory) -> list[list[str]]:
    """What is suggested over a SQLite file with the reference index."""
    folder = tmp_path_factory.mktemp("sqlite")
    return suggestions(folder / "programme.db", "numpy", folder)


@pytest.mark.parametrize("index", ["numpy", "pgvector"])
def test_postgresql_and_sqlite_give_the_same_suggestions_bit_for_bit(
    index, in_sqlite, application_url, tmp_path, monkeypatch
):
    monkeypatch.setenv("MATCHENGINE_DATABASE_URL", application_url)
    assert suggestions(application_url, index, tmp_path) == in_sqlite
