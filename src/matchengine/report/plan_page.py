"""The page of a plan: what it reaches and costs, who is with whom and why, who has nobody, and who decided what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from matchengine.i18n import _, ngettext
from matchengine.records.plan import PlanDocument, PlanSummary
from matchengine.report.bars import amount_bars, parts_of_whole
from matchengine.report.charts import exposure_bars
from matchengine.report.guide import guide_of, origin_section
from matchengine.report.parts import Block, Chart, Charts, Figures, Names, Page, Points, Section, Table
from matchengine.report.plan_pairs import pair_anchors, pairs_section
from matchengine.report.plan_rest import next_best_section, record_section, without_section
from matchengine.report.score_charts import FITS, histogram, score_and_known
from matchengine.report.shapes import Svg, count, points

__all__ = ["plan_page"]


def plan_page(plan: PlanDocument, names: Mapping[str, str]) -> Page:
    """Return the page of a plan."""
    who = Names(names, pair_anchors(plan))
    published = plan.status == "published"
    found = [
        _summary(plan),
        _scores(plan),
        _load(plan, who),
        pairs_section(plan, who),
        without_section(plan, who),
        next_best_section(plan, who),
        record_section(plan, who),
        _guide(named=bool(names)),
        origin_section(plan.fingerprint, _("What made this plan")),
    ]
    return Page(
        title=_("Plan: {kind}", kind=plan.kind) if published else _("Draft for everybody: {kind}", kind=plan.kind),
        sides=_("For each {requester}, a {candidate}", requester=plan.requester, candidate=plan.candidate),
        day=plan.fingerprint.as_of.isoformat(),
        notice=_("This plan is published. A pair begins when both people say yes.")
        if published
        else _("Every pair here is a draft: nothing is agreed until the people themselves say yes."),
        sections=tuple(section for section in found if section is not None),
    )


def _summary(plan: PlanDocument) -> Section:
    numbers = plan.summary
    without = numbers.requesters - numbers.matched
    figures = [
        (_("People looking"), count(numbers.requesters), plan.requester),
        (_("With somebody"), count(numbers.matched), ngettext("{n} pair", "{n} pairs", numbers.pairs)),
        (_("Who got nobody"), count(without), ""),
        (_("Free places that are left"), count(numbers.places_left), plan.candidate),
        *_worth(numbers),
    ]
    if numbers.kept is not None:
        moved = _("people whose pairs changed: {n}", n=count(numbers.moved or 0))
        figures.append((_("Pairs that stay"), count(numbers.kept), moved))
    charts = [
        Chart(
            _("How many have somebody"),
            parts_of_whole(
                "served",
                _("People with somebody, and places taken"),
                [
                    (_("People looking"), (_("with somebody"), numbers.matched), (_("without"), max(0, without))),
                    (_("Places"), (_("taken"), numbers.pairs), (_("free"), numbers.places_left)),
                ],
            ),
        )
    ]
    if numbers.total is not None and numbers.most_total is not None:
        charts.append(Chart(_("What this way of deciding costs"), _cost(numbers.total, numbers.most_total)))
    decided = (_("Decided by {method}: {title}.", method=plan.method, title=plan.title.rstrip(".")), plan.guarantee)
    blocks: list[Block] = [Figures(tuple(figures)), *_findings(plan), Charts("", tuple(charts), ())]
    return Section("summary", _("Summary"), tuple(blocks), tuple(text for text in decided if text))


def _findings(plan: PlanDocument) -> Iterable[Points]:
    clock = () if plan.reproducible else (_("A clock stopped the search: the same run may decide otherwise."),)
    if plan.summary.sentences:
        yield Points(plan.summary.sentences, _("What to look at first"))
    if plan.notes or clock:
        yield Points((*plan.notes, *clock), _("Please note"))


def _worth(numbers: PlanSummary) -> list[tuple[str, str, str]]:
    if numbers.mean is None or numbers.lowest is None:
        return []
    lowest = _("lowest: {points}", points=points(numbers.lowest))
    found = [(_("Score of a pair, on average"), points(numbers.mean), lowest)]
    if numbers.total is not None and numbers.most_total:
        cost = _("{n} %", n=points(100 * (1 - numbers.total / numbers.most_total)))
        found.append((_("Points given up against the highest sum"), cost, ""))
    return found


def _cost(total: float, most: float) -> Svg:
    rows = [
        (_("Sum of all scores in this plan"), total, points(total)),
        (_("Highest sum of any plan under the same demands"), most, points(most)),
    ]
    return amount_bars("cost", _("Sum of scores, and the highest possible"), rows)


def _scores(plan: PlanDocument) -> Section | None:
    if not plan.pairs:
        return None
    scores, fits = [pair.score for pair in plan.pairs], [pair.fit for pair in plan.pairs]
    known = [(pair.score, pair.confidence, pair.fit) for pair in plan.pairs]
    panels = (
        Chart(_("Scores of the pairs"), histogram("pairs-scores", _("Scores of the pairs"), scores, fits)),
        Chart(_("Score, and how much is known"), score_and_known("known", _("Score and known share"), known)),
    )
    tally = Counter(fits)
    rows = tuple((_(words), count(tally[fit])) for fit, words in FITS.items())
    table = Table(_("Scores in numbers"), (_("fit"), _("pairs")), rows, frozenset({1}), folded=True)
    lead = (_("A score compares a pair with an average one. It is no grade for a person."),)
    return Section("scores", _("Scores"), (Charts("", panels, (table,)),), lead)


def _load(plan: PlanDocument, names: Names) -> Section | None:
    taken = Counter(pair.candidate_id for pair in plan.pairs)
    everybody = sorted({*taken, *plan.places_left}, key=lambda one: (-taken[one], plan.places_left.get(one, 0), one))
    if not everybody:
        return None
    rows = [(one, taken[one], taken[one] + plan.places_left.get(one, 0)) for one in everybody]
    drawing = exposure_bars("load", _("Pairs and places of each"), rows, (_("Pairs"), _("Places")))
    told = tuple((names.who(one), count(pairs), count(places - pairs)) for one, pairs, places in rows)
    header = (_("candidate"), _("pairs"), _("free places"))
    table = Table(_("Load in numbers"), header, told, frozenset({1, 2}), folded=True)
    idle = sum(not taken[one] for one in everybody)
    lead = (_("With nobody in this plan: {n} of {total}.", n=count(idle), total=count(len(everybody))),)
    charts = Charts("", (Chart(_("Most taken"), drawing),), (table,))
    return Section("load", _("Who takes how many"), (charts,), lead)


def _guide(*, named: bool) -> Section:
    read = (
        _("A score runs from 0 to 100. It adds up what both sides said; above the average pair, more speaks for it."),
        _("“Known” is the share of the needed answers that were there. The less is known, the less a score says."),
        _("“Too little known” is not a poor fit. Ask first, then match again."),
        _("Personal rules are counted together and never explained, so that nobody is exposed."),
    )
    limits = (
        _("Whether two people will like each other. Only a first talk can tell."),
        _("Anything that people did not say, or did not allow to be used."),
        _("Whether somebody deserves a place. A person without anybody is not a weaker person."),
    )
    return guide_of(read, limits, named=named)
