"""Whom a search finds depends on what is there, not on what was there before.

Whoever followed all changes and whoever opens the store anew find the same, to the last bit.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support import config, group, mentee, mentor, over

from matchengine import cached
from matchengine.batch import IntArray
from matchengine.components import Hits
from matchengine.engine import Engine
from matchengine.matching import retrieve as searching
from matchengine.matching.retrieve import retrieve
from matchengine.pool import pool as pools
from matchengine.pool.searching import Holders
from matchengine.pool.text import TextField
from matchengine.records import Group, Person
from matchengine.store.documents import Gone
from matchengine.store.memory import MemoryStore

pytestmark = pytest.mark.filterwarnings("error::UserWarning")
FEW = ("sql", "law", "music")
PEOPLE, GROUPS = 40, 14
SEARCHING = "[retrieve]\nshortlist = 10\ndense_up_to = 0\n"


class Kept(MemoryStore):
    """A store that outlives the engines over it."""

    def close(self) -> None:
        """Stay open."""


def said(dice: random.Random, *, ties: bool) -> str:
    """A few words in any case, so that many texts are equally near, or with words that nobody else says."""
    words = [dice.choice((str.lower, str.upper, str.title))(dice.choice(FEW)) for _each in range(1 + dice.randrange(2))]
    return " ".join(words if ties else [*words, *(f"word{dice.randrange(200)}" for _each in range(4))])


def person(number: int, dice: random.Random, *, ties: bool) -> Person:
    """Return a person, who asks or gives, with texts drawn by lot; some have none that anybody seeks."""
    make = mentee if number % 4 == 0 else mentor
    offers = [{"text": said(dice, ties=ties), "level": 3} for _each in range(dice.randrange(3))]
    goals = [{"text": said(dice, ties=ties)} for _each in range(1 + dice.randrange(3))]
    interests = [{"text": said(dice, ties=ties)} for _each in range(dice.randrange(3))]
    return Person.model_validate(make(f"p{number}", offers=offers, goals=goals, interests=interests))


def gathering(number: int, dice: random.Random, *, ties: bool) -> Group:
    """Return a group with topics drawn by lot."""
    return Group.model_validate(group(f"g{number}", topics=list({said(dice, ties=ties) for _each in range(3)})))


def started(place: Any, dice: random.Random, *, ties: bool) -> Engine:
    """Return an engine over a new store with a programme in it."""
    made = over(place, config(SEARCHING))
    people = [person(n, dice, ties=ties) for n in range(PEOPLE)]
    made.load(people, [gathering(n, dice, ties=ties) for n in range(GROUPS)])
    return made


def change(made: Engine, dice: random.Random, *, ties: bool) -> None:
    """Make one change drawn by lot; now and then many leave at once."""
    draw, known = dice.random(), sorted(made.members("mentor").candidates)
    if draw < 0.25 and len(known) > 20:
        made.apply([Gone(external) for external in dice.sample(known, 8 if draw < 0.03 else 1)])
    elif draw < 0.45:
        made.upsert(gathering(dice.randrange(2 * GROUPS), dice, ties=ties))
    else:
        made.apply([person(dice.randrange(2 * PEOPLE), dice, ties=ties) for _each in range(1 + dice.randrange(3))])


def told(made: Engine) -> list[Any]:
    """Return everything that a search decides: what people are told, and whom it finds for them among all or a few."""
    asking = sorted(made.members("mentor").requesters)[:4]
    found: list[Any] = []
    for kind in ("mentor", "group"):
        answers = made.suggest_many(asking, kind, 6)
        found += [(s.requester_id, s.candidate_id, s.score) for of in answers.values() for s in of]
        found += [made.suggest(who, kind, 6) for who in asking[:1]]
        with made._reading():
            found += [shortlists(made, kind, asking, among) for among in (1, 3)]
    return found


def shortlists(made: Engine, kind: str, asking: Sequence[str], among: int) -> list[tuple[str, list[str]]]:
    """Return whom a search finds for people among the eligible, or among one in `among` of them."""
    scene, table = made._scene(kind), made._pool.tables[made._kinds[kind].sides.candidates]
    rows = [made._pool.requester_row(who, scene.kind) for who in asking]
    eligible = [few(table, scene.eligible(row), among) for row in rows]
    out = []
    for size in (3, 11):
        limits = made.config.retrieve.model_copy(update={"shortlist": size})
        found = retrieve(made._pool, scene.kind, limits, rows, eligible)
        out += [(who, sorted(table.ids[row] for row in of)) for who, of in zip(asking, found, strict=True)]
    return out


def few(table: Any, rows: IntArray, among: int) -> IntArray:
    """Keep one in `among` rows, chosen by id."""
    return rows[table.lottery[rows] % np.uint64(among) == 0]


def differences(seed: int, *, ties: bool, changes: int = 12, every: int = 4) -> Iterator[tuple[int, Any, Any]]:
    """Let a programme change; yield what it tells in another way than an engine that opens its store anew, and when."""
    dice, store = random.Random(seed), Kept()
    with started(store, dice, ties=ties) as made:
        for number in range(1, changes + 1):
            change(made, dice, ties=ties)
            if number % every == 0:
                with over(store, config(SEARCHING), read_only=True) as anew:
                    both = zip(told(made), told(anew), strict=True)
                    yield from ((number, one, other) for one, other in both if one != other)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebuild what a search goes by in the middle of it all."""
    monkeypatch.setattr(pools, "_RECENT_ROWS", 17)


SLOW = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 40)]


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("seed", [0, *SLOW])
def test_who_followed_all_changes_and_who_opens_the_store_anew_find_the_same(seed: int, ties: bool) -> None:
    assert [*differences(seed, ties=ties)] == []


def test_with_the_cache_beside_the_store_and_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlalchemy")
    monkeypatch.setattr(cached, "CHANGES", 6)
    dice, place = random.Random(5), tmp_path / "programme.db"
    with started(place, dice, ties=True) as made, over(place, read_only=True) as follower:
        for _number in range(7):
            change(made, dice, ties=True)
        expected = told(made)
        assert told(follower) == expected
        with over(place, read_only=True) as reader:
            assert reader._pool.recent != {name: [] for name in pools.TABLES}  # it comes from the cache
            assert told(reader) == expected
        shutil.rmtree(tmp_path / "programme.db-files" / "cache")
        with over(place, read_only=True) as reader:
            assert reader._pool.recent == {name: [] for name in pools.TABLES}
            assert told(reader) == expected


# ---------------------------------------------------------------------- negative controls: each source of old


def nearest_by_number(pool: Any, view: Any, seeker: Any, hits: Hits, items: int) -> None:
    """Take the first hits, and so part a group of equally near texts by their numbers."""
    first = np.flatnonzero(np.arange(len(hits.query)) - np.searchsorted(hits.query, hits.query) < view.depth)
    taken = Hits(hits.query[first], hits.ids[first], hits.scores[first])
    view.credit(seeker, taken, pool.calibration.phi(taken.scores), items)


def words_by_number(view: Any, words: Any, weights: Any, sharing: Callable[..., Any] = searching._sharing) -> Any:
    """Take the first texts that share words, whatever the numbers of those that are as good."""
    ids, scores = sharing(view, words, weights)
    return ids[: view.depth], scores[: view.depth]


def owners_of_old(field: TextField, texts: IntArray) -> tuple[IntArray, IntArray]:
    """Know the owners as of the last rebuild alone."""
    starts, rows = field._owners
    found = [(rows[starts[t] : starts[t + 1]], place) for place, t in enumerate(texts) if t < len(starts) - 1]
    position = np.repeat([place for _of, place in found], [len(of) for of, _place in found]).astype(np.int64)
    return np.concatenate([np.zeros(0, np.int32), *(of for of, _place in found)]), position


def whatever_was_said(holders: Holders, items: Any, texts: int, alive: Any) -> Holders:
    """Let texts count that nobody holds any more."""
    return holders._replace(held=np.ones(texts, np.bool_), gone=0)


OLD: dict[str, tuple[Any, str, Any]] = {
    "near texts are cut by number": (searching, "_credit_meaning", nearest_by_number),
    "texts with the same words are cut by number": (searching, "_sharing", words_by_number),
    "owners are those of the last rebuild": (TextField, "owners", owners_of_old),
    "what nobody holds takes a place": (Holders, "now", whatever_was_said),
}


@pytest.mark.parametrize("name", OLD)
def test_the_comparison_notices_each_way_in_which_the_past_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*OLD[name])
    assert next(differences(8, ties=True), None) is not None
