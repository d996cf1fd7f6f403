"""Lexical evidence: TF-IDF over words, one vocabulary for all fields, words kept apart by language (domain.md C0).

Words are whole words (`ai` is not in `retail`), so a short term only meets itself. Scripts without spaces are cut
into pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.pool.arrays import Growable, pack_strings, unpack_strings

_V = TypeVar("_V")

__all__ = ["Lexicon", "Postings", "WordRows", "cosines", "words_of"]

_WORD = re.compile(r"[^\W_]+[+#]*")
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿຀-໿က-႟ក-៿]")
_GROUP = 32
"""Texts per group maximum when looking for the k best."""
_GRID = 2.0
"""Added to a number below 2 and taken away again it leaves a multiple of 2^-22; such multiples have an exact sum."""
_SQUARES = 2.0**28
"""Squares of weights are added as whole numbers of this part of one: below 2^25 their sum is exact."""
_COMMON = 0.25
"""Words in more than this share of the texts say nothing and are left out (from 200 texts on)."""
_TELLING, _TELLING_SHARE = 4.0, 0.6
"""Weight of a word in a twentieth of the texts, and the share of a new word's weight that is enough in a small pool."""

_FUNCTION_WORDS = {
    tag: frozenset(words.split())
    for tag, words in {
        "en": """
            a about after all also am an and any are as at be been before being both but by can could did do doe
            doing down each few for from get getting had has have having he her here him his how i if in into is
            it just like made make making me more most much my need new no not now of off on one or other our
            out over own really she should so some such than that the their them then there these they thing
            this those through to too up us very want was way we well were what when where which while who why
            will with would you your
        """,
        "de": """
            aber alle auch auf aus bei bin bis das dass dem den der des die durch ein eine einem einen einer
            eines es etwas für ganz gibt habe haben hat ich ihr im immer in ins ist kann kein keine können man
            mehr mein meine mich mir mit möchte nach nicht noch nur oder ohne schon sehr sein seine selbst sich
            sie sind so um und uns unter von vor war was wenn werden wie will wir wird zu zum zur über
        """,
        "es": """
            a al algo como con cuando cómo de del desde donde el ella en entre es esta este estoy están hacer
            hacia hasta la las lo los mas me mi mis muy más ni no nos o otra otro para pero por porque que
            quiero qué se ser si sin sobre soy su sus también tener tengo todo un una uno y ya yo
        """,
        "fr": """
            a au aussi aux avec avoir ce ces cette comme comment dans de des du elle en est et eux faire il ils
            j je l la le les leur leurs ma mais me mes mieux moi mon ne nos notre nous on ou où par pas plus
            pour qu que qui sa sans se ses son sont suis sur ta te tout très un une vos votre vous à être
        """,
        "pt": """
            a ao aos as até com como da das de dela dele do dos e ela ele em entre era essa esse esta este eu
            fazer foi isso já lhe mais mas me meu meus minha muito na nas no nos não o os ou para pela pelo por
            porque qual quando que quero se sem ser seu sua são também tem ter um uma à é
        """,
    }.items()
}
"""Words that carry no matter, by language; never shown as what matched."""
_SHORT = 4
"""Shorter words of a language without such a list are taken for function words, unless one character is a word."""


def words_of(text: str, language: str) -> list[str]:
    """Split a text into words: lower case, NFKC, English plurals folded, unspaced scripts in pairs."""
    words: list[str] = []
    plain = text.isascii()
    folded = text.lower() if plain else unicodedata.normalize("NFKC", text).casefold()
    found = _WORD.findall(folded)
    if plain:
        return [_singular(w) if w[-1] == "s" and len(w) > 3 else w for w in found] if language == "en" else found
    for word in found:
        if not word.isascii() and _UNSPACED.search(word):
            words += [a + b for a, b in pairwise(word)] or [word]
        elif language == "en" and len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":
            words.append(_singular(word))
        else:
            words.append(word)
    return words


def _singular(word: str) -> str:
    if word[-2] in "sui":
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


class _Numbers(dict[str, int]):
    """Numbers of the words of one language; a new word takes the next number of all languages."""

    def __init__(self, total: list[int]) -> None:
        super().__init__()
        self._total = total

    def __missing__(self, word: str) -> int:
        number = self[word] = self._total[0]
        self._total[0] += 1
        return number


class _Words(dict[str, _Numbers]):
    """Numbers of words by language; `total` holds how many there are, for all lexicons that share them."""

    def __init__(self) -> None:
        super().__init__()
        self.total = [0]

    def __missing__(self, language: str) -> _Numbers:
        found = self[language] = _Numbers(self.total)
        return found

    def first(self, count: int) -> _Words:
        """Return the first words alone, shared with nobody."""
        made = _Words()
        for language, numbers in _as_now(self).items():
            made[language].update((word, number) for word, number in _as_now(numbers).items() if number < count)
        made.total[0] = count
        return made


def _as_now(shared: dict[str, _V]) -> dict[str, _V]:
    """Return a copy of what a fork may add to meanwhile, made in one step; a list of its items is made in many."""
    return dict(shared)


class WordCounts(NamedTuple):
    """Distinct words of `texts` texts: owner (E,) int64, word (E,) int32 and how often it stands there (E,)."""

    owner: IntArray
    words: IntArray
    repeats: IntArray
    texts: int


class Lexicon:
    """Words of all texts with their inverse document frequency, frozen when a pool is loaded.

    Attributes
    ----------
    earlier : callable or None
        Gives weights (n,) to words that come after `freeze`, each as (language, word), from what was measured
        earlier. Without it all of them count as the rarest.
    """

    def __init__(self) -> None:
        self._words = _Words()
        self._count = 0
        self.idf = np.zeros(0, np.float32)
        self._new_word_idf = 1.0
        self.earlier: Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]] | None = None

    def __len__(self) -> int:
        return self._count

    def is_telling(self, word: str, language: str) -> bool:
        """Whether a word of `words_of` is rare enough to say something: in about a twentieth of the texts at most."""
        listed = _FUNCTION_WORDS.get(language)
        if word in listed if listed is not None else len(word) < _SHORT and not _UNSPACED.search(word):
            return False
        number = self._words[language].get(word, self._count) if language in self._words else self._count
        if number >= len(self.idf):
            return number < self._count  # a word newer than the weights is rare
        return bool(self.idf[number] >= min(_TELLING, _TELLING_SHARE * self._new_word_idf))

    def count(self, texts: Sequence[str], languages: Sequence[str]) -> WordCounts:
        """Split texts into words and number them."""
        if self._words.total[0] != self._count:  # another lexicon that shares them learnt more
            self._words = self._words.first(self._count)
        flat: list[int] = []
        lengths: list[int] = []
        for text, language in zip(texts, languages, strict=True):
            words = words_of(text, language)
            flat.extend(map(self._words[language].__getitem__, words))
            lengths.append(len(words))
        self._count = self._words.total[0]
        owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        keys, repeats = np.unique(owner << 32 | np.array(flat, np.int64), return_counts=True)
        return WordCounts(keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32), repeats, len(lengths))

    def freeze(self, counted: Sequence[WordCounts]) -> None:
        """Fix the weights of words from the number of texts that hold each."""
        documents = sum(c.texts for c in counted)
        held = np.concatenate([c.words for c in counted]) if counted else np.zeros(0, np.int32)
        counts = np.bincount(held, minlength=self._count)
        idf = np.log((1 + documents) / (1 + counts)) + 1
        if documents >= 200:
            idf[counts > _COMMON * documents] = 0
        self.idf = idf.astype(np.float32)
        self._new_word_idf = float(np.log(1 + documents) + 1)

    @property
    def new_word_weight(self) -> float:
        """Weight of a word of which nothing is known."""
        return self._new_word_idf

    def go_by(self, earlier: Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]], new_word: float) -> None:
        """Take the weights of all words from what was measured earlier, instead of `freeze`."""
        self.idf, self._new_word_idf, self.earlier = np.zeros(0, np.float32), new_word, earlier

    def numbered(self, first: int = 0) -> Iterator[tuple[int, str, str]]:
        """Yield number, language and word of every word from a number on."""
        for language, words in _as_now(self._words).items():
            for word, number in reversed(_as_now(words).items()):  # they lie in the order of their numbers
                if number < first:
                    break
                if number < self._count:
                    yield number, language, word

    def weights(self, words: IntArray) -> NDArray[np.float32]:
        """Weights of words; a word first seen after `freeze` counts as the rarest, unless it was measured earlier."""
        start = len(self.idf)
        if self._count > start:
            extra = np.full(self._count - start, self._new_word_idf, np.float32)
            if self.earlier is not None:
                new = [*self.numbered(start)]
                extra[[number - start for number, _, _ in new]] = self.earlier([(tag, word) for _, tag, word in new])
            self.idf = np.concatenate([self.idf, extra])
        return self.idf[words]

    def fork(self) -> Lexicon:
        """Return a lexicon with the same words that learns apart from this one."""
        return copy(self)

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        keyed = sorted(
            (number, f"{language}\x00{word}")
            for language, words in _as_now(self._words).items()
            for word, number in _as_now(words).items()
            if number < self._count
        )
        packed = pack_strings([word for _, word in keyed])
        return {"idf": self.weights(np.arange(self._count)), "new": np.array([self._new_word_idf]), **packed}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[Any]]) -> Lexicon:
        """Undo `state`."""
        made = cls()
        for number, key in enumerate(unpack_strings(state)):
            language, _, word = key.partition("\x00")
            made._words[language][word] = number
            made._count = made._words.total[0] = number + 1
        made.idf = state["idf"]
        made._new_word_idf = float(state["new"][0])
        return made


class WordRows:
    """The words of each text of one field: unit TF-IDF rows in compressed form, appended to as texts arrive."""

    def __init__(self, state: Mapping[str, NDArray[Any]] | None = None, prefix: str = "") -> None:
        state = state or {
            "starts": np.zeros(1, np.int64),
            "words": np.zeros(0, np.int32),
            "weights": np.zeros(0, np.float32),
        }
        self._starts = Growable.of(state, f"{prefix}starts")
        self._words = Growable.of(state, f"{prefix}words")
        self._weights = Growable.of(state, f"{prefix}weights")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, counted: WordCounts, lexicon: Lexicon) -> None:
        """Append texts; words that say nothing are left out."""
        owner, words, repeats, texts = counted
        weights: NDArray[np.float64] = (1 + np.log(repeats)) * lexicon.weights(words)
        squares = np.rint(weights**2 * _SQUARES)  # words are numbered as they come, which must not tell
        norms = np.sqrt(np.bincount(owner, weights=squares, minlength=texts) / _SQUARES)
        weights = weights / np.where(norms > 0, norms, 1)[owner]
        said = weights > 0
        owner, words, weights = owner[said], words[said], weights[said]
        ends = np.cumsum(np.bincount(owner, minlength=texts)) + self._starts.data[-1]
        self._starts.extend(ends)
        self._words.extend(words)
        self._weights.extend(weights.astype(np.float32))

    def rows(self, texts: IntArray) -> tuple[IntArray, IntArray, NDArray[np.float32]]:
        """Entries of the given texts: position in `texts`, word, weight, each of shape (E,)."""
        starts = self._starts.data
        counts = starts[texts + 1] - starts[texts]
        position = np.repeat(np.arange(len(texts)), counts)
        firsts = np.cumsum(counts) - counts
        entry = np.arange(len(position)) - firsts[position] + starts[texts][position]
        return position, self._words.data[entry], self._weights.data[entry]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        return {"starts": self._starts.data, "words": self._words.data, "weights": self._weights.data}


class Postings:
    """Which texts of a field hold a word: the transposed `WordRows` from text `first` on, as of when it was built."""

    def __init__(self, rows: WordRows, words: int, first: int = 0) -> None:
        state = rows.state()
        begin = state["starts"][first]
        numbers, weights = state["words"][begin:], state["weights"][begin:]
        self._size = len(rows) - first
        owners = np.repeat(np.arange(self._size, dtype=np.int32), np.diff(state["starts"][first:]))
        order = np.argsort(numbers, kind="stable")
        self._texts, self._weights = owners[order], weights[order]
        self._starts = np.zeros(words + 1, np.int64)
        np.cumsum(np.bincount(numbers, minlength=words), out=self._starts[1:])

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        return {"texts": self._texts, "weights": self._weights, "starts": self._starts, "size": np.array([self._size])}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[Any]], prefix: str = "") -> Postings:
        """Undo `state`; the arrays lie in the state under a prefix."""
        made = cls.__new__(cls)
        made._texts, made._weights = state[f"{prefix}texts"], state[f"{prefix}weights"]
        made._starts, made._size = state[f"{prefix}starts"], int(state[f"{prefix}size"][0])
        return made

    def search(
        self, words: IntArray, weights: NDArray[np.float32], k: int, late: Postings | None = None
    ) -> tuple[IntArray, NDArray[np.float32]]:
        """Texts that share a word with the query and their cosines, at least the best k of them, best first.

        All that are as good as the last of them are there. A cosine is the same to the last bit however words and
        texts are numbered. `late` knows the texts that come after these.
        """
        sums = np.zeros(self._size + (0 if late is None else late._size), np.float32)
        self._add(words, weights, sums[: self._size])
        if late is not None:
            late._add(words, weights, sums[self._size :])
        least = np.finfo(np.float32).tiny
        width = len(sums) // _GROUP
        if width > k:  # the k-th best maximum of groups is a floor: at least k texts reach it
            maxima = sums[: width * _GROUP].reshape(_GROUP, width).max(axis=0)
            least = max(least, np.partition(maxima, width - k)[width - k])
        found = np.flatnonzero(sums >= least)
        scores = sums[found]
        if len(found) > k:
            keep = np.flatnonzero(scores >= np.partition(scores, len(found) - k)[len(found) - k])
            found, scores = found[keep], scores[keep]
        order = np.argsort(-scores, kind="stable")
        return found[order], scores[order]

    def _add(self, words: IntArray, weights: NDArray[np.float32], sums: NDArray[np.float32]) -> None:
        """Add what each text has in common with the query."""
        starts, last = self._starts, len(self._starts) - 2
        for word, weight in zip(words.tolist(), weights.tolist(), strict=True):
            if weight > 0 and word <= last:
                start, end = int(starts[word]), int(starts[word + 1])
                if start < end:
                    products = weight * self._weights[start:end]
                    products += _GRID
                    products -= _GRID
                    np.add.at(sums, self._texts[start:end], products)


def cosines(
    left: tuple[IntArray, IntArray, NDArray[np.float32]],
    right: tuple[IntArray, IntArray, NDArray[np.float32]],
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """Cosines of few left texts with many right texts, shape (L, R), from their `WordRows.rows` entries."""
    left_position, left_words, left_weights = left
    words, column = np.unique(left_words, return_inverse=True)
    dense = np.zeros((shape[0], len(words)), np.float32)
    dense[left_position, column] = left_weights
    right_position, right_words, right_weights = right
    out = np.zeros((shape[0], shape[1]), np.float32)
    if not len(words) or not len(right_words):
        return out
    columns = np.full(max(int(words[-1]), int(right_words.max())) + 1, -1, np.int32)
    columns[words] = np.arange(len(words))
    found = columns[right_words]
    shared = np.flatnonzero(found >= 0)
    if not len(shared):
        return out
    position = right_position[shared]
    products = dense[:, found[shared]] * right_weights[shared]
    starts = np.flatnonzero(np.r_[True, position[1:] != position[:-1]])
    out[:, position[starts]] = np.add.reduceat(products, starts, axis=1)
    return out
