"""The products of the fast passes, in whatever form they are taken, are the products; memory begins where it should."""

import itertools

import numpy as np
import pytest

from rnnref import layout, products, sweep
from rnnref.loaded_weights import Copies

PARTS = 36 * 24 * 8
"""Small enough to cut weights (72, 96) for 8 sequences in parts."""

COLUMNS = products.WIDE // 8


def near(a, b):
    tolerance = 1e-12 if a.dtype == np.float64 else 1e-4
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def multiplies(product, copies, weights, h, out, result, wanted):
    """A product prepared for weights writes what is `wanted` of them into `result`, also after others were loaded."""
    for _ in range(2):
        times = product.ready()
        for _ in range(2):  # a sum of parts starts anew
            times(h, out)
            near(result, wanted())
        weights *= -2
        copies.loaded()  # where there is a copy of them, it is renewed


@pytest.mark.parametrize("N", [1, 3, 8, 12])
@pytest.mark.parametrize("small", [0, 2000, PARTS, 10**6])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_product_of_a_step_is_the_same_whole_in_blocks_and_in_parts(N, small, dtype, monkeypatch):
    monkeypatch.setattr(products, "CACHE", 30_000)  # so that some count as large
    monkeypatch.setattr(products, "SMALL", small)
    monkeypatch.setattr(products, "UNPACKED", True)
    rng = np.random.default_rng(0)
    # With more columns than are used weights are not in one piece.
    for turned, more, T in itertools.product((False, True), (0, 5), (1, 10, 100)):
        weights = rng.normal(size=(96, 72 + more) if turned else (72, 96 + more)).astype(dtype)[:, more:]
        weights = weights.T if turned else weights
        h, out = rng.normal(size=(1, 96, N)).astype(dtype), np.full((1, 72, N), np.nan, dtype)
        (h_t,), (out_t,) = layout.each(h), products.for_product(out, 96)
        copies = Copies()
        product = products.Product(weights, N, T, copies)
        multiplies(product, copies, weights, h_t, out_t, out[0], lambda weights=weights, h=h: weights @ h[0])


@pytest.mark.parametrize("N", [1, 3, 16])
@pytest.mark.parametrize("small", [0, 16 * 96 * COLUMNS // 2, 16 * 96 * COLUMNS, 10**6])
def test_the_product_of_rows_is_the_same_whole_in_blocks_and_in_parts(N, small, monkeypatch):
    monkeypatch.setattr(products, "SMALL", small)
    monkeypatch.setattr(products, "UNPACKED", True)
    rng = np.random.default_rng(0)
    for R, turned, T in itertools.product((20, 72, 128), (False, True), (5, 50)):
        weights = rng.normal(size=(R, 96)).T if turned else rng.normal(size=(96, R))
        h, out = rng.normal(size=(1, N, 96)), np.full((1, N, R), np.nan)
        (h_t,), (out_t,) = layout.vectors(h), layout.vectors(out)
        copies = Copies()
        product = products.ProductOfRows(weights, N, T, copies)
        multiplies(product, copies, weights, h_t, out_t, out[0], lambda weights=weights, h=h: h[0] @ weights)


@pytest.mark.parametrize("N", [1, 3, 16])
@pytest.mark.parametrize("small", [0, 16 * 96 * COLUMNS, 10**6])
@pytest.mark.parametrize("lies", [lambda x: x, np.asfortranarray, lambda x: np.repeat(x, 2, axis=2)[..., ::2]])
def test_the_products_of_rows_are_the_same_flat_and_in_tiles(N, small, lies, monkeypatch):
    monkeypatch.setattr(products, "SMALL", small)
    monkeypatch.setattr(products, "UNPACKED", True)
    rng = np.random.default_rng(0)
    for R, turned in itertools.product((20, 72, 128), (False, True)):
        weights = rng.normal(size=(R, 96)).T if turned else rng.normal(size=(96, R))
        copies = Copies()
        product = products.ProductsOfRows(weights, N, copies)
        for S in (5, 2):
            x, out = lies(rng.normal(size=(S, N, 96))), np.full((S, N, R), np.nan)
            product.ready()(x, out)
            near(out, x @ weights)
            weights *= -2
            copies.loaded()


def test_few_rows_in_a_block_make_parts(monkeypatch):
    """Otherwise the first test says nothing about parts."""
    monkeypatch.setattr(products, "SMALL", PARTS)
    monkeypatch.setattr(products, "UNPACKED", True)
    assert products._parts(72, 96, 8, 8) == 4


@pytest.mark.parametrize(("by_column", "itemsize", "N"), [(True, 8, 12), (True, 4, 12), (False, 4, 12), (False, 4, 31)])
def test_products_are_turned_where_sequences_leave_a_register_half_empty(by_column, itemsize, N, monkeypatch):
    """Otherwise the first test says nothing about them."""
    monkeypatch.setattr(products, "SMALL", 2000)
    monkeypatch.setattr(products, "UNPACKED", True)
    monkeypatch.setattr(products, "CACHE", 50_000)
    weights = np.zeros((72, 96), np.dtype(f"f{itemsize}"), order="F" if by_column else "C")
    assert products._better_turned(weights, N)
    assert not products._better_turned(weights, 16)


@pytest.mark.parametrize("N", [1, 8, 12, 32])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_way_back_to_x_is_the_same_flat_and_in_tiles(N, dtype, monkeypatch):
    monkeypatch.setattr(products, "UNPACKED", True)
    monkeypatch.setattr(products, "MANY_COLUMNS", 0)
    rng = np.random.default_rng(0)
    for D, small in itertools.product((5, 16, 64, 96, 100), (0, 12 * 72 * 32, 10**6)):
        monkeypatch.setattr(products, "SMALL", small)
        W = rng.normal(size=(72, D + 3)).astype(dtype)[:, :D]
        copies = Copies()
        to_x = products.BackProjection(W, 6, N, copies)
        for S in (1, 6):
            da = rng.normal(size=(S, 80, N)).astype(dtype)[:, 4:76]
            columns = layout.Scratch().columns("da", da)
            np.testing.assert_array_equal(columns, da.swapaxes(0, 1).reshape(72, -1))
            dx = np.full((S, N, D), np.nan, dtype)
            to_x.ready()(da, columns, dx)
            near(dx, da.swapaxes(1, 2) @ W)
            W *= -2
            copies.loaded()


@pytest.mark.parametrize("shape", [(3, 1, 5), (3, 5, 1), (4, 7, 40), (2, 16, 5), (2, 40, 7)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("factor", [layout.ONE, layout.MINUS])
def test_turned_matrices_are_the_same_whatever_their_shape(shape, dtype, factor):
    array = np.random.default_rng(0).normal(size=shape).astype(dtype)
    array[0, 0, 0] = np.nan
    array[-1, -1, -1] = np.inf
    S, A, B = shape
    out = np.full((S, B + 2, A), 7, dtype)
    layout.turn(array, factor[np.dtype(dtype)], out[:, 1:-1])
    np.testing.assert_array_equal(out[:, 1:-1], factor[np.dtype(dtype)] * array.swapaxes(1, 2))
    assert (out[:, [0, -1]] == 7).all()


@pytest.mark.parametrize("sizes", [(64, 40, 64), (96, 40, 32), (64, 40, 24), (65, 40, 64), (64, 41, 7)])
@pytest.mark.parametrize("first", [0, 16])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("by_column", [False, True])
def test_a_total_is_the_sum_of_products_whole_or_in_tiles(sizes, first, dtype, by_column, monkeypatch):
    R, S, K = sizes
    monkeypatch.setattr(products, "SMALL", 32 * 64 * S)
    monkeypatch.setattr(products, "UNPACKED", True)
    rng = np.random.default_rng(0)
    total, wanted = products.Total(first), np.zeros((R, K))
    for _ in range(3):
        rows, right = rng.normal(size=(R, S)).astype(dtype), rng.normal(size=(S, K)).astype(dtype)
        total.add(np.asfortranarray(rows) if by_column else rows, right)
        wanted += rows @ right
    wanted = np.concatenate([wanted[first:], wanted[:first]])
    assert total.value().dtype == dtype
    np.testing.assert_allclose(total.value(), wanted, rtol=0, atol=1e-12 if dtype == np.float64 else 1e-4)


@pytest.mark.parametrize("shape", [(3, 5), (64, 64), (1000, 7), (130, 130)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_long_array_begins_with_a_cache_line(shape, dtype):
    array = np.random.default_rng(0).normal(size=shape).astype(dtype)
    for copy in (layout.contiguous(array), layout.transposed(array).T, layout.contiguous(array[:, ::-1])[:, ::-1]):
        np.testing.assert_array_equal(copy, array)
        assert copy.dtype == dtype
        assert not np.shares_memory(copy, array)
    if array.nbytes >= layout.MANY:
        assert layout.empty(shape, array.dtype).ctypes.data % layout.REGISTER == 0


@pytest.mark.parametrize("from_columns", [False, True])
@pytest.mark.parametrize("to_columns", [False, True])
@pytest.mark.parametrize("size", [3, 70])
def test_weights_are_written_as_they_are_whichever_way_they_lie(size, from_columns, to_columns):
    array = np.random.default_rng(0).normal(size=(size, 2 * size))
    given = np.asfortranarray(array) if from_columns else array
    out = np.full((size, 2 * size), np.nan, order="F" if to_columns else "C")
    layout.write(given, out)
    np.testing.assert_array_equal(out, array)


@pytest.mark.parametrize("wanted", ["ifgo", "oifg", "og", "f", "gofi"])
def test_runs_put_gates_in_the_order_that_is_wanted(wanted):
    out = ["?"] * len(wanted)
    for start, first, count in layout.runs("ifgo", wanted):
        out[first : first + count] = "ifgo"[start : start + count]
    assert "".join(out) == wanted


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("D", [1, 3])
@pytest.mark.parametrize("N", [1, 2])
def test_the_products_with_x_are_the_same_wherever_its_entries_lie(dtype, D, N):
    """NumPy 2.4's `negative` reads the entries in a row where they lie 16 bytes apart (float32; 64 in float64)."""
    rng = np.random.default_rng(0)
    Wb = rng.normal(size=(4, D + 1)).astype(dtype)
    projection = products.Projection(Wb, D, 6, N)
    for apart in range(1, 10):
        x = rng.normal(size=(6, N * apart, D)).astype(dtype)[:, ::apart]
        projection(x)
        wanted = -(x @ Wb[:, :D].T + Wb[:, D]).swapaxes(1, 2)
        np.testing.assert_allclose(projection.results, wanted, rtol=1e-4, atol=1e-4)
        turned = rng.normal(size=(4 * apart, D)).astype(dtype)[::apart]
        np.testing.assert_array_equal(sweep.minus(turned), -1 * turned)


@pytest.mark.parametrize("N", [1, 2, 16])
def test_products_by_step_are_the_products(N):
    rng = np.random.default_rng(0)
    weights, x = rng.normal(size=(8, 7))[:, :5], rng.normal(size=(6, 7, N))[:, :5]
    out = np.full((6, 8, N), np.nan)
    products.product_by_step(weights, x, out)
    near(out, weights @ x)
