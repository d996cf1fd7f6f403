"""The shipped configuration for advice: who is ahead comes first, whoever is asked often, and all are compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from matchengine.config import parse_config
from matchengine.engine import Engine
from matchengine.records import Relationship
from tests.support import mentee, mentor

SHIPPED = Path(__file__).parents[2] / "configs" / "advice.toml"
BANDS = ("0-1", "2-4", "5-9", "10-19", "20+")


def advice(*mentors: dict[str, Any], field: bool = False, **more: Any) -> Engine:
    """Return an engine with one mentee of some years; `field` takes out the # before the scorer of fields."""
    text = SHIPPED.read_text(encoding="utf-8")
    if field:
        head, mark, rest = text.partition("# [match.adviser.scorers.field]")
        lines = (mark + rest).splitlines(keepends=True)
        text = head + "".join(line.removeprefix("# ") for line in lines[:4]) + "".join(lines[4:])
    made = Engine(parse_config(text))
    asks = mentee("a", goals=[], experience=[{"band": BANDS[1]}], career_stage="early", fields=["isco:25"])
    made.load([asks, *(one | {"offers": []} for one in mentors)], **more)
    return made


def first(made: Engine) -> list[str]:
    """Return all candidates of the mentee, the best first."""
    return [found.candidate_id for found in made.suggest("a", "adviser", 9)]


@pytest.mark.parametrize("known", [{}, {"career_stage": "senior"}])
def test_who_has_more_years_comes_first_and_who_tells_nothing_last(known: dict[str, Any]) -> None:
    people = [mentor(f"m{n}", experience=[{"band": band}], **known) for n, band in enumerate(BANDS)]
    made = advice(mentor("silent", career_stage=None, experience=[]), *people)
    assert first(made) == ["m4", "m3", "m2", "m1", "m0", "silent"]
    assert "years of experience" in made.suggest("a", "adviser")[0].model_dump_json()


def test_whom_everybody_asks_is_no_better_for_it() -> None:
    people = [mentor(who, experience=[{"band": BANDS[3]}], capacity={"mentor": 9}) for who in ("m", "n")]
    others = [mentee(f"b{n}") for n in range(6)]
    ties = [Relationship(person_id=f"b{n}", other_id="n", kind="mentoring", status="completed") for n in range(6)]
    plain, asked = advice(*people, *others), advice(*people, *others, relationships=ties)
    scores = [[found.score for found in made.suggest("a", "adviser")] for made in (plain, asked)]
    assert scores[0] == scores[1]


@pytest.mark.parametrize("switched_on", [False, True])
def test_the_field_of_work_counts_only_where_a_programme_switches_it_on(switched_on: bool) -> None:
    same = mentor("same", experience=[{"band": BANDS[3]}], fields=["isco:25"])
    other = mentor("other", experience=[{"band": BANDS[3]}], fields=["nace:q"])
    made = advice(other, same, field=switched_on)
    points = {found.candidate_id: found.score for found in made.suggest("a", "adviser")}
    assert (points["same"] > points["other"]) is switched_on
    assert bool(re.search("field of work", str(made.suggest("a", "adviser")))) is switched_on


def test_no_text_is_compared_so_everybody_is() -> None:
    config = parse_config(SHIPPED.read_text(encoding="utf-8"))
    assert config.retrieve.dense_up_to == 100_000
    made = Engine(config)
    assert not made._scene("adviser").kind.item_views
