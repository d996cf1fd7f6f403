"""`matchengine sync`: a full roster into a store, what a dry run says, what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from matchengine.engine import Engine
from matchengine.records import Feedback, Pause
from tests.cli.commands import FILES, Done, run

PEOPLE = "id,name,e-mail,roles,offers,goals\n"
ROWS = [f"p{n},Person {n},p{n}@example.org,{'mentor' if n % 2 else 'mentee'},sql {n},learn {n}" for n in range(10)]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def roster(place: Path, rows: list[str] = ROWS, head: str = PEOPLE) -> Path:
    path = place / "people.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def sync(place: Path, *more: object, files: list[str] = ROWS) -> Done:
    return run("sync", roster(place, files), "--data", place / "p.db", "--contacts", place / "kept", *more)


def begun(place: Path) -> None:
    done = sync(place, "--create", "--config", "lexical")
    assert done.status == 0, done.text


def held(place: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(place.glob("p.db*")) if path.is_file())


def test_a_new_store_is_made_filled_and_found_unchanged_the_second_time(place: Path) -> None:
    begun(place)
    again = sync(place)
    assert again.status == 0
    assert again.out.strip().startswith("Nothing to do in")
    done = run("show-text", "p0", "--data", place / "p.db")
    assert "learn 0" in done.out


def test_contacts_stay_outside_the_store(place: Path) -> None:
    begun(place)
    assert b"example.org" not in held(place)
    assert b"Person 3" not in held(place)
    contacts = place / "kept" / "records" / "contacts.jsonl"
    assert "p3@example.org" in contacts.read_text(encoding="utf-8")
    assert contacts.stat().st_mode & 0o077 == 0
    told = run("person", "export", "p3", "--data", place / "p.db")
    assert [copy["address"] for copy in json.loads(told.out)["copies"]] == [str(contacts.parent)]


def test_who_has_no_id_of_their_own_keeps_the_one_of_the_contacts_sheet(place: Path) -> None:
    head = PEOPLE.removeprefix("id,")
    rows = [row.partition(",")[2] for row in ROWS]

    def go(*more: object) -> Done:
        files = roster(place, rows, head)
        return run("sync", files, "--data", place / "p.db", "--contacts", place / "kept", "--json", *more)

    first = go("--create", "--config", "lexical").document["report"]["difference"]["people"]["added"]
    assert len(first) == 10
    again = go().document
    assert not again["report"]["written"]
    assert again["left_out"] == 0


def test_a_row_without_id_and_address_is_left_out_and_counted(place: Path) -> None:
    begun(place)
    done = sync(place, "--json", files=[*ROWS, ",Somebody,,mentor,cooking,"])
    assert done.document["left_out"] == 1
    assert not done.document["report"]["written"]


def test_a_dry_run_says_exactly_what_happens_and_writes_nothing(place: Path) -> None:
    begun(place)
    before = held(place)
    rows = [*ROWS[:-1], "p10,New,n@example.org,mentor,piano,"]
    rows[2] = rows[2].replace("learn 2", "learn chess")
    dry = sync(place, "--dry-run", "--json", files=rows).document
    assert held(place) == before
    told = sync(place, "--dry-run", files=rows).out
    for part in (
        "Added: p10",
        "Changed: p2 (goals)",
        "Gone, no longer in the programme: p9",
        "matchengine person erase",
    ):
        assert part in " ".join(told.split())
    done = sync(place, "--json", files=rows).document
    assert done["report"] == dry["report"] | {"written": True}
    assert "learn chess" not in told, "ids and names of fields, never values"


def test_half_a_file_is_refused_unless_told(place: Path) -> None:
    begun(place)
    dry = sync(place, "--dry-run", files=ROWS[:5])
    assert "50 % of the people kept would go" in " ".join(dry.out.split())
    refused = sync(place, files=ROWS[:5])
    assert refused.status == 3
    assert "--gone-at-most" in refused.err
    assert "Nothing to do" in sync(place).out
    assert sync(place, "--gone-at-most", "50", files=ROWS[:5]).status == 0


def test_what_is_said_live_survives_a_roster(place: Path) -> None:
    begun(place)
    answer = {"about_id": "p1", "person_id": "p0", "wave": "30_days", "perspective": "requester"}
    with Engine.open(place / "p.db") as engine:
        engine.pause("p3")
        engine.upsert(Feedback.model_validate(answer | {"items": {"not_for_me": True}}))
    assert sync(place, files=[*ROWS, "p11,More,m@example.org,mentor,drums,"]).status == 0
    with Engine.open(place / "p.db", read_only=True) as engine:
        assert set(engine.members("mentor").candidates) == {"p1", "p5", "p7", "p9", "p11"}
        assert engine.explain("p0", "p1", "mentor").standing == "not_available"


def test_relationships_end_only_where_a_file_lists_them(place: Path) -> None:
    begun(place)
    ties = place / "ties.csv"
    with ties.open("w", newline="") as out:
        csv.writer(out).writerows([["mentee", "mentor", "status"], ["p0", "p1", "active"]])
    assert sync(place, "--relationships", ties).status == 0
    assert "Nothing to do" in sync(place).out
    ties.write_text("mentee,mentor,status\np2,p3,active\n", encoding="utf-8")
    assert "1 relationship is no longer listed and ends today." in " ".join(
        sync(place, "--relationships", ties).out.split()
    )
    assert "Nothing to do" in sync(place, "--relationships", ties).out


@pytest.mark.parametrize(
    ("more", "status", "told"),
    [
        (("--create",), 2, "--config"),
        ((), 3, "nothing is kept here yet"),
        (("--create", "--config", "lexical", "--gone-at-most", "120"), 3, "0 to 100"),
    ],
)
def test_what_cannot_be_done_is_said(place: Path, more: tuple[object, ...], status: int, told: str) -> None:
    done = sync(place, *more)
    assert done.status in (status, 1)
    assert told in done.err


def test_a_programme_is_made_once_and_only_in_a_store(place: Path) -> None:
    begun(place)
    done = sync(place, "--create", "--config", "lexical")
    assert "is there already" in done.err
    assert "expected a store" in run("sync", roster(place), "--data", place / "folder").err
    assert run("sync", "--data", place / "p.db").status == 2


def test_a_dry_run_of_a_new_programme_makes_nothing(place: Path) -> None:
    done = sync(place, "--create", "--config", "lexical", "--dry-run")
    assert "10 people added" in done.out
    assert not [path.name for path in place.iterdir() if path.name != "people.csv"]


def test_the_sample_programme_goes_into_a_store_whole(place: Path) -> None:
    arguments = [*FILES, "--data", place / "s.db", "--contacts", place / "kept"]
    done = run("sync", *arguments, "--create", "--config", "lexical", "--json")
    report = done.document["report"]["difference"]
    assert len(report["people"]["added"]) > 150
    assert len(report["groups"]["added"]) > 5
    again = run("sync", *arguments, "--json").document
    assert not again["report"]["written"]


def test_pauses_are_not_touched(place: Path) -> None:
    begun(place)
    with Engine.open(place / "p.db") as engine:
        engine.upsert(Pause(person_id="p1"))
    assert "Nothing to do" in sync(place).out
