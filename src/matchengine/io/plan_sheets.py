"""The plan for everybody as plain sheets: summary, pairs, one sheet per side, who has nobody, and who decided what."""

from __future__ import annotations

from collections import Counter

from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.draft_words import ACTIONS
from matchengine.io.sheet_parts import (
    Cell,
    Figure,
    Match,
    Sheet,
    called,
    made_by,
    numbered,
    person_keys,
    please_note,
    side_keys,
    side_sheet,
    side_titles,
    summary_sheet,
    told,
    who,
    yes,
)
from matchengine.io.sheets import PAIR_COLUMNS, PLAN_COLUMNS
from matchengine.records.plan import NearOption, PlanDocument, PlannedPair, PlanSummary

__all__ = ["sheets_of_plan"]


def sheets_of_plan(plan: PlanDocument, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a plan; the second holds the pairs.

    Parameters
    ----------
    plan : PlanDocument
    contacts : ContactSheet, optional
        As for `sheets_of_run`.

    Returns
    -------
    list of Sheet
        Summary, pairs, one sheet per side, who has nobody, free places, alternates, what changed, and decisions. In the
        sheet of a side everybody of that side whom the plan names has a row.
    """
    looking, giving = side_titles(plan.requester, plan.candidate)
    best_first = sorted(plan.pairs, key=lambda pair: -pair.score)
    without = {side: [each.person_id for each in plan.unmatched if each.side == side] for side in _SIDES}
    requesters = {pair.requester_id for pair in plan.pairs} | set(without["requester"]) | set(plan.already)
    candidates = {pair.candidate_id for pair in plan.pairs} | set(without["candidate"]) | set(plan.places_left)
    to_requesters = [Match(one.requester_id, one.candidate_id, one.score, _reasons(one)) for one in best_first]
    to_candidates = [Match(one.candidate_id, one.requester_id, one.score, _reasons(one)) for one in best_first]
    return [
        _summary(plan),
        _pairs(plan, contacts),
        side_sheet(looking, sorted(requesters), to_requesters, contacts),
        side_sheet(giving, sorted(candidates), to_candidates, contacts),
        _without(plan, contacts),
        _places(plan, contacts),
        _alternates(plan, contacts),
        _moves(plan, contacts),
        _decisions(plan, contacts),
    ]


_SIDES = ("requester", "candidate")


def _summary(plan: PlanDocument) -> Sheet:
    numbers = plan.summary
    figures: list[Figure] = [
        (_("Kind of match"), plan.kind),
        (_("Status"), _("published") if plan.status == "published" else _("draft")),
        (_("As of"), plan.fingerprint.as_of),
        (_("Decided by"), plan.title or plan.method),
        (_("What holds for it"), plan.guarantee or None),
        (_("People looking"), numbers.requesters),
        (_("People or groups giving"), numbers.candidates),
        (_("Pairs"), numbers.pairs),
        (_("People with somebody"), numbers.matched),
        (_("People who got nobody"), numbers.requesters - numbers.matched),
        (_("Free places that are left"), numbers.places_left),
        *_worth(numbers),
        (_("Pairs about which too little is known"), numbers.too_little_known),
        (_("Pairs not chosen in which both would score higher"), numbers.blocking_pairs),
    ]
    if numbers.kept is not None:
        figures += [(_("Pairs that stay"), numbers.kept), (_("People whose pairs changed"), numbers.moved)]
    if plan.two_stage:
        figures.append((_("People who said whom they want"), plan.ranked))
    figures += [*numbered(N_("Finding {n}"), numbers.sentences), *numbered(N_("Note {n}"), plan.notes)]
    if not plan.reproducible:
        told_so = _("A clock stopped the search: the same run may decide otherwise.")
        figures.append((_("Not reproducible"), told_so))
    figures += [(_("Method"), plan.method), (_("Seed of the lottery"), plan.seed), *made_by(plan.fingerprint)]
    return summary_sheet([*figures, please_note()])


def _worth(numbers: PlanSummary) -> list[Figure]:
    return [
        (_("Score, mean over pairs"), numbers.mean),
        (_("Score, lowest of all pairs"), numbers.lowest),
        (_("Sum of all scores"), numbers.total),
        (_("Highest sum that is possible"), numbers.most_total),
    ]


def _pairs(plan: PlanDocument, contacts: ContactSheet | None) -> Sheet:
    """Return one row per pair with the columns of a list of suggestions, so that the importer knows it again."""
    header = (*side_keys("requester", contacts), *side_keys("candidate", contacts), *PAIR_COLUMNS, *PLAN_COLUMNS)
    seen: Counter[str] = Counter()
    ranks = {}
    for pair in sorted(plan.pairs, key=lambda one: -one.score):
        seen[pair.requester_id] += 1
        ranks[pair.requester_id, pair.candidate_id] = seen[pair.requester_id]
    rows = []
    for pair in plan.pairs:
        words = ", ".join(dict.fromkeys(word for reason in pair.reasons for word in reason.words))
        cells: tuple[Cell, ...] = (
            *(plan.kind, ranks[pair.requester_id, pair.candidate_id], pair.score, pair.confidence, pair.fit),
            *(_reasons(pair), words, "; ".join(pair.to_confirm), " ".join(pair.limits), None, plan.status),
            *(pair.standing, yes(pair.locked), pair.decided_by, pair.decision),
        )
        rows.append((*who(pair.requester_id, contacts), *who(pair.candidate_id, contacts), *cells))
    return Sheet(_("Pairs"), header, tuple(rows))


def _reasons(pair: PlannedPair) -> str:
    return " ".join(reason.text for reason in pair.reasons if reason.text)


def _without(plan: PlanDocument, contacts: ContactSheet | None) -> Sheet:
    titles = dict(zip(_SIDES, side_titles(plan.requester, plan.candidate), strict=True))
    header = (*person_keys(contacts), _("side"), _("why"), _("nearest options"), _("what would have to change"))
    rows: list[tuple[Cell, ...]] = [
        (
            *(*who(each.person_id, contacts), titles[each.side], told(each.why)),
            *("\n".join(_near(near, contacts) for near in each.nearest), told(each.changes)),
        )
        for each in plan.unmatched
    ]
    enough = _("Running matches take all their places: they look for nobody more.")
    rows += [(*who(person, contacts), titles["requester"], enough, None, None) for person in plan.already]
    return Sheet(_("Who got nobody"), header, tuple(rows))


def _near(near: NearOption, contacts: ContactSheet | None) -> str:
    way = " ".join(obstacle.text for obstacle in near.in_the_way)
    if near.score is None:
        return f"{called(near.other_id, contacts)}: {way}"
    return _("{who}, {points:.1f} points: {way}", who=called(near.other_id, contacts), points=near.score, way=way)


def _places(plan: PlanDocument, contacts: ContactSheet | None) -> Sheet:
    taken = Counter(pair.candidate_id for pair in plan.pairs)
    everybody = sorted({*taken, *plan.places_left})
    rows = tuple((*who(one, contacts), taken[one], plan.places_left.get(one, 0)) for one in everybody)
    return Sheet(_("Free places"), (*person_keys(contacts), _("number of pairs"), _("free places")), rows)


def _alternates(plan: PlanDocument, contacts: ContactSheet | None) -> Sheet:
    header = (*side_keys("requester", contacts), *side_keys("candidate", contacts), "score", "fit", _("place is free"))
    rows = tuple(
        (*who(one.requester_id, contacts), *who(one.candidate_id, contacts), one.score, one.fit, yes(one.free))
        for one in plan.alternates
    )
    return Sheet(_("Next best"), header, rows)


def _moves(plan: PlanDocument, contacts: ContactSheet | None) -> Sheet:
    def names(ids: tuple[str, ...]) -> str:
        return ", ".join(called(one, contacts) for one in ids)

    rows = tuple((*who(one.requester_id, contacts), names(one.before), names(one.now), one.why) for one in plan.moves)
    return Sheet(_("Changed"), (*person_keys(contacts), _("before"), _("now"), _("why")), rows)


def _decisions(plan: PlanDocument, contacts: ContactSheet | None) -> Sheet:
    about = tuple(key for side in ("requester", "candidate", "person") for key in side_keys(side, contacts))
    rows = tuple(
        (
            *(one.number, one.on, _(ACTIONS[one.action])),
            *(*who(one.requester_id, contacts), *who(one.candidate_id, contacts), *who(one.person_id, contacts)),
            *(one.by, one.why),
        )
        for one in plan.decisions
    )
    return Sheet(_("Decisions"), (_("number"), _("day"), _("what"), *about, _("by"), _("why")), rows)
