"""Who is an expert on what: papers with their authors, labelled experts, and papers that ask (DBLP)."""

from __future__ import annotations

import gzip
import json
from typing import NamedTuple

from eval.data import data_file

__all__ = ["ExpertTask", "expert_task"]


class ExpertTask(NamedTuple):
    """Experts by number with the papers they wrote, and queries with who may be found for each.

    `papers` holds all texts; `of_expert` the numbers of each expert's papers; `queries` the numbers of the papers that
    ask. `relevant` and `allowed` are sets of experts per query: those who share a topic, and all but the authors of the
    query itself (the strict protocol).
    """

    papers: list[str]
    of_expert: list[list[int]]
    queries: list[int]
    topics: list[tuple[int, ...]]
    relevant: list[frozenset[int]]
    allowed: list[frozenset[int]]


def expert_task() -> ExpertTask:
    """Read the task; queries none of whose relevant experts is left are kept with an empty set."""
    with gzip.open(data_file("dblp_experts", "documents.jsonl.gz"), "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: row["id"])
    labels = json.loads(data_file("dblp_experts", "labels.json").read_text(encoding="utf-8"))
    number = {author: n for n, author in enumerate(labels["experts"])}
    place = {row["id"]: n for n, row in enumerate(rows)}
    of_expert: list[list[int]] = [[] for _ in number]
    for n, row in enumerate(rows):
        for author in dict.fromkeys(row["authors"]):
            if author in number:
                of_expert[number[author]].append(n)
    queries = [place[document] for document in labels["query_documents"]]
    topics = [tuple(told) for told in labels["query_topics"]]
    everybody = frozenset(number.values())
    allowed = [everybody - {number[a] for a in rows[query]["authors"] if a in number} for query in queries]
    able = [frozenset(told) for told in labels["expert_topics"]]
    relevant = [frozenset(n for n in may if able[n] & set(told)) for told, may in zip(topics, allowed, strict=True)]
    return ExpertTask([row["text"] for row in rows], of_expert, queries, topics, relevant, allowed)
