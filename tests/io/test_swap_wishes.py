"""Wishes for swaps from the files that coordinators have."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from matchengine.io import ContactSheet, Report
from matchengine.io.contacts import Contact
from matchengine.io.report import ImportRefusedError
from matchengine.io.swap_wishes import read_swap_wishes
from matchengine.records.swaps import SwapPlace, SwapWish

HEADER = "Mentee;Mentor;Mentee agrees;Mentor agrees;From;Until;Least gain;Other perspective;Leave alone;Free places\n"


def contacts() -> ContactSheet:
    return ContactSheet(
        [Contact(id="e0", email="ida@example.org", name="Ida Brook"), Contact(id="m0", email="ona@example.org")]
    )


def read(tmp_path: Path, *rows: str, header: str = HEADER, **options: object):
    path = tmp_path / "wishes.csv"
    path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    return read_swap_wishes(path, contacts=contacts(), **options)


def failures(report: Report) -> list[tuple[int | None, str | None, str]]:
    return [(each.row, each.column, each.effect) for each in report.failures]


def test_people_are_named_by_id_or_by_e_mail_and_answers_are_read_as_people_write_them(tmp_path: Path) -> None:
    made = read(tmp_path, "Ida@Example.org;m0;Yes;any;01/06/2026;2026-08-30;10%;Selling what I make;;")
    assert made.report.failures == []
    [wish] = made.wishes
    assert wish == SwapWish(
        person_id="e0",
        other_id="m0",
        mentee_agrees=True,
        mentor_agrees=True,
        mentor_any=True,
        earliest=date(2026, 6, 1),
        latest=date(2026, 8, 30),
        floor=0.1,
        perspective="Selling what I make",
    )


def test_a_row_with_a_mentor_alone_is_a_free_place(tmp_path: Path) -> None:
    made = read(tmp_path, ";m1;;yes;2026-06-01;;;;;2", "-;m2;;yes;;;;;;")
    assert made.report.failures == []
    assert made.wishes[0] == SwapPlace(mentor_id="m1", mentor_agrees=True, earliest=date(2026, 6, 1), places=2)
    assert isinstance(made.wishes[1], SwapPlace)


def test_all_problems_are_told_at_once_with_row_and_column(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        "e0;m0;perhaps;yes;2026-06-01;;;;;",
        "e1;m1;yes;yes;soon;;;;;",
        "e2;m2;yes;yes;;;much;;;",
        "e3;m3;yes;yes;;;;;a little;",
        "stranger@example.org;m4;yes;yes;;;;;;",
        "e5;;yes;yes;;;;;;",
        "e6;m6;yes;yes;2026-08-01;2026-06-01;;;;",
        "e7;m7;yes;yes;;;;;;3",
        "e8;e8;yes;yes;;;;;;",
        "e0;m0;yes;yes;;;;;;",
    )
    assert failures(made.report) == [
        (2, "Mentee agrees", "value dropped"),
        (3, "From", "row left out"),
        (4, "Least gain", "row left out"),
        (5, "Leave alone", "row left out"),
        (6, "Mentee", "row left out"),
        (7, "Mentor", "row left out"),
        (8, None, "row left out"),
        (9, "Free places", "row left out"),
        (10, None, "row left out"),
        (11, None, "row left out"),
    ]
    assert [(wish.person_id, wish.mentee_agrees) for wish in made.wishes] == [("e0", False)]
    assert made.report.counts["rows left out"] == 9
    with pytest.raises(ImportRefusedError) as told:
        read(tmp_path, "e1;m1;yes;yes;soon;;;;;", strict=True)
    assert "soon" not in str(told.value)


def test_what_people_wrote_is_not_repeated_in_the_report(tmp_path: Path) -> None:
    long = "private words " * 60
    made = read(tmp_path, f"e0;m0;yes;yes;;;;{long};private mark;")
    assert "private" not in json.dumps(made.report.to_dict())


def test_own_names_addresses_and_numbers_are_masked(tmp_path: Path) -> None:
    made = read(tmp_path, "e0;m0;yes;yes;;;;Ida wants another view, +44 20 7946 0958 or ida@example.org;;")
    [wish] = made.wishes
    assert wish.perspective == "[name] wants another view, [phone] or [e-mail]"


def test_unknown_columns_are_told_and_a_file_without_mentors_is_refused(tmp_path: Path) -> None:
    made = read(tmp_path, "e0;m0;fine", header="Mentee;Mentor;Remarks\n")
    assert [(each.column, each.effect) for each in made.report.failures] == [("Remarks", "value dropped")]
    assert len(made.wishes) == 1
    none = read(tmp_path, "e0;fine", header="Mentee;Remarks\n")
    assert [each.effect for each in none.report.failures] == ["value dropped", "file refused"]
    assert none.wishes == []


def test_records_json_and_frames_read_alike(tmp_path: Path) -> None:
    wish = SwapWish(person_id="e0", other_id="m0", mentee_agrees=True, ranking=("m1", "m2"), latest=date(2026, 8, 30))
    place = SwapPlace(mentor_id="m3", mentor_agrees=True, places=2)
    assert read_swap_wishes([wish, place]).wishes == [wish, place]
    path = tmp_path / "wishes.jsonl"
    path.write_text("\n".join(each.model_dump_json(exclude_defaults=True) for each in (wish, place)), encoding="utf-8")
    made = read_swap_wishes(path)
    assert made.report.failures == []
    assert made.wishes == [wish, place]
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([{"person_id": "e0", "other_id": "m0", "ranking": "m1; m2", "mentee_agrees": True}])
    assert read_swap_wishes(frame).wishes == [wish.model_copy(update={"latest": None})]


def test_a_workbook_reads_alike(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Mentee", "Mentor", "Mentee agrees", "From", "Rounds waited"])
    book.active.append(["e0", "m0", "yes", date(2026, 6, 1), 2])
    book.save(tmp_path / "wishes.xlsx")
    made = read_swap_wishes(tmp_path / "wishes.xlsx")
    assert made.report.failures == []
    assert made.wishes == [
        SwapWish(person_id="e0", other_id="m0", mentee_agrees=True, earliest=date(2026, 6, 1), waited=2)
    ]
