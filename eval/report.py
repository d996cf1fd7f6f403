"""Write what an experiment found: one JSON file for machines, one Markdown table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["FIELDS", "RESULTS", "rounded", "table", "with_interval", "write"]

RESULTS = Path(__file__).parent / "results"
FIELDS = ("name", "question", "source", "data", "method", "results", "conclusion")
"""What every JSON file holds, as the README says."""


def rounded(value: Any) -> Any:
    """Round every number in nested dicts and lists to four decimals, so that results do not change with the machine."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: rounded(part) for key, part in value.items()}
    if hasattr(value, "_asdict"):
        return rounded(value._asdict())
    if isinstance(value, (list, tuple)):
        return [rounded(part) for part in value]
    return value


def with_interval(found: Mapping[str, float]) -> str:
    """Write a mean with its interval."""
    return f"{found['mean']:+.3f} [{found['low']:+.3f}, {found['high']:+.3f}]"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(document: Mapping[str, Any], tables: str, folder: Path = RESULTS) -> None:
    """Write `<name>.json` and `<name>.md` into a folder.

    Parameters
    ----------
    document : dict
        With exactly the keys of `FIELDS`.
    tables : str
        Markdown that stands between the question and the conclusion.
    """
    if set(document) != set(FIELDS):
        raise ValueError(f"a result has the fields {', '.join(FIELDS)}; got {', '.join(document)}")
    folder.mkdir(parents=True, exist_ok=True)
    name = document["name"]
    text = json.dumps(rounded({key: document[key] for key in FIELDS}), indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    parts = [f"# {name}", document["question"], f"Data: {document['source']}.", tables]
    parts += ["\n".join(f"- {line}" for line in document["method"]), f"**Conclusion.** {document['conclusion']}"]
    (folder / f"{name}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
