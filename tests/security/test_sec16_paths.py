"""No name leads out of its place, no link is followed when something is written, files are their owner's (SEC16)."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

import matchengine as me
from matchengine.cli.plugin_new import write_plugin
from matchengine.config import parse_config
from matchengine.evaluation.nodes import write_atomically
from matchengine.io import write_csv, write_folder, write_xlsx
from matchengine.io.json_lines import write_private
from matchengine.io.sheets import Sheet
from matchengine.plugins.model_files import modules_of
from matchengine.pool.vector_cache import EmbeddingCache
from matchengine.records import Person
from matchengine.store.base import checked_programme
from tests.cli.commands import run, small_files
from tests.security.faces import people, write_programme
from tests.support import engine, mentee, mentor, over

PAYLOADS = [
    "..", ".", "", " ", "/", "//", "../x", "../../x", "..\\x", "x/..", "x/../y", "x/y", "./x", "/etc/passwd", "/var/x",
    "~", "~root", "~/x", "C:\\x", "\\\\host\\share", "file:///etc/passwd", "x\0", "\0", "x\0.db", "x\n", "\nx", "x\ty",
    "%2e%2e%2fx", "%2e%2e/x", "..%c0%afx", "\u2024\u2024/x", "\uff0e\uff0e\uff0fx", "\u2215x", "x\u202e", "ｘ", "é",
    "-x", "_x", "x" * 65, "x" * 5_000, ".x", ".hidden", "x.db", "X", "con:", "$HOME", "$(touch x)", "`x`", "x;y", "*",
    "x y", "x'y", 'x"y', "..;/x", "....//x",
]  # fmt: skip


@contextmanager
def only_inside(root: Path) -> Iterator[Path]:
    """Demand that a block changes nothing in the folder above but one place that it may use."""
    outside = root / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept", encoding="utf-8")
    inside = root / "inside"
    inside.mkdir()
    before = {path: path.lstat().st_mtime_ns for path in [root, outside, outside / "kept"]}
    here = Path.cwd()
    os.chdir(inside)
    try:
        yield inside
    finally:
        os.chdir(here)
    assert {path: path.lstat().st_mtime_ns for path in before} == before
    assert sorted(path.name for path in root.iterdir()) == ["inside", "outside"]
    assert sorted(path.name for path in outside.iterdir()) == ["kept"]


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize("name", PAYLOADS, ids=ascii)
def test_a_programme_cannot_be_named_so(tmp_path: Path, name: str) -> None:
    with only_inside(tmp_path) as inside:
        with pytest.raises(me.MatchEngineError):
            checked_programme(name)
        with pytest.raises(me.MatchEngineError):
            over(inside / "p.db", None, programme=name)
        assert list(inside.iterdir()) == []


@pytest.mark.parametrize("name", ["main", "a", "0", "a-b_c", "x" * 64])
def test_a_programme_can_be_named_so(name: str) -> None:
    assert checked_programme(name) == name


@pytest.mark.parametrize("name", PAYLOADS, ids=ascii)
def test_a_plugin_cannot_be_named_so(tmp_path: Path, name: str) -> None:
    with only_inside(tmp_path) as inside:
        with pytest.raises(me.MatchEngineError):
            write_plugin(name, inside / name) if "\0" not in name else write_plugin(name, inside)
        if name and not name.startswith("-") and "\0" not in name:
            assert run("new-plugin", name, "--into", inside).status == 2
        assert list(inside.iterdir()) == []


@pytest.mark.parametrize("name", PAYLOADS, ids=ascii)
def test_nothing_in_a_configuration_can_be_named_so(name: str) -> None:
    for text in (
        "name = {0}\n[embedder]\nuse = 'lexical'",
        "name = 'x'\n[embedder]\nuse = {0}",
        "name = 'x'\n[embedder]\nuse = 'lexical'\n[index]\nuse = {0}",
        "name = 'x'\n[embedder]\nuse = 'lexical'\n[match.{0}]\nrequester = 'mentee'\ncandidate = 'mentor'",
    ):
        with pytest.raises(me.MatchEngineError):
            parse_config(text.format(json.dumps(name)) + "\n[match.m.scorers.goals]\nuse = 'semantic_reciprocal'\n")


@pytest.mark.parametrize("name", PAYLOADS, ids=ascii)
def test_people_may_be_named_so_and_no_file_is(tmp_path: Path, name: str) -> None:
    """Ids come from others: they are in files, never the names of files."""
    with only_inside(tmp_path) as inside, suppress(me.MatchEngineError):
        made = engine()
        made.load([mentee(name), mentor("m", hopes_to_gain=f"{name}x"[:80])])
        made.save(inside / "saved")
        write_folder(inside / "records", {"people": [Person.model_validate(mentee(name))]})
    found = {path.name for path in (tmp_path / "inside").rglob("*")}
    assert found <= {"saved", "records", "people.jsonl"} | {p.name for p in (tmp_path / "inside" / "saved").glob("*")}


@pytest.mark.parametrize("place", ["../..", "/etc", "../outside", "1_Pooling/../../outside", "~", "x\0"])
def test_a_part_of_a_model_lies_in_its_folder(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    module = {"idx": 0, "name": "0", "path": place, "type": "sentence_transformers.models.Transformer"}
    (folder / "modules.json").write_text(json.dumps([module]), encoding="utf-8")
    if place == "~":
        assert modules_of(folder)[0][1] == folder / "~"
        return
    with pytest.raises((me.MatchEngineError, ValueError)):
        modules_of(folder)


# ---------------------------------------------------------------- links

WRITERS: dict[str, Callable[[Path], object]] = {
    "private": lambda path: write_private(path, "x"),
    "csv": lambda path: write_csv(path, Sheet("t", ("a",), (("b",),))),
    "xlsx": lambda path: write_xlsx(path, [Sheet("t", ("a",), (("b",),))]),
    "node": lambda path: write_atomically(path, b"x"),
}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_where_a_file_is_written_is_replaced(tmp_path: Path, kind: str, dangling: bool) -> None:
    with only_inside(tmp_path) as inside:
        path = inside / f"file.{kind}"
        path.symlink_to(tmp_path / "outside" / ("kept" if not dangling else "fresh"))
        WRITERS[kind](path)
        assert not path.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_in_the_place_of_a_saved_folder_is_not_followed(tmp_path: Path) -> None:
    with only_inside(tmp_path) as inside:
        (inside / "saved").symlink_to(tmp_path / "outside", target_is_directory=True)
        made = engine()
        made.load([mentee("a"), mentor("m")])
        with pytest.raises(me.MatchEngineError):
            made.save(inside / "saved")


@pytest.mark.parametrize("target", ["fresh", "empty"])
def test_a_link_in_the_place_of_a_new_plugin_is_not_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "kind-rhythms").symlink_to(tmp_path / target, target_is_directory=True)
    with pytest.raises(me.MatchEngineError):
        write_plugin("kind-rhythms", tmp_path / "kind-rhythms")
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "fresh").exists()


def test_a_link_among_the_records_of_a_programme_is_replaced(tmp_path: Path) -> None:
    with only_inside(tmp_path) as inside:
        (inside / "people.jsonl").symlink_to(tmp_path / "outside" / "kept")
        write_folder(inside, {"people": [Person.model_validate(mentee("a"))]})
        assert not (inside / "people.jsonl").is_symlink()


# ---------------------------------------------------------------- modes


@contextmanager
def careless() -> Iterator[None]:
    """Let the process make files that everybody may read and write, unless it says otherwise."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return what in a folder others than its owner may read, write or enter."""
    return [
        str(path.relative_to(folder)) for path in folder.rglob("*")
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]  # fmt: skip


def test_everything_that_is_written_is_its_owners_whatever_the_umask(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir(mode=0o700)
    with careless():
        rows, mapping = small_files(tmp_path / "raw")
        done = run("import", rows, "--map", mapping, "--config", "lexical", "--data", tmp_path / "imported")
        assert done.status == 0, done.text
        (tmp_path / "data").mkdir(mode=0o700)
        write_programme(tmp_path / "data", people(3, 3))
        cache = EmbeddingCache(tmp_path / "cache")
        cache.put("model", ["one"], np.eye(1, 8, dtype=np.float32), np.zeros(1, np.bool_))
        (tmp_path / "files").mkdir(mode=0o700)
        files = [x for kind in ("csv", "xlsx", "html") for x in (f"--{kind}", tmp_path / "files" / f"x.{kind}")]
        assert run("suggest", "--everyone", "--data", tmp_path / "data", *files).status == 0
        done = run("assign", "--data", tmp_path / "data", "--save", tmp_path / "files" / "plan.json")
        assert done.status == 0, done.text
        made = over(tmp_path / "store.db", engine().config)
        made.load([mentee("a"), mentor("m")])
        made.close()
    assert len(list((tmp_path / "files").iterdir())) == 4
    assert (tmp_path / "store.db").is_file()
    assert [name for name in open_to_others(tmp_path) if not name.startswith("raw/")] == []


def test_the_look_at_modes_sees_an_open_file(tmp_path: Path) -> None:
    with careless():
        (tmp_path / "open").write_text("x", encoding="utf-8")
    assert open_to_others(tmp_path) == ["open"]
