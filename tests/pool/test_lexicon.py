"""Words and their evidence."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.pool import lexicon as lexicon_module
from matchengine.pool.lexicon import Lexicon, Postings, WordRows, cosines, words_of

TEXTS = ["retail management", "AI for beginners", "C++ and C#", "negotiating pay", "Gehalt verhandeln", "AI"]
TAGS = ["en", "en", "en", "en", "de", "de"]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Retail, e-mail & AI!", "en", ["retail", "e", "mail", "ai"]),
        ("C++ or C#?", "en", ["c++", "or", "c#"]),
        ("cities, goals, class, status, bus", "en", ["city", "goal", "class", "status", "bus"]),
        ("goals", "de", ["goals"]),
        ("学习编程", "zh", ["学习", "习编", "编程"]),
        ("ＳＱＬ", "en", ["sql"]),
        ("تعلّم البرمجة", "ar", ["تعل", "م", "البرمجة"]),
        ("", "en", []),
    ],
)
def test_words(text: str, language: str, words: list[str]) -> None:
    assert words_of(text, language) == words


@pytest.fixture
def rows() -> tuple[Lexicon, WordRows]:
    lexicon, rows = Lexicon(), WordRows()
    counted = lexicon.count(TEXTS, TAGS)
    lexicon.freeze([counted])
    rows.append(counted, lexicon)
    return lexicon, rows


def test_ai_is_not_in_retail_and_languages_stay_apart(rows: tuple[Lexicon, WordRows]) -> None:
    _, words = rows
    every = np.arange(len(TEXTS))
    table = cosines(words.rows(every), words.rows(every), (6, 6))
    assert np.diag(table) == pytest.approx(1)
    assert table[0, 1] == 0  # retail, AI
    assert table[1, 5] == 0  # AI in English, AI in German
    assert table == pytest.approx(table.T)


def test_search_agrees_with_cosines(rows: tuple[Lexicon, WordRows]) -> None:
    lexicon, words = rows
    postings = Postings(words, len(lexicon))
    table = cosines(words.rows(np.arange(6)), words.rows(np.arange(6)), (6, 6))
    for text in range(6):
        _, numbers, weights = words.rows(np.array([text]))
        ids, scores = postings.search(numbers, weights, 10)
        expected = np.flatnonzero(table[text])
        assert sorted(ids.tolist()) == expected.tolist()
        assert scores == pytest.approx(table[text][ids])
        assert (np.diff(scores) <= 0).all()


def test_search_is_repeatable_and_keeps_at_least_k(rows: tuple[Lexicon, WordRows]) -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefgh"), 4)) for _ in range(300)]
    lexicon, words = Lexicon(), WordRows()
    counted = lexicon.count(texts, ["de"] * 300)
    lexicon.freeze([])
    words.append(counted, lexicon)
    postings = Postings(words, len(lexicon))
    _, numbers, weights = words.rows(np.array([0]))
    first, again = (postings.search(numbers, weights, 20) for _ in range(2))
    assert first[0].tolist() == again[0].tolist()
    table = cosines(words.rows(np.array([0])), words.rows(np.arange(300)), (1, 300))[0]
    best = np.sort(table)[::-1][:20]
    assert first[1][:20] == pytest.approx(best)


def test_state_round_trip(rows: tuple[Lexicon, WordRows]) -> None:
    lexicon, _ = rows
    again = Lexicon.from_state(lexicon.state())
    assert len(again) == len(lexicon)
    assert again.idf.tolist() == lexicon.weights(np.arange(len(lexicon))).tolist()
    counted, expected = again.count(["AI pay"], ["en"]), lexicon.count(["AI pay"], ["en"])
    assert counted.words.tolist() == expected.words.tolist()


def test_a_text_without_words_meets_nothing() -> None:
    lexicon, words = Lexicon(), WordRows()
    counted = lexicon.count(["!!!", "word"], ["en", "en"])
    lexicon.freeze([counted])
    words.append(counted, lexicon)
    assert cosines(words.rows(np.array([0])), words.rows(np.array([1])), (1, 1)) == pytest.approx(0)


def found(texts: list[str], query: str) -> dict[str, float]:
    """Cosines of texts with a query that is one of them, where words and texts are numbered as they come."""
    lexicon, words = Lexicon(), WordRows()
    counted = lexicon.count(texts, ["de"] * len(texts))
    lexicon.freeze([counted])
    words.append(counted, lexicon)
    _position, numbers, weights = words.rows(np.array([texts.index(query)]))
    ids, scores = Postings(words, len(lexicon)).search(numbers, weights, len(texts))
    return {texts[text]: score for text, score in zip(ids.tolist(), scores.tolist(), strict=True)}


def differing_cosines() -> int:
    """Count the cosines that are others where the same texts come in another order."""
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(list("abcdefghijklmnop"), 9)) for _ in range(150)]
    one, other = found(texts, texts[7]), found(texts[::-1], texts[7])
    assert one.keys() == other.keys()
    return sum(one[text] != other[text] for text in one)


def test_a_cosine_is_the_same_to_the_last_bit_however_words_are_numbered() -> None:
    assert differing_cosines() == 0


def test_sums_in_plain_floats_would_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_module, "_GRID", 0.0)
    assert differing_cosines() > 0


def test_later_postings_are_searched_in_the_same_breath(rows: tuple[Lexicon, WordRows]) -> None:
    lexicon, words = rows
    whole = Postings(words, len(lexicon))
    state = words.state()
    end = state["starts"][3]
    first = {"starts": state["starts"][:4], "words": state["words"][:end], "weights": state["weights"][:end]}
    begin, late = Postings(WordRows(first), len(lexicon)), Postings(words, len(lexicon), first=3)
    for text in range(6):
        _position, numbers, weights = words.rows(np.array([text]))
        for k in (1, 10):
            expected, got = whole.search(numbers, weights, k), begin.search(numbers, weights, k, late)
            assert [part.tolist() for part in got] == [part.tolist() for part in expected]
