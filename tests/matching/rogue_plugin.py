"""Scorers that break their promise, each in one way. Installed by `test_faults.py` as a plugin of its own."""

import ctypes
import os
import time

import numpy as np

from matchengine import Scored, scorer
from matchengine.components import specs_in

CANARY = "kestrel-7719"


def half(given):
    """What a decent scorer would return."""
    return np.full(len(given), 0.5)


@scorer("decent", block="relate")
def decent(candidate_cadence_minutes):
    """Nothing wrong."""
    return Scored(half(candidate_cadence_minutes))


@scorer("raises", block="relate")
def raises(candidate_cadence_minutes):
    """Raises with something private in its text."""
    raise ValueError(f"{CANARY} {candidate_cadence_minutes}")


@scorer("hangs", block="relate")
def hangs(candidate_cadence_minutes):
    """Never comes back."""
    time.sleep(3600)


@scorer("spins", block="relate")
def spins(candidate_cadence_minutes):
    """Never comes back and keeps the interpreter busy."""
    while True:
        pass


@scorer("nan", block="relate")
def nan(candidate_cadence_minutes):
    """Abstains from everything."""
    return Scored(np.full(len(candidate_cadence_minutes), np.nan))


@scorer("inf", block="relate")
def inf(candidate_cadence_minutes):
    """Without bounds."""
    return Scored(np.full(len(candidate_cadence_minutes), np.inf))


@scorer("wrong_shape", block="relate")
def wrong_shape(candidate_cadence_minutes):
    """One row for each pair."""
    return Scored(np.full((len(candidate_cadence_minutes), 2), 0.5))


@scorer("wrong_dtype", block="relate")
def wrong_dtype(candidate_cadence_minutes):
    """Texts."""
    return Scored(np.full(len(candidate_cadence_minutes), "0.5"))


@scorer("objects", block="relate")
def objects(candidate_cadence_minutes):
    """Python objects, which no boundary takes."""
    return Scored(np.array([0.5] * len(candidate_cadence_minutes), object))


@scorer("mutates", block="relate")
def mutates(candidate_cadence_minutes):
    """Writes into what everybody reads, by force."""
    candidate_cadence_minutes.flags.writeable = True
    candidate_cadence_minutes[...] = 1
    return Scored(half(candidate_cadence_minutes))


@scorer("huge", block="relate")
def huge(candidate_cadence_minutes):
    """Far more than was asked for."""
    return Scored(np.zeros(20_000_000))


@scorer("talkative", block="relate")
def talkative(candidate_cadence_minutes):
    """Very many kinds of evidence."""
    evidence = {f"e{n}": half(candidate_cadence_minutes) for n in range(500)}
    return Scored(half(candidate_cadence_minutes), **evidence)


@scorer("exits", block="relate")
def exits(candidate_cadence_minutes):
    """Ends the process at once."""
    os._exit(3)


@scorer("asks_to_exit", block="relate")
def asks_to_exit(candidate_cadence_minutes):
    """Ends the process politely."""
    raise SystemExit(0)


@scorer("crashes", block="relate")
def crashes(candidate_cadence_minutes):
    """Reads memory that is not there."""
    ctypes.string_at(8)


@scorer("prints", block="relate")
def prints(candidate_cadence_minutes):
    """Prints what it sees."""
    print(CANARY, candidate_cadence_minutes)  # noqa: T201
    return Scored(half(candidate_cadence_minutes))


def matchengine_components():
    """Offer all of them."""
    return specs_in(
        *(decent, raises, hangs, spins, nan, inf, wrong_shape, wrong_dtype, objects, mutates, huge, talkative),
        *(exits, asks_to_exit, crashes, prints),
    )
