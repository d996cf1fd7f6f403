"""Arrays travel between two processes as plain numbers and arrive bit by bit; nothing else is taken."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from matchengine.batch import ItemPairs, JointSets, Quotes
from matchengine.matching.transport import pack, read_frame, unpack, write_frame
from matchengine.testing import World

NUMBERS = st.sampled_from([np.float32, np.float64, np.int8, np.int32, np.int64, np.uint32, np.uint64, np.bool_])
ARRAYS = some.arrays(NUMBERS, some.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6))


def same(one: Any, other: Any) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


@given(st.lists(ARRAYS, max_size=4))
def test_arrays_arrive_bit_by_bit_and_refuse_writes(arrays: list[Any]) -> None:
    found = unpack(pack({"arguments": arrays, "pairs": 3}))
    assert found["pairs"] == 3
    assert all(same(a, b) for a, b in zip(arrays, found["arguments"], strict=True))
    assert not any(a.flags.writeable for a in found["arguments"])


@given(some.arrays(NUMBERS, some.array_shapes(min_dims=1, max_dims=2, min_side=1, max_side=6)), st.integers(1, 50))
def test_a_repeated_row_is_sent_once_and_repeated_on_arrival(row: Any, times: int) -> None:
    repeated = np.broadcast_to(row, (times, *row.shape))
    sent = pack([repeated])
    (found,) = unpack(sent)
    assert same(found, repeated)
    assert found.strides == repeated.strides
    assert len(sent) < row.nbytes + 120


def test_records_arrive_whole() -> None:
    world = World()
    batch = world.batch(30)
    given_ = world.inputs(["items_needs_offers", "pair_shared_wishes"], batch)
    quotes = Quotes("candidate", "offers", np.array([1, -1], np.int32))
    items, joint, quoted = unpack(pack([*given_.values(), quotes]))
    assert isinstance(items, ItemPairs)
    assert isinstance(joint, JointSets)
    before = given_["items_needs_offers"]
    assert items.sources == before.sources
    assert (items.pairs, items.left_field) == (before.pairs, before.left_field)
    assert same(items.left.level, before.left.level)
    assert items.left.order is None
    assert same(items.right.order, before.right.order)
    assert same(joint.shared, given_["pair_shared_wishes"].shared)
    assert (quoted.side, quoted.field, quoted.texts.tolist()) == ("candidate", "offers", [1, -1])


@pytest.mark.parametrize("thing", [object(), np.array([object()]), np.array(["a"]), {"a": {1, 2}}])
def test_what_is_not_plain_is_not_sent_or_not_read(thing: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        unpack(pack([thing]))


def heading(tree: Any, tail: bytes = b"") -> bytes:
    text = json.dumps(tree).encode()
    return len(text).to_bytes(8, "little") + text + tail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 8,
        heading({"array": ["|O", [1], False]}, b"\x00" * 8),
        heading({"array": ["<f8", [1 << 40], False]}, b"\x00" * 8),
        heading({"array": ["<f8", [-4], False]}, b"\x00" * 8),
        heading({"array": ["<f8", [2], False]}, b"\x00" * 8),
        heading({"array": [7, [1], False]}, b"\x00" * 8),
        heading({"record": ["Popen", {}]}),
        heading({"record": ["Quotes", {"side": {"plain": 1}}]}),
        heading({"call": "os.system"}),
        heading({"array": ["<f8", [1], False], "plain": 1}),
    ],
    ids=range(11),
)
def test_bytes_that_are_no_such_tree_are_refused(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        unpack(data)


def test_messages_have_their_length_in_front() -> None:
    stream = io.BytesIO()
    for payload in (b"one", b"", b"three"):
        write_frame(stream, payload)
    stream.seek(0)
    assert [read_frame(stream) for _ in range(4)] == [b"one", b"", b"three", None]
    stream.seek(0)
    with pytest.raises(ValueError, match="3 bytes, expected 2 at most"):
        read_frame(stream, 2)
    assert read_frame(io.BytesIO((9).to_bytes(8, "little") + b"cut")) is None
