"""Whether this app is shown in a visitor's browser (`rnnquiz serve`), where the machine it runs on is not the visitor's."""

from __future__ import annotations

import os

VARIABLE = "RNNQUIZ_VISITOR"


def is_visitor() -> bool:
    """Then no file of this machine may be named, no editor opened; what is saved goes to the browser."""
    return bool(os.environ.get(VARIABLE))
