"""The deck's table of contents: which questions and tasks there are, in the notes' order, without loading any of them."""

from __future__ import annotations

from answers.record import Record


class TaskCard(Record):
    """A coding task as it is listed: its id, the function to write, its parameters as they stand in a `def`, its module."""

    id: str
    function: str
    parameters: str
    question: str

    @property
    def module(self) -> str:
        """The file under `answers.tasks` (and the model solution under `answers.solutions`)."""
        return self.id.replace("-", "_")


QUESTIONS: dict[str, str] = {
    "why-rnn": "q01_why_rnn",
    "rnn-structure": "q02_rnn_structure",
    "rnn-forward": "q03_rnn_forward",
    "rnn-problems": "q04_rnn_problems",
    "why-lstm": "q05_why_lstm",
    "lstm-structure": "q06_lstm_structure",
    "lstm-gradients": "q07_lstm_gradients",
    "lstm-flow": "q08_lstm_flow",
    "lstm-activations": "q09_lstm_activations",
    "lstm-cost": "q10_lstm_cost",
    "lstm-problems": "q11_lstm_problems",
    "why-gru": "q12_why_gru",
    "gru-structure": "q13_gru_structure",
    "gru-forward": "q14_gru_forward",
    "gru-differences": "q15_gru_differences",
    "rnn-family": "q16_rnn_family",
}
"""Question id to its module under `answers`."""

_LSTM = "x, h, c, W, U, b"
_COUNT = "input_size, hidden_size, num_layers=1, bias=True, bidirectional=False"

TASKS: dict[str, TaskCard] = {
    card.id: card
    for card in (
        TaskCard("sigmoid", "sigmoid", "x", "lstm-activations"),
        TaskCard("softmax", "softmax", "x, axis=-1", "rnn-forward"),
        TaskCard("rnn-step", "rnn_step", "x, h, W, U, b", "rnn-problems"),
        TaskCard("rnn-forward", "rnn_forward", "x, h0, W, U, b", "rnn-forward"),
        TaskCard("rnn-output", "rnn_output", "h, V, c", "rnn-forward"),
        TaskCard("rnn-backward", "rnn_backward", "dhs, x, h0, W, U, b", "rnn-structure"),
        TaskCard("rnn-jacobian", "rnn_jacobian", "h_new, U", "why-lstm"),
        TaskCard("gradient-flow", "gradient_flow", "hs, U", "why-lstm"),
        TaskCard("clip-by-value", "clip_by_value", "grads, limit", "rnn-problems"),
        TaskCard("clip-by-global-norm", "clip_by_global_norm", "grads, max_norm", "rnn-problems"),
        TaskCard("orthogonal-init", "orthogonal_init", "shape, gain, rng", "why-lstm"),
        TaskCard("lstm-gates", "lstm_gates", "x, h, W, U, b", "lstm-flow"),
        TaskCard("lstm-cell-state", "lstm_cell_state", "c, i, f, g", "lstm-flow"),
        TaskCard("lstm-step", "lstm_step", _LSTM, "lstm-flow"),
        TaskCard("lstm-forward", "lstm_forward", "x, h0, c0, W, U, b", "lstm-structure"),
        TaskCard("lstm-step-backward", "lstm_step_backward", f"dh, dc, {_LSTM}", "lstm-gradients"),
        TaskCard("lstm-backward", "lstm_backward", "dhs, x, h0, c0, W, U, b", "lstm-gradients"),
        TaskCard("lstm-bias-init", "lstm_bias_init", "hidden_size, forget_bias=1.0", "lstm-gradients"),
        TaskCard("lstm-param-count", "lstm_param_count", _COUNT, "gru-differences"),
        TaskCard("lstm-macs", "lstm_macs", "seq_len, batch_size, input_size, hidden_size", "lstm-cost"),
        TaskCard("gru-gates", "gru_gates", "x, h, W, U, b", "gru-structure"),
        TaskCard("gru-candidate", "gru_candidate", "x, h, r, W_n, U_n, b_n", "gru-structure"),
        TaskCard("gru-step", "gru_step", "x, h, W, U, b", "gru-differences"),
        TaskCard("gru-forward", "gru_forward", "x, h0, W, U, b", "gru-forward"),
        TaskCard("gru-step-backward", "gru_step_backward", "dh, x, h, W, U, b", "gru-forward"),
        TaskCard("gru-param-count", "gru_param_count", _COUNT, "gru-differences"),
        TaskCard("masked-forward", "masked_forward", "x, lengths, h0, W, U, b", "why-rnn"),
        TaskCard("bidirectional", "bidirectional_forward", "x, h0, params", "why-rnn"),
        TaskCard("sequence-loss", "sequence_cross_entropy", "logits, targets, lengths", "rnn-family"),
    )
}
"""Task id to its card, in the contract's order."""
