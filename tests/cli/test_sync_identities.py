"""`matchengine sync`, `person erase` and `allow`: who is who by id and address, and whose a contacts sheet is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.commands import Done, run
from tests.cli.test_sync import NO_IDS, PEOPLE, ROWS, begun, contacts_in, erase, place, roster, sync, sync_by_address

__all__ = ["place"]


def allow(place: Path, who: str) -> Done:
    return run("person", "allow", who, "--data", place / "p.db", "--by", "coordinator:7")


def difference(done: Done) -> dict[str, object]:
    found: dict[str, object] = done.document["report"]["difference"]["people"]
    return found


NOTHING = {"added": [], "changed": {}, "gone": []}


def test_who_is_allowed_back_by_one_of_two_addresses_stays_under_the_other(place: Path) -> None:
    begun(place)
    erase(place, "p5")
    moved = [row.replace("p5@example.org", "new5@example.org") for row in ROWS]
    assert sync(place, "--json", files=moved).document["erased"] == 1
    assert allow(place, "new5@example.org").status == 0
    assert difference(sync(place, "--json"))["added"] == ["p5"]
    assert difference(sync_by_address(place)) == NOTHING
    assert allow(place, "p5@example.org").status != 0


def test_who_is_allowed_back_after_a_restore_stays_under_their_address(place: Path) -> None:
    begun(place)
    shutil.copy2(place / "p.db", place / "copy")
    erase(place, "p5")
    shutil.copy2(place / "copy", place / "p.db")
    assert sync(place, "--json").document["erased"] == 1
    assert allow(place, "p5").status == 0
    assert sync_by_address(place).document["erased"] == 0
    assert difference(sync(place, "--json", "--gone-at-most", "100"))["added"] == ["p5"]
    assert difference(sync_by_address(place)) == NOTHING


def test_who_has_the_address_of_somebody_erased_and_is_here_stays_here(place: Path) -> None:
    begun(place)
    erase(place, "p5")
    rows = [row for row in ROWS if not row.startswith("p5,")]
    child = "p11,Their child,p5@example.org,mentee,,learn 11"
    assert difference(sync(place, "--json", files=[*rows, child]))["added"] == ["p11"]
    done = sync_by_address(place, rows=[row.partition(",")[2] for row in [*rows, child]])
    assert (done.document["erased"], difference(done)) == (0, NOTHING)


def test_who_was_known_by_their_address_alone_stays_away_under_any_id(place: Path) -> None:
    sync_by_address(place, "--create", "--config", "lexical")
    ids = contacts_in(place)
    erase(place, ids["p5@example.org"])
    back = "x3,Person 5,P5@example.org,mentor,sql 5,learn 5"
    named = [f"{ids[row.split(',')[2]]},{row.partition(',')[2]}" for row in ROWS if not row.startswith("p5,")]
    done = sync(place, "--json", files=[*named, back])
    assert (done.document["erased"], difference(done)) == (1, NOTHING)
    assert "p5@example.org" not in contacts_in(place)
    assert allow(place, "p5@example.org").status == 0
    assert difference(sync(place, "--json", files=[*named, back]))["added"] == ["x3"]


def test_who_left_is_taken_out_of_the_contacts_and_kept_away(place: Path) -> None:
    begun(place)
    rest = [row for row in ROWS if not row.startswith("p5,")]
    sync(place, files=rest)
    erase(place, "p7")  # which sweeps what told that p5 was here
    assert "p5@example.org" in contacts_in(place)
    done = erase(place, "p5")
    assert done.status == 0, done.text
    assert "p5@example.org" not in contacts_in(place)
    assert sync(place, "--json").document["erased"] == 2
    assert erase(place, "p5").status != 0


def test_a_folder_that_is_named_has_to_have_a_sheet(place: Path) -> None:
    begun(place)
    done = run("person", "erase", "p5", "--data", place / "p.db", "--by", "c:7", "--yes", "--contacts", place / "none")
    assert done.status != 0
    assert "contacts sheet" in done.text
    assert run("person", "show", "p5", "--data", place / "p.db").status == 0


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_of_contacts_belongs_to_one_programme(place: Path, create: bool) -> None:
    begun(place)
    if not create:
        people = roster(place, ROWS, PEOPLE)
        elsewhere = ("--data", place / "other.db", "--contacts", place / "theirs")
        assert run("sync", people, *elsewhere, "--create", "--config", "lexical").status == 0
    begin = ("--create", "--config", "lexical") if create else ()
    done = run("sync", roster(place), "--data", place / "other.db", "--contacts", place / "kept", *begin)
    assert done.status != 0
    assert "belong to another programme" in " ".join(done.text.split())
    assert (place / "other.db").exists() is not create
    (place / "kept" / "records" / "programme").unlink()
    done = run("sync", roster(place), "--data", place / "other.db", "--contacts", place / "kept", *begin)
    assert done.status == 0, done.text


def test_contacts_of_another_programme_are_not_touched_by_an_erasure(place: Path) -> None:
    begun(place)
    people, theirs = roster(place, [row.partition(",")[2] for row in ROWS], NO_IDS), place / "theirs"
    run("sync", people, "--data", place / "other.db", "--contacts", theirs, "--create", "--config", "lexical")
    done = run("person", "erase", "p5", "--data", place / "p.db", "--by", "c:7", "--yes", "--contacts", theirs)
    assert done.status != 0
    assert "belong to another programme" in " ".join(done.text.split())
