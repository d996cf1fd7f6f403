"""Rank with the real engine: records in, the score of every requester with every candidate out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.items import MAX_TEXT, passages
from matchengine import Engine, EngineConfig, Person
from matchengine.batch import PairBatch
from matchengine.errors import DataError

__all__ = ["MODEL", "PAST", "asking", "default_config", "past_work", "scores"]

MODEL = "sentence-transformers"
PAST = 30
"""Most texts of past work of a record."""
Scores = NDArray[np.float64]


def default_config(
    requester: str, candidate: str, scorers: Mapping[str, Any], embedder: str = MODEL, **match: Any
) -> EngineConfig:
    """Return a configuration of one kind of match, `kind`, with every setting at its default."""
    kind: dict[str, Any] = {"requester": requester, "candidate": candidate, "scorers": dict(scorers), **match}
    kind.setdefault("constraints", {"with": {"vetting": {"required": False}}})
    whole: dict[str, Any] = {
        "name": "experiment",
        "plugins": {"enable": ["builtin", embedder]},
        "embedder": {"use": embedder},
        "match": {"kind": kind},
        "run": {"seed": 7},
    }
    return EngineConfig.model_validate(whole)


def asking(name: str, text: str, role: str | None = None) -> Person:
    """Return somebody who asks with a text: its first 400 characters are the goal that matters most, the rest follows.

    Whole sentences are packed into goals of at most 400 characters: the first has priority 3, up to four more have 1.
    """
    goals = [{"text": part, "priority": 3 if n == 0 else 1} for n, part in enumerate(passages(text)[:5])]
    roles = [role] if role else []
    return Person.model_validate({"id": name, "roles": roles, "adult": True, "goals": goals})


def past_work(texts: Iterable[str]) -> list[str]:
    """Return up to 30 texts of past work in the given order, each cut at 400 characters, without repetition."""
    cut = (" ".join(text.split())[:MAX_TEXT].strip() for text in texts)
    return list(dict.fromkeys(text for text in cut if text))[:PAST]


def scores(engine: Engine, requesters: Sequence[str], candidates: Sequence[str], kind: str = "kind") -> Scores:
    """Return the score of every pair, float64 (R, C), by which the engine ranks; NaN where a rule forbids the pair.

    Pairs about which too little is known stand below all others, as in the engine's lists.
    """
    scene = engine._scene(kind)
    tables, sides = engine._pool.tables, scene.kind.sides
    try:
        columns = np.array([tables[sides.candidates].row_of[name] for name in candidates], np.int32)
        rows = [tables[sides.requesters].row_of[name] for name in requesters]
    except KeyError as unknown:
        raise DataError(f"{unknown} is not loaded; load every requester and candidate before ranking") from None
    place = np.full(len(tables[sides.candidates]), -1)
    place[columns] = np.arange(len(columns))
    found = np.full((len(rows), len(columns)), np.nan)
    for n, row in enumerate(rows):
        allowed = np.intersect1d(scene.eligible(row), columns)
        if len(allowed):
            _, table = scene.table(PairBatch.one_to_many(row, allowed))
            found[n, place[allowed]] = np.round(table.total - ~table.informed, 9)
    return found
