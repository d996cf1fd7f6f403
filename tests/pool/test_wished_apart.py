"""How many things somebody wishes to share that can be told apart, and whom gatherings are intended for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.properties.disclosing import attributes, consents, holders, wishes
from tests.support import engine, group

from matchengine.engine import Engine

TOKENS = ("heritage:east", "heritage:west", "faith:one")
THEMES = ("started over", "only one in my team")


def loaded(person: dict[str, Any], groups: tuple[dict[str, Any], ...] = ()) -> Engine:
    """Return an engine on one person and six who hold all tokens and themes."""
    people = [{"id": "a", **person}, *holders(6, *THEMES, tokens=TOKENS)]
    made = engine()
    made.load(people, groups=groups, consents=consents(people))
    return made


@pytest.mark.parametrize(
    ("held", "wished", "count", "level"),
    [
        (TOKENS, ("heritage", "faith"), 2, 1.0),
        (TOKENS, ("heritage",), 1, 1.0),
        (TOKENS[:2], ("heritage", "faith"), 1, 1.0),
        (("heritage:nobody else", "faith:one"), ("heritage", "faith"), 1, 1.0),
        ((), ("heritage", "faith"), 0, None),
        (TOKENS, ("nothing of mine",), 0, None),
    ],
)
def test_only_what_a_person_holds_and_five_hold_counts(
    held: tuple[str, ...], wished: tuple[str, ...], count: int, level: float | None
) -> None:
    pool = loaded({"attributes": attributes(*held), "wishes": wishes("nice", *wished)})._pool
    assert pool.derived.wished_apart()[0] == count
    told = float(pool.tables["people"].column("wish_level")[0])
    assert (told == level) if level is not None else told != told


def test_every_theme_of_lived_experience_is_a_thing_by_itself() -> None:
    person = {"lived_experience": THEMES, "wishes": wishes("nice", "lived_experience")}
    assert loaded(person)._pool.derived.wished_apart()[0] == 2


def test_a_wish_for_several_things_at_once_is_important_unless_one_is_more() -> None:
    joint = {"attributes": attributes(*TOKENS), "joint_wishes": [{"dimensions": ("heritage", "faith")}]}
    for told, level in ((joint, 2.0), (joint | {"wishes": wishes("very_important", "faith")}, 3.0)):
        pool = loaded(told)._pool
        assert pool.tables["people"].column("wish_level")[0] == level
        assert pool.derived.wished_apart()[0] == 2


def test_whom_a_group_is_for_is_read_by_dimension_and_value_or_by_value() -> None:
    intended = {"both": ["heritage: east", "one"], "theme": [THEMES[0]], "unheard": ["heritage:north"], "all": []}
    made = loaded({}, tuple(group(name, intended_for=words) for name, words in intended.items()))
    pool = made._pool
    codes, rows = pool.shared.codes["attributes"], pool.tables["groups"].row_of
    masks = pool.derived.intended_for("groups")
    held = {
        name: {n for n in range(len(codes)) if int(masks[row, n // 64]) >> (n % 64) & 1} for name, row in rows.items()
    }
    assert held["both"] == {codes[pool.shared.token(*t.split(":"))] for t in ("heritage:east", "faith:one")}
    assert held["theme"] == {codes[pool.shared.token("lived_experience", THEMES[0])]}
    assert held["unheard"] == held["all"] == set()
