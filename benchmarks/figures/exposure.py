"""How evenly lists for everybody share attention on the sample programme, and what it costs in score and time."""

from __future__ import annotations

import statistics
import tempfile
from datetime import date
from pathlib import Path
from typing import get_args

from benchmarks.measure import ROOT, Report, Row, interleaved
from matchengine.cli.plugin_options import PluginOptions
from matchengine.cli.programme import Files, import_programme
from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.plan_config import ExposureMethod
from matchengine.programme.shortlists import default_method, shortlists
from matchengine.records.exposure import Shortlists

KIND, LENGTHS = "mentor", (3, 5, 10)
GOAL_GINI, GOAL_LOSS = 0.15, 0.10


def measure(quick: bool) -> Report:
    """Measure every method at several lengths of list; the goal is for the default method and lists of five."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="matchengine-exposure-") as folder:
        engine = _sample(Path(folder))
    default = default_method(engine._scene(KIND))
    for k in (5,) if quick else LENGTHS:
        for method in get_args(ExposureMethod):
            _measure(report, engine, k, method, goal=(k, method) == (5, default))
    people = list(_lists(engine, 5, "plain").lists)
    timed = interleaved(
        lambda _: _lists(engine, 5, default),
        lambda _: engine.suggest_many(people, KIND, 5, "coordinator"),
        3 if quick else 9,
    )
    report.rows.append(Row.of(f"lists for {len(people)} people, {default}", timed, "suggest_many"))
    return report


def _measure(report: Report, engine: Engine, k: int, method: ExposureMethod, *, goal: bool) -> None:
    found = _lists(engine, k, method)
    told = found.exposure
    report.rows.append(
        Row(
            what=f"sample programme, lists of {k}, {method}",
            measured=f"Gini per seat {told.gini_per_seat:.3f}, mean score {told.mean_score}, loss {told.loss:.1%}",
            beside=f"score alone: Gini {told.plain_gini_per_seat:.3f}, mean score {told.plain_mean_score}",
            goal=f"Gini ≤ {GOAL_GINI}, loss ≤ {GOAL_LOSS:.0%}" if goal else "",
            met=told.gini_per_seat <= GOAL_GINI and told.loss <= GOAL_LOSS if goal else None,
        )
    )
    first = [of[0].score for of in found.lists.values() if of]
    report.details[f"{k} {method}"] = told.model_dump(mode="json", exclude={"summary"}) | {
        "mean score of the first place": round(statistics.mean(first), 2),
    }


def _lists(engine: Engine, k: int, method: ExposureMethod) -> Shortlists:
    return shortlists(engine._scene(KIND), engine._present, k, method=method)


def _sample(folder: Path) -> Engine:
    """The sample programme under the shipped configuration with its model, on the day its files were handed over."""
    sample = ROOT / "examples" / "sample_programme"
    raw, mapping = sample / "raw", sample / "mapping"
    config = load_config(ROOT / "configs" / "mentoring.toml")
    config = config.model_copy(update={"run": config.run.model_copy(update={"today": date(2026, 3, 2)})})
    files = Files(
        people=[raw / "mentors_2026.csv", raw / "mentees_2026.xlsx"],
        relationships=[raw / "relationships.csv"],
        mappings=[mapping / "people.toml", mapping / "relationships.toml"],
    )
    return import_programme(files, config, folder / "data", PluginOptions()).engine
