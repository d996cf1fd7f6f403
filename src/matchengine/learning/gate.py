"""Whether learned weights may replace the configured ones (domain.md G3, adoption gate). Every check in words.

A check passes, fails, or is not measured. Only failing stops an adoption; what was not measured is said, and the person
who signs answers for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchengine.i18n import N_, _
from matchengine.learning.history import FEWEST_CLUSTERS
from matchengine.records.learning import GateCheck, HeldOut

__all__ = ["FEWEST_JUDGES", "FEWEST_PREFERENCES", "FEWEST_WORTH", "MOST_GINI", "MOST_LOSS", "Evidence", "checks"]

FEWEST_PREFERENCES, FEWEST_JUDGES = 150, 40
"""Preferences, by what they count, and people who look and said something, below which the weights stay (G3)."""
FEWEST_WORTH = 50.0
"""Effective sample size below which weighting by propensities estimates nothing (G3)."""
MOST_LOSS, MOST_GINI = 0.01, 0.02
"""How much the worst-off group may lose, and how much less even attention may become (G3)."""
_NOISE = 1e-9
_SAYS: Mapping[str, tuple[str, str, str]] = {
    "pairwise_accuracy": (
        N_(
            "On people held out, learned weights get {gain:.1f} more of every 100 preferences right (likely between "
            "{low:.1f} and {high:.1f})."
        ),
        N_(
            "On people held out, learned weights get {loss:.1f} fewer of every 100 preferences right (likely between "
            "{low:.1f} and {high:.1f})."
        ),
        N_(
            "We cannot tell whether learned weights are better: of every 100 preferences the difference is likely "
            "between {low:.1f} and {high:.1f}."
        ),
    ),
    "ndcg@5": (
        N_(
            "On people held out, lists by learned weights come {gain:.1f} of 100 nearer to the best order (likely "
            "between {low:.1f} and {high:.1f})."
        ),
        N_(
            "On people held out, lists by learned weights come {loss:.1f} of 100 less near to the best order (likely "
            "between {low:.1f} and {high:.1f})."
        ),
        N_(
            "We cannot tell whether learned weights are better: of 100, the difference in how near lists come to the "
            "best order is likely between {low:.1f} and {high:.1f}."
        ),
    ),
}
"""Better, worse, cannot tell, by the measure."""
_WORST: Mapping[str, str] = {
    "pairwise_accuracy": N_(
        "In the group that fares worst, {before:.1f} of every 100 preferences are met now and {after:.1f} would be; it "
        "may lose {most:.0f}."
    ),
    "ndcg@5": N_(
        "In the group that fares worst, lists come to {before:.1f} of 100 of the best order now and would come to "
        "{after:.1f}; it may lose {most:.0f}."
    ),
}


@dataclass(frozen=True)
class Evidence:
    """What the gate looks at.

    Attributes
    ----------
    preferences : float
        What all preferences count together.
    judges, cohorts : int
    effective_size : float or None
        Under logged propensities; None without.
    held_out : HeldOut or None
    worst_group, exposure : (float, float) or None
        With the configured and with the learned weights; None where not measured.
    changed : bool
        Whether any weight differs.
    """

    preferences: float
    judges: int
    cohorts: int = 0
    effective_size: float | None = None
    held_out: HeldOut | None = None
    worst_group: tuple[float, float] | None = None
    exposure: tuple[float, float] | None = None
    changed: bool = False


def checks(seen: Evidence) -> tuple[GateCheck, ...]:
    """Return every check, in the order in which they are read; only the first where the data do not suffice."""
    enough = _enough(seen)
    if not enough.passed:
        return (enough,)
    shown = _shown(seen)
    if shown.passed is False:
        return (enough, shown)
    return (enough, shown, _cohorts(seen), _changed(seen), _better(seen), _worst(seen), _exposure(seen))


def _enough(seen: Evidence) -> GateCheck:
    passed = seen.preferences >= FEWEST_PREFERENCES - _NOISE and seen.judges >= FEWEST_JUDGES
    told = N_("{n} preferences of {judges} people who look; at least {least} of {people} are needed")
    said = _(told, n=int(seen.preferences + _NOISE), judges=seen.judges, least=FEWEST_PREFERENCES, people=FEWEST_JUDGES)
    more = _("Enough was said: {fact}.", fact=said)
    return GateCheck(
        name="enough",
        passed=passed,
        text=more if passed else _("Too little was said, so the weights stay as they are: {fact}.", fact=said),
    )


def _shown(seen: Evidence) -> GateCheck:
    if seen.effective_size is None:
        told = _(
            "Nobody logged how likely each candidate was to be shown, so who was shown first may have decided part of "
            "what people said."
        )
        return GateCheck(name="shown", passed=None, text=told)
    passed = seen.effective_size >= FEWEST_WORTH
    told = _(
        "Weighted by how likely each candidate was to be shown, the preferences are worth {n:.0f}; at least "
        "{least:.0f} are needed.",
        n=seen.effective_size,
        least=FEWEST_WORTH,
    )
    return GateCheck(name="shown", passed=passed, text=told)


def _cohorts(seen: Evidence) -> GateCheck:
    passed = seen.held_out is not None and seen.held_out.by != "other_people"
    if passed:
        told = _("The weights were tried on cohorts from which nothing was learned.")
    else:
        told = _(
            "Cohorts known: {n}; at least {least} are needed to try weights on cohorts from which nothing was learned.",
            n=seen.cohorts,
            least=FEWEST_CLUSTERS,
        )
    return GateCheck(name="cohorts", passed=passed, text=told)


def _changed(seen: Evidence) -> GateCheck:
    told = _("At least one weight would change.") if seen.changed else _("No weight would change.")
    return GateCheck(name="changed", passed=seen.changed, text=told)


def _better(seen: Evidence) -> GateCheck:
    found = seen.held_out
    if found is None or found.low is None or found.high is None:
        told = _("We cannot tell whether learned weights are better: too few people or cohorts could be held out.")
        return GateCheck(name="better", passed=False, text=told)
    if found.low == found.high == 0:
        told = _("On people held out, learned weights order candidates exactly as the weights now do.")
        return GateCheck(name="better", passed=False, text=told)
    gain, low, high = (100 * value for value in (found.difference, found.low, found.high))
    told = _SAYS[found.metric][0 if found.low > 0 else 1 if found.high < 0 else 2]
    return GateCheck(name="better", passed=found.low > 0, text=_(told, gain=gain, loss=-gain, low=low, high=high))


def _worst(seen: Evidence) -> GateCheck:
    if seen.worst_group is None:
        told = _(
            "How groups of people would fare was not measured: too few people allowed their answers to be counted for "
            "that."
        )
        return GateCheck(name="worst_group", passed=None, text=told)
    before, after = seen.worst_group
    passed = after >= before - MOST_LOSS - _NOISE
    told = _WORST["pairwise_accuracy" if seen.held_out is None else seen.held_out.metric]
    return GateCheck(
        name="worst_group", passed=passed, text=_(told, before=100 * before, after=100 * after, most=100 * MOST_LOSS)
    )


def _exposure(seen: Evidence) -> GateCheck:
    if seen.exposure is None:
        told = _("How evenly attention would be shared was not measured: nobody looks, or nobody can be suggested.")
        return GateCheck(name="exposure", passed=None, text=told)
    before, after = seen.exposure
    passed = after <= before + MOST_GINI + _NOISE
    told = N_(
        "Attention among those who can be suggested is uneven by {before:.0f} of 100 now and would be by {after:.0f} "
        "(0 is the same for everybody); it may rise by {most:.0f}."
    )
    return GateCheck(
        name="exposure", passed=passed, text=_(told, before=100 * before, after=100 * after, most=100 * MOST_GINI)
    )
