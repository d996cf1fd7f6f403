"""SEC3: what is erased is nowhere any more, stays away, and does not come back with a restored database."""

from __future__ import annotations

import shutil
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchengine.engine import Engine
from matchengine.errors import DataError, StoreError, UnknownIdError
from matchengine.pool.vector_cache import EmbeddingCache, text_keys
from matchengine.programme.swaps.gains import wishes
from matchengine.records import Feedback, Group, Pause, Person, Relationship
from matchengine.store import disk, mentions
from matchengine.store.cache import CacheWarning
from matchengine.store.documents import Gone, id_of
from matchengine.store.memory import MemoryStore
from tests.rights.support import BY, answers, opened, programme
from tests.support import CONFIG, WordsPlugin, WordVectors, config, group, mentee, mentor

WORDS = ("xanaduone", "xanadutwo", "xanaduthree", "xanadufour")
ERASED = "zq-person-zq"
SAFE = {"felt_unsafe": True, "trust": 1}


def canary() -> dict[str, Any]:
    """A mentor with a word of their own in every text, and an id that occurs nowhere else."""
    return mentor(
        ERASED,
        offers=[{"text": f"sql with {WORDS[0]}", "level": 3}],
        hopes_to_gain=f"learn {WORDS[1]}",
        interests=[{"text": WORDS[2], "tag": WORDS[3]}],
        boundaries=[{"kind": "topic", "value": WORDS[3]}],
    )


def others() -> list[dict[str, Any]]:
    """People and ties that name the canary wherever a record can name somebody."""
    return [
        mentee("a0", boundaries=[{"kind": "person", "value": ERASED}, {"kind": "topic", "value": "chess"}]),
        mentee("a1", line_manager=ERASED),
        mentee("a2", household=ERASED),
        mentor("m0", household=ERASED),
        *(mentor(f"m{n}") for n in (1, 2, 3)),
    ]


def ties() -> list[dict[str, Any]]:
    return [
        {"person_id": "a1", "other_id": ERASED, "kind": "mentoring", "goals": [WORDS[0]]},
        {"person_id": "a2", "other_id": "m1", "kind": "mentoring", "status": "ended", "anchor_of": ERASED},
        {"person_id": "a0", "other_id": "m2", "kind": "sponsorship", "decided_by": ERASED, "decided_on": "2026-01-01"},
    ]


def said() -> list[dict[str, Any]]:
    answer = {"about_id": "g", "wave": "end", "perspective": "requester", "given_at": "2026-02-03T10:11:12Z"}
    return [
        answer | {"person_id": ERASED, "items": SAFE},
        answer | {"person_id": ERASED, "items": {"felt_unsafe": True}, "given_at": "2026-02-04T10:11:12Z"},
        answer | {"person_id": "a0", "about_id": ERASED, "items": {"trust": 5}},
    ]


def filled(location: Any, extra: str = "") -> Engine:
    """A programme with the canary in it, where everything that can be written has been."""
    cards = [group("g", contacts=[{"person_id": ERASED}, {"person_id": "m1"}])]
    told = {"groups": cards, "relationships": ties(), "feedback": said()}
    made = programme(location, extra, people=[*others(), canary()], **told)
    made.upsert(Person.model_validate(canary() | {"hopes_to_gain": f"now {WORDS[1]}"}))
    made.keep("spring", made.assign("mentor"))
    return made


def vector_bytes() -> list[bytes]:
    """The vectors of the canary's texts, in part, as any file would hold them."""
    texts = [f"sql with {WORDS[0]}", f"learn {WORDS[1]}", f"now {WORDS[1]}", WORDS[2]]
    vectors = WordVectors().encode(texts).vectors
    return [np.ascontiguousarray(vector[:8], "<f4").tobytes() for vector in vectors]


def hits(folder: Path) -> list[str]:
    """Files under a folder that hold the id, a word or a vector of the canary."""
    sought = [ERASED.encode(), *(word.encode() for word in WORDS), *vector_bytes()]
    return [str(p.relative_to(folder)) for p in sorted(folder.rglob("*")) if p.is_file() and _any(p, sought)]


def _any(path: Path, sought: list[bytes]) -> bool:
    data = path.read_bytes()
    return any(each in data for each in sought)


def erased_file(folder: Path, extra: str = "") -> Path:
    """Fill a SQLite store, find the canary in it, erase it and close; return the folder of everything."""
    with filled(folder / "programme.db", extra) as made:
        made.save(folder / "copies" / "saved")
    assert "programme.db" in hits(folder), "the canary was never there, so nothing is tested"
    with opened(folder / "programme.db") as made:
        done = made.erase(ERASED, **BY)
        assert [copy.address for copy in done.copies] == [str(folder / "copies" / "saved")]
        shutil.rmtree(done.copies[0].address)
        made.save(folder / "fresh")
        assert hits(folder) == []
        assert ERASED not in answers(made)
    return folder


def test_nothing_of_an_erased_person_is_in_any_file(tmp_path: Path) -> None:
    """SEC3: rows, tombstones, vectors, caches, index, free pages and log; while the store is open and after."""
    pytest.importorskip("sqlalchemy")
    assert hits(erased_file(tmp_path)) == []


def test_the_search_finds_a_canary_where_the_database_is_not_rebuilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: without the sweep of free pages and log the search above has hits."""
    sqlite = pytest.importorskip("matchengine.store.sql.sqlite")
    monkeypatch.setattr(sqlite.SqliteStore, "_sweep", lambda store, programme: True)
    monkeypatch.setattr(sqlite, "_PRAGMAS", tuple(p for p in sqlite._PRAGMAS if "secure_delete" not in p))
    with pytest.raises(AssertionError):
        erased_file(tmp_path)


def test_the_search_finds_a_canary_where_the_cache_is_not_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the cache beside the store holds texts and vectors too."""
    pytest.importorskip("sqlalchemy")
    monkeypatch.setattr(Engine, "_drop_cache", lambda engine: None)
    monkeypatch.setattr(Engine, "_publish_cache", lambda engine: None)
    with filled(tmp_path / "programme.db") as made:
        monkeypatch.undo()
        made._publish_cache()
        monkeypatch.setattr(Engine, "_drop_cache", lambda engine: None)
        monkeypatch.setattr(Engine, "_publish_cache", lambda engine: None)
        made.erase(ERASED, **BY)
        assert any("cache" in name for name in hits(tmp_path))


def test_the_cache_of_vectors_that_programmes_share_forgets_the_texts(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    text = CONFIG.replace("cache = false", f'cache = "{folder}"')
    shared = EmbeddingCache(folder)
    texts = [f"sql with {WORDS[0]}", "hiking"]
    shared.put("words-a", texts, WordVectors().encode(texts).vectors, np.zeros(2, np.bool_))
    assert hits(folder)
    made = opened(MemoryStore(), config(text=text))
    made.load([*others(), canary()], groups=[group("g")])
    done = made.erase(ERASED, **BY)
    assert (done.cached, hits(folder)) == (1, [])


# ---------------------------------------------------------------------- others


def test_no_document_names_the_person_and_the_others_keep_the_rest() -> None:
    made = filled(MemoryStore())
    keeper = made._keeper
    assert keeper is not None
    done = made.erase(ERASED, **BY)
    told = "\n".join(repr(entry) for entry in keeper.entries()) + "\n".join(repr(e) for e in keeper.entries(since=1))
    assert ERASED not in told
    assert not [word for word in WORDS if word in told]
    assert (done.results, done.flags_kept) == (1, 1)
    assert done.documents >= 5
    assert done.rewritten == 7  # four people, a tie with an anchor, a decision, a group with a contact
    assert done.vectors > 0
    own = keeper.person("a0")
    assert own is not None
    assert [boundary.value for boundary in own.boundaries] == ["chess"]
    [decided] = [r for r in records(made, "relationship") if r.kind == "sponsorship"]
    assert (decided.decided_by, decided.status) == ("erased", "active")
    homes = [each.household for each in records(made, "person") if each.id in ("a2", "m0")]
    assert homes[0] == homes[1]
    assert homes[0] not in (None, ERASED)


def records(made: Engine, kind: str) -> list[Any]:
    assert made._keeper is not None
    return list(made._keeper.everything()[1][kind])


def test_a_safety_flag_stays_once_and_without_a_name() -> None:
    made = filled(MemoryStore())
    made.erase(ERASED, **BY)
    [flag] = records(made, "feedback")
    assert isinstance(flag, Feedback)
    assert (flag.person_id, flag.anonymous, flag.about_id) == (None, True, "g")
    assert flag.items.model_dump(exclude_none=True) == {"felt_unsafe": True}
    assert flag.given_at is not None
    assert flag.given_at.replace(microsecond=0).isoformat() == "2026-02-03T00:00:00+00:00"


@pytest.mark.parametrize("given_at", [None, "2026-02-03T10:00:00Z"])
@pytest.mark.parametrize("back", [False, True])
def test_flags_of_two_people_stay_those_of_two(given_at: str | None, back: bool, tmp_path: Path) -> None:
    flag = {"about_id": "g", "wave": "30_days", "perspective": "requester", "items": {"felt_unsafe": True}}
    dated = flag if given_at is None else flag | {"given_at": given_at}
    made = programme(tmp_path / "programme.db", feedback=[dated | {"person_id": who} for who in ("a0", "a1")])
    made.close()
    shutil.copy2(tmp_path / "programme.db", tmp_path / "copy")
    with opened(tmp_path / "programme.db") as made:
        assert made.suggest("a2", "group") == []
        for who in ("a0", "a1"):
            made.erase(who, **BY)
            assert made.suggest("a2", "group") == []
    if back:
        shutil.copy2(tmp_path / "copy", tmp_path / "programme.db")
        with pytest.warns(CacheWarning), opened(tmp_path / "programme.db", read_only=True) as reader:
            assert reader.suggest("a2", "group") == []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CacheWarning)
        made = opened(tmp_path / "programme.db")
    with made:
        assert made.suggest("a2", "group") == []
        kept = [each for each in records(made, "feedback") if isinstance(each, Feedback)]
    assert [(each.person_id, each.anonymous) for each in kept] == [(None, True)] * 2


def test_flags_that_are_alike_would_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    flag = {"about_id": "g", "wave": "30_days", "perspective": "requester", "items": {"felt_unsafe": True}}
    dated = flag | {"given_at": "2026-02-03T10:00:00Z"}
    made = programme(feedback=[dated | {"person_id": who} for who in ("a0", "a1")])
    monkeypatch.setattr(mentions, "randbelow", lambda _most: 0)
    for who in ("a0", "a1"):
        made.erase(who, **BY)
    assert made.suggest("a2", "group") != []


def test_an_erased_person_equals_one_who_never_came() -> None:
    plain = [{**person, "boundaries": [], "line_manager": None, "household": None} for person in others()]
    plain[2]["household"] = plain[3]["household"] = "h"
    never = programme(people=plain, feedback=[], relationships=[])
    made = programme(people=[*others(), canary()], feedback=[], relationships=[])
    made.erase(ERASED, **BY)
    assert answers(made) == answers(never)


def test_readers_of_the_same_store_no_longer_see_them() -> None:
    store = MemoryStore()
    made = filled(store)
    reader = opened(store, read_only=True)
    assert ERASED in reader.members("mentor").candidates
    made.erase(ERASED, **BY)
    assert ERASED not in reader.members("mentor").candidates
    assert ERASED not in answers(reader)


def test_what_cannot_be_erased_is_refused_and_changes_nothing() -> None:
    made = filled(MemoryStore())
    before = answers(made)
    with pytest.raises(UnknownIdError):
        made.erase("nobody", **BY)
    with pytest.raises(DataError, match="no person"):
        made.erase("g", **BY)
    with pytest.raises(DataError):
        made.erase(ERASED, why="x", by="who@example.org")
    assert answers(made) == before


def test_a_cache_that_cannot_be_deleted_is_named_and_everything_else_is_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlalchemy")
    with filled(tmp_path / "programme.db"):
        pass
    cache = tmp_path / "programme.db-files" / "cache" / "main"
    assert hits(cache)
    with opened(tmp_path / "programme.db") as made:
        remove = disk.remove_tree

        def stuck(path: Path) -> None:
            if path.parent == cache.parent:
                raise PermissionError(13, "Permission denied")
            remove(path)

        monkeypatch.setattr(disk, "remove_tree", stuck)
        with pytest.warns(CacheWarning, match="delete it by hand"):
            done = made.erase(ERASED, **BY)
        monkeypatch.undo()
        assert ERASED not in answers(made)
        (left,) = (path for path in cache.parent.iterdir() if path != cache)
        assert [(c.address, c.what) for c in done.copies] == [(str(left), "cache that could not be deleted")]
        assert made._keeper is not None
        assert made._keeper.suppression.names(ERASED)
        assert [name for name in hits(tmp_path) if left.name not in name] == []
        with pytest.raises(DataError, match="erased"):
            made.upsert(Person.model_validate(canary()))
    with opened(tmp_path / "programme.db") as again:
        assert ERASED not in answers(again)
    assert hits(tmp_path) == []


@pytest.mark.parametrize("place", ["memory", "file"])
def test_an_erasure_takes_every_tombstone_with_it(tmp_path: Path, place: str) -> None:
    """The ids of ties, consents, answers and pauses are hashes without a key: who knows the people can guess them."""
    if place == "file":
        pytest.importorskip("sqlalchemy")
    made = filled(MemoryStore() if place == "memory" else tmp_path / "programme.db")
    made.remove("m3")
    made.upsert(Pause(person_id="m2"))
    made.load([*others(), canary()], groups=[group("g")])
    keeper = made._keeper
    assert keeper is not None
    buried = {(e.kind, e.id) for e in keeper.entries(since=1) if e.document is None}
    tie = id_of(Relationship.model_validate(ties()[1]))
    assert ("relationship", tie) in buried
    made.erase(ERASED, **BY)
    assert {e.kind for e in keeper.entries(since=1) if e.document is None} <= {"stale"}
    made.close()
    assert place == "memory" or tie.encode() not in (tmp_path / "programme.db").read_bytes()


def test_a_store_that_fails_erases_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    made = filled(store)
    before = answers(made)

    def fail(*_given: Any) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "write", fail)
    with pytest.raises(StoreError):
        made.erase(ERASED, **BY)
    monkeypatch.undo()
    assert answers(made) == before
    assert not made._keeper.suppression  # type: ignore[union-attr]


# ---------------------------------------------------------------------- who is not there any more

OVER = "[retention]\nfeedback = 30\nrelationship = 10\n"
ROSTER = [mentee("a0"), mentee("a1"), mentee("a2"), *(mentor(f"m{n}") for n in range(4))]


def left(made: Engine, how: str) -> None:
    """Let the canary go, or be named only by what has run out."""
    if how == "removed":
        made.remove(ERASED)
    elif how == "synchronised":
        made.sync(people=ROSTER)
    elif how == "loaded":
        made.load(ROSTER)
    else:
        made.apply([
            Feedback.model_validate(said()[2] | {"given_at": "2020-01-01T00:00:00Z"}),
            Relationship.model_validate(ties()[1] | {"ends": "2020-01-01", "goals": [WORDS[0]]}),
        ])  # fmt: skip


@pytest.mark.parametrize(
    ("how", "reopened"), [("removed", True), ("synchronised", False), ("loaded", False), ("over", True)]
)
def test_whoever_is_gone_already_is_erased_all_the_same(tmp_path: Path, how: str, reopened: bool) -> None:
    """Tombstone, vectors and cache hold them still, and only an erasure keeps the next roster from bringing them."""
    pytest.importorskip("sqlalchemy")
    people = ROSTER if how == "over" else [*ROSTER, canary()]
    made = programme(tmp_path / "programme.db", OVER, people=people)
    left(made, how)
    if reopened:
        made.close()
        assert "programme.db" in hits(tmp_path)
        made = opened(tmp_path / "programme.db")
    with made:
        with pytest.raises(UnknownIdError):
            made.erase("zq-person-z", **BY)
        made.erase(ERASED, **BY)
        assert hits(tmp_path) == []
        with pytest.raises(DataError, match="erased"):
            made.upsert(Person.model_validate(canary()))
    assert hits(tmp_path) == []


def test_what_has_run_out_does_not_begin_anew_without_a_name() -> None:
    made = programme(extra=OVER)
    keeper = made._keeper
    assert keeper is not None
    ended = {"kind": "mentoring", "status": "ended", "ends": "2020-01-01", "anchor_of": ERASED}
    made.upsert(Relationship.model_validate({"person_id": "a1", "other_id": "m1"} | ended))
    made.upsert(Feedback.model_validate(said()[0] | {"given_at": "2020-01-01T00:00:00Z"}))
    done = made.erase(ERASED, **BY)
    assert (done.documents, done.rewritten, done.flags_kept) == (2, 0, 0)
    ever = [*keeper.entries(now=datetime.min.replace(tzinfo=UTC))]
    assert not {"relationship", "feedback"} & {entry.kind for entry in ever}


# ---------------------------------------------------------------------- what was never accepted

NEW = "a text with xanadufive"


def stored(made: Engine, text: str) -> int:
    """How many vectors of a text are in the store, after one more commit."""
    keeper = made._keeper
    assert keeper is not None
    made.upsert(Person.model_validate(mentee("late", goals=[{"text": "something else"}])))
    return len(keeper.store.vectors(keeper.programme, "words-a", text_keys([text])).keys)


def test_words_of_a_change_that_failed_are_forgotten() -> None:
    made = filled(MemoryStore())
    changed = Person.model_validate(canary() | {"hopes_to_gain": NEW})
    with pytest.raises(UnknownIdError):
        made.apply([changed, Gone("nope")])
    assert stored(made, NEW) == 0
    with pytest.raises(DataError):
        made.load([canary() | {"hopes_to_gain": NEW}, mentee("a0", goals=[{"text": NEW}]), mentee("a0")])
    assert stored(made, NEW) == 0
    made.upsert(changed)
    assert stored(made, NEW) == 1, "otherwise the search above finds nothing"


def test_an_erasure_leaves_no_vector_to_be_written_with_the_next_change() -> None:
    """Texts of a consent that began wait for one, for instance."""
    made = filled(MemoryStore())
    assert made._keeper is not None
    with made._keeper.collecting():
        wait(made, NEW)
    assert made._keeper.vectors._new
    made.erase(ERASED, **BY)
    assert stored(made, NEW) == 0


def wait(made: Engine, text: str) -> None:
    assert made._keeper is not None
    made._keeper.vectors.put("words-a", [text], WordVectors().encode([text]).vectors, np.zeros(1, np.bool_))


@pytest.mark.parametrize("read_only", [False, True])
def test_a_text_of_a_question_leaves_no_vector(tmp_path: Path, read_only: bool) -> None:
    pytest.importorskip("sqlalchemy")
    filled(tmp_path / "programme.db").close()
    with opened(tmp_path / "programme.db", read_only=read_only) as made:
        assert made._keeper is not None
        wishes(made._scene("mentor"), [(NEW, None)])
        assert made._keeper.vectors._new == []


def test_vectors_of_a_question_asked_within_a_change_would_be_kept() -> None:
    """REL22, negative control: a question that is asked as if it were a change."""
    made = filled(MemoryStore())
    assert made._keeper is not None
    with made._keeper.collecting():
        wishes(made._scene("mentor"), [(NEW, None)])
    made.upsert(Person.model_validate(mentee("a0")))
    assert stored(made, NEW) == 1


# ---------------------------------------------------------------------- coming back


def test_imports_leave_erased_people_out_and_say_how_many() -> None:
    made = filled(MemoryStore())
    made.erase(ERASED, **BY)
    clean = answers(made)
    with pytest.raises(DataError, match="erased") as refused:
        made.upsert(Person.model_validate(canary()))
    assert ERASED not in str(refused.value)
    with pytest.raises(DataError, match="erased"):
        made.upsert(Relationship(person_id="a0", other_id=ERASED, kind="mentoring"))
    made.upsert(Group.model_validate(group("g", contacts=[{"person_id": ERASED}, {"person_id": "m1"}])))
    assert ERASED not in "".join(repr(e) for e in made._keeper.entries())  # type: ignore[union-attr]
    assert answers(made) == clean
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made.load([*others(), canary()], groups=[group("g")], relationships=ties(), feedback=said())
    told = [str(each.message) for each in caught]
    assert any("1 record " in each for each in told)
    assert not any(ERASED in each for each in told)
    assert ERASED not in answers(made)
    with pytest.warns(UserWarning, match="1 record "):
        made.apply([Person.model_validate(canary()), Person.model_validate(mentee("late"))])
    assert "late" in made.members("mentor").requesters


def test_who_comes_back_by_their_own_wish_is_taken_in() -> None:
    made = filled(MemoryStore())
    made.erase(ERASED, **BY)
    with pytest.raises(DataError):
        made.allow_again("a0", **BY)
    made.allow_again(ERASED, **BY)
    made.upsert(Person.model_validate(canary()))
    assert ERASED in made.members("mentor").candidates
    made.erase(ERASED, **BY)
    assert ERASED not in made.members("mentor").candidates


def restored(tmp_path: Path) -> Path:
    """Erase somebody, then put the database back to the day before; the folder beside it stays."""
    database = tmp_path / "programme.db"
    with filled(database):
        pass
    shutil.copy(database, tmp_path / "backup")
    with opened(database) as made:
        made.erase(ERASED, **BY)
    for left in tmp_path.glob("programme.db-[sw]*"):
        left.unlink()
    shutil.copy(tmp_path / "backup", database)
    (tmp_path / "backup").unlink()
    return database


def test_a_restored_database_does_not_bring_anybody_back(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    database = restored(tmp_path)
    assert "programme.db" in hits(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the cache is of another day
        with opened(database, read_only=True) as reader:
            assert ERASED not in answers(reader)
        with opened(database) as made:
            assert ERASED not in answers(made)
    assert hits(tmp_path) == []


def test_without_the_list_outside_a_restored_database_brings_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: it is the list beside the database that keeps them away."""
    pytest.importorskip("sqlalchemy")
    database = restored(tmp_path)
    monkeypatch.setattr("matchengine.store.keep.suppression_file", lambda *_given: None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with opened(database) as made:
            assert ERASED in answers(made)


def test_the_list_is_its_owners_alone_and_tells_no_id(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    with filled(tmp_path / "programme.db") as made:
        made.erase(ERASED, **BY)
    path = tmp_path / "programme.db-files" / "erased-main"
    assert path.stat().st_mode & 0o777 == 0o600
    assert ERASED not in path.read_text(encoding="ascii")
    path.write_text("nonsense\n", encoding="ascii")
    with pytest.raises(StoreError, match="damaged"):
        opened(tmp_path / "programme.db")


def test_an_erasure_needs_a_store() -> None:
    made = Engine(config(), plugins=[WordsPlugin()])
    with pytest.raises(DataError, match="store"):
        made.erase("a", **BY)
