"""The population of all figures: 3 goals, 4 offers and 5 interests a person, half of the texts distinct.

Every person is mentee and mentor, speaks one to three of eight languages, is free in some of 60 weekly patterns in
six time zones and lives in one of 400 cells. Nothing here is about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from matchengine.components import Embedded, embedder, specs_in
from matchengine.hookspecs import hookimpl

ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Nairobi", "Asia/Kolkata")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LANGUAGES = ("en", "es", "de", "pt", "ar", "uk", "tr", "fr")
LEVELS = ("A2", "B1", "B2", "C1", "native")
VALUES = ("autonomy", "care", "fairness", "creativity", "security", "tradition", "learning", "impact")
SLIDERS = ("directive_questioning", "structured_spontaneous", "task_relationship", "written_spoken", "challenge_reassure")
WORDS = 6_000
DIMENSION = 384


def people(count: int, seed: int = 7, words_per_text: int = 7) -> list[dict[str, object]]:
    """Return `count` person records as dicts, the same for the same seed."""
    rng = np.random.default_rng(seed)
    pools = {
        "goals": _texts(rng, 3 * count, words_per_text),
        "offers": _texts(rng, 4 * count, words_per_text),
        "interests": _texts(rng, 5 * count, words_per_text),
    }
    cells = ["".join(rng.choice(list("0123456789bcdefghjkmnpqrstuvwxyz"), 3)) for _ in range(400)]
    return [_person(rng, n, pools, cells) for n in range(count)]


def _texts(rng: np.random.Generator, count: int, words: int) -> list[str]:
    """`count` texts of which half are distinct; the frequency of words follows a power law."""
    distinct = max(1, count // 2)
    ranks = rng.zipf(1.3, size=(distinct, words)) % WORDS
    made = [f"{' '.join(f'word{r:x}' for r in row)} n{n:x}" for n, row in enumerate(ranks.tolist())]
    chosen = np.concatenate([np.arange(distinct), rng.integers(0, distinct, count - distinct)])
    rng.shuffle(chosen)
    return [made[n] for n in chosen]


def _person(
    rng: np.random.Generator, n: int, pools: dict[str, list[str]], cells: Sequence[str]
) -> dict[str, object]:
    spoken = rng.choice(len(LANGUAGES), size=rng.integers(1, 4), replace=False)
    zone = ZONES[rng.integers(len(ZONES))]
    slots = [
        {
            "start": f"2026-01-{5 + day:02d}T{hour:02d}:00:00",
            "duration_minutes": 120,
            "time_zone": zone,
            "rrule": f"FREQ=WEEKLY;BYDAY={DAYS[day]}",
        }
        for day, hour in {(int(rng.integers(7)), int(rng.choice((9, 12, 18)))) for _ in range(2)}
    ]
    return {
        "id": f"p-{n}",
        "roles": ["mentee", "mentor"],
        "capacity": {"mentor": int(rng.integers(1, 4))},
        "adult": True,
        "vetting": {"status": "vetted"},
        "goals": [{"text": t, "priority": int(rng.integers(1, 4))} for t in pools["goals"][3 * n : 3 * n + 3]],
        "offers": [{"text": t, "level": int(rng.integers(1, 5))} for t in pools["offers"][4 * n : 4 * n + 4]],
        "interests": [{"text": t} for t in pools["interests"][5 * n : 5 * n + 5]],
        "values": [VALUES[v] for v in rng.choice(len(VALUES), 3, replace=False)],
        "style": {name: int(rng.integers(-2, 3)) for name in SLIDERS},
        "career_stage": ("student", "entry", "early", "mid", "senior")[rng.integers(5)],
        "languages": [{"tag": LANGUAGES[s], "level": LEVELS[rng.integers(len(LEVELS))]} for s in spoken],
        "availability": slots,
        "cadence": {"every": "biweekly", "minutes": 60},
        "modes": ["video", "in_person"] if rng.random() < 0.5 else ["video", "chat"],
        "place": {"country": "GB", "geohash": cells[rng.integers(len(cells))], "max_travel_minutes": 60},
    }


@embedder("bench-vectors")
class BenchVectors:
    """Clustered random unit vectors: what an embedder would give, without its time."""

    fingerprint = "bench-vectors-1"
    dimension = DIMENSION
    languages = None

    def __init__(self, *, clusters: int = 500) -> None:
        rng = np.random.default_rng(1)
        self._centres = rng.standard_normal((clusters, DIMENSION)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Embedded:
        """Return one vector per text, near the centre that the text's checksum picks."""
        rng = np.random.default_rng(2)
        picks = np.array([crc32(t.encode()) for t in texts]) % len(self._centres)
        vectors = rng.standard_normal((len(texts), DIMENSION), dtype=np.float32)
        vectors *= 1.2
        vectors += self._centres[picks]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return Embedded(vectors, np.zeros(len(texts), np.bool_))


class BenchPlugin:
    """Offers the benchmark's embedder."""

    __name__ = "benchmarks"

    @hookimpl
    def matchengine_components(self) -> list[object]:
        """Offer the embedder."""
        return list(specs_in(BenchVectors))
