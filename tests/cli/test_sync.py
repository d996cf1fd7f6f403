"""`matchengine sync`: a full roster into a store, what a dry run says, what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from matchengine.engine import Engine
from matchengine.errors import DataError, StoreBusyError
from matchengine.io import ContactSheet
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
    with Engine.open(place / "p.db", read_only=True) as engine:
        assert [copy.address for copy in engine.copies()] == [str(contacts.parent)]


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


NO_IDS = PEOPLE.removeprefix("id,")
BY_ADDRESS = [row.partition(",")[2] for row in ROWS]


def sync_by_address(place: Path, *more: object, rows: list[str] = BY_ADDRESS) -> Done:
    """Sync people whom their e-mail addresses alone tell apart."""
    files = roster(place, rows, NO_IDS)
    return run("sync", files, "--data", place / "p.db", "--contacts", place / "kept", "--json", *more)


def contacts_in(place: Path) -> dict[str, str]:
    lines = (place / "kept" / "records" / "contacts.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["email"]: line["id"] for line in map(json.loads, lines)}


def erase(place: Path, person_id: str) -> Done:
    return run("person", "erase", person_id, "--data", place / "p.db", "--by", "coordinator:7", "--yes")


class CutError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after_the_commit", [True, False])
def test_a_sync_that_is_cut_gives_nobody_another_id(
    place: Path, monkeypatch: pytest.MonkeyPatch, after_the_commit: bool
) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    rows = [*BY_ADDRESS, "New,new@example.org,mentor,piano,"]

    def cut(*arguments: object, **options: object) -> object:
        if not options.get("dry_run"):
            if after_the_commit:
                committing(*arguments, **options)
            raise CutError
        return committing(*arguments, **options)

    committing = Engine.sync
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "sync", cut)
        with pytest.raises(CutError):
            sync_by_address(place, rows=rows)
    given = contacts_in(place)["new@example.org"]
    people = sync_by_address(place, rows=rows).document["report"]["difference"]["people"]
    assert people["added"] == ([] if after_the_commit else [given])
    assert people["gone"] == []
    assert contacts_in(place)["new@example.org"] == given


def test_without_its_contacts_sheet_a_sync_changes_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync_by_address(place, "--create", "--config", "lexical")

    def full(_sheet: object, path: Path) -> None:
        raise DataError(f"{path}: cannot be written (No space left on device)")

    rows = [*BY_ADDRESS, "New,new@example.org,mentor,piano,"]
    with monkeypatch.context() as patch:
        patch.setattr(ContactSheet, "write", full)
        assert "No space left" in sync_by_address(place, rows=rows).err
    assert not sync_by_address(place).document["report"]["written"]
    assert len(sync_by_address(place, rows=rows).document["report"]["difference"]["people"]["added"]) == 1


def test_the_contacts_sheet_is_read_by_whoever_may_write(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    reading = ContactSheet.read.__func__  # type: ignore[attr-defined]

    def read(cls: type[ContactSheet], path: Path) -> ContactSheet:
        with pytest.raises(StoreBusyError):
            Engine.open(place / "p.db")
        return reading(cls, path)

    monkeypatch.setattr(ContactSheet, "read", classmethod(read))
    assert not sync_by_address(place).document["report"]["written"]


def test_a_refused_sync_writes_no_address(place: Path) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    assert sync_by_address(place, rows=["Stranger,stranger@example.org,mentor,piano,"]).status == 3
    assert "stranger@example.org" not in contacts_in(place)


def test_a_file_that_cannot_be_read_makes_no_programme(place: Path) -> None:
    (place / "nobody.csv").write_text("nothing\n", encoding="utf-8")
    told = ("--data", place / "p.db", "--contacts", place / "kept", "--create", "--config", "lexical")
    assert run("sync", place / "nobody.csv", *told).status == 3
    assert not (place / "p.db").exists()


@pytest.mark.parametrize("sheet", ["as it is", "put back", "lost"])
def test_who_was_erased_stays_away_though_their_address_alone_is_known(place: Path, sheet: str) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    path = place / "kept" / "records" / "contacts.jsonl"
    before, ids = path.read_bytes(), contacts_in(place)
    done = erase(place, ids["p5@example.org"])
    assert str(path) in done.err.replace("\n", "")
    assert "by hand" not in done.out, "the sheet is needed, and holds nothing of them"
    assert "p5@example.org" not in contacts_in(place)
    if sheet == "put back":
        path.write_bytes(before)
    elif sheet == "lost":
        path.unlink()
    done = sync_by_address(place, "--gone-at-most", "100")
    assert done.document["erased"] == 1
    assert len(done.document["report"]["difference"]["people"]["added"]) == (9 if sheet == "lost" else 0)
    assert "p5@example.org" not in contacts_in(place)
    assert b"learn 5" not in held(place)
    assert "1 person in the files was erased" in run(
        "sync", place / "people.csv", "--data", place / "p.db", "--contacts", place / "kept"
    ).out.replace("\n", " ")


def test_a_host_erases_by_id_and_a_sync_keeps_the_address_away(place: Path) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    with Engine.open(place / "p.db") as engine:
        engine.erase(contacts_in(place)["p5@example.org"], why="asked", by="host")
    for _time in range(2):
        done = sync_by_address(place).document
        assert (done["erased"], done["report"]["written"]) == (1, False)
        assert "p5@example.org" not in contacts_in(place)


@pytest.mark.parametrize("by_address", [True, False])
def test_who_was_erased_comes_back_by_their_id_or_address(place: Path, by_address: bool) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    person_id = contacts_in(place)["p5@example.org"]
    erase(place, person_id)
    who = "P5@example.org" if by_address else person_id
    assert run("person", "allow", who, "--data", place / "p.db", "--by", "coordinator:7").status == 0
    done = sync_by_address(place).document
    assert done["erased"] == 0
    assert done["report"]["difference"]["people"]["added"] == [contacts_in(place)["p5@example.org"]]


def test_an_erased_id_is_not_written_into_the_contacts_again_nor_is_who_else_has_the_address_kept_away(
    place: Path,
) -> None:
    begun(place)
    erase(place, "p5")
    done = sync(place, "--json").document
    assert (done["erased"], done["report"]["written"]) == (1, False)
    assert "p5@example.org" not in contacts_in(place)
    rows = [*ROWS, "p11,Their child,p5@example.org,mentee,,learn 11"]
    done = sync(place, "--json", files=[row for row in rows if not row.startswith("p5,")]).document
    assert done["report"]["difference"]["people"]["added"] == ["p11"]


def test_others_no_longer_name_who_was_erased_by_their_address(place: Path) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    erase(place, contacts_in(place)["p5@example.org"])
    apart = place / "apart.csv"
    apart.write_text("person,other,kind\np0@example.org,p5@example.org,must_not\n", encoding="utf-8")
    for _time in range(2):
        assert not sync_by_address(place, "--relationships", apart).document["report"]["written"]
    assert "p5@example.org" not in contacts_in(place)


def test_contacts_that_cannot_be_put_right_hinder_no_erasure_and_are_named(place: Path) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    person_id, path = contacts_in(place)["p5@example.org"], place / "kept" / "records" / "contacts.jsonl"
    path.write_text("damaged\n", encoding="utf-8")
    done = erase(place, person_id)
    assert done.status == 0
    assert str(path.parent) in done.out
