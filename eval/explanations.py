"""Do reasons hold? Explanations of the sample programme verified against the scores they explain (domain.md H8)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.report import table
from matchengine.batch import FloatArray, PairBatch, ScoreTable
from matchengine.cli.plugin_options import PluginOptions
from matchengine.cli.programme import Files, import_programme
from matchengine.cli.shipped import shipped
from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.matching.combine import combine, drops
from matchengine.scene import Scene

__all__ = ["run"]

SHOWN = 5
_LONGEST = 20
METHOD = (
    "The sample programme is imported; everybody who looks gets up to five suggestions of each kind, and each is "
    "explained to the coordinator and to both members.",
    "A direction (for, against) is stated for a reason only where its contribution, which compares with an average "
    "pair, and leaving the scorer out agree. Sign agreement compares what is stated with the score after the scorer "
    "was left out (its value unknown, its confidence 0), and the sign of the contribution with the score after the "
    "value was set to that of an average pair.",
    "Sufficiency: the score with the cited scorers alone, those with a sentence or named as speaking against the pair. "
    "Comprehensiveness: what the score loses without them. Both in points of 100.",
    "Both sides: of the pairs where a scorer can speak for each side, the share in which both hear something.",
)


def run() -> tuple[dict[str, Any], str]:
    """Explain every suggestion of the sample programme and verify it."""
    with tempfile.TemporaryDirectory() as folder:
        engine = _sample(Path(folder))
        results = {kind: _of_kind(engine, kind) for kind in ("mentor", "group")}
    header = ["figure", *results]
    rows = [[name, *(str(of[name]) for of in results.values())] for name in results["mentor"]]
    agreed = min(of["sign agreement, stated direction, scorer left out"] for of in results.values())
    document = {
        "name": "explanations",
        "question": "Do reasons hold when the score is recomputed without what they cite?",
        "source": "examples/sample_programme: invented people",
        "data": {"pairs": {kind: of["pairs"] for kind, of in results.items()}},
        "method": list(METHOD),
        "results": results,
        "conclusion": f"Stated directions agree with leaving the scorer out in {agreed:.1%} of cases (goal 98 %).",
    }
    return document, table(header, rows)


def _sample(folder: Path) -> Engine:
    sample = shipped("examples/sample_programme")
    raw = sample / "raw"
    files = Files(
        people=[raw / "mentors_2026.csv", raw / "mentees_2026.xlsx"],
        groups=[raw / "groups.tsv"],
        relationships=[raw / "relationships.csv"],
        mappings=sorted((sample / "mapping").glob("*.toml")),
    )
    return import_programme(files, load_config(shipped("configs") / "mentoring.toml"), folder, PluginOptions()).engine


def _of_kind(engine: Engine, kind: str) -> dict[str, Any]:
    lists = engine.suggest_many(engine.members(kind).requesters, kind, SHOWN)
    shown = [suggestion for of_person in lists.values() for suggestion in of_person]
    scene = engine._scene(kind)
    rows = [scene.pool.requester_row(s.requester_id, scene.kind) for s in shown]
    candidates = [scene.candidate_row(s.candidate_id) for s in shown]
    raw, scores = scene.table(PairBatch(np.array(rows, np.int32), np.array(candidates, np.int32)))
    told = engine.tell(shown, "coordinator")
    column = {name: n for n, name in enumerate(scores.scorers)}
    stated = np.zeros(raw.values.shape)
    cited = np.zeros(raw.values.shape, np.bool_)
    for pair, of_pair in enumerate(told):
        for reason in of_pair.reasons:
            stated[pair, column[reason.scorer]] = {"for": 1, "against": -1, "neither": 0}[reason.direction]
            named = reason.direction == "against" and reason.strength != "slight"  # as "speaks against it"
            cited[pair, column[reason.scorer]] = bool(reason.text) or named
    points = 100 * (scores.total - scores.lift)
    removed = drops(scene.kind, scores)
    average = _against_average(scene, scores)
    spoke = ~np.isnan(raw.values) & (np.abs(100 * scores.contributions) >= 0.05)
    kept, left = _rescored(scene, scores, ~cited), _rescored(scene, scores, cited)
    sentences = [
        sentence for explanation in told for sentence in (*explanation.for_requester, *explanation.for_candidate)
    ]
    two = [e for e in told if any("would gain is not known" in limit for limit in e.limits) or _both(e)]
    return {
        "pairs": len(shown),
        "reasons with a contribution": int(spoke.sum()),
        "sign agreement, stated direction, scorer left out": _agreement(stated, removed, stated != 0),
        "share of reasons with a stated direction": round(float((stated != 0)[spoke].mean()), 4),
        "sign agreement, contribution, scorer left out": _agreement(scores.contributions, removed, spoke),
        "sign agreement, contribution, scorer at average": _agreement(scores.contributions, average, spoke),
        "sufficiency: score with cited scorers alone, mean difference": round(float(np.abs(points - kept).mean()), 2),
        "comprehensiveness: drop without cited scorers, mean": round(float((points - left).mean()), 2),
        "both sides": round(float(np.mean([_both(e) for e in two])), 4) if two else None,
        "sentences of at most 20 words, quotes left out": round(float(np.mean([_short(s) for s in sentences])), 4),
    }


def _agreement(stated: FloatArray, dropped: FloatArray, where: NDArray[np.bool_]) -> float:
    return round(float((np.sign(stated) == np.sign(dropped))[where].mean()), 4)


def _against_average(scene: Scene, scores: ScoreTable) -> NDArray[np.float64]:
    """What each score loses when one scorer's value becomes the neutral one, (P, S)."""
    lost = np.zeros(scores.values.shape)
    for column in range(scores.values.shape[1]):
        values = scores.values.copy()
        values[:, column] = np.where(np.isnan(values[:, column]), np.nan, scores.neutral)
        without = combine(scene.kind, values, scores.confidences, scores.neutral)
        lost[:, column] = (scores.total - scores.lift) - (without.total - without.lift)
    return lost


def _rescored(scene: Scene, scores: ScoreTable, silent: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Points of each pair with some scorers silent, (P,)."""
    values, sure = np.where(silent, np.nan, scores.values), np.where(silent, 0, scores.confidences)
    made = combine(scene.kind, values, sure, scores.neutral)
    points: NDArray[np.float64] = 100 * (made.total - made.lift)
    return points


def _both(explanation: Any) -> bool:
    return bool(explanation.for_requester) and bool(explanation.for_candidate)


def _short(sentence: str) -> bool:
    plain = "".join(part.split("”")[-1] for part in sentence.split("“"))
    return len(plain.split()) <= _LONGEST
