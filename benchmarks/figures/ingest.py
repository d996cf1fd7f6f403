"""Taking a programme over: beside bare validation without encoding, beside the model's own best path with it."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from benchmarks.measure import Report, Row, compare, interleaved, timed
from benchmarks.population import BenchPlugin, BenchVectors, people
from benchmarks.worlds import configuration
from matchengine.components import Embedded
from matchengine.engine import Engine
from matchengine.plugins.sentence_transformers import SentenceTransformerEmbedder
from matchengine.pool.embed import embed_distinct
from matchengine.pool.vector_cache import EmbeddingCache
from matchengine.records import Person

WITHOUT, WITH, AGAIN = 2.5, 0.95, 100.0
BATCHES = (32, 64, 128, 256)
WORDS = (
    "plan budget garden welding night school nurse shift tenant rights repair bicycle apply grant visa poem choir "
    "forklift licence childcare return work confidence speak meeting German exam data chart client pitch kitchen "
    "allotment union steward mentor teenager portfolio interview network online safety sign language"
)


class _Timed(BenchVectors):
    """Counts the seconds that the stand-in for a model takes, which are not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.spent = 0.0

    def encode(self, texts: Sequence[str]) -> Embedded:
        start = time.perf_counter()
        try:
            return super().encode(texts)
        finally:
            self.spent += time.perf_counter() - start


def measure(quick: bool) -> Report:
    """Measure ingest without encoding, with encoding, and of a roster that has not changed."""
    report = Report()
    _without(report, 2_000 if quick else 10_000, 3 if quick else 5)
    _with(report, 300 if quick else 1_500, 2 if quick else 3)
    return report


def _without(report: Report, count: int, rounds: int) -> None:
    """Validate and load, less the embedder's own seconds, beside validating alone."""
    adapter = TypeAdapter(list[Person])
    text = json.dumps(people(count)).encode()
    embedder = _Timed()
    parts: list[tuple[float, float]] = []

    def ours(_: int) -> None:
        start = time.perf_counter()
        records = adapter.validate_json(text)
        validated = time.perf_counter()
        engine = Engine(configuration(), plugins=[BenchPlugin()])
        engine.embedder = embedder
        engine.load(records)
        parts.append((validated - start, time.perf_counter() - validated))

    spent: list[float] = []
    totals: list[float] = []
    bare: list[float] = []
    adapter.validate_json(text)
    ours(0)
    for n in range(rounds):
        before = embedder.spent
        totals.append(timed(lambda n=n: ours(n)))
        spent.append(embedder.spent - before)
        bare.append(timed(lambda: adapter.validate_json(text)))
    comparison = compare([a - b for a, b in zip(totals, spent, strict=True)], bare)
    what = f"ingest without encoding: validate and load, {count:,} people"
    row = Row.of(what, comparison, "pydantic validate_json alone", f"≤ {WITHOUT} ×", comparison.within(WITHOUT))
    report.rows.append(row)
    report.details["without encoding"] = {
        "validate_s": round(float(np.median([p[0] for p in parts])), 3),
        "load_s": round(float(np.median([p[1] for p in parts])), 3),
        "embedder_s, taken off": round(float(np.median(spent)), 3),
        "validation_µs_per_person": round(1e6 * float(np.median(bare)) / count, 1),
    }


def _with(report: Report, distinct: int, rounds: int) -> None:
    """Embed a stream with repeated texts beside the model's own fastest path over the distinct ones."""
    texts = _sentences(distinct)
    stream = [texts[n] for n in np.random.default_rng(3).permutation(np.arange(2 * distinct) % distinct)]
    tags = ["en"] * len(stream)
    embedder = SentenceTransformerEmbedder()
    model = embedder._loaded
    ordered = sorted(texts, key=len, reverse=True)
    embedder.encode(texts[:64])

    def encode(batch: int, given: list[str]) -> None:
        model.encode(given, batch_size=batch, convert_to_numpy=True, show_progress_bar=False)

    sweep = {batch: timed(lambda b=batch: encode(b, ordered[::6])) for batch in BATCHES}
    best = min(sweep, key=lambda batch: sweep[batch])
    comparison = interleaved(
        lambda _: embed_distinct(stream, tags, embedder), lambda _: encode(best, ordered), rounds, 0
    )
    throughput = 1 / comparison.ratio
    what = f"ingest with encoding: {len(stream):,} texts, {distinct:,} distinct, all-MiniLM-L6-v2"
    goal = f"≥ {WITH} of its throughput (time ≤ {1 / WITH:.3f} ×)"
    beside = f"the model's own best path, batches of {best}"
    report.rows.append(Row.of(what, comparison, beside, goal, throughput >= WITH))
    report.details["with encoding"] = {
        "throughput share": round(throughput, 3),
        "seconds by batch size, a sixth of the texts": {str(b): round(s, 3) for b, s in sweep.items()},
        "backend": embedder.backend,
    }
    with tempfile.TemporaryDirectory() as folder:
        _again(report, stream[:400], tags[:400], embedder, Path(folder))


def _again(
    report: Report, stream: list[str], tags: list[str], embedder: SentenceTransformerEmbedder, folder: Path
) -> None:
    """The same roster once more: every vector comes from the cache on disk."""
    first = timed(lambda: embed_distinct(stream, tags, embedder, EmbeddingCache(folder)))
    again = [timed(lambda: embed_distinct(stream, tags, embedder, EmbeddingCache(folder))) for _ in range(5)]
    comparison = compare([first] * len(again), again)
    what = "first ingest of a roster's texts"
    row = Row.of(what, comparison, "the unchanged roster again", f"≥ {AGAIN:.0f} ×", comparison.ratio >= AGAIN)
    report.rows.append(row)


def _sentences(count: int) -> list[str]:
    """Distinct made-up items of 4 to 40 words, in the mixture of lengths that surveys have."""
    rng = np.random.default_rng(11)
    words = WORDS.split()
    lengths = np.clip(rng.lognormal(2.3, 0.6, count), 4, 40).astype(int)
    return [f"{' '.join(rng.choice(words, size))} {n}" for n, size in enumerate(lengths.tolist())]
