"""Vectors of texts kept between runs, in files that any number of processes may share.

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
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray
from matchengine.i18n import _

__all__ = ["EmbeddingCache", "Found", "Matrix", "VectorCache", "default_cache_folder", "is_unit", "text_keys"]

MAX_SEGMENTS = 64
ABANDONED_SECONDS = 3600
_TEMPORARY = ".new-"
Matrix = NDArray[np.float32]


def default_cache_folder() -> Path:
    """Return the folder of the environment variable MATCHENGINE_CACHE, else one in the user's cache folder."""
    if chosen := os.environ.get("MATCHENGINE_CACHE"):
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matchengine"


class Found(NamedTuple):
    """Which texts (T,) a cache holds, with their vectors (T, d), and whether the model cut them."""

    found: BoolArray
    vectors: Matrix
    truncated: BoolArray

    @classmethod
    def nothing(cls, count: int, dimension: int) -> Found:
        return cls(np.zeros(count, np.bool_), np.zeros((count, dimension), np.float32), np.zeros(count, np.bool_))


class VectorCache(Protocol):
    """Where vectors of texts already embedded are looked up and kept."""

    def get(self, fingerprint: str, dimension: int, texts: Sequence[str]) -> Found:
        """Look texts (T,) up."""
        ...

    def put(self, fingerprint: str, texts: Sequence[str], vectors: Matrix, truncated: BoolArray) -> None:
        """Keep vectors (T, d) of distinct texts (T,)."""
        ...


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

    def get(self, fingerprint: str, dimension: int, texts: Sequence[str]) -> Found:
        """Look texts (T,) up: `found` bool (T,), `vectors` float32 (T, dimension), `truncated` bool (T,)."""
        result = Found.nothing(len(texts), dimension)
        keys = text_keys(texts)
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
            good = is_unit(vectors)
            hits = hits[good]
            result.found[hits], result.vectors[hits] = True, vectors[good]
            result.truncated[hits] = records["truncated"][rows[hits]]
        return result

    def put(self, fingerprint: str, texts: Sequence[str], vectors: Matrix, truncated: BoolArray) -> None:
        """Keep vectors (T, d) of distinct texts (T,). A cache that cannot be written is reported, never an error."""
        records = np.empty(len(texts), _record(vectors.shape[1]))
        records["key"], records["vector"], records["truncated"] = text_keys(texts), vectors, truncated
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
        keys, removed = {key.tobytes() for key in text_keys(texts)}, 0
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


def text_keys(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Return the SHA-256 of each text, shape (T, 32)."""
    digests = b"".join(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts)
    return np.frombuffer(digests, np.uint8).reshape(-1, 32)


def _prefixes(keys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys[:, :8]).view(">u8")[:, 0].astype(np.uint64)


def _name(fingerprint: str, data: bytes) -> str:
    return hashlib.sha256(fingerprint.encode() + b"\0" + data).hexdigest() + ".npy"


def is_unit(vectors: Matrix) -> BoolArray:
    """Tell which rows (T, d) are finite and of unit length within 1 %, shape (T,)."""
    squares = np.vecdot(vectors, vectors)
    return np.asarray((squares >= 0.99**2) & (squares <= 1.01**2), dtype=np.bool_)
