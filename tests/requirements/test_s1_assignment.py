"""Rows about deciding for everybody at once: nobody is left out who need not be."""

from __future__ import annotations

import random
from typing import Any

import pytest

from matchengine.programme.assign import assign
from tests.programme.plans import TOPICS, gives, ground, loaded, wants

ENGLISH, SPANISH = ({"tag": tag, "level": "C1"} for tag in ("en", "es"))
LEXIMIN = '[match.mentor.assign]\nmethod = "leximin"\n'


def programme(seed: int) -> list[dict[str, Any]]:
    """Return as many mentees as places, and rules under which everybody can be served: pair n speaks language n.

    Each mentee shares a language with the mentor of the same number and, by chance, with others whom they may suit
    better. Whoever takes the best for the first leaves others with nobody.
    """
    chance = random.Random(seed)
    tags = ["en", "es", "fr", "de", "it", "pl"]
    people = []
    for number, tag in enumerate(tags):
        more = chance.sample([t for t in tags if t != tag], chance.randint(0, 2))
        spoken = [{"tag": t, "level": "C1"} for t in (tag, *more)]
        people.append(wants(f"a{number}", chance.choice(TOPICS), languages=spoken, fields=[f"local:f{number % 2}"]))
        people.append(gives(f"m{number}", chance.choice(TOPICS), languages=[{"tag": tag, "level": "C1"}]))
    return people


@pytest.mark.parametrize("seed", range(12))
def test_s1_13_leximin_never_leaves_anybody_out_where_everybody_can_be_served(seed: int) -> None:
    """S1-13: leximin mode never leaves someone unmatched if a feasible full matching exists."""
    plan = assign(ground(loaded(programme(seed), LEXIMIN)))
    assert plan.document.summary.matched == 6
    assert not [each for each in plan.document.unmatched if each.side == "requester"]


def test_s1_13_taking_the_best_pair_first_can_leave_somebody_out() -> None:
    """S1-13: the test above can fail, because the greedy baseline leaves somebody out on the same programmes."""
    matched = [assign(ground(loaded(programme(seed), LEXIMIN)), method="greedy").document.summary for seed in range(12)]
    assert min(summary.matched for summary in matched) < 6
