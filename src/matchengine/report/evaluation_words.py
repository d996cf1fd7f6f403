"""How the page of an evaluation says numbers and verdicts: shares in every 100, other figures as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    "METHODS",
    "VERDICTS",
    "between",
    "chosen_comparison",
    "declared_strategies",
    "figure_between",
    "figure_value",
    "figures_of",
    "guardrail_words",
    "in_hundred",
    "people_counts",
    "primary_comparisons",
    "primary_title",
    "seconds_words",
    "signed",
    "title_of",
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
METHODS: Mapping[str, str] = MappingProxyType({
    "bootstrap_by_cluster": N_("drawing cohorts again and again (studentised bootstrap), sign-flip test"),
    "t_by_cluster": N_("t test over cohorts"),
    "t_dyadic": N_("t test that allows for people who share candidates"),
    "bca": N_("drawing people again and again (BCa bootstrap), sign-flip test"),
    "t": N_("t over people, sign-flip test"),
    "identical": N_("all values are the same"),
    "descriptive": N_("nothing is inferred: too few people or cohorts, or they are not independent"),
})  # fmt: skip


def is_share(figure: Figure | None) -> bool:
    """Whether a figure is a share, which people read as so many in every 100."""
    return figure is not None and figure.unit.split(" ")[0] == "share"


def in_hundred(value: float | None) -> str:
    """Return a share as points of a hundred with one decimal; a dash where it is not known."""
    return UNKNOWN if value is None else points(100 * value)


def signed(value: float | None) -> str:
    """Return a difference of shares as signed points of a hundred; a dash where it is not known."""
    return UNKNOWN if value is None else points(100 * value, signed=True)


def between(low: float | None, high: float | None, *, sign: bool = False) -> str:
    """Return an interval of shares in points of a hundred; a dash where it is not known."""
    if low is None or high is None:
        return UNKNOWN
    said = signed if sign else in_hundred
    return _("{low} to {high}", low=said(low), high=said(high))


def figure_value(figure: Figure | None) -> str:
    """Return the value of a figure in the unit a reader knows: a share in every 100, a count whole, else three digits.

    A figure that could not be measured is a dash.
    """
    if figure is None or figure.value is None:
        return UNKNOWN
    return in_hundred(figure.value) if is_share(figure) else _plain(figure.value)


def figure_between(figure: Figure | None) -> str:
    """Return the interval of a figure; that of a share ends where shares end, though its formula may go beyond."""
    if figure is None or figure.low is None or figure.high is None:
        return UNKNOWN
    low, high = figure.low, figure.high
    if not is_share(figure):
        return _("{low} to {high}", low=_plain(low), high=_plain(high))
    if figure.value is not None and 0 <= figure.value <= 1:
        low, high = max(low, 0.0), min(high, 1.0)
    return between(low, high)


def _plain(value: float) -> str:
    if abs(value) >= 100 or float(value).is_integer():
        return count(value).replace("-", "\N{MINUS SIGN}")
    return fill("{value:.3g}", {"value": value}).replace("-", "\N{MINUS SIGN}")


def seconds_words(seconds: float | None) -> str:
    """Return how long something took."""
    if seconds is None:
        return UNKNOWN
    return _("{n} s", n=count(seconds) if seconds >= 10 else fill("{n:.1f}", {"n": seconds}))


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
    said = in_hundred if is_share(figure) else _number
    limit = UNKNOWN if rule.limit is None else said(rule.limit)
    at_most = rule.rule.lstrip().startswith("<")
    return _(_HELD[at_most, rule.holds], title=title, value=said(rule.value), limit=limit)


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else _plain(value)


def declared_strategies(result: EvaluationResult) -> list[StrategyResult]:
    """Return the strategies that were asked for: no canary, no ablation."""
    return [one for one in result.strategies if one.origin == "declared"]


def figures_of(strategy: StrategyResult) -> dict[str, Figure]:
    """Return the figures of a strategy by metric."""
    return {figure.metric: figure for figure in strategy.figures}


def title_of(result: EvaluationResult, name: str) -> str:
    """Return what a strategy is called."""
    return next((one.title or one.name for one in result.strategies if one.name == name), name)


def primary_title(result: EvaluationResult) -> str:
    """Return the primary metric in words with its name; the name alone where nothing was measured."""
    for strategy in result.strategies:
        figure = figures_of(strategy).get(result.primary)
        if figure is not None and figure.title:
            return _("{title} ({metric})", title=figure.title, metric=result.primary)
    return result.primary


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


def people_counts(counts: Sequence[int]) -> list[str]:
    """Return how many people fall to each part, so that no small number can be read or worked out.

    A part of fewer than five people is told as such, and then the largest other part as the rest.
    """
    small = [0 < number < FEW for number in counts]
    said = [_("fewer than {n}", n=FEW) if few else count(number) for number, few in zip(counts, small, strict=True)]
    others = _largest(number for number, few in zip(counts, small, strict=True) if not few)
    if any(small) and others:
        said[next(place for place, number in enumerate(counts) if number == others and not small[place])] = _("the rest")
    return said


def _largest(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)
