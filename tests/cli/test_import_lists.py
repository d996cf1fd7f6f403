"""`matchengine import` with events, resources, projects, organisations and feedback beside people and groups."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchengine.cli.shipped import config_path
from tests.cli.commands import Done, run, small_files

EVENTS = "Title,Kind,Start,Topics,Languages\nBaking evening,workshop,2090-05-01 18:00,bake bread,English (native)\n"
RESOURCES = "Title,Type,Topics,Languages\nFlour guide,toolkit,bake bread for a living,English (native)\n"
PROJECTS = "Project,Roles needed,Leader email\nStreet oven,baking (working); building,ida@example.org\n"
ORGANISATIONS = "Name,Type,Topics,Partners\nBread House,ally,bake bread,\nMill,ngo,flour,Bread House\n"
FEEDBACK = "Match,Wave,Perspective,Your email,Satisfaction\np-2,30_days,requester,ida@example.org,5\n"
MORE = """
[match.event]
requester = "anyone"
candidate = "event"
[match.event.scorers.goals]
use = "topic_cover"
[match.resource]
requester = "anyone"
candidate = "resource"
[match.resource.scorers.goals]
use = "topic_cover"
[match.organisation]
requester = "anyone"
candidate = "organisation"
[match.organisation.scorers.goals]
use = "resource_fit"
"""


def config(folder: Path) -> Path:
    """Write a configuration that suggests events and resources too."""
    path = folder / "config.toml"
    path.write_text(config_path("lexical").read_text(encoding="utf-8") + MORE, encoding="utf-8")
    return path


def lists(folder: Path) -> list[object]:
    """Write all lists and return the options that name them."""
    options: list[object] = []
    texts = {"events": EVENTS, "resources": RESOURCES, "projects": PROJECTS, "organisations": ORGANISATIONS}
    for name, text in (texts | {"feedback": FEEDBACK}).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        options += [f"--{name}", folder / f"{name}.csv"]
    return options


def imported(folder: Path, *more: object) -> Done:
    """Import the small programme with more options."""
    people, mapping = small_files(folder)
    return run("import", people, "--map", mapping, "--config", config(folder), "--data", folder / "data", *more)


def test_lists_are_imported_kept_and_suggested(tmp_path: Path) -> None:
    done = imported(tmp_path, *lists(tmp_path), "--json")
    assert done.status == 0, done.text
    counts = done.document["report"]["counts"]
    assert {name: counts[f"{name} made"] for name in ("events", "resources", "projects", "answers")} == dict.fromkeys(
        ("events", "resources", "projects", "answers"), 1
    )
    records = tmp_path / "data" / "records"
    assert counts["organisations made"] == 2
    event = json.loads((records / "events.jsonl").read_text(encoding="utf-8"))
    assert event["start"] == "2090-05-01T18:00:00"
    assert json.loads((records / "projects.jsonl").read_text(encoding="utf-8"))["led_by"] == "p-1"
    assert json.loads((records / "feedback.jsonl").read_text(encoding="utf-8"))["person_id"] == "p-1"
    for kind, wanted in (("event", event["id"]), ("resource", None)):
        got = run("suggest", "p-1", "--kind", kind, "--data", tmp_path / "data", "--json").document["suggestions"]
        assert len(got) == 1
        assert wanted in (None, got[0]["candidate_id"])
    house, mill = (records / "organisations.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(mill)["partners"] == [json.loads(house)["id"]]
    near = run("suggest", "p-1", "--kind", "organisation", "--data", tmp_path / "data", "--json").document[
        "suggestions"
    ]
    assert near[0]["candidate_id"] == json.loads(house)["id"]


def test_lists_stay_where_no_file_of_theirs_is_given(tmp_path: Path) -> None:
    assert imported(tmp_path, *lists(tmp_path)).status == 0
    records = tmp_path / "data" / "records"
    before = {
        name: (records / f"{name}.jsonl").read_bytes()
        for name in ("events", "resources", "projects", "organisations", "feedback")
    }
    again = imported(tmp_path)
    assert again.status == 0
    assert before == {name: (records / f"{name}.jsonl").read_bytes() for name in before}
    told = " ".join(again.err.split())
    for name in ("events", "resources", "projects"):
        assert f"the 1 {name} of the last import were kept; give --{name} to replace them" in told
    assert "the 2 organisations of the last import were kept; give --organisations to replace them" in told
    assert "Beside them: 1 event, 1 resource, 1 project, 2 organisations and 1 answer of feedback." in " ".join(
        again.out.split()
    )
    assert run("suggest", "p-1", "--kind", "event", "--data", tmp_path / "data", "--json").document["suggestions"]


def test_what_changes_in_a_list_is_told_before_anything_is_written(tmp_path: Path) -> None:
    assert imported(tmp_path, *lists(tmp_path)).status == 0
    (tmp_path / "events.csv").write_text(EVENTS + "Tea,social,2026-06-01,tea,English (native)\n", encoding="utf-8")
    (tmp_path / "resources.csv").write_text(RESOURCES.replace("toolkit", "course"), encoding="utf-8")
    changed = ("--events", tmp_path / "events.csv", "--resources", tmp_path / "resources.csv")
    done = imported(tmp_path, *changed, "--diff")
    assert "1 event added, 0 changed, 0 gone" in done.out
    assert "0 resources added, 1 changed (type), 0 gone" in done.out
    assert "project" not in done.out


@pytest.mark.parametrize("name", ["events", "resources", "projects", "organisations", "feedback"])
def test_a_list_that_cannot_be_read_stops_the_import(name: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(bytes(range(256)) * 20)
    done = imported(tmp_path, f"--{name}", tmp_path / "bad.csv")
    assert done.status == 3
    assert "bad.csv" in done.err
    assert not (tmp_path / "data").exists()


def test_a_mapping_of_a_list_is_used(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("Wann,Was,Wie\n1.5.2026,Backen,Kurs\n", encoding="utf-8")
    mapping = 'reads = "events"\n[columns]\n"Wann" = "start"\n"Was" = "title"\n'
    mapping += '"Wie" = { to = "kind", values = { "Kurs" = "workshop" } }\n'
    (tmp_path / "events.toml").write_text(mapping, encoding="utf-8")
    done = imported(tmp_path, "--events", tmp_path / "events.csv", "--map", tmp_path / "events.toml")
    assert done.status == 0, done.text
    event = json.loads((tmp_path / "data" / "records" / "events.jsonl").read_text(encoding="utf-8"))
    assert (event["title"], event["kind"], event["start"]) == ("Backen", "workshop", "2026-05-01T00:00:00")


def test_a_mapping_can_be_suggested_for_a_list_alone(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    done = run("import", "--suggest-map", "--events", tmp_path / "events.csv")
    assert done.status == 0
    assert 'reads = "events"' in done.out
    assert '"Start" = "start"' in done.out
