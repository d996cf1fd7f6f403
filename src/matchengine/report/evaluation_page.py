"""The page of an evaluation: the answer first, then what it cannot tell, then everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import _, listing
from matchengine.records.evaluation import EvaluationResult
from matchengine.report.evaluation_facts import EvaluationReport
from matchengine.report.evaluation_method import method_section
from matchengine.report.evaluation_parts import (
    answer_section,
    differences_section,
    limits_section,
    people_section,
    strategies_section,
)
from matchengine.report.evaluation_rest import candidates_section, cases_section, groups_section, scorers_section
from matchengine.report.evaluation_words import declared_strategies
from matchengine.report.parts import Page

__all__ = ["evaluation_page", "evaluation_report_page"]


def evaluation_page(result: EvaluationResult, names: Mapping[str, str]) -> Page:
    """Return the page of a result without facts of the run; names are not read, for no person stands on it."""
    return evaluation_report_page(EvaluationReport.model_construct(result=result), names)


def evaluation_report_page(report: EvaluationReport, names: Mapping[str, str]) -> Page:
    """Return the page of an evaluation with cost and facts of its run, where they are known."""
    result = report.result
    found = [
        answer_section(result),
        limits_section(result),
        strategies_section(result, report.seconds),
        differences_section(result),
        people_section(result),
        candidates_section(result),
        groups_section(result),
        scorers_section(result),
        cases_section(result),
        method_section(report),
    ]
    title = result.question or _("Comparison of strategies")
    mark, titles = result.verdict.watermark, [one.title for one in declared_strategies(result)]
    return Page(
        title=_("Not evidence. {title}", title=title) if mark else title,
        sides=_("Compared: {names}", names=listing(titles)) if titles else "",
        notice=_("{mark} Do not decide anything by this page.", mark=mark)
        if mark
        else _("This page compares strategies on what became of earlier matches. No figure on it is about one person."),
        sections=tuple(section for section in found if section is not None),
    )
