"""The page of a round of swaps: each exchange drawn, with its gains and dates; and who stays as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from matchengine.i18n import _, ngettext
from matchengine.io.draft_words import OBJECTIVES
from matchengine.records.swaps import SkillCircles, SwapLedger
from matchengine.report.bars import amount_bars, parts_of_whole
from matchengine.report.guide import guide_of, origin_section
from matchengine.report.parts import (
    Chart,
    Charts,
    Entries,
    Figures,
    Names,
    Page,
    Points,
    Section,
    Table,
)
from matchengine.report.shapes import count, points
from matchengine.report.swap_cards import exchange_entry, moving

__all__ = ["best_possible", "swaps_page"]


def swaps_page(ledger: SwapLedger, names: Mapping[str, str]) -> Page:
    """Return the page of a round of swaps."""
    who = Names(names, {})
    found = [
        _summary(ledger),
        _exchanges(ledger, who),
        _without(ledger, who),
        _preferred(ledger),
        _record(ledger),
        _guide(named=bool(names)),
        origin_section(ledger.fingerprint, _("What made this draft")) if ledger.fingerprint else None,
    ]
    return Page(
        title=_("Swaps: {name}", name=ledger.name),
        sides=_("kind of match: {kind}", kind=ledger.kind),
        day=ledger.today.isoformat(),
        notice=_("Every exchange here is a draft: nothing is settled before everybody in it agrees."),
        sections=tuple(section for section in found if section is not None),
    )


def best_possible(found: SwapLedger | SkillCircles) -> str:
    """Return how near the choice is to the best possible one, in a sentence."""
    chosen = _("Chosen for: {what}.", what=_(OBJECTIVES[found.objective]))
    if found.objective == "ttc":
        return chosen
    if found.bound is None or found.gap is None:
        return chosen + " " + _("How near this is to the best possible choice is not known.")
    if found.proven:
        return chosen + " " + _("This is proven to be the best possible choice.")
    return chosen + " " + _("No choice can be better than this one by more than {gap:.1%}.", gap=found.gap)


def _summary(ledger: SwapLedger) -> Section:
    left = sum(one.person_id is not None for one in ledger.unswapped)
    moves = [move for swap in ledger.standing for move in swap.moves]
    figures = [
        (_("Mentorings that were asked"), count(ledger.asked), ""),
        (
            _("Mentees in an exchange"),
            count(ledger.swapped),
            ngettext("{n} exchange", "{n} exchanges", len(ledger.standing)),
        ),
        (_("Mentorings that stay as they are"), count(left), ""),
    ]
    if moves:
        least = min(move.gain for move in moves)
        mean = sum(move.gain for move in moves) / len(moves)
        lowest = _("lowest: {points}", points=points(least))
        figures.append((_("Gain of a mentee, on average"), points(mean), lowest))
    rows = [(_("Mentorings that were asked"), (_("in an exchange"), ledger.swapped), (_("stay as they are"), left))]
    charts = [Chart(_("How many exchange"), parts_of_whole("swapped", _("Mentees in an exchange"), rows))]
    if moves:
        gains = sorted(((move.person_id, move.gain, points(move.gain)) for move in moves), key=lambda m: (-m[1], m[0]))
        drawing = amount_bars("gains", _("Gain of each mentee, of 100"), gains, 100)
        charts.append(Chart(_("What each mentee would gain, of 100"), drawing))
    blocks: list[Figures | Charts | Points] = [Figures(tuple(figures)), Charts("", tuple(charts), ())]
    for heading, texts in ((_("Before you go on"), ledger.advice), (_("How much is known"), ledger.caution)):
        if texts:
            blocks.append(Points(texts, heading))
    clock = () if ledger.reproducible else (_("A clock stopped the search: another run may choose otherwise."),)
    return Section("summary", _("Summary"), tuple(blocks), (best_possible(ledger), *clock))


def _exchanges(ledger: SwapLedger, names: Names) -> Section | None:
    if not ledger.exchanges:
        return None
    entries = tuple(exchange_entry(number, swap, names) for number, swap in enumerate(ledger.exchanges, 1))
    lead = (
        _("Square boxes are mentors. A round box on an arrow is a mentee who goes from one mentor to the other."),
        _("Everybody in an exchange takes part, or nobody does."),
    )
    return Section("exchanges", _("Exchanges"), (Entries(entries),), lead)


def _without(ledger: SwapLedger, names: Names) -> Section | None:
    if not ledger.unswapped:
        return None
    reasons = Counter(one.text for one in ledger.unswapped)
    bars = [
        (text, float(number), count(number)) for text, number in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))
    ]
    chart = Chart(_("Why they are in no exchange"), amount_bars("left", _("Reasons, by how many"), bars))
    rows = tuple(
        (
            names.who(one.person_id) if one.person_id else _("(free place)"),
            names.who(one.mentor_id),
            one.text,
        )
        for one in ledger.unswapped
    )
    table = Table(_("Everybody in no exchange"), (_("mentee"), _("mentor"), _("why")), rows)
    return Section("without", _("Who is in no exchange, and why"), (Charts("", (chart,), ()), table))


def _preferred(ledger: SwapLedger) -> Section | None:
    if ledger.blocking_known and not ledger.blocking:
        return None
    lead = _("All in these exchanges would gain more than now. They are not in the draft; you may choose otherwise.")
    if not ledger.blocking_known:
        lead = _("The round is too large to look for exchanges that people would prefer.")
    rows = tuple((moving(one.pairs), ", ".join(map(points, one.gains))) for one in ledger.blocking)
    table = Table(_("Exchanges that all in them would prefer"), (_("exchange"), _("gains in this order")), rows)
    return Section("preferred", _("What others would prefer"), (table,) if rows else (), (lead,))


def _record(ledger: SwapLedger) -> Section | None:
    if not ledger.decisions:
        return None
    rows = tuple((one.on.isoformat(), one.text) for one in ledger.decisions)
    return Section("record", _("Decisions"), (Table(_("The record of decisions"), (_("day"), _("what")), rows),))


def _guide(*, named: bool) -> Section:
    read = (
        _("A gain runs from 0 to 100: what another mentor adds for a time, less the price of the interruption."),
        _("This page is for coordinators. Hand each person their own part alone."),
        _("Who said no, and why, is told to nobody."),
    )
    limits = (
        _("Whether two people will like each other. Only a first talk can tell."),
        _("Anything that people did not say, or did not allow to be used."),
        _("Whether a swap does the first mentoring good. Ask both sides, before and afterwards."),
    )
    return guide_of(read, limits, named=named)
