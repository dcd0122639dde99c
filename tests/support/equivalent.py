"""Which mutants of the model solutions are wrong: all but those that are argued away here. Each of these must exist, and must pass."""

from __future__ import annotations

from functools import cache

from answers.deck import BUILT_IN
from support.mutants import Mutant, mutants

SECOND_AXIS = "the array has two axes: -1 and 1 are the same"
SAME_ZEROS = "h and c, and what is made like them, have the same shape"
EMPTY_LISTS = "the lists are empty, so that it does not matter which is which"
NO_SIGN = "any distribution is allowed: without the signs Q is orthogonal too"

EQUIVALENT: dict[str, dict[str, str]] = {
    "sigmoid": {
        "return np.where(x >= 0, 1 / (1 + e), e / (1 + e))  =>  "
        "return np.where(x > 0, 1 / (1 + e), e / (1 + e))": "at 0 both branches give 1/2",
    },
    "rnn-output": {
        "e = np.exp(a - a.max(axis=-1, keepdims=True))  =>  e = np.exp(a - a.max(axis=1, keepdims=True))": SECOND_AXIS,
        "return e / e.sum(axis=-1, keepdims=True)  =>  return e / e.sum(axis=1, keepdims=True)": SECOND_AXIS,
    },
    "gradient-flow": {
        "product = np.eye(H, dtype=hs.dtype)  =>  product = np.eye(H)": "norms are stored in the dtype of hs all the same",
        "product = product @ ((1 - hs[k + 1] ** 2)[:, None] * U.T)  =>  "
        "product = product @ ((hs[k + 1] ** 2 - 1)[:, None] * U.T)": "the spectral norm of -A is that of A",
    },
    "clip-by-value": {
        "return [np.clip(g, -limit, limit) for g in grads]  =>  "
        "return [np.clip(-limit, g, limit) for g in grads]": "max(-limit, g) is symmetric",
        "works in single precision": "one rounding to float32 is within the contract's tolerance of 1e-7",
    },
    "clip-by-global-norm": {
        "norm = float(np.sqrt(sum((np.sum(g ** 2) for g in grads))))  =>  "
        "norm = np.sqrt(sum((np.sum(g ** 2) for g in grads)))": "a NumPy scalar counts as a number",
        "if norm <= max_norm:  =>  if norm < max_norm:": "at equality the factor is 1",
        "return (list(grads), norm)  =>  return (grads, norm)": "an argument may be returned unchanged",
    },
    "orthogonal-init": {
        "q, r = np.linalg.qr(rng.normal(size=(max(rows, cols), min(rows, cols))))  =>  "
        "q, r = np.linalg.qr(rng.standard_cauchy(size=(max(rows, cols), min(rows, cols))))": "any distribution is allowed",
        "q, r = np.linalg.qr(rng.normal(size=(max(rows, cols), min(rows, cols))))  =>  "
        "q, r = np.linalg.qr(rng.normal(size=(max(cols, rows), min(rows, cols))))": "max is symmetric",
        "q, r = np.linalg.qr(rng.normal(size=(max(rows, cols), min(rows, cols))))  =>  "
        "q, r = np.linalg.qr(rng.normal(size=(max(rows, cols), min(cols, rows))))": "min is symmetric",
        "q = q * np.sign(np.diag(r))  =>  -": NO_SIGN,
        "q = q * np.sign(np.diag(r))  =>  q = q": NO_SIGN,
        "q = q * np.sign(np.diag(r))  =>  q = q / np.sign(np.diag(r))": "dividing by 1 or -1 is multiplying by it",
        "return gain * (q if rows >= cols else q.T)  =>  "
        "return gain * (q if rows > cols else q.T)": "the transpose of a square orthogonal matrix is one",
    },
    "lstm-gates": {"i, f, g, o = np.split(a, 4, axis=-1)  =>  i, f, g, o = np.split(a, 4, axis=1)": SECOND_AXIS},
    "lstm-step": {
        "i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)  =>  "
        "i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)": SECOND_AXIS
    },
    "lstm-forward": {
        "hs, cs = ([], [])  =>  cs, hs = ([], [])": EMPTY_LISTS,
        "i, f, g, o = np.split(a + h @ U, 4, axis=-1)  =>  i, f, g, o = np.split(a + h @ U, 4, axis=1)": SECOND_AXIS,
    },
    "lstm-step-backward": {
        "i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)  =>  "
        "i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)": SECOND_AXIS,
        "da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)  =>  "
        "da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)": SECOND_AXIS,
    },
    "lstm-backward": {
        "before, gates, after = ([], [], [])  =>  gates, before, after = ([], [], [])": EMPTY_LISTS,
        "before, gates, after = ([], [], [])  =>  before, after, gates = ([], [], [])": EMPTY_LISTS,
        "i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=-1)  =>  "
        "i, f, g, o = np.split(x[t] @ W + h @ U + b, 4, axis=1)": SECOND_AXIS,
        "dx = np.zeros_like(x)  =>  dx = np.ones_like(x)": "every row of dx is assigned",
        "dh, dc = (np.zeros_like(h0), np.zeros_like(c0))  =>  "
        "dc, dh = (np.zeros_like(h0), np.zeros_like(c0))": SAME_ZEROS,
        "dh, dc = (np.zeros_like(h0), np.zeros_like(c0))  =>  "
        "dh, dc = (np.zeros_like(c0), np.zeros_like(h0))": SAME_ZEROS,
        "dh, dc = (np.zeros_like(h0), np.zeros_like(c0))  =>  "
        "dh, dc = (np.zeros_like(h0), np.zeros_like(h0))": SAME_ZEROS,
        "dh, dc = (np.zeros_like(h0), np.zeros_like(c0))  =>  "
        "dh, dc = (np.zeros_like(c0), np.zeros_like(c0))": SAME_ZEROS,
        "dh, dc = (np.zeros_like(h0), np.zeros_like(c0))  =>  "
        "dh, dc = (np.zeros_like(h0), np.zeros_like(h))": SAME_ZEROS,
        "da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)  =>  "
        "da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)": SECOND_AXIS,
    },
    "lstm-macs": {
        "def lstm_macs(seq_len, batch_size, input_size, hidden_size):  =>  "
        "def lstm_macs(batch_size, seq_len, input_size, hidden_size):": "T N = N T",
    },
    "gru-gates": {"r, z = np.split(sigmoid(a), 2, axis=-1)  =>  r, z = np.split(sigmoid(a), 2, axis=1)": SECOND_AXIS},
    "gru-candidate": {
        "def gru_candidate(x, h, r, W_n, U_n, b_n):  =>  def gru_candidate(x, r, h, W_n, U_n, b_n):": "r * h = h * r",
    },
    "gru-step": {
        "W_r, W_z, W_n = np.split(W, 3, axis=-1)  =>  W_r, W_z, W_n = np.split(W, 3, axis=1)": SECOND_AXIS,
        "U_r, U_z, U_n = np.split(U, 3, axis=-1)  =>  U_r, U_z, U_n = np.split(U, 3, axis=1)": SECOND_AXIS,
    },
    "gru-forward": {
        "r, z = np.split(sigmoid(a[:, :2 * H] + h @ U[:, :2 * H]), 2, axis=-1)  =>  "
        "r, z = np.split(sigmoid(a[:, :2 * H] + h @ U[:, :2 * H]), 2, axis=1)": SECOND_AXIS,
    },
    "gru-step-backward": {
        "W_r, W_z, W_n = np.split(W, 3, axis=-1)  =>  W_r, W_z, W_n = np.split(W, 3, axis=1)": SECOND_AXIS,
        "U_r, U_z, U_n = np.split(U, 3, axis=-1)  =>  U_r, U_z, U_n = np.split(U, 3, axis=1)": SECOND_AXIS,
        "da = np.concatenate([da_r, da_z, da_n], axis=-1)  =>  da = np.concatenate([da_r, da_z, da_n], axis=1)": SECOND_AXIS,
        "dU = np.concatenate([h.T @ da_r, h.T @ da_z, (r * h).T @ da_n], axis=-1)  =>  "
        "dU = np.concatenate([h.T @ da_r, h.T @ da_z, (r * h).T @ da_n], axis=1)": SECOND_AXIS,
    },
    "masked-forward": {
        "hs = np.zeros((len(x), *h0.shape), x.dtype)  =>  hs = np.ones((len(x), *h0.shape), x.dtype)": "every row is assigned",
    },
    "bidirectional": {"return np.stack(states)  =>  return states": "a list can be reversed and concatenated too"},
    "sequence-loss": {
        "a = a - a.max(axis=-1, keepdims=True)  =>  a = a - a.max(axis=1, keepdims=True)": SECOND_AXIS,
        "log_p = a[np.arange(len(a)), targets[real]] - np.log(np.exp(a).sum(axis=-1))  =>  "
        "log_p = a[np.arange(len(a)), targets[real]] - np.log(np.exp(a).sum(axis=1))": SECOND_AXIS,
        "return float(-log_p.mean())  =>  return -log_p.mean()": "a NumPy scalar counts as a number",
    },
}


@cache
def mutants_of(task_id: str) -> list[Mutant]:
    """Every mutant of a task's model solution."""
    source = BUILT_IN.solution_file(task_id).read_text(encoding="utf-8")
    return mutants(source, BUILT_IN.task(task_id))


def wrong_ones(task_id: str) -> list[Mutant]:
    """Those that a grader must not let through."""
    return [mutant for mutant in mutants_of(task_id) if mutant.change not in EQUIVALENT.get(task_id, {})]
