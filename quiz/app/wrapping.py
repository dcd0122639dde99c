"""Where lines may break, in Chinese and in English.

Between two Chinese characters anywhere, but no line begins with `，` or `）` and none ends with `（`. English breaks at
spaces. Widths are terminal cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rich.cells import cell_len
from textual.content import Content

_NOT_FIRST = frozenset("，。、；：！？）》」』】〉”’…％℃,.;:!?)]}%")
_NOT_LAST = frozenset("（《「『【〈“‘([{")
_NARROW = re.compile(r"[\x00-\u10ff\u2000-\u2319]*")
"""No character of two cells is among these: such a text breaks at its spaces alone."""
_WORD = re.compile(rf".+?(?<= )(?![ {re.escape(''.join(sorted(_NOT_FIRST)))}])|.+", re.DOTALL)


@cache
def is_wide(character: str) -> bool:
    """Whether a character takes two cells."""
    return cell_len(character) == 2


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of `text` (start, end) that stay together: a word, or one wide character with its punctuation."""
    if _NARROW.fullmatch(text):
        yield from (word.span() for word in _WORD.finditer(text))
        return
    start = 0
    for k in range(1, len(text) + 1):
        if k == len(text) or _may_break(text[k - 1], text[k]):
            yield start, k
            start = k


def _may_break(left: str, right: str) -> bool:
    if right == " " or right in _NOT_FIRST or left in _NOT_LAST:
        return False
    return left == " " or is_wide(left) or is_wide(right)


def wrap(content: Content, width: int, hanging: int = 0) -> list[Content]:
    """Lines of at most `width` cells; the second and later ones are indented by `hanging`."""
    text, lines = content.plain, []
    room, start, end, used = width, 0, 0, 0
    for left, right in _units(text):
        size, bare = cell_len(text[left:right]), cell_len(text[left:right].rstrip())
        if end > start and used + bare > room:
            lines.append(content[start:end].rstrip())
            start, used, room = left, 0, max(width - hanging, 4)
        while bare > room and used == 0:  # a word longer than a line
            cut = _fitting(text, left, right, room)
            lines.append(content[start:cut])
            start = left = cut
            room = max(width - hanging, 4)
            size, bare = cell_len(text[left:right]), cell_len(text[left:right].rstrip())
        used, end = used + size, right
    lines.append(content[start:].rstrip())
    indent = Content(" " * hanging)
    return [line if k == 0 else indent + line for k, line in enumerate(lines)]


def _fitting(text: str, left: int, right: int, room: int) -> int:
    cut = left + 1
    while cut < right and cell_len(text[left : cut + 1]) <= room:
        cut += 1
    return cut


def wrap_lines(content: Content, width: int) -> list[Content]:
    """`content` at `width` cells; its own line breaks stay, and a wrapped line goes on at its own indentation."""
    lines: list[Content] = []
    for line in content.split("\n", allow_blank=True):
        text = line.plain
        lines += wrap(line, width, min(len(text) - len(text.lstrip()), width // 2))
    return lines
