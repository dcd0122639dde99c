"""What a verdict says: dataclasses, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from answers.record import Record

if TYPE_CHECKING:
    from answers.model import Text

Verdict = Literal["pass", "fail", "error", "timeout", "memory", "forbidden"]
LONGEST_DETAIL = 2000


class Check(Record):
    """One thing that was looked at. Advice that costs nothing is a check that passed and says something."""

    name: str
    passed: bool
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """The contract's keys."""
        return {"name": self.name, "passed": self.passed, "detail": clipped(self.detail)}


class Diagnosis(Record):
    """The misconception, or the two, whose results equal the submission's on every case."""

    id: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """The contract's keys."""
        return {"id": self.id, "message": clipped(self.message)}


class Finding(Record):
    """`ids` of the misconceptions that explain the results (none, one or two) and what to say, if anything."""

    ids: tuple[str, ...] = ()
    message: Text | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the mistake is named."""
        return bool(self.ids)


class Counterexample(Record):
    """The smallest call found that shows the failure. `got` is a string where the call raised."""

    inputs: Mapping[str, Any]
    expected: Any
    got: Any
    snippet: str = ""
    """Python lines that reproduce it in a prompt, with NumPy and the submission alone."""

    def to_json(self) -> dict[str, Any]:
        """The contract's keys; arrays as nested lists."""
        inputs = {name: plain(value) for name, value in self.inputs.items()}
        return {"inputs": inputs, "expected": plain(self.expected), "got": plain(self.got)}


class Report(Record):
    """The verdict on one task of one submission."""

    file: str
    task: str | None
    verdict: Verdict
    score: float = 0.0
    checks: tuple[Check, ...] = ()
    diagnosis: Diagnosis | None = None
    counterexample: Counterexample | None = None
    helper: bool = False
    seconds: float = 0.0
    hints: tuple[str, ...] = ()
    """The task's hints where they were asked for and the verdict is no pass."""

    @property
    def isolation(self) -> str:
        """The layers that held its process; empty where nothing was run."""
        return next((check.detail for check in self.checks if check.name == "isolation" and check.passed), "")

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.verdict == "pass"

    def to_json(self) -> dict[str, Any]:
        """One JSON object, the contract's keys in the contract's order."""
        return {
            "file": named(self.file),
            "task": self.task,
            "helper": self.helper,
            "verdict": self.verdict,
            "score": self.score,
            "checks": [check.to_json() for check in self.checks],
            "diagnosis": self.diagnosis.to_json() if self.diagnosis else None,
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
            "seconds": round(self.seconds, 4),
        }


def clipped(text: str) -> str:
    """`text` without control characters and no longer than a detail may be."""
    text = escaped(text)
    return text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"


def named(path: str) -> str:
    """A file's name as it is shown: `escaped`, on one line."""
    return escaped(path).replace("\n", "\\n")


def escaped(text: str) -> str:
    """`text` with bytes that are not UTF-8, control and direction characters written out (newlines stay)."""
    if text.replace("\n", " ").isprintable():  # then none of its characters is of those kinds
        return text
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    import unicodedata

    if character == "\n" or unicodedata.category(character)[0] != "C":
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: arrays as nested lists, NaN and infinity as strings."""
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else "nan" if np.isnan(value) else "inf" if value > 0 else "-inf"
    if value is None or isinstance(value, bool | int):
        return value
    return clipped(str(value))
