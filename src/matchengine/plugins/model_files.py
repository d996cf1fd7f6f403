"""The files of a sentence-transformers model: which they are, whether they can be trusted, and their hashes."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

from matchengine.errors import PluginError
from matchengine.i18n import _

__all__ = ["HUB_FILES", "PACKAGED_MODEL", "file_hash", "kind_of", "model_files", "modules_of", "read_json"]

PACKAGED_MODEL = "all-MiniLM-L6-v2"
HUB_FILES = ("*.json", "*.txt", "*.model", "*.safetensors")
NOT_THE_MODEL = ("onnx", "openvino", "data_config.json", "README.txt")
_HUB_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
_hashes: dict[tuple[str, int, int], str] = {}


def kind_of(model: str) -> Literal["packaged", "local", "hub"]:
    """Tell from a setting whether the packaged model, a local folder or a model of the hub is meant."""
    if model == PACKAGED_MODEL:
        return "packaged"
    if Path(model).expanduser().is_dir():
        return "local"
    if _HUB_NAME.match(model):
        return "hub"
    raise PluginError(
        _(
            "model {model!r} is neither {packaged!r}, nor a folder, nor a hub name owner/name; check the path",
            model=model,
            packaged=PACKAGED_MODEL,
        )
    )


def modules_of(folder: Path) -> list[tuple[str, Path]]:
    """Return kind and folder of each module; kinds outside sentence-transformers are code of the model, refused."""
    modules = read_json(folder / "modules.json")
    found = []
    for module in modules if isinstance(modules, list) else ():
        kind, part = str(module.get("type", "")), folder / str(module.get("path", ""))
        if not kind.startswith("sentence_transformers.") or not part.resolve().is_relative_to(folder.resolve()):
            raise PluginError(
                _(
                    "{folder}: module {kind!r} is not of sentence-transformers; models with code are refused",
                    folder=folder,
                    kind=kind,
                )
            )
        found.append((kind.rpartition(".")[2], part))
    if not found:
        raise PluginError(
            _("{folder}: modules.json lists no modules; expected a sentence-transformers model", folder=folder)
        )
    return found


def read_json(path: Path) -> Any:
    """Return the content of a JSON file of a model."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PluginError(
            _(
                "{path}: cannot be read ({error}); expected the folder of a sentence-transformers model",
                path=path,
                error=type(error).__name__,
            )
        ) from error


def model_files(folder: Path) -> list[Path]:
    """Return the files that decide what vectors come out, in a fixed order."""
    suffixes = {pattern[1:] for pattern in HUB_FILES}
    found = [p for depth in ("*", "*/*") for p in folder.glob(depth) if p.is_file() and p.suffix in suffixes]
    return sorted(p for p in found if not set(p.relative_to(folder).parts) & set(NOT_THE_MODEL))


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, read again only when its size or time changed."""
    info = path.stat()
    key = (str(path), info.st_size, info.st_mtime_ns)
    if key not in _hashes:
        with path.open("rb") as file:
            _hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _hashes[key]
