"""Wishes as pairs: nobody twice, nobody who takes no part, and no circle of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.errors import DataError, UnknownIdError
from matchengine.programme.groups.wishes import Asked, positions, refuse_circles
from tests.properties.populations import quick


def test_pairs_become_positions() -> None:
    assert positions([("b", "a")], {"a": 0, "b": 1}).tolist() == [[1, 0]]
    assert positions([], {}).shape == (0, 2)
    with pytest.raises(UnknownIdError, match="'c'"):
        positions([("a", "c")], {"a": 0})
    with pytest.raises(DataError, match="'a' is named together with themselves"):
        positions([("a", "a")], {"a": 0})


def test_everybody_named() -> None:
    assert Asked((("a", "b"),), (("b", "c"),), {"d": 1}).people == ("a", "b", "c", "d")


def test_a_circle_names_everybody_on_it_and_nobody_else() -> None:
    refuse_circles([("a", "b"), ("b", "c"), ("x", "y")])
    with pytest.raises(DataError, match="run in a circle: d, c, b and a; "):
        refuse_circles([("z", "b"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    with pytest.raises(DataError, match="run in a circle: b and a; "):
        refuse_circles([("a", "b"), ("b", "a")])


@quick
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda p: p[0] != p[1]), max_size=8))
def test_wishes_are_refused_exactly_where_one_of_them_ties_nobody_new(pairs: list[tuple[int, int]]) -> None:
    group = list(range(7))
    circle = False
    for one, other in pairs:
        circle |= group[one] == group[other]
        group = [group[one] if each == group[other] else each for each in group]
    named = [(str(one), str(other)) for one, other in pairs]
    if circle:
        with pytest.raises(DataError, match="circle"):
            refuse_circles(named)
    else:
        refuse_circles(named)
