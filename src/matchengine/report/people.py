"""The section of suggestions: an overview, then one card per person with every reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from matchengine.i18n import N_, _
from matchengine.records import Reason, Run, Suggestion
from matchengine.report.charts import contributions
from matchengine.report.obstacles import change_texts, stuck_people
from matchengine.report.parts import Card, Names, People, Points, Section, Suggested, Table
from matchengine.report.score_charts import FITS
from matchengine.report.shapes import points

__all__ = ["card_words", "people_section", "person_anchors", "reason_words", "shared_limits"]

_SIDES = {
    ("for", "strong"): N_("speaks strongly for the pair"),
    ("for", "some"): N_("speaks for the pair"),
    ("for", "slight"): N_("speaks slightly for the pair"),
    ("against", "strong"): N_("speaks strongly against the pair"),
    ("against", "some"): N_("speaks against the pair"),
    ("against", "slight"): N_("speaks slightly against the pair"),
}


def person_anchors(run: Run) -> dict[str, str]:
    """Return the anchor of each requester's card; anchors are numbers, for ids are data."""
    everybody = dict.fromkeys([*run.requester_ids, *(draft.suggestion.requester_id for draft in run.drafts)])
    return {person_id: f"p{number}" for number, person_id in enumerate(everybody, 1)}


def people_section(run: Run, names: Names) -> Section | None:
    """Return one card per requester, also for those without any suggestion; None without any requester."""
    lists: dict[str, list[Suggestion]] = defaultdict(list)
    for draft in run.drafts:
        lists[draft.suggestion.requester_id].append(draft.suggestion)
    if not names.anchors:
        return None
    shared = shared_limits([draft.suggestion.limits for draft in run.drafts])
    most = max((abs(r.contribution or 0) for d in run.drafts for r in d.suggestion.reasons), default=0.0)
    cards = tuple(_card(run, person_id, lists[person_id], names, (most, shared)) for person_id in names.anchors)
    lead = (
        _("Bars to the right speak for a pair, bars to the left against it, compared with an average pair."),
        _("All bars have the same scale, in points of the score."),
    )
    blocks: list[Table | Points | People] = [_overview(lists, names)]
    if shared:
        blocks.append(Points(shared, _("Not known for any of these suggestions")))
    return Section("people", _("Suggestions for each person"), (*blocks, People(cards, card_words())), lead)


def card_words() -> dict[str, str]:
    """Return the words that stand on each card."""
    return {
        "in_common": _("Words in common:"),
        "to_confirm": _("To confirm in a talk"),
        "limits": _("What the score does not know"),
    }


def _overview(lists: dict[str, list[Suggestion]], names: Names) -> Table:
    header = (_("person"), _("first suggestion"), _("score"), _("fit"), _("known"), _("suggestions"))
    rows = []
    for person_id in names.anchors:
        best = min(lists[person_id], key=lambda s: s.rank, default=None)
        told = (
            (_("nobody"), "", "", "")
            if best is None
            else (names.who(best.candidate_id), points(best.score), _(FITS[best.fit]), _known(best))
        )
        rows.append((names.who(person_id), *told, str(len(lists[person_id]))))
    return Table(_("Everybody who looks"), header, tuple(rows), frozenset({2, 4, 5}), heading=_("Overview"))


def _card(
    run: Run, person_id: str, suggestions: list[Suggestion], names: Names, page: tuple[float, tuple[str, ...]]
) -> Card:
    who = names.who(person_id)
    if suggestions:
        told = tuple(_suggested(s, f"{who.anchor}-{n}", names, page) for n, s in enumerate(suggestions, 1))
        return Card(who, told)
    one = stuck_people(run, run.readiness).get(person_id)
    why = () if one is None else (*(o.text or o.rule for o in one.why), *change_texts(one.changes))
    return Card(who, (), (_("No suggestion."), *why))


def _suggested(suggestion: Suggestion, name: str, names: Names, page: tuple[float, tuple[str, ...]]) -> Suggested:
    most, shared = page
    score = _(
        "{score} points, {known} known; {neutral} would be an average pair",
        score=points(suggestion.score),
        known=_known(suggestion),
        neutral=points(suggestion.neutral),
    )
    return Suggested(
        rank=suggestion.rank,
        candidate=names.who(suggestion.candidate_id),
        fit=suggestion.fit,
        fit_words=_(FITS[suggestion.fit]),
        verdict=score,
        drawing=contributions(name, _("What the score is made of"), suggestion.reasons, most),
        reasons=tuple(told for reason in suggestion.reasons if (told := reason_words(reason))[1] or told[2]),
        to_confirm=suggestion.to_confirm,
        limits=tuple(limit for limit in suggestion.limits if limit not in shared),
    )


def reason_words(reason: Reason) -> tuple[str, str, str]:
    """Return title, sentence and shared words; where points are not told, the direction stands in words."""
    side = _SIDES.get((reason.direction, reason.strength), "") if reason.contribution is None else ""
    text = reason.text or (_(side) if side else "")
    return reason.title or reason.scorer, text, ", ".join(reason.words)


def _known(suggestion: Suggestion) -> str:
    return _("{n} %", n=round(100 * suggestion.confidence))


def shared_limits(limits: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what no score of a page knows, to be said once instead of on every card."""
    if len(limits) < 2:
        return ()
    told = Counter(limit for of_pair in limits for limit in dict.fromkeys(of_pair))
    return tuple(limit for limit, number in told.items() if number == len(limits))
