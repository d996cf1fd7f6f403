"""The FAISS index: recall and speed of the approximate search on real vectors, and what one changed person costs."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.inside import match_kind, row_of
from benchmarks.measure import ROOT, Report, Row, interleaved, seconds, timed
from benchmarks.population import DIMENSION, people
from benchmarks.worlds import open_engine
from matchengine.engine import Engine
from matchengine.plugins.faiss import FaissIndex
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.plugins.sentence_transformers import SentenceTransformerEmbedder
from matchengine.records import Person

QUERIES, RECALL, DEPTH, UPSERT, CHEAPER = 100, 0.95, 200, 5e-3, 20.0
MATRIX = NDArray[np.float32]


def measure(quick: bool) -> Report:
    """Measure the approximate search and single changes."""
    report = Report()
    _approximate(report, 3_000 if quick else 8_000)
    _changes(report, 10_000 if quick else 100_000, 20 if quick else 30)
    return report


def _approximate(report: Report, wanted: int) -> None:
    """Recall and speed for texts that are not stored themselves; of no meaning where every list is probed."""
    texts, source = _texts(wanted + QUERIES)
    vectors = SentenceTransformerEmbedder().encode(texts).vectors
    queries, stored = vectors[:QUERIES], vectors[QUERIES:]
    ids = np.arange(len(stored))
    exact, approximate = NumpyIndex(DIMENSION), FaissIndex(DIMENSION, exact_up_to=len(stored) // 2)
    exact.add(ids, stored)
    approximate.add(ids, stored)
    depth = min(DEPTH, len(stored))
    found = [index.search(queries, depth).ids.reshape(len(queries), -1) for index in (approximate, exact)]
    recall = float(np.mean([np.isin(b, a).mean() for a, b in zip(*found, strict=True)]))
    comparison = interleaved(
        lambda n: approximate.search(queries[n : n + 1], depth),
        lambda n: exact.search(queries[n : n + 1], depth),
        QUERIES,
    )
    probed, lists = _probes(approximate)
    what = f"approximate index, {probed} of {lists} lists, {len(stored):,} real vectors: recall@{depth} {recall:.4f}"
    met = recall >= RECALL if probed < lists else None
    goal = f"recall ≥ {RECALL}" if probed < lists else ""
    report.rows.append(Row.of(what, comparison, "the exact search", goal, met))
    report.details["approximate"] = {
        "texts": source,
        "recall": recall,
        "recall the index measured itself": round(approximate.measured_recall, 4),
        "lists probed": probed,
        "lists": lists,
    }


def _probes(index: FaissIndex) -> tuple[int, int]:
    """How many lists a search looks into, and how many there are; 0 of 0 where the search stayed exact."""
    inverted = index._inverted
    return (int(inverted.index.nprobe), int(inverted.index.nlist)) if inverted is not None else (0, 0)


def _texts(wanted: int) -> tuple[list[str], str]:
    """Distinct sentences of real projects where the data are at hand, else of the sample programme's survey."""
    folder = os.environ.get("MATCHENGINE_DATA")
    path = Path(folder) / "gsoc" / "projects.jsonl.gz" if folder else None
    if path is not None and path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            told = [f"{project['title']}. {project['desc']}" for project in map(json.loads, file)]
        source = "sentences of Google Summer of Code projects (MATCHENGINE_DATA)"
    else:
        raw = sorted((ROOT / "examples" / "sample_programme" / "raw").glob("*.?sv"))
        told = [path.read_text(encoding="utf-8-sig", errors="replace") for path in raw]
        source = "survey answers of the sample programme (MATCHENGINE_DATA is not set)"
    sentences = {s.strip()[:400] for text in told for s in re.split(r"(?<=[.!?])\s+|[\n\t;\"]+", text)}
    listed = sorted(s for s in sentences if len(s) >= 20)
    order = np.random.default_rng(2).permutation(len(listed))[:wanted]
    return [listed[n] for n in order.tolist()], source


def _changes(report: Report, count: int, rounds: int) -> None:
    """Upsert known texts under new records, and compare the index alone with FAISS's own way."""
    engine = open_engine(count)
    records = [Person.model_validate({**person, "id": f"new-{n}"}) for n, person in enumerate(people(rounds + 1))]
    engine.upsert(records[-1])
    before = engine._pool.generation
    taken = []
    seen = engine._pool.generation == before
    for n in range(rounds):
        taken.append(timed(lambda n=n: engine.upsert(records[n])))
        seen = seen and _visible(engine, f"new-{n}")
    upsert = float(np.median(taken))
    goal = f"≤ {UPSERT * 1e3:.0f} ms and visible to the next call"
    what = f"upsert of one person, {count:,} people, texts known"
    report.rows.append(Row(what, seconds(upsert), "", goal, upsert <= UPSERT and seen))
    own, faiss_way = _index_alone(engine._pool.indexes[f"{match_kind(engine).sides.candidates}.offers"])
    alone = interleaved(faiss_way, own, rounds)
    what = f"FAISS IDMap2(Flat): add one and remove one of {len(engine._pool.fields['people.offers'].texts):,}"
    row = Row.of(what, alone, "our index", f"≥ {CHEAPER:.0f} × as dear", alone.ratio >= CHEAPER)
    report.rows.append(row)


def _visible(engine: Engine, external: str) -> bool:
    sides = match_kind(engine).sides
    return bool(engine._pool.members(sides.candidates, sides.role)[row_of(engine, external)])


def _index_alone(index: NumpyIndex) -> tuple[Callable[[int], None], Callable[[int], None]]:
    """Two functions that add one vector and remove one, in our index and in FAISS's, over the same vectors."""
    ids = np.sort(index.state()["ids"])
    stored = index.vectors(ids)
    theirs = faiss.IndexIDMap2(faiss.IndexFlatIP(DIMENSION))
    theirs.add_with_ids(stored, ids)
    first = int(ids[-1]) + 1

    def ours(n: int) -> None:
        index.add(np.array([first + n]), stored[n : n + 1])
        index.remove(np.array([first + n]))

    def faiss_way(n: int) -> None:
        theirs.add_with_ids(stored[n : n + 1], np.array([first + n]))
        theirs.remove_ids(np.array([first + n]))

    return ours, faiss_way
