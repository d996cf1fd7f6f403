"""Curves that go down in steps with their band, and values with the interval around each."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.i18n import _, ngettext
from matchengine.report.bars import MOST_BARS
from matchengine.report.shapes import WIDTH, Drawing, Svg, described, mark, text_width

__all__ = ["interval_bars", "steps_down"]

_TOP, _TALL, _LEFT = 14.0, 150.0, 44.0
_ROW, _BOLD = 38, 0.88


def steps_down(name: str, title: str, rows: Sequence[tuple[int, float, float | None, float | None]]) -> Svg:
    """Draw the share that goes on after so many months as steps between the months told, from 1 at 0.

    Parameters
    ----------
    rows : sequence of (month, share, low or None, high or None)
        By month. The share is joined by straight lines, since only these months are told; the interval of each is an
        upright stroke.
    """
    if not rows:
        return Svg()
    said = [_("after {n} months: {share} %", n=month, share=round(100 * share)) for month, share, _l, _h in rows]
    drawing = Drawing(name, title, described(said))
    last, room = max(month for month, *_rest in rows), WIDTH - _LEFT - 10

    def at(month: float, share: float) -> tuple[float, float]:
        return _LEFT + room * month / last, _TOP + _TALL * (1 - share)

    for share in (0.0, 0.5, 1.0):
        drawing.line(at(0, share), at(last, share), "grid" if share else "axis")
        drawing.text((_LEFT - 6, at(0, share)[1] + 4), _("{n} %", n=round(100 * share)), "end muted")
    before = at(0, 1.0)
    for month, share, low, high in rows:
        here = at(month, share)
        drawing.line(before, here, "arrow")
        if low is not None and high is not None:
            drawing.line(at(month, high), at(month, low), "axis")
        drawing.path(mark("good", *here), "mark good")
        drawing.text((here[0], _TOP + _TALL + 17), str(month), "middle")
        before = here
    drawing.text((_LEFT + room / 2, _TOP + _TALL + 36), _("months after the start"), "middle muted", room=room)
    return drawing.markup(_TOP + _TALL + 44)


def interval_bars(name: str, title: str, rows: Sequence[tuple[str, float, float | None, float | None, str]]) -> Svg:
    """Draw each value as a mark on a line, with its interval; the first `MOST_BARS` are drawn.

    Parameters
    ----------
    rows : sequence of (label, value, low or None, high or None, the value in words)
    """
    if not rows:
        return Svg()
    shown, more = rows[:MOST_BARS], len(rows) - MOST_BARS
    rest = ngettext("{n} more is in the table.", "{n} more are in the table.", more) if more > 0 else ""
    drawing = Drawing(name, title, described([f"{label}: {said}" for label, _v, _l, _h, said in shown], rest))
    known = [number for _label, *numbers, _said in shown for number in numbers if number is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    room = max(40.0, WIDTH - max(text_width(said) for *_row, said in shown) - 12)
    scale, top = room / max(high - low, 1e-6), 0.0
    for label, value, bottom, ceiling, said in shown:
        drawing.text((0, top + 12), label, "label", room=_BOLD * WIDTH)
        drawing.line((0, top + 24), (room, top + 24), "grid")
        if bottom is not None and ceiling is not None:
            drawing.line(((bottom - low) * scale, top + 24), ((ceiling - low) * scale, top + 24), "arrow")
        drawing.path(mark("good", (value - low) * scale, top + 24), "mark good")
        drawing.line((-low * scale, top + 18), (-low * scale, top + 30), "axis")
        drawing.text((room + 8, top + 28), said)
        top += _ROW
    if rest:
        drawing.text((0, top + 12), rest, "muted", room=WIDTH)
        top += 20
    return drawing.markup(top)
