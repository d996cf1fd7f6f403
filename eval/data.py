"""Real data, read from the folder that MATCHENGINE_DATA names and from nowhere else."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

from eval.items import Project

__all__ = ["SOURCES", "MissingDataError", "data_file", "mentors_of", "read_projects"]

SOURCES = {
    "gsoc": "Google Summer of Code archive 2016 and 2017, joined from github.com/nishantwrp/gsoc-organizations (commit "
    "49df308) and github.com/mzfr/GSoC-Data (commit 4aa701c); mentors are salted hashes, no names were read",
    "organisations": "Google Summer of Code archive 2016, 2017 and 2019 to 2021 from github.com/nishantwrp/"
    "gsoc-organizations (commit 49df308); cards and projects, no names of people were read",
    "dblp_experts": "papers, authors as numbers, and labelled experts from github.com/brochier/expert_finding (commit "
    "f53f057; Brochier, Gourru, Guille & Velcin, BIR@ECIR 2020)",
    "advice_networks": "github.com/schochastics/networkdata (commit 8e4994b): managers (Krackhardt, Social Networks 9, "
    "1987) and physicians (Coleman, Katz & Menzel 1966)",
    "speed_dating": "github.com/smcnish71/Speed-Dating (commit 15c5452), waves 1 to 9 (Fisman, Iyengar, Kamenica & "
    "Simonson, QJE 121(2), 2006); read are meetings and answers, no attribute of anybody",
    "vt_peer_mentoring": "github.com/JohnBarbish/mentoring-matching (commit a4b6a7c), a peer-mentoring programme of "
    "2021/22 whose owner removed names and free texts",
}
"""Where each folder comes from, as its SOURCE.txt says."""


class MissingDataError(Exception):
    """The data are not on this machine; the experiment is skipped with this sentence."""


def data_file(folder: str, name: str) -> Path:
    """Return the path of a data file.

    Raises
    ------
    MissingDataError
        Where MATCHENGINE_DATA is not set or names no folder with that file.
    """
    root = os.environ.get("MATCHENGINE_DATA")
    if not root:
        raise MissingDataError("MATCHENGINE_DATA is not set; it names the folder that holds the real data")
    path = Path(root, folder, name)
    if not path.is_file():
        raise MissingDataError(f"the folder of MATCHENGINE_DATA holds no {folder}/{name}")
    return path


def read_projects(years: tuple[int, ...]) -> list[Project]:
    """Return the projects of some years with at least one mentor, ordered by year and archive id."""
    projects = []
    with gzip.open(data_file("gsoc", "projects.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["year"] in years and row.get("mentors"):
                texts = row["org"], row["title"], row["desc"]
                projects.append(Project(str(row["id"]), row["year"], *texts, tuple(row["mentors"])))
    return sorted(projects, key=lambda project: (project.year, project.id))


def mentors_of(projects: list[Project]) -> dict[str, list[Project]]:
    """Return each mentor with the projects they mentored, in the given order; mentors in the order of pseudonyms."""
    found: dict[str, list[Project]] = {}
    for project in projects:
        for mentor in project.mentors:
            found.setdefault(mentor, []).append(project)
    return dict(sorted(found.items()))
