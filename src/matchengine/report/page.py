"""One self-contained HTML page about a run or a readiness check: no script, no network, ready for print."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchengine.errors import MissingExtraError
from matchengine.i18n import _, language, speaking
from matchengine.io.json_lines import write_private
from matchengine.records import Readiness, Run
from matchengine.report.demand import balance_section, summary_section
from matchengine.report.guide import guide_section, origin_section
from matchengine.report.obstacles import obstacle_section
from matchengine.report.parts import Names, Section
from matchengine.report.people import people_section, person_anchors
from matchengine.report.shapes import clean
from matchengine.report.spread import exposure_section, scores_section

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_page", "write_page"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do with the page: apply its styles and nothing else (SEC13)."""
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def render_page(document: Run | Readiness, names: Mapping[str, str] | None = None) -> str:
    """Return the page as HTML that is well-formed XML too; equal documents give equal text.

    Parameters
    ----------
    document : Run or Readiness
        A run speaks its own language, a readiness report that of the context.
    names : mapping of id to str, optional
        Names to show beside the ids; by default the page holds ids alone.

    Raises
    ------
    MissingExtraError
        Without Jinja2.
    ConfigError
        When there are no sentences in the language of the run.
    """
    with speaking(document.language if isinstance(document, Run) else language()):
        run, readiness = (document, document.readiness) if isinstance(document, Run) else (None, document)
        who = Names(names or {}, person_anchors(run) if run else {})
        sections = _sections(run, readiness, who)
        values: dict[str, Any] = {
            "language": language(),
            "direction": "rtl" if language().split("-")[0] in _RIGHT_TO_LEFT else "ltr",
            "policy": POLICY,
            "title": _("Suggestions: {kind}", kind=document.kind) if run else _("Check: {kind}", kind=document.kind),
            "sides": _("For each {requester}, a {candidate}", requester=run.requester, candidate=run.candidate)
            if run
            else "",
            "day": run.fingerprint.as_of.isoformat() if run else "",
            "notice": _draft_notice() if run else _check_notice(),
            "sections": sections,
            "words": {"skip": _("Skip to the content"), "contents": _("Contents")},
        }
        return _environment().get_template("page.html.j2").render(values)


def write_page(path: Path, document: Run | Readiness, names: Mapping[str, str] | None = None) -> None:
    """Write the page to a file that only its owner can read, in one step; see `render_page`.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    write_private(path, render_page(document, names))


def _sections(run: Run | None, readiness: Readiness | None, who: Names) -> list[Section]:
    found = [
        summary_section(run, readiness),
        balance_section(readiness) if readiness else None,
        scores_section(run) if run else None,
        exposure_section(run, who) if run else None,
        obstacle_section(run, readiness, who),
        people_section(run, who) if run else None,
        guide_section(run, named=bool(who.names)),
        origin_section(run) if run else None,
    ]
    return [section for section in found if section is not None]


def _draft_notice() -> str:
    return _("Every suggestion here is a draft: nothing is agreed until the people themselves say yes.")


def _check_notice() -> str:
    return _("This is a check before matching: nothing has been suggested to anybody yet.")


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
