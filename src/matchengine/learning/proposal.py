"""From records to a change proposal: what was learned, how it did on people held out, whether it may be adopted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from matchengine.batch import BoolArray, FloatArray
from matchengine.i18n import N_, _, language, listing, ngettext
from matchengine.inference.offpolicy import effective_sample
from matchengine.learning.adoption import sealed
from matchengine.learning.before import history_of
from matchengine.learning.effects import MIN_CELL, exposure_gini, worst_group
from matchengine.learning.features import Table, reads_history, table_of, why_not
from matchengine.learning.gate import FEWEST_WORTH, Evidence, checks
from matchengine.learning.grades import Metric, declared, grades_of
from matchengine.learning.outcomes import calibration_of
from matchengine.learning.preferences import Said, Source, preferences_of
from matchengine.learning.propensity import seen_weights
from matchengine.learning.tuning import Trial, agreement, choose_tau, judge_means, list_worth, trials
from matchengine.learning.weights import Fit, Weights, fit, of_kind
from matchengine.records import Fingerprint
from matchengine.records.learning import (
    HeldOut,
    LearnedWeight,
    NotLearned,
    PreferenceCount,
    Shown,
    WeightProposal,
)
from matchengine.registry import MatchKind
from matchengine.scene import Scene

__all__ = ["learning_table", "propose"]

_DECIMALS = 6
_NOTHING = Weights({}, {})
_METHODS: Mapping[str, str] = {
    "bootstrap_by_cluster": N_("bootstrap over cohorts"),
    "t_by_cluster": N_("t over cohorts"),
    "t_dyadic": N_("t, for people who share candidates"),
    "bca": N_("bootstrap over people"),
    "t": N_("t over people"),
    "identical": N_("both are the same"),
    "descriptive": N_("too few to infer anything"),
}


def propose(
    scene: Scene,
    said: Said,
    fingerprint: Fingerprint,
    *,
    shown: Iterable[Shown] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
) -> WeightProposal:
    """Learn weights of one kind of match and say whether they may be adopted; nothing is changed.

    Parameters
    ----------
    said : Said
        Relationships, feedback, rankings, and the cohort of each person where it is known.
    shown : iterable of Shown
        How likely each candidate was to be shown, where the programme logged it.
    groups : mapping or None
        Groups of each person, from `effects.audit_groups` alone: what people allowed to be counted for that.

    Notes
    -----
    What the gate measures by is declared from counts alone (`grades.declared`). Scorers of history take part where
    everything compared has a date, each scored by what was known before (`before`); `said` has to hold that history.

    Which config it belongs to, every number in it and every sentence are sealed by a hash; a coordinator who adopts it
    signs with that hash (`adoption.adopt`).
    """
    sides = scene.kind.sides
    asking = {scene.pool.tables[sides.requesters].ids[row] for row in np.flatnonzero(_looking(scene)).tolist()}
    table = learning_table(scene, said, asking)
    judges = {each.judge for each in table.preferences} & asking
    cohorts = {each.cohort for each in table.preferences if each.cohort is not None}
    seen = seen_weights(table, shown)
    weights = table.weights if seen is None else seen
    worth = effective_sample(weights)
    common: dict[str, Any] = {
        "kind": scene.kind.name,
        "config": fingerprint.config,
        "counts": _counts(table),
        "judges": len(judges),
        "cohorts": len(cohorts),
        "left_out": table.unknown,
        "effective_size": round(worth, 1),
        "propensities": seen is not None,
        "measure": declared(len(table.graded.people), len(judges)),
        "graded": len(table.graded.people),
        "not_learned": _not_learned(scene.kind, table),
        "calibration": calibration_of(scene, said),
        "language": language(),
        "fingerprint": fingerprint,
    }
    evidence = Evidence(float(table.weights.sum()), len(judges), len(cohorts), worth if seen is not None else None)
    first = checks(evidence)
    learns = bool(table.preferences) and first[0].passed and (seen is None or worth >= FEWEST_WORTH)
    if not learns or not _learnable(table.kind):
        gate = first[:2] if not learns else (*first[:2], next(each for each in first if each.name == "changed"))
        return sealed(WeightProposal(**common, gate=gate, cautions=_cautions(said, None)))
    return _learned(scene, table, weights, said, groups or {}, common, evidence)


def learning_table(scene: Scene, said: Said, asking: Collection[str] | None = None) -> Table:
    """Return the table that weights of one kind of match are learned from; `asking` are all who look, where known."""
    kind = scene.kind
    if asking is None:
        ids = scene.pool.tables[kind.sides.requesters].ids
        asking = {ids[row] for row in np.flatnonzero(_looking(scene)).tolist()}
    found, grades = preferences_of(kind, said, asking), grades_of(kind, said, asking)
    history = None
    if any(why_not(scorer) and why_not(scorer, history=True) is None for scorer in kind.scorers):
        compared = {pair for each in found for pair in (each.better, each.worse)}
        history = history_of(kind, said, compared | {pair for of in grades.values() for pair in of})
    return table_of(scene, found, grades, history)


def _looking(scene: Scene) -> BoolArray:
    return scene.pool.members(scene.kind.sides.requesters, scene.kind.requester_role)


def _learned(
    scene: Scene,
    table: Table,
    weights: FloatArray,
    said: Said,
    groups: Mapping[str, Sequence[str]],
    common: Mapping[str, Any],
    evidence: Evidence,
) -> WeightProposal:
    tau = choose_tau(table, np.arange(len(table.preferences)), weights)
    learned = fit(table, tau, None, weights)
    tries = trials(table, weights)
    measure: Metric = common["measure"]
    tried = tries.get(measure)
    held_out, beside = (
        _held_out(table, learned.weights, weights, tries.get(name), name)
        for name in (measure, "pairwise_accuracy" if measure == "ndcg@5" else "ndcg@5")
    )
    worst = None
    if tried is not None:
        sides = [dict(zip(tried.judges, of.tolist(), strict=True)) for of in (tried.default, tried.learned)]
        lowest = [worst_group(of, groups) for of in sides]
        worst = None if lowest[0] is None or lowest[1] is None else _pair(lowest[0], lowest[1])
    even = exposure_gini(scene, (_NOTHING, learned.weights), _with_history(table))
    exposure = None if even is None else _pair(*even)
    told = _told(table.kind, learned)
    moved = any(each.default != each.learned for each in told)
    gate = checks(replace(evidence, held_out=held_out, worst_group=worst, exposure=exposure, changed=moved))
    return sealed(
        WeightProposal(
            **common,
            tau=tau,
            sharpness=round(learned.sharpness, _DECIMALS),
            weights=told,
            held_out=held_out,
            beside=beside,
            worst_group=worst,
            exposure=exposure,
            gate=gate,
            adoptable=all(each.passed is not False for each in gate),
            cautions=_cautions(said, held_out),
        )
    )


def _pair(one: float, other: float) -> tuple[float, float]:
    return round(one, _DECIMALS), round(other, _DECIMALS)


def _with_history(table: Table) -> bool:
    """Whether scorers of history took part in a table."""
    return any(reads_history(scorer.spec.inputs) for scorer in table.kind.scorers)


def _learnable(kind: MatchKind) -> bool:
    """Whether there is any choice: two blocks, or two scorers in one block."""
    return len({scorer.block for scorer in kind.scorers}) > 1 or len(kind.scorers) > 1


def _counts(table: Table) -> tuple[PreferenceCount, ...]:
    """What came from which source; nothing where a source has so few people that it could tell who said no."""
    counts = []
    for source in get_args(Source):
        own = [each for each in table.preferences if each.source == source]
        if 0 < len({each.judge for each in own}) < MIN_CELL:
            return ()
        weight = round(float(sum(each.weight for each in own)), _DECIMALS)
        counts.append(PreferenceCount(source=source, preferences=len(own), weight=weight))
    return tuple(counts)


def _not_learned(kind: MatchKind, table: Table) -> tuple[NotLearned, ...]:
    found = []
    history = _with_history(table)
    for scorer in kind.scorers:
        barred = why_not(scorer, history)
        if barred == ():
            told = _("what people wish to share is never learned from")
            found.append(NotLearned(name=scorer.name, why=told))
        elif barred and why_not(scorer, history=True) is None:
            told = _(
                "it reads history, and not everything that people compare has a date: nobody can say what was known"
            )
            found.append(NotLearned(name=scorer.name, why=told))
        elif barred is not None:
            told = _("it reads what is never learned from: {names}", names=listing(barred))
            found.append(NotLearned(name=scorer.name, why=told))
    alone = [b for b in kind.config.blocks if sum(each.block == b for each in table.kind.scorers) == 1]
    for scorer in table.kind.scorers:
        if scorer.block in alone:
            told = _("it is alone in its block, so only the weight of the block matters")
            found.append(NotLearned(name=scorer.name, why=told))
    return tuple(found)


def _told(kind: MatchKind, learned: Fit) -> tuple[LearnedWeight, ...]:
    default = of_kind(kind)
    made = []
    for block, weight in learned.weights.blocks.items():
        share = round(learned.shrinkage[f"blocks.{block}"], _DECIMALS)
        made.append(
            LearnedWeight(name=block, of="block", default=default.blocks[block], learned=weight, shrinkage=share)
        )
    block_of = {scorer.name: scorer.block or "" for scorer in kind.scorers}
    for name, weight in learned.weights.scorers.items():
        share = round(learned.shrinkage[f"scorers.{name}"], _DECIMALS)
        made.append(
            LearnedWeight(name=name, of=block_of[name], default=default.scorers[name], learned=weight, shrinkage=share)
        )
    return tuple(made)


def _held_out(
    table: Table, learned: Weights, weights: FloatArray, tried: Trial | None, measure: Metric
) -> HeldOut | None:
    if tried is None:
        return None
    from matchengine.inference.intervals import compare  # SciPy is read only when something is compared

    by_cohort = tried.by != "other_people"
    found = compare(left=tried.learned, right=tried.default, cluster=list(tried.clusters) if by_cohort else None)
    if measure == "ndcg@5":
        apparent = list_worth(table, learned).tolist()
    else:
        apparent = list(judge_means(table, agreement(table, learned), weights).values())
    numbers = (found.low, found.high, found.p_value)
    low, high, p_value = (None if np.isnan(value) else round(float(value), _DECIMALS) for value in numbers)
    return HeldOut(
        metric=measure,
        by=tried.by,
        default=round(float(tried.default.mean()), _DECIMALS),
        learned=round(float(tried.learned.mean()), _DECIMALS),
        apparent=round(float(np.mean(apparent)), _DECIMALS),
        difference=round(float(found.estimate), _DECIMALS),
        low=low,
        high=high,
        p_value=p_value,
        judges=len(tried.judges),
        clusters=len(set(tried.clusters)),
        method=_(_METHODS[found.method]),
    )


def _cautions(said: Said, held_out: HeldOut | None) -> tuple[str, ...]:
    """What no result of this kind can tell, the same for every programme, and what is missing in this one."""
    told = [
        _("Only pairs that were shown or matched have answers; nothing is known about all others."),
        _("Whoever gets a place takes it from somebody else, so a gain for each person alone may not be one for all."),
        _("Being content is not the same as getting on, and those who stay answer more often."),
    ]
    if not said.relationships and not said.feedback and not said.rankings:
        told.append(
            _(
                "Nothing was given to learn from. An engine keeps no ratings: hand over relationships, feedback or "
                "rankings each time."
            )
        )
    anonymous = sum(each.anonymous for each in said.feedback)
    if anonymous:
        told.append(
            ngettext(
                "{n} anonymous answer was not used: nobody knows whose it is.",
                "{n} anonymous answers were not used: nobody knows whose they are.",
                anonymous,
            )
        )
    if held_out is not None and held_out.by != "later_cohorts":
        told.append(_("Nothing was tried on later cohorts: programmes change, and weights may grow old."))
    if held_out is not None and held_out.by != "other_people":
        told.append(_("People who give in several cohorts are in what was learned from and in what it was tried on."))
    return tuple(told)
