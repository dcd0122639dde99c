"""What an editor of Python does with a key: indentation, brackets and quotes in pairs, comments, finding. Text in, text out.

A text is one string; a place in it is an offset. `Edit` says what to replace and where anchor and cursor stand afterwards.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

INDENT = 4
PAIRS = {"(": ")", "[": "]", "{": "}"}
QUOTES = "\"'"
LEAVES = frozenset({"return", "raise", "pass", "break", "continue"})
"""After a line that begins so, the block is over."""
PARTNERS = {
    "else": ("if", "elif", "for", "while", "try", "except"),
    "elif": ("if", "elif"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
"""What opens the block that this word goes on with."""
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<string>
        \"{3}(?:\\.|[^\\])*?(?:\"{3}|\Z) | '{3}(?:\\.|[^\\])*?(?:'{3}|\Z)
      | "(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z) | '(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z)
    )
  | (?P<bracket>[()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX = re.compile(r"(?<![\w])(?:[rbuf]|[rb][rbf]|f[r])\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what lies between `start` and `end` by `text`; then the selection runs from `anchor` to `cursor`."""

    start: int
    end: int
    text: str
    anchor: int
    cursor: int

    def of(self, text: str) -> str:
        """`text` after it."""
        return text[: self.start] + self.text + text[self.end :]


@dataclass(frozen=True, slots=True)
class Place:
    """What surrounds an offset: the brackets that are open there, and the string or comment it lies in."""

    brackets: tuple[int, ...]
    inside: str = ""
    """`comment`, `string`, or nothing."""
    token: tuple[int, int] = (0, 0)
    """Where that string or comment begins and ends."""


def place(text: str, offset: int) -> Place:
    """The surroundings of `offset`."""
    brackets: list[int] = []
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if start >= offset:
            break
        if token.lastgroup == "bracket":
            _count(text, start, brackets)
        elif offset < end or (offset == end and not _is_closed(text, start, end)):
            return Place(tuple(brackets), str(token.lastgroup), (start, end))
    return Place(tuple(brackets))


def _count(text: str, at: int, brackets: list[int]) -> None:
    if text[at] in PAIRS:
        brackets.append(at)
    elif brackets and PAIRS[text[brackets[-1]]] == text[at]:
        brackets.pop()


def _delimiter(text: str, start: int) -> str:
    """The quotes that a string beginning at `start` begins with; nothing for a comment."""
    if text[start] not in QUOTES:
        return ""
    return text[start] * (3 if text[start : start + 3] == text[start] * 3 else 1)


def _is_closed(text: str, start: int, end: int) -> bool:
    """Whether the token's own end is in the text: a comment's never is, it reaches to its line's end."""
    quotes = _delimiter(text, start)
    if not quotes or end - start < 2 * len(quotes) or not text[:end].endswith(quotes):
        return False
    body = text[start + len(quotes) : end - len(quotes)]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0  # an escaped quote closes nothing


def partner(text: str, offset: int) -> int | None:
    """Where the bracket that belongs to the one at `offset` stands; None where there is no bracket, or it has none."""
    if not 0 <= offset < len(text) or text[offset] not in "()[]{}":
        return None
    brackets: list[int] = []
    for token in _TOKEN.finditer(text):
        at = token.start()
        if token.lastgroup != "bracket":
            continue
        if text[at] in PAIRS:
            brackets.append(at)
        elif brackets and PAIRS[text[brackets[-1]]] == text[at]:
            opening = brackets.pop()
            if offset in (opening, at):
                return at if offset == opening else opening
    return None


# ---------------------------------------------------------------- typing


def typed(text: str, anchor: int, cursor: int, key: str, character: str | None) -> Edit | None:
    """What this key does beyond what any editor does with it; None where it does no more."""
    start, end = sorted((anchor, cursor))
    if start != end:
        return _over_selection(text, anchor, cursor, key, character)
    if key == "enter":
        return new_line(text, cursor)
    if key == "backspace":
        return _back(text, cursor)
    if key == "tab":
        return None
    if character is None or len(character) != 1:
        return None
    if (edit := _stepped_over(text, cursor, character)) is not None:
        return edit
    if character == ":":
        return _dedented(text, cursor)
    return _paired(text, cursor, character)


def _over_selection(text: str, anchor: int, cursor: int, key: str, character: str | None) -> Edit | None:
    start, end = sorted((anchor, cursor))
    if key == "tab":
        return indented(text, anchor, cursor)
    if key == "enter":
        edit = new_line(text[:start] + text[end:], start)
        return Edit(start, end, edit.text, edit.anchor, edit.cursor) if edit.start == edit.end else None
    if character is not None and (character in PAIRS or (character and character in QUOTES)):
        wrapped = character + text[start:end] + PAIRS.get(character, character)
        return Edit(start, end, wrapped, anchor + 1, cursor + 1)
    return None


def new_line(text: str, cursor: int) -> Edit:
    """Enter: the next line begins where its block wants it; between a pair of brackets, the closing one gets its own line."""
    left, right = text[:cursor], text[cursor:]
    indent = " " * indentation(text, cursor)
    inserted = "\n" + indent
    after = cursor + len(inserted)
    if left and right and PAIRS.get(left[-1]) == right[0] and not place(text, cursor).inside:
        inserted += "\n" + _lead(_line(text, cursor)[0])
    # Blanks between the cursor and the rest of the line would be added to the indentation.
    line, column = _line(text, cursor)
    is_inside = column > len(_lead(line)) and right.strip(" ")[:1] not in ("", "\n")
    blanks = len(right) - len(right.lstrip(" ")) if is_inside else 0
    return Edit(cursor, cursor + blanks, inserted, after, after)


def indentation(text: str, cursor: int) -> int:
    """How far the line after a break at `cursor` is indented.

    One level more after a colon or an open bracket, beneath what stands right of an open bracket, one level less after
    `return` and its like, and as before otherwise; inside a string or a comment always as before.
    """
    line, column = _line(text, cursor)
    own = min(len(_lead(line)), column)
    here = place(text, cursor)
    if here.inside == "string":
        return own
    code = _without_comment(text, cursor, here)
    if here.brackets:
        innermost = here.brackets[-1]
        if text.rfind("\n", 0, cursor) > innermost:  # a later line of the bracket: as the lines before
            return own + INDENT if code.endswith(tuple(PAIRS)) else own
        base = len(_lead(_line(text, innermost)[0]))
        behind = text[innermost + 1 : cursor].strip()
        return base + INDENT if not behind or here.inside else innermost - _begin(text, innermost) + 1
    if here.inside == "comment" and not code.strip():
        return own
    base = len(_lead(_line(text, _statement(text, cursor))[0])) if column > own else own
    word = code.strip().split(" ", 1)[0].rstrip(";") if code.strip() else ""
    if code.endswith("\\"):
        return base + INDENT
    if code.endswith(":"):
        return base + INDENT
    if word in LEAVES:
        return max(base - INDENT, 0)
    return base


def _without_comment(text: str, cursor: int, here: Place) -> str:
    """The logical line that `cursor` ends, up to a comment."""
    end = here.token[0] if here.inside == "comment" else cursor
    return text[_statement(text, cursor) : end].rstrip(" ")


def _statement(text: str, cursor: int) -> int:
    """Where the line begins that the statement around `cursor` begins on."""
    begin = _begin(text, cursor)
    while begin > 0:
        before = place(text, begin - 1)
        open_here = before.brackets or before.inside == "string" or text[: begin - 1].endswith("\\")
        if not open_here:
            break
        begin = _begin(text, begin - 1)
    return begin


def _back(text: str, cursor: int) -> Edit | None:
    """Backspace: one level of indentation, or an empty pair, at once."""
    line, column = _line(text, cursor)
    left = line[:column]
    if left and not left.strip(" "):
        start = cursor - column + (column - 1) // INDENT * INDENT
        return Edit(start, cursor, "", start, start)
    if cursor and cursor < len(text) and _is_pair(text[cursor - 1], text[cursor]):
        here = place(text, cursor)
        in_empty_string = here.inside == "string" and here.token == (cursor - 1, cursor + 1)
        if text[cursor - 1] not in QUOTES or in_empty_string:
            return Edit(cursor - 1, cursor + 1, "", cursor - 1, cursor - 1)
    return None


def _is_pair(opening: str, closing: str) -> bool:
    return PAIRS.get(opening) == closing or (opening in QUOTES and opening == closing)


def _stepped_over(text: str, cursor: int, character: str) -> Edit | None:
    """A closing bracket or quote that stands there already is stepped over."""
    if text[cursor : cursor + 1] != character:
        return None
    here = place(text, cursor)
    if character in PAIRS.values():
        # Stepped over only where it has its partner and no bracket waits for a further one.
        is_step = not here.inside and partner(text, cursor) is not None and not place(text, len(text)).brackets
    elif character in QUOTES:
        start, end = here.token
        quotes = _delimiter(text, start) if here.inside == "string" else ""
        is_step = quotes.startswith(character) and _is_closed(text, start, end) and cursor >= end - len(quotes)
    else:
        is_step = False
    return Edit(cursor, cursor, "", cursor + 1, cursor + 1) if is_step else None


def _paired(text: str, cursor: int, character: str) -> Edit | None:
    """An opening bracket or quote brings its partner at a line's end or before what closes."""
    if character not in PAIRS and character not in QUOTES:
        return None
    here, right = place(text, cursor), text[cursor : cursor + 1]
    if here.inside or (right and right not in " )]},:;\n"):
        return None
    closing = PAIRS.get(character, character)
    if character in QUOTES:
        left = text[_begin(text, cursor) : cursor]
        if left.endswith(character * 2) and not left.endswith(character * 3):
            closing = character * 3  # the third of an opening triple quote
        elif left and (left[-1] in QUOTES or (left[-1].isalnum() and not _PREFIX.search(left))):
            return None
    return Edit(cursor, cursor, character + closing, cursor + 1, cursor + 1)


def _dedented(text: str, cursor: int) -> Edit | None:
    """A colon that completes `else` and its like puts the line beneath the `if` that it belongs to."""
    line, column = _line(text, cursor)
    own, begin = len(_lead(line)), _begin(text, cursor)
    word = re.split(r"\W", line.strip(), maxsplit=1)[0]
    if line[column:].strip() or word not in PARTNERS or place(text, cursor).inside or place(text, cursor).brackets:
        return None
    for earlier in reversed(text[:begin].splitlines()):
        indent = len(_lead(earlier))
        if not earlier.strip() or indent > own:
            continue
        if re.split(r"\W", earlier.strip(), maxsplit=1)[0] in PARTNERS[word]:
            if indent == own:
                return None
            after = cursor - own + indent + 1
            return Edit(begin, cursor, " " * indent + line[own:column] + ":", after, after)
        own = min(own, indent) if indent < own else own
    return None


# ---------------------------------------------------------------- whole lines


def indented(text: str, anchor: int, cursor: int) -> Edit:
    """Every line of the selection one level further in."""
    return _each_line(text, anchor, cursor, lambda line: " " * INDENT + line if line.strip() else line)


def dedented(text: str, anchor: int, cursor: int) -> Edit:
    """Every line of the selection one level further out, as far as it can go."""
    return _each_line(text, anchor, cursor, lambda line: line[min(INDENT, len(_lead(line))) :])


def comment_toggled(text: str, anchor: int, cursor: int) -> Edit:
    """The lines of the selection commented out; back in where every one of them is a comment."""
    start, end = _whole_lines(text, anchor, cursor)
    written = [line for line in text[start:end].split("\n") if line.strip()]
    if written and all(line.lstrip(" ").startswith("#") for line in written):
        return _each_line(text, anchor, cursor, lambda line: re.sub(r"^( *)# ?", r"\1", line))
    column = min((len(_lead(line)) for line in written), default=0)

    def comment(line: str) -> str:
        return line[:column] + "# " + line[column:] if line.strip() or not written else line

    return _each_line(text, anchor, cursor, comment)


def _each_line(text: str, anchor: int, cursor: int, change: object) -> Edit:
    """The selected lines changed; what was selected stays selected."""
    assert callable(change)
    start, end = _whole_lines(text, anchor, cursor)
    old = text[start:end].split("\n")
    new = [str(change(line)) for line in old]

    def moved(offset: int) -> int:
        """Where the character at `offset` has gone: a line's end stays its end."""
        at = start
        gone = 0
        for before, after in zip(old, new, strict=True):
            if offset <= at + len(before):
                behind = at + len(before) - offset  # counted from the end, which a change of indentation leaves alone
                return at + gone + max(len(after) - behind, 0)
            at += len(before) + 1
            gone += len(after) - len(before)
        return offset + gone

    return Edit(start, end, "\n".join(new), moved(anchor), moved(cursor))


def _whole_lines(text: str, anchor: int, cursor: int) -> tuple[int, int]:
    """The selected lines, whole; a line of which no character is selected is not one of them."""
    start, end = sorted((anchor, cursor))
    if end > start and text[end - 1] == "\n":
        end -= 1
    close = text.find("\n", end)
    return _begin(text, start), len(text) if close < 0 else close


# ---------------------------------------------------------------- finding


def occurrences(text: str, wanted: str, *, match_case: bool = False) -> list[tuple[int, int]]:
    """Where `wanted` stands in `text`, from left to right, without overlap."""
    if not wanted:
        return []
    pattern = re.compile(re.escape(wanted), 0 if match_case else re.IGNORECASE)
    return [match.span() for match in pattern.finditer(text)]


def nearest(found: list[tuple[int, int]], offset: int) -> int:
    """The first of `found` that begins at `offset` or after it; behind the last comes the first again."""
    return next((k for k, (start, _) in enumerate(found) if start >= offset), 0)


def lacks_body(text: str, function: str) -> bool:
    """Whether `text` ends with the head of `function`: nothing but comments stands where its body belongs."""
    heads = list(re.finditer(rf"^def {function}\b", text, re.MULTILINE))
    if not heads:
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            (found,) = ast.parse(text[heads[-1].start() :].rstrip() + "\n    pass").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # null bytes, nesting too deep
        return False
    return isinstance(found, ast.FunctionDef) and len(found.body) == 1


def error_line(details: Iterator[str] | list[str]) -> int | None:
    """The line of the submission that the grader's sentences name."""
    for detail in details:
        if (found := re.search(r"\bline (\d+)\b|第 (\d+) 行", detail)) is not None:
            return int(found[1] or found[2])
    return None


# ---------------------------------------------------------------- lines


def _begin(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line(text: str, offset: int) -> tuple[str, int]:
    """The line around `offset` and the column in it."""
    begin = _begin(text, offset)
    end = text.find("\n", offset)
    return text[begin : len(text) if end < 0 else end], offset - begin


def _lead(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
