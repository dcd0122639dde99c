"""The file under `quiz.store`: its schema, its migrations, and what to do when it cannot be used as it is.

Nothing is deleted. A damaged file is renamed `damaged-*.db` and what can still be read of it is carried over. Where the
file is locked, or was written by a newer program, work goes on in a file of its own, `side-*.db`, which the next start
takes in and then calls `merged-*.db`. Where nothing can be written, everything stays in memory.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from answers.model import Text
from quiz.catalogue import message
from quiz.usage import reasons

FILE = "progress.db"

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE reviews (
        id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, card TEXT NOT NULL, at INTEGER NOT NULL,
        grade INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 4), retention REAL NOT NULL, seconds REAL, undoes TEXT
    );
    CREATE INDEX reviews_card ON reviews (card, at);
    CREATE INDEX reviews_at ON reviews (at);
    CREATE INDEX reviews_undoes ON reviews (undoes) WHERE undoes IS NOT NULL;
    CREATE TRIGGER reviews_stay BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'the review log only grows'); END;
    CREATE TRIGGER reviews_hold BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'the review log only grows'); END;
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, task TEXT NOT NULL, at INTEGER NOT NULL,
        verdict TEXT NOT NULL, score REAL NOT NULL, hints INTEGER NOT NULL, source TEXT NOT NULL, report TEXT NOT NULL
    );
    CREATE INDEX attempts_task ON attempts (task, at);
    CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts only grow'); END;
    CREATE TRIGGER attempts_hold BEFORE UPDATE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts only grow'); END;
    CREATE TABLE cards (
        card TEXT PRIMARY KEY, reviews INTEGER NOT NULL, grade INTEGER NOT NULL, last INTEGER NOT NULL,
        due INTEGER NOT NULL, stability REAL NOT NULL, learning INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE drafts (key TEXT PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE interviews (key TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    """,
)
"""Step `n` brings a file from schema version `n` to `n + 1`. A released step is never edited."""

LOGS = {
    "reviews": "uid, card, at, grade, retention, seconds, undoes",
    "attempts": "uid, task, at, verdict, score, hints, source, report",
}
NEWEST_WINS = {"drafts": "key, text, at", "settings": "key, value, at", "interviews": "key, state, at"}
"""Tables of (key, content, time of the last change)."""

_BUSY_MS = 1000


class NewerSchemaError(Exception):
    """The file was written by a program that knows a later schema."""


# ---------------------------------------------------------------- opening


def open_database(folder: Path) -> tuple[sqlite3.Connection, Path | None, list[Text]]:
    """A usable database, the file it writes to (None: in memory), and what has to be said about it."""
    notices: list[Text] = []
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = _open_file(path, notices)
        _take_in_side_files(connection, folder, notices)
    except NewerSchemaError:
        return _side(folder, None, notices, _newer(path))
    except (OSError, sqlite3.Error) as error:
        if is_busy(error):
            return _side(folder, None, notices, _locked(path))
        return in_memory(path, None, error, notices)
    return connection, path, notices


def _open_file(path: Path, notices: list[Text]) -> sqlite3.Connection:
    """The database at `path`, current; a damaged one is renamed and its readable rows carried over."""
    try:
        return _connect(path, notices)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
    return replace_damaged(path, notices)


def _connect(path: Path, notices: list[Text]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise NewerSchemaError
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if version < len(MIGRATIONS):
            migrate(connection, path, notices)
        connection.execute("SELECT count(*) FROM cards").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def migrate(connection: sqlite3.Connection, path: Path | None, notices: list[Text]) -> None:
    """Bring `connection` to the current schema in one transaction, with a copy of a filled file beside it first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]  # again: another process may have been here
        if version and path is not None and version < len(MIGRATIONS):
            copy = _unused(path.with_name(f"backup-v{version}.db"))
            with sqlite3.connect(path) as reader, sqlite3.connect(copy) as target:
                reader.backup(target)
            notices.append(_migrated(version, copy))
        for step in MIGRATIONS[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """The statements of `script` one by one: `executescript` would commit the transaction it is called in."""
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


# ---------------------------------------------------------------- what went wrong


def is_busy(error: BaseException) -> bool:
    """Whether another process held the file for longer than we wait."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_damage(error: BaseException) -> bool:
    """Whether the file's content is the trouble."""
    return _code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or "no such table" in str(error)


def _code(error: BaseException) -> int:
    """SQLite's primary result code; 0 for other errors."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def reopen_damaged(path: Path) -> tuple[sqlite3.Connection, Path | None, list[Text]]:
    """Like `open_database`, for a file in which damage was met while it was in use."""
    notices: list[Text] = []
    try:
        return replace_damaged(path, notices), path, notices
    except (OSError, sqlite3.Error) as error:
        return in_memory(path, None, error, notices)


def replace_damaged(path: Path, notices: list[Text]) -> sqlite3.Connection:
    """Rename the damaged file, open a fresh one in its place, and carry over the rows that can still be read."""
    with _alone(path.parent):
        with suppress(sqlite3.DatabaseError):
            connection = _connect(path, notices)
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                return connection  # another process has already replaced it
            connection.close()
        aside = _unused(path.with_name(f"damaged-{_stamp()}.db"))
        for suffix in ("-wal", "-shm"):
            if (companion := Path(f"{path}{suffix}")).exists():
                companion.rename(f"{aside}{suffix}")
        path.rename(aside)
        connection = _connect(path, notices)
    notices.append(_damaged(path, aside, merge(aside, connection)))
    return connection


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process repairs at a time: two would rename each other's fresh file."""
    try:
        import fcntl
    except ImportError:  # no such locks on this platform; a second process at this very moment is all that is risked
        yield
        return
    with (folder / "repair.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def in_memory(
    path: Path, live: sqlite3.Connection | None, error: BaseException, notices: list[Text]
) -> tuple[sqlite3.Connection, None, list[Text]]:
    """A database in memory with whatever can be read from `live` or from the file at `path`."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    if not (live is not None and _copied(live, memory)):
        for query in ("mode=ro", "immutable=1"):
            with suppress(sqlite3.Error):
                source = sqlite3.connect(f"{path.absolute().as_uri()}?{query}", uri=True)
                copied = _copied(source, memory)
                source.close()
                if copied:
                    break
    if not _brought_up_to_date(memory):
        memory.close()
        memory = sqlite3.connect(":memory:", isolation_level=None)
        migrate(memory, None, notices)
    notices.append(_unwritable(path, error))
    return memory, None, notices


def _brought_up_to_date(memory: sqlite3.Connection) -> bool:
    """Whether `memory` holds a file's content in the current schema: an older one is migrated here, as its file cannot be."""
    version = memory.execute("PRAGMA user_version").fetchone()[0]
    if not 0 < version <= len(MIGRATIONS):
        return False
    try:
        if version < len(MIGRATIONS):
            migrate(memory, None, [])
    except sqlite3.Error:
        return False
    return True


def _copied(source: sqlite3.Connection, target: sqlite3.Connection) -> bool:
    try:
        source.backup(target)
        return int(target.execute("PRAGMA user_version").fetchone()[0]) == len(MIGRATIONS)
    except sqlite3.Error:
        return False


def trouble(path: Path) -> Text | None:
    """What is wrong with the file at `path`, if anything is; changes no content. A read-only look would leave files beside it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_MS / 1000)) as file:
            version = file.execute("PRAGMA user_version").fetchone()[0]
            sound = file.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except (OSError, sqlite3.Error) as error:
        return _locked(path) if is_busy(error) else _unsound(path) if is_damage(error) else _unreadable(path, error)
    return _newer(path) if version > len(MIGRATIONS) else None if sound else _unsound(path)


def close(connection: sqlite3.Connection, path: Path | None) -> None:
    """Close the database at `path`; a side file that nothing was written to is not left behind."""
    empty = False
    if path is not None and path.name.startswith("side-"):
        with suppress(sqlite3.Error):  # it is closed already
            empty = not any(
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in (*LOGS, *NEWEST_WINS)
            )
    connection.close()
    if empty:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{path}{suffix}").unlink(missing_ok=True)


# ---------------------------------------------------------------- files beside


def beside(
    path: Path, live: sqlite3.Connection, notices: list[Text]
) -> tuple[sqlite3.Connection, Path | None, list[Text]]:
    """A side file that holds what `live` holds: for when another process keeps `path` locked."""
    return _side(path.parent, live, notices, _locked(path))


def _side(
    folder: Path, live: sqlite3.Connection | None, notices: list[Text], said: Text
) -> tuple[sqlite3.Connection, Path | None, list[Text]]:
    path = _unused(folder / f"side-{_stamp()}-{os.getpid()}.db")
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # Held exclusively: as long as this process lives nobody takes the file in, and when it is killed anybody can.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if live is None or not _copied(live, connection):
            migrate(connection, None, notices)
    except (OSError, sqlite3.Error) as error:
        return in_memory(folder / FILE, live, error, notices)
    notices.append(said)
    return connection, path, notices


def _take_in_side_files(connection: sqlite3.Connection, folder: Path, notices: list[Text]) -> None:
    for side in sorted(folder.glob("side-*.db")):
        try:
            rows = merge(side, connection)
            side.rename(_unused(side.with_name(f"merged-{side.name.removeprefix('side-')}")))
        except sqlite3.Error as error:
            if not is_busy(error):
                raise
        except FileNotFoundError:
            continue  # another process took it in at the same time; taking in twice changes nothing
        else:
            notices.append(_taken_in(rows))


def merge(source_path: Path, target: sqlite3.Connection) -> int:
    """Add to `target` what the file at `source_path` has more; the number of rows.

    A damaged table is read as far as it goes. Log lines are known by their uid, so merging twice adds
    nothing. Of drafts, settings and interviews the newer one stays.
    """
    source = sqlite3.connect(source_path, timeout=0.05)
    added = 0
    try:
        source.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        source.close()
        if is_busy(error):
            raise
        return 0
    target.execute("BEGIN IMMEDIATE")
    try:
        before = target.total_changes
        for table, columns in {**LOGS, **NEWEST_WINS}.items():
            with suppress(sqlite3.DatabaseError):
                for row in source.execute(f"SELECT {columns} FROM {table}"):
                    _put(target, table, columns, row)
        added = target.total_changes - before
        if added:
            target.execute("DELETE FROM cards")  # a cache of the log; made again when it is next read
    except BaseException:
        target.execute("ROLLBACK")
        raise
    finally:
        source.close()
    target.execute("COMMIT")
    return added


def put_rows(target: sqlite3.Connection, rows: Mapping[str, Sequence[tuple[object, ...]]]) -> dict[str, int]:
    """Add rows as `merge` does, in the caller's transaction; the number of rows of each table that this changed."""
    added = {}
    for table, columns in {**LOGS, **NEWEST_WINS}.items():
        before = target.total_changes
        for row in rows.get(table, ()):
            _put(target, table, columns, row)
        added[table] = target.total_changes - before
    return added


def _put(target: sqlite3.Connection, table: str, columns: str, row: tuple[object, ...]) -> None:
    marks = ", ".join("?" * len(row))
    statement = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})"
    if table in NEWEST_WINS:
        content = columns.split(", ")[1]
        statement = (
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT (key) DO UPDATE SET "
            f"{content} = excluded.{content}, at = excluded.at WHERE excluded.at > {table}.at"
        )
    target.execute(statement, row)


def _stamp() -> str:
    return time.strftime("%Y%m%d-%H%M%S")


def _unused(path: Path) -> Path:
    """`path`, or with a number where that name is taken."""
    candidate, number = path, 2
    while candidate.exists():
        candidate, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return candidate


# ---------------------------------------------------------------- what is said


def _damaged(path: Path, aside: Path, rows: int) -> Text:
    return message("progress.damaged", path=path, kept=aside.name, rows=rows)


def _unsound(path: Path) -> Text:
    return message("progress.unsound", path=path)


def _unreadable(path: Path, error: BaseException) -> Text:
    return message("progress.unreadable", path=path, error=error)


def _locked(path: Path) -> Text:
    return message("progress.locked", path=path)


def _newer(path: Path) -> Text:
    return message("progress.newer", path=path)


def _unwritable(path: Path, error: BaseException) -> Text:
    return message("progress.unwritable", path=path, reason=reasons(error))


def _migrated(version: int, copy: Path) -> Text:
    return message("progress.migrated", version=version, copy=copy.name)


def _taken_in(rows: int) -> Text:
    return message("progress.taken_in", rows=rows)
