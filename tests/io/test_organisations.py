"""Organisations and contributions in and out: guessed headers, partners by name, nothing of persons."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from matchengine.io import (
    ImportRefusedError,
    read_contributions,
    read_folder,
    read_organisations,
    suggest_mapping,
    write_folder,
)
from matchengine.io.diff import difference
from matchengine.io.load import records_of
from matchengine.io.report import KEYS
from matchengine.io.write import Folder
from matchengine.records import Contribution, Organisation

SHEET = """Organisation no,Name,Type,Themes,Language,City,Partners,How to reach it,Last checked,Cost,Modes
O-1,Harbour Library,public library,reading; law,English (C2),Bristol,law clinic; O-3,front desk,2026-02-01,free,phone
O-2,Law Clinic,charity,housing law,English (B2),Bristol,Nobody We Know; Law Clinic,ask ida@example.org,,,
O-3,Town Hall,town hall,,,,,,,,
,Open Doors,allied,,,,Harbour Library; harbour library,,,,
,,club,,,,,,,,
"""


def written(folder: Path, text: str = SHEET) -> Path:
    path = folder / "organisations.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_organisations_from_a_spreadsheet_with_guessed_headers(tmp_path: Path) -> None:
    made = read_organisations(written(tmp_path))
    library, clinic, hall, ally = made.records
    assert [each.kind for each in made.records] == ["library", "ngo", "municipality", "ally"]
    assert library.partners == ("O-2", "O-3"), "by name or by id, in any case"
    assert (library.reached_by, library.fresh_on, library.cost) == ("front desk", date(2026, 2, 1), "free")
    assert (library.topics, library.modes) == (("reading", "law"), ("phone",))
    assert library.place is not None
    assert library.place.area == "Bristol"
    assert clinic.partners == (), "a name that no row has, and its own"
    assert clinic.reached_by is None, "an e-mail address could be a person's"
    assert hall.topics == ()
    assert ally.id.startswith("o-")
    assert ally.partners == ("O-1",)
    assert {(p.row, p.column) for p in made.report.failures} == {(3, "Partners"), (3, "How to reach it"), (6, None)}
    assert "ida@example.org" not in made.report.render()
    assert made.report.counts["organisations made"] == 4
    assert set(made.report.counts) <= set(KEYS)
    with pytest.raises(ImportRefusedError):
        read_organisations(written(tmp_path), strict=True)


def test_a_made_up_id_stays_the_same_from_import_to_import(tmp_path: Path) -> None:
    first, again = (read_organisations(written(tmp_path)).records[-1].id for _ in range(2))
    assert first == again


def test_a_mapping_can_be_suggested(tmp_path: Path) -> None:
    text = suggest_mapping(written(tmp_path, SHEET.replace("ask ida@example.org", "")), reads="organisations")
    active = set(re.findall(r'^".+" = "([a-z_.]+)"', text, re.MULTILINE))
    assert {"id", "title", "topics", "languages", "place.area", "partners", "reached_by", "fresh_on"} <= active


def test_records_dicts_and_frames_are_taken_as_they_are() -> None:
    pandas = pytest.importorskip("pandas")
    told = {"id": "o", "kind": "ngo", "title": "House"}
    [record] = read_organisations([told]).records
    assert record == Organisation.model_validate(told)
    assert records_of(pandas.DataFrame([told]), Organisation) == [record]
    assert records_of([told], Organisation) == [record]


def test_a_folder_keeps_organisations_and_contributions(tmp_path: Path) -> None:
    organisation = Organisation(id="o", kind="ngo", title="House", partners=("p",))
    done = Contribution(person_id="a", kind="hosting", on=date(2026, 3, 1), text="Tea for thirty")
    write_folder(tmp_path, {"organisations": [organisation], "contributions": [done]})
    found = read_folder(tmp_path)
    assert (found.organisations, found.contributions) == ([organisation], [done])
    assert (tmp_path / "contributions.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_changes_is_told_by_the_names_of_fields() -> None:
    before = Folder(organisations=[Organisation(id="o", kind="ngo", title="House")])
    after = Folder(
        organisations=[Organisation(id="o", kind="ally", title="House"), Organisation(id="p", kind="ngo", title="Hut")]
    )
    found = difference(before, after)
    assert (found.organisations.added, found.organisations.changed) == (("p",), {"o": ("kind",)})
    assert found.summary() == ["1 organisation added, 1 changed (kind), 0 gone"]
    assert difference(Folder(), before).summary() == ["1 organisation added, 0 changed, 0 gone"]


def test_contributions_are_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "contributions.jsonl"
    path.write_text(
        '{"person_id": "a", "kind": "teaching", "on": "2026-03-01"}\n'
        '{"person_id": "b", "kind": "heroism", "on": "2026-03-01"}\n'
        '{"person_id": "c", "kind": "other"}\n',
        encoding="utf-8",
    )
    made = read_contributions(path)
    assert [(each.person_id, each.acknowledged) for each in made.records] == [("a", False)]
    assert {p.row for p in made.report.failures} == {2, 3}
    with pytest.raises(ImportRefusedError):
        read_contributions(path, strict=True)
