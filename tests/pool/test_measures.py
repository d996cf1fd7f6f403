"""What was measured over everybody, as a document that tells no word."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pool.test_calibration import crowd
from tests.support import WordVectors, engine, group, mentee, mentor

from matchengine.errors import StoreError
from matchengine.pool import measures as measuring
from matchengine.pool.calibration import measured
from matchengine.pool.measures import Measures
from matchengine.pool.pool import Pool
from matchengine.records import Person

KEY, OTHER = b"k" * 32, b"o" * 32


def loaded() -> Pool:
    made = engine()
    made.load([mentee("a"), *crowd()], groups=[group(topics=["hiking", "zebra keeping"])])
    return made._pool


@pytest.fixture(scope="module")
def pool() -> Pool:
    return loaded()


@pytest.fixture(scope="module")
def kept(pool: Pool) -> Measures:
    return Measures.of(pool, KEY, "made for")


def again(pool: Pool, measures: Measures | None, people: list[dict[str, Any]]) -> Pool:
    """A pool with these people that goes by what was measured in another one."""
    made = engine()._empty_pool()
    assert made.seed == pool.seed
    made.load([[Person.model_validate(each) for each in people]], {}, measures=measures)
    return made


def weights_of(pool: Pool) -> dict[tuple[str, str], float]:
    return {(tag, word): float(pool.lexicon.weights(np.array([n]))[0]) for n, tag, word in pool.lexicon.numbered()}


def test_it_goes_to_a_document_and_back(pool: Pool, kept: Measures) -> None:
    full = replace(kept, neutral={"mentor": 0.61}, asked_by="x")
    back = Measures.from_json(full.to_json(), KEY)
    assert back is not None
    assert back.to_json() == full.to_json()
    assert back.agrees(pool)
    assert (back.neutral, back.asked_by, back.texts) == ({"mentor": 0.61}, "x", sum(map(texts, pool.fields.values())))
    assert 0.25 < back.lexical_high < 1
    words = [(tag, word) for _n, tag, word in pool.lexicon.numbered()]
    assert len(back.words) == len(words) > 40
    assert back.weigh(words).tolist() == [weights_of(pool)[each] for each in words]


def texts(field: Any) -> int:
    return len(field.texts)


def test_no_word_and_no_key_can_be_read_and_another_key_knows_nothing(kept: Measures, pool: Pool) -> None:
    document = kept.to_json()
    raw = document.encode() + b"".join(base64.b64decode(json.loads(document)[name]) for name in ("words", "weights"))
    for _number, _tag, word in pool.lexicon.numbered():
        assert len(word) < 4 or word.encode() not in raw
    assert KEY not in raw
    assert KEY.hex() not in document
    assert "KEY" not in repr(kept)
    assert repr(KEY) not in repr(kept)
    assert Measures.from_json(document, OTHER) is None
    assert not np.isin(Measures.of(pool, OTHER).words, kept.words).any()


def test_a_pool_goes_by_what_was_measured_and_new_words_count_as_new(pool: Pool, kept: Measures) -> None:
    people = [mentee("a", goals=[{"text": "kaba unheard"}]), *crowd()[:20]]
    with_it, without = again(pool, kept, people), again(pool, None, people)
    assert kept.agrees(with_it)
    assert not kept.agrees(without)
    before, now = weights_of(pool), weights_of(with_it)
    assert all(now[each] == before[each] for each in now if each in before)
    assert now["en", "unheard"] == np.float32(kept.new_word) == np.float32(pool.lexicon.new_word_weight)
    assert any(weights_of(without)[each] != before[each] for each in now if each in before)


def test_a_word_that_comes_back_later_has_the_weight_that_was_measured(pool: Pool, kept: Measures) -> None:
    made = again(pool, kept, [mentee("a")])
    assert ("en", "zebra") not in weights_of(made)
    for fork in (made.fork(), made.fork()):  # two that learn apart, the second after the first
        fork.upsert(Person.model_validate(mentor("z", offers=[{"text": "zebra keeping and quagga", "level": 3}])))
        assert weights_of(fork)["en", "zebra"] == weights_of(pool)["en", "zebra"] != np.float32(kept.new_word)
        assert weights_of(fork)["en", "quagga"] == np.float32(kept.new_word)
    assert ("en", "zebra") not in weights_of(made)


def test_words_that_nobody_uses_go_and_the_others_keep_their_weights(kept: Measures) -> None:
    every = engine()
    every.load([mentee("a"), *crowd()])
    used = {(tag, word) for _n, tag, word in every._pool.lexicon.numbered()}
    left = kept.only(used)
    assert kept.holds("zebra", "en")
    assert not kept.holds("zebra", "de")
    assert not left.holds("zebra", "en")
    assert left.weigh(sorted(used)).tolist() == kept.weigh(sorted(used)).tolist()
    assert 0 < len(kept.words) - len(left.words) < 9
    assert len(left.words) == len(left.weights) == len(used)
    assert left.only(used) is left


@pytest.mark.parametrize("change", [
    {"words": "AAAA"}, {"words": "?"}, {"words": 3}, {"weights": ""}, {"low": "x"}, {"low": float("nan")},
    {"low": 0.9, "high": 0.1}, {"lexical_high": 0}, {"new_word": 1e9}, {"texts": -1}, {"texts": True},
    {"neutral": {"mentor": 7}}, {"neutral": []}, {"model": None}, {"asked_by": 1},
])  # fmt: skip
def test_a_damaged_document_is_refused_and_never_repeated(kept: Measures, change: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="damaged") as caught:
        Measures.from_json(json.dumps(json.loads(kept.to_json()) | change), KEY)
    assert str(caught.value) == "store: what was measured over everybody is damaged"


def test_arrays_that_do_not_fit_together_are_refused(kept: Measures) -> None:
    for words, weights in (
        (kept.words[::-1], kept.weights),
        (kept.words[:-1], kept.weights),
        (kept.words, np.full_like(kept.weights, np.nan)),
        (kept.words, -1 - kept.weights),
        (np.repeat(kept.words[:1], len(kept.words)), kept.weights),
    ):
        with pytest.raises(StoreError):
            Measures.from_json(replace(kept, words=words, weights=weights).to_json(), KEY)


@pytest.mark.parametrize("document", ["", "[]", "{}", "null", "[" * 100_000, '{"form": 1}'])
def test_what_is_no_such_document_is_refused(document: str) -> None:
    with pytest.raises(StoreError):
        Measures.from_json(document, KEY)


def test_another_form_is_not_used_and_a_huge_one_not_read(kept: Measures, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Measures.from_json(json.dumps(json.loads(kept.to_json()) | {"form": 99}), KEY) is None
    monkeypatch.setattr(measuring, "LARGEST", 100)
    with pytest.raises(StoreError):
        Measures.from_json(kept.to_json(), KEY)


def test_it_fits_one_model_and_one_reading_of_texts(kept: Measures) -> None:
    model = WordVectors().fingerprint
    assert kept.fits(model, "made for")
    assert not kept.fits("another", "made for")
    assert not kept.fits(model, "for another language")
    assert replace(kept, model="").fits("another", "made for")  # nothing was embedded: nothing hangs on a model


def test_each_index_is_asked_once(pool: Pool) -> None:
    """An index may be a database, and each question a journey."""
    asked: list[str] = []

    class Counting:
        def __init__(self, name: str) -> None:
            self.name = name

        def vectors(self, numbers: Any) -> Any:
            asked.append(self.name)
            return pool.indexes[self.name].vectors(numbers)

    found = measured(pool.fields, {key: Counting(key) for key in pool.indexes}, pool.seed, len(pool.lexicon))  # type: ignore[misc]
    assert found == (pool.calibration, pool.lexical_high)
    assert len(asked) == len(set(asked)) >= 3
