"""Which organisation hosted which project: cards of one year, its projects as queries, projects of earlier years."""

from __future__ import annotations

import gzip
import json
from typing import Any, NamedTuple

from eval.data import data_file
from eval.items import Project

__all__ = ["Card", "OrganisationTask", "masked", "organisation_task"]


class Card(NamedTuple):
    """What an organisation said about itself in one year."""

    name: str
    description: str
    category: str
    topics: tuple[str, ...]
    technologies: tuple[str, ...]


class OrganisationTask(NamedTuple):
    """The organisations of a year by number, the projects they hosted that year, and their earlier projects.

    `host` is the number of each query's organisation; `past` lists earlier projects of each organisation. Texts of
    projects do not hold the name of their organisation.
    """

    year: int
    cards: list[Card]
    queries: list[Project]
    host: list[int]
    past: list[list[Project]]


def masked(text: str, name: str) -> str:
    """Return a text without a name, as it is written; what remains is joined by single spaces."""
    return " ".join(text.replace(name, " ").split())


def organisation_task(year: int) -> OrganisationTask:
    """Read the task of one year; an organisation is known again by its name, whatever the case of the letters."""
    cards = [_card(row) for row in _rows("organisations.jsonl.gz") if row["year"] == year]
    number = {_key(card.name): n for n, card in enumerate(cards)}
    rows = [row for row in _rows("projects.jsonl.gz") if _key(row["org"]) in number and row["year"] <= year]
    projects = [_project(place, row) for place, row in enumerate(rows)]
    queries = [project for project in projects if project.year == year]
    past: list[list[Project]] = [[] for _ in cards]
    for project in projects:
        if project.year < year:
            past[number[_key(project.organisation)]].append(project)
    return OrganisationTask(year, cards, queries, [number[_key(query.organisation)] for query in queries], past)


def _rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(data_file("gsoc", name), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _key(name: str) -> str:
    return name.strip().lower()


def _card(row: dict[str, Any]) -> Card:
    return Card(row["org"], row["desc"] or "", row["cat"] or "", tuple(row["topics"] or ()), tuple(row["tech"] or ()))


def _project(place: int, row: dict[str, Any]) -> Project:
    title, description = (masked(row[part] or "", row["org"]) for part in ("title", "desc"))
    return Project(f"p{place}", row["year"], row["org"], title, description, ())
