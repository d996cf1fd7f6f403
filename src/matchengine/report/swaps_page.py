"""The page of a round of swaps: each exchange drawn, with its gains and dates; and who stays as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from matchengine.i18n import N_, _, listing, ngettext
from matchengine.io.draft_words import GAIN_PARTS, OBJECTIVES, SWAP_STATES
from matchengine.records.skill_circles import SkillCircles
from matchengine.records.swaps import PlannedSwap, SwapLedger, SwapMove
from matchengine.report.bars import amount_bars, parts_of_whole
from matchengine.report.guide import guide_of, origin_section
from matchengine.report.parts import (
    Cell,
    Chart,
    Charts,
    Entries,
    Entry,
    Figures,
    Names,
    Page,
    Points,
    Section,
    Table,
)
from matchengine.report.rings import chain, ring
from matchengine.report.shapes import Svg, count, points

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
    entries = tuple(_exchange(number, swap, names) for number, swap in enumerate(ledger.exchanges, 1))
    lead = (
        _("Square boxes are mentors. A round box on an arrow is a mentee who goes from one mentor to the other."),
        _("Everybody in an exchange takes part, or nobody does."),
    )
    return Section("exchanges", _("Exchanges"), (Entries(entries),), lead)


def _exchange(number: int, swap: PlannedSwap, names: Names) -> Entry:
    shape = _(N_("circle of {n}") if swap.kind == "cycle" else N_("chain of {n}"), n=len(swap.moves))
    title = _("Exchange {number}, a {shape}: {state}", number=number, shape=shape, state=_(SWAP_STATES[swap.state]))
    if swap.state == "declined":
        return Entry(f"exchange-{number}", title)
    told = _(
        "From {starts} to {ends}; everybody returns on {day}. Yes from all by {by}. "
        "Chance that nobody drops out: {chance:.0%}.",
        starts=swap.starts,
        ends=swap.ends,
        day=swap.returns_on,
        by=swap.accept_by,
        chance=swap.completion,
    )
    if swap.resting_mentor:
        told += " " + _("{mentor} has nobody for this period.", mentor=swap.resting_mentor)
    if swap.accepted_by:
        told += " " + _("Said yes: {who}.", who=listing(swap.accepted_by))
    header = (_("mentee"), _("from"), _("to"), _("gain"), _("asked for"), _("what the gain is made of"))
    rows = tuple(_move(move, names) for move in swap.moves)
    table = Table(_("Who goes where"), header, rows, frozenset({3, 4}))
    name = f"exchange-{number}"
    return Entry(name, title, told, _drawing(f"{name}-d", swap), table, _notes(swap))


def _move(move: SwapMove, names: Names) -> tuple[Cell, ...]:
    parts = tuple(
        _("{part} {value:.0f} (counts {share:.0%}): {text}", part=title, value=part.value, share=part.weight, text=text)
        for part in move.parts
        for title, text in ((_(GAIN_PARTS[part.part]), part.text),)
    )
    who = names.who(move.person_id), names.who(move.from_mentor), names.who(move.to_mentor)
    return (*who, points(move.gain), points(move.floor), parts)


def _drawing(name: str, swap: PlannedSwap) -> Svg:
    moves = _in_order(swap.moves)
    stations = [move.from_mentor for move in moves]
    links = [(move.person_id, _("gain {points}", points=points(move.gain))) for move in moves]
    title = _("Who goes to whom")
    if swap.kind == "cycle":
        return ring(name, title, stations, links)
    return chain(name, title, [*stations, moves[-1].to_mentor], links)


def _in_order(moves: Sequence[SwapMove]) -> list[SwapMove]:
    """Return the moves so that each goes to the mentor from whom the next one comes, as far as they are linked."""
    leaving = {move.from_mentor: move for move in moves}
    taking = {move.to_mentor for move in moves}
    at = next((move for move in moves if move.from_mentor not in taking), moves[0])
    found: dict[str, SwapMove] = {}
    while at.person_id not in found:
        found[at.person_id] = at
        at = leaving.get(at.to_mentor, at)
    return [*found.values(), *(move for move in moves if move.person_id not in found)]


def _notes(swap: PlannedSwap) -> tuple[tuple[str, tuple[str, ...]], ...]:
    dates = (
        (swap.mid_check, _("ask both sides how it goes")),
        (swap.feedback_on, _("ask both sides how it was")),
        (swap.anchor_check, _("ask whether the first mentoring goes on")),
    )
    to_do = (*swap.checklist, *(f"{day.isoformat()}: {what}" for day, what in dates))
    others = tuple(
        _("Next best with {who}: {pairs}", who=other.person_id, pairs=_moving(other.pairs))
        for other in swap.alternatives
    )
    notes = (
        (_("For the mentees"), _each((move.person_id, (move.explanation,)) for move in swap.moves)),
        (_("For the mentors"), _each((move.to_mentor, move.mentor_should_know) for move in swap.moves)),
        (_("To confirm in a talk"), _each((move.person_id, move.to_confirm) for move in swap.moves)),
        (_("To do"), to_do),
        (_("The way back"), swap.return_plan),
        (_("If somebody says no"), others),
    )
    return tuple((heading, texts) for heading, texts in notes if texts)


def _each(texts: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Return what is told to each person after their id."""
    return tuple(f"{person}: {' '.join(filter(None, told))}" for person, told in texts if any(told))


def _moving(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(_("{mentee} to {mentor}", mentee=mentee, mentor=mentor) for mentee, mentor in pairs)


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
    rows = tuple((_moving(one.pairs), ", ".join(map(points, one.gains))) for one in ledger.blocking)
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
