"""The plain words of a report: what a comparison means in every 100, and what it cannot tell (evaluation.md 3.7)."""

from __future__ import annotations

from matchengine.evaluation.measurements import MetricFacts
from matchengine.i18n import N_, _, ngettext
from matchengine.records.evaluation import ComparisonResult, GuardrailResult

__all__ = [
    "COUNT_WORDS",
    "LIGHT_WORDS",
    "METHODS",
    "comparison_sentence",
    "guardrail_sentence",
    "limits_of",
    "percent",
    "uneven_sentence",
]

METHODS = {
    "bootstrap_by_cluster": N_("drawing cohorts again and again (studentised bootstrap), sign-flip test"),
    "t_by_cluster": N_("t test over cohorts"),
    "t_dyadic": N_("t test that allows for people who share candidates"),
    "bca": N_("drawing people again and again (BCa bootstrap), sign-flip test"),
    "t": N_("t over people, sign-flip test"),
    "identical": N_("all values are the same"),
    "descriptive": N_("described only: too little for a test"),
}
"""What each way to an interval and a test is called."""
COUNT_WORDS = {
    "requesters": N_("people who ask"),
    "candidates": N_("candidates"),
    "eligible_pairs": N_("eligible pairs"),
    "outcomes": N_("outcomes read"),
    "outcomes_of_unknown_people": N_("outcomes of people who are not in the records"),
    "outcomes_ruled_out": N_("outcomes of pairs that a rule forbids"),
    "known_pairs": N_("eligible pairs with a known outcome"),
    "relevant_pairs": N_("eligible pairs with a good outcome"),
    "judged_people": N_("people who can be judged"),
}
"""What the data gate counts."""
LIGHT_WORDS = {
    "green": N_("better"),
    "amber": N_("practically the same"),
    "grey": N_("we cannot tell"),
    "red": N_("not to be relied on"),
}


_TOLD = {
    "same": N_(
        "{left} and {right} are practically the same: any difference in {metric} is smaller than your margin of "
        "{margin} in 100 (likely between {low} and {high})."
    ),
    "cannot_tell": N_(
        "We cannot tell whether {left} or {right} is better. The difference in {metric} may lie between {low} and "
        "{high} in 100."
    ),
    "better": N_("{left} is better than {right}: {metric} differs by {size} in 100 (likely between {near} and {far})."),
    "worse": N_("{left} is worse than {right}: {metric} differs by {size} in 100 (likely between {near} and {far})."),
}
_MORE_PEOPLE = N_(
    "{left} put a suitable match near the top of the list for {size} more people in every 100 than {right} (likely "
    "between {near} and {far})."
)
_FEWER_PEOPLE = N_(
    "{left} put a suitable match near the top of the list for {size} fewer people in every 100 than {right} (likely "
    "between {near} and {far})."
)
_BEYOND = N_("This is larger than the {margin} you said matter.")
_WITHIN = N_("It may be smaller than the {margin} you said matter.")
_HOLDS = N_("{strategy}: {metric} is {value}, and the requirement {rule} holds.")
_FAILED = N_("{strategy}: {metric} is {value}, and the requirement {rule} failed, so it is not recommended as it is.")


def percent(share: float | None) -> str:
    """Return a share in points of a hundred: whole ones, with a decimal below ten."""
    if share is None:
        return "–"
    points = 100 * share
    return f"{points:.0f}" if abs(points) >= 9.95 else f"{points:.1f}"


def comparison_sentence(result: ComparisonResult, left: str, right: str, facts: MetricFacts) -> str:
    """Return one comparison in plain words; `left` and `right` are what the strategies are called."""
    if result.difference is None or result.low is None or result.high is None:
        told = N_("Nothing can be said of {left} against {right}: too few people or clusters ({n} people).")
        return _(told, left=left, right=right, n=result.people)
    down, up = percent(result.low), percent(result.high)
    given = {"left": left, "right": right, "metric": f"“{facts.title}”", "margin": percent(result.margin)}
    given |= {"low": down, "high": up, "size": percent(abs(result.difference))}
    told = _TOLD[result.verdict]
    if result.verdict in ("same", "cannot_tell"):
        more = _still_needed(result) if result.verdict == "cannot_tell" else ""
        return f"{_(told, **given)} {more}".strip()
    near, far = (result.low, result.high) if result.verdict == "better" else (-result.high, -result.low)
    given |= {"near": percent(near), "far": percent(far)}
    if facts.name.startswith("success") and facts.level == "person":
        told = _MORE_PEOPLE if result.verdict == "better" else _FEWER_PEOPLE
    size = _BEYOND if result.beyond_margin else _WITHIN
    return f"{_(told, **given)} {_(size, **given)}"


def _still_needed(result: ComparisonResult) -> str:
    if result.more_clusters is not None:
        return ngettext("About {n} more cohort would be needed.", "About {n} more cohorts would be needed.",
                        result.more_clusters, n=result.more_clusters)  # fmt: skip
    if result.more_people is not None:
        return ngettext("About {n} more person would be needed.", "About {n} more people would be needed.",
                        result.more_people, n=result.more_people)  # fmt: skip
    return _("No number of people that we can name would be enough.")


def guardrail_sentence(result: GuardrailResult, strategy: str, title: str) -> str:
    """Return what became of a declared requirement."""
    if result.value is None:
        return _("{strategy}: {metric} could not be measured, so the requirement {rule} is not shown to hold.",
                 strategy=strategy, metric=title, rule=result.rule)  # fmt: skip
    told = _HOLDS if result.holds else _FAILED
    return _(told, strategy=strategy, metric=title, value=f"{result.value:.3g}", rule=result.rule)


def limits_of(*, people: int, clusters: int | None, outcomes_share: float, synthetic: bool) -> tuple[str, ...]:
    """Return what an evaluation cannot tell: printed on every report, whatever it found."""
    found = [
        _("Whether people will get on, or be helped: it tells which strategy finds the matches that turned out well "
          "before, not what a new match would do."),
        _("What would have become of pairs that nobody was ever shown. Outcomes are known of {share:.0%} of the "
          "eligible pairs.", share=outcomes_share),
        _("Whether it holds elsewhere: these are {n} people of one programme.", n=people),
        _("Whether anybody is treated fairly beyond the attributes that people let us count."),
    ]  # fmt: skip
    if clusters is not None and clusters < 10:
        found.append(ngettext("How cohorts differ: there is {n} of them.", "How cohorts differ: there are {n} of them.",
                              clusters, n=clusters))  # fmt: skip
    if people < 200:
        found.append(_("Small improvements: effects of programmes are small, and so few people cannot show them."))
    if synthetic:
        told = N_("Anything about real people: this is synthetic. The order need not be the same on real data.")
        found.insert(0, _(told))
    return tuple(found)


def uneven_sentence(most: str, known: float, least: str, fewer: float) -> str:
    """Return why two strategies do not compare as they stand: outcomes are known of different shares."""
    told = N_(
        "How good the candidates are of whom nothing is known: outcomes are known of {known:.0%} of the first "
        "candidates of {most} and of {fewer:.0%} of those of {least}. Whoever suggests people that nobody was matched "
        "with before looks worse than they may be."
    )
    return _(told, known=known, most=most, fewer=fewer, least=least)
