"""What runs inside the isolated process: load the submission, answer calls, report what it tried.

The reference is never here. What this process says about a value is only ever compared with what the parent knows; what
it says about itself (the line of an error, a changed argument) can make a message wrong, never a wrong value right.
"""

from __future__ import annotations

import io
import marshal
import os
import struct
import sys
import time
import warnings
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any, NamedTuple, NoReturn

import numpy as np

from quiz.grading import attempts, codec, imports, locks

HEADER = struct.Struct("<cI")
"""Every message: one letter and the length of what follows."""
FLUSH_SECONDS = 0.002
FLUSH_BYTES = 1 << 18
MAX_TEXT = 500
MAX_WARNINGS = 5
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

    def __init__(self, limit: int) -> None:
        self.kept = bytearray()
        self._limit = limit

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Keep what fits."""
        size = len(data)
        self.kept += bytes(data[: max(0, self._limit - len(self.kept))])
        return size


class Inside:
    """The loaded submission and the calls into it."""

    def __init__(self, channel: Channel, path: str, output: int) -> None:
        self.channel = channel
        self.path = path
        self.printed = Printed(output)
        self.module = ModuleType("submission")
        self.log: list[Any] = []
        self.case = -1
        self._reserve = bytearray(1 << 20)

    def prepare(self) -> None:
        """Make the interpreter look as a submission may expect it: own streams, own module, warnings recorded."""
        sys.stdin = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(self.printed, encoding="utf-8", errors="backslashreplace", write_through=True)
        sys.stderr = sys.stdout
        sys.argv = [self.path]
        sys.modules["submission"] = self.module
        sys.modules.pop("__main__", None)
        self.module.__file__ = self.path
        warnings.showwarning = self._note_warning  # type: ignore[assignment]

    def load(self, code: CodeType, known: tuple[str, ...]) -> bool:
        """Run the file's top level and say which known names it bound; False where it failed."""
        self._listen_to_warnings()
        try:
            exec(code, self.module.__dict__)
        except BaseException as error:
            self.channel.send(b"E", self._error(error))
            return False
        out: list[bytes] = []
        codec.encode(tuple(name for name in known if name in self.module.__dict__), out)
        self.channel.send(b"B", b"".join(out))
        return True

    def answer(self, request: bytes) -> None:
        """Make every call of one request and send the results, in pieces where it takes long."""
        reader = codec.Reader(request, writable=True)
        function = self._find(reader.value())
        pending: list[bytes] = []
        kept: list[tuple[int, Any, bytes]] = []
        size, sent = 0, time.monotonic()
        for index in range(reader.count()):
            self.case = index
            if pending and (time.monotonic() - sent > FLUSH_SECONDS or size > FLUSH_BYTES):
                self.channel.send(b"R", b"".join(pending))
                pending, size, sent = [], 0, time.monotonic()
            result, raw, status = self._one(function, reader)
            pending += (status, raw)
            size += len(raw)
            if isinstance(result, (np.ndarray, list, tuple)):
                kept.append((index, result, raw))
        self.channel.send(b"R", b"".join(pending))
        self._finish(kept)

    def _find(self, name: str) -> Callable[..., Any]:
        def missing(*_: Any, **__: Any) -> None:
            raise NameError(f"{name} is not defined at the top level of the file")

        found: Callable[..., Any] = self.module.__dict__.get(name, missing)
        return found

    def _one(self, function: Any, reader: codec.Reader) -> tuple[Any, bytes, bytes]:
        """One call: the result, its bytes, and what stands before them."""
        args, before = [], []
        for _ in range(reader.count()):
            start = reader.place
            reader.has_seed = False
            args.append(reader.value())
            before.append(b"" if reader.has_seed else reader.data[start : reader.place])
        kwargs = {reader.value(): reader.value() for _ in range(reader.count())}
        self._listen_to_warnings()
        np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
        out: list[bytes] = []
        try:
            result = function(*args, **kwargs)
            codec.encode(result, out)
        except BaseException as error:
            return None, b"", b"e" + self._error(error)
        mutated = tuple(i for i, was in enumerate(before) if was and not _still(args[i], was))
        if not mutated and not self.log:
            return result, b"".join(out), b"v"
        notes: list[bytes] = [b"V"]
        codec.encode((mutated, tuple(self.log[:MAX_WARNINGS])), notes)
        return result, b"".join(out), b"".join(notes)

    def _finish(self, kept: list[tuple[int, Any, bytes]]) -> None:
        """Say which earlier results a later call changed, and what was printed."""
        changed = tuple(index for index, result, raw in kept if not _still(result, raw))
        out: list[bytes] = []
        codec.encode((changed, self.printed.kept.decode("utf-8", "replace")), out)
        self.channel.send(b"D", b"".join(out))

    def _error(self, error: BaseException) -> bytes:
        """An exception as bytes: raised, memory or died; class and message; line in the file."""
        if isinstance(error, MemoryError):
            self._reserve = bytearray()
        kind = "memory" if isinstance(error, MemoryError) else "died" if isinstance(error, SystemExit) else "raised"
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.path:
                line = trace.tb_lineno
            trace = trace.tb_next
        out: list[bytes] = []
        codec.encode((kind, _describe(error), line), out)
        return b"".join(out)

    def note_attempt(self, kind: str, event: str, line: int | None) -> None:
        """Tell the parent at once, so that it cannot be taken back."""
        out: list[bytes] = []
        codec.encode((self.case, kind, event, line), out)
        self.channel.send(b"A", b"".join(out))

    def _listen_to_warnings(self) -> None:
        self.log.clear()
        if warnings.filters != _EVERY_WARNING:
            warnings.resetwarnings()
            warnings.simplefilter("always")

    def _note_warning(self, message: Any, category: type, *_: Any) -> None:
        if len(self.log) < MAX_WARNINGS:
            self.log.append(f"{category.__name__}: {message}"[:MAX_TEXT])


def _describe(error: BaseException) -> str:
    try:
        message = str(error)
        return (f"{type(error).__name__}: {message}" if message else type(error).__name__)[:MAX_TEXT]
    except BaseException:  # its own __str__ failed
        return type(error).__name__


def _still(value: Any, was: bytes | memoryview) -> bool:
    """Whether `value` is encoded as it `was`."""
    out: list[bytes] = []
    codec.encode(value, out)
    return (out[0] if len(out) == 1 else b"".join(out)) == was


# ---------------------------------------------------------------- from a fresh process to an isolated one


class Opening(NamedTuple):
    """What a process must know before it loads a submission."""

    path: str
    known: tuple[str, ...]
    modules: tuple[str, ...]
    seconds: float
    memory: int
    output: int
    required: bool
    parent: int
    """The process without which this one must not live."""


def live(inward: int, outward: int, opening: Opening | None = None, code: CodeType | None = None) -> NoReturn:
    """The whole life of an isolated process; `opening` and `code` come as messages where they are not given."""
    channel = None
    try:
        channel = Channel(*locks.keep_only(inward, outward))
        if opening is None:
            opening = Opening(*codec.Reader(channel.receive()[1]).value())
            code = marshal.loads(channel.receive()[1])
        assert code is not None
        _serve(channel, opening, code)
    except BaseException as error:  # not the submission's exceptions, but what it did to the interpreter under us
        if channel is not None:
            out: list[bytes] = []
            codec.encode(_describe(error), out)
            channel.send(b"X", b"".join(out))
    finally:
        os._exit(1)


def _serve(channel: Channel, opening: Opening, code: CodeType) -> None:
    os.setsid()
    os.chdir("/")
    for name in opening.modules:
        imports.ahead(name)
    inside = Inside(channel, opening.path, opening.output)
    inside.prepare()
    locks.prepare()
    imports.close()
    layers = locks.lock(opening.memory, opening.seconds, opening.parent)
    out: list[bytes] = []
    codec.encode(tuple(layers.items()), out)
    channel.send(b"L", b"".join(out))
    if opening.required and not locks.FULL.issubset(name for name, holds in layers.items() if holds):
        return
    attempts.watch(opening.path, inside.note_attempt)
    if inside.load(code, opening.known):
        while True:
            inside.answer(channel.receive()[1])
