"""Building blocks of inline SVG: a drawing with a name that can be read aloud, escaped by the XML library."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from xml.etree import ElementTree as Tree

from matchengine.i18n import fill

__all__ = [
    "WIDTH",
    "Drawing",
    "Svg",
    "clean",
    "count",
    "described",
    "difference",
    "mark",
    "points",
    "shorten",
    "text_width",
]

WIDTH = 360
"""Width of every drawing in its own units: one fits a phone, three stand side by side on a desk."""
_CHARACTER = 6.7
_LINE = 18
_UNREADABLE = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF)
    if chr(code) not in "\t\n\r"
}


def clean(text: str) -> str:
    """Return text with the control characters that no page may hold replaced."""
    return text.translate(_UNREADABLE)


def count(number: float) -> str:
    """Return a whole number with thin spaces between thousands, as every language reads it."""
    return f"{round(number):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def difference(number: int) -> str:
    """Return a whole number with its sign, a true minus."""
    return (f"+{count(number)}" if number > 0 else count(number)).replace("-", "\N{MINUS SIGN}")


def points(number: float, *, signed: bool = False) -> str:
    """Return points of a score with one decimal, in the language of the context; signed ones with a true minus."""
    rounded = round(number, 1) + 0.0  # a zero has no sign
    text = fill("{number:+.1f}" if signed and rounded else "{number:.1f}", {"number": rounded})
    return text.replace("-", "\N{MINUS SIGN}")


def text_width(text: str) -> float:
    """Return about how wide a text is, in units of a drawing; wide characters count twice, combining ones nothing."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    narrow = sum(not unicodedata.combining(c) for c in text)
    return _CHARACTER * (narrow + wide)


def shorten(text: str, width: float) -> str:
    """Return as much of a text as fits a width in units of a drawing, an ellipsis where it was cut."""
    text = " ".join(text.split())
    if text_width(text) <= width:
        return text
    ends = accumulate(text_width(character) for character in text)
    end = sum(reached <= width - _CHARACTER for reached in ends)
    while end and (unicodedata.combining(text[end]) or text[end - 1] == "\N{ZERO WIDTH JOINER}"):
        end -= 1
    return text[:end].rstrip() + "…"


class Svg(str):
    """Markup of a drawing; templates take this type alone as it is and escape every other text."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup, as the protocol of template engines asks."""
        return str(self)


class Drawing:
    """An SVG picture of `WIDTH` units.

    Parameters
    ----------
    name : str
        Unique on the page; ids inside the drawing begin with it. Never a value from data.
    title, description : str
        What a screen reader says instead of the picture: what it shows, and its numbers.
    """

    def __init__(self, name: str, title: str, description: str) -> None:
        self.name = name
        self.root = Tree.Element("svg", {"role": "img", "aria-labelledby": f"{name}-t {name}-d"})
        Tree.SubElement(self.root, "title", {"id": f"{name}-t"}).text = clean(title)
        Tree.SubElement(self.root, "desc", {"id": f"{name}-d"}).text = clean(description)

    def rectangle(self, box: tuple[float, float, float, float], kind: str, pattern: str = "") -> None:
        """Add a rectangle (left, top, width, height) of a class, filled with one of the drawing's patterns if named."""
        left, top, width, height = (_number(value) for value in box)
        found = Tree.SubElement(self.root, "rect", {"x": left, "y": top, "width": width, "height": height})
        found.set("class", kind)
        if pattern:
            found.set("fill", f"url(#{self.name}-{pattern})")

    def path(self, steps: str, kind: str) -> None:
        """Add a path of a class."""
        Tree.SubElement(self.root, "path", {"d": steps, "class": kind})

    def line(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        """Add a straight line."""
        (x, y), (u, v) = start, end
        self.path(f"M{_number(x)} {_number(y)}L{_number(u)} {_number(v)}", kind)

    def text(self, at: tuple[float, float], text: str, kind: str = "", room: float | None = None) -> None:
        """Add a text at its baseline, shortened to the room; the full text then shows when it is pointed at."""
        found = Tree.SubElement(self.root, "text", {"x": _number(at[0]), "y": _number(at[1])})
        if kind:
            found.set("class", kind)
        text = clean(text)
        found.text = text if room is None else shorten(text, room)
        if found.text != text:
            Tree.SubElement(found, "title").text = text

    def pattern(self, name: str, steps: str, kind: str, size: int = 6) -> None:
        """Define a pattern of repeated strokes."""
        box = {"width": str(size), "height": str(size), "patternUnits": "userSpaceOnUse"}
        made = Tree.SubElement(self.root, "pattern", {"id": f"{self.name}-{name}", **box})
        Tree.SubElement(made, "path", {"d": steps, "class": kind})

    def legend(self, top: float, items: Iterable[tuple[str, str, str]]) -> float:
        """Add swatches (class, pattern, word), as many in a line as fit; return where the next thing may begin."""
        left, row = 0.0, top
        for kind, pattern, word in items:
            needed = 16 + text_width(word) + 12
            if left and left + needed > WIDTH:
                left, row = 0.0, row + _LINE
            self.swatch((left, row), kind, pattern)
            self.text((left + 17, row + 10), word, room=WIDTH - 17)
            left += needed
        return row + _LINE + 6

    def swatch(self, at: tuple[float, float], kind: str, pattern: str) -> None:
        """Add the sample of a series that stands in a legend."""
        if kind.startswith("mark"):
            self.path(mark(kind.split()[-1], at[0] + 5.5, at[1] + 5.5), kind)
        elif kind == "tick":
            self.tick((at[0] + 5.5, at[1] - 1), 13)
        else:
            self.rectangle((at[0], at[1], 11, 11), kind, pattern)

    def tick(self, at: tuple[float, float], height: float) -> None:
        """Add an upright stroke with a rim, so that it stands out from a bar below it."""
        for kind in ("rim", "tick"):
            self.line(at, (at[0], at[1] + height), kind)

    def markup(self, height: float) -> Svg:
        """Return the picture as markup, every text escaped."""
        self.root.set("viewBox", f"0 0 {WIDTH} {_number(height)}")
        return Svg(Tree.tostring(self.root, encoding="unicode"))


def mark(shape: str, x: float, y: float) -> str:
    """Return the path of one mark around a point: a disc, a square, a cross or an open diamond."""
    at = f"M{_number(x)} {_number(y)}"
    return at + _MARKS[shape]


_MARKS = {
    "good": "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    "fair": "m-2.7-2.7h5.4v5.4h-5.4z",
    "poor": "m-3-3l6 6m0-6l-6 6",
    "unknown": "m0-4l4 4l-4 4l-4-4z",
}


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def described(items: Sequence[str], more: str = "") -> str:
    """Return the numbers of a drawing as one text."""
    return "; ".join([*items, more] if more else items)
