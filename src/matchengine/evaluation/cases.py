"""Ten people without a name: who gained most, who lost most, where strategies disagree (evaluation.md 3.7)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from matchengine.evaluation.comparing import differences, rounded
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.measurements import Table
from matchengine.i18n import N_, _
from matchengine.records.evaluation import ExampleCase

__all__ = ["example_cases"]

_MOST = 10
_FEW = 30
Picked = Literal["best", "worst", "disagreement"]
_TOLD = {
    "best": N_("gained most by {one} over {other}"),
    "worst": N_("lost most by {one} against {other}"),
    "disagreement": N_("the strategies differ most"),
}


def example_cases(table: Table, config: EvaluationConfig) -> list[ExampleCase]:
    """Return up to ten cases, numbered anew; none where fewer than thirty people have a value.

    A case holds values of metrics and how many candidates there were, nothing of the person, and no two cases of few
    people: who knows the outcomes of one match cannot find it among fewer than thirty.
    """
    metric = config.metrics.primary
    declared = [s for s in table.strategies if s.origin == "declared" and not s.failed and metric in s.metrics]
    rivals = [s for s in declared if s.name != config.against]
    against = next((s for s in declared if s.name == config.against), None)
    if not rivals or against is None or rivals[0].metrics[metric].facts.level != "person":
        return []
    gap = np.where(table.judged, differences(rivals[0].metrics[metric], against.metrics[metric]), np.nan)
    known = np.flatnonzero(~np.isnan(gap))
    if len(known) < _FEW:
        return []
    values = np.stack([s.metrics[metric].values for s in declared])
    apart = np.abs(gap)
    apart[known] = np.nanmax(values[:, known], axis=0) - np.nanmin(values[:, known], axis=0)
    names = np.array(table.person)
    order = known[np.lexsort((names[known], -gap[known]))]
    spread = known[np.lexsort((names[known], -apart[known]))]
    picked: dict[int, Picked] = {}
    for people, why, most in ((order[:4], "best", 4), (order[::-1][:3], "worst", 7), (spread, "disagreement", _MOST)):
        for person in people.tolist():
            if len(picked) < most:
                picked.setdefault(person, why)  # type: ignore[arg-type]
    return [
        ExampleCase(
            number=number, picked=why, candidates=int(table.candidates[person]), relevant=int(table.relevant[person]),
            values={s.name: rounded(float(s.metrics[metric].values[person])) for s in declared},
            sentence=_(_TOLD[why], one=rivals[0].title, other=against.title),
        )
        for number, (person, why) in enumerate(picked.items(), 1)
    ]  # fmt: skip
