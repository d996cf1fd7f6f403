"""Programmes in one database never see each other (SEC2), whatever they ask (SEC28), and who could is turned away."""

from __future__ import annotations

import random
import re
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.postgres import APPLICATION, admin, application_url, drop_database, postgres_url
from tests.roles import make_role, prepared_database

from matchengine.actors import acting
from matchengine.errors import StoreError
from matchengine.pool.vector_cache import text_keys
from matchengine.store.audit import find_break
from matchengine.store.base import Change, Commit, Event, VectorRows
from matchengine.store.memory import MemoryStore
from matchengine.store.recording import noted_head
from matchengine.store.sql.postgres import open_postgres
from matchengine.store.upkeep import cut_before
from matchengine.tenancy import SETTING

__all__ = ["application_url", "postgres_url"]

TABLES = ("programme", "record", "involvement", "vector", "audit", "vector_space", "vector_index")
PEOPLE = tuple(f"p-{number}" for number in range(40))
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def database():
    """URL of a database with its owner and with the application, with two programmes of identical people."""
    owner, application = prepared_database()
    for programme in ("north", "south"):
        with closing(open_postgres(application, programme)) as store:
            store.write(programme, first_commit(programme))
    with admin(owner) as connection:
        for programme in ("north", "south"):
            space = connection.execute(
                "INSERT INTO matchengine.vector_space (programme, owner) VALUES (%s, 1) RETURNING space", [programme]
            ).fetchone()[0]
            connection.execute(
                "INSERT INTO matchengine.vector_index (programme, space, id, added, embedding) "
                "VALUES (%s, %s, 1, 0, '[1]')",
                [programme, space],
            )
    yield owner, application
    drop_database(owner)


def vectors_of(programme: str) -> VectorRows:
    """Vectors of the same texts in every programme; the first number tells whose they are."""
    marked = np.zeros((len(PEOPLE), 4), np.float32)
    marked[:, 0 if programme == "north" else 1] = 1.0
    return VectorRows("model", text_keys(PEOPLE), marked, np.zeros(len(PEOPLE), np.bool_))


def first_commit(programme: str) -> Commit:
    people = [Change("person", name, f'{{"of": "{programme}"}}', (name, PEOPLE[0])) for name in PEOPLE]
    return Commit(changes=people, vectors=[vectors_of(programme)], events=[Event(programme, "loaded")])


def foreign_rows(store, programme: str, calls: int, seed: int) -> int:
    """Make random calls of every kind, reading and writing, and count what belongs to another programme."""
    rng, foreign = random.Random(seed), 0
    mine = 0 if programme == "north" else 1
    for _call in range(calls):
        match rng.randrange(6):
            case 0:
                found = [*store.entries(programme, kinds=rng.choice(((), ("person",))), since=rng.randrange(60))]
            case 1:
                found = [*store.entries(programme, ids=rng.sample(PEOPLE, 3))]
            case 2:
                found = [*store.entries(programme, involving=rng.choice(PEOPLE))]
            case 3:
                rows = store.vectors(programme, "model", text_keys(rng.sample(PEOPLE, 5)))
                foreign += int((rows.vectors[:, 1 - mine] != 0).sum()) + int(len(rows.keys) != 5)
                continue
            case 4:
                foreign += sum(line.event.actor != programme for line in store.audit(programme))
                continue
            case _:
                name = rng.choice(PEOPLE)
                store.write(programme, Commit(changes=[Change("person", name, f'{{"of": "{programme}"}}', (name,))]))
                continue
        foreign += sum(entry.document is not None and programme not in entry.document for entry in found)
        foreign += len(found) - len({(entry.kind, entry.id) for entry in found})
    return foreign


@contextmanager
def without_predicates(store):
    """Let every statement of a store forget which programme it asks for, as a mistake of ours would."""

    def forget(_connection, _cursor, statement, parameters, _context, _many):
        return re.sub(
            r"matchengine\.\w+\.(programme|name) = %\(\w+\)s(::\w+)?( COLLATE \"C\")?", "true", statement
        ), parameters

    sa.event.listen(store._engine, "before_cursor_execute", forget, retval=True)
    yield
    sa.event.remove(store._engine, "before_cursor_execute", forget)


def everywhere(programmes: set[str]) -> dict[str, set[str]]:
    return dict.fromkeys(TABLES, programmes)


def seen_raw(url: str, programme: str | None) -> dict[str, set[str]]:
    """Programmes of which rows are seen without any predicate, by table."""
    seen = {}
    with psycopg.connect(url) as connection:
        if programme is not None:
            connection.execute("SELECT set_config(%s, %s, true)", [SETTING, programme])
        for table in TABLES:
            column = "name" if table == "programme" else "programme"
            rows = connection.execute(f"SELECT DISTINCT {column} FROM matchengine.{table}").fetchall()  # noqa: S608
            seen[table] = {row[0] for row in rows}
    return seen


# ---------------------------------------------------------------------- apart


@pytest.mark.parametrize("calls", [500, pytest.param(5_000, marks=pytest.mark.slow)])
def test_two_programmes_with_identical_people_never_see_each_other_sec2(database, calls):
    _owner, application = database
    with closing(open_postgres(application, "north")) as north, closing(open_postgres(application, "south")) as south:
        assert foreign_rows(north, "north", calls, seed=1) == 0
        assert foreign_rows(south, "south", calls, seed=2) == 0


def test_one_store_that_serves_both_keeps_them_apart_sec2(database):
    with closing(open_postgres(database[1], "north")) as both:
        for seed in range(40):
            assert foreign_rows(both, ("north", "south")[seed % 2], 5, seed) == 0


def test_a_statement_without_predicate_sees_its_own_programme_alone_sec2(database):
    assert seen_raw(database[1], "north") == everywhere({"north"})
    assert seen_raw(database[1], "south") == everywhere({"south"})


def test_a_connection_that_names_no_programme_sees_nothing_sec2(database):
    assert seen_raw(database[1], None) == everywhere(set())
    assert seen_raw(database[1], "") == everywhere(set())
    assert seen_raw(database[1], "no' OR '1'='1") == everywhere(set())
    with psycopg.connect(database[1]) as connection:
        with connection.transaction():
            connection.execute("SELECT set_config(%s, 'north', true)", [SETTING])
        assert connection.execute("SELECT count(*) FROM matchengine.record").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO matchengine.programme VALUES ('south2', 0, 0, 0, '', false)",
        "INSERT INTO matchengine.vector_space (programme, owner) VALUES ('south', 1)",
        "UPDATE matchengine.vector_space SET programme = 'south'",
        "UPDATE matchengine.audit SET why = 'x'",
        "DELETE FROM matchengine.audit",
        "TRUNCATE matchengine.record CASCADE",
        "ALTER TABLE matchengine.record DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY more ON matchengine.record USING (true)",
        "CREATE TABLE matchengine.mine (a int)",
        "COPY matchengine.vector_space (programme, owner) FROM STDIN",
    ],
)
def test_the_application_can_neither_write_for_others_nor_change_the_rules_sec2(database, statement):
    with psycopg.connect(database[1]) as connection:
        connection.execute("SELECT set_config(%s, 'north', true)", [SETTING])
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
            connection.execute(statement)


def test_the_application_cuts_its_own_record_where_the_last_line_signs_for_it(database):
    owner, application = database
    with closing(open_postgres(application, "north")) as store, acting("coordinator:7", "five years"):
        cut = cut_before(store, "north", datetime.now(UTC) + timedelta(days=1))
        lines = [*store.audit("north")]
        assert [(line.number, line.event.action) for line in lines] == [(2, "cut")]
        assert find_break(lines, noted_head(store, "north"), cut) is None
    with admin(owner) as connection:
        found = connection.execute("SELECT programme, count(*) FROM matchengine.audit GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [("north", 1), ("south", 1)]


@pytest.mark.parametrize("arguments", ["'north', 1", "'north', 9", "'south', 1"])
def test_the_application_deletes_no_line_for_which_nobody_signs(database, arguments):
    with psycopg.connect(database[1]) as connection:
        connection.execute("SELECT set_config(%s, 'north', true)", [SETTING])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="sign for the cut"):
            connection.execute(f"SELECT matchengine.cut_audit({arguments})")


def test_deleting_without_predicate_leaves_the_others_rows_sec2(database):
    owner, application = database
    with psycopg.connect(application) as connection:
        connection.execute("SELECT set_config(%s, 'north', true)", [SETTING])
        connection.execute("DELETE FROM matchengine.record")
    with admin(owner) as connection:
        found = connection.execute("SELECT programme, count(*) FROM matchengine.record GROUP BY 1").fetchall()
    assert found == [("south", len(PEOPLE))]


# ---------------------------------------------------------------------- negative controls (REL22)


def test_negative_control_a_forgotten_predicate_is_caught_by_the_database_and_without_it_is_seen(database):
    owner, application = database
    with closing(open_postgres(application, "north")) as north, without_predicates(north):
        with closing(open_postgres(application, "south", read_only=True)) as south:
            assert len([*south.entries("south")]) == len(PEOPLE)
        assert {entry.document for entry in north.entries("north")} == {'{"of": "north"}'}
        with admin(owner) as connection:
            for table in ("programme", "record", "involvement", "vector", "audit"):
                connection.execute(f"ALTER TABLE matchengine.{table} DISABLE ROW LEVEL SECURITY")
        assert {entry.document for entry in north.entries("north")} == {'{"of": "north"}', '{"of": "south"}'}
        assert seen_raw(application, "north")["record"] == {"north", "south"}


def test_negative_control_the_counting_finds_foreign_rows_where_both_protections_are_gone(database):
    owner, application = database
    with closing(open_postgres(application, "north", read_only=True)) as north, without_predicates(north):
        with admin(owner) as connection:
            for table in ("programme", "record", "involvement", "vector", "audit"):
                connection.execute(f"ALTER TABLE matchengine.{table} DISABLE ROW LEVEL SECURITY")
        found = sum('"south"' in (entry.document or "") for entry in north.entries("north"))
        assert found == len(PEOPLE)
        assert any(line.event.actor == "south" for line in north.audit("north"))


def test_negative_control_a_superuser_passes_by(database):
    assert seen_raw(database[0], "north") == everywhere({"north", "south"})


# ---------------------------------------------------------------------- who is turned away


@pytest.mark.parametrize(
    ("role", "options", "why"),
    [
        ("me_bypassing", "BYPASSRLS", "BYPASSRLS"),
        ("me_member", "IN ROLE me_bypassing", "'me_bypassing' has BYPASSRLS"),
        ("me_lazy_member", "NOINHERIT IN ROLE me_bypassing", "'me_bypassing' has BYPASSRLS"),
        ("me_replica", "REPLICATION", "REPLICATION"),
        ("me_files", "IN ROLE pg_read_server_files", "files of the server"),
        ("me_of_superuser", "IN ROLE postgres", "superuser"),
    ],
)
def test_a_role_that_may_pass_by_is_turned_away_sec2(database, role, options, why):
    owner, _application = database
    make_role(owner, "me_bypassing", "BYPASSRLS")
    url = make_role(owner, role, options)
    with admin(owner) as connection:
        connection.execute(f"GRANT {APPLICATION} TO {role}")
    with pytest.raises(StoreError, match=why) as caught:
        open_postgres(url, "north")
    assert "CREATE ROLE name LOGIN NOSUPERUSER NOBYPASSRLS" in str(caught.value)
    assert "matchengine store init" in str(caught.value)


def test_a_superuser_is_turned_away_sec2(database):
    with pytest.raises(StoreError, match="'postgres' is a superuser"):
        open_postgres(database[0], "north")


@pytest.mark.parametrize("owned", ["TABLE matchengine.record", "SCHEMA matchengine"])
def test_an_owner_and_a_member_of_the_owner_are_turned_away_sec2(database, owned):
    owner, _application = database
    url, member = make_role(owner, "me_owner"), make_role(owner, "me_of_owner", "IN ROLE me_owner")
    with admin(owner) as connection:
        connection.execute(f"GRANT {APPLICATION} TO me_owner")
        connection.execute(f"ALTER {owned} OWNER TO me_owner")
    for one in (url, member):
        with pytest.raises(StoreError, match="'me_owner' owns the tables or the schema"):
            open_postgres(one, "north")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("ALTER TABLE matchengine.record DISABLE ROW LEVEL SECURITY", "record: row-level security is not enabled"),
        ("ALTER TABLE matchengine.vector NO FORCE ROW LEVEL SECURITY", "vector: row-level security is not enabled"),
        ("DROP POLICY matchengine_programme ON matchengine.audit", "audit: the policy on programme is missing"),
        ("CREATE POLICY more ON matchengine.record USING (true)", "record: a policy allows more"),
        ("CREATE POLICY more ON matchengine.record FOR SELECT USING (true)", "record: a policy allows more"),
        (
            "ALTER POLICY matchengine_programme ON matchengine.record "
            "USING (programme = current_setting('matchengine.programme', true) OR true)",
            "record: a policy allows more",
        ),
        (
            "ALTER POLICY matchengine_programme ON matchengine.record WITH CHECK (true)",
            "record: a policy allows more",
        ),
        ("CREATE TABLE matchengine.extra (programme text)", "extra: row-level security is not enabled"),
        (f"GRANT TRUNCATE ON matchengine.record TO {APPLICATION}", "TRUNCATE on the table record"),
        (f"GRANT UPDATE ON matchengine.audit TO {APPLICATION}", "UPDATE on the table audit"),
        ("GRANT DELETE ON matchengine.audit TO PUBLIC", "DELETE on the table audit"),
    ],
)
def test_tables_without_their_whole_protection_are_not_opened_sec2(database, change, why):
    owner, application = database
    open_postgres(application, "north").close()
    with admin(owner) as connection:
        connection.execute(change)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=why):
            open_postgres(application, "north", read_only=read_only)


# ---------------------------------------------------------------------- hostile filters (SEC28)

QUOTES = st.text(alphabet=st.sampled_from("ab'\"`;%_\\-*/(){}[]=<>|&$:,. \n\téü"), max_size=25)
TEXTS = st.one_of(
    QUOTES,
    st.sampled_from(
        ["' OR '1'='1", "'; DROP TABLE matchengine.record; --", "%(programme)s", ":name", "{}", "\\'", "NULL"]
    ),
    st.text(max_size=8),
)


@pytest.fixture(scope="module")
def both():
    """A store in PostgreSQL and the reference in memory, with the same documents of two programmes."""
    owner, application = prepared_database()
    rng = random.Random(3)
    store, reference = open_postgres(application, "north"), MemoryStore()
    parts = "ab'\";%_\\- "
    for programme in ("north", "south"):
        names = ["".join(rng.choices(parts, k=rng.randint(1, 3))) for _n in range(200)]
        made = [
            Change(
                rng.choice(names[:9]), name, "{}", (rng.choice(names), name), NOW + timedelta(days=rng.randint(-3, 3))
            )
            for name in dict.fromkeys(names)
        ]
        for each in (store, reference):
            each.write(programme, Commit(changes=made))
    yield store, reference
    store.close()
    drop_database(owner)


def answers(store, programme: str, **filters) -> list:
    return [entry._replace(written_at=NOW) for entry in store.entries(programme, now=NOW, **filters)]


@pytest.mark.parametrize("examples", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_whatever_is_asked_for_the_answer_is_the_references_sec28(both, examples):
    store, reference = both

    @settings(max_examples=examples, deadline=None)
    @given(
        programme=st.sampled_from(["north", "south"]),
        kinds=st.lists(TEXTS, max_size=3),
        ids=st.none() | st.lists(TEXTS, max_size=4),
        involving=st.none() | TEXTS,
        since=st.integers(0, 300),
    )
    def asked(programme, kinds, ids, involving, since):
        filters = {"kinds": kinds, "ids": ids, "involving": involving, "since": since}
        assert answers(store, programme, **filters) == answers(reference, programme, **filters)
        for alone in ({"ids": ids}, {"involving": involving}):
            assert answers(store, programme, **alone) == answers(reference, programme, **alone)
        rows = store.vectors(programme, involving or "", np.zeros((1, 32), np.uint8))
        assert len(rows.keys) == 0

    asked()
