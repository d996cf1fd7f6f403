"""Charts of counts: demand against supply, the week, who is suggested how often, and what a score is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchengine.i18n import N_, _, ngettext
from matchengine.records import Balance, Reason
from matchengine.report.shapes import WIDTH, Drawing, Svg, count, described, difference, points, text_width

__all__ = [
    "DAYS",
    "DAY_PARTS",
    "MOST_BARS",
    "balance_bars",
    "columns",
    "contributions",
    "exposure_bars",
    "shade",
    "week",
]

MOST_BARS = 15
"""Bars in one chart; the table below it has all."""
DAYS: Mapping[str, str] = {
    "mon": N_("Mon"), "tue": N_("Tue"), "wed": N_("Wed"), "thu": N_("Thu"), "fri": N_("Fri"), "sat": N_("Sat"),
    "sun": N_("Sun"),
}  # fmt: skip
DAY_PARTS: Mapping[str, str] = {
    "night": N_("Night"), "morning": N_("Morning"), "afternoon": N_("Afternoon"), "evening": N_("Evening"),
}  # fmt: skip
_BAR, _ROW, _SHADES = 11, 54, 4
_BOLD = 0.88
"""How much of a room a bold text may take, for it runs wider."""
_HATCH = "M-1 1l2-2M0 6l6-6M5 7l2-2"


def balance_bars(name: str, title: str, balances: Sequence[Balance]) -> Svg:
    """Draw demand and supply of each thing as a pair of bars, free places as a mark; empty without any.

    The first `MOST_BARS` are drawn, which are the largest gaps in a readiness report; the last line counts the others.
    """
    if not balances:
        return Svg()
    shown = balances[:MOST_BARS]
    said = [
        _("{label}: {demand} looking, {supply} giving", label=b.label or b.key, demand=b.demand, supply=b.supply)
        for b in shown
    ]
    more = _more(len(balances) - len(shown))
    drawing = Drawing(name, title, described(said, more))
    drawing.pattern("supply", _HATCH, "stroke-supply")
    amounts = [n for b in shown for n in (b.demand, b.supply, b.places or 0)]
    scale = _scale(amounts, WIDTH, [_supplied(b) for b in shown])
    series = [("demand", "", _("People looking")), ("supply", "supply", _("People giving"))]
    known = any(b.places is not None for b in shown)
    top = drawing.legend(0, [*series, *([("tick", "", _("Free places"))] if known else [])])
    for balance in shown:
        _pair(drawing, top, balance, scale)
        top += _ROW
    return _finish(drawing, top, more)


def _pair(drawing: Drawing, top: float, balance: Balance, scale: float) -> None:
    drawing.text((0, top + 11), balance.label or balance.key, "label", room=_BOLD * WIDTH)
    drawing.rectangle((0, top + 17, balance.demand * scale, _BAR), "demand")
    drawing.text((balance.demand * scale + 5, top + 27), count(balance.demand))
    drawing.rectangle((0, top + 31, balance.supply * scale, _BAR), "supply", "supply")
    if balance.places is not None:
        drawing.tick((balance.places * scale, top + 30), _BAR + 2)
    end = max(balance.supply, balance.places or 0) * scale
    drawing.text((end + 5, top + 41), _supplied(balance))


def _supplied(balance: Balance) -> str:
    return _with_places(balance.supply, balance.places)


def _with_places(number: int, places: int | None) -> str:
    if places is None:
        return count(number)
    return _("{number}; places: {places}", number=count(number), places=count(places))


def _scale(amounts: Sequence[int], room: float, labels: Sequence[str]) -> float:
    """Return units per count, so that the longest bar and the widest label after it fit the room."""
    return max(20.0, room - max(text_width(label) for label in labels) - 8) / max(1, *amounts)


def week(name: str, title: str, counts: Mapping[tuple[str, str], int], most: int, kind: str) -> Svg:
    """Draw the counts of each day and part of the day as shaded cells with their numbers.

    Parameters
    ----------
    counts : dict of (day, part) to int
        Keys of `DAYS` and `DAY_PARTS`; a part nobody names has no column.
    most : int
        The count that gets the darkest shade, the same for panels that are compared.
    kind : str
        `demand`, `supply`, or `gap` for differences, whose shades tell how many are missing.
    """
    parts = [part for part in DAY_PARTS if any(key[1] == part for key in counts)]
    if not parts:
        return Svg()
    said = [
        _("{day}, {part}: {n}", day=_(DAYS[d]), part=_(DAY_PARTS[p]), n=counts[d, p])
        for d in DAYS
        for p in parts
        if (d, p) in counts
    ]
    drawing, told = Drawing(name, title, described(said)), difference if kind == "gap" else count
    left, top, height = 46, 20, 30
    width = (WIDTH - left) / len(parts)
    for column, part in enumerate(parts):
        drawing.text((left + (column + 0.5) * width, 13), _(DAY_PARTS[part]), "middle", room=width)
    for row, day in enumerate(DAYS):
        y = top + row * height
        drawing.text((0, y + 19), _(DAYS[day]), room=left - 4)
        for column, part in enumerate(parts):
            amount = counts.get((day, part), 0)
            colour = shade(kind, amount, most)
            x = left + column * width
            drawing.rectangle((x + 1, y + 1, width - 2, height - 2), f"cell {colour}")
            drawing.text((x + width / 2, y + 19), told(amount), f"middle on {colour}")
    return drawing.markup(top + len(DAYS) * height)


def shade(kind: str, amount: int, most: int) -> str:
    """Return the class of a cell of kind `demand`, `supply` or `gap`: from 0, nothing, to the darkest."""
    if kind == "gap":
        kind, amount = "supply", max(0, -amount)
    return f"{kind}-{min(_SHADES, -(-_SHADES * amount // max(most, 1)))}"


def exposure_bars(
    name: str, title: str, rows: Sequence[tuple[str, int, int | None]], words: tuple[str, str] | None = None
) -> Svg:
    """Draw how often each candidate is suggested, with free places as a mark.

    Parameters
    ----------
    rows : sequence of (id, times, places or None)
        Most often suggested first; the first `MOST_BARS` are drawn.
    words : (str, str), optional
        What bar and mark count, where it is something else.
    """
    if not rows:
        return Svg()
    shown, more = rows[:MOST_BARS], _more(len(rows) - MOST_BARS)
    drawing = Drawing(name, title, described([f"{label}: {times}" for label, times, _places in shown], more))
    start, labels = 112, [_with_places(times, places) for _label, times, places in shown]
    amounts = [n for _label, times, places in shown for n in (times, places or 0)]
    scale = _scale(amounts, WIDTH - start, labels)
    known = any(places is not None for _label, _times, places in shown)
    counted, marked = words or (_("Times suggested"), _("Free places"))
    top = drawing.legend(0, [("demand", "", counted), *([("tick", "", marked)] if known else [])])
    for (label, times, places), text in zip(shown, labels, strict=True):
        drawing.text((0, top + 11), label, "label", room=_BOLD * (start - 10))
        drawing.rectangle((start, top + 2, times * scale, _BAR), "demand")
        if places is not None:
            drawing.tick((start + places * scale, top + 0.5), _BAR + 3)
        drawing.text((start + max(times, places or 0) * scale + 5, top + 11), text)
        top += 22
    return _finish(drawing, top, more)


def columns(name: str, title: str, counts: Sequence[tuple[str, int]], axis: str) -> Svg:
    """Draw one column per named count, with its number above and the axis' name below."""
    if not counts:
        return Svg()
    drawing = Drawing(name, title, described([f"{label}: {amount}" for label, amount in counts]))
    height, top = 130, 18
    most, width = max(1, *(amount for _label, amount in counts)), WIDTH / len(counts)
    for place, (label, amount) in enumerate(counts):
        tall, middle = height * amount / most, (place + 0.5) * width
        drawing.rectangle((middle - min(width, 48) * 0.36, top + height - tall, min(width, 48) * 0.72, tall), "demand")
        drawing.text((middle, top + height - tall - 5), count(amount), "middle label")
        drawing.text((middle, top + height + 16), label, "middle", room=width)
    drawing.line((0, top + height + 0.5), (WIDTH, top + height + 0.5), "axis")
    drawing.text((WIDTH / 2, top + height + 36), axis, "middle muted", room=WIDTH)
    return drawing.markup(top + height + 44)


def contributions(name: str, title: str, reasons: Sequence[Reason], most: float) -> Svg:
    """Draw what each reason adds to a score (to the right) or takes from it (to the left), in points.

    Parameters
    ----------
    most : float
        The largest contribution of the page in points, so that all bars of a page share one scale.
    """
    told = [(r.title or r.scorer, r.contribution) for r in reasons if r.contribution is not None]
    if not told:
        return Svg()
    drawing = Drawing(name, title, described([f"{label} {points(value, signed=True)}" for label, value in told]))
    zero, room, height = 256, 56, 20
    bars: dict[str, list[str]] = {"for": [], "against": []}
    for row, (label, value) in enumerate(told):
        drawing.text((0, row * height + 14), label, room=192)
        drawing.text((WIDTH, row * height + 14), points(value, signed=True), "end")
        long = room * abs(value) / max(most, abs(value), 0.1)
        step = f"M{zero} {row * height + 4}h{long if value > 0 else -long:.1f}v12h{-long if value > 0 else long:.1f}z"
        bars["for" if value > 0 else "against"].append(step)
    for kind, steps in bars.items():
        if steps:
            drawing.path("".join(steps), kind)
    drawing.line((zero, 0), (zero, len(told) * height), "axis")
    return drawing.markup(len(told) * height)


def _more(number: int) -> str:
    if number <= 0:
        return ""
    return ngettext("{n} more is in the table.", "{n} more are in the table.", number)


def _finish(drawing: Drawing, top: float, more: str) -> Svg:
    if not more:
        return drawing.markup(top)
    drawing.text((0, top + 12), more, "muted", room=WIDTH)
    return drawing.markup(top + 20)
