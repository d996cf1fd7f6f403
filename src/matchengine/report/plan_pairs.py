"""The section of pairs: an overview, then one card per person who looks, with every reason."""

from __future__ import annotations

from collections import defaultdict

from matchengine.i18n import _
from matchengine.io.draft_words import STANDINGS
from matchengine.records.plan import PlanDocument, PlannedPair
from matchengine.report.charts import contributions
from matchengine.report.parts import Card, Cell, Names, People, Points, Section, Suggested, Table
from matchengine.report.people import card_words, reason_words, shared_limits
from matchengine.report.score_charts import FITS
from matchengine.report.shapes import points

__all__ = ["pair_anchors", "pairs_section"]


def pair_anchors(plan: PlanDocument) -> dict[str, str]:
    """Return the anchor of the card of each requester with a pair; anchors are numbers, for ids are data."""
    everybody = dict.fromkeys(pair.requester_id for pair in plan.pairs)
    return {person_id: f"p{number}" for number, person_id in enumerate(everybody, 1)}


def pairs_section(plan: PlanDocument, names: Names) -> Section | None:
    """Return all pairs in a table, and one card per requester; None without any pair."""
    if not plan.pairs:
        return None
    header = (_("person"), _("with"), _("score"), _("fit"), _("known"), _("decided"))
    rows = tuple(_row(plan, pair, names) for pair in plan.pairs)
    shared = shared_limits([pair.limits for pair in plan.pairs])
    most = max((abs(r.contribution or 0) for pair in plan.pairs for r in pair.reasons), default=0.0)
    of_person: dict[str, list[PlannedPair]] = defaultdict(list)
    for pair in plan.pairs:
        of_person[pair.requester_id].append(pair)
    cards = tuple(_card(pairs, names, (most, shared)) for pairs in of_person.values())
    lead = (
        _("Bars to the right speak for a pair, bars to the left against it, compared with an average pair."),
        _("All bars have the same scale, in points of the score."),
    )
    blocks: list[Table | Points | People] = [
        Table(_("Everybody with somebody"), header, rows, frozenset({2, 4}), heading=_("Overview"))
    ]
    if shared:
        blocks.append(Points(shared, _("Not known for any of these pairs")))
    return Section("pairs", _("Pairs"), (*blocks, People(cards, card_words())), lead)


def _row(plan: PlanDocument, pair: PlannedPair, names: Names) -> tuple[Cell, ...]:
    decided = [_("by a coordinator (decision {n})", n=pair.decision)] if pair.decided_by == "coordinator" else []
    decided += [_("locked")] if pair.locked else []
    decided += [_(STANDINGS[pair.standing])] if plan.summary.kept is not None else []
    who = names.who(pair.requester_id), names.who(pair.candidate_id)
    told = ", ".join(decided) or _("by the method")
    return (*who, points(pair.score), _(FITS[pair.fit]), _known(pair), told)


def _card(pairs: list[PlannedPair], names: Names, page: tuple[float, tuple[str, ...]]) -> Card:
    who, (most, shared) = names.who(pairs[0].requester_id), page
    best_first = sorted(pairs, key=lambda pair: -pair.score)
    told = tuple(
        Suggested(
            rank=place,
            candidate=names.who(pair.candidate_id),
            fit=pair.fit,
            fit_words=_(FITS[pair.fit]),
            verdict=_("{score} points, {known} known", score=points(pair.score), known=_known(pair)),
            drawing=contributions(f"{who.anchor}-{place}", _("What the score is made of"), pair.reasons, most),
            reasons=tuple(said for reason in pair.reasons if (said := reason_words(reason))[1] or said[2]),
            to_confirm=pair.to_confirm,
            limits=tuple(limit for limit in pair.limits if limit not in shared),
        )
        for place, pair in enumerate(best_first, 1)
    )
    return Card(who, told)


def _known(pair: PlannedPair) -> str:
    return _("{n} %", n=round(100 * pair.confidence))
