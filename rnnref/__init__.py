"""rnnref: RNN, LSTM and GRU in NumPy, written to be read and exact enough to test others against."""

from importlib import import_module
from types import ModuleType

from rnnref.activations import sigmoid, softmax
from rnnref.counting import gru_param_count, lstm_macs, lstm_param_count
from rnnref.gradients import clip_by_global_norm, clip_by_value
from rnnref.gru import gru_backward, gru_candidate, gru_forward, gru_gates, gru_step, gru_step_backward
from rnnref.init import glorot_init, identity_init, orthogonal_init, set_forget_bias
from rnnref.layers import GRU, LSTM, RNN
from rnnref.losses import cross_entropy, mean_squared_error
from rnnref.lstm import (
    lstm_backward,
    lstm_bias_init,
    lstm_cell_state,
    lstm_forward,
    lstm_gates,
    lstm_step,
    lstm_step_backward,
)
from rnnref.optim import SGD, Adam
from rnnref.rnn import gradient_flow, rnn_backward, rnn_forward, rnn_jacobian, rnn_output, rnn_step
from rnnref.sequences import bidirectional_forward, masked_forward, sequence_cross_entropy
from rnnref.storage import load, save

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "SGD",
    "Adam",
    "bidirectional_forward",
    "clip_by_global_norm",
    "clip_by_value",
    "cross_entropy",
    "glorot_init",
    "gradient_flow",
    "gru_backward",
    "gru_candidate",
    "gru_forward",
    "gru_gates",
    "gru_param_count",
    "gru_step",
    "gru_step_backward",
    "identity_init",
    "load",
    "lstm_backward",
    "lstm_bias_init",
    "lstm_cell_state",
    "lstm_forward",
    "lstm_gates",
    "lstm_macs",
    "lstm_param_count",
    "lstm_step",
    "lstm_step_backward",
    "masked_forward",
    "mean_squared_error",
    "orthogonal_init",
    "rnn_backward",
    "rnn_forward",
    "rnn_jacobian",
    "rnn_output",
    "rnn_step",
    "save",
    "sequence_cross_entropy",
    "set_forget_bias",
    "sigmoid",
    "softmax",
]


def __getattr__(name: str) -> ModuleType:
    """Submodules that most programs do without are loaded when they are first named: `rnnref.onnx`, `rnnref.testing`."""
    if name in ("analysis", "onnx", "strategies", "testing"):
        return import_module(f"rnnref.{name}")
    raise AttributeError(f"module 'rnnref' has no attribute {name!r}")
