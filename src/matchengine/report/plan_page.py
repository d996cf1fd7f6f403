"""The page of a plan: what it reaches and costs, who is with whom and why, who has nobody, and who decided what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from matchengine.i18n import _, listing, ngettext
from matchengine.io.draft_words import ACTIONS
from matchengine.records.plan import Decision, NearOption, PlanDocument, PlanSummary, Unmatched
from matchengine.report.bars import amount_bars, parts_of_whole
from matchengine.report.charts import exposure_bars
from matchengine.report.guide import guide_of, origin_section
from matchengine.report.obstacles import change_texts
from matchengine.report.parts import Block, Cell, Chart, Charts, Figures, Names, Page, Points, Section, Table
from matchengine.report.plan_pairs import pair_anchors, pairs_section
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
        _without(plan, who),
        _next_best(plan, who),
        _record(plan, who),
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
        (_("Without anybody"), count(without), ""),
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


def _without(plan: PlanDocument, names: Names) -> Section | None:
    looking = [one for one in plan.unmatched if one.side == "requester"]
    giving = [one for one in plan.unmatched if one.side == "candidate"]
    blocks: list[Table | Points] = []
    for people, caption in ((looking, _("People without anybody")), (giving, _("Free, and nobody with them"))):
        if people:
            header = (_("person"), _("what is in the way"), _("nearest options"), _("what would have to change"))
            blocks.append(Table(caption, header, tuple(_unmatched(one, names) for one in people), heading=caption))
    if plan.already:
        told = _("Running matches take all places of {ids}.", ids=listing(plan.already))
        blocks.append(Points((told,), _("Look for nobody more")))
    return Section("without", _("Who has nobody, and why"), tuple(blocks)) if blocks else None


def _unmatched(one: Unmatched, names: Names) -> tuple[Cell, ...]:
    why = tuple(obstacle.text or obstacle.rule for obstacle in one.why)
    near = tuple(_near(option, names) for option in one.nearest)
    return names.who(one.person_id), why, near, change_texts(one.changes)


def _near(option: NearOption, names: Names) -> str:
    way = " ".join(obstacle.text for obstacle in option.in_the_way)
    who = " ".join(part for part in (option.other_id, names.names.get(option.other_id, "")) if part)
    if option.score is None:
        return f"{who}: {way}"
    return _("{who}, {points} points: {way}", who=who, points=points(option.score), way=way)


def _next_best(plan: PlanDocument, names: Names) -> Section | None:
    if not plan.alternates:
        return None
    rows = tuple(
        (
            *(names.who(one.requester_id), names.who(one.candidate_id), points(one.score), _(FITS[one.fit])),
            _("yes") if one.free else _("no"),
        )
        for one in plan.alternates
    )
    header = (_("person"), _("next best"), _("score"), _("fit"), _("place is free"))
    table = Table(_("Next best for each person"), header, rows, frozenset({2}), folded=True)
    lead = (_("For a pair that says no. Every one of them is allowed by all rules."),)
    return Section("next-best", _("Next best"), (table,), lead)


def _record(plan: PlanDocument, names: Names) -> Section | None:
    blocks = []
    if plan.moves:
        rows = tuple((names.who(one.requester_id), one.before, one.now, one.why) for one in plan.moves)
        header = (_("person"), _("before"), _("now"), _("why"))
        blocks.append(Table(_("What changed since the last solution"), header, rows, heading=_("Changed")))
    if plan.decisions:
        record = tuple(_decision(one) for one in plan.decisions)
        columns = (_("decision"), _("day"), _("what"), _("about"), _("by"), _("why"))
        blocks.append(Table(_("The record of decisions"), columns, record, heading=_("Decisions")))
    return Section("record", _("Who decided what"), tuple(blocks)) if blocks else None


def _decision(one: Decision) -> tuple[Cell, ...]:
    about = " : ".join(who for who in (one.requester_id, one.candidate_id, one.person_id) if who)
    return str(one.number), one.on.isoformat(), _(ACTIONS[one.action]), about, one.by, one.why


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
