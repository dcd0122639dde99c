"""Fields in which keys take effect in the order they were pressed.

Textual hands a key that is bound (Backspace, an arrow) from the field up to the app, which then looks the binding up, while a
letter is inserted at once. Where several keys arrive together, as over a slow link, letters would overtake them.
"""

from __future__ import annotations

from typing import cast

from textual import events
from textual.widget import Widget
from textual.widgets import Input


class KeysInOrder:
    """Mixed into a field before its class: its own bindings are run when their key comes."""

    async def _on_key(self, event: events.Key) -> None:
        field = cast(Widget, self)
        for binding in field._bindings.key_to_bindings.get(event.key, ()):
            if await field.app.run_action(binding.action, default_namespace=field):
                event.stop()
                event.prevent_default()
                return


class Line(KeysInOrder, Input):
    """A line to type in."""
