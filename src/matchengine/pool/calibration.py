"""On which texts similarity is calibrated, and what counts as similar in words (domain.md C0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

from matchengine.batch import IntArray
from matchengine.pool.lexicon import Postings, WordRows
from matchengine.pool.text import TextField

__all__ = ["closest_words", "hashes", "sample_texts"]

_TEXTS = 4000
_FEWEST_TEXTS = 200
_PROBES = 1000
_LEAST = 0.25
Fields = Mapping[str, TextField]


def hashes(field: TextField) -> IntArray:
    """Return a hash of each text of a field, int64 (T,)."""
    return np.fromiter((crc32(text.encode()) for text in field.texts), np.int64, len(field.texts))


def sample_texts(
    fields: Fields, checks: Mapping[str, IntArray], drawn: Mapping[str, IntArray]
) -> list[tuple[str, int]]:
    """Return field and number of up to 4,000 distinct texts, chosen and ordered by their hashes alone.

    So the sample is the same whatever the order in which people were loaded.

    Parameters
    ----------
    checks : dict of field to int64 array (T,)
        Hashes of all texts of each field.
    drawn : dict of field to int array
        Numbers of the texts that may be drawn.
    """
    sample: list[tuple[int, str, str, str, int]] = []
    for key, numbers in drawn.items():
        chosen = numbers[np.argsort(checks[key][numbers], kind="stable")[:_TEXTS]]
        field = fields[key]
        sample += [(int(checks[key][n]), field.texts[n], key, field.languages[n], int(n)) for n in chosen]
    distinct = {text: (key, number) for _, text, key, _language, number in sorted(sample)[:_TEXTS]}
    return list(distinct.values())


def closest_words(fields: Fields, sample: Sequence[tuple[str, int]], words: int) -> float:
    """Return the lexical cosine that counts as 1: how near, in words, a text usually comes to its best partner.

    It is the 95th percentile, over 1,000 texts of the sample, of the cosine with the nearest other text of the
    sample, in [.25, 1]; 1 below 200 texts, where nothing can be told.

    Parameters
    ----------
    sample : sequence of (field, number)
        Distinct texts, as `sample_texts` gives them.
    words : int
        Size of the lexicon.
    """
    if len(sample) < _FEWEST_TEXTS:
        return 1.0
    parts = [fields[key].words.rows(np.array([number])) for key, number in sample]
    state = {
        "starts": np.cumsum([0, *(len(part[1]) for part in parts)]),
        "words": np.concatenate([part[1] for part in parts]),
        "weights": np.concatenate([part[2] for part in parts]),
    }
    postings = Postings(WordRows(state), words)
    best = []
    for own, (_, own_words, weights) in enumerate(parts[:_PROBES]):
        found, cosines = postings.search(own_words, weights, 2)
        best.append(cosines[found != own].max(initial=0))
    return float(np.clip(round(float(np.percentile(best, 95)), 4), _LEAST, 1))
