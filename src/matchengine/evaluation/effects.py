"""What each scorer does: the value without it, with it alone, and under other weights (evaluation.md 3.5)."""

from __future__ import annotations

import numpy as np

from matchengine.evaluation.comparing import compared, rounded
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.measurements import Table
from matchengine.i18n import N_, _
from matchengine.inference import holm
from matchengine.records.evaluation import ScorerEffect

__all__ = ["scorer_effects"]


def scorer_effects(table: Table, config: EvaluationConfig, seed: int) -> list[ScorerEffect]:
    """Return every ablation with its interval, Holm-corrected among themselves, and the effect of each weight."""
    metric = config.metrics.primary
    steps = [s for s in table.strategies if s.origin == "ablation" and not s.failed and metric in s.metrics]
    seen = [(s, compared(table, s, table[s.of], metric, config, seed)) for s in steps if not table[s.of].failed]
    adjusted = holm([one.p_value for _step, one in seen]) if seen else np.zeros(0)
    found = []
    for (step, one), p in zip(seen, adjusted.tolist(), strict=True):
        how, _colon, scorer = step.scorer.partition(":")
        improves = how == "without" and p <= config.compare.alpha and one.estimate > 0
        told = N_("Without {scorer} the result is better: consider leaving it out.") if improves else ""
        found.append(
            ScorerEffect(
                strategy=step.of, scorer=scorer, kind="without" if how == "without" else "only",
                value=rounded(step.metrics[metric].mean), difference=rounded(one.estimate), low=rounded(one.low),
                high=rounded(one.high), p_adjusted=rounded(p), sentence=_(told, scorer=scorer) if told else "",
            )
        )  # fmt: skip
    for name, values in sorted(table.sensitivity.items()):
        if name.startswith("weight:"):
            strategy, scorer = name.removeprefix("weight:").split(":", 1)
            effect = ScorerEffect(strategy=strategy, scorer=scorer, kind="weight", value=rounded(float(values[0])))
            found.append(effect)
    return found
