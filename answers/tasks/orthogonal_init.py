"""orthogonal-init: weights that keep lengths, drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import rnnref
from answers.inputs import Case, MatrixShape, Positive, Rng, Seed
from answers.model import Law, Misconception, Task, Text

INPUTS = (MatrixShape("shape"), Positive("gain"), Rng("rng"))


def with_mistakes(wrong: frozenset[str]):
    def orthogonal_init(shape, gain, rng):
        rows, cols = shape
        q: np.ndarray
        if "identity" in wrong:
            q = np.eye(rows, cols)
        elif "never-orthogonalises" in wrong:
            q = rng.normal(size=shape)
        elif "normalises-only" in wrong:
            q = _normalised(rng.normal(size=shape))
        elif "returns-R" in wrong:
            q = np.linalg.qr(rng.normal(size=shape))[1]
        elif "wide-comes-out-square" in wrong:
            q = np.linalg.qr(rng.normal(size=shape))[0]
        else:
            q = rnnref.orthogonal_init((rows, cols), 1.0, rng)
        q = _factor(wrong, gain) * q
        if "transposed" in wrong:
            q = q.T
        return q.astype(np.float32) if "single-precision" in wrong else q

    return orthogonal_init


def _factor(wrong, gain):
    if "forgets-gain" in wrong:
        return 1.0
    if "divides-by-gain" in wrong:
        return 1 / gain
    if "squares-gain" in wrong:
        return gain**2
    return np.sqrt(gain) if "root-of-gain" in wrong else gain


def _normalised(a):
    """Each vector of the shorter side scaled to length 1."""
    axis = 0 if a.shape[0] >= a.shape[1] else 1
    return a / np.sqrt((a**2).sum(axis=axis, keepdims=True))


def _gram(result):
    """Products of the vectors of the shorter side with each other."""
    a = np.asarray(result, np.float64)
    return a.T @ a if a.shape[0] >= a.shape[1] else a @ a.T


def _is_scaled_orthonormal(result, factor, tolerance=1e-6):
    gram = _gram(result)
    return bool(np.abs(gram - factor**2 * np.eye(len(gram))).max() <= tolerance * factor**2)


def _scaled_by(factor: Callable[[float], float]) -> Callable[[tuple[Any, ...], Any], bool]:
    """Whether the result is orthonormal times another factor than the gain."""
    return lambda args, result: np.shape(result) == tuple(args[0]) and _is_scaled_orthonormal(result, factor(args[1]))


def _is_identity(args, result):
    return np.shape(result) == tuple(args[0]) and bool(np.allclose(result, args[1] * np.eye(*args[0])))


def _is_normalised_only(args, result):
    if np.shape(result) != tuple(args[0]):
        return False
    gram = _gram(result)
    alone = len(gram) == 1
    return bool(np.allclose(np.diag(gram), args[1] ** 2)) and (alone or not _is_scaled_orthonormal(result, args[1]))


def _is_not_orthogonal(args, result):
    """Neither the angles nor the lengths are right, and the entries show no other pattern."""
    if np.shape(result) != tuple(args[0]):
        return False
    gram = _gram(result)
    lengths = np.diag(gram)
    if len(gram) == 1:
        return not np.allclose(lengths, args[1] ** 2)
    off_diagonal = np.abs(gram - np.diag(lengths)).max()
    triangular = not np.tril(result, -1).any()
    return bool(off_diagonal > 1e-6 * lengths.max() and not np.allclose(lengths, lengths[0])) and not triangular


def _is_triangular(args, result):
    """R of the QR decomposition has min(rows, cols) rows and nothing below its diagonal."""
    rows, cols = args[0]
    if np.shape(result) != (min(rows, cols), cols):
        return False
    plainly = min(rows, cols) == 1 or not np.allclose(result, args[1] * np.eye(*np.shape(result)))
    return plainly and not np.tril(result, -1).any()


def _is_square_where_wide(args, result):
    rows, cols = args[0]
    return np.shape(result) == (rows, min(rows, cols)) and _is_scaled_orthonormal(result, args[1])


def _is_transposed(args, result):
    return np.shape(result) == tuple(args[0])[::-1] and _is_scaled_orthonormal(result, args[1])


def _is_single(args, result):
    right = np.shape(result) == tuple(args[0]) and _is_scaled_orthonormal(result, args[1], 1e-4)
    return right and np.asarray(result).dtype == np.float32


MISCONCEPTIONS = (
    Misconception(
        "forgets-gain",
        Text(
            zh="没有用上 gain：结果是标准正交的，还要乘 `gain`。",
            en="You ignore the gain: the result is orthonormal and is still to be multiplied by `gain`.",
        ),
        _scaled_by(lambda gain: 1.0),
    ),
    Misconception(
        "divides-by-gain",
        Text(
            zh="除以了 gain：应乘，`gain * q`。",
            en="You divide by the gain: multiply, `gain * q`.",
        ),
        _scaled_by(lambda gain: 1 / gain),
    ),
    Misconception(
        "squares-gain",
        Text(
            zh="gain 乘了两次：长度变成了 gain 的平方，只应乘一次，`gain * q`。",
            en="You multiply by the gain twice: lengths become its square; once is right, `gain * q`.",
        ),
        _scaled_by(lambda gain: gain**2),
    ),
    Misconception(
        "root-of-gain",
        Text(
            zh="乘的是 gain 的平方根：gain 缩放的是矩阵本身，`gain * q`。",
            en="You multiply by the square root of the gain: it scales the matrix itself, `gain * q`.",
        ),
        _scaled_by(lambda gain: float(np.sqrt(gain))),
    ),
    Misconception(
        "never-orthogonalises",
        Text(
            zh="没有做正交化：随机矩阵的列既不等长也不正交，要取 QR 分解的 Q，`q, r = np.linalg.qr(a)`。",
            en="You never orthogonalise: a random matrix's columns differ in length and are not at right angles; take Q of `q, r = np.linalg.qr(a)`.",
        ),
        _is_not_orthogonal,
    ),
    Misconception(
        "normalises-only",
        Text(
            zh="只把各向量归一化了：长度对了但彼此不正交，要取 QR 分解的 Q，`q, r = np.linalg.qr(a)`。",
            en="You only normalise the vectors: their lengths are right but not their angles; take Q of `q, r = np.linalg.qr(a)`.",
        ),
        _is_normalised_only,
    ),
    Misconception(
        "returns-R",
        Text(
            zh="返回的是 QR 分解的 R（上三角）：正交的是 Q，`q, r = np.linalg.qr(a)`。",
            en="You return R of the QR decomposition (upper triangular): the orthogonal one is Q, `q, r = np.linalg.qr(a)`.",
        ),
        _is_triangular,
    ),
    Misconception(
        "identity",
        Text(
            zh="返回的是单位阵：它正交，但不是随机的，结果要由 rng 的抽样决定。",
            en="You return the identity: it is orthogonal but not random; draws from rng are to decide the result.",
        ),
        _is_identity,
    ),
    Misconception(
        "wide-comes-out-square",
        Text(
            zh="列多于行时形状错了：`np.linalg.qr` 的 Q 只有 min(rows, cols) 列；先对 (cols, rows) 的矩阵做 QR，再转置。",
            en="With more columns than rows your shape is wrong: Q of `np.linalg.qr` has min(rows, cols) columns; decompose a (cols, rows) matrix and transpose.",
        ),
        _is_square_where_wide,
    ),
    Misconception(
        "transposed",
        Text(
            zh="形状转置了：应为 (rows, cols)，得到的是 (cols, rows)；只在 rows < cols 时转置 Q。",
            en="Your result is transposed, (cols, rows) for (rows, cols): transpose Q only where rows < cols.",
        ),
        _is_transposed,
    ),
    Misconception(
        "single-precision",
        Text(
            zh="结果是 float32：应保持 float64，去掉 `astype(np.float32)`。",
            en="You return float32: keep float64, without `astype(np.float32)`.",
        ),
        _is_single,
    ),
)


def _is_single_number(args):
    return tuple(args[0]) == (1, 1)


def _same_seed(args):
    return (args,) if isinstance(args[2], Seed) else ()


def _other_seeds(args):
    """So many that a right solution of few outcomes, such as a signed permutation, does not meet one of them every time."""
    shape, gain, rng = args
    if not isinstance(rng, Seed) or max(shape) < 4 or min(shape) < 2:
        return ()
    count = 4 if min(shape) == 2 else 3
    return tuple((shape, gain, Seed(rng.value + k)) for k in range(1, count + 1))


LAWS = (
    Law(
        "orthonormal",
        Text(
            zh="较短一边的向量两两正交，长度为 gain",
            en="the vectors of the shorter side are at right angles and of length gain",
        ),
        lambda args, result: _is_single_number(args) or _is_scaled_orthonormal(result, args[1]),
    ),
    Law(
        "double-precision",
        Text(zh="结果是 float64", en="the result is float64"),
        lambda args, result: np.asarray(result).dtype == np.float64,
    ),
    Law(
        "rng-decides",
        Text(
            zh="rng 的种子相同，结果相同：随机数只能来自 rng",
            en="the same seed of rng gives the same result: nothing is drawn elsewhere",
        ),
        lambda args, result, *again: all(np.array_equal(result, a) for a in again),
        derive=_same_seed,
    ),
    Law(
        "rng-matters",
        Text(zh="rng 的种子不同，结果不同", en="another seed of rng gives another result"),
        lambda args, result, *others: not others or not all(np.allclose(result, o) for o in others),
        derive=_other_seeds,
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    for shape in ((3, 3), (5, 3), (3, 5), (1, 4), (4, 1), (8, 8), (2, 2), (8, 1)):
        yield Case((shape, float(rng.uniform(0.3, 3.0)), Seed(int(rng.integers(2**31)))), note=f"shape {shape}")
    yield Case(((4, 4), 1.0, Seed(0)), note="gain 1")
    yield Case(((4, 3), 1e-3, Seed(1)), note="small gain")
    yield Case(((3, 4), 1000.0, Seed(2)), note="large gain")
    yield Case(((3, 2), 2, Seed(3)), note="gain is an int")


TASK = Task(
    id="orthogonal-init",
    function="orthogonal_init",
    ask=Text(
        zh="""\
写出正交初始化：`orthogonal_init(shape, gain, rng)`。

- `shape`：`(rows, cols)`；`gain`：大于 0 的数；`rng`：`numpy.random.Generator`
- 返回 (rows, cols) 的 float64 随机矩阵：较短一边的向量（行数不多于列数时是行，否则是列）两两正交，长度都是 `gain`
- 随机数只从 `rng` 抽取：种子相同则结果相同，种子不同则结果不同；服从什么分布不限
""",
        en="""\
Write orthogonal initialisation: `orthogonal_init(shape, gain, rng)`.

- `shape`: `(rows, cols)`; `gain`: a number above 0; `rng`: a `numpy.random.Generator`
- returns a random float64 matrix (rows, cols) in which the vectors of the shorter side (the rows where there are no more of them than columns, else the columns) are at right angles and all of length `gain`
- every random number comes from `rng`: the same seed gives the same result, another seed another; the distribution is free
""",
    ),
    inputs=INPUTS,
    reference=rnnref.orthogonal_init,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="哪种矩阵分解会给出一个列向量标准正交的因子？",
            en="Which decomposition of a matrix has a factor with orthonormal columns?",
        ),
        Text(
            zh="对高的随机矩阵做 QR 取 Q；宽的就先做转置的形状，再把 Q 转置；最后乘 gain。",
            en="Take Q of the QR decomposition of a tall random matrix; for a wide one decompose the transposed shape and transpose Q; multiply by gain.",
        ),
        Text(
            zh="`q, r = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))`，然后 `return gain * (q if rows >= cols else q.T)`",
            en="`q, r = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))`, then `return gain * (q if rows >= cols else q.T)`",
        ),
    ),
    interviewers_look_for=Text(
        zh="讲得出为什么 U 取正交阵：所有奇异值为 1，线性 RNN 的梯度既不消失也不爆炸；知道用 R 的对角线符号修正后才是均匀分布。",
        en="The reason for an orthogonal U (all singular values are 1, so a linear RNN's gradient neither vanishes nor explodes), and that the signs of R's diagonal make it uniform.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
    compared=False,
)
