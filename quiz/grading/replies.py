"""What an isolated process has answered to one request, and the outcomes that are made of it.

A right submission's answer is never taken apart: `plain` gives its bytes, which are compared with those of the right
results. Outcomes are made where somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from quiz.grading import codec
from quiz.grading.outcome import Kind, Outcome

_SHORT = 4_000
_unsafe: Any = None


class Reply(Sequence[Outcome]):
    """One outcome per call. `broken`: called where the bytes prove to be no answers; what is to be said then."""

    def __init__(self, count: int, broken: Callable[[], Outcome]) -> None:
        self._count = count
        self._broken = broken
        self._meta: list[memoryview] = []
        self._data: list[memoryview] = []
        self._attempts: dict[int, Outcome] = {}
        self._changed: dict[int, tuple[int, ...]] = {}
        self._overwritten: frozenset[int] = frozenset()
        self._warned: dict[int, tuple[str, ...]] = {}
        self._made: list[Outcome] | None = None
        self._laid_out: _LaidOut | None = None
        self.failed: Outcome | None = None
        """Why the file did not load."""
        self.ended: Outcome | None = None
        """What is to be said of calls that were not answered."""
        self.loading = False
        """The end came before the file was loaded."""

    # ------------------------------------------------------------ while messages come

    def take_results(self, payload: memoryview) -> None:
        """A part of the results: the length of their structure, that, and what stands beside it."""
        start = 4 + int.from_bytes(payload[:4], "little")
        if len(payload) < start:
            raise codec.Malformed("the structure is longer than the message")
        self._meta.append(payload[4:start])
        self._data.append(payload[start:])

    def take_attempt(self, reader: codec.Reader) -> None:
        """Remember the first attempt of each call; -1 stands for loading."""
        case, kind, event, line = reader.value()
        text = clean(f"{kind}: {event}")
        self._attempts.setdefault(int(case), Outcome("forbidden", error=text, line=line_number(line)))

    def take_end(self, reader: codec.Reader) -> str:
        """The last message: arguments that were changed, results that were overwritten, warnings; what was printed."""
        changed, overwritten, warned, printed = reader.value()
        self._changed = {int(case): tuple(int(place) for place in places) for case, places in changed}
        self._overwritten = frozenset(int(case) for case in overwritten)
        self._warned = {}
        for texts, cases in warned:
            cleaned = tuple(clean(str(text)) for text in texts)
            self._warned.update((int(case), cleaned) for case in cases)
        return str(printed)

    # ------------------------------------------------------------ afterwards

    @property
    def warned(self) -> bool:
        """Whether any call warned."""
        return bool(self._warned)

    def plain(self) -> tuple[bytes, bytes] | None:
        """Structure and data of all results, if each call was answered and nothing else is to be said of any."""
        trouble = self.failed or self.ended or self._attempts or self._changed or self._overwritten or self._made
        return None if trouble else (_joined(self._meta), _joined(self._data))

    def lay_out(self, places: Sequence[tuple[int, int]]) -> bool:
        """Have outcomes made one at a time: where each of the first results starts is known, as their structure is.

        False where the results that follow are not what they should be; then nothing is changed.
        """
        if (plain := self.plain()) is None:
            return False
        laid_out = _LaidOut(plain, places)
        reader = laid_out.reader(-1)
        try:
            while not reader.done:
                laid_out.further.append(self._result(reader, laid_out.count + len(laid_out.further)))
        except (codec.Malformed, TypeError, ValueError, IndexError):
            return False
        if laid_out.count + len(laid_out.further) != self._count:
            return False
        self._laid_out = laid_out
        return True

    def outcomes(self) -> list[Outcome]:
        """All outcomes, made at the first time."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> list[Outcome]:
        """An attempt outweighs what else the call did; an end stands for each call without an answer."""
        from answers.record import replace

        ended = self.ended
        results: list[Outcome] = []
        try:
            for meta, data in zip(self._meta, self._data, strict=True):
                reader = codec.Reader(bytes(meta), bytes(data))
                while not reader.done:
                    results.append(self._result(reader, len(results)))
            if ended is None and self.failed is None and len(results) != self._count:
                raise codec.Malformed("another number of answers than of calls")
        except (codec.Malformed, TypeError, ValueError, IndexError):
            ended = self._broken()
        at_load = self._attempts.get(-1) or self.failed or (ended if self.loading else None)
        if at_load is not None:
            return [replace(at_load, loading=True)] * self._count
        del results[self._count :]
        if ended is not None:
            results += [ended] * (self._count - len(results))
        for case, attempt in self._attempts.items():
            if 0 <= case < self._count:
                results[case] = attempt
        return results

    def _result(self, reader: codec.Reader, case: int) -> Outcome:
        status = reader.take(1)
        if status == b"e":
            return read_error(reader)
        if status != b"v":
            raise codec.Malformed("no such answer")
        mutated, warned = self._changed.get(case, ()), self._warned.get(case, ())
        return Outcome("value", reader.value(), "", None, mutated, case in self._overwritten, warned, False)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes()) if self._laid_out is None else super().__iter__()

    @overload
    def __getitem__(self, index: int) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Outcome]: ...
    def __getitem__(self, index: int | slice) -> Outcome | Sequence[Outcome]:
        laid_out = self._laid_out
        if laid_out is None:
            return self.outcomes()[index]
        if isinstance(index, slice):
            return _Some(self, range(self._count)[index])
        k = range(self._count)[index]
        if k >= laid_out.count:
            return laid_out.further[k - laid_out.count]
        if k not in laid_out.made:
            laid_out.made[k] = self._result(laid_out.reader(k), k)
        return laid_out.made[k]


class _LaidOut:
    """Where to find each result, and those that were made."""

    def __init__(self, plain: tuple[bytes, bytes], places: Sequence[tuple[int, int]]) -> None:
        self._plain = plain
        self._places = places
        self.count = len(places) - 1
        self.made: dict[int, Outcome] = {}
        self.further: list[Outcome] = []

    def reader(self, k: int) -> codec.Reader:
        """From the start of a result on; -1: from the end of the last whose place is known."""
        reader = codec.Reader(*self._plain)
        reader.place, reader.place_beside = self._places[k]
        return reader


class _Some(Sequence[Outcome]):
    """Some of a reply's outcomes, made when they are asked for."""

    def __init__(self, reply: Reply, places: range) -> None:
        self._reply, self._places = reply, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> _Some: ...
    def __getitem__(self, index: int | slice) -> Outcome | _Some:
        found = self._places[index]
        return _Some(self._reply, found) if isinstance(found, range) else self._reply[found]


def _joined(pieces: list[memoryview]) -> bytes:
    return bytes(pieces[0]) if len(pieces) == 1 else b"".join(pieces)


def clean(text: str, limit: int = _SHORT) -> str:
    """`text` without control and bidirectional characters, at most `limit` long."""
    global _unsafe
    text = text[:limit]
    if text.isascii() and text.isprintable():
        return text
    if _unsafe is None:
        import re

        _unsafe = re.compile(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
        )
    return str(_unsafe.sub("\ufffd", text))


_ERRORS: dict[str, Kind] = {"raised": "raised", "memory": "memory", "died": "died"}


def read_error(reader: codec.Reader, loading: bool = False) -> Outcome:
    """An exception: its kind, class and message, line."""
    kind, message, line = reader.value()
    said = " ".join(filter(None, map(str.strip, clean(str(message)).split("\n"))))  # what is wrong is told on one line
    return Outcome(_ERRORS.get(kind, "raised"), error=said, line=line_number(line), loading=loading)


def line_number(line: object) -> int | None:
    """A line of a file, if it can be one."""
    return line if isinstance(line, int) and 0 < line < 1 << 24 else None
