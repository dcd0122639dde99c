"""Colours of Python for light terminals; Textual's own suit dark ones. Each holds 4.5 to 1 against the paper theme."""

from __future__ import annotations

from rich.style import Style
from textual.widgets.text_area import TextAreaTheme

_PLAIN, _KEYWORD, _NAME = Style(color="#22262e"), Style(color="#2f5f9e", bold=True), Style(color="#7a4a00")
_STRING, _NUMBER, _COMMENT = Style(color="#3b6b22"), Style(color="#a0302a"), Style(color="#6a6455", italic=True)
_TYPE = Style(color="#1f6656")

LIGHT = TextAreaTheme(
    name="rnnquiz-light",
    syntax_styles={
        **dict.fromkeys(("keyword", "keyword.function", "keyword.return", "keyword.operator", "operator"), _KEYWORD),
        **dict.fromkeys(("include", "import", "conditional", "repeat", "exception", "keyword.import"), _KEYWORD),
        **dict.fromkeys(
            ("function", "function.call", "method", "method.call", "constructor", "function.builtin"), _NAME
        ),
        **dict.fromkeys(("string", "string.documentation", "string.escape"), _STRING),
        **dict.fromkeys(("number", "float", "boolean", "constant", "constant.builtin"), _NUMBER),
        **dict.fromkeys(("class", "type", "type.class", "type.builtin", "attribute", "decorator"), _TYPE),
        **dict.fromkeys(("variable", "parameter", "module", "punctuation.bracket", "punctuation.delimiter"), _PLAIN),
        "operator": _PLAIN,
        "comment": _COMMENT,
        "punctuation.special": _PLAIN,
    },
)
