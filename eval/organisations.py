"""Which organisation hosts this project? Ranked from its card alone (cold), and with what it hosted before (warm)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.compare import against, compare, rows_of
from eval.data import SOURCES
from eval.data_organisations import Card, OrganisationTask, organisation_task
from eval.items import MAX_TEXT, Project
from eval.ranking import MODEL, asking, default_config, past_work, scores
from eval.report import table, with_interval
from eval.simple import by_meaning, by_words, fused, of_owners
from matchengine import Engine
from matchengine.records import Organisation

__all__ = ["CHOICE", "REPORT", "engine_scores", "organisation", "run", "text_of"]

CHOICE, REPORT = (2019,), (2020, 2021)
SCORERS = {"goals": {"use": "topic_cover", "block": "need"}}
Matrix = NDArray[np.float64]


def text_of(project: Project) -> str:
    """Return the title and the description of a project as one text."""
    return f"{project.title}. {project.description}"


def card_text(card: Card) -> str:
    """Return what an organisation says about itself as one text."""
    parts = (card.description, card.category, " ".join(card.topics), " ".join(card.technologies))
    return " ".join(" ".join(parts).split())


def organisation(number: int, card: Card, past: Sequence[Project] = ()) -> Organisation:
    """Return an organisation as a record: the card is its one topic, earlier projects are past work, latest first."""
    told = {"id": f"o{number}", "kind": "other", "title": card.name[:80], "topics": [card_text(card)[:MAX_TEXT]]}
    return Organisation.model_validate(told | {"past_work": past_work(text_of(p) for p in reversed(past))})


def engine_scores(task: OrganisationTask, *, warm: bool, embedder: str = MODEL) -> Matrix:
    """Return the engine's scores of all organisations for all queries, (Q, C), every setting at its default."""
    engine = Engine(default_config("anyone", "organisation", SCORERS, embedder, blocks={"need": 1.0}))
    hosts = [organisation(n, card, task.past[n] if warm else ()) for n, card in enumerate(task.cards)]
    engine.load([asking(query.id, text_of(query)) for query in task.queries], organisations=hosts)
    return scores(engine, [query.id for query in task.queries], [host.id for host in hosts])


def simple_scores(task: OrganisationTask) -> tuple[dict[str, Matrix], dict[str, Matrix]]:
    """Return the scores of simple methods, cold and warm, each by name (Q, C)."""
    count = len(task.cards)
    queries = [text_of(query) for query in task.queries]
    past = [(n, text_of(project)) for n, of_host in enumerate(task.past) for project in of_host]
    texts = [card_text(card) for card in task.cards] + [text for _, text in past]
    owners = [*range(count), *(n for n, _ in past)]
    words, meaning = by_words(queries, texts), by_meaning(queries, texts)
    cold = {"words": words[:, :count], "meaning": meaning[:, :count]}
    cold["words + meaning"] = fused(*cold.values())
    warm = {
        f"{kind}, {told}": of_owners(values, owners, count, how)  # type: ignore[arg-type]
        for kind, values in (("words", words), ("meaning", meaning))
        for how, told in (("max", "best text"), ("top3", "best three"))
    }
    warm["words + meaning, best text"] = fused(warm["words, best text"], warm["meaning, best text"])
    warm["words + meaning, best three"] = fused(warm["words, best three"], warm["meaning, best three"])
    warm["all four"] = fused(*list(warm.values())[:4])
    sizes = np.array([len(of_host) for of_host in task.past], np.float64)
    warm["popularity"] = np.tile(sizes, (len(queries), 1))
    return cold, warm


def run(tasks: Mapping[int, OrganisationTask] | None = None, embedder: str = MODEL) -> tuple[dict[str, Any], str]:
    """Rank for every year, cold and warm; return the result document and its Markdown table."""
    tasks = tasks or {year: organisation_task(year) for year in (*CHOICE, *REPORT)}
    results: dict[str, Any] = {}
    rows: list[list[str]] = []
    for year, task in tasks.items():
        relevant = np.arange(len(task.cards)) == np.array(task.host)[:, None]
        new = relevant & (np.array([not of_host for of_host in task.past]))
        clusters = [query.organisation for query in task.queries]
        for name, simple in zip(("cold", "warm"), simple_scores(task) if embedder == MODEL else ({}, {}), strict=True):
            found = {"engine": engine_scores(task, warm=name == "warm", embedder=embedder)} | simple
            told = compare(found, relevant, clusters, tail=new)
            fusions = [key for key in simple if "+" in key or key == "all four"]
            singles = [key for key in simple if key not in fusions]
            results[f"{year} {name}"] = {
                "queries": len(task.queries),
                "organisations": len(task.cards),
                "methods": told,
                "summary": against(told, singles, fusions) if simple else {},
            }
            rows += rows_of(f"{year} {name}", told)
            print(f"  {year} {name}: {told['engine']['mrr']:.3f}", flush=True)
    headers = ["task", "method", "MRR", "R@10", "coverage", "R@10 of new ones", "engine − method (by organisation)"]
    return _document(results), table(headers, rows)


def _document(results: Mapping[str, Any]) -> dict[str, Any]:
    lines = []
    for name, found in results.items():
        line = found["summary"]
        if line:
            lines.append(
                f"{name}: engine {line['engine']:.3f}, best single {line['single']:.3f} ({line['best_single']}, "
                f"{with_interval(line['engine_minus_single'])}), best fusion {line['fusion']:.3f} "
                f"({line['best_fusion']}, {with_interval(line['engine_minus_fusion'])})"
            )
    return {
        "name": "organisations",
        "question": "Given the text of a project, which organisation hosts it? Cold: from the organisation's card "
        "alone. Warm: with the projects it hosted in earlier years.",
        "source": SOURCES["organisations"],
        "data": {name: {key: found[key] for key in ("queries", "organisations")} for name, found in results.items()},
        "method": [
            "2019 was used to choose the engine's defaults (decision 0016); 2020 and 2021 were not looked at before.",
            "A project that asks is a person with its text as goals; an organisation has its card as one topic, and "
            "up to 30 earlier projects, the latest first, as past work, each cut at 400 characters. Every setting of "
            "the engine is its default; scores are those by which the engine ranks (Scene.table).",
            "An organisation's name, as it is written, is taken out of its projects; earlier projects are found by the "
            "name whatever the case of its letters. There are no projects of 2018.",
            "Simple methods read whole texts: cosines of TF-IDF rows (words) and of one embedding per text (meaning), "
            "over card and earlier projects; sums are of values standardised over all pairs.",
            "MRR and R@10 are expected values over the orders of tied candidates; every organisation is ranked. New "
            "ones hosted no project before. Intervals: percentile bootstrap over organisations, 10,000 resamples.",
        ],
        "results": dict(results),
        "conclusion": "; ".join(lines) + "." if lines else "Simple methods were left out.",
    }
