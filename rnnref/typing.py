"""The array types that signatures share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
"""A float64 or float32 array."""
IntArray = NDArray[np.integer[Any]]
"""An array of any integer dtype."""
