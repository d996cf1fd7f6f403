"""The record: chained by hashes, so that whatever is deleted, altered or moved shows (SEC20)."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from matchengine.errors import DataError
from matchengine.store.audit import (
    CUT,
    EVERYBODY,
    FIRST,
    Anchor,
    Break,
    chained,
    concerns,
    cut_event,
    find_break,
    first_break,
    hash_of,
    head_of,
    pseudonym,
    read_anchor,
)
from matchengine.store.base import AuditLine, Event

AT = datetime(2026, 3, 9, 12, tzinfo=UTC)
KEY = b"k" * 32


def record(count: int = 12, *events: Event) -> list[AuditLine]:
    """Return a record of so many lines, and of more events behind them."""
    lines: list[AuditLine] = []
    made = [
        Event(f"coordinator:{n % 3}", ("saw", "changed")[n % 2], (f"{n:032x}",), {"person": str(n)}, "because")
        for n in range(count)
    ]
    for n, event in enumerate([*made, *events]):
        lines.append(chained(lines[-1] if lines else None, event, AT + timedelta(minutes=n)))
    return lines


def rechained(lines: Sequence[AuditLine]) -> list[AuditLine]:
    """Return the record as somebody makes it anew who may write to the database."""
    made: list[AuditLine] = []
    for line in lines:
        made.append(chained(made[-1] if made else None, line.event, line.at))
    return made


def test_a_record_as_it_was_written_is_whole() -> None:
    lines = record()
    assert find_break(lines) is None
    assert find_break(lines, head_of(lines), head_of(lines)) is None
    assert find_break([]) is None
    assert find_break([], Anchor(0, FIRST), Anchor(0, FIRST)) is None


def mutated(lines: list[AuditLine], draw: random.Random) -> tuple[list[AuditLine], int]:
    """Return the record after one mutation, and the number of the first line that is not right.

    Without its first lines a record looks like one that was cut, and without its last one like an earlier one.
    """
    place = draw.randrange(len(lines))
    line, event = lines[place], lines[place].event
    what = draw.choice(["delete", "swap", "duplicate", "event", "hash", "at", "previous", "number"])
    if what == "delete":
        return lines[:place] + lines[place + 1 :], place + 1
    if what == "duplicate":
        return lines[: place + 1] + lines[place:], place + 2
    if what == "swap":
        other = (place + 1 + draw.randrange(len(lines) - 1)) % len(lines)
        first, second = sorted((place, other))
        changed = list(lines)
        changed[first], changed[second] = lines[second], lines[first]
        return changed, first + 1
    changes = {
        "event": lambda: line._replace(
            event=draw.choice(
                [
                    dataclasses.replace(event, actor="host"),
                    dataclasses.replace(event, action="erased"),
                    dataclasses.replace(event, subjects=()),
                    dataclasses.replace(event, subjects=(*event.subjects, "0" * 32)),
                    dataclasses.replace(event, details={**event.details, "person": "x"}),
                    dataclasses.replace(event, details={}),
                    dataclasses.replace(event, why=""),
                ]
            )
        ),
        "hash": lambda: line._replace(hash=hash_of(line.number, line.at, event, "f" * 64)),
        "at": lambda: line._replace(at=line.at + timedelta(microseconds=1)),
        "previous": lambda: line._replace(previous="f" * 64),
        "number": lambda: line._replace(number=line.number + 1),
    }
    return [*lines[:place], changes[what](), *lines[place + 1 :]], place + 1


MUTATIONS = 20


def check_mutations(count: int) -> None:
    draw, lines = random.Random(11), record()
    for _each in range(count):
        changed, expected = mutated(lines, draw)
        found = find_break(changed, head_of(lines))
        assert found is not None
        assert found.number == expected or expected in (1, len(lines)), (found, expected)


def test_every_mutation_is_found_where_it_is() -> None:
    check_mutations(MUTATIONS)


@pytest.mark.slow
def test_every_one_of_200_mutations_is_found_where_it_is() -> None:
    check_mutations(200)


def test_without_the_check_of_hashes_an_altered_line_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the hashes are what finds it."""
    lines = record()
    altered = [lines[0], lines[1]._replace(event=dataclasses.replace(lines[1].event, actor="host")), *lines[2:]]
    assert find_break(altered) == Break(2, "content")
    hashes = {line.number: line.hash for line in lines}
    monkeypatch.setattr("matchengine.store.audit.hash_of", lambda number, *_rest: hashes[number])
    assert find_break(altered) is None


def test_a_tail_that_was_cut_off_shows_by_the_head_alone() -> None:
    lines = record()
    assert find_break(lines[:-2]) is None
    assert find_break(lines[:-2], head_of(lines)) == Break(11, "end")
    assert find_break([], head_of(lines)) == Break(1, "end")
    assert find_break(lines, head_of(lines[:-2])) == Break(11, "end")
    assert find_break(lines, Anchor(12, "f" * 64)) == Break(12, "end")


def test_a_record_made_anew_shows_by_an_anchor_alone() -> None:
    lines = record()
    anchor = head_of(lines[:8])
    forged = rechained([*lines[:4], *lines[5:]])
    assert find_break(forged, head_of(forged)) is None
    assert find_break(forged, head_of(forged), anchor) == Break(8, "anchor")
    assert find_break(lines, head_of(lines), anchor) is None
    assert find_break(lines[:6], None, anchor) == Break(8, "anchor")


def test_what_was_cut_off_has_to_be_signed_for() -> None:
    lines = record()
    signed = [*lines, chained(lines[-1], cut_event(lines[4], "coordinator:1", "after five years"), AT)]
    assert find_break(signed[5:]) is None
    assert find_break(signed[5:], head_of(signed), head_of(lines[:5])) is None
    assert find_break(signed[5:], head_of(signed), head_of(lines[:7])) is None
    assert find_break(lines[5:]) == Break(6, "start")
    assert find_break(signed[6:]) == Break(7, "start")
    assert find_break(signed[4:]) == Break(5, "start")
    assert find_break(signed[5:], None, head_of(lines[:3])) == Break(3, "anchor")


def test_a_second_cut_takes_the_first_ones_line_along() -> None:
    lines = record()
    lines.append(chained(lines[-1], cut_event(lines[4], "a", ""), AT))
    lines.append(chained(lines[-1], Event("a", "saw"), AT))
    lines.append(chained(lines[-1], cut_event(lines[12], "a", ""), AT))
    assert lines[12].event.action == CUT
    assert find_break(lines[13:], head_of(lines)) is None


def test_a_line_that_signs_for_something_else_does_not_help() -> None:
    lines = record(12, Event("a", CUT, details={"up_to": "5", "hash": "f" * 64}), Event("a", CUT))
    assert find_break(lines[5:]) == Break(6, "start")


def test_the_first_break_is_a_number() -> None:
    lines = record()
    assert first_break(lines) is None
    assert first_break([*lines[:3], *lines[4:]]) == 4


def test_an_anchor_reads_as_it_is_written() -> None:
    anchor = head_of(record())
    assert read_anchor(f" {anchor}\n") == anchor
    for bad in ("", "1", "1:xyz", f"-1:{'0' * 64}", f"1:{'0' * 63}", f"1:{'0' * 64} more"):
        with pytest.raises(DataError):
            read_anchor(bad)


def test_a_pseudonym_is_the_same_each_time_and_another_one_elsewhere() -> None:
    own = pseudonym(KEY, "main", "p1")
    assert own == pseudonym(KEY, "main", "p1")
    assert (
        len({own, pseudonym(KEY, "other", "p1"), pseudonym(b"l" * 32, "main", "p1"), pseudonym(KEY, "main", "p2")}) == 4
    )
    assert pseudonym(KEY, "a", 'b","c') != pseudonym(KEY, 'a","b', "c")
    assert len(own) == 32
    assert "p1" not in own


def test_lines_concern_whom_they_name_and_everybody() -> None:
    own = pseudonym(KEY, "main", "p1")
    lines = record(0, Event("a", "saw", (own,)), Event("a", "saw", ("x",)), Event("a", "saw", (), {"about": EVERYBODY}))
    assert [line.number for line in concerns(lines, own)] == [1, 3]
