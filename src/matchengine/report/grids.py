"""Pictures of a schedule: tables by rounds, and the week with the groups that meet in each part of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchengine.i18n import _, ngettext
from matchengine.report.charts import DAY_PARTS, DAYS, shade
from matchengine.report.shapes import WIDTH, Drawing, Svg, described, text_width

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "meeting_week", "seating"]

MOST_ROWS, MOST_COLUMNS = 20, 4
"""Tables and rounds in one picture; the table below it has all."""
_LEFT, _LINE, _MOST_LINES = 40, 16, 4


def seating(name: str, title: str, rounds: Sequence[str], rows: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> Svg:
    """Draw who sits where: one row per table, one column per round, the people of a cell below each other.

    Parameters
    ----------
    rounds : sequence of str
        Headings, at most `MOST_COLUMNS`.
    rows : sequence of (table, people of each round)
        The first `MOST_ROWS` are drawn.
    """
    if not rounds or not rows:
        return Svg()
    shown, more = rows[:MOST_ROWS], len(rows) - MOST_ROWS
    lines = min(_MOST_LINES, max(1, *(len(people) for _table, cells in shown for people in cells)))
    tall, width = lines * _LINE + 8, (WIDTH - _LEFT) / len(rounds)
    rest = ngettext("{n} more is in the table.", "{n} more are in the table.", more) if more > 0 else ""
    said = [
        f"{heading}, {table}: {', '.join(cells[place])}"
        for place, heading in enumerate(rounds)
        for table, cells in shown
        if cells[place]
    ]
    drawing, top = Drawing(name, title, described(said, rest)), 22.0
    drawing.text((0, 14), _("Table"), "muted", room=_LEFT - 4)
    for place, heading in enumerate(rounds):
        drawing.text((_LEFT + (place + 0.5) * width, 14), heading, "middle label", room=0.88 * width)
    for table, cells in shown:
        drawing.text((0, top + tall / 2 + 4), table, "label", room=0.88 * (_LEFT - 4))
        for place, people in enumerate(cells):
            x = _LEFT + place * width
            drawing.rectangle((x + 1.5, top + 1.5, width - 3, tall - 3), "cell demand-1" if people else "cell")
            _names(drawing, (x + width / 2, top + tall / 2), people, lines, 0.84 * width)
        top += tall
    if rest:
        drawing.text((0, top + 14), rest, "muted", room=WIDTH)
        top += 20
    return drawing.markup(top)


def _names(drawing: Drawing, middle: tuple[float, float], people: Sequence[str], lines: int, room: float) -> None:
    shown = list(people if len(people) <= lines else people[: lines - 1])
    if len(shown) < len(people):
        shown.append(ngettext("and {n} more", "and {n} more", len(people) - len(shown)))
    first = middle[1] - (len(shown) - 1) * _LINE / 2 + 4.5
    for line, person in enumerate(shown):
        drawing.text((middle[0], first + line * _LINE), person, "middle on demand-1", room=room)


def meeting_week(name: str, title: str, groups: Mapping[tuple[str, str], Sequence[int]]) -> Svg:
    """Draw the week: in each part of a day the numbers of the groups that meet then; empty without any.

    Parameters
    ----------
    groups : dict of (day, part) to numbers
        Keys of `DAYS` and `DAY_PARTS`; a part in which nobody meets has no column.
    """
    parts = [part for part in DAY_PARTS if any(key[1] == part for key in groups)]
    if not parts:
        return Svg()
    most = max(len(numbers) for numbers in groups.values())
    said = [
        _("{day}, {part}: {n}", day=_(DAYS[d]), part=_(DAY_PARTS[p]), n=", ".join(map(str, groups[d, p])))
        for d in DAYS
        for p in parts
        if groups.get((d, p))
    ]
    drawing, left, top, tall = Drawing(name, title, described(said)), 46, 20, 30
    width = (WIDTH - left) / len(parts)
    for column, part in enumerate(parts):
        drawing.text((left + (column + 0.5) * width, 13), _(DAY_PARTS[part]), "middle", room=width)
    for row, day in enumerate(DAYS):
        y = top + row * tall
        drawing.text((0, y + 19), _(DAYS[day]), room=left - 4)
        for column, part in enumerate(parts):
            numbers = groups.get((day, part), ())
            x, colour = left + column * width, shade("demand", len(numbers), most)
            drawing.rectangle((x + 1, y + 1, width - 2, tall - 2), f"cell {colour}")
            drawing.text((x + width / 2, y + 19), _numbers(numbers, width - 8), f"middle on {colour}")
    return drawing.markup(top + len(DAYS) * tall)


def _numbers(numbers: Sequence[int], room: float) -> str:
    """Return the numbers where they fit, else how many they are."""
    told = ", ".join(map(str, numbers))
    return told if text_width(told) <= room else ngettext("{n} group", "{n} groups", len(numbers))
