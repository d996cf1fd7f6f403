"""`matchengine import`: files it cannot read, ids that stay, folders that only their owner can read."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import Done, run, small_files


def ids(data: Path) -> dict[str, str]:
    """Return the id of each e-mail address in a folder."""
    lines = (data / "records" / "contacts.jsonl").read_text(encoding="utf-8").splitlines()
    return {contact["email"]: contact["id"] for contact in map(json.loads, lines) if contact.get("email")}


def small_import(folder: Path, *more: object) -> Done:
    """Import the small programme."""
    people, mapping = small_files(folder)
    return run("import", people, "--map", mapping, "--config", "lexical", "--data", folder / "data", *more)


def test_a_second_import_keeps_ids_and_suggestions(tmp_path: Path) -> None:
    assert small_import(tmp_path).status == 0
    first = ids(tmp_path / "data")
    before = run("suggest", "p-1", "--data", tmp_path / "data", "--json").document["suggestions"]
    assert first["tom@example.org"].startswith("p-")
    assert len(set(first.values())) == 3
    assert small_import(tmp_path).status == 0
    assert ids(tmp_path / "data") == first
    assert run("suggest", "p-1", "--data", tmp_path / "data", "--json").document["suggestions"] == before


def test_everything_is_readable_by_its_owner_alone(data: Path) -> None:
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"people.jsonl", "contacts.jsonl", "arrays.bin", "import-report.json"}
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    for folder in ("records", "engine"):
        assert stat.S_IMODE((data / folder).stat().st_mode) == 0o700


def test_the_report_is_kept_beside_the_records(imported: tuple[Path, Done]) -> None:
    data, done = imported
    kept = json.loads((data / "records" / "import-report.json").read_text(encoding="utf-8"))
    assert kept["problems"]
    for part in ("Rows left out", "Values dropped", "Notes"):
        assert (part in done.err) == any(part.startswith(_title(p["effect"])) for p in kept["problems"])


def _title(effect: str) -> str:
    return {"row left out": "Rows", "value dropped": "Values", "note": "Notes", "file refused": "Files"}[effect]


def _nothing(path: Path) -> None:
    """Leave the file away."""


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 20)


def _folder(path: Path) -> None:
    path.mkdir()


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (_nothing, "an existing file; there is none of this name"),
    "empty": (_empty, "the file is empty"),
    "binary": (_binary, "expected text"),
    "folder": (_folder, "this is a folder"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_cannot_be_read_gives_one_clear_error(kind: str, tmp_path: Path) -> None:
    make, told = BAD[kind]
    make(tmp_path / "people.csv")
    done = run("import", tmp_path / "people.csv", "--config", "lexical", "--data", tmp_path / "data")
    assert told in " ".join(done.err.split())
    assert "Traceback" not in done.err
    assert done.err.count("people.csv") == 1


@pytest.mark.parametrize("kind", BAD)
def test_an_import_of_nobody_is_3_and_leaves_what_is_there(kind: str, tmp_path: Path) -> None:
    assert small_import(tmp_path).status == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    bad = tmp_path / "wrong.csv"
    BAD[kind][0](bad)
    done = run("import", bad, "--config", "lexical", "--data", tmp_path / "data")
    assert done.status == 3, "nobody was read; that is no success"
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()} == before


def test_a_mapping_that_does_not_exist_is_2(tmp_path: Path) -> None:
    people, _ = small_files(tmp_path)
    done = run("import", people, "--map", tmp_path / "none.toml", "--data", tmp_path / "data")
    assert done.status == 2
    assert "cannot be read" in done.err
    assert not (tmp_path / "data").exists()


def test_two_mappings_of_one_kind_are_2(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    done = run("import", people, "--map", mapping, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
    assert done.status == 2
    assert "a second mapping that reads 'people'" in done.err


def test_a_folder_with_other_things_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "data" / "engine").mkdir(parents=True)
    (tmp_path / "data" / "engine" / "thesis.txt").write_text("mine", encoding="utf-8")
    done = small_import(tmp_path)
    assert done.status == 3
    assert "choose another folder" in done.err
    assert (tmp_path / "data" / "engine" / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_a_refused_file_beside_a_good_one_writes_nothing(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    done = run(
        *("import", people, tmp_path / "mistyped.csv", "--map", mapping),
        *("--config", "lexical", "--data", tmp_path / "data"),
    )
    assert done.status == 3
    assert "1 file(s) refused; nothing was written" in done.err
    assert "mistyped.csv: expected an existing file" in done.err
    assert not (tmp_path / "data").exists()


def test_a_file_of_nobody_writes_nothing(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    people.write_text(people.read_text(encoding="utf-8").splitlines()[0] + "\n,,,mentor,yes,,,\n", encoding="utf-8")
    done = run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
    assert done.status == 3
    assert "no person was read from these files; nothing was written" in done.err
    assert not (tmp_path / "data").exists()


def test_a_refused_save_leaves_the_records_as_they_are(tmp_path: Path) -> None:
    assert small_import(tmp_path).status == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "data" / "records").iterdir()}
    (tmp_path / "data" / "engine" / "manifest.json").unlink()
    with (tmp_path / "people.csv").open("a", encoding="utf-8") as file:
        file.write("p-9,new@example.org,,mentor,yes,vetted,,\n")
    people, mapping = tmp_path / "people.csv", tmp_path / "mapping.toml"
    done = run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
    assert done.status == 3
    assert {path.name: path.read_bytes() for path in (tmp_path / "data" / "records").iterdir()} == before


def test_groups_and_relationships_stay_until_others_are_given(tmp_path: Path) -> None:
    groups, ties = tmp_path / "groups.csv", tmp_path / "ties.csv"
    groups.write_text("id,title,kind,topics\ng-1,Bakers,hobby,bread\n", encoding="utf-8")
    ties.write_text("mentee id,mentor id\np-1,p-2\n", encoding="utf-8")
    first = small_import(tmp_path, "--groups", groups, "--relationships", ties)
    assert "3 people, 1 groups and 1 relationships" in first.out
    assert "were kept" not in first.err
    again = small_import(tmp_path)
    assert "3 people, 1 groups and 1 relationships" in again.out
    told = " ".join(again.err.split())
    assert "the 1 groups of the last import were kept; give --groups to replace them" in told
    assert "the 1 relationships of the last import were kept" in told
    groups.write_text("id,title,kind,topics\ng-2,Singers,hobby,songs\n", encoding="utf-8")
    assert "1 groups and 1 relationships" in small_import(tmp_path, "--groups", groups).out
    found = run("suggest", "p-1", "--kind", "group", "--data", tmp_path / "data", "--json").document["suggestions"]
    assert [suggestion["candidate_id"] for suggestion in found] == ["g-2"]


def test_the_import_says_where_its_full_report_is(imported: tuple[Path, Done]) -> None:
    data, done = imported
    assert f"The full report: {data / 'records' / 'import-report.json'}" in done.err


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def corrected(folder: Path) -> tuple[Path, Path]:
    """Correct the small programme: one address and goal, one person gone, two new, one header renamed."""
    people, mapping = small_files(folder)
    people.write_text(
        "number,mail,name,role,adult,vetting,goal,offer\n"
        "p-1,ida.brook@example.org,Ida Brook,mentee,yes,,bake and sell bread,\n"
        ",tom@example.org,Tom Vale,mentor,yes,vetted,,keep bees\n"
        "p-3,una@example.org,Una Reed,mentor,yes,vetted,,sing\n"
        "p-4,ben@example.org,Ben Loft,mentee,yes,,sing,\n",
        encoding="utf-8",
    )
    mapping.write_text(mapping.read_text(encoding="utf-8").replace('"e-mail"', '"mail"'), encoding="utf-8")
    return people, mapping


def again(folder: Path, *more: object) -> Done:
    """Import the corrected programme into the same folder."""
    people, mapping = corrected(folder)
    return run("import", people, "--map", mapping, "--config", "lexical", "--data", folder / "data", *more)


def test_a_first_import_has_no_difference(tmp_path: Path) -> None:
    done = small_import(tmp_path, "--json")
    assert done.document["difference"] is None
    assert done.document["written"] is True
    assert "added" not in done.err


def test_a_second_import_says_what_changed(tmp_path: Path) -> None:
    assert small_import(tmp_path).status == 0
    tom = ids(tmp_path / "data")["tom@example.org"]
    done = again(tmp_path, "--json")
    assert done.status == 0
    told = " ".join(done.err.split())
    assert "2 people added, 2 changed (adult, contact.email, goals), 1 gone" in told
    assert "No longer in the programme: p-2." in told
    assert told.index("Import report") < told.index("2 people added") < told.index("The full report")
    assert done.document["difference"]["people"] == {
        "added": ["p-3", "p-4"],
        "changed": {"p-1": ["contact.email", "goals"], tom: ["adult"]},
        "gone": ["p-2"],
    }
    assert "Nothing has changed since the last import." in again(tmp_path).err


def test_diff_shows_everything_and_writes_nothing(tmp_path: Path) -> None:
    assert small_import(tmp_path).status == 0
    tom = ids(tmp_path / "data")["tom@example.org"]
    before = everything_in(tmp_path / "data")
    done = again(tmp_path, "--diff")
    assert done.status == 0
    assert everything_in(tmp_path / "data") == before
    told = " ".join(done.out.split())
    assert "nothing was written: 2 people added" in told
    assert "Added: p-3, p-4 Changed: p-" in told
    assert "Changed: p-1 (contact.email, goals)" in told
    assert f"Changed: {tom} (adult)" in told
    assert "Gone, no longer in the programme: p-2" in told
    for value in ("example.org", "Ida", "bread", "sing"):
        assert value not in done.text
    as_json = again(tmp_path, "--diff", "--json")
    assert as_json.document["written"] is False
    assert as_json.document["people"] == 4
    assert as_json.document["difference"] == again(tmp_path, "--json").document["difference"]


def test_diff_of_a_first_import_says_that_everybody_is_new(tmp_path: Path) -> None:
    done = small_import(tmp_path, "--diff")
    assert done.status == 0
    assert "all 3 people would be new. Nothing was written." in " ".join(done.out.split())
    assert not (tmp_path / "data").exists()


def test_diff_refuses_what_an_import_refuses(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    assert run("import", tmp_path / "none.csv", "--diff", "--data", tmp_path / "data").status == 3
    assert small_import(tmp_path, "--diff", "--strict").status == 3
    assert run("import", people, "--map", mapping, "--diff", "--suggest-map").status == 2


def test_who_changed_something_sensitive_is_not_outed(tmp_path: Path) -> None:
    people, mapping = tmp_path / "people.csv", tmp_path / "mapping.toml"
    mapping.write_text(
        '[defaults]\ntext_language = "en"\n[columns]\n"no" = "id"\n"loves" = "attributes.orientation"\n'
        '[[consent]]\ncolumn = "ok"\nfields = ["attributes.orientation"]\npurposes = ["match"]\n'
        'text_version = "1"\ndate = 2026-01-02\n',
        encoding="utf-8",
    )
    for row in ("p-1,,", "p-1,bisexual,yes"):
        people.write_text(f"no,loves,ok\n{row}\np-2,,\n", encoding="utf-8")
        command = ("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
        shown = run(*command, "--diff")
        done = run(*command, "--json")
    assert "Changed: p-1 (a sensitive field)" in shown.out
    assert "orientation" not in shown.out
    difference = json.dumps(done.document["difference"])
    assert "a sensitive field" in difference
    for word in ("orientation", "attributes", "bisexual"):
        assert word not in difference
        assert word not in done.err
