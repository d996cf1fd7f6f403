"""The sections of an evaluation on the other side, on subgroups, on what each scorer does, and ten cases."""

from __future__ import annotations

from matchengine.i18n import N_, _, ngettext
from matchengine.records.evaluation import (
    EvaluationResult,
    Figure,
    ScorerEffect,
    StrategyResult,
    SubgroupRow,
    SubgroupTable,
)
from matchengine.report.evaluation_charts import differences_plot, tenths, tornado
from matchengine.report.evaluation_figures import figure_tables
from matchengine.report.evaluation_words import (
    UNKNOWN,
    Unit,
    declared_strategies,
    metric_figure,
    primary_title,
    title_of,
    unit_of,
)
from matchengine.report.parts import Block, Cell, Chart, Charts, Points, Section, Table
from matchengine.report.shapes import count, points

__all__ = ["candidates_section", "cases_section", "groups_section", "scorers_section"]

_OTHER_SIDE_UNITS = ("share of candidates", "share of attention", "share of places", "attention for each place")
_OTHER_SIDE = frozenset({"exposure_gini", "exposure_gini_rel", "load_gini", "two_way_ndcg"})
_MOST_CURVES = 6
_KINDS = {"without": N_("Without one scorer"), "only": N_("With one scorer alone")}
_PICKED = {"best": N_("gained most"), "worst": N_("lost most"), "disagreement": N_("strategies differ most")}


def candidates_section(result: EvaluationResult) -> Section | None:
    """Return how attention and people are spread over candidates; None where nothing is known of it."""
    declared = [one for one in declared_strategies(result) if not one.failed]
    curves = [one for one in declared if one.spread.exposure_curve]
    caption = _("Load against places, and how well candidates are served, as far as it was measured")
    tables = figure_tables(result, declared, _of_other_side, caption)
    if not curves and not tables:
        return None
    blocks: list[Block] = []
    if curves:
        most = max(max(*one.spread.exposure_curve, *one.spread.load, 0.0) for one in curves)
        charts = tuple(
            Chart(one.title, tenths(f"tenths-{number}", _("Attention by tenth of candidates: {name}", name=one.title),
                                    one.spread.exposure_curve, one.spread.load, most))
            for number, one in enumerate(curves[:_MOST_CURVES], 1)
        )  # fmt: skip
        blocks.append(Charts(_("Share of attention, in every 100, by tenth of candidates"), charts, (_tenths(curves),)))
        blocks.append(Points(tuple(_spread_words(one) for one in curves)))
    blocks += tables
    lead = _(
        "Attention counts the place in the list: the first gets most. Tenths are ordered anew for each strategy and "
        "for people placed."
    )
    return Section("candidates", _("The other side: who is shown and who is asked"), tuple(blocks), (lead,))


def _spread_words(one: StrategyResult) -> str:
    curve, load = one.spread.exposure_curve, one.spread.load
    said = _(
        "{name}: of every 100 looks, the tenth that is shown most gets {most}, the half that is shown least {half}.",
        name=one.title,
        most=points(100 * curve[-1]),
        half=points(100 * sum(curve[: len(curve) // 2])),
    )
    if not load:
        return said
    placed = _("Of every 100 people placed, the tenth with most gets {most}.", most=points(100 * load[-1]))
    return f"{said} {placed}"


def _tenths(curves: list[StrategyResult]) -> Table:
    size = max(len(one.spread.exposure_curve) for one in curves)
    header = [_("tenth, least first")]
    columns: list[tuple[float, ...]] = []
    for one in curves:
        header.append(_("{name}: attention", name=one.title))
        columns.append(one.spread.exposure_curve)
        if one.spread.load:
            header.append(_("{name}: people placed", name=one.title))
            columns.append(one.spread.load)
    rows = tuple(
        (str(place + 1), *(points(100 * column[place]) if place < len(column) else UNKNOWN for column in columns))
        for place in range(size)
    )
    caption = _("Attention and people placed in numbers, in every 100")
    return Table(caption, tuple(header), rows, frozenset(range(1, len(header))), folded=True)


def _of_other_side(figure: Figure) -> bool:
    """Whether a figure is about candidates: who is shown, whose places are used, how well their own lists are."""
    name = figure.metric.split("@")[0].split("(")[0]
    return (
        figure.unit in _OTHER_SIDE_UNITS
        or name in _OTHER_SIDE
        or name.endswith("_for_candidates")
        or "overload" in name
    )


def groups_section(result: EvaluationResult) -> Section:
    """Return values by subgroup of those who agreed to be counted, hidden cells marked; or that there are none."""
    title = _("Subgroups")
    tables = result.subgroups
    if not tables:
        told = _(
            "Nothing is said of subgroups: none were asked for, or nobody agreed to be counted by group. That is no "
            "sign that all groups fare alike."
        )
        return Section("groups", title, (), (told,))
    unit = unit_of(metric_figure(result, tables[0].metric))
    blocks: list[Block] = [Points(tuple(table.sentence for table in tables if table.sentence), _("In words"))]
    blocks.append(_groups(result, tables, unit))
    blocks.append(_fairness(result, tables, unit))
    lead = (
        _("Only people who agreed to be counted by group are in these figures. No group is guessed."),
        _("“Hidden” means that too few people are in the group, or that a hidden one could be worked out from it."),
    )
    return Section("groups", title, tuple(blocks), lead)


def _groups(result: EvaluationResult, tables: tuple[SubgroupTable, ...], unit: Unit) -> Table:
    groups = dict.fromkeys(row.group for table in tables for row in table.rows)
    known = [{row.group: row for row in table.rows} for table in tables]
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        cells = [own.get(group) for own in known]
        people = {row.people for row in cells if row is not None}
        same = people.pop() if len(people) == 1 else None
        number = _("hidden") if any(row is not None and row.hidden for row in cells) else ""
        told = number or (count(same) if same is not None else "")
        rows.append((", ".join(group), told, *(_group_cell(row, unit, same) for row in cells)))
    header = (", ".join(tables[0].by), _("people"), *(title_of(result, table.strategy) for table in tables))
    caption = _("{title} by group, {unit}", title=primary_title(result), unit=unit.name)
    return Table(caption, header, tuple(rows), frozenset(range(1, len(header))))


def _group_cell(row: SubgroupRow | None, unit: Unit, same: int | None) -> Cell:
    if row is None:
        return UNKNOWN
    if row.hidden or row.people is None:
        return _("hidden")
    if same is not None:
        return unit.value(row.value)
    return _("{value} ({people})", value=unit.value(row.value), people=ngettext("{n} person", "{n} people", row.people))


def _fairness(result: EvaluationResult, tables: tuple[SubgroupTable, ...], unit: Unit) -> Table:
    rows = tuple(
        (
            title_of(result, table.strategy),
            unit.value(table.worst),
            unit.value(None if table.gap is None else abs(table.gap)),
            _probability(table.gap_p),
            _number(table.differential),
            _number(table.differential_null),
            _probability(table.differential_p),
        )
        for table in tables
    )
    header = (
        *(_("strategy"), _("group served least, chance allowed for"), _("largest gap"), _("p of the gap")),
        *(_("differential fairness ε"), _("ε by chance"), _("p of ε")),
    )
    return Table(
        _("Gaps between groups, each against what chance shows"), header, rows, frozenset(range(1, 7)), folded=True
    )


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else _("{n:.2f}", n=value)


def _probability(value: float | None) -> str:
    return UNKNOWN if value is None else _("{p:.3f}", p=value)


def scorers_section(result: EvaluationResult) -> Section | None:
    """Return what each scorer does, what other weights do, and tuned weights with their optimism; None without any."""
    unit = unit_of(metric_figure(result, result.primary))
    margin = max((one.margin for one in result.comparisons if one.metric == result.primary), default=0.0)
    charts, blocks = [], list[Block]()
    for kind, words in _KINDS.items():
        found = [one for one in result.effects if one.kind == kind and one.difference is not None]
        if found:
            rows = [(one.scorer, one.difference or 0.0, one.low, one.high) for one in found]
            drawing = differences_plot(f"scorers-{kind}", _(words), rows, margin, unit)
            whole = title_of(result, found[0].strategy)
            caption = _("{words}: difference to {name}, {unit}", words=_(words), name=whole, unit=unit.name)
            charts.append(Chart(caption, drawing))
    weights = [one for one in result.effects if one.kind == "weight" and one.value is not None]
    if weights:
        hundred = Unit(True, _("in every 100"))
        drawing = tornado(
            "weights", _("What other weights do"), [(one.scorer, one.value or 0.0) for one in weights], hundred
        )
        charts.append(Chart(_("Change from the least to the greatest weight drawn, in every 100"), drawing))
    if charts:
        blocks.append(Charts("", tuple(charts), (_effects(result, unit),)))
    said = tuple(one.sentence for one in result.effects if one.sentence)
    if result.stable_order is not None:
        told = _("In {n} of every 100 random weightings the strategy stays on the same side of {other}.",
                 n=round(100 * result.stable_order), other=title_of(result, result.against))  # fmt: skip
        said = (told, *said)
    if said:
        blocks.append(Points(said, _("In words")))
    tuned = _tuned(result, unit)
    if tuned is not None:
        blocks.append(tuned)
    if not blocks:
        return None
    lead = (_("These are looked at after the answer and are exploratory: they suggest what to try, not what is so."),)
    return Section("scorers", _("What each scorer does, and what other weights would do"), tuple(blocks), lead)


def _effects(result: EvaluationResult, unit: Unit) -> Table:
    rows = tuple(_effect(result, one, unit) for one in result.effects)
    header = (
        *(_("scorer"), _("strategy"), _("what was done"), _("value"), _("difference"), _("likely"), _("p, corrected")),
    )
    return Table(_("Scorers in numbers"), header, rows, frozenset({3, 4, 5, 6}), folded=True)


def _effect(result: EvaluationResult, one: ScorerEffect, unit: Unit) -> tuple[Cell, ...]:
    if one.kind == "weight":
        what, unit = _("weight from least to greatest"), Unit(True, "")
        value, change = "", unit.signed(one.value)
    else:
        what = _(_KINDS[one.kind])
        value, change = unit.value(one.value), unit.signed(one.difference)
    likely = unit.between(one.low, one.high, sign=True)
    return one.scorer, title_of(result, one.strategy), what, value, change, likely, _probability(one.p_adjusted)


def _tuned(result: EvaluationResult, unit: Unit) -> Table | None:
    """Weights that were chosen from outcomes, with what they reach on outcomes that took no part in the choice."""
    found = [one for one in declared_strategies(result) if one.weights]
    if not found:
        return None
    rows = tuple(
        (
            one.title,
            tuple(
                f"{name}: {points(100 * weight)}" for name, weight in sorted(one.weights.items(), key=lambda w: -w[1])
            ),
            unit.value(one.honest),
            unit.value(one.apparent),
            unit.signed(None if one.honest is None or one.apparent is None else one.apparent - one.honest),
        )
        for one in found
    )
    header = (
        *(_("strategy"), _("weights, in every 100"), _("honest value"), _("value on the outcomes they were chosen by")),
        _("optimism"),
    )
    lead = _("The honest value counts: it rests on outcomes that took no part in choosing the weights.")
    return Table(
        _("Weights that were chosen from outcomes"), header, rows, frozenset({2, 3, 4}), _("Tuned weights"), lead
    )


def cases_section(result: EvaluationResult) -> Section | None:
    """Return the cases of single people without a name; None without any."""
    if not result.cases:
        return None
    names = dict.fromkeys(name for case in result.cases for name in case.values)
    unit = unit_of(metric_figure(result, result.primary))
    header = (
        *(_("case"), _("picked because"), _("candidates"), _("suitable ones")),
        *(title_of(result, name) for name in names),
    )
    rows = tuple(
        (
            str(case.number),
            case.sentence or _(_PICKED[case.picked]),
            count(case.candidates),
            count(case.relevant),
            *(unit.value(case.values.get(name)) for name in names),
        )
        for case in result.cases
    )
    caption = _("{title}, {unit}", title=primary_title(result), unit=unit.name)
    table = Table(caption, header, rows, frozenset({2, 3, *range(4, len(header))}))
    lead = (
        _("People without a name, numbered for this page alone. They are extremes and show nothing about the rest."),
    )
    return Section("cases", ngettext("{n} case", "{n} cases", len(result.cases)), (table,), lead)
