"""How a past project becomes text items of a person, within the caps of a `Person` (10 offers, 10 wants)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Literal, NamedTuple

__all__ = [
    "MAX_ITEMS",
    "MAX_TEXT",
    "Project",
    "Split",
    "offers_of",
    "passages",
    "sentences",
    "split_project",
    "wants_of",
    "whole",
]

MAX_ITEMS = 10
MAX_TEXT = 400
Split = Literal["passages", "sentences", "projects", "whole"]
"""`passages`: the title, then whole sentences packed up to 400 characters. `sentences`: the title, then sentence by
sentence. `projects`: one item per project, cut at 400 characters. `whole`: one item per person, cut there too."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


class Project(NamedTuple):
    """One project of the archive; `mentors` are pseudonyms."""

    id: str
    year: int
    organisation: str
    title: str
    description: str
    mentors: tuple[str, ...]


def sentences(text: str) -> list[str]:
    """Split a text at sentence ends and line breaks; a sentence beyond 400 characters is cut at a space."""
    found = []
    for sentence in _SENTENCE_END.split(text):
        rest = " ".join(sentence.split())
        while len(rest) > MAX_TEXT:
            cut = rest.rfind(" ", 0, MAX_TEXT + 1)
            cut = cut if cut > 0 else MAX_TEXT
            found.append(rest[:cut])
            rest = rest[cut:].strip()
        if rest:
            found.append(rest)
    return found


def passages(text: str) -> list[str]:
    """Pack the sentences of a text, in order, into passages of at most 400 characters."""
    packed: list[str] = []
    for sentence in sentences(text):
        if packed and len(packed[-1]) + 1 + len(sentence) <= MAX_TEXT:
            packed[-1] += " " + sentence
        else:
            packed.append(sentence)
    return packed


def split_project(project: Project, split: Split) -> list[str]:
    """Return the items of one project, the title first."""
    if split in ("projects", "whole"):
        return [whole([project])]
    title = sentences(project.title)[:1]
    return title + (passages if split == "passages" else sentences)(project.description)


def whole(projects: Sequence[Project], limit: int = MAX_TEXT) -> str:
    """Return all text of some projects as one, cut at `limit` characters."""
    text = " ".join(f"{project.title}. {project.description}" for project in projects)
    return " ".join(text.split())[:limit].strip()


def offers_of(projects: Sequence[Project], split: Split) -> list[str]:
    """Return at most 10 distinct offers of a mentor: the projects take turns, so that each has its title in first.

    With more projects than places the latest in the order of archive ids are left out.
    """
    if split == "whole":
        return [whole(projects)]
    turns = zip_longest(*(split_project(project, split) for project in projects))
    items = (item for item in chain.from_iterable(turns) if item)
    return list(dict.fromkeys(items))[:MAX_ITEMS]


def wants_of(project: Project, split: Split) -> tuple[str, list[str]]:
    """Return the goal of a mentee (the title, or the whole text) and at most 10 wants (the rest)."""
    first, *rest = split_project(project, split)
    return first, [item for item in dict.fromkeys(rest) if item != first][:MAX_ITEMS]
