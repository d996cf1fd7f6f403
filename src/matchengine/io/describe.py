"""Describes everything a column can map to, for the mapping guide."""

from __future__ import annotations

from matchengine.io.fields import ANY_ATTRIBUTE, TABLES, Reads

__all__ = ["describe_fields"]


def describe_fields(reads: Reads = "people") -> str:
    """Return the table as Markdown, for the mapping guide."""
    lines = ["| column maps to | what the cell holds | words | consent needed |", "| --- | --- | --- | --- |"]
    extra = [ANY_ATTRIBUTE] if reads == "people" else []
    for target in [*TABLES[reads].values(), *extra]:
        name = "attributes.<dimension>" if target is ANY_ATTRIBUTE else target.name
        cap = f"; at most {target.cap}" if target.cap else ""
        lines.append(
            f"| `{name}` | {target.doc}{cap} | {', '.join(target.words)} | {'yes' if target.sensitive else ''} |"
        )
    return "\n".join(lines) + "\n"
