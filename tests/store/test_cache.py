"""The cache beside a store: the same engine as the one that wrote it, or none at all; the store has the last word."""

from __future__ import annotations

import threading
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support import CONFIG, config, consent, engine, group, mentee, mentor, over

from matchengine import cached
from matchengine.engine import Engine
from matchengine.errors import StoreError
from matchengine.pool.digest import consents_digest, data_digest, vectors_digest
from matchengine.records import ConsentGrant, Feedback, Group, Pause, Person
from matchengine.store import disk
from matchengine.store.base import Change, Commit
from matchengine.store.cache import Cache, CacheWarning
from matchengine.store.memory import MemoryStore

pytestmark = pytest.mark.filterwarnings("error::matchengine.store.cache.CacheWarning")
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Kept(MemoryStore):
    """A store that outlives the engines over it."""

    def close(self) -> None:
        """Stay open."""


@pytest.fixture
def store() -> Kept:
    return Kept()


@pytest.fixture
def read_from_the_store(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Count how often everything was read from the store."""
    seen: list[bool] = []
    whole = Engine._rebuild

    def rebuild(self: Engine, keeper: Any) -> None:
        seen.append(True)
        whole(self, keeper)

    monkeypatch.setattr(Engine, "_rebuild", rebuild)
    return seen


def filled(store: Kept, files: Path) -> Engine:
    """An engine over a store with everything that a state can hold: texts, wishes, consents, flags, pauses, changes."""
    made = over(store, config(), files=files)
    tokens = {"attributes": [{"dimension": "gender", "value": "woman"}]}
    people = [mentee(f"a{n}", **tokens) for n in range(6)]
    people += [mentor(f"m{n}", offers=[{"text": f"sql and topic {n % 5}", "level": 3}]) for n in range(14)]
    grants = [consent(f"a{n}", field) for n in range(6) for field in ("attributes", "wishes")]
    made.load(people, groups=[group(f"g{n}", topics=["hiking", f"topic {n}"]) for n in range(4)], consents=grants)
    made.upsert(Person.model_validate(mentor("late", offers=[{"text": "learn sql for new things", "level": 4}])))
    for strength in ("nice", "important"):
        wishes = [{"dimension": "gender", "strength": strength}]
        made.upsert(Person.model_validate(mentee("a1", wishes=wishes, **tokens)))
    for who in ("a2", "a3"):
        items = {"felt_unsafe": True}
        told = {"about_id": "g1", "person_id": who, "wave": "30_days", "perspective": "requester", "given_at": NOW}
        made.upsert(Feedback.model_validate({**told, "items": items}))
    made.upsert(Pause(person_id="m3"))
    made.upsert(ConsentGrant.model_validate(consent("a4", "attributes", withdrawn_at="2026-01-01T00:00:00Z")))
    made.upsert(Group.model_validate(group("new", topics=["hiking at night"])))
    made.remove("m5")
    return made


def answers(made: Engine) -> list[Any]:
    """Everything that a state answers, and what it will limit later."""
    people = [f"a{n}" for n in range(6)]
    asked = made.suggest_many(people, "mentor", 30)
    pool = made._pool
    return [
        asked, made.suggest_many(people, "group", 9), made.fingerprint(),
        pool.calibration, pool.lexical_high, pool.wish_edits.to_json(), pool.flags.to_json(), pool.pauses.to_json(),
        pool.ties.to_json(), pool.recent, pool.lexicon.idf.tolist(), dict(made._neutral), pool.generation,
        data_digest(pool), vectors_digest(pool), consents_digest(pool),
    ]  # fmt: skip


def test_what_is_opened_from_a_cache_answers_as_the_engine_that_wrote_it(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    made = filled(store, tmp_path)
    answers(made)  # which withholds what ended
    made._publish_cache()
    told = answers(made)
    made.close()
    read_from_the_store.clear()
    assert answers(over(store, files=tmp_path)) == told
    assert answers(over(store, files=tmp_path, read_only=True)) == told
    assert not read_from_the_store


def test_what_was_written_after_the_cache_is_replayed(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    made = filled(store, tmp_path)
    made._publish_cache()
    made.upsert(Person.model_validate(mentor("later", offers=[{"text": "learn sql for data work", "level": 4}])))
    made.remove("m7")
    told = made.suggest("a0", "mentor", 30)
    read_from_the_store.clear()
    reader = over(store, files=tmp_path, read_only=True)
    assert reader.suggest("a0", "mentor", 30) == told
    assert told[0].candidate_id == "later"
    made.upsert(Person.model_validate(mentor("even-later", offers=[{"text": "learn sql for data work", "level": 4}])))
    assert "even-later" in reader.members("mentor").candidates
    assert not read_from_the_store


def test_rows_grow_into_the_spare_ones_and_the_file_never_changes(store: Kept, tmp_path: Path) -> None:
    filled(store, tmp_path).close()
    file = tmp_path / "cache" / "main" / "arrays.bin"
    before, again = file.read_bytes(), over(store, files=tmp_path)
    index = again._pool.indexes["people.offers"]
    matrix = index._rows.vectors  # type: ignore[attr-defined]
    for n in range(5):
        again.upsert(Person.model_validate(mentor(f"x{n}", offers=[{"text": f"quite new {n}", "level": 3}])))
    after = again._pool.indexes["people.offers"]
    assert after._rows.vectors is matrix  # type: ignore[attr-defined]
    assert len(after) == len(index) + 5
    again.remove("m1")
    assert file.read_bytes() == before


def test_readers_never_write_it(store: Kept, tmp_path: Path) -> None:
    made = filled(store, tmp_path)
    made._finish_publishing()
    made._drop_cache()
    reader = over(store, files=tmp_path, read_only=True)
    reader.suggest("a0", "mentor")
    reader._publish_cache()
    reader.close()
    assert not (tmp_path / "cache" / "main").exists()


def test_a_store_without_files_or_with_seals_has_no_cache(store: Kept, tmp_path: Path) -> None:
    filled(store, tmp_path).close()
    store.sealed = True  # type: ignore[attr-defined]
    over(store, files=tmp_path).close()
    assert not (tmp_path / "cache" / "main").exists()  # what was written before it was sealed is gone
    plain = Kept()
    made = over(plain, config())
    made.load([mentee("a"), mentor("m")])
    assert made._cache is None
    made.close()


# ---------------------------------------------------------------------- doubt


def rebuilt(store: Kept, files: Path, match: str, read: list[bool], **options: Any) -> Engine:
    """Open a store whose cache is to be refused, with a sentence, and read from the store."""
    read.clear()
    with pytest.warns(CacheWarning, match=match):
        made = over(store, options.pop("configuration", None), files=files, **options)
    assert read == [True]
    return made


def test_a_damaged_cache_is_refused_said_and_made_anew(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    made = filled(store, tmp_path)
    told = made.suggest("a0", "group", 9)
    made.close()
    path = tmp_path / "cache" / "main" / "arrays.bin"
    damage(path)
    again = rebuilt(store, tmp_path, "not used.*arrays.bin.*damaged", read_from_the_store)
    assert {s.candidate_id for s in again.suggest("a0", "group", 9)} == {s.candidate_id for s in told}
    again.close()
    read_from_the_store.clear()
    over(store, files=tmp_path).close()
    assert not read_from_the_store


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0x10
    path.write_bytes(data)


def test_a_store_that_was_put_back_is_believed_not_the_cache(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    filled(store, tmp_path).close()
    backup = {name: replace(of, entries=dict(of.entries)) for name, of in store._programmes.items()}
    made = over(store, files=tmp_path)
    made.upsert(Person.model_validate(mentor("gone-with-the-disk")))
    made.close()
    store._programmes = backup
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CacheWarning)
        for n in range(9):  # the store goes on from there, beyond the cache's position, without the cache
            store.write("main", Commit(changes=(Change("setting", "x", f'"{n}"'),)))
    again = rebuilt(store, tmp_path, "put back to an earlier day", read_from_the_store)
    assert "gone-with-the-disk" not in again.members("mentor").candidates


def test_a_cache_of_another_epoch_configuration_or_version_is_refused(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, tmp_path).close()
    other = config(text=CONFIG.replace('name = "test"', 'name = "test"\n[programme]\nlanguage = "es"'))
    rebuilt(store, tmp_path, "another configuration", read_from_the_store, configuration=other, read_only=True)
    with monkeypatch.context() as later:
        later.setattr(cached, "__version__", "99.0")
        rebuilt(store, tmp_path, "made by version", read_from_the_store, read_only=True)
    store.write("main", Commit(new_epoch=True))
    rebuilt(store, tmp_path, "loaded anew, or somebody was erased", read_from_the_store)
    assert not (tmp_path / "cache" / "main").exists()  # whoever writes deletes what may hold somebody who was erased


def test_other_rules_take_the_cache_but_measure_the_average_anew(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    filled(store, tmp_path).close()
    other = config(text=CONFIG.replace("weight = 0.35", "weight = 0.9"))
    read_from_the_store.clear()
    opened = over(store, other, files=tmp_path, read_only=True)
    assert not read_from_the_store
    assert opened._neutral == {name: opened._measured(of, opened._pool)[1] for name, of in opened._chosen.items()}
    assert opened._neutral != over(store, config(), files=tmp_path, read_only=True)._neutral


def test_vectors_that_are_not_those_of_the_store_are_noticed(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    """A cache whose every hash is right, but whose vectors are others: only the comparison with the store can tell."""
    made = filled(store, tmp_path)
    made.close()
    held = store._programmes["main"].vectors["words-a"]
    for key, (vector, cut) in held.items():
        held[key] = np.roll(vector, 1), cut
    rebuilt(store, tmp_path, "not those of the store", read_from_the_store)


def test_without_the_comparison_nobody_notices(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control of the test above."""
    filled(store, tmp_path).close()
    held = store._programmes["main"].vectors["words-a"]
    for key, (vector, cut) in held.items():
        held[key] = np.roll(vector, 1), cut
    monkeypatch.setattr(cached, "agrees", lambda _pool, _keeper: True)
    read_from_the_store.clear()
    over(store, files=tmp_path, read_only=True)
    assert not read_from_the_store


def test_another_model_is_refused_even_with_vectors_of_the_same_length(store: Kept, tmp_path: Path) -> None:
    """REL6."""
    filled(store, tmp_path).close()
    other = config(text=CONFIG.replace("cache = false", 'cache = false\nwith = { salt = "b" }'))
    with pytest.raises(StoreError, match=r"words-a.*words-b.*open it with the model"):
        over(store, other, files=tmp_path)
    with pytest.raises(StoreError, match=r"words-a.*words-b"):
        over(store, other, read_only=True)


def test_a_programme_without_a_load_keeps_its_configuration_and_its_model(store: Kept) -> None:
    made = over(store, config())
    made.upsert(Person.model_validate(mentor("m")))
    made.close()
    over(store, config()).close()
    assert over(store, read_only=True).members("mentor").candidates == ("m",)
    other = config(text=CONFIG.replace("cache = false", 'cache = false\nwith = { salt = "b" }'))
    with pytest.raises(StoreError, match=r"words-a.*words-b"):
        over(store, other)


# ---------------------------------------------------------------------- publishing


def test_it_is_published_after_a_load_after_many_changes_and_when_closed(
    store: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "CHANGES", 4)
    made = over(store, config(), files=tmp_path)
    made.load([mentee("a"), mentor("m")])
    cache = made._cache
    assert cache is not None
    assert cache.position == store.position("main")
    first = cache.position
    for n in range(5):
        made.upsert(Person.model_validate(mentor(f"x{n}")))
        if made._publishing is not None:
            made._publishing.join()
    assert cache.position > first
    second = cache.position
    made.upsert(Person.model_validate(mentor("last")))
    assert cache.position == second
    made.close()
    assert cache.position == store.position("main") > second
    at = store.position("main")
    over(store, files=tmp_path).close()
    assert store.position("main") == at  # nothing new: nothing is published


def test_a_change_does_not_wait_for_a_publication(store: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, going, go_on = filled(store, tmp_path), threading.Event(), threading.Event()
    made._finish_publishing()
    monkeypatch.setattr(cached, "CHANGES", 1)
    whole = Cache.publish

    def slow(self: Cache, *arguments: Any) -> bool:
        going.set()
        assert go_on.wait(30)
        return whole(self, *arguments)

    monkeypatch.setattr(Cache, "publish", slow)
    made.upsert(Person.model_validate(mentor("one")))
    assert going.wait(30)
    made.upsert(Person.model_validate(mentor("two")))
    assert {"one", "two"} <= set(made.members("mentor").candidates)
    go_on.set()
    made.close()
    assert "two" in over(store, files=tmp_path, read_only=True).members("mentor").candidates


def test_what_was_dropped_does_not_come_back(store: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure drops the cache while the state before it is being written."""
    made = filled(store, tmp_path)
    made._finish_publishing()
    made.upsert(Person.model_validate(mentor("x")))
    whole, dropping = disk.sync, []

    def drop_meanwhile(handle: int) -> None:
        whole(handle)
        if not dropping:
            dropping.append(threading.Thread(target=made._drop_cache))
            dropping[0].start()
            while not made._cache._drops:  # type: ignore[union-attr]
                threading.Event().wait(0.001)

    monkeypatch.setattr(disk, "sync", drop_meanwhile)
    made._publish_cache()
    dropping[0].join(30)
    assert [*(tmp_path / "cache").iterdir()] == []


@pytest.mark.parametrize("name", ["create", "write", "sync", "rename", "make_folder"])
def test_a_disk_that_fails_costs_the_cache_never_the_engine(
    store: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = filled(store, tmp_path)

    def fail(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, name, fail)
    made.upsert(Person.model_validate(mentor("x")))
    with pytest.warns(CacheWarning, match=r"was not written.*No space left"):
        made.close()
    monkeypatch.undo()
    assert "x" in over(store, files=tmp_path, read_only=True).members("mentor").candidates


def test_folders_into_which_others_may_write_and_links_are_refused(
    store: Kept, tmp_path: Path, read_from_the_store: list[bool]
) -> None:
    filled(store, tmp_path).close()
    for folder in (tmp_path / "cache" / "main", tmp_path / "cache"):
        mode = folder.stat().st_mode
        folder.chmod(0o777)
        rebuilt(store, tmp_path, "others may write", read_from_the_store, read_only=True)
        folder.chmod(mode)
    (tmp_path / "cache" / "main").rename(tmp_path / "elsewhere")
    (tmp_path / "cache" / "main").symlink_to(tmp_path / "elsewhere")
    rebuilt(store, tmp_path, "is a link", read_from_the_store, read_only=True)


def test_an_index_without_a_shared_state_is_kept_too(store: Kept, tmp_path: Path) -> None:
    made = engine()
    made.load([mentee("a"), mentor("m")])
    index = made._pool.indexes["people.offers"]
    plain, shared = index.state(), index.shared_state()  # type: ignore[attr-defined]
    assert all(np.array_equal(plain[name], shared[name]) for name in plain)
