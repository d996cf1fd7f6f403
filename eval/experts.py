"""Who is an expert on what this paper is about? Experts ranked by the papers they wrote (DBLP, strict protocol)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.compare import against, compare, rows_of
from eval.data import SOURCES
from eval.data_experts import ExpertTask, expert_task
from eval.ranking import MODEL, asking, default_config, past_work, scores
from eval.report import table, with_interval
from eval.simple import by_meaning, by_words, fused, of_owners
from matchengine import Engine, Person

__all__ = ["chosen_half", "engine_scores", "run"]

SEED = 7
FEW = 2
"""Experts with so many papers at most are the tail."""
SCORERS = {"goals": {"use": "semantic_reciprocal", "block": "need"}}
Matrix = NDArray[np.float64]


def chosen_half(topics: Sequence[tuple[int, ...]]) -> NDArray[np.bool_]:
    """Return which queries serve to choose defaults, bool (Q,): half of each topic, drawn with a fixed seed.

    A query with several topics counts for its first; odd topics give the larger half in turn.
    """
    rng = np.random.default_rng(SEED)
    chosen, odd = np.zeros(len(topics), np.bool_), 0
    first = np.array([told[0] for told in topics])
    for topic in np.unique(first):
        order = rng.permutation(np.flatnonzero(first == topic))
        size = (len(order) + odd) // 2
        odd = (len(order) + odd) % 2
        chosen[order[:size]] = True
    return chosen


def engine_scores(task: ExpertTask, embedder: str = MODEL) -> Matrix:
    """Return the engine's scores of all experts for all queries, (Q, E): papers are past work, defaults everywhere."""
    engine = Engine(default_config("mentee", "mentor", SCORERS, embedder, blocks={"need": 1.0}))
    experts = [
        {"id": f"e{n}", "roles": ["mentor"], "adult": True, "past_work": past_work(task.papers[d] for d in of)}
        for n, of in enumerate(task.of_expert)
    ]
    queries = [asking(f"q{n}", task.papers[query], "mentee") for n, query in enumerate(task.queries)]
    engine.load([*queries, *(Person.model_validate(told) for told in experts)])
    return scores(engine, [query.id for query in queries], [told["id"] for told in experts])  # type: ignore[misc]


def simple_scores(task: ExpertTask) -> dict[str, Matrix]:
    """Return the scores of simple methods by name, (Q, E)."""
    pairs = [(n, task.papers[paper]) for n, of_expert in enumerate(task.of_expert) for paper in of_expert]
    owners, texts = [n for n, _ in pairs], [text for _, text in pairs]
    queries, count = [task.papers[query] for query in task.queries], len(task.of_expert)
    words, meaning = by_words(queries, texts), by_meaning(queries, texts)
    found = {
        f"{kind}, {told}": of_owners(values, owners, count, how)  # type: ignore[arg-type]
        for kind, values in (("words", words), ("meaning", meaning))
        for how, told in (("max", "best text"), ("top3", "best three"), ("sum", "sum"))
    }
    found["words + meaning, sum"] = fused(found["words, sum"], found["meaning, sum"])
    found["popularity"] = np.tile(np.bincount(owners, minlength=count).astype(np.float64), (len(queries), 1))
    return found


def run(task: ExpertTask | None = None, embedder: str = MODEL) -> tuple[dict[str, Any], str]:
    """Rank, judge on the chosen half, the other half and all; return the result document and its Markdown table."""
    task = task or expert_task()
    found = {"engine": engine_scores(task, embedder)} | (simple_scores(task) if embedder == MODEL else {})
    shape = len(task.queries), len(task.of_expert)
    relevant, allowed = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for row, (good, may) in enumerate(zip(task.relevant, task.allowed, strict=True)):
        relevant[row, list(good)] = True
        allowed[row, list(may)] = True
    found = {name: np.where(allowed, np.nan_to_num(values, nan=-1.0), np.nan) for name, values in found.items()}
    chosen, asked = chosen_half(task.topics), relevant.any(axis=1)
    few = np.array([len(papers) <= FEW for papers in task.of_expert])
    results: dict[str, Any] = {}
    rows: list[list[str]] = []
    for name, part in (("chosen half", chosen & asked), ("other half", ~chosen & asked), ("all", asked)):
        clusters = [f"{row}" for row in np.flatnonzero(part)]
        told = compare(
            {method: values[part] for method, values in found.items()},
            relevant[part],
            clusters,
            main="average_precision",
            tail=relevant[part] & few,
        )
        singles = [key for key in found if key != "engine" and "+" not in key]
        summary = against(told, singles, ["words + meaning, sum"], "average_precision") if singles else {}
        results[name] = {"queries": int(part.sum()), "methods": told, "summary": summary}
        rows += rows_of(name, told, "average_precision")
    headers = ["queries", "method", "AP", "R@10", "coverage", "R@10 of experts with few papers", "engine − method"]
    return _document(task, results), table(headers, rows)


def _document(task: ExpertTask, results: Mapping[str, Any]) -> dict[str, Any]:
    lines = [
        f"{name}: engine {line['engine']:.3f}, best single {line['single']:.3f} ({line['best_single']}, "
        f"{with_interval(line['engine_minus_single'])})"
        for name, line in ((name, found["summary"]) for name, found in results.items())
        if line
    ]
    return {
        "name": "experts",
        "question": "Given the text of a paper, which labelled experts share its topic?",
        "source": SOURCES["dblp_experts"],
        "data": {"experts": len(task.of_expert), "papers": len(task.papers), "queries": len(task.queries)},
        "method": [
            "The chosen half of the queries (half of each topic, seed 7) was used to choose the engine's defaults "
            "(decision 0016); the other half was not looked at before. Experts and papers are the same in both.",
            "Strict: the authors of the paper that asks are left out; relevant is who shares one of its topics.",
            "The paper that asks is a person with its text as goals; an expert has up to 30 papers as past work, each "
            "cut at 400 characters. Every setting of the engine is its default.",
            "Average precision is the expected value over the orders of tied experts. Intervals: percentile bootstrap "
            "over queries, 10,000 resamples. Experts without papers stand last. Popularity is the number of papers.",
        ],
        "results": dict(results),
        "conclusion": "; ".join(lines) + "." if lines else "Simple methods were left out.",
    }
