"""Moves what is kept between machines: reviews, attempts, drafts, settings and interviews as one JSON file.

The file holds the log itself, not what follows from it, so that taking it in is a union by uid: twice adds nothing, in
any order the same. Of drafts, settings and interviews the newer one stays. A file is read and checked whole before anything is
written. Settings that speak of this machine alone (folders, and the consent to run code in them) stay here.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from answers.model import Text
from quiz.catalogue import message

if TYPE_CHECKING:
    from quiz.store import Rows, Store

FORMAT = "rnnquiz progress"
VERSION = 1
LOCAL_SETTINGS = frozenset({"headings", "decks"})
"""Not moved: a cache of this installation's files, and which folders' code may be run here."""

_LATEST = 1 << 53
_JSON_COLUMNS = {"attempts": "report", "settings": "value", "interviews": "state"}
"""Columns that hold JSON themselves; they stand in the file as plain values."""


class TransferError(Exception):
    """The file cannot be taken in or written; nothing was changed. `text` says why in one line."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


# ---------------------------------------------------------------- out


def document(rows: Mapping[str, Rows], now: int) -> dict[str, Any]:
    """Everything kept, as plain JSON values."""
    columns = _columns()
    tables = {
        table: [_to_json(table, dict(zip(columns[table], row, strict=True))) for row in kept]
        for table, kept in rows.items()
    }
    tables["settings"] = [row for row in tables["settings"] if row["key"] not in LOCAL_SETTINGS]
    return {"format": FORMAT, "version": VERSION, "exported": now, **tables}


def _to_json(table: str, row: dict[str, Any]) -> dict[str, Any]:
    if column := _JSON_COLUMNS.get(table):
        row[column] = json.loads(row[column])
    return {name: value for name, value in row.items() if value is not None or name not in ("seconds", "undoes")}


def write(path: Path, store: Store) -> dict[str, int]:
    """Writes everything to `path` and gives the number of rows of each kind; replaces only an earlier export.

    The file is complete or is not there: it is written beside and then renamed. TransferError where `path` is
    something else; OSError where it cannot be written.
    """
    if path.exists() and not _is_export(path):
        raise TransferError(message("export.exists", path=path))
    data = document(store.rows(), store.clock())
    text = json.dumps(data, ensure_ascii=False, indent=0, allow_nan=False)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise
    return {table: len(data[table]) for table in _columns()}


def _is_export(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return f'"format": "{FORMAT}"'.encode() in file.read(256)


# ---------------------------------------------------------------- in


def read(path: Path) -> dict[str, Rows]:
    """The rows of an exported file, each checked. TransferError where it is none; OSError where it cannot be read."""
    if path.exists() and not path.is_file():
        raise _bad(path, message("import.no_regular_file"))
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise _bad(path, message("import.no_json", line=line)) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _bad(path, message("import.no_export"))
    version = data.get("version")
    if not _is_whole(version) or version < 1:
        raise _bad(path, message("import.no_version"))
    if version > VERSION:
        raise TransferError(message("import.newer", path=path, version=version, known=VERSION))
    return {table: _read_table(path, table, data.get(table, [])) for table in _columns()}


def _read_table(path: Path, table: str, listed: Any) -> Rows:
    if not isinstance(listed, list):
        raise _bad(path, message("import.no_list", table=table))
    rows = []
    for place, row in enumerate(listed, 1):
        faults = _faults(table, row)
        if faults:
            named = f"{table} {place}: {', '.join(faults)}"
            raise _bad(path, message("import.faulty_entry", entry=named))
        if table != "settings" or row["key"] not in LOCAL_SETTINGS:
            rows.append(_from_json(table, row))
    return rows


def _from_json(table: str, row: dict[str, Any]) -> tuple[Any, ...]:
    if column := _JSON_COLUMNS.get(table):
        row = {**row, column: json.dumps(row[column], ensure_ascii=False)}
    return tuple(row.get(name) for name in _columns()[table])


def _bad(path: Path, fault: Text) -> TransferError:
    return TransferError(message("import.bad", path=path, fault=fault))


def _columns() -> dict[str, tuple[str, ...]]:
    from quiz.database import LOGS, NEWEST_WINS

    return {table: tuple(names.split(", ")) for table, names in {**LOGS, **NEWEST_WINS}.items()}


# ---------------------------------------------------------------- what a row may hold


def _faults(table: str, row: Any) -> list[str]:
    """Names of the fields that do not hold what they should."""
    if not isinstance(row, dict):
        return ["no object"]
    return [name for name, fits in _FIELDS[table].items() if not fits(row.get(name))]


def _is_whole(value: Any) -> TypeGuard[int]:
    return type(value) is int


def _is_moment(value: Any) -> bool:
    return _is_whole(value) and 0 <= value <= _LATEST


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which no database takes
        return False
    return True


def _is_name(value: Any) -> bool:
    return _is_text(value) and 0 < len(value) <= 200


def _is_number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and math.isfinite(value) and low <= value <= high


def _is_plain(value: Any) -> bool:
    """Any JSON value that can be written again."""
    return _is_text(json.dumps(value, ensure_ascii=False))


_FIELDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "reviews": {
        "uid": _is_name,
        "card": _is_name,
        "at": _is_moment,
        "grade": lambda value: _is_whole(value) and 0 <= value <= 4,
        "retention": _is_number(0.01, 0.999),
        "seconds": lambda value: value is None or _is_number(0, 1e9)(value),
        "undoes": lambda value: value is None or _is_name(value),
    },
    "attempts": {
        "uid": _is_name,
        "task": _is_name,
        "at": _is_moment,
        "verdict": _is_name,
        "score": _is_number(0, 1),
        "hints": lambda value: _is_whole(value) and 0 <= value <= 1000,
        "source": _is_text,
        "report": lambda value: isinstance(value, dict) and _is_plain(value),
    },
    "drafts": {"key": _is_name, "text": _is_text, "at": _is_moment},
    "settings": {"key": _is_name, "value": _is_plain, "at": _is_moment},
    "interviews": {
        "key": _is_name,
        "state": lambda value: isinstance(value, dict) and _is_plain(value),
        "at": _is_moment,
    },
}


def summary(counts: Mapping[str, int]) -> Text:
    """How many rows of each kind, in words."""
    r, a, d, s, i = (counts[table] for table in ("reviews", "attempts", "drafts", "settings", "interviews"))
    return message("export.summary", reviews=r, attempts=a, drafts=d, settings=s, interviews=i)
