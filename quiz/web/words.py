"""Words of the server: its page, what it prints, what it refuses."""

from __future__ import annotations

from answers.model import Text
from quiz.catalogue import message


def serving(address: str) -> Text:
    """Where it is."""
    return message("serve.address", address=address, ctrl_c=message("serve.ctrl_c"))
