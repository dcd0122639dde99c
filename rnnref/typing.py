"""The array types that signatures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray  # dear to import

    Array = NDArray[np.floating[Any]]
    """A float64 or float32 array."""
    IntArray = NDArray[np.integer[Any]]
    """An array of any integer dtype."""
else:
    Array = IntArray = np.ndarray
