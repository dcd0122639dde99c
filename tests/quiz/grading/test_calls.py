"""Arguments arrive as they were: values, dtypes, layout, numbers of NumPy; and every change of them is seen."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from answers.inputs import Case, Seed
from quiz.grading import calls, codec

ARRAYS = st.sampled_from(codec.DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.booleans() | st.none() | st.text(max_size=3)
ARGUMENTS = ARRAYS | NUMBERS | st.lists(ARRAYS, max_size=3) | st.tuples(ARRAYS, st.tuples(ARRAYS, NUMBERS))


def sent(*cases: Case) -> calls.Asked:
    return calls.read_request(b"".join(calls.request("f", cases)))[1]


def held(*cases: Case) -> calls.Asked:
    """The same, out of a file in memory, every argument built ahead."""
    descriptor = calls.in_memory(calls.pack(cases))
    try:
        return calls.Asked.held(descriptor)
    finally:
        os.close(descriptor)


def built(asked: calls.Asked, call: int = 0) -> list[Any]:
    """The arguments of one call, after the calls before it."""
    return [asked.arguments(index)[0] for index in range(call + 1)][-1]


def same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    return repr(a) == repr(b)


@given(st.lists(ARGUMENTS, max_size=4), st.dictionaries(st.sampled_from("ab"), ARGUMENTS))
def test_arguments_arrive_as_they_were(args: list[Any], options: dict[str, Any]) -> None:
    asked = sent(Case((1,)), Case(tuple(args), options))
    ahead = held(Case((1,)), Case(tuple(args), options))
    assert same(ahead.arguments(1)[0], args)
    assert same(list(ahead.arguments(1)[1].values()), list(options.values()))
    assert ahead.changed() == {}
    assert same(built(asked, 1), args)
    assert all(same(value, options[name]) for name, value in sent(Case((), options)).arguments(0)[1].items())
    assert asked.changed() == {}


@pytest.mark.parametrize("view", [np.s_[:, ::2], np.s_[:, ::-1], np.s_[::2], np.s_[:, 1:3], np.s_[::-1, ::-1]])
@pytest.mark.parametrize("order", "CF")
def test_a_view_arrives_as_a_view(view: Any, order: Any) -> None:
    array = np.asarray(np.arange(30.0).reshape(5, 6), order=order)[view]
    (back,) = built(sent(Case((array,))))
    np.testing.assert_array_equal(back, array)
    assert back.flags.c_contiguous == array.flags.c_contiguous
    assert back.flags.f_contiguous == array.flags.f_contiguous
    assert back.flags.aligned
    assert back.flags.writeable
    assert array.flags.f_contiguous or (back.strides[-1] < 0) == (array.strides[-1] < 0)


def test_numbers_of_numpy_stay_what_they_are() -> None:
    args = (np.int64(3), np.float32(0.5), np.bool_(True))
    assert same(tuple(built(sent(Case(args)))), args)


def test_a_seed_becomes_a_generator_afresh() -> None:
    (recipe,), _ = (asked := sent(Case((Seed(3),)))).calls[0]
    for _ in range(2):
        assert asked.build(recipe).random() == np.random.default_rng(3).random()


def test_what_is_no_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="dict"):
        sent(Case(({},)))


@given(st.lists(st.lists(ARRAYS, min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_a_changed_element_is_found_where_it_is(cases: list[list[Any]], data: st.DataObject) -> None:
    asked = data.draw(st.sampled_from([sent, held]))(*(Case(tuple(args)) for args in cases))
    index = data.draw(st.integers(0, len(cases) - 1))
    place = data.draw(st.integers(0, len(cases[index]) - 1))
    array = [asked.arguments(k)[0] for k in range(len(cases))][index][place]
    if not array.size:
        return
    at = data.draw(st.tuples(*(st.integers(0, n - 1) for n in array.shape)))
    array[at] = 0 if array[at] else 1
    assert asked.changed() == {index: (place,)}


SPOILER = """
import ctypes, mmap
place = np.frombuffer(array, np.uint8).ctypes.data // mmap.PAGESIZE * mmap.PAGESIZE
assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(place), ctypes.c_size_t(1), 3) == 0
ctypes.memset(place, 7, 64)
"""


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="files in memory are Linux's")
def test_who_writes_to_held_arguments_writes_to_its_own() -> None:
    asked = held(Case((np.arange(3.0),)))
    for array in (asked._buffer, asked._sent):
        pid = os.fork()
        if pid == 0:
            try:
                exec(SPOILER, {"np": np, "array": array})
            except BaseException:
                os._exit(1)
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        np.testing.assert_array_equal(asked.arguments(0)[0][0], np.arange(3.0))
        assert asked.changed() == {}


def test_the_bytes_of_a_batch_are_made_once() -> None:
    batch = calls.Batch([Case((1.0,)), Case((np.ones(2),))])
    assert batch.packed is batch.packed
    assert calls.request("f", batch) == calls.request("f", list(batch))
