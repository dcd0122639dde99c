"""What is saved comes back bit for bit; what is no such file is refused in one line."""

import numpy as np
import pytest

import rnnref
from rnnref import GRU, LSTM, RNN, load, save


@pytest.mark.parametrize(
    "layer",
    [
        RNN(2, 3, nonlinearity="relu", batch_first=True, rng=0),
        LSTM(2, 3, 2, bidirectional=True, proj_size=2, dropout=0.5, rng=0),
        GRU(2, 3, reset_after=False, bias=False, dtype=np.float32, checkpoint=True, rng=0),
    ],
)
def test_a_layer_comes_back_as_it_was(layer, tmp_path):
    save(tmp_path / "layer.npz", layer)
    back = load(tmp_path / "layer.npz")
    assert repr(back) == repr(layer)
    assert list(back.params) == list(layer.params)
    for name, p in layer.params.items():
        assert back.params[name].dtype == p.dtype
        np.testing.assert_array_equal(back.params[name], p)
    x = np.ones((3, 2, 2))
    np.testing.assert_array_equal(back.eval()(x)[0], layer.eval()(x)[0])
    assert [p.name for p in tmp_path.iterdir()] == ["layer.npz"]


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "other.npz"
    for write in (
        lambda: np.savez(path, a=np.ones(2)),
        lambda: path.write_bytes(b"nothing"),
        lambda: path.write_bytes(b""),
        lambda: np.save(path.open("wb"), np.ones(2)),
        lambda: np.savez(path, rnnref=np.array('["Dense", 1, 2, {}]')),
    ):
        write()
        with pytest.raises(ValueError, match=r"other\.npz: expected a file that rnnref\.save wrote"):
            load(path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")
    with pytest.raises(TypeError, match="layer: got dict"):
        save(path, {})


def test_missing_and_misshapen_arrays_are_named(tmp_path):
    path = tmp_path / "rnn.npz"
    layer = RNN(2, 3, rng=0)
    layer.params["weight_hh_l0"] = np.ones((2, 2))
    save(path, layer)
    with pytest.raises(
        ValueError, match=r"weight_hh_l0: got float64 of shape \(2, 2\), expected float64 of shape \(3, 3\)"
    ):
        load(path)
    del layer.params["weight_hh_l0"]
    save(path, layer)
    with pytest.raises(ValueError, match="weight_hh_l0 is missing"):
        load(path)


def test_it_is_exported():
    assert rnnref.save is save
