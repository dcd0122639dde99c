"""What was expected beside what came back and the difference, laid out for the width that there is.

A wrong entry stands in brackets as well as in colour. What is compared and which part of it is shown is `quiz.array_diff`'s
business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from answers.model import Language
from quiz.app import code_words
from quiz.catalogue import message

if TYPE_CHECKING:
    from quiz.array_diff import Part, Table


def comparison(
    expected: Any,
    got: Any,
    language: Language,
    names: Sequence[str] = (),
    width: int = 72,
    *,
    single: bool = False,
) -> Content:
    """Part after part: those that are right in a word, the others as tables of at most `width` cells."""
    from quiz import array_diff

    blocks: list[Content] = []
    for part in array_diff.parts(expected, got, names, single=single):
        head = _head(part, language)
        if head.plain:
            blocks.append(head)
        if part.is_same:
            continue
        if part.is_grid and part.wrong_count:
            blocks.append(_grid(part, language, width))
        elif not part.is_grid:
            named = names if not part.name else ()
            blocks += [
                _one(message("code.expected").of(language), part.expected),
                _one(message("code.got").of(language), part.got, named),
            ]
    return Content("\n").join(blocks)


def _head(part: Part, language: Language) -> Content:
    """The part's name, whether it is right, and what is wrong about the whole of it."""
    from quiz import array_diff

    mark, look = ("✓", "$text-success") if part.is_same else ("✗", "$text-error")
    said = []
    if array_diff.shape_differs(part.expected, part.got):
        said.append(message("code.shapes", expected=part.expected.shape, got=part.got.shape).of(language))
    if array_diff.dtype_differs(part.expected, part.got):
        said.append(message("code.dtypes", expected=str(part.expected.dtype), got=str(part.got.dtype)).of(language))
    if part.is_grid and part.wrong_count and part.wrong.ndim:
        said.append(code_words.wrong_entries(part.wrong_count, part.wrong.size, part.first).of(language))
    if not part.name and not said:
        return Content("")
    return Content.assemble((f"{mark} {part.name}".rstrip(), f"bold {look}"), "  " if said else "", "; ".join(said))


def _one(label: str, value: Any, names: Sequence[str] = ()) -> Content:
    from quiz.array_diff import shown

    shape = f" {value.shape} {value.dtype}" if hasattr(value, "shape") and hasattr(value, "dtype") else ""
    if isinstance(value, tuple | list) and len(value) == len(names) > 1:
        lines = []
        for name, part in zip(names, value, strict=True):
            first, *rest = shown(part).splitlines() or [""]
            lines += [f"{name} = {first}", *(" " * (len(name) + 3) + line for line in rest)]
    else:
        lines = shown(value).splitlines()
    return Content.assemble((f"{label}{shape}\n", "bold"), "\n".join("  " + line for line in lines))


# ---------------------------------------------------------------- tables


def _grid(part: Part, language: Language, width: int) -> Content:
    """Expected, got and difference side by side where there is room, else one below the other."""
    from quiz import array_diff

    columns = array_diff.MOST_COLUMNS
    whole = array_diff.table(part, most_columns=columns)
    beside = _fits(whole, width, 3)
    found = whole
    while not beside and columns > 1 and not _fits(found, width, 1):
        columns -= 1
        found = array_diff.table(part, most_columns=columns)
    titles = (
        message("code.expected").of(language),
        message("code.got").of(language),
        message("code.difference").of(language),
    )
    blocks = [_block(found, k, title) for k, title in enumerate(titles)]
    if beside:
        bar = Content.styled(" │ ", "dim")
        joined = [bar.join(lines) for lines in zip(*blocks, strict=True)]
    else:
        joined = [line for block in blocks for line in block]
    if found.leading:
        place = f"[{', '.join(map(str, found.leading))}, :, :]"
        joined.insert(0, Content.styled(message("code.slice", place=place).of(language), "dim"))
    if (len(found.rows), len(found.columns)) != found.shape:
        joined.append(Content.styled(code_words.part_shown(found.shape).of(language), "dim"))
    return Content("\n").join(joined)


def _fits(found: Table, width: int, blocks: int) -> bool:
    one = _index_width(found) + len(found.columns) * (found.cell_width + 2) + 4
    return blocks * one + 3 * (blocks - 1) <= width


def _index_width(found: Table) -> int:
    return len(str(max((row.index for row in found.rows), default=0))) if found.shape[0] > 1 else 0


def _block(found: Table, which: int, title: str) -> list[Content]:
    """One of the three tables: its title, the columns' numbers, the rows; all lines of one width."""
    cell, index = found.cell_width, _index_width(found)
    left, right = found.columns[0] > 0, found.columns[-1] < found.shape[1] - 1
    before, after = ("… " if left else ""), (" …" if right else "")
    lines = [Content.styled(title, "bold")]
    if found.shape[1] > 1:
        numbers = "".join(f" {column:>{cell}} " for column in found.columns)
        lines.append(Content.styled(" " * (index + len(before)) + numbers, "dim"))
    if found.rows[0].index > 0:
        lines.append(Content.styled(" " * index + " ⋮", "dim"))
    for row in found.rows:
        line = Content.styled((f"{row.index:>{index}}" if index else "") + before, "dim")
        for entry in row.cells:
            text = (entry.expected, entry.got, entry.difference)[which]
            if entry.wrong and which:
                line += Content.styled(f"[{text:>{cell}}]", "bold $text-error")
            else:
                line += Content.styled(f" {text:>{cell}} ", "dim" if text == "·" else "")
        lines.append(line + Content.styled(after, "dim"))
    if found.rows[-1].index < found.shape[0] - 1:
        lines.append(Content.styled(" " * index + " ⋮", "dim"))
    width = max(line.cell_length for line in lines)
    return [line + Content(" " * (width - line.cell_length)) for line in lines]
