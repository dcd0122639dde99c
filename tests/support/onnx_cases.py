"""Random calls of the ONNX operators over all their attributes, drawn from a seed."""

import random
from dataclasses import dataclass

import numpy as np

from rnnref.onnx import ACTIVATIONS

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
FUNCTIONS = {"RNN": 1, "LSTM": 3, "GRU": 2}
INPUTS = {
    "RNN": ("X", "W", "R", "B", "sequence_lens", "initial_h"),
    "LSTM": ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"),
    "GRU": ("X", "W", "R", "B", "sequence_lens", "initial_h"),
}
OUTPUTS = {"RNN": ("Y", "Y_h"), "LSTM": ("Y", "Y_h", "Y_c"), "GRU": ("Y", "Y_h")}


@dataclass
class Call:
    operator: str
    inputs: tuple[np.ndarray | None, ...]
    attributes: dict


def draw(seed: int, dtype=np.float32) -> Call:
    """One call. Lengths are at least 1 and the layout is 0: ONNX Runtime zeroes length 0 and has no other layout.

    Weights are small, so that unbounded activations do not blow rounding up.
    """
    pick, rng = random.Random(seed), np.random.default_rng(seed)
    operator = pick.choice(list(GATES))
    G = GATES[operator]
    direction = pick.choice(["forward", "reverse", "bidirectional"])
    nd = 2 if direction == "bidirectional" else 1
    T, N, D, H = (pick.randint(1, 5) for _ in range(4))

    def array(*shape):
        return rng.normal(scale=0.5, size=shape).astype(dtype)

    def maybe(chance, *shape):
        return array(*shape) if pick.random() < chance else None

    inputs = [array(T, N, D), array(nd, G * H, D), array(nd, G * H, H), maybe(0.7, nd, 2 * G * H)]
    inputs.append(rng.integers(1, T + 1, N).astype(np.int32) if pick.random() < 0.5 else None)
    inputs.append(maybe(0.5, nd, N, H))
    attributes = {"direction": direction, "hidden_size": H}
    if operator == "LSTM":
        inputs += [maybe(0.5, nd, N, H), maybe(0.5, nd, 3 * H)]
        attributes["input_forget"] = pick.choice([0, 0, 1])
    if operator == "GRU":
        attributes["linear_before_reset"] = pick.choice([0, 1])
    if pick.random() < 0.4:
        attributes["clip"] = pick.choice([0.3, 1.0, 5.0])
    if pick.random() < 0.6:
        attributes.update(_activations(pick, FUNCTIONS[operator], nd))
    return Call(operator, tuple(inputs), attributes)


def _activations(pick, per_direction, directions):
    names = [pick.choice(list(ACTIVATIONS)) for _ in range(per_direction)] * directions
    alphas = [round(pick.uniform(0.1, 1), 3) for n in names if ACTIVATIONS[n].alpha is not None]
    betas = [round(pick.uniform(0.1, 1), 3) for n in names if ACTIVATIONS[n].beta is not None]
    chosen = {"activations": names}
    if alphas:
        chosen["activation_alpha"] = alphas
    if betas:
        chosen["activation_beta"] = betas
    return chosen
