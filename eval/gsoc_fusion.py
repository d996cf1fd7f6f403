"""How should semantic and lexical evidence be fused? Compared on the item matrices of the mentor task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from eval.data import SOURCES
from eval.gsoc_evidence import Evidence, Fusion, evidence_of, noisy_or, rank_by
from eval.gsoc_mentors import Task, judge, task
from eval.metrics import interval_of_mean
from eval.programme import MODEL
from eval.report import table, with_interval

__all__ = ["FUSIONS", "NOISE", "run"]

NOISE = 0.02
DEFAULT = "noisy_or"


def _standardised(values: Any) -> Any:
    return (values - values.mean()) / values.std()


FUSIONS: dict[str, tuple[str, Fusion]] = {
    "noisy_or": ("noisy-or of two calibrated evidences (the engine)", noisy_or),
    "noisy_or_raw_words": ("noisy-or, lexical cosine not calibrated (the engine before)", noisy_or),
    "mean": ("mean of two calibrated evidences", lambda phi, words: (phi + words) / 2),
    "maximum": ("the larger of two calibrated evidences", np.maximum),
    "z_sum": ("sum of both cosines, each standardised over all item pairs", lambda a, b: _standardised(a) + _standardised(b)),
    "semantic": ("semantic evidence alone", lambda phi, words: phi),
    "lexical": ("lexical evidence alone", lambda phi, words: words),
}


def run(task_: Task | None = None, embedder: str = MODEL, evidence: Evidence | None = None) -> tuple[dict[str, Any], str]:
    """Compare the fusions; return the result document and its Markdown table."""
    task_ = task_ or task()
    evidence = evidence or evidence_of(task_, embedder)
    words = np.clip(evidence.lexical / evidence.lexical_high, 0, 1)
    inputs = {name: (evidence.phi, words) for name in FUSIONS}
    inputs["noisy_or_raw_words"] = evidence.phi, evidence.lexical
    inputs["z_sum"] = evidence.semantic, evidence.lexical
    judged = {
        name: np.array(judge(task_, rank_by(task_, evidence, fuse(*inputs[name])))) for name, (_, fuse) in FUSIONS.items()
    }
    organisations = [query.organisation for query in task_.queries]
    results = {
        name: {
            "what": FUSIONS[name][0],
            "mrr": float(own[:, 0].mean()),
            "recall_at_10": float(own[:, 1].mean()),
            f"mrr_minus_{DEFAULT}": interval_of_mean(own[:, 0] - judged[DEFAULT][:, 0], organisations)._asdict(),
        }
        for name, own in judged.items()
    }
    headers = ["fusion", "MRR", "R@10", "MRR − noisy-or (by organisation)"]
    rows = [
        [r["what"], f"{r['mrr']:.3f}", f"{r['recall_at_10']:.3f}", with_interval(r[f"mrr_minus_{DEFAULT}"])]
        for r in results.values()
    ]
    return _document(task_, evidence, results), table(headers, rows)


def _document(task_: Task, evidence: Evidence, results: Mapping[str, Any]) -> dict[str, Any]:
    close = [name for name, r in results.items() if name != DEFAULT and abs(r[f"mrr_minus_{DEFAULT}"]["mean"]) < NOISE]
    return {
        "name": "gsoc_fusion",
        "question": "How should the semantic and the lexical similarity of two items become one number?",
        "source": SOURCES["gsoc"],
        "data": {
            "candidates": len(task_.mentors),
            "queries": len(task_.queries),
            "needs": len(evidence.need_query),
            "lexical_high": evidence.lexical_high,
        },
        "method": [
            "The need block is computed from matrices of all needs and all offers, split into passages; noisy-or "
            "repeats what the engine does, so its figures must agree with `hybrid` in gsoc_mentors.",
            "Interval: percentile bootstrap of the paired difference over organisations, 10,000 resamples, seed 7.",
            "All fusions were looked at on the same queries; a choice among those within .02 is not supported by them.",
        ],
        "results": dict(results),
        "conclusion": f"Within .02 MRR of noisy-or, so not distinguishable here: {', '.join(close) or 'none'}.",
    }
