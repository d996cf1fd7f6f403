"""Run a ranking through the public engine: records in, ranked candidates out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from eval.items import Project, Split, offers_of, wants_of
from matchengine import Engine, EngineConfig, Person

__all__ = ["MODEL", "Ranked", "Setting", "config", "mentee", "mentor", "rank_all"]

MODEL = "sentence-transformers"
LENGTH = 50
DENSE, SHORTLIST = 2_500, 200


class Setting(NamedTuple):
    """What one strategy changes: the weights of both kinds of evidence, the aggregation over items, the items."""

    semantic: float = 1.0
    lexical: float = 1.0
    items: str = "max"
    split: Split = "passages"
    dense_up_to: int = DENSE


class Ranked(NamedTuple):
    """Per requester up to 50 candidates with their scores, best first, and how long loading and ranking took."""

    lists: dict[str, list[tuple[str, float]]]
    seconds: float


def config(setting: Setting, embedder: str = MODEL) -> EngineConfig:
    """Return a configuration that ranks mentors by the need block alone: nothing else is known in these data."""
    scorer = {"use": "semantic_reciprocal", "block": "need", "with": {"items": setting.items}}
    match = {
        "requester": "mentee",
        "candidate": "mentor",
        "scorers": {"goals": scorer},
        "constraints": {"with": {"vetting": {"required": False}}},
    }
    retrieve = {"semantic": setting.semantic, "lexical": setting.lexical, "dense_up_to": setting.dense_up_to}
    whole: dict[str, Any] = {
        "name": "experiment",
        "plugins": {"enable": ["builtin", embedder]},
        "embedder": {"use": embedder},
        "match": {"mentor": match},
        "retrieve": {**retrieve, "shortlist": SHORTLIST},
        "run": {"seed": 7},
    }
    return EngineConfig.model_validate(whole)


def mentor(name: str, projects: Sequence[Project], split: Split) -> Person:
    """Return a mentor whose offers are the items of past projects; skill levels and aims are unknown."""
    offers = [{"text": text} for text in offers_of(projects, split)]
    return Person.model_validate({"id": name, "roles": ["mentor"], "adult": True, "offers": offers})


def mentee(project: Project, split: Split) -> Person:
    """Return a mentee who wants to do a project: its title is the goal (priority 3), the rest are wants."""
    goal, wants = wants_of(project, split)
    texts = {"goals": [{"text": goal, "priority": 3}], "wants": [{"text": want} for want in wants]}
    return Person.model_validate({"id": project.id, "roles": ["mentee"], "adult": True, **texts})


def rank_all(
    mentors: Mapping[str, Sequence[Project]], queries: Sequence[Project], setting: Setting, embedder: str = MODEL
) -> Ranked:
    """Load everybody into an engine and suggest for every query.

    Parameters
    ----------
    mentors : dict of id to projects
        The candidates.
    queries : sequence of Project
        The requesters, with ids that no mentor has.
    """
    began = time.perf_counter()
    engine = Engine(config(setting, embedder))
    people = [mentor(name, projects, setting.split) for name, projects in mentors.items()]
    engine.load([*people, *(mentee(query, setting.split) for query in queries)])
    found = engine.suggest_many([query.id for query in queries], "mentor", LENGTH)
    lists = {name: [(s.candidate_id, s.score) for s in of_query] for name, of_query in found.items()}
    return Ranked(lists, time.perf_counter() - began)
