"""A small programme on disk, and every output of the command line about it, as bytes by name."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matchengine as me
from matchengine.config import parse_config
from matchengine.io import ContactSheet, write_folder
from matchengine.records import ConsentGrant, Feedback, Group, Person, Relationship, as_records
from tests.cli.commands import run
from tests.properties.populations import programme
from tests.support import CONFIG, consent, group

LEXICAL = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
ASKED = ("a0", "m0")
MAY_BE_REFUSED = {"journey"}
"""Commands that say why they cannot, where a rule forbids what is asked."""


def people(mentees: int = 6, mentors: int = 6) -> list[dict[str, Any]]:
    """Return people who have told sensitive things too."""
    made = programme(mentees, mentors, 4)
    for number, person in enumerate(made):
        person["attributes"] = [{"dimension": "heritage", "value": f"told{number % 2}"}]
        person["lived_experience"] = [f"lived{number % 3}"]
    return made


def write_programme(
    data: Path, everybody: Iterable[dict[str, Any]], config: str = LEXICAL, plugins: Sequence[object] = (), **more: Any
) -> me.Engine:
    """Write a programme as `matchengine import` leaves it, and return its engine."""
    members = as_records(everybody, Person)
    given = {
        "consents": [consent(p.id, f) for p in members for f in ("attributes", "lived_experience")],
        "groups": [group("g")],
        "relationships": [],
        "feedback": [],
    } | more
    records: dict[str, list[Any]] = {
        "people": members,
        "groups": as_records(given["groups"], Group),
        "relationships": as_records(given["relationships"], Relationship),
        "consents": as_records(given["consents"], ConsentGrant),
        "feedback": as_records(given["feedback"], Feedback),
    }
    made = me.Engine(parse_config(config), plugins=plugins)
    made.load(**records)
    made.save(data / "engine")
    write_folder(data / "records", records, contacts=ContactSheet())
    return made


def commands(folder: Path) -> dict[str, list[object]]:
    """Return command lines that show something, by a name; those with files write them into a folder."""
    who, other = ASKED

    def files(name: str) -> list[object]:
        return [x for kind in ("csv", "xlsx", "html") for x in (f"--{kind}", folder / f"{name}.{kind}")]

    return {
        "suggest": ["suggest", who],
        "suggest files": ["suggest", who, *files("suggest")],
        "groups of one": ["suggest", who, "--kind", "group"],
        "everyone": ["suggest", "--everyone", *files("everyone")],
        "explain": ["explain", who, other],
        "bundle": ["bundle", who],
        "ask": ["ask", who],
        "check": ["check", "--html", folder / "check.html"],
        "assign": ["assign", *files("assign"), "--save", folder / "plan.json"],
        "shadow": ["shadow"],
        "plugins": ["plugins", "--inputs"],
        "journey": ["journey", who, "g"],
        "prompts": ["prompts", who, other],
        "supports": ["supports", "--kind", "group"],
        "reminders": ["reminders"],
    }


FORMS: tuple[tuple[str, ...], ...] = ((), ("--json",))


def outputs(data: Path, folder: Path, *more: object, forms: Sequence[Sequence[str]] = FORMS) -> dict[str, bytes]:
    """Run every command as text and as JSON; return streams and files by name, workbooks unpacked."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, bytes] = {}
    for name, words in commands(folder).items():
        where = [] if words[0] == "plugins" else ["--data", data]
        for form in forms:
            done = run(*words, *where, *form, *more)
            assert done.status == 0 or name in MAY_BE_REFUSED, (words, done.text)
            label = f"{name} {' '.join(form)}".strip()
            found |= {f"{label} out": done.out.encode(), f"{label} err": done.err.encode()}
    for path in sorted(folder.iterdir()):
        found |= unpacked(path)
    return found


def unpacked(path: Path) -> dict[str, bytes]:
    """Return a file's bytes, a workbook's by its parts."""
    if path.suffix != ".xlsx":
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}


def texts_in(value: object) -> list[str]:
    """Return every text in a document."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    return [value] if isinstance(value, str) else []


def document(found: dict[str, bytes], name: str) -> Any:
    """Return one JSON document of the outputs."""
    return json.loads(found[f"{name} --json out"])
