"""Running text in either language: a small Markdown, wrapped as Chinese and English are each wrapped.

A line break inside a Chinese paragraph of the source is no space. Code keeps its lines; one that is too long goes on
indented. Where lines may break is `quiz.app.wrapping`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from textual.content import Content

from answers.model import Text
from quiz.app.base import Bilingual
from quiz.app.lined import Lined
from quiz.app.wrapping import is_wide, wrap

_INLINE = re.compile(r"`([^`\n]+)`|\*\*(\S(?:[^\n]*?\S)??)\*\*|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])")
_ITEM = re.compile(r"( *)([-*•]|\d+[.)、]) +(.*)")
_HEADING = re.compile(r"#{1,6} +(.*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item with its mark, a heading, a code block's line, or a quotation's: literal, whatever it holds."""

    kind: Literal["text", "item", "heading", "code", "quote", "blank"]
    text: str
    mark: str = ""


# ---------------------------------------------------------------- reading


def blocks(source: str) -> Iterator[Block]:
    """The blocks of a text. Soft line breaks are joined."""
    open_block: Block | None = None
    fenced = False
    for line in source.strip("\n").splitlines():
        if line.strip().startswith("```"):
            fenced = not fenced
            if open_block:
                yield open_block
            open_block = None
            continue
        new, goes_on = _read(line, open_block, fenced)
        if goes_on and open_block is not None:
            open_block = Block(open_block.kind, joined(open_block.text, line.strip()), open_block.mark)
            continue
        if open_block:
            yield open_block
        open_block = new
    if open_block:
        yield open_block


def _read(line: str, before: Block | None, fenced: bool) -> tuple[Block, bool]:
    """The block that `line` begins, and whether it rather goes on with the one `before` it."""
    if fenced:
        return Block("code", line), False
    if not line.strip():
        return Block("blank", ""), False
    if line.startswith(">"):
        return Block("quote", line[1:].removeprefix(" ")), False
    if match := _ITEM.fullmatch(line):
        return Block("item", match[3], match[1] + ("•" if match[2] in "-*•" else match[2])), False
    if line.startswith("    ") and not (before and before.kind == "item"):
        return Block("code", line[4:]), False
    if match := _HEADING.fullmatch(line):
        return Block("heading", match[1]), False
    return Block("text", line.strip()), before is not None and before.kind in ("text", "item")


def joined(first: str, second: str) -> str:
    """Two lines of one paragraph as one: a space between words, none beside a Chinese character."""
    if not first or not second:
        return first + second
    return first + second if is_wide(first[-1]) or is_wide(second[0]) else f"{first} {second}"


def inline(text: str, code: str = "$text-accent", base: str = "") -> Content:
    """`code`, **strong** and *emphasis* as styles."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.append((text[end : match.start()], base))
        if match[1] is not None:
            parts.append((match[1], code))
        elif match[2] is not None:
            parts.append((match[2], f"bold {base}".strip()))
        else:
            parts.append((match[3], f"italic {base}".strip()))
        end = match.end()
    parts.append((text[end:], base))
    return Content.assemble(*(p for p in parts if p[0]))


# ---------------------------------------------------------------- laying out


def layout(source: str, width: int) -> list[Content]:
    """The lines of a text at `width` cells."""
    lines: list[Content] = []
    for block in blocks(source):
        match block.kind:
            case "blank":
                if lines:
                    lines.append(Content(""))
            case "code":
                # Spaces align the columns of a formula and its remark: such a line wraps at its end, not inside.
                for line in wrap(Content.styled(block.text, "$text-accent"), width - 2, 4):
                    lines.append(Content.assemble(("▎ ", "$primary"), line))
            case "quote":
                for line in wrap(Content(block.text), width - 2):
                    lines.append(Content.assemble(("▎ ", "$accent"), line.stylize("$text-muted")))
            case "heading":
                lines += wrap(inline(block.text, base="bold $text-primary"), width)
            case "item":
                mark = block.mark + " "
                head = Content.styled(mark, "$text-primary") + inline(block.text)
                lines += wrap(head, width, cell_len(mark))
            case "text":
                lines += wrap(inline(block.text), width)
    return lines


# ---------------------------------------------------------------- the widget


class Prose(Bilingual, Lined):
    """Shows a `Text`; follows the app's language and the width it is given."""

    DEFAULT_CSS = "Prose { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self, text: Text | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._laid: tuple[tuple[str, int], list[Content]] | None = None

    @property
    def text(self) -> Text | None:
        """What is shown."""
        return self._text

    def show(self, text: Text | None) -> None:
        """Show another text."""
        self._text = text
        self.relabel()

    def relabel(self) -> None:
        if self._laid is None or self._laid[0][0] != self._source():
            self.refresh(layout=True)

    def _source(self) -> str:
        return self._text.of(self.lang) if self._text else ""

    def _lines(self, width: int) -> list[Content]:
        source = self._source()
        key = (source, width)
        if self._laid is None or self._laid[0] != key:
            self._laid = (key, layout(source, max(width, 8)))
        return self._laid[1]
