"""An evaluation together with the facts of its run: what it cost, what it was made with, how to do it again."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from pydantic import Field

from matchengine.records.base import Record
from matchengine.records.evaluation import EvaluationResult

__all__ = ["EvaluationReport", "report_of"]

_SHOWN = 16
"""Characters of a commit that a page shows."""


class EvaluationReport(Record):
    """A result with what differs between two runs of it, and so does not stand in the result.

    `seconds` are those each strategy took, by name; `packages` versions by name; `command` does it all again. Empty
    fields are not known.
    """

    result: EvaluationResult
    seconds: dict[str, float] = Field(default={})
    packages: dict[str, str] = Field(default={})
    plugins: dict[str, str] = Field(default={})
    processor: str = ""
    commit: str = ""
    seed: int | None = None
    command: str = ""

    @property
    def language(self) -> str:
        """Language of the result."""
        return self.result.language


def report_of(folder: Path, result: EvaluationResult) -> EvaluationReport:
    """Return a result with the facts that its run folder tells; without a readable `run.json`, with none.

    Parameters
    ----------
    folder : Path
        Where the run wrote `run.json`.
    """
    facts = _read(folder / "run.json")
    if not facts:
        return EvaluationReport(result=result)
    nodes = facts.get("nodes", {})
    source = facts.get("source", {})
    seconds = {name: float(node["seconds"]) for name, node in nodes.items() if "seconds" in node}
    return EvaluationReport(
        result=result,
        seconds=seconds,
        packages={str(name): str(version) for name, version in facts.get("packages", {}).items()},
        plugins={str(name): str(version) for name, version in facts.get("plugins", {}).items()},
        processor=str(facts.get("processor", "")),
        commit=str(source.get("commit", ""))[:_SHOWN],
        seed=facts.get("seed"),
        command=f"matchengine eval {shlex.quote(str(facts.get('file') or 'FILE.toml'))} --fresh",
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
