"""The highlighting of Python for editors, compiled once: Textual compiles it anew, twice, for each editor."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from textual._tree_sitter import TREE_SITTER, get_language
from textual.widgets import TextArea

if TYPE_CHECKING:
    from tree_sitter import Language, Query


@cache
def python() -> tuple[Language, Query] | None:
    """The grammar and what is highlighted by it; None where tree-sitter is not installed."""
    language = get_language("python") if TREE_SITTER else None
    if language is None:
        return None
    from tree_sitter import Query

    return language, Query(language, TextArea._get_builtin_highlight_query("python"))
