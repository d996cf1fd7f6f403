"""The population of all figures: 3 goals, 4 offers and 5 interests a person, half of the texts distinct.

Every person is mentee and mentor, speaks one to three of eight languages, is free in one or two of 21 weekly slots in
one of six time zones (some 1,400 patterns in all) and lives in one of 400 cells. Nothing here is about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import adler32, crc32

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray
from matchengine.components import Embedded, constraint, embedder, specs_in
from matchengine.hookspecs import hookimpl

GOALS, OFFERS, INTERESTS = 3, 4, 5
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Nairobi", "Asia/Kolkata")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOURS = (9, 12, 18)
LANGUAGES = ("en", "es", "de", "pt", "ar", "uk", "tr", "fr")
LEVELS = ("A2", "B1", "B2", "C1", "native")
VALUES = ("autonomy", "care", "fairness", "creativity", "security", "tradition", "learning", "impact")
SLIDERS = (
    "directive_questioning",
    "structured_spontaneous",
    "task_relationship",
    "written_spoken",
    "challenge_reassure",
)
STAGES = ("student", "entry", "early", "mid", "senior")
MODES = (["video", "in_person"], ["video", "chat"])
NEAREST, TRAVEL_STEPS = 30, 200
"""Travel limits are whole minutes from NEAREST on, each of TRAVEL_STEPS values equally likely."""
WORDS = 6_000
DIMENSION = 384


def people(count: int, seed: int = 7, words_per_text: int = 7) -> list[dict[str, object]]:
    """Return `count` person records as dicts, the same for the same seed."""
    rng = np.random.default_rng(seed)
    texts = [_texts(rng, items * count, words_per_text) for items in (GOALS, OFFERS, INTERESTS)]
    alphabet = np.array(list("0123456789bcdefghjkmnpqrstuvwxyz"))
    cells = ["".join(letters) for letters in alphabet[rng.integers(32, size=(400, 3))].tolist()]
    draws = _Draws.of(rng, count, len(cells))
    rows = zip(*(column.tolist() for column in draws), strict=True)
    return [_person(n, _Drawn(*row), texts, cells) for n, row in enumerate(rows)]


def _texts(rng: np.random.Generator, count: int, words: int) -> list[str]:
    """`count` texts of which half are distinct; the frequency of words follows a power law."""
    distinct = max(1, count // 2)
    ranks = rng.zipf(1.3, size=(distinct, words)) % WORDS
    made = [f"{' '.join(f'word{r:x}' for r in row)} n{n:x}" for n, row in enumerate(ranks.tolist())]
    chosen = np.concatenate([np.arange(distinct), rng.integers(0, distinct, count - distinct)])
    rng.shuffle(chosen)
    return [made[n] for n in chosen.tolist()]


class _Draws(NamedTuple):
    """Everything drawn for all people, one row per person."""

    goal: NDArray[np.int64]
    offer: NDArray[np.int64]
    places: NDArray[np.int64]
    values: NDArray[np.int64]
    style: NDArray[np.int64]
    stage: NDArray[np.int64]
    spoken: NDArray[np.int64]
    how_many: NDArray[np.int64]
    level: NDArray[np.int64]
    zone: NDArray[np.int64]
    slots: NDArray[np.int64]
    mode: NDArray[np.int64]
    cell: NDArray[np.int64]
    travel: NDArray[np.int64]

    @classmethod
    def of(cls, rng: np.random.Generator, count: int, cells: int) -> _Draws:
        return cls(
            goal=rng.integers(1, 4, size=(count, GOALS)),
            offer=rng.integers(1, 5, size=(count, OFFERS)),
            places=rng.integers(1, 4, size=count),
            values=_orders(rng, count, len(VALUES))[:, :3],
            style=rng.integers(-2, 3, size=(count, len(SLIDERS))),
            stage=rng.integers(len(STAGES), size=count),
            spoken=_orders(rng, count, len(LANGUAGES))[:, :3],
            how_many=rng.integers(1, 4, size=count),
            level=rng.integers(len(LEVELS), size=(count, 3)),
            zone=rng.integers(len(ZONES), size=count),
            slots=rng.integers(len(DAYS) * len(HOURS), size=(count, 2)),
            mode=rng.integers(len(MODES), size=count),
            cell=rng.integers(cells, size=count),
            travel=rng.integers(TRAVEL_STEPS, size=count),
        )


def _orders(rng: np.random.Generator, count: int, size: int) -> NDArray[np.int64]:
    """A random order of `size` things for each of `count` people."""
    return np.argsort(rng.random((count, size)), axis=1)


class _Drawn(NamedTuple):
    """One row of `_Draws`."""

    goal: list[int]
    offer: list[int]
    places: int
    values: list[int]
    style: list[int]
    stage: int
    spoken: list[int]
    how_many: int
    level: list[int]
    zone: int
    slots: list[int]
    mode: int
    cell: int
    travel: int


def _person(n: int, drawn: _Drawn, texts: Sequence[list[str]], cells: Sequence[str]) -> dict[str, object]:
    goals, offers, interests = (
        of[items * n : items * (n + 1)] for of, items in zip(texts, (GOALS, OFFERS, INTERESTS), strict=True)
    )
    spoken = zip(drawn.spoken[: drawn.how_many], drawn.level, strict=False)
    return {
        "id": f"p-{n}",
        "roles": ["mentee", "mentor"],
        "capacity": {"mentor": drawn.places},
        "adult": True,
        "vetting": {"status": "vetted"},
        "goals": [{"text": t, "priority": p} for t, p in zip(goals, drawn.goal, strict=True)],
        "offers": [{"text": t, "level": v} for t, v in zip(offers, drawn.offer, strict=True)],
        "interests": [{"text": t} for t in interests],
        "values": [VALUES[v] for v in drawn.values],
        "style": dict(zip(SLIDERS, drawn.style, strict=True)),
        "career_stage": STAGES[drawn.stage],
        "languages": [{"tag": LANGUAGES[s], "level": LEVELS[v]} for s, v in spoken],
        "availability": [_slot(slot, ZONES[drawn.zone]) for slot in sorted(set(drawn.slots))],
        "cadence": {"every": "biweekly", "minutes": 60},
        "modes": MODES[drawn.mode],
        "place": {"country": "GB", "geohash": cells[drawn.cell], "max_travel_minutes": NEAREST + drawn.travel},
    }


def _slot(slot: int, zone: str) -> dict[str, object]:
    day, hour = divmod(slot, len(HOURS))
    return {
        "start": f"2026-01-{5 + day:02d}T{HOURS[hour]:02d}:00:00",
        "duration_minutes": 120,
        "time_zone": zone,
        "rrule": f"FREQ=WEEKLY;BYDAY={DAYS[day]}",
    }


@embedder("bench-vectors")
class BenchVectors:
    """Clustered random unit vectors: what an embedder would give, in a fraction of its time.

    A vector depends on its text alone: a centre and two of 65,536 directions, picked by checksums.
    """

    fingerprint = "bench-vectors-2"
    dimension = DIMENSION
    languages = None

    def __init__(self, *, clusters: int = 500) -> None:
        rng = np.random.default_rng(1)
        self._centres = rng.standard_normal((clusters, DIMENSION)).astype(np.float32)
        self._noise = rng.standard_normal((1 << 16, DIMENSION), dtype=np.float32) * np.float32(1.2 / 2**0.5)

    def encode(self, texts: Sequence[str]) -> Embedded:
        """Return one unit vector per text."""
        one = np.array([crc32(t.encode()) for t in texts], np.int64)
        other = np.array([adler32(t.encode()) for t in texts], np.int64) * 0x9E3779B1 + one
        vectors = self._centres[one % len(self._centres)]
        vectors += self._noise[(one >> 16) & 0xFFFF]
        vectors += self._noise[(other >> 12) & 0xFFFF]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return Embedded(vectors, np.zeros(len(texts), np.bool_))


@constraint("bench_share", reason="outside the share of people that the benchmark lets pass")
def bench_share(candidate_max_travel_minutes: FloatArray, *, share: float = 1.0) -> NDArray[np.bool_]:
    """Let a share of the candidates pass, drawn without regard to anything else."""
    passes: NDArray[np.bool_] = candidate_max_travel_minutes < NEAREST + share * TRAVEL_STEPS
    return passes


class BenchPlugin:
    """Offers the benchmark's embedder and the rule that lets a share of the candidates pass."""

    __name__ = "benchmarks"

    @hookimpl
    def matchengine_components(self) -> list[object]:
        """Offer the components."""
        return list(specs_in(BenchVectors, bench_share))
