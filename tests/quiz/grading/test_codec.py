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


def encoded(value: Any) -> bytes:
    return codec.encoded(value)


def apart(value: Any) -> tuple[bytes, bytes]:
    """Structure, and beside it the floats."""
    out, beside = bytearray(), bytearray()
    codec.encode(value, out, beside)
    return bytes(out), bytes(beside)


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
    for reader in (codec.Reader(encoded(value)), codec.Reader(*apart(value))):
        assert same(reader.value(), value)
        assert reader.done


@given(st.lists(VALUES, max_size=4))
def test_values_follow_each_other(values: list[Any]) -> None:
    structure, beside = (b"".join(pieces) for pieces in zip(*map(apart, values), strict=True)) if values else (b"", b"")
    reader = codec.Reader(structure, beside)
    assert all(same(reader.value(), value) for value in values)
    assert reader.done
    assert len(beside) % codec.ALIGNED == 0


@given(hnp.arrays(float, hnp.array_shapes(min_dims=0)), st.floats())
def test_floats_stand_beside_the_structure(array: np.ndarray, number: float) -> None:
    assert apart((array, number))[0] == apart((np.zeros_like(array), 0.0))[0]
    assert apart((array, number))[1] == array.tobytes() + np.float64(number).tobytes()


@given(ARRAYS)
def test_an_array_is_read_only(array: np.ndarray) -> None:
    assert array.dtype == bool or not codec.Reader(encoded(array)).value().flags.writeable


@given(VALUES, st.data())
def test_elements_cut_short_are_malformed(value: Any, data: st.DataObject) -> None:
    structure, beside = apart(value)
    if beside:
        cut = data.draw(st.integers(0, len(beside) - 1))
        with pytest.raises(codec.Malformed):
            codec.Reader(structure, beside[:cut]).value()


@given(VALUES, st.data())
def test_bytes_cut_short_are_malformed(value: Any, data: st.DataObject) -> None:
    raw = encoded(value)
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(codec.Malformed):
        codec.Reader(raw[:cut]).value()


def read_all(raw: bytes) -> None:
    for reader in (codec.Reader(raw), codec.Reader(raw, raw), codec.Reader(raw, b"")):
        with contextlib.suppress(codec.Malformed):
            while reader.place < len(raw):
                reader.value()


@settings(max_examples=250, deadline=None)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(b"NTFiIfcstlaxg\x00\x01\xff"), max_size=100).map(bytes))
def test_hostile_bytes_are_read_or_malformed(raw: bytes) -> None:
    read_all(raw)


@settings(max_examples=150, deadline=None)
@given(VALUES, st.data())
def test_damaged_bytes_are_read_or_malformed(value: Any, data: st.DataObject) -> None:
    raw = bytearray(encoded(value))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
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
        b"a\x0b\x02" + COUNT + COUNT,
        b"a\x0b\x09" + bytes(36),
        b"a\x0e\0" + bytes(8),
        b"a\x0b\x08" + COUNT * 7 + bytes(4),
        b"g" + bytes(8),
    ],
)
def test_known_traps_are_malformed(raw: bytes) -> None:
    with pytest.raises(codec.Malformed):
        codec.Reader(raw).value()


def test_a_seed_does_not_come_out() -> None:
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
        (np.array([1.0], ">f8"), np.array([1.0])),
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
        st.tuples(
            st.sampled_from(sorted(exchange.LETTERS)),
            st.binary(max_size=40) | VALUES.map(encoded) | st.binary(max_size=40).map(lambda b: bytes(4) + b),
        ),
        max_size=6,
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
    outcomes = list(one._reply([(letter, memoryview(payload)) for letter, payload in frames], "done", 3))
    assert len(outcomes) == 3
    if not any(letter == b"R" for letter, _ in frames):
        assert all(outcome.kind != "value" for outcome in outcomes)
