"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# For the comparisons, whichever of them imports it first: else Keras asks for TensorFlow, which none needs.
os.environ.setdefault("KERAS_BACKEND", "torch")

# A shared machine is slow now and then: that is no failure of a law.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TERMINAL = Path(__file__).parent / "app"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey through a real terminal is tried again before it counts as failed: it waits for paint, not for logic."""
    for item in items:
        if item.path.is_relative_to(TERMINAL):
            item.add_marker(pytest.mark.flaky(reruns=2))
