"""What the cells of a column look like: which of them the reader itself would understand for a target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from matchengine.io.entries import entries_of, is_empty_answer
from matchengine.io.fields import Target
from matchengine.io.mapping import ColumnRule
from matchengine.io.standards import DATE_ORDERS, BadValueError, as_text, parse_date
from matchengine.io.tables import is_blank
from matchengine.io.values import Look, parse
from matchengine.io.words import is_no, is_yes

__all__ = ["FREE_TEXT", "Fit", "Shape", "fit", "shape_of"]

FREE_TEXT = frozenset({"item", "text", "short_text", "long_text", "name", "pronouns", "attribute", "id", "phone"})
"""Kinds of target whose parser takes nearly every text: their cells are judged by `Shape.contradicts` instead."""
_NEEDED = {"language": "level", "barrier": "strength", "wish": "strength", "support": "value"}
_SAMPLE = 300
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*%?")
_DIGITS = re.compile(r"\d")
_LISTED_WORDS = 5
_LONGEST_NAME = 60
_LONGEST_PLACE = 40


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of the cells looked at the reader would understand."""

    read: int
    total: int

    @property
    def share(self) -> float:
        """The share that is understood; 0 where there are none."""
        return self.read / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A column's answers, counted; no answer leaves this object but through a parser.

    Attributes
    ----------
    answers : tuple of object
        Up to 300 answers that say something.
    rows : int
        Rows of the table, those without an answer included.
    """

    answers: tuple[object, ...] = field(repr=False)
    rows: int

    def _share(self, matches: Iterable[object]) -> float:
        return sum(map(bool, matches)) / max(1, len(self.answers))

    @property
    def ticks(self) -> float:
        """The share of answers that are yes or no."""
        return self._share(is_yes(a) or is_no(a) for a in self.answers)

    @property
    def numbers(self) -> float:
        """The share of answers that are numbers."""
        return self._share(_NUMBER.fullmatch(as_text(a)) for a in self.answers)

    @property
    def moments(self) -> float:
        """The share of answers that are dates."""
        return self._share(_is_date(a) for a in self.answers)

    @property
    def addresses(self) -> float:
        """The share of answers that hold an e-mail address."""
        return self._share("@" in as_text(a) for a in self.answers)

    @property
    def length(self) -> float:
        """The median length of an answer in characters."""
        return median([len(as_text(a)) for a in self.answers] or [0])

    @property
    def holds_sentences(self) -> bool:
        """Whether most answers with commas, and without `;`, are sentences and not lists."""
        with_commas = [text for a in self.answers if "," in (text := as_text(a)) and ";" not in text]
        long = [text for text in with_commas if max(len(part.split()) for part in text.split(",")) > _LISTED_WORDS]
        return 2 * len(long) > len(with_commas)

    @property
    def distinct(self) -> float:
        """The share of answers that nobody else gave."""
        counted = Counter(as_text(a).casefold() for a in self.answers)
        return self._share(counted[as_text(a).casefold()] == 1 for a in self.answers)

    def contradicts(self, target: Target) -> bool:
        """Return whether the answers cannot be texts for a target that takes any text."""
        if not self.answers:
            return False
        if target.kind == "id":
            return self.distinct < 0.8
        if target.kind == "phone":
            return self._share(len(_DIGITS.findall(as_text(a))) >= 7 for a in self.answers) < 0.8
        plain = max(self.ticks, self.numbers, self.moments, self.addresses) > 0.3
        if target.kind == "name":
            return plain or self.length > _LONGEST_NAME
        if target.name == "place.area":
            return plain or self.length > _LONGEST_PLACE
        return plain


def shape_of(cells: Iterable[object], blanks: frozenset[str] = frozenset()) -> Shape:
    """Return the shape of a column from its cells, blank ones included."""
    every = list(cells)
    answers = [cell for cell in every if not is_blank(cell) and not is_empty_answer(cell, blanks)]
    return Shape(tuple(answers[:_SAMPLE]), len(every))


def fit(shape: Shape, target: Target, rule: ColumnRule | None = None) -> Fit:
    """Return how many answers the reader would understand for a target, in the best order of dates."""
    rule = rule or ColumnRule(to=target.name)
    orders = DATE_ORDERS if target.kind == "date" else DATE_ORDERS[:1]
    read = max(sum(_understood(a, target, rule, Look("UTC", order)) for a in shape.answers) for order in orders)
    return Fit(read, len(shape.answers))


def _understood(answer: object, target: Target, rule: ColumnRule, look: Look) -> bool:
    try:
        entries = entries_of(answer, target, rule, None, look)
        for entry, given in entries:
            if isinstance(entry, dict):  # a part of a record, which JSON Lines may hold
                continue
            values = parse(entry, target, look)
            for value in values if isinstance(values, list) else [values]:
                if target.kind == "reference" and not _names_somebody(value.text):
                    return False
                needed = _NEEDED.get(target.kind)
                if needed and needed not in {**value, **given, **rule.fixed}:
                    return False
    except BadValueError:
        return False
    return not look.warnings


def _names_somebody(reference: str) -> bool:
    """Return whether a text is an address or looks like an id: a plain word is rather a name."""
    return "@" in reference or bool(_DIGITS.search(reference))


def _is_date(answer: object) -> bool:
    if isinstance(answer, date):
        return True
    if not isinstance(answer, str) or not _DIGITS.search(answer):
        return False
    for order in DATE_ORDERS:
        try:
            parse_date(answer, order)
            return True
        except BadValueError:
            continue
    return False
