"""Results of steps on disk, found again by what went into them: a step is never done twice, nor taken for another.

Each node is an `.npz` of arrays and a manifest that names its step, its inputs and the SHA-256 of arrays and facts. The
manifest is written last and both by rename, so that a run that was killed leaves nothing half written that counts.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["NodeStore", "Payload", "key_of", "write_atomically"]


@dataclass(frozen=True)
class Payload:
    """What a step produced: arrays by name, and facts that JSON can hold."""

    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def key_of(inputs: Mapping[str, Any]) -> str:
    """Return the hash of everything that goes into a step, 24 hexadecimal digits."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file in one step, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class NodeStore:
    """The nodes of one run folder.

    `fresh` forgets what is there. Nodes that no plan names any more stay until the folder is deleted.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self.fresh = fresh
        self._done: set[str] = set()

    def has(self, name: str, inputs: Mapping[str, Any]) -> bool:
        """Whether a node is there and whole."""
        return self.get(name, inputs) is not None

    def get(self, name: str, inputs: Mapping[str, Any]) -> Payload | None:
        """Return what a step produced from these inputs; None where it is not there, or damaged."""
        stem = self._stem(name, inputs)
        if self.fresh and stem.name not in self._done:
            return None
        manifest = _read_manifest(stem)
        if manifest is None or manifest.get("name") != name or manifest.get("inputs") != _as_json(inputs):
            return None
        return _payload(stem, manifest)

    def named(self, stem: str) -> Payload | None:
        """Return a node by the name that `stem` gave; None where it is not there, or damaged."""
        manifest = _read_manifest(self.folder / stem)
        return None if manifest is None else _payload(self.folder / stem, manifest)

    def stem(self, name: str, inputs: Mapping[str, Any]) -> str:
        """Return the name of the files of a node, without their endings."""
        return self._stem(name, inputs).name

    def put(self, name: str, inputs: Mapping[str, Any], payload: Payload) -> None:
        """Keep what a step produced."""
        stem = self._stem(name, inputs)
        buffer = io.BytesIO()
        np.savez(buffer, **dict[str, Any](payload.arrays))
        data, facts = buffer.getvalue(), _as_json(payload.facts)
        write_atomically(_file(stem, "npz"), data)
        manifest = {"name": name, "inputs": inputs, "sha256": _digest(data, facts), "facts": facts}
        write_atomically(_file(stem, "json"), json.dumps(manifest).encode())
        self._done.add(stem.name)

    def why(self, name: str, inputs: Mapping[str, Any]) -> list[str] | None:
        """Which inputs differ from those of the most recent node of this name; None where there is no such node."""
        found = sorted(self.folder.glob(f"{_safe(name)}-*.json"), key=lambda path: path.stat().st_mtime)
        for path in reversed(found):
            manifest = _read_manifest(path.with_name(path.name.removesuffix(".json")))
            if manifest is not None and manifest.get("name") == name:
                before, now = manifest["inputs"], _as_json(inputs)
                return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
        return None

    def _stem(self, name: str, inputs: Mapping[str, Any]) -> Path:
        return self.folder / f"{_safe(name)}-{key_of({'name': name, 'inputs': inputs})}"


def _safe(name: str) -> str:
    """Return a name as part of a file name; the hash of the inputs tells apart what this makes alike."""
    return re.sub(r"[^a-z0-9_.-]+", "_", name.casefold())[:80]


def _as_json(value: Any) -> Any:
    """Return a value as it is when it has been written and read again."""
    return json.loads(json.dumps(value))


def _digest(data: bytes, facts: Any) -> str:
    told = json.dumps(facts, ensure_ascii=True).encode()
    return hashlib.sha256(hashlib.sha256(data).digest() + told).hexdigest()


def _read_manifest(stem: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(_file(stem, "json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _payload(stem: Path, manifest: Mapping[str, Any]) -> Payload | None:
    """Return the arrays and facts of a node; None where they are not those that the manifest was written for."""
    try:
        data = _file(stem, "npz").read_bytes()
        if _digest(data, manifest["facts"]) != manifest["sha256"]:
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return Payload({key: arrays[key] for key in arrays.files}, manifest["facts"])
    except (OSError, ValueError, KeyError):
        return None


def _file(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}.{ending}")
