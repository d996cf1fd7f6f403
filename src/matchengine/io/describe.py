"""Describes everything a column can map to, for the mapping guide."""

from __future__ import annotations

from matchengine.i18n import _
from matchengine.io.fields import ANY_ATTRIBUTE, TABLES, Reads

__all__ = ["describe_fields"]


def describe_fields(reads: Reads = "people") -> str:
    """Return the table as Markdown, for the mapping guide."""
    heads = (_("column maps to"), _("what the cell holds"), _("words"), _("consent needed"))
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- | --- |"]
    extra = [ANY_ATTRIBUTE] if reads == "people" else []
    for target in [*TABLES[reads].values(), *extra]:
        name = "attributes.<dimension>" if target is ANY_ATTRIBUTE else target.name
        meaning = target.meaning
        if target.cap:
            meaning = _("{meaning}; at most {cap}", meaning=meaning, cap=target.cap)
        lines.append(f"| `{name}` | {meaning} | {', '.join(target.words)} | {_('yes') if target.sensitive else ''} |")
    return "\n".join(lines) + "\n"
