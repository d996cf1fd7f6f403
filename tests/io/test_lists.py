"""Events, resources, projects and feedback from spreadsheets: as forgiving and as honest as groups."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from matchengine.errors import ConfigError
from matchengine.io import (
    Contact,
    ContactSheet,
    ImportRefusedError,
    Mapping,
    read_events,
    read_feedback,
    read_projects,
    read_resources,
    suggest_mapping,
)
from matchengine.io.mapping import parse_mapping
from matchengine.io.report import KEYS
from matchengine.records import FeedbackItems, ProjectRole

CONTACTS = ContactSheet([Contact(id="p-1", email="ida@example.org"), Contact(id="p-2", email="ona@example.org")])


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    """Write a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_events_from_a_spreadsheet_with_guessed_headers(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Event no,Name,Type,Date and time,Duration,Topics,Languages,City,Places,Registered,Greeters,For pairs,"
        "Beginner\n"
        "E-1,Open door,open day,02/04/2026 18:30,90,tea; meeting people,English (native),Bristol,30,12,"
        "ida@example.org (yes),yes,yes\n"
        "E-2,Choir night,social,soon,,singing,English (native),Bristol,many,,stranger@example.org,no,\n"
        ",No kind,,,,,,,,,,,\n",
    )
    made = read_events(path, contacts=CONTACTS)
    first, second = made.records
    assert first.start == datetime(2026, 4, 2, 18, 30)
    assert (first.duration_minutes, first.capacity, first.size_now, first.pair_invitation) == (90, 30, 12, True)
    assert first.contacts[0].person_id == "p-1"
    assert first.contacts[0].consented
    assert first.place is not None
    assert first.place.area == "Bristol"
    assert (second.start, second.capacity, second.contacts) == (None, None, ())
    assert {(p.row, p.column) for p in made.report.failures} == {
        (3, "Date and time"), (3, "Places"), (3, "Greeters"), (4, None), (None, "Beginner"),
    }  # fmt: skip
    assert made.report.counts["events made"] == 2
    assert set(made.report.counts) <= set(KEYS)
    with pytest.raises(ImportRefusedError):
        read_events(path, strict=True)


@pytest.mark.parametrize(
    ("headers", "country"),
    [
        ("Titel,Art,Beginn,Themen,Sprachen,Plätze", "de"),
        ("Título,Tipo,Fecha,Temas,Idiomas,Plazas", "es"),
        ("Title,Type,Date,Topics,Languages,Places", "en"),
    ],
)
def test_headers_in_several_languages(headers: str, country: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"{headers}\nAbend,workshop,2026-05-01 19:00,Tanz,{country} (native),20\n")
    [event] = read_events(path, strict=True).records
    assert (event.title, event.kind, event.capacity) == ("Abend", "workshop", 20)
    assert event.start == datetime(2026, 5, 1, 19)


def test_an_event_without_id_is_the_same_at_the_next_import_and_another_on_another_day(tmp_path: Path) -> None:
    path = written(tmp_path, "Title,Kind,Start\nTea,social,2026-05-01\nTea,social,2026-06-01\nTea,social,2026-05-01\n")
    one, other = read_events(path).records
    assert [one, other] == read_events(path).records
    assert one.id != other.id
    assert [p.row for p in read_events(path).report.failures] == [4]


def test_projects_with_roles(tmp_path: Path) -> None:
    mapping = parse_mapping(
        'reads = "projects"\n[columns]\n"Must have" = { to = "roles", fixed = { importance = 3 } }\n'
        '"Nice to have" = { to = "roles", fixed = { importance = 1 } }\n"Who leads" = "led_by"\n"Name" = "title"\n'
        '"State" = "phase"\n"First day" = "starts"\n'
    )
    path = written(
        tmp_path,
        "Name,Must have,Nice to have,Who leads,State,First day\n"
        "Street film,cutting film (working); sound,subtitles (beginner),ida@example.org,looking for people,1.5.2026\n",
    )
    [project] = read_projects(path, mapping, strict=True, contacts=CONTACTS).records
    assert project.roles == (
        ProjectRole(text="cutting film", importance=3, level=2),
        ProjectRole(text="sound", importance=3),
        ProjectRole(text="subtitles", importance=1, level=1),
    )
    assert (project.led_by, project.phase, project.starts) == ("p-1", "open", date(2026, 5, 1))


def test_resources_with_a_helpline(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Resource no,Title,Type,Topics,Languages,Country,Cost,Level,Last checked\n"
        "R-1,Night line,helpline,somebody to talk to,German (native); Turkish (C1),Germany,free,,2026-02-01\n"
        "R-2,SQL from zero,course,SQL,English (native),,low,beginner,\n"
        "R-3,Odd,gadget,,,,,,\n",
    )
    made = read_resources(path)
    line, course = made.records
    assert (line.type, line.country, line.fresh_on) == ("helpline", "DE", date(2026, 2, 1))
    assert [language.tag for language in line.languages] == ["de", "tr"]
    assert (course.level, course.cost) == (1, "low")
    assert {(p.row, p.column) for p in made.report.failures} == {(4, "Type"), (4, None)}


def test_feedback_is_whole_or_left_out(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Match,Wave,Perspective,Your email,Satisfaction,Trust,Felt unsafe,Timestamp\n"
        "p-2,30_days,requester,ida@example.org,5,4,no,2026-03-01 10:00\n"
        "g-1,end,requester,,2,,yes,\n"
        "p-2,30_days,requester,who@example.org,5,,,\n"
        "p-2,30_days,requester,ida@example.org,9,3,,\n"
        "p-2,whenever,requester,ida@example.org,5,,,\n",
    )
    made = read_feedback(path, contacts=CONTACTS)
    first, anonymous, kept = made.records
    assert (first.person_id, first.anonymous, first.given_at) == ("p-1", False, datetime(2026, 3, 1, 10))
    assert first.items == FeedbackItems(satisfaction=5, trust=4, felt_unsafe=False)
    assert (anonymous.person_id, anonymous.anonymous, anonymous.items.felt_unsafe) == (None, True, True)
    assert kept.items == FeedbackItems(trust=3), "a rating out of range is dropped and never moved into range"
    assert {p.row for p in made.report.failures} == {4, 5, 6}
    assert not any("who@" in str(p) for p in made.report.problems)


def test_a_mapping_for_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="reads"):
        read_events(written(tmp_path, "Title,Kind\nTea,social\n"), Mapping(reads="groups"))


def test_records_stay_records_in_json_lines(tmp_path: Path) -> None:
    path = written(tmp_path, '{"id": "e", "title": "Tea", "kind": "social", "topics": ["tea"]}\n', "events.jsonl")
    assert read_events(path, strict=True).records[0].topics == ("tea",)


@pytest.mark.parametrize(
    ("reads", "text", "targets"),
    [
        ("events", "Name of the event,When is the event?,How many people can come?\nTea,2026-05-01,20\n", {"title"}),
        ("resources", "Title,What kind of resource is it?,Topics\nGuide,toolkit,law\n", {"title", "type", "topics"}),
        ("projects", "Project name,Who is needed?\nFilm,sound; light\n", {"title", "roles"}),
        ("feedback", "Match id,How satisfied are you?,Felt unsafe\np-1,4,no\n", {"about_id", "items.satisfaction"}),
    ],
)
def test_a_mapping_can_be_suggested_for_every_list(reads: str, text: str, targets: set[str], tmp_path: Path) -> None:
    told = suggest_mapping(written(tmp_path, text), reads=reads)  # type: ignore[arg-type]
    loaded = parse_mapping(told)
    assert loaded.reads == reads
    assert targets <= {rule.to for rule in loaded.columns.values()}
