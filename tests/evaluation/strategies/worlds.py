"""Matrices made by hand, and a small programme whose engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matchengine.batch import Sides
from matchengine.comparison import Asked, Outcomes
from matchengine.components import ScorerSpec, Settings
from matchengine.config import MatchConfig, ScorerChoice
from matchengine.engine import Engine
from matchengine.evaluation.strategies.answer import Resources
from matchengine.evaluation.strategies.matrices import ScoreMatrices
from matchengine.kinds import ActiveScorer, MatchKind
from matchengine.registry import Registry
from tests.support import WordsPlugin, config, mentee, mentor

TOPICS = ("welding", "pottery", "tax law", "gardens", "music theory", "sql and data work", "public speaking")
BLOCKS = ("need", "relate", "feasible")


def kind_of(scorers: int = 5, lifts: int = 0, across: float = 0.0, **more: Any) -> MatchKind:
    """A kind of match with so many scorers, dealt out to three blocks."""
    names = [f"s{n}" for n in range(scorers)]
    chosen = {
        name: ScorerChoice(use="x", block=BLOCKS[n % 3], weight=round(1 + n / 3, 3)) for n, name in enumerate(names)
    }
    match = MatchConfig(requester="mentee", candidate="mentor", scorers=chosen, across=across, **more)
    active = [
        ActiveScorer(name, ScorerSpec("scorer", name, len, Settings), {}, chosen[name].block, chosen[name].weight)
        for name in names
    ]
    active += [
        ActiveScorer(f"lift{n}", ScorerSpec("scorer", f"lift{n}", len, Settings, role="lift"), {}, None, 1.0)
        for n in range(lifts)
    ]
    return MatchKind("mentor", match, Sides("people", "people"), None, tuple(active), ())


def matrices_of(
    people: int = 12, others: int = 20, *, seed: int = 0, gaps: float = 0.15, lifts: int = 0, discreet: bool = True,
    dtype: Any = np.float64, **kind: Any,
) -> tuple[ScoreMatrices, Any, Any]:  # fmt: skip
    """Random coarse values with gaps; also where lists begin, and gains."""
    made = kind_of(lifts=lifts, **kind)
    rng = np.random.default_rng(seed)
    shape = (people * others, len(made.scorers))
    values = np.round(rng.random(shape), 1)
    values[:, len(made.scorers) - lifts :] *= 0.25
    values[rng.random(shape) < gaps] = np.nan
    sure = np.where(np.isnan(values), 0, 1 - 0.4 * rng.random(shape))
    goals = 1 << rng.integers(0, 3, shape[0]) if made.config.goal_blocks else None
    matrices = ScoreMatrices(
        made, values.astype(dtype), sure.astype(dtype), rng.random(shape[0]) < 0.9, np.ones(shape[0], bool), goals,
        values[: 8 * others], sure[: 8 * others], None if goals is None else goals[: 8 * others], discreet, "made",
    )  # fmt: skip
    gain = np.where(rng.random(shape[0]) < 0.15, rng.integers(1, 3, shape[0]), 0.0).astype(float)
    gain[rng.random(shape[0]) < 0.2] = np.nan
    return matrices, np.arange(people + 1) * others, gain


MENTEES, MENTORS = 14, 25


def records() -> list[dict[str, Any]]:
    """Mentees with different goals and mentors with different offers."""
    people = [mentee(f"a{n:02}", goals=[{"text": f"{TOPICS[n % 7]} {n % 3}"}]) for n in range(MENTEES)]
    offers = [[{"text": f"{TOPICS[n % 7]} {n % 4}", "level": n % 4 + 1}] for n in range(MENTORS)]
    return people + [mentor(f"m{n:02}", offers=own) for n, own in enumerate(offers)]


REVERSE = """
[match.mentee]
requester = "mentor"
candidate = "mentee"
[match.mentee.scorers.interests]
use = "interest_affinity"
[match.mentee.scorers.practical]
use = "feasibility"
"""


@dataclass
class Programme:
    """Makes engines as the harness does, and counts how often."""

    extra: str = ""
    loads: int = 0
    made: dict[frozenset[str], Engine] = field(default_factory=dict)

    def engine(self, _path: str, gone: frozenset[str] = frozenset()) -> Engine:
        """Return an engine without some people."""
        if gone not in self.made:
            self.loads += 1
            self.made[gone] = Engine(config(self.extra), plugins=[WordsPlugin()])
            self.made[gone].load([person for person in records() if person["id"] not in gone])
        return self.made[gone]


def asked_of(known: Outcomes | None = None, seed: int = 3) -> Asked:
    """Every mentee about every mentor; two places each, one mentor without a limit."""
    seats = np.full(MENTORS, 2.0)
    seats[3] = np.nan
    return Asked(
        requester_ids=tuple(f"a{n:02}" for n in range(MENTEES)),
        candidate_ids=tuple(f"m{n:02}" for n in range(MENTORS)),
        requester=np.repeat(np.arange(MENTEES, dtype=np.int32), MENTORS),
        candidate=np.tile(np.arange(MENTORS, dtype=np.int32), MENTEES),
        seats=seats,
        arrival=np.arange(MENTEES),
        requester_texts=tuple((f"{TOPICS[n % 7]} {n % 3}",) for n in range(MENTEES)),
        candidate_texts=tuple((f"{TOPICS[n % 7]} {n % 4}",) for n in range(MENTORS)),
        known=known or Outcomes.none(),
        seed=seed,
    )


def resources_of(programme: Programme, *wanted: str, extra: tuple[object, ...] = (), **more: Any) -> Resources:
    """What the harness lends."""
    registry = Registry(("builtin", "lexical"), extra)
    parts: Any = frozenset({"lists", *wanted})
    return Resources(registry, programme.engine, "engine.toml", "mentor", wanted=parts, draws=2, **more)


def outcomes(seed: int = 5) -> Outcomes:
    """Two good mentors each, among those with the same topic, and some bad ones."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(MENTEES):
        fit = [whom for whom in range(MENTORS) if whom % 7 == who % 7]
        rows += [(who, whom, 1.0 if whom in fit else 0.0) for whom in sorted({*fit[:2], *rng.integers(0, MENTORS, 4)})]
    who, whom, gain = (np.array(column) for column in zip(*rows, strict=True))
    return Outcomes(who.astype(np.int32), whom.astype(np.int32), gain, np.full(len(who), np.nan))
