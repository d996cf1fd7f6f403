"""What holds for the sheets of every draft: rows as wide as headers, names joined only from contacts, inert files."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.io import Contact, ContactSheet, Sheet, write_csv, write_xlsx
from matchengine.io.group_sheets import sheets_of_groups
from matchengine.io.mixer_sheets import sheets_of_mixer
from matchengine.io.plan_sheets import sheets_of_plan
from matchengine.io.shadow_sheets import sheets_of_shadow
from matchengine.io.skill_circle_sheets import sheets_of_skill_circles
from matchengine.io.swap_sheets import sheets_of_swaps
from tests.report import drafts, runs

MAKE = {
    "plan": sheets_of_plan,
    "ledger": sheets_of_swaps,
    "skill_circles": sheets_of_skill_circles,
    "groups": sheets_of_groups,
    "mixer": sheets_of_mixer,
    "shadow": sheets_of_shadow,
}
MADE = drafts.all_drafts()
EVERY = pytest.mark.parametrize("name", MADE)
PEOPLE = ("e1", "e2", "e3", "m1", "m2", "p1", "p2", "p3")
CONTACTS = ContactSheet([Contact(id=one, name=f"Zora {one}", email=f"{one}@example.org") for one in PEOPLE])
HEADERS_OF_ALL_LANGUAGES = {"id", "name", "email", "score", "fit", "kind", "rank", "confidence", "reasons", "words"}


def sheets(name: str, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a draft."""
    return MAKE[name](MADE[name], contacts)  # type: ignore[operator]


def every_cell(found: list[Sheet]) -> list[object]:
    """Return all cells and headers."""
    return [cell for sheet in found for row in (sheet.header, *sheet.rows) for cell in row]


@EVERY
def test_the_summary_stands_first_and_every_row_is_as_wide_as_the_header(name: str) -> None:
    for contacts in (None, CONTACTS):
        found = sheets(name, contacts)
        assert found[0].title == "Summary"
        assert not found[0].listing
        assert all(len(row) == len(sheet.header) for sheet in found for row in sheet.rows)
        assert all(len(set(sheet.header)) == len(sheet.header) for sheet in found)
        assert found[1].rows


@EVERY
def test_names_come_from_contacts_alone(name: str) -> None:
    assert not [cell for cell in every_cell(sheets(name)) if "Zora" in str(cell) or "@" in str(cell)]
    assert [cell for cell in every_cell(sheets(name, CONTACTS)) if "Zora" in str(cell)]


@EVERY
def test_what_is_told_to_nobody_is_in_no_sheet(name: str) -> None:
    told = " ".join(str(cell) for cell in every_cell(sheets(name, CONTACTS)))
    assert "secret-decliner" not in told
    assert "secret-apart" not in told


@EVERY
def test_headers_of_ids_are_the_same_in_every_language(name: str) -> None:
    plain = [sheet.header for sheet in sheets(name, CONTACTS)]
    with speaking(PSEUDO):
        foreign = [sheet.header for sheet in sheets(name, CONTACTS)]
    for header, other in zip(plain, foreign, strict=True):
        for one, two in zip(header, other, strict=True):
            machine = one in HEADERS_OF_ALL_LANGUAGES or one.endswith(("_id", "_name", "_email"))
            assert not machine or one == two
            assert machine or one in ("to_confirm", *drafts_columns()) or two.startswith("⟦")


def drafts_columns() -> tuple[str, ...]:
    """Columns of pairs that the importer knows again, and those beside them."""
    return ("limits", "valid_until", "status", "standing", "locked", "made_by", "decision")


@EVERY
def test_hostile_texts_are_inert_in_a_workbook_and_equal_drafts_give_equal_bytes(name: str, tmp_path: Path) -> None:
    changed = runs.reworded(MADE[name], lambda text: "=1+1;" + text, drafts.CLOSED)
    found = MAKE[name](changed, None)
    write_xlsx(tmp_path / "a.xlsx", found)
    write_xlsx(tmp_path / "b.xlsx", MAKE[name](changed, None))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    assert any(str(cell.value).startswith("'=1+1;") for cell in cells)
    write_csv(tmp_path / "a.csv", found[1])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith("=")]
