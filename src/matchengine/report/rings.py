"""Pictures of exchanges: who goes to whom, as a ring that closes or as a chain that does not."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, pi, sin

from matchengine.i18n import ngettext
from matchengine.report.shapes import WIDTH, Drawing, Svg, described

__all__ = ["MOST_LINKS", "chain", "ring"]

MOST_LINKS = 12
"""Links of a long chain that are drawn; the table beside it has all."""
_ROUND = 4
"""Links up to which a ring is drawn round; a longer one is a column that comes back to its beginning."""
_WIDE, _HEAD = 104.0, 7.0
_STATION, _LINK = 30.0, 42.0
_GAP = 22.0
_Point = tuple[float, float]
Link = tuple[str, str]
"""What stands between two stations: who, and a remark."""


def ring(name: str, title: str, stations: Sequence[str], links: Sequence[Link]) -> Svg:
    """Draw stations and the links between them, from each station to the next and from the last to the first.

    Parameters
    ----------
    stations : sequence of str
        Such as the mentors of an exchange.
    links : sequence of (who, remark)
        As many as stations: the first leads from the first station to the second.
    """
    if len(links) > _ROUND:
        return chain(name, title, [*stations, stations[0]], links)
    ends = [*stations[1:], *stations[:1]]
    drawing = Drawing(name, title, _said(stations, ends, links))
    middle, tall, across = WIDTH / 2, 46.0 * len(links), (WIDTH - _WIDE) / 2
    top = tall + _STATION / 2 + 1
    at = [
        (middle + across * sin(turn), top - tall * cos(turn))
        for turn in (pi * place / len(links) for place in range(2 * len(links)))
    ]
    if len(links) == 1:
        at[1] = (middle, top + tall)
    for place, start in enumerate(at):
        _arrow(drawing, start, at[(place + 1) % len(at)], _tall(place), _tall(place + 1))
    for place, point in enumerate(at):
        if place % 2:
            _link(drawing, point, links[place // 2])
        else:
            _station(drawing, point, stations[place // 2])
    return drawing.markup(max(y for _x, y in at) + _LINK / 2 + 1)


def chain(name: str, title: str, stations: Sequence[str], links: Sequence[Link]) -> Svg:
    """Draw stations below each other, one more than links, from the first to the last."""
    drawing = Drawing(name, title, _said(stations, stations[1:], links))
    y = _STATION / 2 + 1
    for place, link in enumerate(links[:MOST_LINKS]):
        middle = y + (_STATION + _LINK) / 2 + _GAP
        below = middle + (_STATION + _LINK) / 2 + _GAP
        if place == 0:
            _station(drawing, (WIDTH / 2, y), stations[0])
        _arrow(drawing, (WIDTH / 2, y), (WIDTH / 2, middle), _STATION, _LINK)
        _arrow(drawing, (WIDTH / 2, middle), (WIDTH / 2, below), _LINK, _STATION)
        _link(drawing, (WIDTH / 2, middle), link)
        _station(drawing, (WIDTH / 2, below), stations[place + 1])
        y = below
    bottom, more = y + _STATION / 2 + 1, len(links) - MOST_LINKS
    if more > 0:
        told = ngettext("{n} more is in the table.", "{n} more are in the table.", more)
        drawing.text((WIDTH / 2, bottom + 16), told, "middle muted", room=WIDTH)
        bottom += 24
    return drawing.markup(bottom)


def _said(starts: Sequence[str], ends: Sequence[str], links: Sequence[Link]) -> str:
    triples = zip(starts, links, ends, strict=False)
    return described([f"{start} → {who} ({remark}) → {end}" for start, (who, remark), end in triples])


def _tall(place: int) -> float:
    return _LINK if place % 2 else _STATION


def _station(drawing: Drawing, at: _Point, label: str) -> None:
    drawing.rectangle((at[0] - _WIDE / 2, at[1] - _STATION / 2, _WIDE, _STATION), "station")
    drawing.text((at[0], at[1] + 4.5), label, "middle label", room=0.88 * (_WIDE - 8))


def _link(drawing: Drawing, at: _Point, link: Link) -> None:
    drawing.rectangle((at[0] - _WIDE / 2, at[1] - _LINK / 2, _WIDE, _LINK), "link")
    drawing.text((at[0], at[1] - 3), link[0], "middle label", room=0.88 * (_WIDE - 12))
    drawing.text((at[0], at[1] + 13), link[1], "middle", room=_WIDE - 12)


def _arrow(drawing: Drawing, start: _Point, end: _Point, tall: float, taller: float) -> None:
    """Draw an arrow between the borders of two boxes of these heights."""
    (x, y), (u, v) = _border(start, end, tall), _border(end, start, taller)
    long = hypot(u - x, v - y) or 1.0
    dx, dy = (u - x) / long, (v - y) / long
    back = (u - _HEAD * dx, v - _HEAD * dy)
    drawing.line((x, y), back, "arrow")
    left = (back[0] - dy * _HEAD * 0.55, back[1] + dx * _HEAD * 0.55)
    right = (back[0] + dy * _HEAD * 0.55, back[1] - dx * _HEAD * 0.55)
    steps = "L".join(f"{px:.1f} {py:.1f}" for px, py in ((u, v), left, right))
    drawing.path(f"M{steps}z", "head")


def _border(of: _Point, towards: _Point, tall: float) -> _Point:
    """Return where the way between two middles leaves the box around the first, and a little air."""
    dx, dy = towards[0] - of[0], towards[1] - of[1]
    wide, high = _WIDE / 2 + 2, tall / 2 + 2
    share = min(wide / abs(dx) if dx else 1.0, high / abs(dy) if dy else 1.0, 0.5)
    return of[0] + share * dx, of[1] + share * dy
