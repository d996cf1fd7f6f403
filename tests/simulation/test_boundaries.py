"""The room knows records, errors and sentences alone, and no record knows what is hidden (domain.md H11)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import matchengine.simulation
from matchengine.simulation import run_pairs, to_records, world
from matchengine.simulation.people import Side
from matchengine.simulation.traits import Traits
from tests.simulation.twins import dumped, random_pairs, records, twin

FOLDER = Path(matchengine.simulation.__file__).parent
ALLOWED = ("matchengine.records", "matchengine.errors", "matchengine.i18n", "matchengine.simulation")
HIDDEN = {"warmth", "reliability", "teaching", "reaction", "shock", "chemistry", "competence", "useful", "hostile"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda p: p.name)
def test_h11_the_simulator_imports_no_scorer_and_nothing_that_matches(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
    roots = {name.split(".")[0] for name in names}
    assert roots <= {*sys.stdlib_module_names, "numpy", "pydantic", "matchengine"}
    inside = [name for name in names if name.startswith("matchengine")]
    assert [name for name in inside if not name.startswith(ALLOWED)] == []


def test_h11_a_run_loads_nothing_that_matches() -> None:
    code = (
        "from matchengine.simulation import *; import sys\n"
        "t = populate(Knobs(mentees=20, groups=3), 1); t.records(); true_utility(t, world('W1'))\n"
        "sys.stdout.write(' '.join(m for m in sys.modules if m.startswith('matchengine.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    rooms = {name.split(".")[1] for name in done.stdout.split()}
    assert rooms <= {"records", "errors", "i18n", "lazy", "simulation", "version"}


def test_no_record_names_or_holds_a_hidden_number() -> None:
    text = dumped(records())
    population = twin()
    numbers = set(re.findall(r"-?\d+\.\d{3,}", text))
    assert [name for name in HIDDEN if f'"{name}' in text] == []
    for side in (population.mentees, population.mentors):
        arrays = [getattr(side.traits, f.name) for f in fields(Traits)] + [side.need, side.values, side.safety]
        hidden = {f"{value:.4f}" for array in arrays for value in array.ravel()}
        assert not {number for number in numbers if f"{float(number):.4f}" in hidden}


def _with_other_traits(side: Side, names: tuple[str, ...]) -> Side:
    rng = np.random.default_rng(99)
    changed = {name: rng.permutation(getattr(side.traits, name)) for name in names}
    return replace(side, traits=replace(side.traits, **changed))


def test_other_hidden_traits_leave_every_record_as_it_was() -> None:
    population = twin()
    names = ("warmth", "reliability", "teaching", "shock_rate")
    other = replace(
        population,
        mentees=_with_other_traits(population.mentees, names),
        mentors=_with_other_traits(population.mentors, names),
        groups=replace(population.groups, host=population.groups.host[::-1], hostile=population.groups.hostile[::-1]),
    )
    assert dumped(other.records()) == dumped(records())


def test_the_reaction_to_similar_others_shows_in_wishes_alone() -> None:
    population = twin()
    other = replace(population, mentees=_with_other_traits(population.mentees, ("reaction",)))
    before, after = records(), other.records()
    assert dumped(after) != dumped(before)

    def bare(told):
        return [p.model_copy(update={"wishes": ()}) for p in told["people"]]

    assert bare(before) == bare(after)
    kept = [[g for g in told["consents"] if g.field != "wishes"] for told in (before, after)]
    assert kept[0] == kept[1]


def test_ids_are_neutral_and_no_record_has_a_name() -> None:
    told = records()
    assert {p.id.split("-")[0] for p in told["people"]} == {"mentee", "mentor"}
    assert {g.id.split("-")[0] for g in told["groups"]} == {"group"}
    assert all(p.pronouns is None for p in told["people"])


def test_a_written_round_holds_no_hidden_number_either() -> None:
    population, w = twin(), world("W1")
    i, j = random_pairs(population, 200)
    outcome = run_pairs(population, w, i, j, 3)
    written = to_records(population, outcome, started=date(2026, 1, 5))
    text = "".join(r.model_dump_json() for r in [*written.relationships, *written.feedback, *written.meetings])
    numbers = {f"{value:.4f}" for array in (outcome.utility, outcome.gain, outcome.quality) for value in array}
    assert not [number for number in numbers if number in text]
    assert not [name for name in ("utility", "quality", *HIDDEN) if f'"{name}"' in text]
