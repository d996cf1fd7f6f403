"""On which texts similarity is calibrated, and what counts as similar in words (domain.md C0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.components import VectorIndex
from matchengine.pool.embed import Calibration, calibrate
from matchengine.pool.lexicon import Postings, WordRows
from matchengine.pool.text import TextField

__all__ = ["closest_words", "hashes", "measured", "sample_texts"]

_TEXTS = 4000
_FEWEST_TEXTS = 200
_PROBES = 1000
_LEAST = 0.25
Fields = Mapping[str, TextField]


def measured(fields: Fields, indexes: Mapping[str, VectorIndex], seed: int, words: int) -> tuple[Calibration, float]:
    """Return what counts as similar on the texts at hand, in meaning and in words (domain.md C0).

    Parameters
    ----------
    indexes : dict of field to VectorIndex
        Each is asked once.
    seed : int
        Seed of the sample.
    words : int
        Size of the lexicon.
    """
    checks = {key: hashes(field) for key, field in fields.items()}
    spoken = sample_texts(fields, checks, {key: np.flatnonzero(field.known) for key, field in fields.items()})
    found = calibrate(_vectors(spoken, indexes), seed=seed) if spoken else Calibration.fallback()
    everything = sample_texts(fields, checks, {key: np.arange(len(of_field)) for key, of_field in checks.items()})
    return found, closest_words(fields, everything, words)


def _vectors(sample: Sequence[tuple[str, int]], indexes: Mapping[str, VectorIndex]) -> NDArray[np.float32]:
    """Vectors of a sample in its order, shape (S, d): all of a field at once, since an index may be a database."""
    places: dict[str, list[int]] = {}
    for place, (key, _number) in enumerate(sample):
        places.setdefault(key, []).append(place)
    order = np.concatenate([np.array(of_field, np.int64) for of_field in places.values()])
    numbers = {key: np.array([sample[place][1] for place in of_field]) for key, of_field in places.items()}
    rows = np.concatenate([indexes[key].vectors(of_field) for key, of_field in numbers.items()])
    out = np.empty_like(rows)
    out[order] = rows
    return out


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
