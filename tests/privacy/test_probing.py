"""Somebody edits their wishes and watches ranks to learn what others confided (domain.md B4: AUC at most .60).

Sixteen attackers declare two themes and wish for them, and compare what they are shown of 100 mentors before and after;
a quarter of the mentors holds the theme in question. What an attacker makes of it is measured as the chance that a
mentor who holds it looks more like it than one who does not (AUC, .5 is guessing).
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.records import Person
from tests.properties.disclosing import LIFT, consents, holders, wishes
from tests.properties.populations import programme
from tests.support import engine

ATTACKERS, MENTORS, LIST = [f"a{n}" for n in range(16)], 100, 5
SECRET, OTHER = "theme in question", "another theme"
Ranks = dict[str, dict[str, int]]


def people(other: float = 0.25) -> list[dict[str, Any]]:
    """Return attackers who declare both themes, and others of whom a quarter holds the first, a share the second."""
    chance = random.Random(5)
    everybody = [*programme(len(ATTACKERS), MENTORS, 5), *holders(MENTORS, "x")]
    for person in everybody:
        held = [theme for theme, share in ((SECRET, 0.25), (OTHER, other)) if chance.random() < share]
        person["lived_experience"] = [SECRET, OTHER] if person["id"] in ATTACKERS else [*held, "x"]
    return everybody


def ranks(made: me.Engine) -> Ranks:
    """Return the rank of every mentor for every attacker."""
    found = made.suggest_many(ATTACKERS, "mentor", MENTORS)
    return {who: {s.candidate_id: s.rank for s in of} for who, of in found.items()}


def watched(everybody: list[dict[str, Any]], told: list[dict[str, Any]]) -> tuple[Ranks, Ranks]:
    """Return what attackers see before and after they wish for something."""
    made = engine(LIFT)
    made.load(everybody, consents=consents(everybody))
    before = ranks(made)
    for person in everybody:
        if person["id"] in ATTACKERS:
            made.upsert(Person.model_validate(person | {"wishes": told}))
    return before, ranks(made)


@cache
def strongest(other: float) -> tuple[Ranks, Ranks]:
    """Return what attackers see who want the first theme as much as can be, and take the second as a cover."""
    return watched(people(other), [*wishes("very_important", SECRET), *wishes("nice", OTHER)])


def auc(seen: dict[tuple[str, str], float], other: float) -> float:
    """Return the chance that a mentor who holds the secret theme looks more like it than one who does not."""
    holding = {p["id"] for p in people(other) if SECRET in p["lived_experience"]}
    yes = np.array([value for (_who, mentor), value in seen.items() if mentor in holding])
    no = np.array([value for (_who, mentor), value in seen.items() if mentor not in holding])
    assert len(yes) > 20
    return float((yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2)


def gains(before: Ranks, after: Ranks, length: int, among: range = range(1, MENTORS + 1)) -> dict[Any, float]:
    """Return how far each mentor rose in a list of some length; places beyond its end all look alike."""

    def place(rank: int) -> int:
        return min(rank, length + 1)

    return {
        (who, mentor): place(rank) - place(after[who][mentor])
        for who, of in before.items()
        for mentor, rank in of.items()
        if rank in among
    }


@pytest.mark.parametrize("other", [0.25, 0.9])
def test_whoever_watches_a_list_of_five_hardly_does_better_than_guessing(other: float) -> None:
    before, after = strongest(other)
    assert 0.5 < auc(gains(before, after, LIST), other) <= 0.60


def test_one_theme_alone_shows_nothing_whatever_else_is_declared() -> None:
    before, after = watched(people(), wishes("very_important", SECRET))
    assert before == after
    invented = [p | {"lived_experience": [*p["lived_experience"], f"of {p['id']}"]} for p in people()]
    told = [*wishes("very_important", SECRET), *(w for who in ATTACKERS for w in wishes("nice", f"of {who}"))][:10]
    before, after = watched(invented, told)
    assert before == after


def test_what_fewer_than_five_hold_shows_nothing() -> None:
    few = [p | {"lived_experience": [t for t in p["lived_experience"] if t not in (SECRET, OTHER)]} for p in people()]
    for number, person in enumerate(few):
        person["lived_experience"] += [SECRET, OTHER] if person["id"] in ("a0", "m0", "m1") else []
        person["lived_experience"] += [OTHER] if number % 5 == 0 else []
    before, after = watched(few, wishes("very_important", SECRET, OTHER))
    assert before == after


_COVERED = pytest.mark.xfail(strict=True, reason=".63: nearly everybody holds the second theme, so one alone acts")


@pytest.mark.parametrize("other", [0.25, pytest.param(0.9, marks=_COVERED)])
def test_whoever_watches_the_whole_order_hardly_does_better_than_guessing(other: float) -> None:
    """A lift decides about the first five places alone: before that rule the whole order gave .98 and more."""
    before, after = strongest(other)
    assert auc(gains(before, after, MENTORS), other) <= 0.60


def test_behind_the_first_five_nobody_stands_where_a_lift_put_them() -> None:
    before, after = strongest(0.25)
    for who, ranks_before in before.items():
        later = [mentor for mentor, rank in after[who].items() if rank > LIST]
        assert later == sorted(later, key=ranks_before.__getitem__)


@pytest.mark.parametrize("other", [0.25, 0.9])
@pytest.mark.xfail(strict=True, reason="one edit moves a place just below the list into it; nothing hides that")
def test_whoever_knows_that_somebody_stands_just_below_the_list_does_no_better_than_guessing(other: float) -> None:
    before, after = strongest(other)
    assert auc(gains(before, after, LIST, range(LIST + 1, 2 * LIST + 1)), other) <= 0.60
