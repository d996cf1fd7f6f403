"""The first sections of the page of an evaluation: the answer, its limits, strategies, differences, people."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.evaluation.sentences import METHODS
from matchengine.i18n import _, ngettext
from matchengine.records.evaluation import ComparisonResult, EvaluationResult, StrategyResult
from matchengine.report.evaluation_charts import differences_plot, histogram_of_differences, split_bars, traffic_light
from matchengine.report.evaluation_figures import figure_tables
from matchengine.report.evaluation_words import (
    FEW,
    UNKNOWN,
    VERDICTS,
    Unit,
    chosen_comparison,
    closed_parts,
    declared_strategies,
    figure_between,
    figure_value,
    figures_of,
    guardrail_words,
    metric_figure,
    people_counts,
    primary_comparisons,
    primary_title,
    seconds_words,
    title_of,
    unit_of,
)
from matchengine.report.parts import Block, Cell, Chart, Charts, Entries, Entry, Points, Section, Table
from matchengine.report.shapes import count, points

__all__ = ["answer_section", "differences_section", "limits_section", "people_section", "strategies_section"]

_MOST_HISTOGRAMS = 5
_CHEAPER = 2
"""How many times cheaper a strategy has to be to be told."""


def answer_section(result: EvaluationResult) -> Section:
    """Return the answer: its word in the heading, its sentence, the light, the figures it rests on, the reasons."""
    verdict = result.verdict
    title = _("The answer: {word}", word=verdict.word)
    light, word = verdict.light, verdict.word
    if verdict.watermark:
        light, word = "grey", _("not evidence")
        title = _("Not evidence. The answer would be: {word}", word=verdict.word)
    table = Table(_("What the answer rests on"), (_("entry"), _("value")), tuple(_rests_on(result)))
    notes = []
    if verdict.reasons:
        notes.append((_("Why, and what else was found"), verdict.reasons))
    if result.exploratory:
        notes.append((_("Changed since it was declared"), result.exploratory))
    drawing = traffic_light("light", light, word)
    entry = Entry("answer-in-short", verdict.sentence, drawing=drawing, table=table, notes=tuple(notes))
    return Section("answer", title, (Entries((entry,)),))


def _rests_on(result: EvaluationResult) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [(_("Measured by"), primary_title(result))]
    one, unit = chosen_comparison(result), unit_of(metric_figure(result, result.primary))
    if one is not None:
        rows += [
            (_("Compared"), _("{one} with {other}", one=title_of(result, one.strategy),
                              other=title_of(result, one.against))),
            (_("Difference, {unit}", unit=unit.name), unit.signed(one.difference)),
            (_("Likely between, {unit}", unit=unit.name), _likely(unit, one)),
            (_("Smallest difference that matters, {unit}", unit=unit.name), unit.value(one.margin)),
            (_("People"), count(one.people)),
        ]  # fmt: skip
        if one.clusters is not None:
            rows.append((_("Cohorts"), count(one.clusters)))
    rules = [rule.holds for strategy in declared_strategies(result) for rule in strategy.guardrails]
    if rules:
        told = _("{n} of {total} hold, over all strategies", n=sum(rules), total=len(rules))
        rows.append((_("Requirements"), told))
    if result.canaries:
        passed = sum(canary.light == "green" for canary in result.canaries)
        rows.append((_("Tests of the comparison itself"), _("{n} of {total} passed", n=passed,
                                                           total=len(result.canaries))))  # fmt: skip
    return rows


def _likely(unit: Unit, one: ComparisonResult) -> str:
    if one.low is None or one.high is None:
        return _("not known: too few people or cohorts")
    return unit.between(one.low, one.high, sign=True)


def limits_section(result: EvaluationResult) -> Section:
    """Return what the evaluation cannot tell: always there."""
    always = _("What should be done. It is one thing to weigh beside what people say and what you know.")
    return Section("limits", _("What this cannot tell you"), (Points((*result.verdict.limits, always)),))


def strategies_section(result: EvaluationResult, seconds: Mapping[str, float]) -> Section:
    """Return the table of strategies, and all figures below it.

    Parameters
    ----------
    seconds : mapping of name to float
        What each strategy took; without any there is no such column.
    """
    declared = declared_strategies(result)
    by_name = {one.strategy: one for one in primary_comparisons(result) if one.against == result.against}
    rows = tuple(_strategy(result, one, by_name.get(one.name), seconds) for one in declared)
    header = [
        _("strategy"),
        _("value, {unit}", unit=unit_of(metric_figure(result, result.primary)).name),
        _("likely"),
        _("difference to {name}", name=title_of(result, result.against)),
        _("verdict"),
        _("requirements"),
        _("people"),
        *([_("time to run")] if seconds else []),
    ]
    told = [_("Value: {title}. People with somebody suitable count; whoever got no suggestion counts as 0.",
              title=primary_title(result))]  # fmt: skip
    if not declared:
        return Section("strategies", _("Strategies"), (), (_("No strategy was asked."),))
    numbers = frozenset({1, 2, 3, 6, 7})
    cheaper = _cheaper(result, by_name, seconds)
    blocks: list[Block] = [Table(_("Strategies on the figure that decides"), tuple(header), rows, numbers)]
    notes = tuple((one.title, one.notes) for one in declared if one.notes)
    failed = tuple(_("{title} gave no answer: {reason}", title=one.title, reason=one.failed)
                   for one in declared if one.failed)  # fmt: skip
    if failed or cheaper:
        blocks.append(Points((*failed, *cheaper), _("Please note")))
    caption = _("All figures, and between what they likely lie")
    blocks += figure_tables(result, declared, lambda _figure: True, caption, folded=True)
    if notes:
        blocks.append(Table(_("Notes on strategies"), (_("strategy"), _("notes")), notes, folded=True))
    return Section("strategies", _("Strategies"), tuple(blocks), tuple(told))


def _strategy(
    result: EvaluationResult, one: StrategyResult, compared: ComparisonResult | None, seconds: Mapping[str, float]
) -> tuple[Cell, ...]:
    figures = figures_of(one)
    figure = figures.get(result.primary)
    name = _("{title} (baseline)", title=one.title) if one.name == result.against else one.title
    verdict = _(VERDICTS["failed"]) if one.failed else "" if compared is None else _(VERDICTS[compared.verdict])
    cells: list[Cell] = [
        name,
        figure_value(figure),
        figure_between(figure),
        "" if one.name == result.against else unit_of(figure).signed(compared.difference if compared else None),
        verdict,
        tuple(guardrail_words(rule, figures.get(rule.metric)) for rule in one.guardrails),
        "" if figure is None or one.failed else count(figure.people),
    ]
    return (*cells, seconds_words(seconds.get(one.name))) if seconds else tuple(cells)


def _cheaper(
    result: EvaluationResult, by_name: Mapping[str, ComparisonResult], seconds: Mapping[str, float]
) -> list[str]:
    """Say which of two strategies that are practically the same is cheaper to run."""
    found, base = [], seconds.get(result.against)
    for name, one in by_name.items():
        took = seconds.get(name)
        if one.verdict != "same" or not took or not base or max(took, base) < _CHEAPER * min(took, base):
            continue
        quick, slow = (name, result.against) if took < base else (result.against, name)
        told = _("{one} and {other} are practically the same, and {quick} took {n} times less time to run.",
                 one=title_of(result, name), other=title_of(result, result.against), quick=title_of(result, quick),
                 n=points(seconds[slow] / seconds[quick]))  # fmt: skip
        found.append(told)
    return found


def differences_section(result: EvaluationResult) -> Section | None:
    """Return the differences that were declared, drawn with the margin, and all others in a table; None without any."""
    if not result.comparisons:
        return None
    main = primary_comparisons(result)
    blocks: list[Block] = []
    drawn = [(_against(result, one), one.difference, one.low, one.high) for one in main if one.difference is not None]
    if drawn:
        margin = max(one.margin for one in main)
        unit = unit_of(metric_figure(result, result.primary))
        title = _("Differences {unit}: {metric}", unit=unit.name, metric=primary_title(result))
        chart = Chart(_watermarked(result, title), differences_plot("differences", title, drawn, margin, unit))
        blocks.append(Charts("", (chart,), ()))
    if main:
        said = tuple(one.sentence for one in main if one.sentence)
        blocks.append(Points(said, _("In words")))
        blocks.append(_comparisons(result, main, _("Differences in numbers"), folded=False))
    others = [one for one in result.comparisons if one not in main]
    if others:
        blocks.append(_comparisons(result, others, _("Exploratory: differences on other figures"), folded=True))
    level = max((one.level for one in result.comparisons), default=0.95)
    lead = (
        _("Each person is compared with themselves under both strategies. Above 0 is better, in every figure."),
        _("“Likely” covers the true difference in about {n} of every 100 such comparisons.", n=round(100 * level)),
    )
    return Section("differences", _("Differences"), tuple(blocks), lead)


def _watermarked(result: EvaluationResult, caption: str) -> str:
    return _("Not evidence. {title}", title=caption) if result.verdict.watermark else caption


def _against(result: EvaluationResult, one: ComparisonResult) -> str:
    if one.against == result.against:
        return title_of(result, one.strategy)
    return _("{one} against {other}", one=title_of(result, one.strategy), other=title_of(result, one.against))


def _comparisons(result: EvaluationResult, found: list[ComparisonResult], caption: str, *, folded: bool) -> Table:
    header = (
        *(_("comparison"), _("figure"), _("difference"), _("likely"), _("p, corrected"), _("verdict"), _("people")),
        *(_("cohorts"), _("method")),
    )
    rows = []
    for one in found:
        unit = unit_of(metric_figure(result, one.metric))
        method = METHODS.get(one.method)
        rows.append((
            _("{one} against {other}", one=title_of(result, one.strategy), other=title_of(result, one.against)),
            one.metric,
            unit.signed(one.difference),
            unit.between(one.low, one.high, sign=True),
            _chance(one.p if one.p_adjusted is None else one.p_adjusted),
            _(VERDICTS[one.verdict]),
            count(one.people),
            "" if one.clusters is None else count(one.clusters),
            one.method if method is None else _(method),
        ))  # fmt: skip
    return Table(caption, header, tuple(rows), frozenset({2, 3, 4, 6, 7}), folded=folded)


def _chance(p: float | None) -> str:
    if p is None:
        return UNKNOWN
    return _("below {p}", p=_("{p:.3f}", p=0.001)) if p < 0.001 else _("{p:.3f}", p=p)


def people_section(result: EvaluationResult) -> Section | None:
    """Return who gained, who lost and how the worst tenth fares; None where nobody was compared."""
    found = [one for one in primary_comparisons(result) if one.gained + one.lost + one.unchanged > 0]
    if not found:
        return None
    unit = unit_of(metric_figure(result, result.primary))
    charts = [
        Chart(
            _("How many gained and lost"),
            split_bars("gained", _("How many gained and lost"), [_split(result, one) for one in found]),
        )
    ]
    for number, one in enumerate(found[:_MOST_HISTOGRAMS], 1):
        if one.histogram and not any(0 < people < FEW for people in one.histogram):
            caption = _("{name}: how much people gained or lost", name=_against(result, one))
            drawing = histogram_of_differences(f"gains-{number}", caption, one.histogram_edges, one.histogram, unit)
            charts.append(Chart(caption, drawing))
    header = (
        _("comparison"),
        _("lost"),
        _("the same"),
        _("gained"),
        _("the tenth that lost most, {unit}", unit=unit.name),
    )
    rows = tuple(
        (_against(result, one), *people_counts((one.lost, one.unchanged, one.gained)), unit.signed(one.worst_tenth))
        for one in found
    )
    table = Table(_("Gained and lost in numbers"), header, rows, frozenset({1, 2, 3, 4}))
    said = tuple(
        ngettext(
            "{name}: of {n} person, in every 100 {gained} gained and {lost} lost.",
            "{name}: of {n} people, in every 100 {gained} gained and {lost} lost.",
            one.people,
            name=_against(result, one),
            gained=round(100 * one.gained / one.people),
            lost=round(100 * one.lost / one.people),
        )
        for one in found
        if one.people and not closed_parts((one.lost, one.unchanged, one.gained))
    )
    lead = (
        _("A better average can hide people who are worse off."),
        _("The outlined step holds those for whom little or nothing changed. Steps are so wide that none holds fewer "
          "than five people."),
    )  # fmt: skip
    blocks: list[Block] = [Charts("", tuple(charts), (table,)), *([Points(said)] if said else [])]
    return Section("people", _("Who gained and who lost"), tuple(blocks), lead)


def _split(result: EvaluationResult, one: ComparisonResult) -> tuple[str, tuple[tuple[str, int, str], ...]]:
    """One bar; what is told as fewer than five, and the rest, become one part, so that no length gives it away."""
    counts = (one.lost, one.unchanged, one.gained)
    told, closed = people_counts(counts), closed_parts(counts)
    words = (_("lost: {n}", n=told[0]), _("the same: {n}", n=told[1]), _("gained: {n}", n=told[2]))
    parts = list(zip(("lost", "same", "gained"), counts, words, strict=True))
    shown = [part for place, part in enumerate(parts) if place not in closed]
    if closed:
        hidden = [part for place, part in enumerate(parts) if place in closed]
        shown.append(("rest", sum(number for _kind, number, _said in hidden), _("others: not told apart")))
    return _against(result, one), tuple(shown)
