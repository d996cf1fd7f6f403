"""What crosses the boundary of a component: inputs nobody can write, no printing, no ending, results as asked for."""

from __future__ import annotations

import sys
import threading
from typing import Any

import numpy as np
import pytest

from matchengine.batch import ItemPairs, Quotes, Scored, frozen
from matchengine.errors import PluginError
from matchengine.matching.boundary import call, check_scored, quiet
from matchengine.testing import World


@pytest.mark.parametrize(
    "array",
    [
        np.arange(5, dtype=np.float32),
        np.zeros(0, np.bool_),
        np.ones((3, 2), np.uint64)[:, ::-1],
        np.broadcast_to(np.float32(3), (4,)),
        np.broadcast_to(np.arange(3, dtype=np.int8), (4, 3)),
    ],
    ids=["plain", "empty", "reversed", "repeated", "repeated rows"],
)
def test_a_frozen_array_is_the_same_and_stays_closed(array: Any) -> None:
    view = frozen(array)
    assert np.array_equal(view, array)
    assert view.dtype == array.dtype
    assert not array.size or view.strides == array.strides
    assert not array.size or np.shares_memory(view, array)
    with pytest.raises(ValueError, match="WRITEABLE"):
        view.flags.writeable = True


def test_records_of_arrays_are_frozen_to_the_last_array() -> None:
    world = World()
    batch = world.batch(20)
    items = frozen(world.inputs(["items_needs_offers"], batch)["items_needs_offers"])
    assert isinstance(items, ItemPairs)
    for array in (items.phi, items.left_of, items.left.starts, items.right.order, items.right.text):
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True
    joint = frozen(world.inputs(["pair_shared_wishes"], batch)["pair_shared_wishes"])
    with pytest.raises(ValueError, match="WRITEABLE"):
        joint.shared.flags.writeable = True
    assert joint.population == world.inputs(["pair_shared_wishes"], batch)["pair_shared_wishes"].population


def test_what_is_printed_inside_is_counted_and_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    with quiet() as printed:
        print("secret")  # noqa: T201
        assert printed() == 7
    print("said")  # noqa: T201
    assert capsys.readouterr().out == "said\n"


def test_other_threads_print_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    with quiet() as printed:
        thread = threading.Thread(target=lambda: sys.stdout.write("elsewhere"))
        thread.start()
        thread.join()
        assert printed() == 0
    assert capsys.readouterr().out == "elsewhere"


def test_many_threads_leave_stdout_as_it_was() -> None:
    before = sys.stdout

    def work() -> None:
        for _ in range(200):
            with quiet():
                print("x")  # noqa: T201

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.stdout is before


def test_stdout_comes_back_after_an_error_and_inside_each_other() -> None:
    before = sys.stdout
    with quiet() as outer:
        with pytest.raises(KeyError), quiet():
            raise KeyError
        assert sys.stdout is not before
        print("x")  # noqa: T201
        assert outer() == 2
    assert sys.stdout is before


def test_a_component_cannot_end_the_process_or_change_how_numpy_warns() -> None:
    def leaves() -> None:
        np.seterr(all="raise")
        raise SystemExit(1)

    before = np.geterr()
    with pytest.raises(RuntimeError, match="may not end the process"):
        call(leaves, [], {})
    assert np.geterr() == before


def test_an_interruption_by_the_user_goes_through() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted, [], {})


HALF = np.full(3, 0.5)
NAN = np.nan


@pytest.mark.parametrize(
    "fine",
    [
        HALF,
        Scored(HALF),
        np.array([NAN, 0, 1]),
        np.full(3, NAN),
        np.array([-1e-9, 1 + 1e-9, NAN], np.float64),
        HALF.astype(np.float32),
        Scored(np.array([NAN, 0, 1]), np.array([NAN, 0, 1])),
        Scored(HALF, years=np.array([NAN, 1, 2]), met=np.array([1, 2, 3]), both=np.array([True, False, True])),
        Scored(HALF, text=Quotes("candidate", "people.offers", np.array([-1, 0, 3], np.int32))),
    ],
    ids=range(9),
)
def test_what_is_as_asked_for_passes(fine: Any) -> None:
    assert check_scored(fine, 3).value.shape == (3,)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (None, "value is NoneType"),
        ([0.5] * 3, "value is list"),
        (np.ma.masked_array(HALF, [True, False, False]), "value is float64"),
        (np.array([0, 1, 1]), "value is int64"),
        (HALF[:2], r"value is float64 \(2,\), expected a float array of shape \(3,\)"),
        (np.array([0.5, np.inf, 0.5]), r"value leaves \[0, 1\]"),
        (np.array([NAN, -np.inf, 0.5]), r"value leaves \[0, 1\]"),
        (np.array([NAN, 1.01, 0.5]), r"value leaves \[0, 1\]"),
        (Scored(HALF, np.full(3, 1.5)), r"confidence leaves \[0, 1\]"),
        (Scored(HALF, np.full(3, NAN)), "confidence is NaN where value is known"),
        (Scored(HALF, years=np.array([1, np.inf, 2])), "evidence 'years' is infinite"),
        (Scored(HALF, years=np.array(["a"] * 3)), "evidence 'years' is not a number or a quote"),
        (Scored(HALF, text=Quotes("candidate", "offers", np.zeros(3))), "evidence 'text'"),  # type: ignore[arg-type]
        (Scored(HALF, **{f"e{n}": HALF for n in range(65)}), "65 kinds of evidence; expected 64 at most"),
    ],
    ids=range(14),
)
def test_what_is_not_is_told(wrong: Any, told: str) -> None:
    with pytest.raises(PluginError, match=told):
        check_scored(wrong, 3)
