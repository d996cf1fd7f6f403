"""What finds owners and words knows what came since the last rebuild, and what is left."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.support import engine, mentor

from matchengine.pool.pool import Pool
from matchengine.pool.searching import Holders, runs
from matchengine.pool.text import TextField
from matchengine.records import Person

WORDS = ("sql", "law", "music", "roses", "bees", "welding")


def person(number: int, dice: random.Random) -> Person:
    texts = [" ".join(dice.sample(WORDS, 2)) for _each in range(dice.randrange(4))]
    return Person.model_validate(mentor(f"p{number}", offers=[{"text": text, "level": 3} for text in texts]))


def changed(seed: int, changes: int) -> Pool:
    """Return a pool to which people came, and from which some went, since the last rebuild."""
    dice, made = random.Random(seed), engine()
    made.load([person(number, dice) for number in range(12)])
    pool: Pool = made._pool
    for _change in range(changes):
        number = dice.randrange(24)
        if f"p{number}" in pool.tables["people"].row_of and dice.random() < 0.4:
            pool.remove(f"p{number}")
        else:
            pool.upsert(person(number, dice))
            field = pool.fields["people.offers"]
            assert held(pool) == set(np.flatnonzero(field.holders(pool.tables["people"].alive).held))
    return pool


def held(pool: Pool) -> set[int]:
    """Return the texts that somebody holds, one row after the other."""
    items = pool.fields["people.offers"].items
    return {int(t) for row in np.flatnonzero(pool.tables["people"].alive) for t in items.text[items.of(int(row))]}


def every_owner(field: TextField) -> set[tuple[int, int]]:
    """Return each text with each of its owners, one row after the other."""
    items = field.items
    return {(int(t), row) for row in range(len(items.starts) - 1) for t in items.text[items.of(row)]}


def test_runs_are_laid_one_after_the_other() -> None:
    entries, run = runs(np.array([5, 2, 9]), np.array([7, 2, 12]))
    assert entries.tolist() == [5, 6, 9, 10, 11]
    assert run.tolist() == [0, 0, 2, 2, 2]
    assert [len(part) for part in runs(np.zeros(0, np.int64), np.zeros(0, np.int64))] == [0, 0]


@pytest.mark.parametrize("seed", range(5))
def test_every_owner_is_found_whenever_they_came(seed: int) -> None:
    field = changed(seed, 15).fields["people.offers"]
    asked = np.random.default_rng(seed).permutation(len(field.texts))
    rows, position = field.owners(asked)
    assert set(zip(asked[position].tolist(), rows.tolist(), strict=True)) == every_owner(field)
    assert len(field._owners[1]) < len(field.items.text)  # some came since


@pytest.mark.parametrize("seed", range(5))
def test_words_are_found_as_after_a_rebuild(seed: int) -> None:
    pool = changed(seed, 15)
    field, query = pool.fields["people.offers"], np.array([1])
    _position, words, weights = field.words.rows(query)
    before = [field.sharing(words, weights, k) for k in (1, 4, 100)]
    pool.rebuild_search()
    for (ids, scores), k in zip(before, (1, 4, 100), strict=True):
        again, known = field.sharing(words, weights, k)
        assert (ids.tolist(), scores.tolist()) == (again.tolist(), known.tolist())
        assert k == 100 or len(ids) >= k


def test_a_pool_that_was_never_loaded_is_searched_too() -> None:
    pool = engine()._pool
    pool.upsert(Person.model_validate(mentor("p1")))
    field = pool.fields["people.offers"]
    assert len(field.texts)
    _position, words, weights = field.words.rows(np.array([0]))
    assert 0 in field.sharing(words, weights, 5)[0]
    assert field.owners(np.array([0]))[0].tolist() == [0]


def test_holders_are_counted_from_where_they_stood() -> None:
    pool = changed(3, 15)
    field, alive = pool.fields["people.offers"], pool.tables["people"].alive
    found = field.holders(alive)
    assert field.holders(alive) is found  # nothing changed
    again = Holders.nobody().now(field.items, len(field.texts), alive)
    assert (found.counts.tolist(), found.gone) == (again.counts.tolist(), again.gone)
    assert found.gone == len(field.texts) - len(held(pool)) > 0
