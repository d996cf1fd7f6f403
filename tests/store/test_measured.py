"""Whoever holds a programme tells the same numbers: the writer, who follows, who reads anew, who opens it again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support import CONFIG, config, consent, engine, group, mentee, mentor, over

from matchengine.engine import Engine
from matchengine.errors import DataError, StoreError
from matchengine.measured import MEASURES
from matchengine.pool.measures import Measures
from matchengine.records import ConsentGrant, Feedback, Group, Pause, Person, Relationship
from matchengine.store.base import Change, Commit
from matchengine.store.keep import SETTING
from matchengine.store.memory import MemoryStore

pytestmark = pytest.mark.filterwarnings("error::UserWarning")
WORDS = [a + b for a in ("ka", "lo", "mi", "ru", "se", "to") for b in ("ba", "de", "fi", "go", "nu", "pa")]
GROUPS = [group(f"g{n}", topics=["hiking", " ".join(WORDS[n : n + 3])]) for n in range(6)]
BY = {"why": "asked for it", "by": "coordinator:7"}
LATE = "flower arranging with kaba"


class Kept(MemoryStore):
    """A store that outlives the engines over it."""

    def close(self) -> None:
        """Stay open."""


@pytest.fixture(params=[pytest.param("memory", marks=pytest.mark.slow), "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "memory":
        return Kept()
    pytest.importorskip("sqlalchemy")
    return tmp_path / "programme.db"


def crowd() -> list[dict[str, Any]]:
    """Enough people that everything is measured; one says what nobody else says."""
    dice = np.random.default_rng(5)
    text = [" ".join(dice.choice(WORDS, 4, replace=False)) for _ in range(230)]
    people = [mentor(f"m{n}", offers=[{"text": text[n], "level": n % 4 + 1}]) for n in range(50)]
    people += [mentee(f"a{n}", goals=[{"text": text[50 + n]}, {"text": text[140 + n]}]) for n in range(90)]
    people.append(mentor("rare", offers=[{"text": "quetzal watching kaba", "level": 3}]))
    return people


def loaded(place: Any, **options: Any) -> Engine:
    made = over(place, config(), **options)
    made.load(crowd(), groups=GROUPS, consents=[consent("a1", "attributes")])
    return made


def told(made: Engine) -> list[str]:
    """Everything that coordinators and members are told, as it goes out."""
    out: list[str] = []
    people = [f"a{n}" for n in range(3)]
    for kind in ("mentor", "group"):
        for viewer in ("requester", "coordinator"):
            found = made.suggest_many(people, kind, 8, viewer)  # type: ignore[arg-type]
            out += [each.model_dump_json() for of in found.values() for each in of]
        candidates = made.members(kind).candidates[:3]
        out += [made.explain(who, other, kind).model_dump_json() for who in people[:1] for other in candidates]
        out.append(made.check(kind).model_dump_json())
    return out


def read_anew(place: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A reader that has no cache."""
    with monkeypatch.context() as no:
        no.setattr(Engine, "_take_from_cache", lambda _self, _keeper: False)
        return over(place, read_only=True)


def said(**more: Any) -> Feedback:
    answer = {"about_id": "g1", "person_id": "a2", "wave": "30_days", "perspective": "requester"}
    return Feedback.model_validate(answer | {"given_at": datetime.now(UTC), "items": {"felt_unsafe": True}} | more)


TIE = {"kind": "mentoring", "person_id": "a0", "other_id": "m3", "status": "active", "started": "2026-01-10"}
TOKENS = {"attributes": [{"dimension": "gender", "value": "woman"}]}
GRANTED = consent("a3", "attributes", expires_at="2027-01-01T00:00:00Z")
STEPS: dict[str, Callable[[Engine], Any]] = {
    "somebody comes": lambda m: m.upsert(Person.model_validate(mentor("new", offers=[{"text": LATE, "level": 4}]))),
    "somebody says something else": lambda m: m.upsert(Person.model_validate(mentor("m7", offers=[{"text": LATE}]))),
    "a seeker changes": lambda m: m.upsert(Person.model_validate(mentee("a0", goals=[{"text": "kaba quetzal lode"}]))),
    "somebody leaves": lambda m: m.remove("m5"),
    "the one with rare words leaves": lambda m: m.remove("rare"),
    "their words come back": lambda m: m.upsert(Person.model_validate(mentor("m8", offers=[{"text": "quetzal kade"}]))),
    "a pause": lambda m: m.upsert(Pause(person_id="m9")),
    "a consent": lambda m: m.upsert(ConsentGrant.model_validate(GRANTED)),
    "what it allows": lambda m: m.upsert(Person.model_validate(mentee("a3", **TOKENS))),
    "an answer": lambda m: m.upsert(said()),
    "a tie": lambda m: m.upsert(Relationship.model_validate(TIE)),
    "a group": lambda m: m.upsert(Group.model_validate(group("g9", topics=["hiking with kaba", "toucan"]))),
    "somebody is erased": lambda m: m.erase("m8", **BY),
    "and again somebody comes": lambda m: m.upsert(Person.model_validate(mentor("m8b", offers=[{"text": "quetzal"}]))),
    "everything is loaded anew": lambda m: m.load(crowd()[20:], groups=[group("g1"), group("g2", topics=["lode"])]),
    "and somebody comes after": lambda m: m.upsert(Person.model_validate(mentor("n2", offers=[{"text": LATE}]))),
    "it is measured anew": lambda m: m.measure(),
    "and somebody comes after that": lambda m: m.upsert(Person.model_validate(mentor("n3", offers=[{"text": LATE}]))),
}  # fmt: skip


def test_the_same_bytes_for_everybody_after_any_step(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loaded(place)
    assert made._pool.lexical_high < 1  # it is measured, no fallback
    assert made._pool.calibration.low != 0.2
    follower = over(place, read_only=True)
    for name, step in STEPS.items():
        step(made)
        expected = told(made)
        assert told(follower) == expected, name
        assert told(read_anew(place, monkeypatch)) == expected, name


@pytest.mark.slow
def test_the_same_bytes_for_a_writer_that_comes_back(place: Any, tmp_path: Path) -> None:
    """With the cache beside the store, and without."""
    files = tmp_path / "programme.db-files"
    options = {"files": files} if isinstance(place, Kept) else {}
    made = loaded(place, **options)
    for number, (name, step) in enumerate(STEPS.items()):
        step(made)
        made._publish_cache()
        expected = told(made)
        made.close()
        if number % 2:
            shutil.rmtree(files / "cache")
        made = over(place, **options)
        assert told(made) == expected, name
    made.close()


def test_without_what_was_kept_they_differ(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of both."""
    made = loaded(place)
    made.remove("m5")
    made.remove("m6")
    expected = told(made)
    monkeypatch.setattr(Engine, "_kept_measures", lambda _self, _keeper: None)
    assert told(read_anew(place, monkeypatch)) != expected


def kept(made: Engine) -> Measures:
    assert made._keeper is not None
    found = made._kept_measures(made._keeper)
    assert found is not None
    return found


def test_no_word_stays_of_somebody_who_is_erased_not_even_in_a_weight(place: Any) -> None:
    """What is kept afterwards is what would be, had they never come."""
    made = loaded(place)
    assert kept(made).holds("quetzal", "en")
    made.erase("rare", **BY)
    after = kept(made)
    assert not after.holds("quetzal", "en")
    assert not after.holds("watching", "en")
    never = over(Kept(), config())
    never.load([each for each in crowd() if each["id"] != "rare"], groups=GROUPS)
    told_of = ("low", "high", "lexical_high", "new_word", "neutral", "texts")
    assert [getattr(after, name) for name in told_of] == [getattr(kept(never), name) for name in told_of]
    assert sorted(after.weights) == sorted(kept(never).weights)


def test_a_purge_prunes_too(place: Any, short: Any) -> None:
    made = over(place, short)
    made.load(crowd(), groups=[group("g1")])
    made.remove("rare")
    assert kept(made).holds("quetzal", "en")  # who comes back in a week is weighed as before
    made.upsert(said(given_at=datetime.now(UTC) - timedelta(days=40_000)))
    before = kept(made).weigh([("en", "kaba"), ("en", "lode")]).tolist()
    made.purge()
    assert not kept(made).holds("quetzal", "en")
    assert kept(made).weigh([("en", "kaba"), ("en", "lode")]).tolist() == before


def test_it_is_kept_in_the_commit_of_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Kept()
    made = over(store, config())
    commits: list[Commit] = []
    whole = Kept.write

    def write(self: Kept, programme: str, commit: Commit) -> Any:
        commits.append(commit)
        return whole(self, programme, commit)

    monkeypatch.setattr(Kept, "write", write)
    made.load(crowd())
    (commit,) = [each for each in commits if each.replace]
    assert MEASURES in {change.id for change in commit.changes if change.kind == SETTING}
    assert kept(made).neutral == dict(made._neutral)
    assert [each for each in commits if not each.replace] == []


def test_a_programme_that_was_never_loaded_goes_by_nothing_until_it_is_measured(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = over(place, config())
    made.apply([Person.model_validate(each) for each in crowd()])
    assert tuple(made._pool.calibration) == (0.2, 0.75)
    assert made._pool.lexical_high == 1
    expected = told(made)
    reader = read_anew(place, monkeypatch)
    assert told(reader) == expected
    made.measure()
    assert made._pool.lexical_high < 1
    assert told(reader) == told(made) == told(read_anew(place, monkeypatch)) != expected
    made.close()
    fresh = over(Kept(), config())
    fresh.load(crowd())
    assert [each.split(",")[0] for each in told(over(place))] == [each.split(",")[0] for each in told(fresh)]


def test_only_a_writer_over_a_store_measures(place: Any) -> None:
    loaded(place).close()
    with pytest.raises(StoreError, match="opened for reading"):
        over(place, read_only=True).measure()
    with pytest.raises(DataError, match="over a store"):
        engine().measure()


def test_other_rules_measure_the_average_anew_and_only_that(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loaded(place)
    before = kept(made)
    made.upsert(Person.model_validate(mentor("new", offers=[{"text": LATE, "level": 4}])))
    made.close()
    other = config(text=CONFIG.replace("weight = 0.35", "weight = 0.9"))
    again = over(place, other)
    after = kept(again)
    assert after.asked_by != before.asked_by
    assert after.neutral == dict(again._neutral) != before.neutral
    assert after.words.tolist() == before.words.tolist()
    assert told(read_anew(place, monkeypatch)) == told(again)
    again.close()


def test_another_language_measures_everything_anew(place: Any) -> None:
    loaded(place).close()
    other = config(text=CONFIG.replace('name = "test"', 'name = "test"\n[programme]\nlanguage = "es"'))
    with pytest.warns(UserWarning, match="cache") if not isinstance(place, Kept) else nullcontext():
        made = over(place, other)
    assert kept(made).holds("kaba", "es")
    assert not kept(made).holds("kaba", "en")


def test_a_damaged_document_is_said_and_measured_anew() -> None:
    store = Kept()
    made = loaded(store)
    before = kept(made)
    store.write("main", Commit(changes=(Change(SETTING, MEASURES, '{"form": 1, "key": 3}'),)))
    assert kept_quietly(made) is None
    store.write("main", Commit(changes=(Change(SETTING, MEASURES, "["),)))
    with pytest.warns(UserWarning, match="measured anew"):
        again = over(store)
    assert kept(again).to_json() == before.to_json()


def kept_quietly(made: Engine) -> Measures | None:
    assert made._keeper is not None
    return made._kept_measures(made._keeper)


# ---------------------------------------------------------------------- what followers must not serve for too long


@pytest.fixture
def short() -> Any:
    return config("[retention]\nfeedback = 1\n")


def test_who_follows_withholds_in_time_what_another_one_wrote(short: Any) -> None:
    store = Kept()
    made = over(store, short)
    made.load(crowd(), groups=[group("g1")])
    reader = over(store, read_only=True)
    assert reader._keeper is not None
    told(reader)
    far = reader._keeper.next_end
    made.upsert(said(given_at=datetime.now(UTC) - timedelta(days=1) + timedelta(seconds=1.5)))
    reader.members("group")
    assert made._keeper is not None
    assert reader._keeper.next_end == made._keeper.next_end < far
    flagged = len(reader._pool.flags.to_json())
    assert flagged == len(made._pool.flags.to_json())
    while datetime.now(UTC) < made._keeper.next_end:
        pass
    reader.members("group")
    made.members("group")
    assert len(reader._pool.flags.to_json()) == len(made._pool.flags.to_json()) < flagged


def test_what_is_withheld_leaves_the_number_of_changes_to_the_store() -> None:
    store = Kept()
    made = over(store, config())
    end = datetime.now(UTC) + timedelta(seconds=1)
    grants = [consent(f"a{n}", "attributes", expires_at=end.isoformat()) for n in range(3)]
    made.load([*(mentee(f"a{n}", **TOKENS) for n in range(3)), mentor("m")], consents=grants)
    reader = over(store, read_only=True)
    while datetime.now(UTC) < end:
        pass
    assert made.fingerprint().generation == store.position("main").generation
    assert reader.fingerprint().generation == store.position("main").generation
