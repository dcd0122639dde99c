"""Which of the two languages to speak."""

from __future__ import annotations

import os
from collections.abc import Mapping

from answers.model import Language


def from_locale(environ: Mapping[str, str] = os.environ) -> Language:
    """Chinese where the locale is Chinese, else English; POSIX order: LC_ALL, LC_MESSAGES, LANG."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
