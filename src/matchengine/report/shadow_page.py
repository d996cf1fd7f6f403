"""The page of shadow prices: what one more place or one more candidate would bring, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchengine.i18n import _, ngettext
from matchengine.records.shadow import NewcomerPrice, SeatPrice, ShadowPrices
from matchengine.report.bars import amount_bars, parts_of_whole
from matchengine.report.guide import guide_of
from matchengine.report.parts import Cell, Chart, Charts, Figures, Names, Page, Points, Section, Table
from matchengine.report.shapes import count, difference, points

__all__ = ["shadow_page"]

_Price = SeatPrice | NewcomerPrice


def shadow_page(prices: ShadowPrices, names: Mapping[str, str]) -> Page:
    """Return the page of shadow prices."""
    who = Names(names, {})
    return Page(
        title=_("What would help most: {kind}", kind=prices.kind),
        notice=_("Every line here is one more draft that was computed. Nothing is decided, and nobody was asked."),
        sections=(_summary(prices), *_sections(prices, who), _guide(named=bool(names))),
    )


def _summary(prices: ShadowPrices) -> Section:
    without = max(0, prices.requesters - prices.served)
    figures = (
        (_("People looking"), count(prices.requesters), ""),
        (_("With somebody"), count(prices.served), ""),
        (_("Who got nobody"), count(without), ""),
    )
    rows = [(_("People looking"), (_("with somebody"), prices.served), (_("without"), without))]
    chart = Chart(_("How many have somebody today"), parts_of_whole("served", _("People with somebody"), rows))
    blocks: list[Figures | Points | Charts] = [Figures(figures)]
    if prices.summary:
        blocks.append(Points(prices.summary, _("What to look at first")))
    blocks.append(Charts("", (chart,), ()))
    lead = (_("Every draft here was decided by {method}.", method=prices.method),)
    return Section("summary", _("Summary"), tuple(blocks), lead)


def _sections(prices: ShadowPrices, names: Names) -> Sequence[Section]:
    seats = [(one.candidate_id, one) for one in prices.seats]
    told = (
        ("seats", _("One more place"), _("One more place with"), seats),
        ("newcomers", _("One more candidate"), _("One more candidate, with one place, who"), _worded(prices.newcomers)),
        ("together", _("Several properties at once"), _("One more candidate who"), _worded(prices.together)),
    )
    found = [
        _section(anchor, title, caption, rows, names if anchor == "seats" else None)
        for anchor, title, caption, rows in told
        if rows
    ]
    if not found:
        nothing = _("No further place and no further candidate that was tried would change anything.")
        return (Section("nothing", _("What would help"), (Points((nothing,)),)),)
    return found


def _worded(prices: Sequence[NewcomerPrice]) -> list[tuple[str, NewcomerPrice]]:
    return [(one.text, one) for one in prices]


def _section(anchor: str, title: str, caption: str, rows: Sequence[tuple[str, _Price]], names: Names | None) -> Section:
    served = [(label, float(one.served), _people(one.served)) for label, one in rows]
    gained = [(label, one.points, points(one.points, signed=True)) for label, one in rows]
    panels = [
        Chart(heading, amount_bars(f"{anchor}-{kind}", f"{caption}: {heading}", bars))
        for kind, heading, bars in (
            ("served", _("more people served"), served),
            ("points", _("more points of score in all"), gained),
        )
        if any(amount for _label, amount, _said in bars)
    ]
    told: tuple[tuple[Cell, ...], ...] = tuple(
        (names.who(label) if names else label, difference(one.served), points(one.points, signed=True))
        for label, one in rows
    )
    header = (_("one more"), _("more people served"), _("more points of score in all"))
    table = Table(_("{things} in numbers", things=title), header, told, frozenset({1, 2}), folded=True)
    return Section(anchor, title, (Charts(caption, tuple(panels), (table,)),))


def _people(more: int) -> str:
    return ngettext("{more} person", "{more} people", abs(more), more=difference(more))


def _guide(*, named: bool) -> Section:
    read = (
        _("Each bar compares the draft of today with one in which only this single thing is different."),
        _("What two changes bring together is not the sum of what each brings."),
        _("Nobody who looks is named: what helps is told, never for whom."),
    )
    limits = (_("Whether such a person can be found, or a mentor has time for one more. Ask them."),)
    return guide_of(read, limits, named=named)
