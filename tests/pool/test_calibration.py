"""The lexical cosine is calibrated on the texts at hand, and stays so until the next load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import WordsPlugin, engine, mentee, mentor

import matchengine as me
from matchengine.batch import PairBatch, Sides
from matchengine.pool.inputs import Inputs
from matchengine.pool.lexicon import cosines

WORDS = [a + b for a in ("ka", "lo", "mi", "ru", "se", "to") for b in ("ba", "de", "fi", "go", "nu", "pa")]


def crowd(count: int = 260) -> list[dict[str, object]]:
    rng = np.random.default_rng(5)
    texts = [" ".join(rng.choice(WORDS, 5, replace=False)) for _ in range(count)]
    return [mentor(f"m{n}", offers=[{"text": text}]) for n, text in enumerate(texts)]


def best_partners(pool: object) -> np.ndarray:
    texts: dict[str, tuple[str, int]] = {}
    for key, field in pool.fields.items():  # type: ignore[attr-defined]
        texts |= {text: (key, n) for n, text in enumerate(field.texts)}
    rows = [pool.fields[key].words.rows(np.array([n])) for key, n in texts.values()]  # type: ignore[attr-defined]
    entries = tuple(np.concatenate(part) for part in zip(*rows, strict=True))
    position = np.repeat(np.arange(len(rows)), [len(row[1]) for row in rows])
    found = cosines((position, *entries[1:]), (position, *entries[1:]), (len(rows), len(rows)))
    np.fill_diagonal(found, 0)
    return found.max(axis=1)


def test_few_texts_leave_the_cosine_as_it_is() -> None:
    made = engine()
    made.load([mentee("a"), *crowd(20)])
    assert made._pool.lexical_high == 1


def test_it_is_the_95th_percentile_of_best_partners() -> None:
    made = engine()
    made.load([mentee("a"), *crowd()])
    expected = np.clip(np.percentile(best_partners(made._pool), 95), 0.25, 1)
    assert made._pool.lexical_high == pytest.approx(expected, abs=1e-4)
    assert 0.25 < made._pool.lexical_high < 1


def test_texts_without_common_words_stop_at_the_lower_bound() -> None:
    made = engine()
    made.load([mentor(f"m{n}", offers=[{"text": f"word{n} other{n}"}]) for n in range(230)])
    assert made._pool.lexical_high == 0.25


def test_the_order_of_loading_does_not_matter() -> None:
    one, other = engine(), engine()
    one.load([mentee("a"), *crowd()])
    other.load([*reversed(crowd()), mentee("a")])
    assert one._pool.lexical_high == other._pool.lexical_high


def test_it_is_frozen_by_upserts_and_kept_by_saving(tmp_path: Path) -> None:
    made = engine()
    made.load([mentee("a"), *crowd()])
    high = made._pool.lexical_high
    for n in range(30):
        made.upsert(me.Person.model_validate(mentor(f"late{n}", offers=[{"text": "kaba kade"}])))
    assert made._pool.lexical_high == high
    made.save(tmp_path / "saved")
    opened = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert opened._pool.lexical_high == high


def test_scorers_see_the_calibrated_value() -> None:
    made = engine()
    made.load(
        [mentee("a", goals=[{"text": "kaba kade kafi"}]), mentor("same", offers=[{"text": "kaba kade"}]), *crowd()]
    )
    pool = made._pool
    rows = pool.tables["people"].row_of
    pair = PairBatch.one_to_many(rows["a"], np.array([rows["same"], rows["m3"]]))
    items = Inputs(pool, Sides("people", "people"), pair)["items_needs_offers"]
    left, right = pool.fields["people.needs"], pool.fields["people.offers"]
    raw = [
        cosines(left.words.rows(items.left.text[[a]]), right.words.rows(items.right.text[[b]]), (1, 1))[0, 0]
        for a, b in zip(items.left_of, items.right_of, strict=True)
    ]
    np.testing.assert_allclose(items.lexical, np.clip(np.array(raw) / pool.lexical_high, 0, 1), atol=1e-5)
    assert items.lexical.max() == 1 or items.lexical.max() > max(raw)
