"""From one cell to the entries it holds: lists cut, 0/1 columns read, answers translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from matchengine.i18n import _
from matchengine.io.fields import Target
from matchengine.io.mapping import ColumnRule
from matchengine.io.standards import BadValueError, as_text
from matchengine.io.values import Look, parse, part_target
from matchengine.io.words import BLANKS, is_no, is_yes, normalise

__all__ = ["Entry", "entries_of", "is_empty_answer", "split_entries", "translated"]

Entry = tuple[object, dict[str, object]]
"""A raw entry, and the parts its cell gave it."""
_EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|GETTING_DATA|SPILL!)")
_OPEN, _CLOSE = "([\uff08", ")]\uff09"


def is_empty_answer(raw: object, blanks: frozenset[str]) -> bool:
    """Return whether an answer means no answer (`-`, `n/a`, `prefer not to say`, the mapping's own)."""
    if not isinstance(raw, str) or _EXCEL_ERROR.fullmatch(raw.strip()):
        return False
    return normalise(raw) in BLANKS or normalise(raw) in blanks


def entries_of(raw: object, target: Target, rule: ColumnRule, split: str | None, look: Look) -> list[Entry]:
    """Return the entries of one cell.

    Parameters
    ----------
    raw : object
        The cell, not blank.
    target : Target
        What the column means.
    rule : ColumnRule
        How the mapping says to read it.
    split : str or None
        Separators that hold where the rule states none.
    look : Look
        For the level that a 0/1 column may hold instead of a yes.

    Raises
    ------
    BadValueError
        If the cell is an error of the spreadsheet, or neither yes nor no in a 0/1 column.
    """
    if isinstance(raw, str) and _EXCEL_ERROR.fullmatch(raw.strip()):
        raise BadValueError(_("an answer; the spreadsheet shows an error here"))
    if rule.when_yes is not None:
        return [
            entry for answer in translated(raw, rule.values) for entry in _ticked(answer, target, rule.when_yes, look)
        ]
    if isinstance(raw, list):
        if not target.many:
            raise BadValueError(_("one answer, not a list"))
        return [(entry, {}) for entry in raw if entry is not None and entry != ""]
    answers = translated(raw, rule.values)
    if not target.many or not isinstance(raw, str):
        return [(_filled(rule.template, answer), {}) for answer in answers]
    found: list[Entry] = []
    separators = rule.split if rule.split is not None else split
    for answer in answers:
        whole = len(answers) > 1 or answer is not raw
        pieces = [answer] if whole else split_entries(str(answer), separators, target, rule.values)
        found += [(_filled(rule.template, entry), {}) for piece in pieces for entry in translated(piece, rule.values)]
    return found


def _filled(template: str | None, entry: object) -> object:
    return entry if template is None else template.replace("{answer}", as_text(entry))


def _ticked(raw: object, target: Target, when_yes: str, look: Look) -> list[Entry]:
    given: dict[str, object] = {}
    if target.qualifier == "value" and (is_yes(raw) or is_no(raw)):
        given = {"value": int(is_yes(raw))}  # a support that is known to be missing is not an unknown one
    elif is_no(raw):
        return []
    elif not is_yes(raw) and normalise(as_text(raw)) != normalise(when_yes):
        if not target.qualifier:
            raise BadValueError(_("yes or no, 1 or 0, or {when_yes!r}", when_yes=when_yes))
        part = part_target(target, target.qualifier)
        given = {target.qualifier: parse(raw, part, look)}
    return [(entry, given) for entry in split_entries(when_yes, ";" if not target.commas else None, target)]


def translated(raw: object, values: Mapping[str, str | list[str]]) -> list[object]:
    """Return what the mapping's `values` say an answer stands for; the answer itself where they say nothing."""
    if isinstance(raw, (dict, date)):
        return [raw]
    key = normalise(as_text(raw))
    for answer, meaning in values.items():
        if normalise(answer) == key:
            meanings = [meaning] if isinstance(meaning, str) else meaning
            return [text for text in meanings if text]
    return [raw]


def split_entries(text: str, separators: str | None, target: Target, whole: Iterable[str] = ()) -> list[str]:
    """Cut a cell into entries, never inside brackets, double quotes or one of the answers in `whole`.

    Without stated separators entries stand apart by `;` or line breaks, else by commas where the target allows.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = tuple(whole)
    if separators is None:
        pieces = _cut(text, ";\n\uff1b", whole)
        if len(pieces) == 1 and target.commas:
            pieces = _cut(text, ",\u3001\uff0c", whole)
    elif separators == "":
        pieces = [text]
    else:
        pieces = _cut(text, separators, whole)
    return [piece for piece in (piece.strip().strip('"').strip() for piece in pieces) if piece]


def _cut(text: str, separators: str, whole: Iterable[str]) -> list[str]:
    marks = set(separators)
    if marks.isdisjoint(text):
        return [text]
    held = _held(text, separators, whole)
    pieces, depth, quoted, start = [], 0, False, 0
    for position, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth = max(0, depth - 1)
        if letter in marks and not depth and not quoted and position not in held:
            pieces.append(text[start:position])
            start = position + 1
    if depth or quoted:  # a bracket or quote that never closes protects nothing
        return re.split("[" + re.escape("".join(marks)) + "]", text)
    return [*pieces, text[start:]]


def _held(text: str, separators: str, whole: Iterable[str]) -> set[int]:
    """Return the positions inside whole answers that hold a separator: a form wrote them, so they are one entry."""
    held: set[int] = set()
    edge = re.escape(separators)
    for answer in sorted((one for one in whole if not set(separators).isdisjoint(one)), key=len, reverse=True):
        words = r"\s+".join(map(re.escape, answer.split()))
        for found in re.finditer(rf"(?:^|(?<=[{edge}]))\s*{words}\s*(?=$|[{edge}])", text, re.IGNORECASE):
            if held.isdisjoint(range(*found.span())):
                held.update(range(*found.span()))
    return held
