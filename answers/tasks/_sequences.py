"""What goes wrong when a cell is run over a sequence, whatever the cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answers.model import Misconception, Text


def rows(wrong: frozenset[str], states: Sequence[np.ndarray], initial: np.ndarray) -> np.ndarray:
    """The states (N, H) of all steps as one array (T, N, H), as somebody with these mistakes collects them."""
    if "every-row-is-the-last" in wrong:
        states = [states[-1]] * len(states)
    if "includes-the-initial-state" in wrong:
        states = [initial, *states]
    elif "stores-before-the-step" in wrong:
        states = [initial, *states[:-1]]
    stacked = np.stack(list(states))
    return stacked.swapaxes(0, 1) if "puts-the-batch-first" in wrong else stacked


def misconceptions(step: str) -> tuple[Misconception, ...]:
    """Told by `rows`, and by the order in which x is read; `step` is the line of the loop that calls the cell."""
    return (
        Misconception(
            "reads-backwards",
            Text(
                zh=f"你从序列末尾往前读：应为 `for t in range(T)`，每步 `{step}`。",
                en=f"You read the sequence from its end: `for t in range(T)`, with `{step}` in each step.",
            ),
        ),
        Misconception(
            "stores-before-the-step",
            Text(
                zh=f"先存后算，整体晚了一步：第 t 行应是读完 `x[t]` 之后的状态，先 `{step}` 再存。",
                en=f"You store the state before the step, so every row is one late: row t is the state after `x[t]`; first `{step}`, "
                "then store.",
            ),
        ),
        Misconception(
            "includes-the-initial-state",
            Text(
                zh="多了一行：结果不含初始状态，只有读完 `x[0]` 到 `x[T-1]` 的 T 行，应返回 `hs[1:]`。",
                en="You return a row too many: the initial state is left out, the T rows follow `x[0]` to `x[T-1]`; return `hs[1:]`.",
            ),
        ),
        Misconception(
            "every-row-is-the-last",
            Text(
                zh="每一行都是最后的状态：列表里存的是同一个数组，又被原地改了；每步新建状态，或 `hs.append(h.copy())`。",
                en="Every row is the last state, as when one array is appended over and over and changed in place: make a new state in "
                "each step, or `hs.append(h.copy())`.",
            ),
        ),
        Misconception(
            "puts-the-batch-first",
            Text(
                zh="结果的轴反了：这里时间在前，应为 `(T, N, H)`，不是 `batch_first` 的 `(N, T, H)`。",
                en="You put the batch first: time leads here, `(T, N, H)`, not `(N, T, H)` as with `batch_first`.",
            ),
        ),
    )
