"""Colours of Python for light terminals and for those of sixteen colours; Textual's own suit dark ones.

Each of the light ones holds 4.5 to 1 against the paper theme. The sixteen are the terminal's own, whatever its background.
"""

from __future__ import annotations

from rich.style import Style
from textual.widgets.text_area import TextAreaTheme

_GROUPS = {
    "keyword": "keyword keyword.function keyword.return keyword.operator keyword.import include import conditional repeat exception",
    "function": "function function.call method method.call constructor function.builtin",
    "string": "string string.documentation string.escape",
    "number": "number float boolean constant constant.builtin",
    "type": "class type type.class type.builtin attribute decorator",
    "comment": "comment",
    "plain": "variable parameter module operator punctuation.bracket punctuation.delimiter punctuation.special",
}


def _theme(name: str, **styles: Style) -> TextAreaTheme:
    return TextAreaTheme(
        name, syntax_styles={part: styles[group] for group, parts in _GROUPS.items() for part in parts.split()}
    )


LIGHT = _theme(
    "rnnquiz-light",
    keyword=Style(color="#2f5f9e", bold=True),
    function=Style(color="#7a4a00"),
    string=Style(color="#3b6b22"),
    number=Style(color="#a0302a"),
    type=Style(color="#1f6656"),
    comment=Style(color="#6a6455", italic=True),
    plain=Style(color="#22262e"),
)
SIXTEEN = _theme(
    "rnnquiz-sixteen",
    keyword=Style(color="blue", bold=True),
    function=Style(bold=True),
    string=Style(color="green"),
    number=Style(color="magenta"),
    type=Style(color="cyan"),
    comment=Style(italic=True),
    plain=Style(),
)
