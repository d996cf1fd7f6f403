"""Writes a first mapping file from the headers and answers of the programme's files, for a person to confirm."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.io.fields import Reads, find_target
from matchengine.io.guess import guess_role, nearest_target
from matchengine.io.propose import Column, Proposal, propose, question_of
from matchengine.io.report import Report
from matchengine.io.shapes import shape_of
from matchengine.io.sources import Source, open_tables
from matchengine.io.tables import FileOptions, RawTable, is_blank
from matchengine.io.words import is_yes, normalise

__all__ = ["suggest_mapping"]

_ORDER = {"sure": 0, "likely": 1, "unsure": 2}
_FORM_MARKS = {"start time", "completion time"}
"""Headers of a form whose column `ID` numbers the answers, and not the people."""


def suggest_mapping(paths: Source, *, reads: Reads = "people") -> str:
    """Return the text of a mapping file, guessed from headers and answers; no answer is repeated in it.

    Parameters
    ----------
    paths : path, list of paths, or any source of `read_people`
        The files to look at.
    reads : str
        `people`, `groups` or `relationships`.

    Returns
    -------
    str
        TOML that `load_mapping` accepts as it stands. Each line says how sure it is and why. What is sure or likely is
        active; the rest are comments, and so are sensitive columns, with the consent lines to fill in.

    Raises
    ------
    DataError
        If no file can be read.
    """
    report = Report()
    source = [paths] if isinstance(paths, (str, Path)) else paths
    tables = open_tables(source, lambda _: FileOptions(), report)
    if not tables:
        raise DataError(_("no file can be read"), [p.sentence(with_value=False) for p in report.failures])
    headers = {normalise(header): header for table in tables for header in table.headers if header}
    draft = _Draft(tables, reads)
    for key, header in headers.items():
        draft.add(header, propose(draft.column(key, header), reads))
    lines = [_head(reads), "[columns]", *draft.lines()]
    if draft.sensitive:
        lines += _consent_lines(list(draft.sensitive.values()), _consent_column(draft), _date_column(headers))
    if reads == "people":
        lines += [line for table in tables if not draft.has_roles(table) for line in _role_lines(table)]
    lines += [f"# {problem.sentence(with_value=False)}" for problem in report.failures]
    return "\n".join(lines) + "\n"


@dataclass
class _Draft:
    """The lines of a mapping on their way: which column gives which field, and what stands beside it."""

    tables: list[RawTable]
    reads: Reads
    proposals: dict[str, Proposal] = field(default_factory=dict)
    sensitive: dict[str, str] = field(default_factory=dict)
    used: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.beside = [{normalise(header) for header in table.headers} for table in self.tables]
        questions = (question_of(header) for table in self.tables for header in table.headers)
        self.questions = Counter(normalise(found[0]) for found in questions if found)

    def column(self, key: str, header: str) -> Column:
        """Return a header with the answers below it in all files."""
        cells = [
            row[position]
            for table in self.tables
            for position, name in enumerate(table.headers)
            if name and normalise(name) == key
            for _number, row in table.rows
        ]
        found = question_of(header)
        return Column(header, shape_of(cells), self.questions[normalise(found[0])] if found else 1)

    def add(self, header: str, proposal: Proposal) -> None:
        """Keep a proposal; the number of an answer is no id of a person."""
        if proposal.target == "id" and any(normalise(header) in f and f >= _FORM_MARKS for f in self.beside):
            reason = _("a form numbers its answers here, not the people")
            proposal = Proposal("id", "unsure", reason)
        self.proposals[header] = proposal

    def lines(self) -> list[str]:
        """Return one line for each header, in the order of the files; the surest column gets a field first."""
        told = {}
        for header in sorted(self.proposals, key=lambda header: _ORDER[self.proposals[header].confidence]):
            told[header] = self._line(header, self.proposals[header])
        return [told[header] for header in self.proposals]

    def _line(self, header: str, proposal: Proposal) -> str:
        name = proposal.target
        target = find_target(name, self.reads) if name else None
        if name is None or target is None:
            return f'# {_quoted(header)} = ""    # {proposal.reason or self._nearest(header)}'
        if target.sensitive:
            self.sensitive[header] = name
            note = _("sensitive: needs the [[consent]] below")
            return f"# {_quoted(header)} = {_quoted(name)}    # {note}"
        for other in self.used.get(name, ()):
            if not target.many and any({normalise(header), normalise(other)} <= file for file in self.beside):
                note = _("{column} gives it already", column=_quoted(other))
                return f"# {_quoted(header)} = {_quoted(name)}    # {note}"
        rule = f"{_quoted(header)} = {_rule(name, proposal.options)}"
        told = f"{rule}    # {_word(proposal)}: {proposal.reason}"
        if proposal.confidence == "unsure":
            return f"# {told}"
        self.used.setdefault(name, []).append(header)
        return told

    def has_roles(self, table: RawTable) -> bool:
        """Return whether most rows of a table say their role."""
        columns = {normalise(header) for header in self.used.get("roles", ())}
        filled = [
            sum(not is_blank(row[position]) for _number, row in table.rows)
            for position, header in enumerate(table.headers)
            if normalise(header) in columns
        ]
        return 2 * max(filled, default=0) > len(table.rows)

    def _nearest(self, header: str) -> str:
        near = nearest_target(header, self.reads)
        if near:
            return _("nearest field: {field}; name a field or list the header in ignore", field=near)
        return _("no field is near; name a field or list the header in ignore")


def _word(proposal: Proposal) -> str:
    return {"sure": _("sure"), "likely": _("likely"), "unsure": _("unsure")}[proposal.confidence]


def _rule(name: str, options: dict[str, str]) -> str:
    if not options:
        return _quoted(name)
    return "{ " + ", ".join(f"{key} = {_quoted(value)}" for key, value in {"to": name, **options}.items()) + " }"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _head(reads: Reads) -> str:
    comments = (
        _("A guess from the headers and the look of the answers: read every line, and mend or delete it."),
        _("Lines that start with # are not used. The guide lists everything a column can map to."),
    )
    settings = (
        ('# text_language = "en"              ', _("language of the free texts")),
        ('# time_zone = "Europe/London"       ', _("for people who state none")),
        ('# date_order = "day-month-year"', ""),
        ("guess = false                       ", _("nothing but these lines is used")),
    )
    lines = [f"# {comment}" for comment in comments] + [f'reads = "{reads}"', "", "[defaults]"]
    return "\n".join([*lines, *(f"{line}# {note}" if note else line for line, note in settings), ""])


def _consent_lines(fields: list[str], column: str, date_column: str) -> list[str]:
    names = ", ".join(_quoted(name) for name in dict.fromkeys(fields))
    note = _(
        "Sensitive columns are read only with the column in which each person consented. Fill in and take out the #:"
    )
    other_day = _("or date = 2024-05-31")
    return [
        "",
        f"# {note}",
        "# [[consent]]",
        f"# column = {column}",
        f"# fields = [{names}]",
        '# purposes = ["match"]              # match, explain, eligibility, group_balance, fairness_audit, research',
        '# audience = "engine_only"',
        f"# text_version = {_quoted(_('which text people agreed to'))}",
        '# language = "en"',
        f"# date_column = {date_column}              # {other_day}",
        "",
    ]


def _consent_column(draft: _Draft) -> str:
    """Return the header that most probably asks for consent: one with a yes below it and about matching goes first."""
    found = [header for header, proposal in draft.proposals.items() if proposal.subject == "CONSENT"]

    def fits(header: str) -> tuple[bool, bool]:
        answers = draft.column(normalise(header), header).shape.answers
        return any(map(is_yes, answers)), "match" in normalise(header)

    return _quoted(max(found, key=fits) if found else _("the consent question"))


def _date_column(headers: dict[str, str]) -> str:
    known = ("timestamp", "completion time", "submitted at", "submitted on", "start time")
    return _quoted(next((headers[name] for name in known if name in headers), _("the date column")))


def _role_lines(table: RawTable) -> list[str]:
    role = guess_role(table.name)
    if role is None or all(is_blank(cell) for _number, cells in table.rows for cell in cells):
        return []
    note = _("from the file name")
    return ["", f"[files.{_quoted(table.name)}]", f'constants = {{ roles = ["{role}"] }}    # {note}']
