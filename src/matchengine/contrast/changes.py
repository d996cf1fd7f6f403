"""What stands in the way of a pair, and what would change it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchengine.batch import FloatArray
from matchengine.contrast.case import Case, points
from matchengine.i18n import N_, _, listing
from matchengine.matching.combine import combine
from matchengine.matching.constrain import may_tell, passes
from matchengine.records import Change, Obstacle
from matchengine.records.vocabulary import Viewer
from matchengine.registry import ActiveConstraint

__all__ = ["PERSONAL", "changes_of_rules", "changes_of_score", "lag", "obstacles"]

PERSONAL = N_("a personal boundary")
_STEPS = 64
_MOST = 2
"""Single improvements named; more would read as a demand."""


def obstacles(case: Case) -> list[Obstacle]:
    """Return the rules that forbid a pair, as a coordinator reads them: all personal ones as one, without direction."""
    found = {
        "personal_boundary" if c.spec.personal else c.spec.name: PERSONAL if c.spec.personal else c.spec.reason
        for c in case.vetoes
    }
    return [Obstacle(rule=rule, text=_sentence(_(reason))) for rule, reason in found.items()]


def changes_of_rules(case: Case, viewer: Viewer) -> list[Change]:
    """Return, for a pair that rules forbid, what would lift each of them; nothing about personal ones."""
    found = []
    for constraint in case.vetoes:
        spec = constraint.spec
        if spec.personal or not may_tell(constraint, viewer):
            continue
        if spec.remedy:
            text = _("What would help with “{reason}”: {remedy}.", reason=_(spec.reason), remedy=_(spec.remedy))
            found.append(Change(about=(spec.name,), text=text))
        looser = _looser(case, constraint) if viewer == "coordinator" else None
        if looser is not None:
            setting, value = looser
            eased = N_("The rule {rule} with {setting} = {value} would let the pair pass.")
            told = _(eased, rule=spec.name, setting=setting, value=value)
            found.append(Change(about=(spec.name,), text=told))
    if viewer == "coordinator" and case.vetoes and not any(c.spec.personal for c in case.vetoes):
        rules = tuple(c.spec.name for c in case.vetoes)
        told = _(
            "Without the rules in the way it would have {points:.1f} of 100 points, place {place} of {all}.",
            points=100 * float(points(case.scored[1])[0]),
            place=case.place,
            all=len(case.others.total) + 1,
        )
        found.append(Change(about=rules, text=told))
    return found


def _looser(case: Case, constraint: ActiveConstraint) -> tuple[str, object] | None:
    """Return the first looser setting with which a constraint lets the pair pass."""
    for setting, values in constraint.spec.looser.items():
        now = constraint.settings[setting]
        later = values[values.index(now) + 1 :] if now in values else values
        for value in later:
            eased = replace(constraint, settings={**constraint.settings, setting: value})
            if passes(eased, case.inputs)[0]:
                return setting, value
    return None


def lag(case: Case, k: int) -> tuple[str, float] | None:
    """Return by which scorer, and by how much in all, a pair is behind the k-th; None where it is not behind.

    The scorer is the one whose contribution is furthest behind that of the k-th pair; the points are 0 to 100.
    """
    if case.place <= k or len(case.others.total) < k:
        return None
    own, kth = case.scored[1], case.others
    gap = 100 * float(points(kth)[k - 1] - points(own)[0])
    if gap <= 0:  # too little known: it stands behind pairs with fewer points
        return None
    behind = kth.contributions[k - 1] - own.contributions[0]
    return _(case.scene.kind.scorers[int(np.argmax(behind))].spec.title), gap


def changes_of_score(case: Case, viewer: Viewer, k: int) -> list[Change]:
    """Return what would bring a pair that is behind among the first k: one scorer's value at a time."""
    raw, own = case.scored
    if not own.informed[0]:
        sure = raw.confidences[0]
        core = [n for n, scorer in enumerate(case.scene.kind.scorers) if scorer.block is not None]
        least = [case.scene.kind.scorers[n] for n in core if sure[n] <= min(sure[core])]  # 0 where a scorer is silent
        titles = listing([_(scorer.spec.title) for scorer in least])
        return [Change(about=tuple(s.name for s in least), text=_("Ask for more about {titles}.", titles=titles))]
    if lag(case, k) is None:
        return []
    goal = float(points(case.others)[k - 1])
    reached = sorted(
        (level - now, column, now, level)
        for column, now in enumerate(np.nan_to_num(raw.values[0]).tolist())
        if case.scene.kind.scorers[column].block is not None
        and (level := _level_needed(case, column, now, goal)) is not None
    )
    found = []
    for _gain, column, now, level in reached[:_MOST]:
        scorer = case.scene.kind.scorers[column]
        title = _(scorer.spec.title)
        if viewer == "coordinator":
            told = _(
                "It would be among the first {k} if {title} were at {level:.0f} of 100 instead of {now:.0f}.",
                k=k,
                title=title,
                level=100 * level,
                now=100 * now,
            )
        else:
            told = _("It would be further up if {title} suited better.", title=title)
        found.append(Change(about=(scorer.name,), text=told))
    if not found:
        found = [Change(about=(), text=_("No single part of the score could bring it further up."))]
    return found


def _level_needed(case: Case, column: int, now: float, goal: float) -> float | None:
    """Return the least value of one scorer, surely known if it abstained, that gives the pair `goal` points."""
    raw, _own = case.scored
    levels: FloatArray = np.linspace(now, 1, _STEPS)
    values = np.repeat(raw.values, _STEPS, axis=0)
    sure = np.repeat(raw.confidences, _STEPS, axis=0)
    if np.isnan(values[0, column]):
        sure[:, column] = 1
    values[:, column] = levels
    enough = np.flatnonzero(points(combine(case.scene.kind, values, sure, case.scene.neutral)) >= goal)
    return float(levels[enough[0]]) if len(enough) else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
