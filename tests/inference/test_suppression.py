"""Hidden cells stay hidden: margins, crossed tables, several strategies, repeated reports."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.errors import DataError
from matchengine.inference import suppress
from tests.inference.attackers import determined, finest, span


def crowd(*counts: tuple[tuple[int, ...], int]) -> np.ndarray:
    """People by their levels."""
    return np.array([levels for levels, many in counts for _n in range(many)])


def one_way(*counts: int) -> np.ndarray:
    """People of one attribute."""
    return crowd(*(((level,), many) for level, many in enumerate(counts)))


def hidden(found) -> set:
    """Keys that are hidden."""
    return {key for key, gone in zip(found.keys, found.hidden, strict=True) if gone}


def safe(found, earlier=()) -> None:
    """Assert that nothing hidden can be worked out from all that is or was shown."""
    keys = list(dict.fromkeys([*found.keys, *(key for report in earlier for key in report.keys)]))
    system, counts, shown = finest(keys), np.zeros(len(keys)), np.zeros(len(keys), bool)
    for report in (*earlier, found):
        for n, key in enumerate(report.keys):
            counts[keys.index(key)] = report.counts[n, 0]
            shown[keys.index(key)] |= not report.hidden[n]
    for n in np.flatnonzero(~shown):
        assert not determined(system, shown, n), keys[n]
        assert span(system, counts, shown, n) >= (found.least if counts[n] < found.least else 1) - 1e-6, keys[n]


def test_nothing_small_nothing_hidden():
    found = suppress(one_way(30, 12, 10), [[0]])
    assert not found.hidden.any()
    assert found.counts[:, 0].tolist() == [52, 30, 12, 10]
    assert found.shows(((0, 1),))
    assert not found.shows(((0, 7),))


def test_one_small_cell_takes_the_smallest_other_with_it():
    found = suppress(one_way(30, 25, 12, 3), [[0]])
    assert hidden(found) == {((0, 3),), ((0, 2),)}
    assert found.small.sum() == 1
    safe(found)


def test_two_small_cells_whose_sum_is_small_need_a_third():
    """Three and four hidden together: the total would tell that the seven of them are there."""
    found = suppress(one_way(30, 25, 3, 4), [[0]])
    assert hidden(found) == {((0, 2),), ((0, 3),), ((0, 1),)}
    safe(found)


def test_the_complement_is_a_cell_too():
    """Of 104 people 100 are shown: the total would tell of the other four."""
    found = suppress(one_way(100, 4), [[0]])
    assert {((0, 0),), ((0, 1),)} <= hidden(found)
    safe(found)


def test_a_level_that_nobody_has_is_small():
    found = suppress(one_way(30, 25, 12), [[0]], sizes=[4])
    assert ((0, 3),) in hidden(found)
    assert len(hidden(found)) == 2
    safe(found)


def test_people_who_did_not_say_cannot_be_worked_out():
    people = np.append(one_way(30, 25, 12), [[-1]] * 4, axis=0)
    found = suppress(people, [[0]])
    assert ((0, -1),) in hidden(found)
    assert len(hidden(found)) == 2
    safe(found)


def test_few_people_show_nothing_that_tells():
    found = suppress(one_way(4, 3), [[0]])
    assert found.hidden.all()


def test_a_crossed_table_hides_a_rectangle():
    people = crowd(((0, 0), 3), ((0, 1), 20), ((0, 2), 30), ((1, 0), 25), ((1, 1), 15), ((1, 2), 40))
    found = suppress(people, [[0, 1]])
    assert hidden(found) == {((0, a), (1, b)) for a in (0, 1) for b in (0, 1)}
    safe(found)


def test_tables_of_two_and_of_three_are_safe_together():
    rng = np.random.default_rng(1)
    people = np.minimum(rng.exponential(size=(260, 3)) * 1.2, 2).astype(int)
    for tables in ([[0, 1, 2]], [[0, 1], [1, 2]], [[0, 1], [1, 2], [0, 2]]):
        found = suppress(people, tables)
        assert found.hidden.any()
        assert not found.hidden.all()
        assert found.exposed == ()
        safe(found)


def test_readers_do_find_what_is_hidden_for_its_size_alone():
    """The readers of these tests are worth their name: without complementary cells they succeed."""
    found = suppress(crowd(((0, 0), 3), ((0, 1), 20), ((1, 0), 25), ((1, 1), 15)), [[0, 1]])
    system, counts = finest(found.keys), found.counts[:, 0].astype(float)
    (small,) = np.flatnonzero(found.small)
    assert determined(system, ~found.small, small)
    assert span(system, counts, ~found.small, small) == pytest.approx(0)


def test_a_plain_table_and_a_crossed_one_do_not_betray_each_other():
    """Hidden in the crossed table alone, the margin would give the cell away."""
    people = crowd(((0, 0), 40), ((0, 1), 40), ((1, 0), 12), ((1, 1), 2))
    found = suppress(people, [[0], [0, 1]])
    assert ((0, 1), (1, 1)) in hidden(found)
    safe(found)


def test_all_strategies_share_one_pattern():
    people = one_way(30, 25, 12, 14)
    counted = np.ones((81, 2), bool)
    counted[55:60, 1] = False
    found = suppress(people, [[0]], counted=counted)
    assert found.counts[3].tolist() == [12, 7]
    assert ((0, 2),) in hidden(found)
    column = np.ones((81, 2), bool)
    column[-1, 1] = False
    apart = suppress(people, [[0]], counted=column)
    assert ((0, 3),) in hidden(apart), "13 beside 14 would tell of one person"
    assert () in hidden(apart)


def test_a_second_report_cannot_undo_the_first():
    rng = np.random.default_rng(2)
    people = np.minimum(rng.exponential(size=(200, 2)) * 1.3, 2).astype(int)
    first = suppress(people, [[0, 1]])
    again = suppress(people, [[0]], earlier=[first])
    assert hidden(again) == {key for key in hidden(first) if key in again.keys}
    safe(again, [first])


def test_a_new_table_is_safe_beside_an_older_one():
    rng = np.random.default_rng(3)
    people = np.minimum(rng.exponential(size=(220, 3)) * 1.1, 2).astype(int)
    first = suppress(people, [[0, 1]])
    second = suppress(people, [[1, 2]], earlier=[first])
    third = suppress(people, [[0, 2]], earlier=[first, second])
    safe(second, [first])
    safe(third, [first, second])
    assert third.exposed == ()


def test_one_person_more_is_not_shown():
    people = one_way(30, 25, 12, 14)
    first = suppress(people, [[0]])
    assert not first.hidden.any()
    second = suppress(np.append(people, [[1]], axis=0), [[0]], earlier=[first])
    assert hidden(second) == {(), ((0, 1),)}
    many = suppress(np.append(people, [[1]] * 12, axis=0), [[0]], earlier=[first])
    assert hidden(many) == set()


def test_what_an_earlier_report_gave_away_is_told():
    people = one_way(30, 25, 12, 6)
    careless = suppress(people, [[0]], least=5)
    found = suppress(people, [[0]], least=10, earlier=[careless])
    assert found.exposed == (((0, 3),),)


def test_order_of_people_and_tables_changes_nothing():
    rng = np.random.default_rng(4)
    people = np.minimum(rng.exponential(size=(150, 2)) * 1.3, 2).astype(int)
    one = suppress(people, [[0, 1], [1]])
    other = suppress(people[::-1], [[1], [1, 0], [1]])
    assert one.keys == other.keys
    assert (one.hidden == other.hidden).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"levels": [[0.5]], "tables": [[0]]}, "whole numbers"),
        ({"levels": [[0]], "tables": [[1]]}, "does not exist"),
        ({"levels": [[0]], "tables": [[0]], "least": 1}, "at least 2"),
        ({"levels": [[0]], "tables": [[0]], "counted": [[True], [True]]}, "one row for each person"),
        ({"levels": [[0, 0, 0]], "tables": [[0, 1, 2]], "sizes": [30, 30, 30]}, "27000"),
    ],
)
def test_what_cannot_be_checked_is_refused(given, message):
    with pytest.raises(DataError, match=message):
        suppress(**given)
