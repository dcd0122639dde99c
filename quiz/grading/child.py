"""What runs inside the isolated process: load the submission, answer calls, report what it tried.

The reference is never here. What this process says about a value is only ever compared with what the parent knows; what
it says about itself (the line of an error, a changed argument) can make a message wrong, never a wrong value right.
"""

from __future__ import annotations

import contextlib
import gc
import io
import marshal
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import copy_context
from time import monotonic
from types import CodeType, ModuleType
from typing import Any, NoReturn

import numpy as np

from quiz.grading import attempts, codec, imports, locks, messages
from quiz.grading.calls import Asked, read_reference, read_request
from quiz.grading.messages import HEADER, Opening

FLUSH_SECONDS = 0.005
MAX_TEXT = 500
MAX_WARNINGS = 5
TOGETHER = 32
_NO_RESULT = object()
"""Stands for the result of a call that raised."""
_EVERY_WARNING = [("always", None, Warning, None, 0)]
"""What `warnings.filters` is while every warning is recorded."""


class Channel:
    """Messages over two file descriptors."""

    def __init__(self, inward: int, outward: int) -> None:
        self._in = inward
        self._out = outward
        self._read = os.read
        self._write = os.write

    def receive(self) -> tuple[bytes, bytes]:
        """The next message; ends the process when the other side is gone."""
        letter, length = HEADER.unpack(self._exactly(HEADER.size))
        return letter, self._exactly(length)

    def send(self, letter: bytes, payload: bytes = b"") -> None:
        """One message out."""
        rest = memoryview(HEADER.pack(letter, len(payload)) + payload)
        while rest:
            rest = rest[self._write(self._out, rest) :]

    def _exactly(self, length: int) -> bytes:
        data = self._read(self._in, length) if length else b""
        if len(data) == length:
            return data
        pieces, got = [data], len(data)
        while got < length:
            piece = self._read(self._in, length - got)
            if not piece:
                os._exit(0)
            pieces.append(piece)
            got += len(piece)
        return b"".join(pieces)


class Printed(io.BufferedIOBase):
    """Takes what is printed: the first `limit` bytes are kept, the rest is dropped without an error."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.limit = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Keep what fits."""
        size = len(data)
        self.kept += bytes(data[: max(0, self.limit - len(self.kept))])
        return size


class Inside:
    """The loaded submission and the calls into it."""

    def __init__(self) -> None:
        """What does not depend on the submission: made before the fork, it need not be made after it."""
        self.path = ""
        self.has_streams = False
        self.printed = Printed()
        self.module = ModuleType("submission")
        self.log: list[Any] = []
        self.case = -1
        self.watch = attempts.Watch()
        self._input = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        output: Any = self.printed
        self._output = io.TextIOWrapper(output, encoding="utf-8", errors="backslashreplace", write_through=True)
        self._reserve = bytes(1 << 20)  # address space alone: pages that nobody writes to are not there
        self._warned: dict[tuple[str, ...], list[int]] = {}
        """What was warned, and by which calls: most of those that warn say the same."""

    def take_streams(self) -> None:
        """From here on what this process prints is kept, what it reads is empty, and warnings are recorded."""
        self.has_streams = True
        sys.stdin = self._input
        sys.stdout = sys.stderr = self._output
        warnings.showwarning = self._note_warning  # type: ignore[assignment]
        sys.unraisablehook = _print_ignored
        sys.excepthook = _print_exception

    def open(self, channel: Channel, path: str, output: int) -> None:
        """Make the interpreter look as a submission may expect it."""
        self.channel = channel
        self.path = path
        self.printed.limit = output
        sys.argv = [path]
        self.module.__file__ = path

    def load(self, code: CodeType, known: tuple[str, ...]) -> bool:
        """Run the file's top level and say which known names it bound; False where it failed."""
        self._listen_to_warnings()
        try:
            exec(code, self.module.__dict__)
        except BaseException as error:
            self.channel.send(b"E", self._error(error))
            return False
        np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")  # whatever the file has made of it
        self.channel.send(b"B", codec.encoded(tuple(name for name in known if name in self.module.__dict__)))
        return True

    def answer(self, name: str, parts: Iterable[Asked]) -> None:
        """Make every call of one request, whose parts may still be on their way; send the results, in pieces if it takes long."""
        function = self._find(name)
        self._warned = {}
        meta, data = bytearray(), bytearray()
        results: list[Any] = []
        ends = [(0, 0)]
        sent, due = (0, 0), monotonic() + FLUSH_SECONDS
        made: list[Asked] = []
        # That decides the verdict; to run out again in each of the other calls could take until the deadline.
        out_of_memory = b""
        for index, (args, options) in enumerate(_arguments(parts, made)):
            self.case = index
            if out_of_memory:
                meta += out_of_memory
                results.append(_NO_RESULT)
                ends.append((len(meta), len(data)))
                continue
            self._listen_to_warnings()
            meta += b"v"
            try:
                # In a context of its own: what it does to NumPy's error state ends with it.
                result = copy_context().run(function, *args, **options)
                codec.encode(result, meta, data)
            except BaseException as error:
                structure, beside = ends[-1]
                del meta[structure:], data[beside:]
                said = b"e" + self._error(error)
                if isinstance(error, MemoryError):
                    out_of_memory = said
                meta += said
                result = _NO_RESULT
            results.append(result)
            ends.append((len(meta), len(data)))
            if self.log:
                self._warned.setdefault(tuple(self.log), []).append(index)
            if monotonic() > due:
                self._send_results(meta[sent[0] :], data[sent[1] :])
                sent, due = ends[-1], monotonic() + FLUSH_SECONDS
        self._send_results(meta[sent[0] :], data[sent[1] :])
        self._finish(made, _overwritten(results, meta, data, ends))

    def _find(self, name: str) -> Callable[..., Any]:
        def missing(*_: Any, **__: Any) -> None:
            raise NameError(f"{name} is not defined at the top level of the file")

        found: Callable[..., Any] = self.module.__dict__.get(name, missing)
        return found

    def _send_results(self, meta: bytearray, data: bytearray) -> None:
        self.channel.send(b"R", b"".join((len(meta).to_bytes(4, "little"), meta, data)))

    def _finish(self, parts: Iterable[Asked], overwritten: tuple[int, ...]) -> None:
        """Say which arguments changed, which earlier results a later call changed, what warned, what was printed."""
        changed: list[tuple[int, tuple[int, ...]]] = []
        first = 0
        for asked in parts:
            changed += [(first + index, places) for index, places in asked.changed().items()]
            first += len(asked.calls)
        report = (
            tuple(changed),
            overwritten,
            tuple(self._warned.items()),
            self.printed.kept.decode("utf-8", "replace"),
        )
        self.channel.send(b"D", codec.encoded(report))

    def _error(self, error: BaseException) -> bytes:
        """An exception as bytes: raised, memory or died; class and message; line in the file."""
        if isinstance(error, MemoryError):
            self._reserve = b""
        kind = "memory" if isinstance(error, MemoryError) else "died" if isinstance(error, SystemExit) else "raised"
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.path:
                line = trace.tb_lineno
            trace = trace.tb_next
        return codec.encoded((kind, _describe(error), line))

    def note_attempt(self, kind: str, event: str, line: int | None) -> None:
        """Tell the parent at once, so that it cannot be taken back."""
        self.channel.send(b"A", codec.encoded((self.case, kind, event, line)))

    def _listen_to_warnings(self) -> None:
        self.log.clear()
        if warnings.filters != _EVERY_WARNING:
            warnings.resetwarnings()
            warnings.simplefilter("always")

    def _note_warning(self, message: Any, category: type, *_: Any) -> None:
        if len(self.log) < MAX_WARNINGS:
            self.log.append(f"{category.__name__}: {message}"[:MAX_TEXT])


def _arguments(parts: Iterable[Asked], made: list[Asked]) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """The arguments of each call, part after part; the parts are kept in `made`."""
    for asked in parts:
        made.append(asked)
        for index in range(len(asked.calls)):
            yield asked.arguments(index)


def _describe(error: BaseException) -> str:
    try:
        message = str(error)
        return (f"{type(error).__name__}: {message}" if message else type(error).__name__)[:MAX_TEXT]
    except BaseException:  # its own __str__ failed
        return type(error).__name__


def _print_exception(_kind: object, error: BaseException, _trace: object = None) -> None:
    """As Python does, without the lines of the source: to quote them it opens the file, which would count as an attempt."""
    with contextlib.suppress(BaseException):  # what fails here Python would print, with the lines
        print(_describe(error), file=sys.stderr)


def _print_ignored(ignored: Any) -> None:
    with contextlib.suppress(BaseException):
        print(f"Exception ignored in: {ignored.object!r}: {_describe(ignored.exc_value)}", file=sys.stderr)


def _overwritten(
    results: Sequence[Any], meta: bytearray, data: bytearray, ends: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """The calls whose results are no longer what was sent of them, as `meta` and `data` up to `ends`."""

    def changed(first: int, end: int) -> list[int]:
        structure, elements = bytearray(), bytearray()
        for k in range(first, end):
            if results[k] is _NO_RESULT:
                structure += meta[ends[k][0] : ends[k + 1][0]]
            else:
                structure += b"v"
                codec.encode(results[k], structure, elements)
        (place, beside), (last, last_beside) = ends[first], ends[end]
        if structure == meta[place:last] and elements == data[beside:last_beside]:
            return []
        return [first] if end == first + 1 else [k for one in range(first, end) for k in changed(one, one + 1)]

    # Many at once, as few programs change any; not all, as results may be large.
    found = [changed(k, min(k + TOGETHER, len(results))) for k in range(0, len(results), TOGETHER)]
    return tuple(k for some in found for k in some)


# ---------------------------------------------------------------- from a fresh process to an isolated one


def live(inward: int, outward: int, held: dict[int, Asked], inside: Inside) -> NoReturn:
    """The whole life of an isolated process. The first message holds its `Opening` and the submission's code.

    `held`: calls that may be asked for by their number, once, as their arguments are there once. `inside` is its own;
    where it has the streams already, as in a process that was forked by a server, the system's lead nowhere.
    """
    channel = None
    try:
        gc.enable()
        channel = Channel(*locks.keep_only(inward, outward, streams=not inside.has_streams))
        if not inside.has_streams:
            inside.take_streams()
        opening, code = marshal.loads(channel.receive()[1])
        _serve(channel, Opening(**opening), code, held, inside)
    except BaseException as error:  # not the submission's exceptions, but what it did to the interpreter under us
        if channel is not None:
            channel.send(b"X", codec.encoded(_describe(error)))
    finally:
        os._exit(1)


def _serve(channel: Channel, opening: Opening, code: CodeType, held: dict[int, Asked], inside: Inside) -> None:
    os.setsid()
    os.chdir("/")
    for name in opening.modules:
        imports.ahead(name)
    inside.open(channel, opening.path, opening.output)
    locks.prepare()
    imports.close()
    sys.modules["submission"] = inside.module
    layers = locks.lock(opening.memory, opening.seconds, opening.parent)
    channel.send(b"L", codec.encoded(tuple(layers.items())))
    if opening.required and not messages.FULL.issubset(name for name, holds in layers.items() if holds):
        return
    inside.watch.begin(opening.path, inside.note_attempt)
    if inside.load(code, opening.known):
        while True:
            letter, request = channel.receive()
            if letter == b"H":
                name, number = read_reference(request)
                inside.answer(name, [held[number]])  # kept: a mapping closes its descriptor, which is another's by now
            else:
                name, first = read_request(request)
                inside.answer(name, _parts(channel, letter, first))


def _parts(channel: Channel, letter: bytes, asked: Asked) -> Iterator[Asked]:
    """The parts of a request, the last of which comes as Q."""
    yield asked
    while letter == b"P":
        letter, request = channel.receive()
        yield read_request(request)[1]
