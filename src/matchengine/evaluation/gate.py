"""What has to be in order before any result: leakage, power, the declaration, the cost that is to be expected."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from matchengine.errors import DataError, MatchEngineError
from matchengine.evaluation.comparing import rounded
from matchengine.evaluation.config import ENGINE, EvaluationConfig
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.leakage import find_leaks
from matchengine.evaluation.nodes import key_of, write_atomically
from matchengine.evaluation.plan import Step
from matchengine.evaluation.records_task import GATHERINGS
from matchengine.i18n import N_, _
from matchengine.inference import design_effect, minimum_detectable
from matchengine.records.evaluation import DataGate, PowerStatement

__all__ = ["GateError", "check_declaration", "data_gate", "inputs_read", "power_statement", "refuse_unsound"]

_SPREAD, _ICC = 0.3, 0.05
"""Assumed standard deviation of a person's difference and likeness within cohorts, before any result is known."""
_KEYS = {
    "metrics.primary": N_("the primary metric"),
    "compare": N_("margin, error, family or the strategy compared with"),
    "strategies": N_("the strategies"),
    "relevance": N_("who counts as a good match"),
    "split": N_("how people are split"),
    "question": N_("the question"),
    "guardrails": N_("the requirements"),
}


class GateError(DataError):
    """The data do not pass: nothing is measured, so nobody sees a figure that rests on the answer itself."""


def refuse_unsound(gate: DataGate) -> None:
    """Stop before anything is measured where the data do not pass.

    Raises
    ------
    GateError
        With every finding that refuses.
    """
    if gate.passed:
        return
    problems = [finding.sentence for finding in gate.leakage if finding.severity == "refuse"]
    if not gate.counts.get("judged_people"):
        problems.append(_("nobody can be judged: no eligible pair has a good outcome; see data.relevance and the ids"))
    raise GateError(_("the data do not pass, so nothing was measured; --check shows all counts"), problems)


def data_gate(ground: Ground, steps: list[Step]) -> DataGate:
    """Return counts, leakage, power; it does not pass where a finding refuses or nobody can be judged."""
    task, config = ground.task, ground.config
    titled = ground.programme.candidate in GATHERINGS
    leaks = tuple(find_leaks(task, config, inputs_read(ground, steps), titled=titled))
    judged = ground.judged_task
    relevant = np.bincount(
        judged.asked.requester, weights=np.nan_to_num(judged.gain) > 0, minlength=task.asked.requesters
    )
    people = int((relevant > 0).sum())
    clusters = len(np.unique(task.clusters[relevant > 0])) if task.clustered else None
    return DataGate(
        counts={**task.facts, "judged_people": people},
        data=key_of(ground.data_inputs),
        declaration=config.declaration,
        leakage=leaks,
        power=power_statement(people, clusters, config),
        folds=len(ground.folds),
        clusters=clusters,
        passed=people > 0 and not any(finding.severity == "refuse" for finding in leaks),
    )


def inputs_read(ground: Ground, steps: list[Step]) -> dict[str, set[str]]:
    """What the scorers of each declared strategy read, by strategy; components of plugins declare nothing."""
    found: dict[str, set[str]] = {}
    for step in steps:
        if step.origin != "declared" or step.table.use != ENGINE:
            continue
        engine = ground.engines[step.table.config or ground.config.data.engine]
        match = engine.match.get(step.table.kind or ground.config.data.kind)
        if match is None:
            continue
        kept = {*(step.table.scorers or match.scorers), *step.table.add} - set(step.table.drop)
        read: set[str] = set()
        for name in sorted(kept & set(match.scorers)):
            try:
                read |= set(ground.registry.scorer(match.scorers[name].use).inputs)
            except MatchEngineError:
                continue
        found[step.name] = read
    return found


def power_statement(people: int, clusters: int | None, config: EvaluationConfig) -> PowerStatement:
    """Return the smallest difference that so many people can show, before any result is looked at."""
    size = people / clusters if clusters else 1.0
    effect = design_effect(max(size, 1.0), _ICC) if clusters else 1.0
    smallest = minimum_detectable(
        max(people, 1), clusters, _ICC if clusters else 0.0, _SPREAD, config.compare.alpha, config.compare.power
    )
    if not np.isfinite(smallest):
        told = N_("So few people or cohorts ({n}) allow no inference at all: whatever is found is a description.")
        sentence = _(told, n=clusters if clusters is not None else people)
    elif smallest > config.compare.margin:
        told = N_(
            "With {people} people a difference below {smallest:.1f} in 100 will probably not be found, and your margin "
            "is {margin:.1f}: expect 'we cannot tell' unless the difference is large."
        )
        sentence = _(told, people=people, smallest=100 * smallest, margin=100 * config.compare.margin)
    else:
        told = N_(
            "With {people} people a difference of {smallest:.1f} in 100 will probably be found; your margin is "
            "{margin:.1f}."
        )
        sentence = _(told, people=people, smallest=100 * smallest, margin=100 * config.compare.margin)
    return PowerStatement(
        people=people, clusters=clusters, smallest_difference=rounded(smallest), assumed_spread=_SPREAD,
        design_effect=round(effect, 6), sentence=sentence,
    )  # fmt: skip


def check_declaration(folder: Path, config: EvaluationConfig) -> tuple[str, ...]:
    """Keep what was declared before outcomes were read, and tell what was changed since: that is exploratory."""
    path = folder / "declared.json"
    now = {
        "hash": config.declaration,
        "metrics.primary": config.metrics.primary,
        "compare": {**config.compare.model_dump(mode="json"), "against": config.against},
        "strategies": {name: config.resolved(name).model_dump(mode="json") for name in sorted(config.strategies)},
        "relevance": config.data.relevance.model_dump(mode="json"),
        "split": config.split.model_dump(mode="json"),
        "question": config.question,
        "guardrails": dict(config.metrics.guardrails),
    }
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        write_atomically(path, json.dumps(now, indent=1, sort_keys=True).encode())
        return ()
    now = json.loads(json.dumps(now))
    changed = [key for key in _KEYS if before.get(key) != now[key]]
    return tuple(
        _("Changed after outcomes had been read: {what}. What follows from it is exploratory.", what=_(_KEYS[key]))
        for key in changed
    )
