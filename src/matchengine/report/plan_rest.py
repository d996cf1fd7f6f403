"""The sections of a plan beside its pairs: who has nobody, who comes next, and who decided what."""

from __future__ import annotations

from matchengine.i18n import _, listing
from matchengine.io.draft_words import ACTIONS
from matchengine.records.plan import Decision, NearOption, PlanDocument, Unmatched
from matchengine.report.obstacles import change_texts
from matchengine.report.parts import Cell, Names, Points, Section, Table
from matchengine.report.score_charts import FITS
from matchengine.report.shapes import points

__all__ = ["next_best_section", "record_section", "without_section"]


def without_section(plan: PlanDocument, names: Names) -> Section | None:
    """Return who has nobody, with reasons, nearest options and what would help; None where everybody is served."""
    looking = [one for one in plan.unmatched if one.side == "requester"]
    giving = [one for one in plan.unmatched if one.side == "candidate"]
    blocks: list[Table | Points] = []
    for people, caption in ((looking, _("People who got nobody")), (giving, _("Free, and nobody with them"))):
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


def next_best_section(plan: PlanDocument, names: Names) -> Section | None:
    """Return the next best candidates of each person; None without any."""
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


def record_section(plan: PlanDocument, names: Names) -> Section | None:
    """Return what changed and who decided what; None where nothing is recorded."""
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
