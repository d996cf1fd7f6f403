"""How the page of an evaluation says numbers and verdicts: shares in every 100, other figures as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from matchengine.i18n import N_, _, fill
from matchengine.records.evaluation import (
    ComparisonResult,
    EvaluationResult,
    Figure,
    GuardrailResult,
    Light,
    StrategyResult,
    VerdictName,
)
from matchengine.report.shapes import count, points

__all__ = [
    "FEW",
    "LIGHTS",
    "UNKNOWN",
    "VERDICTS",
    "Unit",
    "chosen_comparison",
    "closed_parts",
    "declared_strategies",
    "figure_between",
    "figure_value",
    "figure_words",
    "figures_of",
    "guardrail_words",
    "metric_figure",
    "metric_words",
    "people_counts",
    "primary_comparisons",
    "primary_title",
    "seconds_words",
    "title_of",
    "unit_of",
]

FEW = 5
"""Fewer people than this are not told as a number."""
UNKNOWN = "–"
VERDICTS: Mapping[VerdictName, str] = MappingProxyType({
    "better": N_("better"),
    "worse": N_("worse"),
    "same": N_("practically the same"),
    "cannot_tell": N_("cannot tell"),
    "failed": N_("no answer"),
})  # fmt: skip
LIGHTS: Mapping[Light, str] = MappingProxyType({
    "green": N_("passed"), "amber": N_("take care"), "red": N_("failed"), "grey": N_("not known"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """How the numbers of a figure are said: a share in points of a hundred, all else as it is.

    Attributes
    ----------
    share : bool
    name : str
        What the numbers count, such as "in every 100".
    """

    share: bool
    name: str

    def value(self, value: float | None) -> str:
        """Return a value; a dash where it is not known."""
        if value is None:
            return UNKNOWN
        return points(100 * value) if self.share else _plain(value)

    def signed(self, value: float | None) -> str:
        """Return a difference with its sign; a dash where it is not known."""
        if value is None:
            return UNKNOWN
        return points(100 * value, signed=True) if self.share else ("+" if value > 0 else "") + _plain(value)

    def between(self, low: float | None, high: float | None, *, sign: bool = False) -> str:
        """Return an interval; a dash where it is not known."""
        if low is None or high is None:
            return UNKNOWN
        said = self.signed if sign else self.value
        return _unbroken(_("{low} to {high}", low=said(low), high=said(high)))


def unit_of(figure: Figure | None) -> Unit:
    """Return the unit of a figure: whatever is a share of something, as so many in every 100."""
    if figure is None or figure.unit.split(" ")[0] == "share":
        return Unit(True, _("in every 100"))
    return Unit(False, figure.unit)


def figure_value(figure: Figure | None) -> str:
    """Return the value of a figure in its unit; a dash where it could not be measured."""
    return UNKNOWN if figure is None else unit_of(figure).value(figure.value)


def figure_words(figure: Figure | None) -> str:
    """Return the value of a figure with its interval, where it has one."""
    value, likely = figure_value(figure), figure_between(figure)
    return value if likely == UNKNOWN else _("{value} ({likely})", value=value, likely=likely)


def figure_between(figure: Figure | None) -> str:
    """Return the interval of a figure; that of a share ends where shares end, though its formula may go beyond."""
    if figure is None or figure.low is None or figure.high is None:
        return UNKNOWN
    low, high, unit = figure.low, figure.high, unit_of(figure)
    if unit.share and figure.value is not None and 0 <= figure.value <= 1:
        low, high = max(low, 0.0), min(high, 1.0)
    return unit.between(low, high)


def _unbroken(text: str) -> str:
    """Return a text that stays on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _plain(value: float) -> str:
    if abs(value) >= 100 or float(value).is_integer():
        return count(value).replace("-", "\N{MINUS SIGN}")
    return fill("{value:.3g}", {"value": value}).replace("-", "\N{MINUS SIGN}")


def seconds_words(seconds: float | None) -> str:
    """Return how long something took."""
    if seconds is None:
        return UNKNOWN
    return _unbroken(_("{n} s", n=count(seconds) if seconds >= 10 else fill("{n:.1f}", {"n": seconds})))


_HELD = {
    (True, True): N_("{title}: {value}, at most {limit}: holds"),
    (True, False): N_("{title}: {value}, at most {limit}: FAILED"),
    (False, True): N_("{title}: {value}, at least {limit}: holds"),
    (False, False): N_("{title}: {value}, at least {limit}: FAILED"),
}


def guardrail_words(rule: GuardrailResult, figure: Figure | None) -> str:
    """Return what became of a requirement, short enough for a table."""
    title = figure.title if figure is not None and figure.title else rule.metric
    if rule.value is None:
        return _("{title}: not measured, so not shown to hold", title=title)
    unit, at_most = unit_of(figure), rule.rule.lstrip().startswith("<")
    return _(_HELD[at_most, rule.holds], title=title, value=unit.value(rule.value), limit=unit.value(rule.limit))


def declared_strategies(result: EvaluationResult) -> list[StrategyResult]:
    """Return the strategies that were asked for: no canary, no ablation."""
    return [one for one in result.strategies if one.origin == "declared"]


def figures_of(strategy: StrategyResult) -> dict[str, Figure]:
    """Return the figures of a strategy by metric."""
    return {figure.metric: figure for figure in strategy.figures}


def title_of(result: EvaluationResult, name: str) -> str:
    """Return what a strategy is called."""
    return next((one.title or one.name for one in result.strategies if one.name == name), name)


def metric_figure(result: EvaluationResult, metric: str) -> Figure | None:
    """Return the first figure on a metric, which tells its title and unit; None where nothing was measured."""
    found = [figures_of(one).get(metric) for one in result.strategies]
    return next((figure for figure in found if figure is not None), None)


def primary_title(result: EvaluationResult) -> str:
    """Return the primary metric in words with its name; the name alone where nothing was measured."""
    return metric_words(metric_figure(result, result.primary), result.primary)


def metric_words(figure: Figure | None, metric: str) -> str:
    """Return a metric in words with its name; the name alone where there are no words."""
    if figure is None or not figure.title:
        return metric
    return _("{title} ({metric})", title=figure.title, metric=metric)


def primary_comparisons(result: EvaluationResult) -> list[ComparisonResult]:
    """Return the comparisons that were declared, on the primary metric."""
    return [one for one in result.comparisons if one.declared and one.metric == result.primary]


def chosen_comparison(result: EvaluationResult) -> ComparisonResult | None:
    """Return the comparison the answer is about: the one whose sentence it is, else the largest difference."""
    found = primary_comparisons(result)
    said = [one for one in found if one.sentence and one.sentence == result.verdict.sentence]
    said += [one for one in found if one.sentence and one.sentence in result.verdict.reasons]
    if said:
        return said[0]
    return max(found, key=lambda one: (one.difference is not None, one.difference or 0.0), default=None)


def closed_parts(counts: Sequence[int]) -> frozenset[int]:
    """Return the places of counts that must not be told: those of fewer than five people, and the largest other.

    With it, what is told does not add up to what is not.
    """
    small = {place for place, number in enumerate(counts) if 0 < number < FEW}
    others = [place for place in range(len(counts)) if place not in small]
    if small and others:
        small.add(max(others, key=lambda place: counts[place]))
    return frozenset(small)


def people_counts(counts: Sequence[int]) -> list[str]:
    """Return how many people fall to each part in words, so that no small number can be read or worked out."""
    closed = closed_parts(counts)
    return [
        count(number) if place not in closed else _("fewer than {n}", n=FEW) if 0 < number < FEW else _("the rest")
        for place, number in enumerate(counts)
    ]
