"""Who is asked for advice? Ranked by what people tell about themselves: experience, career, field of work, place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.data import SOURCES
from eval.data_advice import AdviceTask, managers, physicians
from eval.metrics import area_under_curve, interval_of_mean
from eval.ranking import default_config, scores
from eval.report import table
from matchengine import Engine

__all__ = ["SCORERS", "VARIANTS", "engine_scores", "run"]

SCORERS: dict[str, Any] = {
    "experience": {"use": "seniority", "block": "need"},
    "field": {"use": "same_field", "block": "need"},
    "practical": {"use": "feasibility", "block": "feasible"},
}
VARIANTS: dict[str, dict[str, Any]] = {
    "engine": SCORERS,
    "engine, field of work not mapped": {name: SCORERS[name] for name in ("experience", "practical")},
    "engine, field of work alone": {"field": SCORERS["field"]},
}
"""The engine's own way first; the others say what the parts are worth."""
Matrix = NDArray[np.float64]


def engine_scores(task: AdviceTask, embedder: str = "lexical", scorers: Mapping[str, Any] = SCORERS) -> Matrix:
    """Return the engine's scores of everybody for everybody, (N, N), every setting at its default; no ties are read."""
    blocks = {"need": 0.40, "feasible": 0.25}
    engine = Engine(default_config("mentee", "mentor", scorers, embedder, blocks=blocks))
    engine.load(task.people)
    ids = [person.id for person in task.people]
    return scores(engine, ids, ids)


def areas(task: AdviceTask, values: Matrix, among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the area under the curve of each seeker who asks somebody but not everybody among those given."""
    found = [area_under_curve(values[n][may], task.seeks[n][may]) for n, may in enumerate(among)]
    return np.array([area for area in found if not np.isnan(area)])


def run(tasks: Mapping[str, AdviceTask] | None = None, embedder: str = "lexical") -> tuple[dict[str, Any], str]:
    """Rank and judge per seeker; return the result document and its Markdown table."""
    tasks = tasks or {"physicians": physicians(), "managers": managers()}
    results: dict[str, Any] = {}
    rows = []
    for name, task in tasks.items():
        everybody = ~np.eye(len(task.people), dtype=bool)
        places = {"everybody": everybody}
        if (task.among != everybody).any():
            places["same city"] = task.among
        found = {name: engine_scores(task, embedder, scorers) for name, scorers in VARIANTS.items()}
        for attribute, values in task.attributes.items():
            told = np.nan_to_num(values, nan=np.nanmean(values))
            found[attribute] = np.tile(told, (len(told), 1))
        leaked = task.seeks.sum(axis=0) - task.seeks  # how often others ask them: the label, shown as a canary
        found["asked by others (leaks the label)"] = leaked.astype(np.float64)
        for where, among in places.items():
            for method, values in found.items():
                area = interval_of_mean(areas(task, values, among))
                results.setdefault(f"{name}, {where}", {})[method] = area._asdict()
                interval = f"{area.mean:.3f} [{area.low:.3f}, {area.high:.3f}]"
                rows.append([name, where, method, interval])
    return _document(tasks, results), table(["who", "among", "method", "area under the curve, by seeker"], rows)


def _document(tasks: Mapping[str, AdviceTask], results: Mapping[str, Any]) -> dict[str, Any]:
    told = "; ".join(f"{name} {found['engine']['mean']:.3f}" for name, found in results.items())
    return {
        "name": "advice",
        "question": "Whom do people go to for advice, by attributes that everybody tells about themselves?",
        "source": SOURCES["advice_networks"],
        "data": {name: {"people": len(task.people), "ties": int(task.seeks.sum())} for name, task in tasks.items()},
        "method": [
            "The physicians were used to choose (decision 0016), the managers were run once afterwards: the line "
            "`engine`. A department need not be a field of work; that the same engine does better without it was seen "
            "only then, so the line `field of work not mapped` is no clean report for the managers.",
            "Tenure and years since medical school become bands of experience, the level a career stage, department "
            "and speciality a field of work, the city a place where people can only meet in person. Age is not read.",
            "Nothing about ties is read: who is asked often is the label here. The line of popularity leaves each "
            "seeker's own tie out and is shown to say what such a leak would look like.",
            "Per seeker: how often somebody they ask stands before somebody they do not ask, ties as a half. "
            "Intervals: percentile bootstrap over seekers, 10,000 resamples; too narrow, as seekers share advisers.",
        ],
        "results": dict(results),
        "conclusion": f"Area under the curve of the engine: {told}.",
    }
