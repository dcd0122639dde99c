"""What goes wrong in any backward pass through stacked blocks: parameter gradients and the ways back through W and U."""

from __future__ import annotations

import numpy as np

from answers.model import Misconception, Text


def through(da: np.ndarray, M: np.ndarray, wrong: frozenset[str]) -> np.ndarray:
    """`da @ M.T`, or with `forgets-to-transpose-U`, where M (H, G*H) has square blocks, `da` by each block as it stands."""
    if "forgets-to-transpose-U" not in wrong:
        there: np.ndarray = da @ M.T
        return there
    H = len(M)
    back: np.ndarray = da @ M.reshape(H, -1, H).transpose(1, 0, 2).reshape(-1, H)
    return back


def bias_gradient(da: np.ndarray, wrong: frozenset[str]) -> np.ndarray:
    """Gradient of b (G*H,), as somebody with these mistakes sums it."""
    if "keeps-the-batch-in-db" in wrong:
        return da
    total: np.ndarray = da.sum(axis=0)
    return total / len(da) if "averages-db" in wrong else total


def averaged(wrong: frozenset[str], N: int, *gradients: np.ndarray) -> tuple[np.ndarray, ...]:
    """Parameter gradients, divided by the batch by somebody who averages over it."""
    return tuple(g / N for g in gradients) if "averages-over-the-batch" in wrong else gradients


MISCONCEPTIONS = (
    Misconception(
        "forgets-to-transpose-U",
        Text(
            zh="回传时 U 没有转置：前向是 `h @ U`，反向应为 `da @ U.T`（按块算时每块都要转置）。",
            en="You go back through U without transposing it: forward is `h @ U`, back is `da @ U.T` (each block of it, if you go by blocks).",
        ),
    ),
    Misconception(
        "averages-over-the-batch",
        Text(
            zh="参数梯度对批取了平均：这里是求和，平均属于损失函数；去掉 `/ N`，应为 `dW = x.T @ da`。",
            en="You average the parameter gradients over the batch: they are sums, the mean belongs to the loss; drop the `/ N`: `dW = x.T @ da`.",
        ),
    ),
    Misconception(
        "averages-db",
        Text(
            zh="偏置的梯度用了 mean：应与 dW 一样对批求和，`db = da.sum(axis=0)`。",
            en="You take the mean for the bias: like dW it sums over the batch, `db = da.sum(axis=0)`.",
        ),
    ),
    Misconception(
        "keeps-the-batch-in-db",
        Text(
            zh="偏置的梯度没有对批求和：b 加到了每一行上，应为 `db = da.sum(axis=0)`。",
            en="You do not sum the bias gradient over the batch: b was added to every row, `db = da.sum(axis=0)`.",
        ),
    ),
)
