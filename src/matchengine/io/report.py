"""One report of everything an import noticed: nothing is dropped silently.

The report is for the coordinator who owns the file. It may show values of ordinary columns, and never a value of a
sensitive or contact column (`HIDDEN` stands there instead). Errors raised from it carry no values at all, because
errors end up in logs (reliability-and-privacy.md SEC12).
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext

__all__ = ["HIDDEN", "KEYS", "Effect", "ImportRefusedError", "Problem", "Report", "place", "shown"]

Effect = Literal["value dropped", "row left out", "file refused", "note"]
HIDDEN = N_("(hidden)")
"""Stands for a value that a report may not repeat."""

_TITLES: dict[Effect, str] = {
    "file refused": N_("Files refused: nothing of them was read"),
    "row left out": N_("Rows left out: nobody was made from them"),
    "value dropped": N_("Values dropped: the row is kept without them"),
    "note": N_("Notes"),
}
KEYS = (
    *(N_("file refused"), N_("row left out"), N_("value dropped"), N_("note")),
    *(N_("files read"), N_("files refused"), N_("rows read"), N_("rows left out"), N_("blank rows")),
    *(N_("people made"), N_("groups made"), N_("relationships made"), N_("records made")),
    *(N_("events made"), N_("resources made"), N_("projects made"), N_("organisations made")),
    N_("answers made"),
    *(N_("rows merged into another"), N_("texts with a name masked")),
    N_("texts with an e-mail or telephone number masked"),
)
"""Effects and counts: keys in JSON, said in the language of the reader in a report."""
_PHONE = re.compile(r"(?:\d[\s()./-]?){7,}")
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the import noticed.

    Attributes
    ----------
    file : str
        Name of the file, or of the table if it came from memory.
    row : int or None
        As the spreadsheet program shows it (the header is row 1); the line of JSON Lines; from 1 for tables in memory.
        None when the whole column or file is meant.
    column : str or None
        The header as it stands in the file.
    value : str or None
        The value, shortened; `(hidden)` where it may not be shown.
    expected : str
        What would have been right, or for a note what was done.
    nearest : str or None
        The nearest valid value.
    effect : str
        `value dropped`, `row left out`, `file refused` or `note`.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    nearest: str | None = None
    effect: Effect = "value dropped"

    def sentence(self, *, with_value: bool = True) -> str:
        """Return the problem as one sentence; without its value where it may reach a log."""
        value = _value(self.value) if with_value else None
        told = self.expected if self.effect == "note" else _("expected {expected}", expected=self.expected)
        if value is not None:
            told = _("got {value!r}; {told}", value=value, told=told)
        if self.nearest is not None:
            told = _("{told}; nearest: {nearest!r}", told=told, nearest=self.nearest)
        where = place(self.file, self.row, self.column)
        return _("{where}: {told} [{effect}]", where=where, told=told, effect=_(self.effect))


def place(file: str, row: int | None = None, column: str | None = None) -> str:
    """Say where in a file something stands: its row, its column, both or neither."""
    if row is None and column is None:
        return file
    if column is None:
        return _("{file}, row {row}", file=file, row=row)
    if row is None:
        return _("{file}, column {column!r}", file=file, column=column)
    return _("{file}, row {row}, column {column!r}", file=file, row=row, column=column)


def _value(value: str | None) -> str | None:
    return _(HIDDEN) if value == HIDDEN else value


class ImportRefusedError(DataError):
    """A strict import met problems; `report` holds them with their values, the message without."""

    def __init__(self, report: Report) -> None:
        self.report = report
        found = report.failures
        message = ngettext(
            "{n} problem and a strict import: nothing was read. Mend the file or import without strict",
            "{n} problems and a strict import: nothing was read. Mend the file or import without strict",
            len(found),
        )
        super().__init__(message, [problem.sentence(with_value=False) for problem in found])


@dataclass(slots=True)
class Report:
    """All problems of one import, and what was counted on the way."""

    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        file: str,
        expected: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        nearest: str | None = None,
        effect: Effect = "value dropped",
    ) -> None:
        """Append one problem."""
        shown_column = HIDDEN if column is not None and "@" in column else column
        self.problems.append(Problem(file, row, shown_column, value, expected, nearest, effect))

    @property
    def failures(self) -> list[Problem]:
        """Every problem that lost something, that is all but the notes."""
        return [problem for problem in self.problems if problem.effect != "note"]

    def refuse_if(self, strict: bool) -> None:
        """Raise `ImportRefusedError` if `strict` and anything was lost."""
        if strict and self.failures:
            raise ImportRefusedError(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"counts": dict(self.counts), "problems": [asdict(problem) for problem in self.problems]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Build a report from what `to_dict` returned."""
        return cls([Problem(**problem) for problem in data["problems"]], Counter(data["counts"]))

    def render(self, width: int = 80, *, most: int = 5) -> str:
        """Return the report as text.

        Parameters
        ----------
        width : int
            Longest line, in characters.
        most : int
            Cases shown of each kind of problem; the others are counted.
        """
        lines = [_("Import report"), *self._summary(width)]
        for effect in _TITLES:
            chosen = [problem for problem in self.problems if problem.effect == effect]
            if chosen:
                lines += ["", *textwrap.wrap(f"{_(_TITLES[effect])} ({len(chosen)})", width)]
                lines += _grouped(chosen, width, most)
        if not self.problems:
            lines += ["", _("No problems.")]
        return "\n".join(lines)

    def _summary(self, width: int) -> list[str]:
        text = ", ".join(f"{_(name)}: {number}" for name, number in self.counts.items())
        return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ") if text else []


def _grouped(problems: Iterable[Problem], width: int, most: int) -> Iterator[str]:
    """Yield the lines of one section; problems of whole columns are all listed, those of rows up to `most`."""
    groups: dict[tuple[str, str | None, str], list[Problem]] = {}
    for problem in problems:
        column = problem.column if problem.row is not None else None
        groups.setdefault((problem.file, column, problem.expected), []).append(problem)
    for (file, column, expected), members in groups.items():
        told = expected if members[0].effect == "note" else _("expected {expected}", expected=expected)
        yield from textwrap.wrap(
            f"{place(file, column=column)}: {told}", width, initial_indent="  ", subsequent_indent="    "
        )
        cases = [line for line in (_case(member) for member in members) if line]
        shown_cases = most if members[0].row is not None else len(cases)
        for case in cases[:shown_cases]:
            yield from textwrap.wrap(case, width, initial_indent="      ", subsequent_indent="        ")
        if len(cases) > shown_cases:
            yield " " * 6 + ngettext("and {n} more", "and {n} more", len(cases) - shown_cases)


def _case(problem: Problem) -> str:
    parts = []
    if problem.row is not None:
        parts.append(_("row {row}", row=problem.row))
    elif problem.column is not None:
        parts.append(_("column {column!r}", column=problem.column))
    if problem.value is not None:
        parts.append(_("got {value!r}", value=_value(problem.value)))
    if problem.nearest is not None:
        found = N_("perhaps {nearest!r}") if problem.effect == "note" else N_("nearest {nearest!r}")
        parts.append(_(found, nearest=problem.nearest))
    return ", ".join(parts)


def shown(value: object, *, hidden: bool = False) -> str:
    """Return a value as a report may show it: short, and hidden when it is or looks like contact data."""
    text = " ".join(str(value).split())
    if hidden or "@" in text or _PHONE.search(text):
        return HIDDEN
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
