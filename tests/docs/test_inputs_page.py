"""docs/inputs.md lists exactly the inputs of the code, with their shapes and types."""

from __future__ import annotations

import re

import numpy as np
import pytest

from matchengine.batch import ItemPairs, JointSets, PairBatch, Segments, Sides
from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.pool.inputs import Inputs, known_inputs
from matchengine.testing import World
from tests.docs.pages import DOCS, ROOT

Row = dict[str, str]
PAGE = (DOCS / "inputs.md").read_text(encoding="utf-8")
SIDES = {"people": Sides("people", "people", 1), "groups": Sides("people", "groups")}
PEOPLE_FIELDS = ("needs", "offers", "past", "aims", "interests", "opportunities", "influence")
PEOPLE_ONLY = {"pair_must_share", "pair_accepts", "pair_accepted_by", "pair_usually_accepts"}
"""Pair features that gatherings do not have."""
GATHERINGS_ONLY = {"pair_joined_together"}
"""Pair features that people do not have."""
OBJECTS = {"pair_shared_wishes"}
"""Pair features that are no arrays."""


def rows(heading: str, table: int = 0) -> list[Row]:
    """Return the rows of a table under a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[table].splitlines()
    names = [cell.strip() for cell in found[0].strip("|").split("|")]
    return [dict(zip(names, (c.strip() for c in line.strip("|").split("|")), strict=True)) for line in found[2:]]


def named(heading: str) -> dict[str, Row]:
    """Return the rows of a heading's first table by the name in their first column."""
    return {row["name"].strip("`"): row for row in rows(heading)}


PEOPLE, GATHERINGS, PAIRS = named("Columns of people"), named("Columns of gatherings"), named("Pair features")
DOCUMENTED: dict[str, dict[str, Row]] = {
    "people": {f"{side}_{name}": row for name, row in PEOPLE.items() for side in ("requester", "candidate")},
    "groups": {
        **{f"requester_{name}": row for name, row in PEOPLE.items()},
        **{f"candidate_{name}": row for name, row in GATHERINGS.items()},
    },
}
ITEMS = {
    "people": {f"items_{left}_{right}" for left in PEOPLE_FIELDS for right in PEOPLE_FIELDS},
    "groups": {f"items_{left}_{right}" for left in PEOPLE_FIELDS for right in ("topics", "past")},
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return an engine over two people and a group, none of whom says anything, and one who does."""
    made = Engine(load_config(ROOT / "configs" / "lexical.toml"))
    silent = [{"id": "a"}, {"id": "b"}]
    goal, language = [{"text": "bake bread"}], [{"tag": "en", "level": "C1"}]
    speaks = {
        "id": "c",
        "goals": goal,
        "offers": goal,
        "values": ["care"],
        "fields": ["isco:75"],
        "languages": language,
    }
    made.load(people=[*silent, speaks], groups=[{"id": "g", "title": "Bread", "kind": "hobby"}])
    return made


def inputs(engine: Engine, candidates: str, row: int = 0) -> Inputs:
    """Return the inputs of one row with everybody."""
    sides = SIDES[candidates]
    return Inputs(engine._pool, sides, PairBatch.one_to_many(row, engine._pool.rows(sides.candidates)))


@pytest.mark.parametrize("candidates", ["people", "groups"])
def test_every_input_is_documented_and_nothing_else(engine: Engine, candidates: str) -> None:
    pairs = {f"pair_{name}" for name in PAIRS} | OBJECTS
    pairs -= GATHERINGS_ONLY if candidates == "people" else PEOPLE_ONLY
    wanted = set(known_inputs(engine._pool, SIDES[candidates]))
    assert set(DOCUMENTED[candidates]) | pairs | ITEMS[candidates] == wanted


@pytest.mark.parametrize("candidates", ["people", "groups"])
def test_shapes_and_types_are_those_of_the_code(engine: Engine, candidates: str) -> None:
    given = inputs(engine, candidates)
    for name, row in {**DOCUMENTED[candidates], **{f"pair_{n}": r for n, r in PAIRS.items()}}.items():
        if name in (GATHERINGS_ONLY if candidates == "people" else PEOPLE_ONLY):
            continue
        array = given[name]
        dimensions = re.fullmatch(r"\(P,\s*(\w*)\)", row["shape"])
        assert dimensions is not None, name
        assert (array.dtype.name, array.ndim) == (row["dtype"], 2 if dimensions[1] else 1), name
        if dimensions[1].isdigit():
            assert array.shape[1] == int(dimensions[1]), name


@pytest.mark.parametrize("candidates", ["people", "groups"])
def test_who_says_nothing_is_unknown_as_documented(engine: Engine, candidates: str) -> None:
    given = inputs(engine, candidates)
    for name, row in DOCUMENTED[candidates].items():
        array = np.asarray(given[name][0], dtype=np.float64)
        if row["unknown"].startswith("1 for mentors"):
            assert array == 1 if candidates == "people" else np.isnan(array), name
        elif "NaN" in row["unknown"]:
            assert np.isnan(array).all(), name
        elif row["unknown"] in {"0", "none", "row of 0"}:
            assert not array.any(), name
        else:
            assert row["unknown"] == "never", name
            assert not np.isnan(array).any(), name


def test_item_pairs_are_as_documented(engine: Engine) -> None:
    items = inputs(engine, "people", row=2)["items_needs_offers"]
    assert isinstance(items, ItemPairs)
    described = {name: row for row in rows("Item pairs", 1) for name in re.findall(r"`(\w+)`", row["attribute"])}
    left_out = {"left_field", "right_field", "sources", "right_sources"}
    assert set(described) == ({*ItemPairs.__dataclass_fields__, "known"} - left_out)
    for name, row in described.items():
        if row["shape"]:
            assert getattr(items, name).dtype.name == row["dtype"], name
    for row in rows("Item pairs", 2):
        name = row["attribute"].strip("`")
        assert getattr(items.left, name).dtype.name == row["dtype"], name
    assert {row["attribute"].strip("`") for row in rows("Item pairs", 2)} == (
        set(Segments.__dataclass_fields__) - {"starts", "order"}
    )


def test_text_fields_are_those_of_the_code() -> None:
    from matchengine.pool.text import GATHERING_FIELDS, PROJECT_FIELDS
    from matchengine.pool.text import PEOPLE_FIELDS as OF_PEOPLE

    fields = {row["field"].strip("`"): set(row["of"].split(", ")) for row in rows("Item pairs")}
    assert {name for name, of in fields.items() if "people" in of} == set(OF_PEOPLE) == set(PEOPLE_FIELDS)
    assert {name for name, of in fields.items() if "gatherings" in of} == set(GATHERING_FIELDS)
    assert {name for name, of in fields.items() if of & {"gatherings", "projects"}} == set(PROJECT_FIELDS)
    counts = {len(OF_PEOPLE) ** 2, *(len(OF_PEOPLE) * len(of) for of in (GATHERING_FIELDS, PROJECT_FIELDS))}
    told = PAGE.partition("\n## Item pairs\n")[2].partition("\n|")[0]
    assert counts == {int(number) for number in re.findall(r"\d+", told)}


def test_joint_sets_are_as_documented(engine: Engine) -> None:
    sets = inputs(engine, "people")["pair_shared_wishes"]
    described = {name: row for row in rows("Joint sets") for name in re.findall(r"`(\w+)`", row["attribute"])}
    assert set(described) == {*JointSets.__dataclass_fields__, "known"}
    for name, row in described.items():
        if row["shape"]:
            assert getattr(sets, name).dtype.name == row["dtype"], name


@pytest.mark.parametrize("candidates", ["people", "groups"])
def test_the_conformance_kit_can_draw_every_input(engine: Engine, candidates: str) -> None:
    world = World()
    names = known_inputs(engine._pool, SIDES[candidates])
    drawn = world.inputs(names, world.batch(20))
    for name in names:
        if not name.startswith("items_") and name not in OBJECTS:
            assert drawn[name].dtype == inputs(engine, candidates)[name].dtype, name
