"""What a page is made of: sections of key figures, points, charts, tables and people, in words already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matchengine.report.shapes import Svg

__all__ = [
    "Block",
    "Card",
    "Cell",
    "Chart",
    "Charts",
    "Entries",
    "Entry",
    "Figures",
    "Names",
    "Page",
    "People",
    "Points",
    "Section",
    "Suggested",
    "Table",
    "Who",
]


@dataclass(frozen=True, slots=True)
class Who:
    """A person or group by id, with a name where the page may show one and the anchor of the card where one stands."""

    id: str
    name: str = ""
    anchor: str = ""


Cell = str | tuple[str, ...] | Who
"""A text, several texts below each other, or a person."""


@dataclass(frozen=True, slots=True)
class Names:
    """How people are shown: names if given, and the places of their cards on the page."""

    names: Mapping[str, str]
    anchors: Mapping[str, str]

    def who(self, person_id: str) -> Who:
        """Return a person as the page shows them."""
        return Who(person_id, self.names.get(person_id, ""), self.anchors.get(person_id, ""))


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures: (words, number, remark)."""

    items: tuple[tuple[str, str, str], ...]
    form: str = "figures"


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences below each other under a heading (or none)."""

    items: tuple[str, ...]
    heading: str = ""
    form: str = "points"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; columns named in `numbers` are set to the right; a folded one opens when asked and in print."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()
    heading: str = ""
    lead: str = ""
    folded: bool = False
    form: str = "table"


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture with its caption."""

    caption: str
    drawing: Svg


@dataclass(frozen=True, slots=True)
class Charts:
    """Pictures beside each other, and below them the tables of their numbers."""

    heading: str
    items: tuple[Chart, ...]
    tables: tuple[Table, ...]
    lead: str = ""
    form: str = "charts"


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion on a card."""

    rank: int
    candidate: Who
    fit: str
    fit_words: str
    verdict: str
    drawing: Svg
    reasons: tuple[tuple[str, str, str], ...]
    """(title, text, words in common)"""
    to_confirm: tuple[str, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything suggested to one person; `nothing` says so where there is nothing."""

    who: Who
    suggested: tuple[Suggested, ...]
    nothing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """One card per person and the words that stand on each."""

    cards: tuple[Card, ...]
    words: Mapping[str, str]
    form: str = "people"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was decided, on a card: an exchange, a group, a round.

    `title` and `verdict` say what it is and what it is worth in words, `drawing` shows it, `table` lists its members,
    and `notes` are lists under a heading each. The anchor is never a value from data.
    """

    anchor: str
    title: str
    verdict: str = ""
    drawing: Svg | None = None
    table: Table | None = None
    notes: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """Cards below each other, one for each thing that was decided."""

    items: tuple[Entry, ...]
    form: str = "entries"


Block = Figures | Points | Charts | Table | People | Entries


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its anchor, which is never a value from data."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    lead: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page: its title, whom it is about and of which day (or nothing), a notice, and its sections."""

    title: str
    notice: str
    sections: tuple[Section, ...]
    sides: str = ""
    day: str = ""
