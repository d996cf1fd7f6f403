"""Vectors in PostgreSQL: the reference's answers, forks, tenants, lost connections, and no trace in a message."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
import traceback

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.postgres import admin, drop_database
from tests.roles import as_role, prepared_database

from matchengine.errors import DataError, PluginError, SnapshotError, StoreError, UnknownIdError
from matchengine.plugins import pgvector_rows
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.plugins.pgvector import PgVectorIndex, make_graph
from matchengine.registry import Registry
from matchengine.testing.indexes import INDEX_CHECKS

VARIABLE = "MATCHENGINE_DATABASE_URL"
DIMENSION = 32


@pytest.fixture(scope="module")
def database():
    """Yield the URL of a database with its owner and with the application."""
    owner, application = prepared_database()
    yield owner, application
    drop_database(owner)


@pytest.fixture
def owner(database, monkeypatch):
    """Let the index find the database, and return a connection that sees everything in it."""
    monkeypatch.setenv(VARIABLE, database[1])
    with admin(database[0]) as connection:
        yield connection


def unit(count, dimension=DIMENSION, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def filled(count=50, programme="main", dimension=DIMENSION, **options):
    index = PgVectorIndex(dimension, None, programme, **options)
    index.add(np.arange(count), unit(count, dimension))
    return index


def reference(ids, vectors):
    index = NumpyIndex(vectors.shape[1])
    index.add(np.asarray(ids), vectors)
    return index


def same(found, expected):
    return all(mine.tolist() == theirs.tolist() for mine, theirs in zip(found, expected, strict=True))


def stored(connection, space):
    return connection.execute("SELECT count(*) FROM matchengine.vector_index WHERE space = %s", [space]).fetchone()[0]


# ---------------------------------------------------------------------- the public checks, the reference


@pytest.mark.parametrize("check", INDEX_CHECKS, ids=lambda check: check.__name__)
def test_public_check_rel17(check, owner):
    check(PgVectorIndex)


@pytest.fixture(scope="module")
def graph_of_checks(database):
    make_graph(database[0], DIMENSION)
    yield
    with admin(database[0]) as connection:
        connection.execute(f"DROP INDEX matchengine.vector_index_hnsw_{DIMENSION}")


@pytest.mark.parametrize("check", [c for c in INDEX_CHECKS if "subset" not in c.__name__], ids=lambda c: c.__name__)
def test_public_check_through_a_graph_rel17(check, owner, graph_of_checks):
    # ef_search = 1000 makes the graph exhaustive for the sizes of the checks; smaller ones trade recall for time
    check(lambda dimension, state=None: PgVectorIndex(dimension, state, exact=False, ef_search=1000))


@pytest.mark.parametrize("count", [1, 3, 16, 40])
def test_answers_equal_the_references_bit_for_bit(owner, count):
    vectors = unit(1500, 384)[np.random.default_rng(1).integers(900, size=1500)]  # with many equal ones
    index, numpy_index = PgVectorIndex(384), reference(np.arange(1500)[::-1], vectors)
    index.add(np.arange(1500)[::-1], vectors)
    queries = np.concatenate([vectors[: count // 2], unit(count - count // 2, 384, seed=2)])
    far = np.argsort(vectors @ queries[0])
    for k in (1, 20, 300):
        assert same(index.search(queries, k), numpy_index.search(queries, k))
        for allowed in (np.arange(1400), far[:700], far[:20], np.append(far[:5], 10**9)):
            assert same(index.search(queries, k, allowed), numpy_index.search(queries, k, allowed))


def test_parts_do_not_change_the_answer(owner, monkeypatch):
    whole = filled(300)
    queries = unit(20, seed=3)
    expected, vectors = whole.search(queries, 25), whole.vectors(np.arange(300)[::-1])
    monkeypatch.setattr(pgvector_rows, "PART_BYTES", 4 * DIMENSION * 7)
    parts = filled(300)
    assert same(parts.search(queries, 25), expected)
    assert np.array_equal(parts.vectors(np.arange(300)[::-1]), vectors)
    assert same(parts.search(queries, 4, np.arange(30)), whole.search(queries, 4, np.arange(30)))


def test_vectors_come_back_bit_for_bit_in_any_order_and_as_often_as_asked(owner):
    index, vectors = filled(40), unit(40)
    wanted = np.array([7, 3, 3, 39, 0])
    assert index.vectors(wanted).tobytes() == vectors[wanted].tobytes()
    assert index.vectors(np.empty(0, np.int64)).shape == (0, DIMENSION)
    with pytest.raises(UnknownIdError, match="2 of 3 ids"):
        index.vectors(np.array([1, 99, 99]))


def test_built_by_the_registry_for_the_programme_that_the_engine_names(owner):
    from matchengine.config import ComponentChoice

    registry = Registry(["pgvector"])
    spec = registry.get("index", "pgvector")
    assert set(spec.settings.model_fields) == {"url_variable", "exact", "m", "ef_construction", "ef_search"}
    choice = ComponentChoice(use="pgvector")
    index = registry.make("index", choice, programme="north", dimension=8, state=None)
    assert index.programme == "north"
    assert registry.make("index", choice, dimension=8, state=None).programme == "main"


def test_the_programme_is_given_to_those_alone_that_take_one(owner):
    from matchengine.config import ComponentChoice
    from matchengine.plugins import numpy_index

    made = Registry([], extra=[numpy_index]).make(
        "index", ComponentChoice(use="numpy"), programme="north", dimension=8, state=None
    )
    assert isinstance(made, NumpyIndex)


# ---------------------------------------------------------------------- forks and spaces


def test_a_fork_costs_no_row_and_neither_finds_what_the_other_adds(owner):
    index = filled(20)
    fork = index.fork()
    assert stored(owner, index._space.number) == 20
    fork.add(np.array([100]), unit(1, seed=5))
    index_again = index.fork()
    index.add(np.array([200]), unit(1, seed=6))  # the fork went on first: this one moves to a space of its own
    assert [len(index), len(fork), len(index_again)] == [21, 21, 20]
    assert index._space is not fork._space
    for one, mine, others in ((index, 200, 100), (fork, 100, 200)):
        found = one.search(unit(1, seed=5), 30).ids.tolist()
        assert mine in found
        assert others not in found
    assert sorted(index_again.state()["ids"].tolist()) == list(range(20))
    assert same(fork.search(unit(3), 30), reference(fork.state()["ids"], fork.state()["vectors"]).search(unit(3), 30))


def test_who_reads_an_older_state_goes_on_finding_what_was_removed_until_nobody_does(owner):
    index = filled(20)
    space = index._space.number
    older = index.fork()
    index.remove(np.array([4, 5]))
    assert older.search(unit(20)[4:5], 1).ids.tolist() == [4]
    assert index.search(unit(20)[4:5], 1).ids.tolist() != [4]
    assert (len(older), len(index), stored(owner, space)) == (20, 18, 20)
    del older
    gc.collect()
    index.remove(np.array([6]))
    assert stored(owner, space) == 17
    index.add(np.array([4]), unit(1, seed=9))
    assert index.search(unit(1, seed=9), 1).ids.tolist() == [4]


def test_a_space_that_nobody_uses_any_more_is_removed(owner):
    index = filled(10)
    space, fork = index._space.number, index.fork()
    index.close()
    assert len(index) == 0
    assert stored(owner, space) == 10
    fork.close()
    assert stored(owner, space) == 0
    assert not owner.execute("SELECT 1 FROM matchengine.vector_space WHERE space = %s", [space]).fetchall()


def test_spaces_of_a_process_that_was_killed_are_removed_by_the_next_and_those_of_a_living_one_stay(owner, database):
    code = (
        "import numpy as np, sys, os, time\n"
        "from matchengine.plugins.pgvector import PgVectorIndex\n"
        "index = PgVectorIndex(4, None, 'abandoned'); index.add(np.arange(3), np.eye(4, dtype=np.float32)[:3])\n"
        "print(index._space.number, flush=True)\n"
        "sys.stdin.read(); os._exit(9)\n"
    )
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    space = int(process.stdout.readline())
    next_code = "from matchengine.plugins.pgvector import PgVectorIndex; PgVectorIndex(4, None, 'abandoned').close()"
    subprocess.run([sys.executable, "-c", next_code], check=True)  # noqa: S603
    assert stored(owner, space) == 3
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    for _attempt in range(50):  # until the server notices that the connection ended
        subprocess.run([sys.executable, "-c", next_code], check=True)  # noqa: S603
        if stored(owner, space) == 0:
            break
    assert stored(owner, space) == 0


def test_a_process_that_ends_takes_its_spaces_with_it(owner):
    code = (
        "import numpy as np\n"
        "from matchengine.plugins.pgvector import PgVectorIndex\n"
        "index = PgVectorIndex(4, None, 'ending'); index.add(np.arange(3), np.eye(4, dtype=np.float32)[:3])\n"
        "print(index._space.number)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603
    assert int(done.stdout) > 0
    assert stored(owner, int(done.stdout)) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("leave", ["at once", "as programs end"])
def test_a_forked_child_reads_on_connections_of_its_own_and_leaves_its_parents_rows(owner, leave):
    ending = {"at once": "os._exit(found != [0])", "as programs end": "del index, own; sys.exit(found != [0])"}
    code = f"""
import numpy as np, os, sys
from matchengine.plugins.pgvector import PgVectorIndex
index = PgVectorIndex(4, None, 'forking')
index.add(np.arange(3), np.eye(4, dtype=np.float32)[:3])
child = os.fork()
if child == 0:
    found = index.search(np.eye(4, dtype=np.float32)[:1], 1).ids.tolist()
    own = PgVectorIndex(4, None, 'forking'); own.add(np.arange(1), np.eye(4, dtype=np.float32)[:1])
    {ending[leave]}
assert os.waitpid(child, 0)[1] == 0
assert index.search(np.eye(4, dtype=np.float32), 3).ids.tolist()[:3] == [0, 1, 2]
index.add(np.array([9]), np.eye(4, dtype=np.float32)[3:])
print(len(index))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)  # noqa: S603
    assert (done.stdout.strip(), done.stderr) == ("4", "")


def test_readers_in_threads_while_one_writes_see_one_state_each(owner):
    vectors = unit(400, seed=3)
    states = [PgVectorIndex(DIMENSION)]
    states[0].add(np.arange(100), vectors[:100])
    problems, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            state = states[-1]
            hits = state.search(vectors[:2], 10)
            if hits.ids.max() >= len(state) or len(hits.ids) != 20:
                problems.append(len(state))

    readers = [threading.Thread(target=read) for _n in range(3)]
    for reader in readers:
        reader.start()
    for start in range(100, 400, 10):
        fork = states[-1].fork()
        fork.add(np.arange(start, start + 10), vectors[start : start + 10])
        states.append(fork)
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []


# ---------------------------------------------------------------------- what may go wrong


def test_a_lost_connection_is_replaced_and_a_stopped_statement_is_a_clear_error(owner, database):
    index = filled(30)
    owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%app%'")
    assert index.search(unit(30)[3:4], 1).ids.tolist() == [3]
    owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%app%'")
    index.add(np.array([77]), unit(1, seed=8))
    assert len(index.state()["ids"]) == 31


def test_rows_that_somebody_took_away_are_an_error_never_a_shorter_answer(owner):
    index = filled(30)
    owner.execute("DELETE FROM matchengine.vector_index WHERE space = %s AND id >= 5", [index._space.number])
    for action in (
        lambda: index.search(unit(1), 10),
        lambda: index.search(unit(20), 10),
        index.state,
    ):
        with pytest.raises(StoreError, match="Open the programme again"):
            action()
    owner.execute("DELETE FROM matchengine.vector_space WHERE space = %s", [index._space.number])
    with pytest.raises(StoreError, match="Open the programme again"):
        index.search(unit(1), 1)
    with pytest.raises(StoreError, match="Open the programme again"):
        index.add(np.array([99]), unit(1))


def test_nothing_is_stored_when_a_write_fails_halfway(owner, monkeypatch):
    index = filled(10)
    monkeypatch.setattr(pgvector_rows, "PART_BYTES", 4 * DIMENSION * 5)
    real, calls = pgvector_rows.Vectors.of, []

    def failing(vectors, element):
        calls.append(len(vectors))
        whole = real(vectors, element)
        return whole if len(calls) < 3 else pgvector_rows.Vectors(whole[:-1])  # the third part is cut

    monkeypatch.setattr(pgvector_rows.Vectors, "of", failing)
    with pytest.raises(StoreError, match="nothing was changed"):
        index.add(np.arange(100, 120), unit(20, seed=4))
    monkeypatch.undo()
    assert calls == [5, 5, 5]
    assert stored(owner, index._space.number) == len(index) == 10


def test_refusals(owner, monkeypatch):
    index = filled(5)
    with pytest.raises(DataError, match="dimension"):
        PgVectorIndex(0)
    with pytest.raises(DataError, match="at most 2000"):
        PgVectorIndex(2001)
    with pytest.raises(PluginError, match="ef_search"):
        PgVectorIndex(8, ef_search=0)
    with pytest.raises(SnapshotError, match="rebuild"):
        PgVectorIndex(8, {"ids": np.arange(2)})
    with pytest.raises(UnknownIdError, match="given twice"):
        index.remove(np.array([1, 1]))
    with pytest.raises(PluginError, match="make_graph"):
        PgVectorIndex(9, exact=False)
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(PluginError, match=VARIABLE):
        PgVectorIndex(8)
    monkeypatch.setenv("ELSEWHERE", "mysql://x")
    with pytest.raises(PluginError, match="ELSEWHERE"):
        PgVectorIndex(8, url_variable="ELSEWHERE")


def test_a_role_that_passes_by_row_level_security_is_turned_away(owner, database, monkeypatch):
    monkeypatch.setenv(VARIABLE, database[0] + "&application_name=superuser")
    with pytest.raises(StoreError, match="superuser"):
        PgVectorIndex(8)


def test_messages_and_logs_hold_neither_password_nor_vector_sec1(owner, database, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    vectors = unit(3)
    url = as_role(database[1], "programme_application:open-sesame-canary")
    told = []
    monkeypatch.setenv(VARIABLE, url.replace("host=", "host=/nowhere"))
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        PgVectorIndex(DIMENSION)
    told.append("".join(traceback.format_exception(caught.value)))
    monkeypatch.setenv(VARIABLE, url)
    index = filled(10)
    real = pgvector_rows.Vectors.of
    monkeypatch.setattr(
        pgvector_rows.Vectors, "of", lambda given, element: pgvector_rows.Vectors(real(given, element)[:-1])
    )
    with pytest.raises(StoreError) as caught:
        index.add(np.arange(20, 23), vectors)
    told.append("".join(traceback.format_exception(caught.value)))
    text = "\n".join([*told, caplog.text])
    assert "StoreError" in text
    for secret in ("open-sesame-canary", *(repr(number)[:8] for number in vectors.ravel()[:20].tolist())):
        assert secret not in text


# ---------------------------------------------------------------------- tenants


@pytest.fixture(scope="module")
def skewed(database):
    """Make a graph over 10,000 vectors of a big programme and 50 of a small one, 0.5 % of all."""
    os.environ[VARIABLE], before = database[1], os.environ.get(VARIABLE)
    dimension = 64
    rng = np.random.default_rng(12)
    centres = rng.normal(size=(30, dimension))
    vectors = centres[rng.integers(30, size=10_050)] + 0.7 * rng.normal(size=(10_050, dimension))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    big, small = (PgVectorIndex(dimension, None, name) for name in ("big", "small"))
    big.add(np.arange(10_000), vectors[:10_000])
    small.add(np.arange(50), vectors[10_000:])
    make_graph(database[0], dimension)
    with admin(database[0]) as connection:
        connection.execute("ANALYZE matchengine.vector_index")
    yield big, small, vectors
    if before is None:
        del os.environ[VARIABLE]


def recall(found, exact):
    pairs = set(zip(found.query.tolist(), found.ids.tolist(), strict=True))
    return np.mean([pair in pairs for pair in zip(exact.query.tolist(), exact.ids.tolist(), strict=True)])


@pytest.mark.parametrize("planned", ["as the server likes", "through the graph alone"])
def test_a_small_tenant_beside_a_big_one_gets_all_rows_and_the_right_ones_rel18(
    skewed, owner, database, planned, monkeypatch
):
    _big, small, vectors = skewed
    if planned == "through the graph alone":
        real = pgvector_rows.through_graph

        def forced(cursor, *arguments):
            cursor.execute(
                "SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true), "
                "set_config('enable_seqscan', 'off', true)"
            )
            return real(cursor, *arguments)

        monkeypatch.setattr("matchengine.plugins.pgvector.rows.through_graph", forced)
    index = PgVectorIndex(64, small.state(), "small", exact=False)
    exact = reference(np.arange(50), vectors[10_000:])
    queries = unit(50, 64, seed=13)
    found = index.search(queries, 10)
    assert np.bincount(found.query, minlength=50).tolist() == [10] * 50
    assert recall(found, exact.search(queries, 10)) >= 0.99


def test_negative_control_without_iterative_scan_the_graph_alone_loses_the_small_tenants_rows_rel18(skewed, owner):
    """The danger is real: what the rules prevent happens where they are not kept."""
    with owner.transaction():
        owner.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off")
        owner.execute("SET LOCAL hnsw.iterative_scan = off; SET LOCAL search_path = public")
        rows = owner.execute(
            "SELECT id FROM matchengine.vector_index WHERE programme = 'small' AND dimension = 64 "
            "ORDER BY (embedding::vector(64)) <#> %s::vector(64) LIMIT 10",
            [str(unit(1, 64, seed=13)[0].tolist())],
        ).fetchall()
    assert len(rows) < 10


def test_the_graph_finds_most_and_never_too_few(skewed, owner):
    big, _small, vectors = skewed
    index = PgVectorIndex(64, big.state(), "big", exact=False)
    exact, queries = reference(np.arange(10_000), vectors[:10_000]), unit(10, 64, seed=14)
    for k in (10, 200):
        found, best = index.search(queries, k), exact.search(queries, k)
        assert len(found.ids) == 10 * k
        assert recall(found, best) >= 0.9
    few, half = np.arange(0, 10_000, 50), np.arange(0, 10_000, 2)
    assert same(index.search(queries, 10, few), exact.search(queries, 10, few))
    assert recall(index.search(queries, 10, half), exact.search(queries, 10, half)) >= 0.9


def test_programmes_with_the_same_ids_never_see_each_other(owner):
    one, other = filled(20, "one"), filled(20, "other")
    other.remove(np.arange(10))
    assert one.search(unit(20)[3:4], 1).ids.tolist() == [3]
    assert not set(other.search(unit(20), 20).ids.tolist()) & set(range(10))
    stolen = other.fork()
    stolen._space = one._space  # a mistake of ours: the right space under the wrong programme
    with pytest.raises(StoreError, match="Open the programme again"):
        stolen.search(unit(1), 5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet=st.sampled_from("abz'\";%\\-_ )(*=|é\n"), min_size=1, max_size=40))
def test_whatever_the_programme_is_called_only_its_own_rows_are_seen_sec28(owner, name):
    own = PgVectorIndex(4, None, name)
    own.add(np.array([1]), np.eye(4, dtype=np.float32)[:1])
    hits = own.search(np.eye(4, dtype=np.float32)[:1], 10)
    assert hits.ids.tolist() == [1]
    assert owner.execute(
        "SELECT DISTINCT programme FROM matchengine.vector_index WHERE space = %s", [own._space.number]
    ).fetchall() == [(name,)]
    own.close()


def test_a_statement_without_its_predicate_still_sees_its_own_programme_alone_sec2(owner, database):
    mine, other = filled(5, "mine"), filled(7, "theirs")
    with psycopg.connect(database[1]) as connection:
        counted = "SELECT count(*), count(DISTINCT programme) FROM matchengine.vector_index"
        assert connection.execute(counted).fetchone() == (0, 0)
        connection.execute("SELECT set_config('matchengine.programme', 'mine', true)")
        assert connection.execute(counted).fetchone() == (5, 1)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO matchengine.vector_space (programme, owner) VALUES ('theirs', 1)")
    assert len(mine) + len(other) == 12
