"""What would help a programme most, as plain sheets: summary, and one row per thing that was tried."""

from __future__ import annotations

from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.sheet_parts import Cell, Figure, Sheet, numbered, side_keys, summary_sheet, who
from matchengine.records.shadow import NewcomerPrice, ShadowPrices

__all__ = ["sheets_of_shadow"]


def sheets_of_shadow(prices: ShadowPrices, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of shadow prices; the second holds all of them.

    Parameters
    ----------
    prices : ShadowPrices
    contacts : ContactSheet, optional
        As for `sheets_of_run`.
    """
    order = _("more people served") if prices.by == "served" else _("more points of score in all")
    figures: list[Figure] = [
        (_("Kind of match"), prices.kind),
        (_("Decided by"), prices.method),
        (_("People looking"), prices.requesters),
        (_("People with somebody"), prices.served),
        (_("Ordered by"), order),
        *numbered(N_("Finding {n}"), prices.summary),
    ]
    return [summary_sheet(figures), _prices(prices, contacts)]


def _prices(prices: ShadowPrices, contacts: ContactSheet | None) -> Sheet:
    header = (
        *(_("one more"), *side_keys("candidate", contacts), _("who or what"), _("skill"), _("language"), _("time")),
        *(_("more people served"), _("more points of score in all")),
    )
    rows: list[tuple[Cell, ...]] = [
        (_("one more place"), *who(one.candidate_id, contacts), None, None, None, None, one.served, one.points)
        for one in prices.seats
    ]
    rows += [_newcomer(_("candidate"), one, contacts) for one in prices.newcomers]
    rows += [_newcomer(_("candidate with several properties"), one, contacts) for one in prices.together]
    return Sheet(_("What would help"), header, tuple(rows))


def _newcomer(kind: str, one: NewcomerPrice, contacts: ContactSheet | None) -> tuple[Cell, ...]:
    nobody = who(None, contacts)
    return (kind, *nobody, one.text, one.skill, one.language, one.slot, one.served, one.points)
