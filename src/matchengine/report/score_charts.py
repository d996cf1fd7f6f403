"""Charts of scores: how they are spread, and how much is known behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from matchengine.i18n import N_, _
from matchengine.records.result import Fit
from matchengine.report.shapes import WIDTH, Drawing, Svg, count, described, mark

__all__ = ["FITS", "histogram", "score_and_known"]

FITS: Mapping[Fit, str] = {
    "good": N_("Good fit"),
    "fair": N_("Fair fit"),
    "poor": N_("Poor fit"),
    "too_little_known": N_("Too little known"),
}
"""Score bands in words, from the best."""
_BIN = 5
_PATTERNS = {"fair": "M-1 1l2-2M0 6l6-6M5 7l2-2", "poor": "M1.5 1.5h1.6v1.6h-1.6z"}
_HEIGHT, _LEFT = 140, 44


def histogram(name: str, title: str, scores: Sequence[float], fits: Sequence[Fit]) -> Svg:
    """Draw how many scores lie in each step of five points, stacked by band; empty without any.

    Parameters
    ----------
    scores : sequence of float
        Points, 0 to 100.
    fits : sequence of str
        Their bands.
    """
    if not scores:
        return Svg()
    low, high = _span(scores)
    cells = Counter((_bin(score), fit) for score, fit in zip(scores, fits, strict=True))
    totals = {start: sum(cells[start, fit] for fit in FITS) for start in range(low, high, _BIN)}
    said = [
        _("{low} to {high} points: {n}", low=start, high=start + _BIN, n=total)
        for start, total in totals.items()
        if total
    ]
    drawing, present = Drawing(name, title, described(said)), [fit for fit in FITS if fit in set(fits)]
    for fit, steps in _PATTERNS.items():
        drawing.pattern(fit, steps, f"stroke-{fit}", 6 if fit == "fair" else 5)
    top = drawing.legend(0, [(_kind(fit), fit if fit in _PATTERNS else "", _(FITS[fit])) for fit in present]) + 14
    width, most = WIDTH / len(totals), max(totals.values())
    for place, (start, total) in enumerate(totals.items()):
        bottom = top + _HEIGHT
        for fit in present:
            tall = _HEIGHT * cells[start, fit] / most
            bottom -= tall
            if tall:
                box = (place * width + 1.5, bottom, width - 3, tall)
                drawing.rectangle(box, _kind(fit), fit if fit in _PATTERNS else "")
        if total:
            drawing.text(((place + 0.5) * width, bottom - 4), count(total), "middle", room=max(width, 20))
    drawing.line((0, top + _HEIGHT + 0.5), (WIDTH, top + _HEIGHT + 0.5), "axis")
    _scale(drawing, (low, high), 0, top + _HEIGHT)
    return drawing.markup(top + _HEIGHT + 40)


def score_and_known(name: str, title: str, drafts: Sequence[tuple[float, float, Fit]]) -> Svg:
    """Draw one mark per suggestion: score to the right, share of what is known upwards, the shape by band.

    Parameters
    ----------
    drafts : sequence of (score 0 to 100, confidence 0 to 1, band)
    """
    if not drafts:
        return Svg()
    low, high = _span([score for score, _known, _fit in drafts])
    present = [fit for fit in FITS if any(fit == found for *_rest, found in drafts)]
    said = [f"{_(FITS[fit])}: {sum(fit == found for *_rest, found in drafts)}" for fit in present]
    drawing = Drawing(name, title, described(said))
    top = drawing.legend(0, [(f"mark {_short(fit)}", "", _(FITS[fit])) for fit in present]) + 10
    for share in (0, 25, 50, 75, 100):
        y = top + _HEIGHT * (1 - share / 100)
        drawing.line((_LEFT, y), (WIDTH, y), "axis" if share == 0 else "grid")
        drawing.text((_LEFT - 4, y + 4), _("{n} %", n=share), "end")
    for fit in reversed(present):
        at = {
            (
                round(_LEFT + (score - low) / (high - low) * (WIDTH - _LEFT - 6)),
                round(top + _HEIGHT * (1 - known)),
            )
            for score, known, found in drafts
            if found == fit
        }
        drawing.path("".join(mark(_short(fit), x, y) for x, y in sorted(at)), f"mark {_short(fit)}")
    _scale(drawing, (low, high), _LEFT, top + _HEIGHT, right=6)
    return drawing.markup(top + _HEIGHT + 40)


def _span(scores: Sequence[float]) -> tuple[int, int]:
    """Return the tens around all scores, at least 30 points apart."""
    low, high = int(min(scores)) // 10 * 10, -(-int(max(scores) + 1) // 10) * 10
    high = min(100, max(high, low + 30))
    return max(0, min(low, high - 30)), high


def _bin(score: float) -> int:
    return min(int(score // _BIN) * _BIN, 100 - _BIN)


def _scale(drawing: Drawing, span: tuple[int, int], left: float, bottom: float, right: float = 0) -> None:
    low, high = span
    width = WIDTH - left - right
    for value in range(low, high + 1, 10):
        x = left + (value - low) / (high - low) * width
        place = "start" if x < 8 else "end" if x > WIDTH - 10 else "middle"
        drawing.text((x, bottom + 15), str(value), place)
    drawing.text((left + width / 2, bottom + 34), _("Points of the score"), "middle muted")


def _short(fit: Fit) -> str:
    return "unknown" if fit == "too_little_known" else fit


def _kind(fit: Fit) -> str:
    return f"band-{_short(fit)}"
