"""One self-contained HTML page about a document: no script, no network, ready for print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchengine.errors import MissingExtraError
from matchengine.i18n import _, language, speaking
from matchengine.io.json_lines import write_private
from matchengine.records import Readiness, Record, Run
from matchengine.records.circles import GroupsPlan
from matchengine.records.evaluation import EvaluationResult
from matchengine.records.kpi import KpiReport
from matchengine.records.mixer import MixerSchedule
from matchengine.records.plan import PlanDocument
from matchengine.records.shadow import ShadowPrices
from matchengine.records.simulation import SimulationResult
from matchengine.records.swaps import SkillCircles, SwapLedger
from matchengine.report.evaluation_facts import EvaluationReport
from matchengine.report.evaluation_page import evaluation_page, evaluation_report_page
from matchengine.report.groups_page import groups_page
from matchengine.report.kpi_page import kpi_page
from matchengine.report.mixer_page import mixer_page
from matchengine.report.parts import Page
from matchengine.report.plan_page import plan_page
from matchengine.report.run_page import readiness_page, run_page
from matchengine.report.shadow_page import shadow_page
from matchengine.report.shapes import clean
from matchengine.report.simulation_page import simulation_page
from matchengine.report.skill_circles_page import skill_circles_page
from matchengine.report.swaps_page import swaps_page

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_page", "write_page"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do with the page: apply its styles and nothing else (SEC13)."""
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


_PAGES: dict[type[Record], Callable[[Any, Mapping[str, str]], Page]] = {
    Run: run_page,
    Readiness: readiness_page,
    PlanDocument: plan_page,
    SwapLedger: swaps_page,
    SkillCircles: skill_circles_page,
    GroupsPlan: groups_page,
    MixerSchedule: mixer_page,
    ShadowPrices: shadow_page,
    KpiReport: kpi_page,
    SimulationResult: simulation_page,
    EvaluationResult: evaluation_page,
    EvaluationReport: evaluation_report_page,
}
"""What makes a page out of each document."""


def render_page(document: Record, names: Mapping[str, str] | None = None) -> str:
    """Return the page as HTML that is well-formed XML too; equal documents give equal text.

    Parameters
    ----------
    document : Record
        One of those in `_PAGES`.
        One that names its language speaks it, another that of the context.
    names : mapping of id to str, optional
        Names to show beside the ids; by default the page holds ids alone.

    Raises
    ------
    MissingExtraError
        Without Jinja2.
    ConfigError
        When there are no sentences in the language of the document.
    """
    with speaking(getattr(document, "language", "") or language()):
        page = _PAGES[type(document)](document, names or {})
        values: dict[str, Any] = {
            "language": language(),
            "direction": "rtl" if language().split("-")[0] in _RIGHT_TO_LEFT else "ltr",
            "policy": POLICY,
            "page": page,
            "words": {"skip": _("Skip to the content"), "contents": _("Contents")},
        }
        return _environment().get_template("page.html.j2").render(values)


def write_page(path: Path, document: Record, names: Mapping[str, str] | None = None) -> None:
    """Write the page to a file that only its owner can read, in one step; see `render_page`.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    write_private(path, render_page(document, names))


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("page", _("The HTML page")) from error
    return Environment(
        loader=PackageLoader("matchengine.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
