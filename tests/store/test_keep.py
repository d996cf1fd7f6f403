"""What one commit does to documents, change after change, and what a reader is told of a store that was put back."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from tests.support import config, mentee, mentor, over

from matchengine.engine import Engine
from matchengine.errors import DataError, UnknownIdError
from matchengine.records import Feedback, Person
from matchengine.store.cache import CacheWarning
from matchengine.store.documents import Gone
from matchengine.store.memory import MemoryStore


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_whoever_comes_and_goes_in_one_change_was_never_there(kind: str, tmp_path: Path) -> None:
    place: Any = MemoryStore() if kind == "memory" else tmp_path / "programme.db"
    made = over(place, config())
    made.load([mentee("a"), mentor("m")])
    made.apply([Person.model_validate(mentor("new")), Gone("new"), Person.model_validate(mentor("n"))])
    with pytest.raises(DataError, match="not known"):
        made.apply([Person.model_validate(mentor("o")), Gone("nobody")])
    with over(place, read_only=True) as reader:
        assert sorted(reader.members("mentor").candidates) == sorted(made.members("mentor").candidates) == ["m", "n"]
    made.close()


ERASED = "xanaduperson"


def put_back(folder: Path) -> Path:
    """A database of the day before somebody was erased, beside the list that names them."""
    database = folder / "programme.db"
    apart = [{"kind": "person", "value": ERASED}, {"kind": "person", "value": "m"}]
    made = over(database, config())
    made.load([mentee("a"), mentee("b", boundaries=apart), mentor("m"), mentor(ERASED)])
    made.keep("spring", made.assign("mentor"))
    said = {"about_id": ERASED, "person_id": "a", "wave": "end", "perspective": "requester", "items": {"trust": 5}}
    made.upsert(Feedback.model_validate(said))
    made.close()
    shutil.copy(database, folder / "backup")
    made = over(database)
    made.erase(ERASED, why="asked for it", by="coordinator:7")
    made.close()
    shutil.move(folder / "backup", database)
    return database


def told(reader: Engine) -> list[str]:
    """What a reader tells of whoever was erased, by the names of the questions."""
    found = ["changes_since"] if any(notice.id == ERASED for notice in reader.changes_since(0)) else []
    for ask in (reader.person_record, reader.shown_text):
        try:
            ask(ERASED)
        except UnknownIdError:
            continue
        found.append(ask.__name__)
    found += ["kept_results"] if reader.kept_results() else []
    assert reader._keeper is not None
    held = [*reader._keeper.entries(), *reader._keeper.entries(since=1)]
    return found + [f"{each.kind} {each.id}" for each in held if ERASED in f"{each.id} {each.people} {each.document}"]


def test_a_reader_of_a_database_that_was_put_back_tells_nothing_of_the_erased(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    from matchengine.cli.locations import folder_of

    database = put_back(tmp_path)
    with pytest.warns(CacheWarning):
        reader = over(database, read_only=True)
    with reader:
        assert told(reader) == []
        own = reader.person_record("b").record
        assert own is not None
        assert [each.kind for each in own.boundaries] == ["person"]
        people = folder_of(Namespace(data=str(database), programme="main")).people
        assert sorted(person.id for person in people) == ["a", "b", "m"]


def test_without_the_list_a_reader_tells_of_them(tmp_path: Path) -> None:
    """Negative control."""
    pytest.importorskip("sqlalchemy")
    database = put_back(tmp_path)
    (tmp_path / "programme.db-files" / "erased-main").unlink()
    with pytest.warns(CacheWarning):
        reader = over(database, read_only=True)
    with reader:
        assert {"changes_since", "person_record", "shown_text", "kept_results"} <= {*told(reader)}
