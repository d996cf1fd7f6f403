"""SEC4 in files: what a person confided is in no file any more once it may no longer be there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from matchengine.engine import Engine
from matchengine.records import ConsentGrant, Person
from tests.rights.support import grants, opened
from tests.support import config, mentee, mentor

pytest.importorskip("sqlalchemy")

CONFIDED = "xanadubreak"
GIVEN_AT = "2026-01-02T03:04:05Z"


def filled(folder: Path, **consent: Any) -> Engine:
    """A programme in a file in which one of many people confided something, written over and over."""
    made = opened(folder / "programme.db", config())
    people = [
        mentee("a0", lived_experience=[CONFIDED]),
        *(mentor(f"m{n}", hopes_to_gain="x" * (n + 1)) for n in range(60)),
    ]
    made.load(people, consents=grants("a0", "lived_experience", granted_at=GIVEN_AT, **consent))
    for n in range(3):
        made.upsert(Person.model_validate(mentee("a0", lived_experience=[CONFIDED], hopes_to_gain="y" * (150 * n + 1))))
    return made


def hits(folder: Path) -> list[str]:
    """Files under a folder in which stands what was confided."""
    return [p.name for p in sorted(folder.rglob("*")) if p.is_file() and CONFIDED.encode() in p.read_bytes()]


def withdraw(made: Engine) -> None:
    [given] = grants("a0", "lived_experience", granted_at=GIVEN_AT)
    made.upsert(ConsentGrant.model_validate(given | {"withdrawn_at": datetime.now(UTC).isoformat()}))


def say_less(made: Engine) -> None:
    made.upsert(Person.model_validate(mentee("a0")))


def take_out(made: Engine) -> None:
    made.remove("a0")


def load_others(made: Engine) -> None:
    made.load([mentee("a1"), mentor("m1")])


ENDINGS = [withdraw, say_less, take_out, load_others]


@pytest.mark.parametrize("end", ENDINGS)
def test_nothing_of_what_was_confided_stays_in_a_file(tmp_path: Path, end: Callable[[Engine], None]) -> None:
    with filled(tmp_path) as made:
        assert hits(tmp_path), "it was never there, so nothing is tested"
        end(made)
        assert hits(tmp_path) == []
    assert hits(tmp_path) == []


@pytest.mark.parametrize("end", ENDINGS)
def test_without_the_sweep_it_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[Engine], None]
) -> None:
    """Negative control: the log keeps what was there before."""
    from matchengine.store.sql.sqlite import SqliteStore

    monkeypatch.setattr(SqliteStore, "_sweep", lambda _store, _programme: True)
    with filled(tmp_path) as made:
        end(made)
        assert hits(tmp_path)


def test_a_consent_that_runs_out_leaves_nothing_in_a_file(tmp_path: Path) -> None:
    end = datetime.now(UTC) + timedelta(seconds=2)
    with filled(tmp_path, expires_at=end.isoformat()) as made:
        made.members("mentor")
        assert hits(tmp_path), "it was never there, so nothing is tested"
        time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))
        made.members("mentor")
        assert hits(tmp_path) == []


def test_an_edit_that_takes_nothing_confided_away_rebuilds_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is rebuilt where that is owed and nowhere else: it takes seconds in a large programme."""
    from matchengine.store.sql.sqlite import SqliteStore

    swept: list[str] = []
    sweep = SqliteStore._sweep
    monkeypatch.setattr(SqliteStore, "_sweep", lambda store, name: bool(swept.append(name)) or sweep(store, name))
    with filled(tmp_path) as made:
        made.upsert(Person.model_validate(mentee("a0", lived_experience=[CONFIDED, "more"], hopes_to_gain="z")))
        assert swept == []
        withdraw(made)
        assert swept == ["main"]
