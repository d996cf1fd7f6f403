"""What became of matches in which the two expected different things: repaired, or ended (domain.md S2-19)."""

from __future__ import annotations

from matchengine.i18n import _
from matchengine.journey.mismatch import Said, became, findings
from matchengine.learning.kpi.cells import figure
from matchengine.learning.kpi.estimates import share_of
from matchengine.learning.kpi.inputs import WAVE_DAYS, Window
from matchengine.records.kpi import KpiTable

__all__ = ["repair"]

_DAYS = tuple(sorted(day for day in WAVE_DAYS.values() if day))


def repair(window: Window) -> KpiTable:
    """Return the shares of matches with a low rating at any pulse that a later pulse, or completion, found repaired.

    Matches of which nobody can tell yet are missing. Answers alone count: logs of meetings are not read here.
    """
    said = Said.of(window.records.feedback, ())
    found, mentors, open_yet = [], [], 0
    for tie in window.records.relationships:
        if tie.kind not in window.kinds or tie.status == "proposed":
            continue
        end = became(tie, findings(tie, said, window.today, _DAYS))
        if end == "open":
            open_yet += 1
        elif end is not None:
            found.append(end == "repaired")
            mentors.append(tie.other_id)
    label = _("matches with a mismatch that was repaired")
    other = _("matches with a mismatch that ended")
    least = window.min_cell
    return KpiTable(
        key="repair",
        title=_("After a mismatch"),
        counts=_("matches"),
        rows=(
            figure("repair.repaired", label, "share", share_of(found, mentors), least, open_yet),
            figure("repair.ended", other, "share", share_of([not one for one in found], mentors), least, open_yet),
        ),
        notes=(
            _("A mismatch is a rating of 2 or less of 5 at a pulse, by either side, or ratings 2 apart."),
            _("That a match ended after a mismatch is no failure: a better one may have followed."),
        ),
    )
