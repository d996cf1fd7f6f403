"""The answers of the sample programme fit the data model, and most mentees have somebody to meet."""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "sample_programme"
sys.path.insert(0, str(FOLDER))

from harbour_bridge import wording  # noqa: E402
from harbour_bridge.people import load_people  # noqa: E402
from harbour_bridge.persona import Persona  # noqa: E402
from harbour_bridge.places import spot  # noqa: E402

from matchengine.records import Group, Person, as_records  # noqa: E402
from matchengine.records import vocabulary as v  # noqa: E402

pytest.importorskip("openpyxl")
import openpyxl  # noqa: E402

MONDAY = datetime(2026, 3, 2)
TAGS = {name: tag for tag, name in wording.LANGUAGES.items()}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _items(cell: object) -> list[str]:
    return [item.strip() for item in str(cell or "").split(";") if item.strip()]


def _inverse(words: dict[str, str]) -> dict[str, str]:
    return {word: name for name, word in words.items()}


def _languages(cell: object) -> list[dict[str, str]]:
    found = re.findall(r"([^;]+?) \((\w+)\)(?:; |$)", str(cell or ""))
    signed = {"bfi"}
    return [
        {"tag": TAGS[name], "level": level, "modality": "signed" if TAGS[name] in signed else "spoken"}
        for name, level in found
    ]


def _slots(names: list[str], zone: object) -> list[dict[str, Any]]:
    known = {name: (days, start, minutes) for name, days, start, minutes in wording.SLOTS.values()}
    slots = []
    for name in names:
        days, start, minutes = known[name]
        hour, minute = map(int, start.split(":"))
        rule = f"FREQ=WEEKLY;BYDAY={days}"
        at = MONDAY + timedelta(hours=hour, minutes=minute)
        slots.append({"start": at, "duration_minutes": minutes, "time_zone": zone, "rrule": rule})
    return slots


def _place(row: dict[str, Any], town: str, square: str, travel: str) -> dict[str, Any]:
    code = _inverse(wording.COUNTRIES).get(row["Country"])
    minutes = row[travel] or None
    return {"country": code, "area": row[town], "geohash": row[square] or None, "max_travel_minutes": minutes}


def _mentor(row: dict[str, str], position: int) -> dict[str, Any]:
    capacity = {"two": "2", "": "1"}.get(
        row["How many mentees can you take on?"], row["How many mentees can you take on?"]
    )
    return {
        "id": row["Member no."] or f"row-{position}",
        "roles": ["mentor"],
        "capacity": {"mentor": int(capacity)},
        "offers": [
            {"text": text}
            for text in _items(row["What could you help somebody with? (up to five, please separate with ;)"])
        ],
        "wants": [
            {"text": text}
            for text in _items(row["Anything you would like to LEARN from somebody here? (separate with ;)"])
        ],
        "interests": [
            {"text": text} for text in _items(row["What do you do when you are not working? (separate with ;)"])
        ],
        "mentoring_focus": row["Who would you most like to mentor?"],
        "hopes_to_gain": row["And what do you hope to get out of it yourself?"],
        "values": _items(row["Values: pick up to five"]),
        "languages": _languages(row["LANGUAGES you can mentor in"]),
        "text_language": row["Language of your answers"],
        "availability": _slots(_items(row["When are you usually free? (tick all)"]), row[" Time zone"]),
        "place": _place(row, "City", "Map square (from the link)", "If in person: how many minutes would you travel?"),
        "modes": [_inverse(wording.MODES)[word] for word in _items(row["How would you like to meet? (tick all)"])],
        "lived_experience": _items(row["Lived experience you would like to be found by (optional, separate with ;)"]),
        "age_band": row["Age band (optional)"],
        "adult": row["I confirm that I am 18 or older"] == "Yes",
    }


def _mentee(row: dict[str, Any], position: int) -> dict[str, Any]:
    free = [name.removeprefix("Free: ") for name, cell in row.items() if name.startswith("Free: ") and cell == 1]
    barriers = re.findall(r"(\w+) \((\w+)\)", str(row["What makes it hard? (;)"] or ""))
    wishes = re.findall(r"([^;]+?) \(([a-z ]+)\)", str(row["I would like my mentor to share (;)"] or ""))
    return {
        "id": row["Member number"] or f"row-{position}",
        "roles": ["mentee"],
        "goals": [{"text": row[name]} for name in ("Goal 1", "Goal 2", "Goal 3") if row[name]],
        "wants": [{"text": text} for text in _items(row["Skills I would like to learn (;)"])],
        "offers": [{"text": text} for text in _items(row["Something I could show somebody, even a small thing (;)"])],
        "interests": [{"text": text} for text in _items(row["Hobbies / Interessen / aficiones (;)"])],
        "values": _items(row["What matters to you? (up to 5)"]),
        "languages": _languages(row["Sprachen / Languages"]),
        "text_language": row["I answered in"],
        "availability": _slots(free, row["Time zone"]),
        "place": _place(row, "Town", "Map square", "Travel at most (minutes)") if row["Town"] else None,
        "modes": [_inverse(wording.MODES)[word] for word in _items(row["How could we meet? (;)"])],
        "norm_needs": [_inverse(wording.NORMS)[word] for word in _items(row["I need in a group (;)"])],
        "safety_needs": [_inverse(wording.SAFETY)[word] for word in _items(row["A group is safe for me if (;)"])],
        "barriers": [{"kind": kind, "strength": strength} for kind, strength in barriers],
        "wishes": [
            {"dimension": _inverse(wording.WISHES)[what.strip()], "strength": strength.replace(" ", "_")}
            for what, strength in wishes
        ],
        "lived_experience": _items(row["Things I have lived through (;)"]),
        "age_band": row["Age band (optional)"],
        "pronouns": row["Pronouns"],
    }


def _group(row: dict[str, str]) -> dict[str, Any]:
    yes_no = {"yes": True, "no": False}
    shares = {"yes": 1.0, "partly": 0.5, "no": 0.0}
    helps = {name.removeprefix("Helps with: ").replace(" ", "_"): cell for name, cell in row.items() if "Helps" in name}
    contacts = re.findall(r"(HB-\d{4}) \((.+?)\)", row["Contacts"])
    return {
        "id": row["Group no"],
        "title": row["Name"],
        "kind": row["Kind"].replace(" ", "_"),
        "topics": _items(row["Topics"]),
        "description": row["Description"],
        "text_language": row["Written in"],
        "languages": _languages(row["Languages"]),
        "modes": [_inverse(wording.MODES)[word] for word in _items(row["How"])],
        "cost": row["Cost"],
        "venue_type": row["Venue"] or None,
        "step_free": yes_no.get(row["Step-free"]),
        "norms": [_inverse(wording.NORMS)[word] for word in _items(row["Norms"])],
        "framing": _inverse(wording.FRAMINGS).get(row["Around"]),
        "admission": row["Open or closed"],
        "exposure_level": int(row["Exposure 0-4"]) if row["Exposure 0-4"] else None,
        "topic_risk": row["Topic risk"],
        "supports": [
            {
                "kind": kind,
                "value": shares[cell],
                "source": row["Who says so"] or "unknown",
                "on": row["Checked on"] or None,
            }
            for kind, cell in helps.items()
            if cell in shares
        ],
        "safety": {
            "items": [_inverse(wording.SAFETY)[word] for word in _items(row["Safety"])],
            "rules": _items(row["Rules"]),
            "facilitator_type": row["Run by"] or None,
            "crisis_protocol": yes_no.get(row["Crisis protocol"]),
        },
        "contacts": [{"person_id": number, "consented": word == "yes"} for number, word in contacts],
        "how_it_works": row["How a first visit goes"] or None,
        "suspended": row["Suspended"] == "yes",
    }


def test_all_mentors_fit_the_data_model() -> None:
    text = (FOLDER / "raw" / "mentors_2026.csv").read_bytes().decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text, newline="")) if any(row.values())]
    people = as_records([_mentor(row, position) for position, row in enumerate(rows)], Person)
    assert all(person.offers and person.languages and person.availability for person in people)
    assert len({person.id for person in people}) == len(people)


def test_all_mentees_fit_the_data_model() -> None:
    book = openpyxl.load_workbook(FOLDER / "raw" / "mentees_2026.xlsx")
    head, *rows = book["Form responses 1"].iter_rows(values_only=True)
    dicts = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    people = as_records([_mentee(row, position) for position, row in enumerate(dicts)], Person)
    assert sum(not person.goals for person in people) == 1
    assert sum(bool(person.barriers) for person in people) > 70


def test_all_groups_fit_the_data_model() -> None:
    lines = (FOLDER / "raw" / "groups.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    head = lines[0].split("\t")
    groups = as_records([_group(dict(zip(head, line.split("\t"), strict=True))) for line in lines[1:]], Group)
    assert all(group.topics and group.description and group.languages for group in groups)
    assert sum(bool(group.supports) for group in groups) == 40


def _quarters(person: Persona) -> set[int]:
    """Quarter hours of a week in UTC at which somebody is free."""
    found: set[int] = set()
    for slot in person.hours if person.place else ():
        _, days, start, minutes = wording.SLOTS[slot]
        hour, minute = map(int, start.split(":"))
        for day in days.split(","):
            local = MONDAY + timedelta(days=DAYS.index(day), hours=hour, minutes=minute)
            at = local.replace(tzinfo=ZoneInfo(spot(person.place).time_zone)).astimezone(UTC)
            first = int(at.timestamp()) // 900
            found |= {(first + step) % 672 for step in range(minutes // 15)}
    return found


def _speak(one: Persona, other: Persona) -> bool:
    levels = {tag.split("-")[0]: v.LANGUAGE_LEVELS.index(level) for tag, level in one.languages}
    floor = v.LANGUAGE_LEVELS.index("B1")
    return any(
        min(levels.get(tag.split("-")[0], -1), v.LANGUAGE_LEVELS.index(level)) >= floor
        for tag, level in other.languages
    )


def test_most_mentees_share_hours_and_a_language_with_several_mentors() -> None:
    people = load_people()
    free = {person.key: _quarters(person) for person in people}
    mentors = [person for person in people if person.is_mentor]
    counts = {
        person.key: sum(
            len(free[person.key] & free[m.key]) >= 3 and _speak(person, m) for m in mentors if m.key != person.key
        )
        for person in people
        if person.is_mentee
    }
    assert median(counts.values()) >= 20
    easy = [key for key, count in counts.items() if count >= 3]
    assert len(easy) >= 0.9 * len(counts)
    alone = {key for key, count in counts.items() if count == 0}
    assert alone == {"almost-empty", "elevator-tigrinya", "dari-mother"}
