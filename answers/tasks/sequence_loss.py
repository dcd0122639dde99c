"""sequence-loss: cross-entropy over the real steps of a padded batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import rnnref
from answers.inputs import Array, Case, Integers
from answers.model import Law, Misconception, Task, Text
from answers.tasks._corners import strided
from answers.tasks._laws import close, is_single

INPUTS = (
    Array("logits", ("T", "N", "K")),
    Integers("targets", ("T", "N"), 0, ("K", -1)),
    Integers("lengths", ("N",), 0, "T", some=True),
)


def _mask(wrong, T, lengths):
    """Which steps count, (T, N), in the eyes of somebody with these mistakes."""
    t = np.arange(T)[:, None]
    if "one-step-too-many" in wrong:
        lengths = lengths + 1
    if "counts-padding" in wrong:
        return np.ones((T, len(lengths)), bool)
    return t >= T - lengths if "pads-in-front" in wrong else t < lengths


def _losses(wrong, logits, targets):
    """The loss at every step, (T, N)."""
    if "softmax-twice" in wrong:
        logits = rnnref.softmax(logits)
    axis = 0 if "softmax-over-time" in wrong else -1
    if "keeps-maximum" not in wrong:
        logits = logits - logits.max(axis=axis, keepdims=True)
    total = np.exp(logits).sum(axis=axis, keepdims=True)
    if "log-of-zero" in wrong:
        log_p = np.log(np.exp(logits) / total)
    else:
        log_p = logits if "forgets-to-normalise" in wrong else logits - np.log(total)
    at_target = np.take_along_axis(log_p, targets[:, :, None], axis=-1)[:, :, 0]
    if "forgets-log" in wrong:
        at_target = np.exp(at_target)
    if "sums-over-classes" in wrong:
        at_target = log_p.sum(axis=-1)
    return at_target if "forgets-minus" in wrong else -at_target


def with_mistakes(wrong: frozenset[str]):
    def sequence_cross_entropy(logits, targets, lengths):
        T, N = targets.shape
        mask = _mask(wrong, T, lengths)
        losses = np.where(mask, _losses(wrong, logits, targets), 0)
        if "averages-each-sequence-first" in wrong:
            each = losses.sum(axis=0) / np.maximum(mask.sum(axis=0), 1)
            return float(each[mask.any(axis=0)].mean())
        if "averages-empty-ones-too" in wrong:
            return float((losses.sum(axis=0) / np.maximum(mask.sum(axis=0), 1)).mean())
        if "divides-by-each-length" in wrong:
            return float((losses.sum(axis=0) / mask.sum(axis=0)).mean())
        count = mask.sum()
        if "sums" in wrong:
            count = 1
        elif "divides-by-batch" in wrong:
            count = N
        elif "divides-by-all-steps" in wrong:
            count = T * N
        return float(losses.sum() / count)

    return sequence_cross_entropy


MISCONCEPTIONS = (
    Misconception(
        "counts-padding",
        Text(
            zh="填充也算进了损失：只有 `t < lengths` 的步才算，先用掩码筛选再取平均。",
            en="Padding counts in your loss: only steps with `t < lengths` do; apply the mask before you average.",
        ),
    ),
    Misconception(
        "divides-by-all-steps",
        Text(
            zh="分母是 T·N：填充的损失虽然去掉了，还要除以真实步数 `lengths.sum()`。",
            en="You divide by T·N: the padding's losses are gone, but the divisor is the number of real steps, `lengths.sum()`.",
        ),
    ),
    Misconception(
        "divides-by-batch",
        Text(
            zh="分母是批大小 N：应除以真实步数 `lengths.sum()`。",
            en="You divide by the batch size N: the divisor is the number of real steps, `lengths.sum()`.",
        ),
    ),
    Misconception(
        "sums",
        Text(
            zh="只求了和：还要除以真实步数 `lengths.sum()`。",
            en="You sum without averaging: divide by the number of real steps, `lengths.sum()`.",
        ),
    ),
    Misconception(
        "averages-each-sequence-first",
        Text(
            zh="先对每个序列取平均再对批取平均：短序列的每一步权重变大了；应把所有真实步放在一起平均。",
            en="You average each sequence first, then the batch, so a short sequence's steps weigh more: average all real steps together.",
        ),
    ),
    Misconception(
        "averages-empty-ones-too",
        Text(
            zh="先对每个序列取平均、再对整批取平均，连空序列也算了一个：应把所有真实步放在一起平均。",
            en="You average each sequence first, then the batch, and count empty sequences in: average all real steps together.",
        ),
    ),
    Misconception(
        "divides-by-each-length",
        Text(
            zh="每个序列先除以了自己的长度：空序列是 0 / 0，短序列的每一步权重变大；应除以真实步数 `lengths.sum()`，只除一次。",
            en="You divide each sequence by its own length: an empty one gives 0 / 0, and a short one's steps weigh more; divide once, "
            "by the number of real steps, `lengths.sum()`.",
        ),
    ),
    Misconception(
        "one-step-too-many",
        Text(
            zh="多算了一步：有效的条件是 `t < lengths`，不是 `t <= lengths`。",
            en="You count one step too many: a step is real where `t < lengths`, not `t <= lengths`.",
        ),
    ),
    Misconception(
        "pads-in-front",
        Text(
            zh="把填充当成在前面了：真实的是开头的 `lengths` 步，`t < lengths`。",
            en="You take the padding to be in front: the first `lengths` steps are real, `t < lengths`.",
        ),
    ),
    Misconception(
        "softmax-twice",
        Text(
            zh="做了两次 softmax：logits 直接进 log-softmax，不要先变成概率（PyTorch 的 CrossEntropyLoss 同理）。",
            en="You apply softmax twice: the logits go straight into log-softmax and are not turned into probabilities first (nor for PyTorch's CrossEntropyLoss).",
        ),
    ),
    Misconception(
        "softmax-over-time",
        Text(
            zh="softmax 沿时间轴做了：应沿类别轴，`axis=-1`。",
            en="Your softmax runs over time: it belongs to the classes, `axis=-1`.",
        ),
    ),
    Misconception(
        "forgets-to-normalise",
        Text(
            zh="漏掉了归一化：减去最大值后还要减 `np.log(np.exp(a).sum(axis=-1))`，才是对数概率。",
            en="You don't normalise: with the maximum taken out, subtract `np.log(np.exp(a).sum(axis=-1))` to get a log probability.",
        ),
    ),
    Misconception(
        "forgets-log",
        Text(
            zh="漏掉了对数：交叉熵是 `-log p`，不是 `-p`。",
            en="You leave out the logarithm: cross-entropy is `-log p`, not `-p`.",
        ),
    ),
    Misconception(
        "forgets-minus",
        Text(
            zh="漏掉了负号：损失是 `-log p`，不会小于 0。",
            en="You leave out the minus sign: the loss is `-log p` and never below 0.",
        ),
    ),
    Misconception(
        "sums-over-classes",
        Text(
            zh="把所有类别的对数概率都加上了：只取目标类别的那一个，`log_p[t, n, targets[t, n]]`。",
            en="You add up the log probabilities of all classes: only the target's counts, `log_p[t, n, targets[t, n]]`.",
        ),
    ),
    Misconception(
        "log-of-zero",
        Text(
            zh="先求概率再取对数：概率下溢成 0 时得到 inf；应直接算 `a - log(sum(exp(a)))`。",
            en="You take the log of a probability that may have underflowed to 0, which gives inf: compute `a - log(sum(exp(a)))` directly.",
        ),
    ),
    Misconception(
        "keeps-maximum",
        Text(
            zh="没有先减最大值：logits 到 1000 时 exp 溢出；先写 `a = logits - logits.max(axis=-1, keepdims=True)`。",
            en="You don't subtract the maximum: logits of 1000 overflow exp; start with `a = logits - logits.max(axis=-1, keepdims=True)`.",
        ),
    ),
)


def _real(args):
    return np.arange(len(args[0]))[:, None] < np.asarray(args[2])


def _other_padding(args):
    logits, targets, lengths = args
    real = _real(args)
    return (
        (
            np.where(real[:, :, None], logits, np.cos(np.arange(logits.shape[-1])).astype(logits.dtype)),
            np.where(real, targets, 0),
            lengths,
        ),
    )


def _uniform(args):
    return ((np.zeros_like(args[0]), *args[1:]),)


def _shifted(args):
    logits = args[0]
    if np.abs(logits).max() > 100:
        return ()
    return ((logits + np.arange(len(logits), dtype=logits.dtype)[:, None, None] % 3, *args[1:]),)


LAWS = (
    Law(
        "not-negative",
        Text(zh="损失不小于 0", en="the loss is never below 0"),
        lambda args, result: bool(result >= -1e-6),
    ),
    Law(
        "padding-unread",
        Text(zh="换掉填充的内容，损失不变", en="other padding, same loss"),
        lambda args, result, other: close(result, other, is_single(*args)),
        derive=_other_padding,
    ),
    Law(
        "log-of-classes",
        Text(zh="logits 全相等时，损失是 log K", en="with equal logits the loss is log K"),
        lambda args, result, uniform: close(uniform, np.log(args[0].shape[-1]), is_single(*args)),
        derive=_uniform,
    ),
    Law(
        "shift-free",
        Text(
            zh="某一步的 logits 加上同一个数，损失不变", en="adding one number to all logits of a step changes nothing"
        ),
        lambda args, result, *moved: all(close(m, result, is_single(*args)) for m in moved),
        derive=_shifted,
    ),
)


def corner_cases(rng: np.random.Generator) -> Iterator[Case]:
    T, N, K = 4, 3, 5
    logits = rng.normal(size=(T, N, K))
    targets = rng.integers(0, K, size=(T, N))
    for steps, note in (
        ([4, 4, 4], "no padding"),
        ([4, 0, 2], "lengths 0 and T"),
        ([0, 0, 1], "one real step"),
        ([1, 2, 3], "nothing reaches T"),
    ):
        yield Case((logits, targets, np.array(steps)), note=note)
    lengths = np.array([2, 4, 1])
    real = np.arange(T)[:, None, None] < lengths[:, None]
    yield Case((np.where(real, logits, 1e3), targets, lengths), note="large padding")
    yield Case((logits + 1000, targets, lengths), note="logits near 1000")
    yield Case((3000 * logits, targets, lengths), note="logits far apart")
    far_above = logits.copy()
    far_above[0, 0] += 2000
    yield Case((far_above, targets, lengths), note="one step's logits far above the others'")
    yield Case((np.zeros_like(logits), targets, lengths), note="equal logits")
    yield Case((strided(logits), targets, lengths), note="strided view")
    yield Case((logits, targets.astype(np.int32), lengths.astype(np.int32)), note="32-bit integers")
    yield Case((logits[:, :, :1], np.zeros_like(targets), lengths), note="a single class")
    yield Case((rng.normal(size=(1, 1, 3)), np.array([[2]]), np.array([1])), note="a single step")


TASK = Task(
    id="sequence-loss",
    function="sequence_cross_entropy",
    ask=Text(
        zh="""\
写出带填充的批的交叉熵：`sequence_cross_entropy(logits, targets, lengths)`。

- `logits`：(T, N, K)，时间在前；`targets`：(T, N) 整数，0 .. K-1；`lengths`：(N,) 整数，每个在 0 .. T，和至少为 1
- 第 n 个序列只有前 `lengths[n]` 步是真实的，其余是填充，内容任意
- 返回一个 float：全部 `sum(lengths)` 个真实步上，目标类别的 -log softmax 的平均

logits 可能到 ±1000，结果不能是 NaN 或 inf。
""",
        en="""\
Write the cross-entropy of a padded batch: `sequence_cross_entropy(logits, targets, lengths)`.

- `logits`: (T, N, K), time first; `targets`: (T, N) ints, 0 .. K-1; `lengths`: (N,) ints, each 0 .. T, with a sum of at least 1
- of sequence n only the first `lengths[n]` steps are real, the rest is padding and may hold anything
- returns a float: the mean of -log softmax at the target over all `sum(lengths)` real steps

Logits may be as large as ±1000; the result must be neither NaN nor infinite.
""",
    ),
    inputs=INPUTS,
    reference=rnnref.sequence_cross_entropy,
    with_mistakes=with_mistakes,
    misconceptions=MISCONCEPTIONS,
    hints=(
        Text(
            zh="先问哪些步算数，再问对多少步取平均。",
            en="Ask first which steps count, then over how many you average.",
        ),
        Text(
            zh="掩码 t < lengths 选出真实的步；对数概率用 log-sum-exp 算，先减最大值；最后除以 lengths 的和。",
            en="The mask t < lengths picks the real steps; the log probability comes from log-sum-exp with the maximum taken out; divide by the sum of lengths.",
        ),
        Text(
            zh="`a = logits[mask]`，`a = a - a.max(axis=-1, keepdims=True)`，`log_p = a[np.arange(len(a)), targets[mask]] - np.log(np.exp(a).sum(axis=-1))`，`return float(-log_p.mean())`",
            en="`a = logits[mask]`, `a = a - a.max(axis=-1, keepdims=True)`, `log_p = a[np.arange(len(a)), targets[mask]] - np.log(np.exp(a).sum(axis=-1))`, `return float(-log_p.mean())`",
        ),
    ),
    interviewers_look_for=Text(
        zh="直接算 log-softmax 而不是先求概率再取对数；说得清分母是真实步数，以及先按序列平均会怎样偏向短序列。",
        en="Log-softmax computed directly instead of the log of a probability; the divisor is the number of real steps, and averaging by sequence first would favour short ones.",
    ),
    laws=LAWS,
    corner_cases=corner_cases,
)
