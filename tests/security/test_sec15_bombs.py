"""Small files that ask for a lot: refused at once, with an error of ours and in little memory (SEC15)."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import matchengine as me
from matchengine.config import MAX_BYTES, load_config, parse_config
from matchengine.evaluation.config import load_evaluation
from matchengine.evaluation.twin_config import load_simulation
from matchengine.io import read_people
from matchengine.io.limits import DEFAULT_LIMITS
from matchengine.io.mapping import load_mapping
from tests.security.bombs import MEBIBYTE, bomb, stream, with_part, workbook
from tests.security.test_sec8_booby_traps import after_declaration, open_folder, reseal, saved


@contextmanager
def at_once(seconds: float = 2.0) -> Iterator[None]:
    """Demand that the block takes no longer of this process."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def refused(path: Path) -> str:
    """Read a file of people, demand that it is refused as a whole, and return what was said."""
    made = read_people(path)
    assert not made.people
    assert [problem.effect for problem in made.report.problems] == ["file refused"]
    return made.report.problems[0].expected


# ---------------------------------------------------------------- archives and XML


def test_ten_megabytes_that_unpack_to_ten_gigabytes(tmp_path: Path) -> None:
    path = bomb(tmp_path / "people.xlsx", 10 * 1024)
    assert 5 * MEBIBYTE < path.stat().st_size < 20 * MEBIBYTE
    with at_once(1.0):
        assert "unpacks to" in refused(path)


def test_the_bomb_would_go_off() -> None:
    unpack = zlib.decompressobj(-15)
    assert len(unpack.decompress(stream(8))) == 8 * MEBIBYTE


def test_a_bomb_that_lies_about_its_size_is_never_unpacked_beyond_it(tmp_path: Path) -> None:
    path = bomb(tmp_path / "people.xlsx", 10 * 1024, told=1000)
    with at_once():
        assert refused(path)
    book = workbook(tmp_path / "book.xlsx")
    size = book.stat().st_size
    with_part(book, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * MEBIBYTE)
    data = bytearray(book.read_bytes())
    assert len(data) < 4 * size


def laughs(levels: int = 12) -> bytes:
    """Return ten entities of ten each, one inside the other: a billion laughs and more."""
    lines = ['<!ENTITY l0 "ha">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)]
    return ("<!DOCTYPE x [" + "".join(lines) + "]>").encode()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "docProps/core.xml"]
)
def test_a_billion_laughs_in_any_part_of_a_workbook(tmp_path: Path, part: str) -> None:
    path = with_part(workbook(tmp_path / "people.xlsx"), part, lambda xml: after_declaration(xml, laughs()))
    with at_once():
        assert refused(path)


def test_a_billion_laughs_among_the_texts_of_a_workbook(tmp_path: Path) -> None:
    def laughing(xml: bytes) -> bytes:
        return after_declaration(xml, laughs()).replace(b"learn sql", b"&l11;")

    path = workbook(tmp_path / "people.xlsx")
    with zipfile.ZipFile(path) as archive:
        (part,) = [name for name in archive.namelist() if b"learn sql" in archive.read(name)]
    with_part(path, part, laughing)
    with at_once():
        assert refused(path)


def test_xml_nested_a_hundred_thousand_deep(tmp_path: Path) -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    path = workbook(tmp_path / "people.xlsx")
    with_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", deep + b"</sheetData>"))
    with at_once():
        read_people(path)


def test_more_parts_than_a_workbook_has(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(DEFAULT_LIMITS.zip_entries + 1):
            archive.writestr(f"x{number}", b"")
    with at_once():
        assert "parts" in refused(path)


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".json", ".xlsx"])
def test_a_file_of_a_gigabyte_is_refused_by_its_size(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"people{suffix}"
    path.write_bytes(b'id,Goals\np1,"')
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    with at_once():
        assert "MiB" in refused(path)


@pytest.mark.parametrize("opened", ['"', ""])
def test_one_field_as_long_as_a_file_may_be(tmp_path: Path, opened: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"id,Goals\np1,{opened}" + "x" * (20 * MEBIBYTE), encoding="utf-8")
    with at_once():
        made = read_people(path)
    assert not any(goal for person in made.people for goal in person.goals)
    assert made.report.problems


def test_more_rows_or_columns_than_a_programme_has(tmp_path: Path) -> None:
    many, wide = tmp_path / "many.csv", tmp_path / "wide.csv"
    many.write_text("id,Goals\n" + "p,g\n" * (DEFAULT_LIMITS.rows + 1), encoding="utf-8")
    wide.write_text("id" + ",x" * 3_000_000 + "\n", encoding="utf-8")
    assert "rows" in refused(many)
    assert "columns" in refused(wide)


@pytest.mark.parametrize("deep", ["[" * 200_000, '{"a":' * 200_000, "[" * 100_000 + "]" * 100_000])
@pytest.mark.parametrize("suffix", [".jsonl", ".json"])
def test_json_nested_without_end(tmp_path: Path, deep: str, suffix: str) -> None:
    path = tmp_path / f"people{suffix}"
    path.write_text(deep + "\n", encoding="utf-8")
    with at_once():
        made = read_people(path)
    assert not made.people
    assert made.report.problems


@pytest.mark.parametrize("number", ["1e999999", "9" * 100_000, "NaN", "-Infinity", "1" + "0" * 5_000])
def test_a_number_without_measure(tmp_path: Path, number: str) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(f'{{"id": "p1", "roles": ["mentor"], "capacity": {{"mentor": {number}}}}}\n', encoding="utf-8")
    with at_once():
        assert not any(person.capacity for person in read_people(path).people)


# ---------------------------------------------------------------- configurations

DEEP = {
    "lists": "a = " + "[" * 100_000,
    "closed lists": "a = " + "[" * 50_000 + "]" * 50_000,
    "inline tables": "a = " + "{b=" * 50_000,
    "dotted keys": ".".join(["a"] * 20_000) + " = 1",
    "dotted header": "[" + ".".join(["a"] * 20_000) + "]",
}


LOADS = [load_config, load_mapping, load_evaluation, load_simulation]


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_toml_nested_without_end(tmp_path: Path, load: Callable[[Path], object], text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with at_once(), pytest.raises(me.MatchEngineError):
        load(path)


@pytest.mark.parametrize("load", [load_config, load_mapping])
def test_a_configuration_of_a_gigabyte_is_refused_by_its_size(tmp_path: Path, load: Callable[[Path], object]) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"a = 1\n")
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    command = "import resource, sys\nresource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20))\n"
    command += f"from {load.__module__} import {load.__name__} as load\nimport matchengine\n"
    command += "try:\n    load(sys.argv[1])\nexcept matchengine.MatchEngineError:\n    print('refused')\n"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", command, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == "refused", done.stderr[-500:]
    assert MAX_BYTES <= MEBIBYTE


def test_what_standard_toml_makes_of_these_is_worse() -> None:
    """The control: without our care a deep file ends in an error that is not ours."""
    with pytest.raises(RecursionError):
        tomllib.loads(DEEP["lists"])


def test_many_problems_are_told_without_taking_forever() -> None:
    with at_once(), pytest.raises(me.MatchEngineError):
        parse_config("\n".join(f"k{n} = {n}" for n in range(2_000)))


# ---------------------------------------------------------------- saved folders


@pytest.mark.parametrize("name", ["manifest.json", "arrays.json", "document.json", "config.toml"])
def test_a_saved_folder_with_a_file_nested_without_end(tmp_path: Path, name: str) -> None:
    folder = saved(tmp_path / "saved")
    (folder / name).write_text("[" * 200_000, encoding="utf-8")
    if name != "manifest.json":
        reseal(folder)
    with at_once(), pytest.raises(me.MatchEngineError):
        open_folder(folder)


@pytest.mark.parametrize("name", ["arrays.json", "manifest.json"])
def test_a_saved_folder_that_asks_for_gigabytes(tmp_path: Path, name: str) -> None:
    """Every number in it made enormous: lengths, shapes, places."""
    folder = saved(tmp_path / "saved")
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(re.sub(r"(?<=[ \[:])\d+(?=[,\]}\n])", str(1 << 40), text), encoding="utf-8")
    if name != "manifest.json":
        reseal(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_once(), pytest.raises(me.MatchEngineError):
        open_folder(folder)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 512 << 10  # KiB
