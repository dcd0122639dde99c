"""Counting parameters, right and wrong, for cells with any number of gates."""

from __future__ import annotations

from collections.abc import Iterator

from answers.inputs import Case, Flag, Integer
from answers.model import Law, Misconception, Text


def count_with_mistakes(gates: int, wrong: frozenset[str]):
    """The counting function of a cell with `gates` stacked blocks, as somebody with these mistakes writes it."""

    def param_count(input_size, hidden_size, num_layers=1, bias=True, bidirectional=False):
        D, H = input_size, hidden_size
        G = 1 if "counts-one-gate" in wrong else gates
        if "one-block-too-few" in wrong:
            G = gates - 1
        if "one-block-too-many" in wrong:
            G = gates + 1
        directions = 2 if bidirectional else 1
        below = H if "reads-one-direction" in wrong else directions * H
        total = 0
        for layer in range(1 if "counts-one-layer" in wrong else num_layers):
            width = D if layer == 0 or "every-layer-reads-the-input" in wrong else below
            in_layer = one_direction(wrong, G, width, H, directions, bias)
            doubled = bidirectional and not ("doubles-the-last-layer-alone" in wrong and layer < num_layers - 1)
            total += in_layer * (2 if doubled and "ignores-the-direction" not in wrong else 1)
        return total

    return param_count


def one_direction(wrong: frozenset[str], G: int, width: int, H: int, directions: int, bias: bool) -> int:
    """The parameters of one layer in one direction."""
    if "bias-ignored" in wrong:
        bias = False
    if "bias-always" in wrong:
        bias = True
    biases = G * H * bool(bias)
    if "two-biases" in wrong:
        biases *= 2
    if "one-bias-for-all" in wrong:
        biases //= G
    state = directions * H if "state-of-both-directions" in wrong else H
    recurrent = 0 if "no-recurrent-weights" in wrong else H * state
    inputs = 0 if "no-input-weights" in wrong else width * H
    return G * (inputs + recurrent) + biases


_AS_THE_LSTM = (
    Misconception(
        "one-block-too-many",
        Text(
            zh="按 LSTM 算了四块：GRU 只有 `r, z, n` 三块，系数是 3。",
            en="You count four blocks, as of an LSTM: a GRU has three, `r, z, n`, so the factor is 3.",
        ),
    ),
)


def misconceptions(gates: int, letters: str) -> tuple[Misconception, ...]:
    """Of a cell with `gates` blocks named `letters`."""
    one_layer = f"`{gates} * H * (D + H + 1)`"
    is_gru = "z" in letters
    keras = (
        Text(zh="（Keras 的 `reset_after` 亦然）", en=" (and Keras with `reset_after`)")
        if is_gru
        else Text(zh="", en="")
    )
    return (
        Misconception(
            "two-biases",
            Text(
                zh=f"偏置多算了一倍：PyTorch 存两个偏置{keras.zh}，这里每块只有一个，一层是 {one_layer}。",
                en=f"You count two bias vectors a block, as PyTorch stores them{keras.en}; here there is one: "
                f"a layer has {one_layer}.",
            ),
        ),
        Misconception(
            "bias-ignored",
            Text(
                zh=f"漏算了偏置：`bias=True` 时每个方向、每层还有 `{gates} * H` 个，一层是 {one_layer}。",
                en=f"You leave the biases out: with `bias=True` each layer and direction has `{gates} * H` more: {one_layer}.",
            ),
        ),
        Misconception(
            "bias-always",
            Text(
                zh="没有理会 `bias=False`：此时一个偏置也没有，看加偏置的那一项。",
                en="You count biases even with `bias=False`: then there is none; look at the term that adds them.",
            ),
        ),
        Misconception(
            "one-bias-for-all",
            Text(
                zh=f"各块共用了一个偏置：`{letters}` 每块各有 H 个偏置，共 `{gates} * H` 个。",
                en=f"You count one bias vector for all blocks: each of `{letters}` has its own H, so `{gates} * H`.",
            ),
        ),
        Misconception(
            "one-block-too-few",
            Text(
                zh=f"少算了一块，多半是漏了候选：`{letters}` 一共 {gates} 块，系数是 {gates}，不是 {gates - 1}。",
                en=f"You count a block too few, perhaps the candidate: `{letters}` are {gates} blocks, so the factor is {gates}, "
                f"not {gates - 1}.",
            ),
        ),
        *(_AS_THE_LSTM if is_gru else ()),
        Misconception(
            "counts-one-gate",
            Text(
                zh=f"只算了一块的参数：那是普通 RNN；`{letters}` 共 {gates} 块，要乘 {gates}。",
                en=f"You count a single block, as of a plain RNN: `{letters}` are {gates} blocks, so multiply by {gates}.",
            ),
        ),
        Misconception(
            "no-recurrent-weights",
            Text(
                zh="漏算了循环权重：除了 `D * H`，每块还有 U 的 `H * H`。",
                en="You leave the recurrent weights out: besides `D * H` each block has the `H * H` of U.",
            ),
        ),
        Misconception(
            "no-input-weights",
            Text(
                zh="漏算了输入权重：除了 `H * H`，每块还有 W 的 `D * H`。",
                en="You leave the input weights out: besides `H * H` each block has the `D * H` of W.",
            ),
        ),
        Misconception(
            "every-layer-reads-the-input",
            Text(
                zh="每层的输入宽度都用了 `input_size`：从第二层起读的是前一层的输出，宽度为 H（双向时 2H）。",
                en="You give every layer the width `input_size`: from the second on a layer reads the one below, H wide (2H in both "
                "directions).",
            ),
        ),
        Misconception(
            "reads-one-direction",
            Text(
                zh="双向时第二层起的输入宽度算成了 H：前一层两个方向的输出拼在一起，宽度是 `2 * H`。",
                en="You give the upper layers of a bidirectional net the width H: both directions below are concatenated, `2 * H`.",
            ),
        ),
        Misconception(
            "state-of-both-directions",
            Text(
                zh="双向时循环权重算成了 `2H * H`：每个方向只读自己的状态，U 是 `H * H`；拼接只影响后一层的输入。",
                en="You count `2H * H` recurrent weights in a bidirectional net: each direction reads its own state, `H * H`; only the "
                "layer above sees both.",
            ),
        ),
        Misconception(
            "ignores-the-direction",
            Text(
                zh="双向时没有乘 2：两个方向各有一套参数。",
                en="You do not double for `bidirectional=True`: each direction has parameters of its own.",
            ),
        ),
        Misconception(
            "doubles-the-last-layer-alone",
            Text(
                zh="只给最后一层乘了 2：双向时每一层都有两套参数。",
                en="You double the last layer alone: in a bidirectional net every layer has two sets.",
            ),
        ),
        Misconception(
            "counts-one-layer",
            Text(
                zh="没有理会 `num_layers`：要把每一层都加起来，且第二层起的输入宽度不同。",
                en="You ignore `num_layers`: sum over all layers; the upper ones have another input width.",
            ),
        ),
    )


def _layers(args):
    """The same net one, two and three layers deep, and the second layer alone."""
    D, H = args[:2]
    return ((D, H, 1, True, True), (D, H, 2, True, True), (D, H, 3, True, True), (2 * H, H, 1, True, True))


def _directions(args):
    D, H = args[:2]
    return ((D, H, 1, True, False), (D, H, 1, True, True))


def _biases(args):
    """With and without biases, and the same for an input that is wider by one."""
    D, H = args[:2]
    return ((D, H, 1, True), (D, H, 1, False), (D + 1, H, 1, False))


LAWS = (
    Law(
        "additive-over-layers",
        Text(
            zh="按层可加：每加一层，增加的个数等于一个输入宽度为 2H 的双向单层",
            en="counts add over layers: each further bidirectional layer adds what one with an input of 2H has",
        ),
        holds=lambda args, result, one, two, three, upper: two - one == upper == three - two,
        derive=_layers,
    ),
    Law(
        "two-directions-twice-as-many",
        Text(zh="单层双向恰为单向的 2 倍", en="one layer in both directions has exactly twice as many"),
        holds=lambda args, result, ahead, both: both == 2 * ahead,
        derive=_directions,
    ),
    Law(
        "a-bias-is-an-input-that-is-always-one",
        Text(
            zh="偏置的个数等于把输入加宽 1 所增加的权重数",
            en="biases are as many as the weights that one further input adds",
        ),
        holds=lambda args, result, with_bias, without, wider: with_bias == wider > without,
        derive=_biases,
    ),
)

INPUTS = (
    Integer("input_size", 1, 300),
    Integer("hidden_size", 1, 300),
    Integer("num_layers", 1, 4, default=1),
    Flag("bias", True),
    Flag("bidirectional", False),
)


def corner_cases(rng) -> Iterator[Case]:
    """Options alone and together, in place and by keyword; square and narrow sizes."""
    yield Case((10, 20), note="defaults")
    yield Case((1, 1), note="a single unit")
    yield Case((7, 7), note="D = H")
    yield Case((3, 5, 3), note="three layers")
    yield Case((3, 5), {"bias": False}, note="no bias")
    yield Case((3, 5), {"bidirectional": True}, note="both directions")
    yield Case((3, 5, 3, True, True), note="three layers, both directions")
    yield Case((3, 5, 2, False, True), note="no bias, both directions")
    yield Case((3, 5), {"num_layers": 2, "bidirectional": True}, note="options by keyword")
    yield Case((1024, 2048, 4), note="large")
