"""What the evidence times runs in one thread: else a busy machine, not the cell, decides the claim."""

import pytest

from answers.experiments import lstm_cost, lstm_problems, why_gru
from answers.experiments.measuring import ONE_THREAD

SIZES = [
    (why_gru.T, why_gru.N, why_gru.D, why_gru.H),
    lstm_problems.RATIO_SIZES,
    *((T, *lstm_cost.TIMED) for T in lstm_cost.LENGTHS),
    *((lstm_problems.ELEMENTS // N, N, lstm_problems.D, lstm_problems.H) for N in lstm_problems.BATCHES),
]


@pytest.mark.parametrize(("T", "N", "D", "H"), SIZES)
def test_no_product_is_shared_among_threads(T, N, D, H):
    assert T * N * D * 4 * H <= ONE_THREAD, "x W of all steps at once"
    assert N * H * 4 * H <= ONE_THREAD, "h U of a step"
