"""Run facts: what a result was made with. No host, no user, no path of this machine: it may be published."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from matchengine.evaluation.config import EvaluationConfig
from matchengine.version import __version__

__all__ = ["run_facts"]

_PACKAGES = ("numpy", "scipy", "pydantic", "scikit-learn", "torch", "sentence-transformers", "faiss-cpu", "ortools")
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
        "config_as_given": text,
        "config": config.model_dump(mode="json", by_alias=True, exclude_none=True),
        "data": dict(inputs),
        "packages": {"matchengine": __version__, "python": platform.python_version(), **_versions()},
        "plugins": dict(plugins),
        "source": _source(base),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": {name: os.environ[name] for name in _THREADS if name in os.environ},
        "seed": config.seed,
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _source(base: Path) -> dict[str, Any]:
    """Commit of the folder with the evaluation file, and whether anything there was changed; empty without git."""
    try:
        commit = _git(base, "rev-parse", "HEAD")
        return {"commit": commit, "changed": bool(_git(base, "status", "--porcelain", "--untracked-files=no"))}
    except (OSError, subprocess.SubprocessError):
        return {}


def _git(base: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", "-C", str(base), *words],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    return done.stdout.strip()
