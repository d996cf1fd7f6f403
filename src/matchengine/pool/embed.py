"""From texts to vectors: every distinct text once, vectors kept between runs, similarity calibrated to the model.

The cache holds vectors, which reveal something of their texts: its folder is readable by its owner alone, and
`EmbeddingCache.forget` removes texts from it. It is never needed: what is missing or damaged is computed again.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.components import Embedded, Embedder
from matchengine.errors import DataError, MatchEngineError, PluginError, blame
from matchengine.i18n import _

__all__ = ["Calibration", "EmbeddedTexts", "EmbeddingCache", "calibrate", "default_cache_folder", "embed_distinct"]

CHUNK = 2048
MAX_SEGMENTS = 64
ABANDONED_SECONDS = 3600
LONG_WORK_SECONDS = 2.0
FALLBACK_LOW, FALLBACK_HIGH = 0.20, 0.75  # domain.md C0
MIN_TEXTS, MIN_SPREAD = 200, 0.15
PAIRS, PROBES, PARTNERS = 20_000, 1_000, 20_000
_TEMPORARY = ".new-"
Matrix = NDArray[np.float32]


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
    cache: EmbeddingCache | None = None,
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
        found = _Found.nothing(len(distinct), embedder.dimension)
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
    into: _Found,
    cache: EmbeddingCache | None,
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
    if not _is_unit(vectors).all():
        raise PluginError(f"embedder {name} returned {int((~_is_unit(vectors)).sum())} rows that are not unit vectors")
    return vectors, truncated.astype(np.bool_)


def _is_unit(vectors: Matrix) -> BoolArray:
    squares = np.vecdot(vectors, vectors)
    return np.asarray((squares >= 0.99**2) & (squares <= 1.01**2), dtype=np.bool_)


def default_cache_folder() -> Path:
    """Return the folder of the environment variable MATCHENGINE_CACHE, else one in the user's cache folder."""
    if chosen := os.environ.get("MATCHENGINE_CACHE"):
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matchengine"


class _Found(NamedTuple):
    found: BoolArray
    vectors: Matrix
    truncated: BoolArray

    @classmethod
    def nothing(cls, count: int, dimension: int) -> _Found:
        return cls(np.zeros(count, np.bool_), np.zeros((count, dimension), np.float32), np.zeros(count, np.bool_))


class EmbeddingCache:
    """Vectors of texts already embedded, in files that any number of processes may read and add.

    Each model has its own folder, found by the hash of its fingerprint; each file in it holds some texts' SHA-256
    and vectors and is named by the SHA-256 of the fingerprint and its own bytes. Files are never changed, appear
    whole or not at all, and are verified when first read; a damaged one is reported, dropped and computed anew.

    Parameters
    ----------
    folder : path, optional
        Default: `default_cache_folder()`. Created for its owner alone.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder).expanduser() if folder is not None else default_cache_folder()
        self._open: dict[Path, tuple[NDArray[np.void], NDArray[np.uint64]]] = {}

    @classmethod
    def open(cls, choice: bool | str) -> EmbeddingCache | None:
        """Return the cache a configuration chose: true for the default folder, false for none, or a folder."""
        return (cls() if choice is True else cls(choice)) if choice else None

    def get(self, fingerprint: str, dimension: int, texts: Sequence[str]) -> _Found:
        """Look texts (T,) up: `found` bool (T,), `vectors` float32 (T, dimension), `truncated` bool (T,)."""
        result = _Found.nothing(len(texts), dimension)
        keys = _keys(texts)
        prefixes = _prefixes(keys)
        for path in self._segments(fingerprint):
            opened = self._opened(path, fingerprint, dimension)
            if opened is None or result.found.all():
                continue
            records, stored = opened
            rows = np.minimum(np.searchsorted(stored, prefixes), len(stored) - 1)
            hits = np.flatnonzero((stored[rows] == prefixes) & ~result.found)
            hits = hits[(records["key"][rows[hits]] == keys[hits]).all(axis=1)]
            vectors = records["vector"][rows[hits]]
            good = _is_unit(vectors)
            hits = hits[good]
            result.found[hits], result.vectors[hits] = True, vectors[good]
            result.truncated[hits] = records["truncated"][rows[hits]]
        return result

    def put(self, fingerprint: str, texts: Sequence[str], vectors: Matrix, truncated: BoolArray) -> None:
        """Keep vectors (T, d) of distinct texts (T,). A cache that cannot be written is reported, never an error."""
        records = np.empty(len(texts), _record(vectors.shape[1]))
        records["key"], records["vector"], records["truncated"] = _keys(texts), vectors, truncated
        try:
            self._write(fingerprint, records)
            if len(paths := self._segments(fingerprint)) > MAX_SEGMENTS:
                self._merge(fingerprint, vectors.shape[1], paths)
        except OSError as error:
            warnings.warn(
                _("{folder}: vectors could not be kept ({reason})", folder=self.folder, reason=error.strerror),
                stacklevel=2,
            )

    def forget(self, texts: Sequence[str]) -> int:
        """Remove texts from the cache of every model, for an erasure; return how many entries were removed."""
        keys, removed = {key.tobytes() for key in _keys(texts)}, 0
        for left in self.folder.glob(f"*/{_TEMPORARY}*"):  # by a process that was killed while writing
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                    left.unlink()
        for path in self.folder.glob("*/*.npy"):
            self._open.pop(path, None)
            with suppress(OSError, ValueError):
                records = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
                keep = np.array([key.tobytes() not in keys for key in records["key"]], np.bool_)
                if not keep.all():
                    fingerprint = (path.parent / "model").read_text(encoding="utf-8")
                    if keep.any():
                        self._write(fingerprint, records[keep])
                    path.unlink(missing_ok=True)
                    removed += int((~keep).sum())
        return removed

    def _segments(self, fingerprint: str) -> list[Path]:
        with suppress(OSError):
            return sorted(p for p in self._model_folder(fingerprint).iterdir() if p.suffix == ".npy")
        return []

    def _model_folder(self, fingerprint: str) -> Path:
        return self.folder / hashlib.sha256(fingerprint.encode()).hexdigest()[:32]

    def _opened(
        self, path: Path, fingerprint: str, dimension: int
    ) -> tuple[NDArray[np.void], NDArray[np.uint64]] | None:
        if path not in self._open:
            try:
                if _name(fingerprint, path.read_bytes()) != path.name:
                    raise ValueError
                records = np.load(path, mmap_mode="r", allow_pickle=False)
                if records.dtype != _record(dimension) or records.ndim != 1 or not len(records):
                    raise ValueError
            except FileNotFoundError:  # merged or forgotten by another process meanwhile
                return None
            except (OSError, ValueError, EOFError):
                warnings.warn(
                    _("{path}: damaged cache file dropped; its texts are embedded again", path=path), stacklevel=4
                )
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                return None
            self._open[path] = records, _prefixes(records["key"])
        return self._open[path]

    def _write(self, fingerprint: str, records: NDArray[np.void]) -> Path:
        """Write one file: whole under a temporary name, synced, then renamed."""
        folder = self._model_folder(fingerprint)
        if not folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            folder.mkdir(mode=0o700, exist_ok=True)
        buffer = io.BytesIO()
        np.save(buffer, records[np.argsort(_prefixes(records["key"]), kind="stable")], allow_pickle=False)
        data = buffer.getvalue()
        if not (folder / "model").exists():
            _publish(folder / "model", fingerprint.encode())
        return _publish(folder / _name(fingerprint, data), data)

    def _merge(self, fingerprint: str, dimension: int, paths: list[Path]) -> None:
        """Replace many files by one; another process that reads meanwhile misses nothing or embeds again."""
        parts = {path: opened[0] for path in paths if (opened := self._opened(path, fingerprint, dimension))}
        records = np.concatenate(list(parts.values()))
        _, first = np.unique(records["key"], axis=0, return_index=True)
        merged = self._write(fingerprint, records[first])
        for path in parts.keys() - {merged}:
            self._open.pop(path, None)
            path.unlink(missing_ok=True)


def _publish(path: Path, data: bytes) -> Path:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return path


def _record(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("key", "u1", (32,)), ("truncated", "?"), ("vector", "<f4", (dimension,))])


def _keys(texts: Sequence[str]) -> NDArray[np.uint8]:
    digests = b"".join(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts)
    return np.frombuffer(digests, np.uint8).reshape(-1, 32)


def _prefixes(keys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys[:, :8]).view(">u8")[:, 0].astype(np.uint64)


def _name(fingerprint: str, data: bytes) -> str:
    return hashlib.sha256(fingerprint.encode() + b"\0" + data).hexdigest() + ".npy"
