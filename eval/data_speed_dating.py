"""Who would like to see whom again: both sides of every meeting of waves 1 to 9 (Fisman et al. 2006).

Read are who met whom, when, and what both answered. No attribute of anybody is read: the data serve to test
reciprocity alone.
"""

from __future__ import annotations

import csv
import gzip
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.data import data_file

__all__ = ["Market", "Meeting", "markets"]


class Meeting(NamedTuple):
    """One meeting of a wave: who met (ids), the turn for each of the two, from 1, and whether each said yes."""

    one: str
    other: str
    turn: int
    other_turn: int
    yes: bool
    other_yes: bool


class Market(NamedTuple):
    """One evening: everybody on one side met everybody on the other.

    `history` are the meetings that were in the first half of the evening for both; `test` those in the second half for
    both. The rest is in neither, so that nothing about a test meeting, or later than it, is known.
    """

    wave: int
    meetings: list[Meeting]
    history: list[Meeting]
    test: list[Meeting]


def markets() -> list[Market]:
    """Read the waves, each as a market of its own, meetings in the order of the turns."""
    answers: dict[tuple[int, str, str], tuple[int, bool, bool]] = {}
    path = data_file("speed_dating", "speed_dating_waves_1_9.csv.gz")
    with gzip.open(path, "rt", encoding="latin-1", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["pid"]:
                key = int(float(row["wave"])), row["iid"], str(int(float(row["pid"])))
                answers[key] = int(float(row["order"])), row["dec"] == "1", row["gender"] == "0"
    found = []
    for wave in sorted({key[0] for key in answers}):
        own = {(one, other): told for (of, one, other), told in answers.items() if of == wave}
        meetings = [
            Meeting(f"d{one}", f"d{other}", turn, own[other, one][0], yes, own[other, one][1])
            for (one, other), (turn, yes, first) in own.items()
            if first and (other, one) in own
        ]
        found.append(_split(wave, sorted(meetings, key=lambda meeting: (meeting.turn, meeting.one, meeting.other))))
    return found


def _split(wave: int, meetings: list[Meeting]) -> Market:
    """Cut each person's evening at half of their own meetings."""
    turns: dict[str, list[int]] = {}
    for meeting in meetings:
        turns.setdefault(meeting.one, []).append(meeting.turn)
        turns.setdefault(meeting.other, []).append(meeting.other_turn)
    half = {person: float(np.median(of)) for person, of in turns.items()}
    early: NDArray[np.bool_] = np.array(
        [[m.turn <= half[m.one], m.other_turn <= half[m.other]] for m in meetings], np.bool_
    ).reshape(len(meetings), 2)
    history = [meeting for meeting, both in zip(meetings, early.all(axis=1), strict=True) if both]
    test = [meeting for meeting, any_early in zip(meetings, early.any(axis=1), strict=True) if not any_early]
    return Market(wave, meetings, history, test)
