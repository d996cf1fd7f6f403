"""`matchengine audit`: is the record what was written, and what does it say."""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from matchengine.actors import acting
from matchengine.cli.audit import add_audit
from matchengine.cli.output import Output
from matchengine.errors import DataError, StoreError
from matchengine.store.base import Change, Commit
from matchengine.store.recording import recorded
from matchengine.store.stores import open_store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    store = recorded(open_store(tmp_path / "a.db", "main"))
    for n in range(6):
        with acting("coordinator:7", f"ticket {n}"):
            store.write("main", Commit(changes=(Change("person", f"p{n}", '{"goal":"canary"}', (f"p{n}",)),)))
    store.close()
    return tmp_path / "a.db"


def run(arguments: Sequence[object], *, as_json: bool = False) -> int:
    """Run `audit` with arguments, as `matchengine` does."""
    parser = argparse.ArgumentParser()
    add_audit(parser)
    parsed = parser.parse_args([str(each) for each in arguments])
    return int(parsed.run(parsed, Output(json=as_json)))


def tampered(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in [*(f"DROP TRIGGER {name}" for (name,) in triggers), *statements]:
            connection.execute(statement)
        connection.commit()


def test_a_record_as_it_was_written_is_whole(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--data", place]) == 0
    assert "The record (6 lines) is what was written" in capsys.readouterr().out.replace("\n", " ")
    assert run(["verify", "--data", place], as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {
        "programme": "main", "intact": True, "lines": 6, "broken_at": None, "problem": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "broken_at", "problem"),
    [
        ("UPDATE audit SET why = 'another' WHERE number = 3", 3, "line 3 was changed"),
        ("UPDATE audit SET subjects = '[]' WHERE number = 3", 3, "line 3 was changed"),
        ("UPDATE audit SET details = 'no JSON' WHERE number = 3", 3, "line 3 was changed"),
        ("UPDATE audit SET at = at + 1 WHERE number = 6", 6, "line 6 was changed"),
        ("DELETE FROM audit WHERE number = 3", 3, "line 3 is not where it was, or is missing"),
        ("DELETE FROM audit WHERE number > 4", 5, "look at line 5"),
        ("DELETE FROM audit WHERE number < 3", 3, "nobody signed for it"),
        ("DELETE FROM audit", 1, "look at line 1"),
        ("UPDATE programme SET audit_number = 4", 5, "look at line 5"),
    ],
)
def test_a_broken_record_names_the_first_wrong_line(
    place: Path, capsys: pytest.CaptureFixture[str], statement: str, broken_at: int, problem: str
) -> None:
    tampered(place, statement)
    assert run(["verify", "--data", place], as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["intact"], told["broken_at"]) == (False, broken_at)
    assert problem in told["problem"]
    assert run(["verify", "--data", place]) == 1
    assert "is broken" in capsys.readouterr().out
    with pytest.raises(DataError, match="nothing to anchor"):
        run(["anchor", "--data", place])


def test_an_anchor_kept_elsewhere_is_compared(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["anchor", "--data", place]) == 0
    anchor = capsys.readouterr().out.strip()
    assert anchor.startswith("6:")
    (tmp_path / "anchor.txt").write_text(anchor + "\n", encoding="utf-8")
    assert run(["verify", "--data", place, "--anchor", anchor]) == 0
    assert run(["verify", "--data", place, "--anchor", tmp_path / "anchor.txt"]) == 0
    assert run(["verify", "--data", place, "--anchor", "6:" + "0" * 64]) == 1
    with pytest.raises(DataError, match="64 hexadecimal"):
        run(["verify", "--data", place, "--anchor", "nothing"])


def test_what_is_on_record_can_be_shown_without_any_id(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "--data", place, "--last", "2"]) == 0
    out = capsys.readouterr().out
    assert "coordinator:7  changed" in out
    assert "ticket 5" in out
    assert "ticket 3" not in out
    assert "canary" not in out
    assert "p5" not in out


def test_a_look_at_one_person_goes_on_record(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["show", "--data", place, "--person", "p2", "--as", "officer:1", "--why", "request of access"]
    assert run(asked, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert [line["why"] for line in told["lines"]] == ["ticket 2"]
    assert told["lines"][0]["subjects"] == [told["subject"]]
    assert run(["show", "--data", place, "--last", "0"], as_json=True) == 0
    last = json.loads(capsys.readouterr().out)["lines"][-1]
    assert (last["actor"], last["action"], last["why"]) == ("officer:1", "saw", "request of access")
    assert last["subjects"] == [told["subject"]]
    assert run(["verify", "--data", place]) == 0


def test_an_empty_record_says_so(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "--data", place, "--programme", "other"]) == 0
    assert capsys.readouterr().out == "Nothing is on record.\n"


def test_the_old_part_is_cut_off_by_somebody_who_signs(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DataError, match="who cuts"):
        run(["cut", "--data", place, "--before", "2100-01-01"])
    assert run(["cut", "--data", place, "--before", "2000-01-01", "--as", "officer:1"]) == 0
    assert capsys.readouterr().out == "Nothing is as old.\n"
    assert run(["cut", "--data", place, "--before", "2100-01-01", "--as", "officer:1"]) == 0
    assert capsys.readouterr().out == "Cut off up to line 6.\n"
    assert run(["verify", "--data", place]) == 0
    assert run(["show", "--data", place]) == 0
    assert "officer:1  cut" in capsys.readouterr().out


def test_where_there_is_no_store_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        run(["verify", "--data", tmp_path / "none.db"])
    assert not list(tmp_path.iterdir())
