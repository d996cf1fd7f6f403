"""Run facts: what a result was made with. No host, no user, no path of this machine: it may be published."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

from matchengine.evaluation.config import EvaluationConfig
from matchengine.version import __version__

__all__ = ["run_facts", "without_folders"]

_PACKAGES = ("numpy", "scipy", "pydantic", "scikit-learn", "torch", "sentence-transformers", "faiss-cpu", "ortools")
_PATHS = ("records", "engine", "outcomes")
_COMMIT = re.compile(r"^[0-9a-f]{40}([0-9a-f]{24})?$")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_facts(
    config: EvaluationConfig, text: str, inputs: Mapping[str, Any], plugins: Mapping[str, str], base: Path
) -> dict[str, Any]:
    """Return what a result was made with, but for the nodes.

    Parameters
    ----------
    text : str
        The evaluation file as it was given.
    inputs : mapping
        Hashes of the data.
    """
    return {
        "schema": "matchengine.evaluation-run/1",
        "config_as_given": _nameless(text, config),
        "config": without_folders(config).model_dump(mode="json", by_alias=True, exclude_none=True),
        "data": dict(inputs),
        "packages": {"matchengine": __version__, "python": platform.python_version(), **_versions()},
        "plugins": dict(plugins),
        "source": _source(base),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": {name: os.environ[name] for name in _THREADS if name in os.environ},
        "seed": config.seed,
    }


def without_folders(config: EvaluationConfig) -> EvaluationConfig:
    """Return a configuration whose paths from the root of this machine keep their last part alone."""
    data = config.data.model_copy(
        update={key: _last(value) for key in _PATHS if (value := getattr(config.data, key)) is not None}
    )
    strategies = {
        name: table.model_copy(update={"config": _last(table.config)}) if table.config else table
        for name, table in config.strategies.items()
    }
    return config.model_copy(update={"data": data, "strategies": strategies})


def _nameless(text: str, config: EvaluationConfig) -> str:
    """Return the file as it was given, paths from the root of this machine cut to their last part."""
    paths = [getattr(config.data, key) for key in _PATHS] + [table.config for table in config.strategies.values()]
    for path in sorted({path for path in paths if path}, key=len, reverse=True):
        text = text.replace(path, _last(path))
    return text


def _last(path: str) -> str:
    return PurePath(path).name if PurePath(path).is_absolute() or path.startswith("~") else path


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _source(base: Path) -> dict[str, Any]:
    """Commit of the folder with the evaluation file, read without starting git; empty where there is none.

    Whether files were changed since is not asked: what was read has hashes of its own in the run facts.
    """
    for folder in (base.resolve(), *base.resolve().parents):
        inside = folder / ".git"
        try:
            if inside.is_file():  # a worktree: the file names the folder
                inside = (folder / inside.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
            if not inside.is_dir():
                continue
            head = (inside / "HEAD").read_text(encoding="utf-8").strip()
            commit = _resolved(inside, head.removeprefix("ref:").strip()) if head.startswith("ref:") else head
        except (OSError, UnicodeDecodeError):
            return {}
        return {"commit": commit} if _COMMIT.match(commit) else {}
    return {}


def _resolved(inside: Path, name: str) -> str:
    """Return the commit of a branch: its own file, or its line in the packed ones; empty where neither is there."""
    shared = inside / "commondir"
    common = (inside / shared.read_text(encoding="utf-8").strip()).resolve() if shared.is_file() else inside
    for root in (inside, common):
        if (root / name).is_file():
            return (root / name).read_text(encoding="utf-8").strip()
    packed = common / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split(" ", 1)[0] for line in lines if line.endswith(f" {name}")), "")
