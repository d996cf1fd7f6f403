"""From texts to vectors: every distinct text once, and similarity calibrated to the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.components import Embedded, Embedder
from matchengine.errors import DataError, MatchEngineError, PluginError, blame
from matchengine.i18n import _
from matchengine.pool.vector_cache import Found, Matrix, VectorCache, is_unit

__all__ = ["Calibration", "EmbeddedTexts", "EmbeddingReport", "calibrate", "embed_distinct"]

CHUNK = 2048
LONG_WORK_SECONDS = 2.0
FALLBACK_LOW, FALLBACK_HIGH = 0.20, 0.75  # domain.md C0
MIN_TEXTS, MIN_SPREAD = 200, 0.15
PAIRS, PROBES, PARTNERS = 20_000, 1_000, 20_000


class EmbeddedTexts(NamedTuple):
    """Vectors of texts and what it took to get them.

    `vectors` float32 (T, d): unit rows, zero where not known. `known` bool (T,): False where the text is in a
    language the embedder does not know. `truncated`, `encoded`, `from_cache`: numbers of distinct texts cut by the
    model, encoded now, and found in the cache.
    """

    vectors: Matrix
    known: BoolArray
    truncated: int
    encoded: int
    from_cache: int


@dataclass
class EmbeddingReport:
    """What embedding did: texts encoded, taken from the cache, cut by the model, in languages it does not know."""

    encoded: int = 0
    from_cache: int = 0
    truncated: int = 0
    other_languages: int = 0


class Calibration(NamedTuple):
    """What cosines mean for one model: `low` is chance, `high` as close as paraphrases (domain.md C0)."""

    low: float
    high: float

    @classmethod
    def fallback(cls) -> Calibration:
        """Return the values used when there are too few texts to tell."""
        return cls(FALLBACK_LOW, FALLBACK_HIGH)

    def phi(self, cosines: FloatArray) -> FloatArray:
        """Calibrated similarity in [0, 1] of cosines, in their shape and type; NaN stays NaN."""
        scaled = np.asarray(cosines) - self.low  # Python numbers keep the type of the array
        scaled *= 1 / (self.high - self.low)
        return np.clip(scaled, 0, 1, out=scaled)


def calibrate(vectors: FloatArray, seed: int, order: IntArray | None = None) -> Calibration:
    """Fix what counts as similar: `low` is the median cosine of random pairs, `high` the 95th percentile of cosines
    with the best partner (domain.md C0), at least 0.15 apart.

    Parameters
    ----------
    vectors : float array (T, d)
        Unit vectors of distinct texts; below 200 the fallback is returned.
    seed : int
        Seed of the sample.
    order : int array (T,), optional
        An order of the rows that follows from the texts alone, such as that of their hashes. Rows are sampled by
        their place in it, so the result does not depend on the order in which people were loaded. None: as given.
    """
    if len(vectors) < MIN_TEXTS:
        return Calibration.fallback()
    rng = np.random.default_rng(seed)
    count = len(vectors)
    rows = np.arange(count) if order is None else np.asarray(order)
    left = rng.integers(count, size=PAIRS)
    right = (left + rng.integers(1, count, size=PAIRS)) % count
    pieces = zip(np.split(rows[left], 20), np.split(rows[right], 20), strict=True)
    cosines = np.concatenate([np.vecdot(vectors[a], vectors[b]) for a, b in pieces])
    partners = rng.permutation(count)[:PARTNERS]
    probes = partners[:PROBES]
    best = []
    for start in range(0, len(probes), 100):
        products = vectors[rows[probes[start : start + 100]]] @ vectors[rows[partners]].T
        own = np.arange(len(products))
        products[own, start + own] = -1.0
        best.append(products.max(axis=1))
    low = round(float(np.median(cosines)), 6)
    high = round(float(np.percentile(np.concatenate(best), 95)), 6)
    low = min(low, 1 - MIN_SPREAD)
    return Calibration(low, max(high, low + MIN_SPREAD))


def embed_distinct(
    texts: Sequence[str],
    languages: Sequence[str | None],
    embedder: Embedder,
    cache: VectorCache | None = None,
    progress: bool = False,
) -> EmbeddedTexts:
    """Embed texts (T,) with their language tags (T,): every distinct text once, in one stream sorted by length.

    A text whose primary language the embedder does not declare is not sent to it. A text without a tag (None or
    `und`) is taken to be in a language of the embedder. `progress` shows a bar on stderr for work beyond 2 seconds.

    Raises
    ------
    DataError
        When texts and languages differ in number.
    PluginError
        When the embedder returns something else than finite unit vectors of its dimension.
    """
    if len(texts) != len(languages):
        raise DataError(f"{len(texts)} texts were given with {len(languages)} language tags; give one tag per text")
    known = _spoken(languages, embedder.languages)
    numbers: dict[str, int] = {}
    number = np.array(
        [numbers.setdefault(t, len(numbers)) if k else -1 for t, k in zip(texts, known.tolist(), strict=True)], np.int64
    )
    distinct = list(numbers)
    if cache is None or not distinct:
        found = Found.nothing(len(distinct), embedder.dimension)
    else:
        found = cache.get(embedder.fingerprint, embedder.dimension, distinct)
    missing = sorted(np.flatnonzero(~found.found).tolist(), key=lambda i: (-len(distinct[i]), distinct[i]))
    _encode(distinct, missing, embedder, found, cache, progress)
    vectors = found.vectors[number] if len(distinct) else np.zeros((len(texts), embedder.dimension), np.float32)
    vectors[~known] = 0.0
    return EmbeddedTexts(vectors, known, int(found.truncated.sum()), len(missing), len(distinct) - len(missing))


def _encode(
    texts: list[str],
    missing: list[int],
    embedder: Embedder,
    into: Found,
    cache: VectorCache | None,
    progress: bool,
) -> None:
    """Embed the missing texts, longest first, and keep each chunk in the cache as soon as it is there."""
    if not missing:
        return
    from tqdm import tqdm  # type: ignore[import-untyped,unused-ignore]

    bar = tqdm(
        total=len(missing), desc=_("embedding texts"), delay=LONG_WORK_SECONDS, disable=not progress, leave=False
    )
    with bar:
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            part = [texts[i] for i in chunk]
            vectors, truncated = _checked(_encoded(embedder, part), len(part), embedder)
            into.vectors[chunk], into.truncated[chunk] = vectors, truncated
            if cache is not None:
                cache.put(embedder.fingerprint, part, vectors, truncated)
            bar.update(len(chunk))


def _encoded(embedder: Embedder, texts: list[str]) -> Embedded:
    """Call an embedder; what it raises may repeat a text, so only its type and place are passed on."""
    try:
        return embedder.encode(texts)
    except MatchEngineError:
        raise
    except Exception as error:
        raise blame(_("embedder {name!r}", name=embedder.fingerprint), error) from None


def _spoken(languages: Sequence[str | None], declared: frozenset[str] | None) -> BoolArray:
    if declared is None:
        return np.ones(len(languages), np.bool_)
    inside = {tag: tag is None or _primary(tag) in declared | {"und", ""} for tag in set(languages)}
    return np.array([inside[tag] for tag in languages], np.bool_)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _checked(result: Embedded, count: int, embedder: Embedder) -> tuple[Matrix, BoolArray]:
    name, dimension = type(embedder).__name__, embedder.dimension
    vectors, truncated = np.asarray(result.vectors), np.asarray(result.truncated)
    if vectors.shape != (count, dimension) or vectors.dtype != np.float32 or truncated.shape != (count,):
        raise PluginError(
            f"embedder {name} returned vectors {vectors.dtype} {vectors.shape} and flags {truncated.shape} for "
            f"{count} texts; expected float32 ({count}, {dimension}) and ({count},)"
        )
    if not is_unit(vectors).all():
        raise PluginError(f"embedder {name} returned {int((~is_unit(vectors)).sum())} rows that are not unit vectors")
    return vectors, truncated.astype(np.bool_)
