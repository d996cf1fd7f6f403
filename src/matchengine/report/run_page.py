"""The pages of a run and of a readiness check: which sections they have, and what stands above them."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.i18n import _
from matchengine.records import Readiness, Run
from matchengine.report.demand import balance_section, summary_section
from matchengine.report.guide import guide_section, origin_section
from matchengine.report.obstacles import obstacle_section
from matchengine.report.parts import Names, Page, Section
from matchengine.report.people import people_section, person_anchors
from matchengine.report.spread import exposure_section, scores_section

__all__ = ["readiness_page", "run_page"]


def run_page(run: Run, names: Mapping[str, str]) -> Page:
    """Return the page of a run."""
    return Page(
        title=_("Suggestions: {kind}", kind=run.kind),
        sides=_("For each {requester}, a {candidate}", requester=run.requester, candidate=run.candidate),
        day=run.fingerprint.as_of.isoformat(),
        notice=_("Every suggestion here is a draft: nothing is agreed until the people themselves say yes."),
        sections=_sections(run, run.readiness, Names(names, person_anchors(run))),
    )


def readiness_page(readiness: Readiness, names: Mapping[str, str]) -> Page:
    """Return the page of a readiness check."""
    return Page(
        title=_("Check: {kind}", kind=readiness.kind),
        notice=_("This is a check before matching: nothing has been suggested to anybody yet."),
        sections=_sections(None, readiness, Names(names, {})),
    )


def _sections(run: Run | None, readiness: Readiness | None, who: Names) -> tuple[Section, ...]:
    found = [
        summary_section(run, readiness),
        balance_section(readiness) if readiness else None,
        scores_section(run) if run else None,
        exposure_section(run, who) if run else None,
        obstacle_section(run, readiness, who),
        people_section(run, who) if run else None,
        guide_section(run, named=bool(who.names)),
        origin_section(run.fingerprint) if run else None,
    ]
    return tuple(section for section in found if section is not None)
