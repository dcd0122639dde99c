"""A submission as it was handed in: read once, compiled but never run here, and what its syntax tree shows."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Collection
from types import CodeType
from typing import TYPE_CHECKING

from answers.record import Record
from quiz.catalogue import message
from quiz.grading import syntax

if TYPE_CHECKING:
    from answers.model import Text

MAX_BYTES = 1 << 20


class Problem(Record):
    """Why a submission cannot be graded: what to tell, and the line where one is known. Never quotes the file."""

    text: Text
    line: int | None = None


class Submission(Record):
    """One file (or the text of an editor), read once. `problem` says why there is no `code`."""

    file: str
    """The path as it was given."""
    path: str
    """Absolute; what `__file__` is inside."""
    code: CodeType | None = None
    functions: tuple[str, ...] = ()
    """Known functions that its top level binds, in the file's order."""
    helpers: frozenset[str] = frozenset()
    """Those of `functions` that another of them calls."""
    modules: tuple[str, ...] = ()
    """Modules of the standard library and NumPy that it names: imported before the locks close."""
    problem: Problem | None = None
    source: bytes = b""

    def parameters(self, function: str) -> tuple[str, ...]:
        """Positional parameters of a function that is written with `def` at top level, in its own order; else none."""
        found = [inner for inner in _functions(self.code) if inner.co_name == function]
        return found[-1].co_varnames[: found[-1].co_argcount] if found else ()

    def misplaced(self, known: Collection[str]) -> tuple[str, int] | None:
        """A known name that is written with `def` elsewhere than at top level, in a class say, and its line."""
        stack = list(_functions(self.code))
        while stack:
            outer = stack.pop()
            for inner in _functions(outer):
                if inner.co_name in known:
                    return inner.co_name, inner.co_firstlineno
                stack.append(inner)
        return None

    def resembling(self, known: Collection[str]) -> tuple[str, int] | None:
        """A known name that a function at top level nearly has, and its line."""
        import difflib

        for function in _functions(self.code):
            if near := difflib.get_close_matches(function.co_name, known, n=1, cutoff=0.75):
                return near[0], function.co_firstlineno
        return None


def _functions(code: CodeType | None) -> list[CodeType]:
    """Functions and classes directly inside a module, a class or a function; lambdas and comprehensions left out."""
    inside = code.co_consts if code is not None else ()
    return [c for c in inside if isinstance(c, CodeType) and not c.co_name.startswith("<")]


def read(file: str | os.PathLike[str], known: Collection[str]) -> Submission:
    """The submission in `file`; `known`: names of functions that are tasks. What is wrong is its `problem`."""
    name = os.fspath(file)
    path = os.path.abspath(name)  # noqa: PTH100 - pathlib is not loaded on the quick path
    try:
        source = _read_bytes(name)
    except _UnreadableError as error:
        return Submission(name, path, problem=Problem(error.text))
    return from_source(source, known, file=name, path=path)


def from_source(
    source: bytes | str, known: Collection[str], *, file: str = "submission.py", path: str | None = None
) -> Submission:
    """A submission from its text. Bytes are decoded as Python does: UTF-8, byte order mark, cookie of PEP 263."""
    path = path or os.path.abspath(file)  # noqa: PTH100
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(raw) > MAX_BYTES:
        return Submission(file, path, problem=Problem(_too_large()))
    try:
        if b"coding" not in b"".join(raw.split(b"\n", 2)[:2]):
            raw.decode()  # `compile` lets other bytes pass in comments, where Python refuses the file
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python finds odd about the text is not for whoever grades it
            tree = syntax.parse(raw, path)
            code = compile(raw, path, "exec", dont_inherit=True)
        functions, helpers, modules = syntax.look_at(tree, known)
    except SyntaxError as error:
        problem = _syntax_problem(error) if error.lineno else Problem(_no_text(raw))
        return Submission(file, path, problem=problem, source=raw)
    except (ValueError, LookupError):  # null bytes; a cookie that names no encoding
        return Submission(file, path, problem=Problem(_no_text(raw)), source=raw)
    except (MemoryError, RecursionError, OverflowError):
        text = message("submission.too_deep")
        return Submission(file, path, problem=Problem(text), source=raw)
    return Submission(file, path, code, functions, helpers, modules, source=raw)


class _UnreadableError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):  # not every system has each
    _FLAGS |= getattr(os, _flag, 0)


def _read_bytes(name: str) -> bytes:
    """The bytes of a regular file; never waits for a pipe, never opens a device."""
    try:
        status = os.stat(name)  # noqa: PTH116
        if stat.S_ISDIR(status.st_mode):
            os.scandir(name).close()  # one that may not be looked into is told apart
        _refuse_irregular(status)
        handle = os.open(name, _FLAGS)
        try:
            _refuse_irregular(os.fstat(handle))
            return _read_all(handle)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise _UnreadableError(_why(error)) from None


def _read_all(handle: int) -> bytes:
    pieces = []
    left = MAX_BYTES + 1
    while left > 0 and (piece := os.read(handle, left)):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise _UnreadableError(_too_large())
    return b"".join(pieces)


def _refuse_irregular(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _UnreadableError(message("submission.folder"))
    if not stat.S_ISREG(status.st_mode):
        raise _UnreadableError(message("submission.irregular"))
    if status.st_size > MAX_BYTES:
        raise _UnreadableError(_too_large())


def _no_text(raw: bytes) -> Text:
    """Where Python cannot make text of the bytes, and so names no line."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:200].count(0) * 3 > len(raw[:200]):
        return message("submission.utf_16")
    if b"\0" in raw:
        return message("submission.null_bytes")
    return message("submission.not_utf_8")


def _too_large() -> Text:
    return message("submission.too_large")


def _why(error: OSError | ValueError) -> Text:
    import errno

    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return message("submission.not_there")
    if number == errno.ELOOP:
        return message("submission.loop")
    if number in (errno.EACCES, errno.EPERM):
        return message("submission.no_permission")
    return message("submission.unreadable")


def _syntax_problem(error: SyntaxError) -> Problem:
    line = error.lineno
    return Problem(message("submission.syntax", line=line), line)
