"""Bars below each other, and one bar that shows the parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.i18n import ngettext
from matchengine.report.shapes import WIDTH, Drawing, Svg, count, described, text_width

__all__ = ["MOST_BARS", "amount_bars", "parts_of_whole"]

MOST_BARS = 15
"""Bars in one chart; the table below it has all."""
_BAR, _ROW, _BOLD = 12, 38, 0.88


def amount_bars(
    name: str, title: str, rows: Sequence[tuple[str, float, str]], most: float | None = None, kind: str = "demand"
) -> Svg:
    """Draw one bar per thing under its label, with its amount in words behind; empty without any.

    Amounts below zero go to the left of a line at zero. The first `MOST_BARS` are drawn.

    Parameters
    ----------
    rows : sequence of (label, amount, the same in words)
    most : float, optional
        The amount that fills the width, such as 100 for points; the largest by default.
    kind : str
        `demand` or `supply`, the colour.
    """
    if not rows:
        return Svg()
    shown, more = rows[:MOST_BARS], len(rows) - MOST_BARS
    rest = ngettext("{n} more is in the table.", "{n} more are in the table.", more) if more > 0 else ""
    drawing = Drawing(name, title, described([f"{label}: {said}" for label, _amount, said in shown], rest))
    if kind == "supply":
        drawing.pattern("supply", "M-1 1l2-2M0 6l6-6M5 7l2-2", "stroke-supply")
    low = min(0.0, *(amount for _label, amount, _said in shown)) if shown else 0.0
    high = most if most is not None else max(0.0, *(amount for _label, amount, _said in shown))
    room = max(40.0, WIDTH - max(text_width(said) for _label, _amount, said in shown) - 8)
    scale, top = room / max(high - low, 1e-6), 0.0
    zero = -low * scale
    for label, amount, said in shown:
        drawing.text((0, top + 12), label, "label", room=_BOLD * WIDTH)
        start, long = zero + min(amount, 0.0) * scale, abs(amount) * scale
        drawing.rectangle((start, top + 18, long, _BAR), kind, "supply" if kind == "supply" else "")
        drawing.text((zero + max(amount, 0.0) * scale + 5, top + 28.5), said)
        top += _ROW
    if low < 0:
        drawing.line((zero, 12), (zero, top - 4), "axis")
    if rest:
        drawing.text((0, top + 12), rest, "muted", room=WIDTH)
        top += 20
    return drawing.markup(top)


def parts_of_whole(name: str, title: str, rows: Sequence[tuple[str, tuple[str, int], tuple[str, int]]]) -> Svg:
    """Draw one bar per row, split into a filled and a hatched part; rows of nothing are left out.

    Parameters
    ----------
    rows : sequence of (label, (words, number), (words, number))
    """
    rows = [row for row in rows if row[1][1] + row[2][1]]
    if not rows:
        return Svg()
    said = [f"{label}: {words} {number}, {other} {rest}" for label, (words, number), (other, rest) in rows]
    drawing, top = Drawing(name, title, described(said)), 0.0
    drawing.pattern("supply", "M-1 1l2-2M0 6l6-6M5 7l2-2", "stroke-supply")
    for label, (words, number), (other, rest) in rows:
        drawing.text((0, top + 12), label, "label", room=_BOLD * WIDTH)
        split = WIDTH * number / (number + rest)
        if number:
            drawing.rectangle((0, top + 19, max(split - (2 if rest else 0), 1), 18), "demand")
        if rest:
            drawing.rectangle((split, top + 19, WIDTH - split, 18), "supply", "supply")
        left, right = f"{words}: {count(number)}", f"{other}: {count(rest)}"
        drawing.text((0, top + 53), left, room=WIDTH / 2 - 6)
        drawing.text((WIDTH, top + 53), right, "end", room=WIDTH / 2 - 6)
        top += 74
    return drawing.markup(top - 14)
