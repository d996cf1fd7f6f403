"""The files of an evaluation beside its results: a page, a table for spreadsheets, a table for papers."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from matchengine.i18n import _, speaking
from matchengine.io.json_lines import write_private
from matchengine.io.sheets import Cell, Sheet
from matchengine.io.write_sheets import write_csv
from matchengine.records.evaluation import ComparisonResult, EvaluationResult
from matchengine.report.evaluation_facts import report_of
from matchengine.report.evaluation_words import (
    VERDICTS,
    declared_strategies,
    figure_between,
    figure_value,
    figures_of,
    guardrail_words,
    metric_figure,
    primary_title,
    title_of,
    unit_of,
)
from matchengine.report.page import write_page

__all__ = ["table_of", "tex_of", "write_evaluation"]

_COLUMNS = (
    *("strategy", "title", "origin", "metric", "value", "low", "high", "people", "excluded", "missing", "unit"),
    *("better", "against", "difference", "difference_low", "difference_high", "p_adjusted", "verdict", "declared"),
    *("requirement", "holds", "failed", "note", "signature"),
)
"""Names of the columns, the same in every language: other tools read them."""


def write_evaluation(folder: Path, result: EvaluationResult, *, html: bool, csv: bool, latex: bool) -> list[Path]:
    """Write what is asked for beside `results.json`, each file complete or not at all and for its owner alone.

    Parameters
    ----------
    folder : Path
        The folder of the run; the page takes cost and versions from its `run.json`, where there is one.
    html, csv, latex : bool
        Whether to write `report.html`, `table.csv` and `table.tex`.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    DataError
        If the folder cannot be written.
    MissingExtraError
        For the page without Jinja2.
    """
    written = []
    if html:
        written.append(folder / "report.html")
        write_page(written[-1], report_of(folder, result))
    if csv:
        written.append(folder / "table.csv")
        write_csv(written[-1], table_of(result))
    if latex:
        written.append(folder / "table.tex")
        write_private(written[-1], tex_of(result))
    return written


def table_of(result: EvaluationResult) -> Sheet:
    """Return one row per strategy and figure, numbers as they are in the result; a strategy that failed has one row."""
    found = {(one.strategy, one.metric): one for one in result.comparisons if one.against == result.against}
    rows = []
    for one in result.strategies:
        rules = {rule.metric: rule for rule in one.guardrails}
        for figure in one.figures:
            rule = rules.get(figure.metric)
            rows.append((
                *(one.name, one.title, one.origin, figure.metric, figure.value, figure.low, figure.high),
                *(figure.people, figure.excluded, figure.missing, figure.unit, figure.better),
                *_difference(found.get((one.name, figure.metric))),
                *(("", "") if rule is None else (rule.rule, "yes" if rule.holds else "no")),
                *(one.failed, result.verdict.watermark or figure.not_applicable, figure.signature),
            ))  # fmt: skip
        if not one.figures:
            known: dict[str, Cell] = {"strategy": one.name, "title": one.title, "origin": one.origin}
            known |= {"failed": one.failed, "note": result.verdict.watermark}
            rows.append(tuple(known.get(column, "") for column in _COLUMNS))
    return Sheet(_("Strategies"), _COLUMNS, tuple(rows))


def _difference(one: ComparisonResult | None) -> tuple[Cell, ...]:
    if one is None:
        return ("",) * 7
    chosen = "yes" if one.declared else "no"
    return one.against, one.difference, one.low, one.high, one.p_adjusted, one.verdict, chosen


def tex_of(result: EvaluationResult) -> str:
    """Return the table of strategies as a plain LaTeX `tabular`, every text escaped; it needs no package."""
    with speaking(result.language):
        unit = unit_of(metric_figure(result, result.primary))
        header = [_("strategy"), _("value, {unit}", unit=unit.name), _("likely"),
                  _("difference to {name}", name=title_of(result, result.against)), _("likely"), _("verdict"),
                  _("requirements")]  # fmt: skip
        found = {one.strategy: one for one in result.comparisons
                 if one.declared and one.metric == result.primary and one.against == result.against}  # fmt: skip
        rows = []
        for one in declared_strategies(result):
            figures, compared = figures_of(one), found.get(one.name)
            figure = figures.get(result.primary)
            verdict = VERDICTS["failed"] if one.failed else VERDICTS[compared.verdict] if compared else ""
            rows.append([
                one.title, figure_value(figure), figure_between(figure),
                unit.signed(compared.difference) if compared else "",
                unit.between(compared.low, compared.high, sign=True) if compared else "", _(verdict),
                "; ".join(guardrail_words(rule, figures.get(rule.metric)) for rule in one.guardrails),
            ])  # fmt: skip
        marks = [result.verdict.watermark] if result.verdict.watermark else []
        above = [*marks, _("{question} {answer}", question=result.question, answer=result.verdict.sentence),
                 primary_title(result)]  # fmt: skip
    lines = [rf"\multicolumn{{7}}{{p{{0.95\linewidth}}}}{{{_escaped(text)}}} \\" for text in above]
    lines += [r"\hline", _line(header), r"\hline", *(_line(row) for row in rows), r"\hline"]
    return "\n".join([r"\begin{tabular}{lrrrrll}", *lines, r"\end{tabular}", ""])


def _line(cells: list[str]) -> str:
    return " & ".join(_escaped(cell) for cell in cells) + r" \\"


_TEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "[": "{[}", "]": "{]}", "*": "{*}", "`": r"\textasciigrave{}",
    "\N{MINUS SIGN}": "$-$", "\N{EN DASH}": "--", "±": r"$\pm$", "\N{NARROW NO-BREAK SPACE}": r"\,",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``", "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
}  # fmt: skip


def _escaped(text: str) -> str:
    """Return a text that LaTeX sets as it is: no command, no cell, no row, no comment."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return "".join(_TEX.get(c, c) for c in " ".join(plain.split()))
