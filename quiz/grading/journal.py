"""What a batch has graded, on disk as it gets done, so that an interrupted one goes on where it was.

One JSON object a line: a heading, then a line per file with the hash of its content and of the options. A line that was cut
off is ignored, and its file graded again; so is a file that has changed since.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator, Sequence
from typing import IO, Any

import numpy as np

from quiz.catalogue import message
from quiz.grading.batch import CannotRunError
from quiz.grading.report import Check, Counterexample, Diagnosis, Report, clipped

HEADING = "rnnquiz-journal"
VERSION = 1
LONGEST_HEADING = 1000


def _no_journal(path: str) -> CannotRunError:
    return CannotRunError(message("grade.no_journal", path=path))


class Journal:
    """An open journal; a file that does not exist yet is begun. OSError where it cannot be written."""

    def __init__(self, path: str, seed: int) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # a device may give bytes for ever, a pipe none
            os.close(handle)
            raise _no_journal(path)
        self._file: IO[bytes] = os.fdopen(handle, "r+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise CannotRunError(message("grade.journal_in_use", path=path)) from None
        self._places: dict[str, tuple[str, int]] = {}
        self.seed = seed
        """The seed of the run that began it: the whole class is judged on the same cases."""
        self._read(path, seed)

    def _read(self, path: str, seed: int) -> None:
        first = self._file.readline(LONGEST_HEADING)
        if not first:
            self._append({HEADING: VERSION, "seed": seed})
            return
        try:
            heading = json.loads(first)
            if heading[HEADING] != VERSION:
                raise ValueError
            self.seed = int(heading["seed"])
        except (ValueError, KeyError, TypeError):
            self._file.close()
            raise _no_journal(path) from None
        for place, entry in self._entries():
            self._places[entry["file"]] = entry["key"], place
        if not _ends_line(self._file):
            self._file.write(b"\n")

    def _entries(self) -> Iterator[tuple[int, dict[str, Any]]]:
        while True:
            place = self._file.tell()
            line = self._file.readline()
            if not line:
                return
            try:
                entry = json.loads(line)
                if isinstance(entry["file"], str) and isinstance(entry["key"], str) and entry["reports"]:
                    yield place, entry
            except (ValueError, KeyError, TypeError):
                continue

    def key(self, file: str) -> str:
        """The key under which a file's reports are held, or an empty text."""
        return self._places.get(file, ("", 0))[0]

    def reports(self, file: str) -> tuple[Report, ...]:
        """The reports that are held of a file."""
        self._file.seek(self._places[file][1])
        return tuple(map(_report, json.loads(self._file.readline())["reports"]))

    def add(self, file: str, key: str, reports: Sequence[Report]) -> None:
        """Write down what came of a file; it is with the system when this returns."""
        if key:
            self._places[file] = key, self._append({"file": file, "key": key, "reports": list(map(_plain, reports))})

    def _append(self, entry: dict[str, Any]) -> int:
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(entry).encode() + b"\n")
        self._file.flush()
        return place

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _ends_line(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _plain(report: Report) -> dict[str, Any]:
    plain = {**report.__dict__, "checks": [[c.name, c.passed, c.detail] for c in report.checks]}
    if report.diagnosis is not None:
        plain["diagnosis"] = [report.diagnosis.id, report.diagnosis.message]
    if (example := report.counterexample) is not None:
        inputs = {name: _packed(value) for name, value in example.inputs.items()}
        plain["counterexample"] = [inputs, _packed(example.expected), _packed(example.got), example.snippet]
    return plain


def _report(plain: dict[str, Any]) -> Report:
    checks = tuple(Check(*check) for check in plain["checks"])
    diagnosis = Diagnosis(*plain["diagnosis"]) if plain["diagnosis"] else None
    example = None
    if plain["counterexample"]:
        inputs, expected, got, snippet = plain["counterexample"]
        inputs = {name: _unpacked(value) for name, value in inputs.items()}
        example = Counterexample(inputs, _unpacked(expected), _unpacked(got), snippet)
    changed = {"checks": checks, "diagnosis": diagnosis, "counterexample": example, "hints": tuple(plain["hints"])}
    return Report(**{**plain, **changed})


def _packed(value: Any) -> Any:
    """Arrays keep their dtype and tuples stay tuples."""
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind not in "biuf":
            return clipped(str(value))
        return {"array": np.asarray(value).ravel().tolist(), "shape": list(value.shape), "dtype": str(value.dtype)}
    if isinstance(value, tuple | list):
        return {"tuple" if isinstance(value, tuple) else "list": list(map(_packed, value))}
    return value if value is None or isinstance(value, bool | int | float | str) else clipped(str(value))


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return np.array(value["array"], dtype=value["dtype"]).reshape(value["shape"])
    return tuple(map(_unpacked, value["tuple"])) if "tuple" in value else list(map(_unpacked, value["list"]))
