"""Drawings of an evaluation: the light, differences with their margin, who gained and lost, attention by tenth."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.i18n import _, ngettext
from matchengine.records.evaluation import Light
from matchengine.report.bars import MOST_BARS
from matchengine.report.evaluation_words import Unit
from matchengine.report.shapes import WIDTH, Drawing, Svg, count, described, mark, points

__all__ = ["differences_plot", "histogram_of_differences", "split_bars", "tenths", "tornado", "traffic_light"]

_BOLD = 0.88
_ROW = 44
_LAMP = 58
_LAMPS: tuple[tuple[Light, str, str], ...] = (
    ("red", "stroke-poor", "m-9-22h18l13 13v18l-13 13h-18l-13-13v-18z"),
    ("amber", "against", "m0-23l24 43h-48z"),
    ("green", "mark good", "m-22 0a22 22 0 1 0 44 0a22 22 0 1 0-44 0z"),
    ("grey", "head", "m0-25l25 25l-25 25l-25-25z"),
)
"""Lamps from the left: an octagon, a triangle, a disc and a diamond, so that each is known without its colour."""


def traffic_light(name: str, light: Light, word: str) -> Svg:
    """Draw four lamps of four shapes, the lit one filled, and below them in words what it means."""
    drawing = Drawing(name, _("Light"), word)
    drawing.rectangle((1, 1, 4 * _LAMP + 22, _LAMP + 20), "station")
    for place, (lamp, kind, steps) in enumerate(_LAMPS):
        drawing.path(
            f"M{12 + (place + 0.5) * _LAMP:.0f} {_LAMP / 2 + 11:.0f}{steps}", kind if lamp == light else "axis"
        )
    drawing.text((2, _LAMP + 42), word, "label", room=_BOLD * WIDTH)
    return drawing.markup(_LAMP + 51)


Difference = tuple[str, float, float | None, float | None]
"""(label, difference, low or None, high or None)."""


def differences_plot(name: str, title: str, rows: Sequence[Difference], margin: float, unit: Unit) -> Svg:
    """Draw each difference with its interval over the band of the margin; empty without any.

    A difference without an interval is an open diamond. The first `MOST_BARS` are drawn.

    Parameters
    ----------
    rows : sequence of (label, difference, low or None, high or None)
        More is better.
    margin : float
        The smallest difference that matters; 0 draws no band.
    """
    if not rows:
        return Svg()
    shown, more = rows[:MOST_BARS], len(rows) - MOST_BARS
    said = [f"{label}: {_told(unit, value, low, high)}" for label, value, low, high in shown]
    rest = ngettext("{n} more is in the table.", "{n} more are in the table.", more) if more > 0 else ""
    band = _("margin: differences within ±{n} do not matter", n=unit.value(margin)) if margin else ""
    drawing = Drawing(name, title, described([*([band] if band else []), *said], rest))
    reach = 1.12 * max(1e-6, 1.5 * margin, *(abs(v) for _l, *values in shown for v in values if v is not None))

    def at(value: float) -> float:
        return WIDTH / 2 + value / reach * (WIDTH / 2 - 8)

    top = 0.0
    if margin:
        drawing.rectangle((0, 0, 22, 11), "cell demand-1")
        drawing.text((28, 10), band, room=WIDTH - 28)
        top = 24.0
    bottom = top + len(shown) * _ROW + 4
    if margin:
        drawing.rectangle((at(-margin), top, at(margin) - at(-margin), bottom - top), "cell demand-1")
    drawing.line((at(0), top), (at(0), bottom), "axis")
    for label, value, low, high in shown:
        _difference(drawing, top, label, _told(unit, value, low, high))
        y = top + 29
        if low is not None and high is not None:
            drawing.line((at(low), y), (at(high), y), "arrow")
            for end in (low, high):
                drawing.line((at(end), y - 5), (at(end), y + 5), "arrow")
        drawing.path(mark("unknown" if low is None else "good", at(value), y), f"mark {_shape(low)}")
        top += _ROW
    return drawing.markup(_foot(drawing, bottom, (unit.signed(-reach), unit.signed(reach)), rest))


def _told(unit: Unit, value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _("{n}, interval not known", n=unit.signed(value))
    return _("{n} (likely {between})", n=unit.signed(value), between=unit.between(low, high, sign=True))


def _shape(low: float | None) -> str:
    return "unknown" if low is None else "good"


def _difference(drawing: Drawing, top: float, label: str, said: str) -> None:
    drawing.text((0, top + 15), label, "label", room=_BOLD * 0.46 * WIDTH)
    drawing.text((WIDTH, top + 15), said, "end", room=0.56 * WIDTH)


def _foot(drawing: Drawing, bottom: float, ends: tuple[str, str], rest: str) -> float:
    """Add the ends of the scale and which side is which; return where the drawing ends."""
    drawing.line((8, bottom), (WIDTH - 8, bottom), "axis")
    drawing.text((0, bottom + 16), ends[0], "muted")
    drawing.text((WIDTH / 2, bottom + 16), "0", "middle muted")
    drawing.text((WIDTH, bottom + 16), ends[1], "end muted")
    drawing.text((0, bottom + 33), _("← worse"), "muted")
    drawing.text((WIDTH, bottom + 33), _("better →"), "end muted")
    if not rest:
        return bottom + 40
    drawing.text((0, bottom + 52), rest, "muted", room=WIDTH)
    return bottom + 60


Split = tuple[str, tuple[tuple[str, int, str], ...]]
"""(label, ((kind, people, the same in words), ...)) of one bar; kind is lost, same, gained or rest."""
_SPLITS = {"lost": ("supply", "supply"), "same": ("station", ""), "gained": ("demand", ""), "rest": ("station", "")}


def split_bars(name: str, title: str, rows: Sequence[Split]) -> Svg:
    """Draw one bar per comparison, split into who lost, who stayed and who gained; empty without any people."""
    rows = [row for row in rows if sum(people for _kind, people, _said in row[1])]
    if not rows:
        return Svg()
    said = [f"{label}: {', '.join(words for _kind, _people, words in parts)}" for label, parts in rows]
    drawing, top = Drawing(name, title, described(said)), 0.0
    drawing.pattern("supply", "M-1 1l2-2M0 6l6-6M5 7l2-2", "stroke-supply")
    for label, parts in rows:
        drawing.text((0, top + 12), label, "label", room=_BOLD * WIDTH)
        shown = [part for part in parts if part[1]]
        scale, left = WIDTH / sum(people for _kind, people, _said in shown), 0.0
        for kind, people, _words in shown:
            style, pattern = _SPLITS[kind]
            drawing.rectangle((left + 1, top + 19, max(people * scale - 2, 1), 18), style, pattern)
            left += people * scale
        room = WIDTH / len(shown)
        for place, (_kind, _people, words) in enumerate(shown):
            edge = ("", 0.0) if place == 0 else ("end", WIDTH) if place == len(shown) - 1 else ("middle", WIDTH / 2)
            drawing.text((edge[1], top + 53), words, edge[0], room=room - 4)
        top += 76
    return drawing.markup(top - 16)


_TALL = 120.0


def histogram_of_differences(name: str, title: str, edges: Sequence[float], counts: Sequence[int], unit: Unit) -> Svg:
    """Draw how many people gained or lost how much; empty without counts.

    Steps left of 0 are who lost, right of it who gained; the step that holds 0 is outlined.

    Parameters
    ----------
    edges : sequence of float
        One more than counts.
    """
    if not counts or len(edges) != len(counts) + 1:
        return Svg()
    steps = list(zip(edges, edges[1:], counts, strict=False))
    said = [f"{unit.between(low, high, sign=True)}: {count(number)}" for low, high, number in steps if number]
    drawing = Drawing(name, title, described(said))
    drawing.pattern("supply", "M-1 1l2-2M0 6l6-6M5 7l2-2", "stroke-supply")
    left, most, reach = 0.0, max(counts), edges[-1] - edges[0]
    base = 16 + _TALL
    for low, high, number in steps:
        wide = WIDTH * (high - low) / reach
        kind = "lost" if high <= 0 else "gained" if low > 0 else "same"
        style, pattern = _SPLITS[kind]
        tall = _TALL * number / most
        if number:
            drawing.rectangle((left + 1.5, base - tall, wide - 3, tall), style, pattern)
            drawing.text((left + wide / 2, base - tall - 4), count(number), "middle", room=max(wide, 22))
        left += wide
    zero = WIDTH * -edges[0] / reach
    drawing.line((0, base + 0.5), (WIDTH, base + 0.5), "axis")
    drawing.line((zero, base + 0.5), (zero, base + 6), "axis")
    for x, value, kind in ((0.0, edges[0], ""), (zero, 0.0, "middle"), (WIDTH, edges[-1], "end")):
        drawing.text((x, base + 18), unit.signed(value) if value else "0", f"{kind} muted".strip())
    drawing.text((0, base + 35), _("← lost"), "muted")
    drawing.text((WIDTH / 2, base + 35), unit.name, "middle muted")
    drawing.text((WIDTH, base + 35), _("gained →"), "end muted")
    return drawing.markup(base + 42)


def tenths(name: str, title: str, exposure: Sequence[float], load: Sequence[float], most: float) -> Svg:
    """Draw the share of attention of each tenth of candidates, and of people placed with it; empty without attention.

    Parameters
    ----------
    exposure, load : sequence of float
        Shares by tenth, each from the tenth with least to the one with most; `load` may be empty.
    most : float
        The share that fills the height, so that drawings beside each other can be compared.
    """
    if not exposure:
        return Svg()
    said = [
        _("tenth {n}: {share} in every 100", n=place, share=_hundred(share)) for place, share in enumerate(exposure, 1)
    ]
    drawing = Drawing(name, title, described(said))
    top = drawing.legend(0, [("demand", "", _("attention"))]) + 6
    if load:
        _flat_tick(drawing, 100, 6, 14)
        drawing.text((120, 10), _("people placed"), room=110)
    drawing.text((WIDTH, 10), _("line: even shares"), "end muted", room=120)
    base, scale, wide, left = top + _TALL + 8, _TALL / max(most, 1e-6), (WIDTH - 34) / len(exposure), 34.0
    for place, share in enumerate(exposure):
        drawing.rectangle((left + place * wide + 2, base - share * scale, wide - 4, share * scale), "demand")
    for share, label in ((1 / len(exposure), True), (most, False)):
        y = base - share * scale
        drawing.line((left, y), (WIDTH, y), "axis" if label else "grid")
        drawing.text((left - 5, y + 4), _hundred(share), "end muted")
    drawing.line((left, base), (WIDTH, base), "axis")
    for place, share in enumerate(load):
        _flat_tick(drawing, left + place * wide + 3, base - share * scale, wide - 6)
    drawing.text((left, base + 16), _("least"), "muted")
    drawing.text((left + (WIDTH - left) / 2, base + 16), _("tenths of candidates"), "middle muted")
    drawing.text((WIDTH, base + 16), _("most"), "end muted")
    return drawing.markup(base + 24)


def _hundred(share: float) -> str:
    return points(100 * share)


def _flat_tick(drawing: Drawing, left: float, y: float, wide: float) -> None:
    for kind in ("rim", "tick"):
        drawing.line((left, y), (left + wide, y), kind)


def tornado(name: str, title: str, rows: Sequence[tuple[str, float]], unit: Unit) -> Svg:
    """Draw by how much the result moves over the range of each weight, the widest first; empty without any.

    Parameters
    ----------
    rows : sequence of (scorer, change)
        Above 0 the result rises with the weight, below it falls.
    """
    if not rows:
        return Svg()
    order = sorted(rows, key=lambda row: (-abs(row[1]), row[0]))
    shown, more = order[:MOST_BARS], len(order) - MOST_BARS
    rest = ngettext("{n} more is in the table.", "{n} more are in the table.", more) if more > 0 else ""
    drawing = Drawing(name, title, described([f"{label}: {unit.signed(value)}" for label, value in shown], rest))
    drawing.pattern("supply", "M-1 1l2-2M0 6l6-6M5 7l2-2", "stroke-supply")
    reach = max(1e-6, *(abs(value) for _label, value in shown)) if shown else 1.0
    middle, room, top = WIDTH / 2, WIDTH / 2 - 2, 0.0
    for label, value in shown:
        drawing.text((0, top + 12), label, "label", room=_BOLD * (WIDTH - 60))
        drawing.text((WIDTH, top + 12), unit.signed(value), "end")
        long = room * abs(value) / reach
        box = (middle - long if value < 0 else middle, top + 18, max(long, 0.5), 12)
        drawing.rectangle(box, "supply" if value < 0 else "demand", "supply" if value < 0 else "")
        top += 38
    drawing.line((middle, 14), (middle, top - 4), "axis")
    drawing.text((0, top + 10), _("← falls with more weight"), "muted", room=WIDTH / 2 - 4)
    drawing.text((WIDTH, top + 10), _("rises with more weight →"), "end muted", room=WIDTH / 2 - 4)
    if rest:
        drawing.text((0, top + 30), rest, "muted", room=WIDTH)
    return drawing.markup(top + (38 if rest else 18))
