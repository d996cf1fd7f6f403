"""Does a correction for hubs (CSLS) find mentors better? Compared on the item matrices of the mentor task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.data import SOURCES
from eval.gsoc_evidence import Evidence, Matrix, calibrated, evidence_of, noisy_or, rank_by, top_counts
from eval.gsoc_items import SPLITS
from eval.gsoc_mentors import Task, judge, task
from eval.metrics import coverage, interval_of_mean, skewness
from eval.programme import MODEL
from eval.report import table, with_interval

__all__ = ["NOISE", "csls", "run"]

NOISE = 0.02
NEIGHBOURS = 10
MAIN = "passages"
PAIRS = (("semantic_csls", "semantic"), ("hybrid_csls", "hybrid"))
WHAT = {
    "semantic": "semantic evidence, uncorrected",
    "semantic_csls": "semantic evidence with CSLS",
    "hybrid": "noisy-or with lexical evidence, uncorrected",
    "hybrid_csls": "noisy-or with lexical evidence, the semantic part with CSLS",
}


def csls(cosines: Matrix, neighbours: int = NEIGHBOURS) -> Matrix:
    """Return 2 cos(x, y) − r(x) − r(y), r the mean cosine to the nearest ones on the other side (domain.md C0).

    Parameters
    ----------
    cosines : float array (N, O)
    neighbours : int
        How many nearest ones count; all where there are fewer.
    """
    return 2 * cosines - _nearest(cosines, neighbours)[:, None] - _nearest(cosines.T, neighbours)[None, :]


def _nearest(cosines: Matrix, neighbours: int) -> NDArray[np.float32]:
    count = min(neighbours, cosines.shape[1])
    nearest: NDArray[np.float32] = np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1)
    return nearest


def run(task_: Task | None = None, embedder: str = MODEL) -> tuple[dict[str, Any], str]:
    """Compare with and without correction for every way to cut items; return the document and its Markdown table."""
    task_ = task_ or task()
    results = {split: _compare(task_, evidence_of(task_, split, embedder)) for split in SPLITS}
    return _document(task_, results), _table(results)


def _compare(task_: Task, evidence: Evidence) -> dict[str, Any]:
    words = np.clip(evidence.lexical / evidence.lexical_high, 0, 1)
    corrected_cosines = csls(evidence.semantic)
    plain, corrected = calibrated(evidence.semantic), calibrated(corrected_cosines)
    similarities = {
        "semantic": plain,
        "semantic_csls": corrected,
        "hybrid": noisy_or(plain, words),
        "hybrid_csls": noisy_or(corrected, words),
    }
    unclipped = {"semantic": evidence.semantic, "semantic_csls": corrected_cosines}
    results: dict[str, Any] = {}
    reciprocal = {}
    for name, similarity in similarities.items():
        lists = rank_by(task_, evidence, similarity)
        judged = np.array(judge(task_, lists))
        reciprocal[name] = judged[:, 0]
        firsts = [[candidate for candidate, _ in ranked[:10]] for ranked in lists.values()]
        results[name] = {
            "mrr": float(judged[:, 0].mean()),
            "recall_at_10": float(judged[:, 1].mean()),
            "skewness_of_offers": skewness(top_counts(unclipped.get(name, similarity))),
            "skewness_of_mentors": skewness(_counts(firsts, list(task_.mentors))),
            "coverage_at_10": coverage(firsts, len(task_.mentors)),
        }
    organisations = [query.organisation for query in task_.queries]
    for after, before in PAIRS:
        difference = interval_of_mean(reciprocal[after] - reciprocal[before], organisations)
        results[after]["mrr_minus_uncorrected"] = difference._asdict()
    return results


def _counts(lists: list[list[str]], names: list[str]) -> NDArray[np.int64]:
    place = {name: n for n, name in enumerate(names)}
    return np.bincount([place[name] for ranked in lists for name in ranked], minlength=len(names))


def _table(results: Mapping[str, Any]) -> str:
    headers = ["items", "evidence", "MRR", "R@10", "skewness, offers", "skewness, mentors", "coverage"]
    keys = ("mrr", "recall_at_10", "skewness_of_offers", "skewness_of_mentors", "coverage_at_10")
    rows = []
    for split, of_split in results.items():
        for name, found in of_split.items():
            difference = found.get("mrr_minus_uncorrected")
            row = [split, WHAT[name], *(f"{found[key]:.3f}" for key in keys)]
            rows.append([*row, with_interval(difference) if difference else "–"])
    return table([*headers, "MRR − uncorrected (by organisation)"], rows)


def _document(task_: Task, results: Mapping[str, Any]) -> dict[str, Any]:
    main = results[MAIN]
    gain, alone = (main[after]["mrr_minus_uncorrected"] for after in ("hybrid_csls", "semantic_csls"))
    gains = [of_split["hybrid_csls"]["mrr_minus_uncorrected"]["mean"] for of_split in results.values()]
    verdict = "kept" if gain["mean"] >= NOISE else "not kept"
    return {
        "name": "gsoc_hubs",
        "question": "Does correcting for hubs (CSLS, 10 neighbours) find the mentors of a project better?",
        "source": SOURCES["gsoc"],
        "data": {"candidates": len(task_.mentors), "queries": len(task_.queries)},
        "method": [
            "CSLS on the cosines of all needs with all offers: 2 cos − mean cosine to the 10 nearest on either side.",
            "All lines are calibrated by one rule (median to 0, 95th percentile of each need's best to 1), so the "
            "uncorrected figures differ a little from gsoc_mentors.",
            "Skewness of k-occurrence with k = 10: how often an offer is among the ten nearest of a need, and how "
            "often a mentor is among the first ten of a query. Large means a few hubs.",
            f"Rule set before running: with items cut as {MAIN}, a difference in MRR under .02 is noise and adds no "
            "machinery. Interval over organisations, 10,000 resamples, seed 7.",
        ],
        "results": dict(results),
        "conclusion": f"The correction is {verdict}: on the hybrid evidence it changes MRR by {with_interval(gain)} "
        f"({min(gains):+.3f} to {max(gains):+.3f} over the four ways to cut items), on semantic evidence alone by "
        f"{with_interval(alone)}. {_side_effects(main['hybrid'], main['hybrid_csls'])}",
    }


def _side_effects(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    return (
        f"The skewness goes from {before['skewness_of_offers']:.2f} to {after['skewness_of_offers']:.2f} for offers, "
        f"from {before['skewness_of_mentors']:.2f} to {after['skewness_of_mentors']:.2f} for mentors; the share of "
        f"mentors in some top ten from {before['coverage_at_10']:.2f} to {after['coverage_at_10']:.2f}."
    )
