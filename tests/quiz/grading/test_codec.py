"""Values come back bit for bit; bytes of any other kind raise `Malformed` and nothing else."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from answers.inputs import Seed
from quiz.grading import codec, exchange, run
from quiz.grading.outcome import Limits
from quiz.grading.submission import from_source

ARRAYS = st.sampled_from(codec.DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(codec="utf-8"))
)
VALUES = st.recursive(
    PLAIN | ARRAYS, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple), max_leaves=12
)


def encoded(value: Any, seed: type | None = None) -> bytes:
    out: list[bytes] = []
    codec.encode(value, out, seed)
    return b"".join(out)


def same(a: Any, b: Any) -> bool:
    """Equal in type, structure and bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    return repr(a) == repr(b)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_values_come_back_exactly(value: Any) -> None:
    raw = encoded(value)
    for writable in (False, True):
        reader = codec.Reader(raw, writable)
        assert same(reader.value(), value)
        assert reader.done


@pytest.mark.parametrize("scalar", [np.int64(3), np.int32(-1), np.float32(0.5), np.bool_(True)])
def test_an_argument_that_is_a_numpy_scalar_arrives_as_one(scalar: np.generic) -> None:
    back = codec.Reader(encoded(scalar), writable=True).value()
    assert type(back) is type(scalar)
    assert {back: 1} == {scalar: 1}


@given(ARRAYS)
def test_only_a_writable_array_is_its_own(array: np.ndarray) -> None:
    raw = encoded(array)
    assert codec.Reader(raw, writable=True).value().flags.writeable
    read_only = codec.Reader(raw).value()
    assert array.dtype == bool or not read_only.flags.writeable


@pytest.mark.parametrize("view", [np.s_[:, ::2], np.s_[:, ::-1], np.s_[::2], np.s_[:, 1:3], np.s_[::-1, ::-1]])
def test_a_view_comes_back_as_a_view(view: Any) -> None:
    array = np.arange(30.0).reshape(5, 6)[view]
    back = codec.Reader(encoded(array), writable=True).value()
    np.testing.assert_array_equal(back, array)
    assert back.flags.c_contiguous == array.flags.c_contiguous
    assert (back.strides[-1] < 0) == (array.strides[-1] < 0)


@given(VALUES, st.data())
def test_bytes_cut_short_are_malformed(value: Any, data: st.DataObject) -> None:
    raw = encoded(value)
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(codec.Malformed):
        codec.Reader(raw[:cut]).value()


def read_all(raw: bytes) -> None:
    reader = codec.Reader(raw)
    while not reader.done:
        reader.value()


@settings(max_examples=250, deadline=None)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(b"NTFiIfcstlaxg\x00\x01\xff"), max_size=100).map(bytes))
def test_hostile_bytes_are_read_or_malformed(raw: bytes) -> None:
    with contextlib.suppress(codec.Malformed):
        read_all(raw)


@settings(max_examples=150, deadline=None)
@given(VALUES, st.data())
def test_damaged_bytes_are_read_or_malformed(value: Any, data: st.DataObject) -> None:
    raw = bytearray(encoded(value))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(codec.Malformed):
        read_all(bytes(raw))


COUNT = (2**32 - 1).to_bytes(4, "little")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"?",
        b"l" + COUNT,
        b"s" + COUNT,
        b"l\x01\0\0\0" * 1000 + b"N",
        b"l" + (codec.MAX_ITEMS * 3).to_bytes(4, "little") + b"N" * codec.MAX_ITEMS * 3,
        b"a\x0b\0\x02" + COUNT + COUNT,
        b"a\x0b\0\x09" + bytes(36),
        b"a\x0e\0\0" + bytes(8),
        b"a\x0b\x07\0" + bytes(8),
        b"a\x0b\0\x08" + COUNT * 7 + bytes(4),
        b"g" + bytes(8),
    ],
)
def test_known_traps_are_malformed(raw: bytes) -> None:
    with pytest.raises(codec.Malformed):
        codec.Reader(raw).value()


def test_a_seed_travels_one_way() -> None:
    reader = codec.Reader(encoded(Seed(3), Seed), writable=True)
    assert reader.value().random() == np.random.default_rng(3).random()
    assert reader.has_seed
    assert codec.Reader(encoded(Seed(3))).value() == codec.Foreign("Seed")


class Odd(tuple):  # type: ignore[type-arg]
    __slots__ = ()


class Whole(int):
    pass


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (Odd((1, 2)), (1, 2)),
        (Whole(3), 3),
        (np.float32(1.5), np.array(1.5, np.float32)),
        (np.bool_(True), np.array(True)),
        (np.ma.masked_array([1.0], [True]), np.array([1.0])),
        (np.array([1.0], ">f8"), codec.Foreign("ndarray of >f8, shape (1,)")),
        (np.array(["x"]), codec.Foreign("ndarray of <U1, shape (1,)")),
        (math.inf, math.inf),
        (2**2000, codec.Foreign("int of 2001 bits")),
        (2**1998, 2**1998),
    ],
)
def test_relatives_of_plain_values(value: Any, back: Any) -> None:
    found = codec.Reader(encoded(value)).value()
    assert same(found, back) or (isinstance(back, codec.Foreign) and found == back)


def test_a_list_within_itself_ends() -> None:
    circle: list[Any] = []
    circle.append(circle)
    assert encoded(circle).count(b"l\x01\0\0\0") == codec.MAX_DEPTH


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(exchange.LETTERS)), st.binary(max_size=40) | VALUES.map(encoded)), max_size=6
    )
)
def test_any_messages_become_outcomes(frames: list[tuple[bytes, bytes]]) -> None:
    """Whatever a process says, each call has one outcome, and none is a value that was not sent as one."""

    class Ended:
        def end(self) -> int:
            return 0

        def forget(self) -> None:
            pass

    one = run.Run("f", from_source("def f(): pass", {"f"}), Limits(), required=False)
    one.process = Ended()  # type: ignore[assignment]
    one._locked = True
    outcomes = one._outcomes([(letter, memoryview(payload)) for letter, payload in frames], "done", 3)
    assert len(outcomes) == 3
    if not any(letter == b"R" for letter, _ in frames):
        assert all(outcome.kind != "value" for outcome in outcomes)
