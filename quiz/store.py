"""What is kept: the review log, attempts at code, drafts as they are typed, settings, mock interviews.

`reviews` and `attempts` only ever grow (a trigger refuses the rest); an undo is one more line. `cards` is a cache of
`quiz.schedule` over the log and can be thrown away. Several processes may have the file (see `quiz.database`) open.
Whatever goes wrong with it is said in `Store.notices`, and the store goes on.

Importing this module costs nothing: sqlite3 and platformdirs are loaded when a store is opened.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from answers.model import Text
from quiz import schedule
from quiz.schedule import DEFAULT_RETENTION, Grade, Review, Standing

if TYPE_CHECKING:
    import sqlite3

    from quiz.tallies import Tallies

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
"""Rows of a table, in the order of its columns in `quiz.database`."""

_LIVE = "undoes IS NULL AND uid NOT IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL)"
_REVIEW = "uid, card, at, grade, retention, seconds"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One graded submission. `report` is the grader's JSON; `hints`: how many were read before."""

    task: str
    at: int
    verdict: str
    score: float
    hints: int
    source: str
    report: Mapping[str, Any]


def data_folder() -> Path:
    """`RNNQUIZ_DATA`, else the platform's folder for application data."""
    if chosen := os.environ.get("RNNQUIZ_DATA"):
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("rnnquiz", appauthor=False)


def database_path() -> Path:
    """The file that progress is kept in, whether or not it is there yet."""
    from quiz.database import FILE

    return data_folder() / FILE


def milliseconds() -> int:
    """Now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Store:
    """An open store. Use it from one thread. What is found on disk never makes it raise; see `notices`."""

    def __init__(self, folder: Path | None = None, *, clock: Callable[[], int] = milliseconds) -> None:
        from quiz import database

        self.clock = clock
        self.notices: list[Text] = []
        """What the learner has to be told, oldest first."""
        self.folder = folder or data_folder()
        self._connection, self.path, self.notices = database.open_database(self.folder)
        self.rebuild_later: Callable[[], None] | None = None
        """Called, where it is given, when standings have to be made again; until somebody has done so there are none."""

    def close(self) -> None:
        """Close the file. A store may be closed twice."""
        from quiz import database

        database.close(self._connection, self.path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ the one road to the file

    def _run(self, action: Callable[[sqlite3.Connection], T], *, write: bool = False) -> T:
        """`action` on the database; where the file fails, go on beside it or in memory and do it there."""
        import sqlite3

        for _ in range(3):
            try:
                return self._transaction(action) if write else action(self._connection)
            except sqlite3.IntegrityError:
                raise
            except sqlite3.DatabaseError as error:
                self._go_on_elsewhere(error)
        return self._transaction(action) if write else action(self._connection)

    def _transaction(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """`action` with the write lock held from its start, so that what it reads is what it writes over."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = action(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _go_on_elsewhere(self, error: sqlite3.DatabaseError) -> None:
        from quiz import database

        if self.path is None:
            raise error
        old = self._connection
        if database.is_busy(error):
            self._connection, self.path, _ = database.beside(self.path, old, self.notices)
        elif database.is_damage(error):
            old.close()
            self._connection, self.path, found = database.reopen_damaged(self.path)
            self.notices += found
            return
        else:
            self._connection, self.path, _ = database.in_memory(self.path, old, error, self.notices)
        old.close()

    # ------------------------------------------------------------ reviews

    def add_review(
        self, card: str, grade: Grade, *, retention: float = DEFAULT_RETENTION, seconds: float | None = None
    ) -> Standing:
        """Log one review, now; where the card stands after it."""
        review = Review(uuid4().hex, card, self.clock(), grade, retention, seconds)

        def write(connection: sqlite3.Connection) -> Standing | None:
            row = (review.uid, card, review.at, int(grade), retention, seconds)
            connection.execute(f"INSERT INTO reviews ({_REVIEW}) VALUES (?, ?, ?, ?, ?, ?)", row)
            return _cache(connection, card)

        standing = self._run(write, write=True)
        assert standing is not None  # it has at least the review just added
        return standing

    def add_review_once(
        self, uid: str, card: str, grade: Grade, *, retention: float = DEFAULT_RETENTION, seconds: float | None = None
    ) -> None:
        """Log one review, now, under the caller's `uid`. Nothing happens where the log has it, even if it was taken back."""
        row = (uid, card, self.clock(), int(grade), retention, seconds)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(f"INSERT OR IGNORE INTO reviews ({_REVIEW}) VALUES (?, ?, ?, ?, ?, ?)", row)
            _cache(connection, card)

        self._run(write, write=True)

    def undo_last(self) -> Review | None:
        """Take back the latest review by adding a line that says so; the review, or None where there is none."""
        at, uid = self.clock(), uuid4().hex

        def write(connection: sqlite3.Connection) -> Review | None:
            row = connection.execute(f"SELECT {_REVIEW} FROM reviews WHERE {_LIVE} ORDER BY id DESC LIMIT 1").fetchone()
            if row is None:
                return None
            last = _review(row)
            connection.execute(
                f"INSERT INTO reviews ({_REVIEW}, undoes) VALUES (?, ?, ?, 0, ?, NULL, ?)",
                (uid, last.card, at, last.retention, last.uid),
            )
            _cache(connection, last.card)
            return last

        return self._run(write, write=True)

    def history(self, card: str) -> list[Review]:
        """The card's reviews that were not taken back, oldest first."""
        return self._run(lambda connection: _history(connection, card))

    def reviews(self) -> list[Review]:
        """The whole log without what was taken back, oldest first."""
        query = f"SELECT {_REVIEW} FROM reviews WHERE {_LIVE} ORDER BY at, uid"
        return self._run(lambda connection: [_review(row) for row in connection.execute(query)])

    def standings(self) -> dict[str, Standing]:
        """Card to standing, from the cache; made again from the log where the cache is empty."""

        def read(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(
                "SELECT card, reviews, grade, last, due, stability, learning FROM cards"
            ).fetchall()

        rows = self._run(read)
        if not rows and self.lacks_standings():
            if self.rebuild_later is not None:
                self.rebuild_later()
                return {}
            self.rebuild()
            rows = self._run(read)
        return {row[0]: _standing(row) for row in rows}

    def lacks_standings(self) -> bool:
        """Whether the cache is empty though there are reviews, as after a damaged file was taken in."""
        query = f"SELECT NOT EXISTS (SELECT 1 FROM cards) AND EXISTS (SELECT 1 FROM reviews WHERE {_LIVE})"
        return bool(self._run(lambda connection: connection.execute(query).fetchone())[0])

    def rebuild(self) -> None:
        """Throw the cache of standings away and make it again from the log; others may write meanwhile."""

        def replay(connection: sqlite3.Connection) -> tuple[int, dict[str, Standing]]:
            (last,) = connection.execute("SELECT ifnull(max(id), 0) FROM reviews").fetchone()
            rows = connection.execute(f"SELECT {_REVIEW} FROM reviews WHERE {_LIVE}")
            return last, schedule.standings(_review(row) for row in rows)

        last, standings = self._run(replay)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM cards")
            _put_standings(connection, standings.values())
            for (card,) in connection.execute("SELECT DISTINCT card FROM reviews WHERE id > ?", (last,)).fetchall():
                _cache(connection, card)

        self._run(write, write=True)

    def seen_since(self, since: int) -> dict[str, bool]:
        """Every card reviewed from the moment `since` on, and whether it had never been reviewed before."""
        query = (
            f"SELECT card, NOT EXISTS (SELECT 1 FROM reviews WHERE card = recent.card AND at < ? AND {_LIVE}) "
            f"FROM reviews AS recent WHERE at >= ? AND {_LIVE} GROUP BY +card"  # +: few rows by time, not all by card
        )
        rows = self._run(lambda connection: connection.execute(query, (since, since)).fetchall())
        return {card: bool(new) for card, new in rows}

    def per_day(self) -> dict[int, int]:
        """Local day (an ordinal) to the number of reviews on it; a thread counts the file itself instead."""
        from quiz import tallies

        return self._run(tallies.per_day)

    def tallies(self) -> Tallies:
        """The log, counted; a thread counts the file itself instead."""
        from quiz import tallies

        return self._run(tallies.count)

    # ------------------------------------------------------------ attempts at code

    def add_attempt(
        self, task: str, verdict: str, score: float, *, source: str, report: Mapping[str, Any], hints: int = 0
    ) -> None:
        """Log one graded submission, now."""
        row = (uuid4().hex, task, self.clock(), verdict, score, hints, source, json.dumps(report, ensure_ascii=False))
        columns = "uid, task, at, verdict, score, hints, source, report"
        query = f"INSERT INTO attempts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        self._run(lambda connection: connection.execute(query, row), write=True)

    def attempts(self, task: str) -> list[Attempt]:
        """Every graded submission of `task`, oldest first."""
        query = "SELECT task, at, verdict, score, hints, source, report FROM attempts WHERE task = ? ORDER BY at, id"
        rows = self._run(lambda connection: connection.execute(query, (task,)).fetchall())
        return [
            Attempt(task, at, verdict, score, hints, source, json.loads(report))
            for task, at, verdict, score, hints, source, report in rows
        ]

    def best_verdicts(self) -> dict[str, str]:
        """Task to "pass" where it ever passed, else to its last verdict."""
        query = "SELECT task, verdict FROM attempts ORDER BY verdict = 'pass', at, id"
        return self._run(lambda connection: dict(connection.execute(query).fetchall()))

    # ------------------------------------------------------------ drafts and settings

    def save_draft(self, key: str, text: str) -> None:
        """Keep `text` under `key` (`answer:<question>`, `code:<task>`), in place of what was there."""
        query = (
            "INSERT INTO drafts (key, text, at) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET text = excluded.text, at = excluded.at"
        )
        row = (key, text, self.clock())
        self._run(lambda connection: connection.execute(query, row), write=True)

    def draft(self, key: str) -> str | None:
        """What was last saved under `key`."""
        query = "SELECT text FROM drafts WHERE key = ?"
        row = self._run(lambda connection: connection.execute(query, (key,)).fetchone())
        return None if row is None else str(row[0])

    def set(self, key: str, value: Any) -> None:
        """Keep a setting; any JSON value."""
        query = (
            "INSERT INTO settings (key, value, at) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at"
        )
        row = (key, json.dumps(value, ensure_ascii=False), self.clock())
        self._run(lambda connection: connection.execute(query, row), write=True)

    def get(self, key: str, default: Any = None) -> Any:
        """A setting, or `default`."""
        query = "SELECT value FROM settings WHERE key = ?"
        row = self._run(lambda connection: connection.execute(query, (key,)).fetchone())
        return default if row is None else json.loads(row[0])

    # ------------------------------------------------------------ mock interviews

    def save_interview(self, uid: str, state: Mapping[str, Any]) -> None:
        """Keep an interview as it stands, in place of what was there; `state` is plain JSON."""
        query = (
            "INSERT INTO interviews (key, state, at) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET state = excluded.state, at = excluded.at"
        )
        row = (uid, json.dumps(state, ensure_ascii=False), self.clock())
        self._run(lambda connection: connection.execute(query, row), write=True)

    def interviews(self, most: int = 50) -> list[Any]:
        """The states of the `most` interviews that were changed last, the latest first."""
        query = "SELECT state FROM interviews ORDER BY at DESC, key LIMIT ?"
        rows = self._run(lambda connection: connection.execute(query, (most,)).fetchall())
        return [json.loads(state) for (state,) in rows]

    # ------------------------------------------------------------ everything at once

    def rows(self) -> dict[str, Rows]:
        """Every row of every table that is kept, undone reviews included, as of one moment."""
        from quiz.database import LOGS, NEWEST_WINS

        def read(connection: sqlite3.Connection) -> dict[str, Rows]:
            return {
                table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY at, 1").fetchall()
                for table, columns in {**LOGS, **NEWEST_WINS}.items()
            }

        return self._run(read, write=True)

    def take_in(self, rows: Mapping[str, Rows]) -> dict[str, int]:
        """Add what is not there yet, all or nothing; the number of rows of each table that this changed."""
        from quiz import database

        added = self._run(lambda connection: database.put_rows(connection, rows), write=True)
        if any(added.values()):
            self.rebuild()
        return added


def read_standings(folder: Path | None = None) -> tuple[dict[str, Standing], dict[str, str], list[Text]]:
    """Standings by card, verdicts by task, what has to be said; makes no file where there is none (`rnnquiz list`)."""
    from quiz import database

    folder = folder or data_folder()
    if not (folder / database.FILE).exists():
        return {}, {}, []
    with Store(folder) as store:
        return store.standings(), store.best_verdicts(), store.notices


def _review(row: tuple[Any, ...]) -> Review:
    uid, card, at, grade, retention, seconds = row
    return Review(uid, card, at, Grade(grade), retention, seconds)


def _standing(row: tuple[Any, ...]) -> Standing:
    card, reviews, grade, last, due, stability, learning = row
    return Standing(card, reviews, Grade(grade), last, due, stability, bool(learning))


def _history(connection: sqlite3.Connection, card: str) -> list[Review]:
    query = f"SELECT {_REVIEW} FROM reviews WHERE card = ? AND {_LIVE} ORDER BY at, uid"
    return [_review(row) for row in connection.execute(query, (card,))]


def _cache(connection: sqlite3.Connection, card: str) -> Standing | None:
    """Replay one card from the log (two processes may both have written to it) and keep where it stands."""
    standing = schedule.standing(_history(connection, card))
    if standing is None:
        connection.execute("DELETE FROM cards WHERE card = ?", (card,))
    elif _is_made(connection, card):
        _put_standings(connection, [standing])
    return standing


def _is_made(connection: sqlite3.Connection, card: str) -> bool:
    """Whether there is a cache to keep `card` in: with this card alone an emptied one would pass for whole."""
    others = f"SELECT 1 FROM reviews WHERE card <> ? AND {_LIVE}"
    query = f"SELECT EXISTS (SELECT 1 FROM cards) OR NOT EXISTS ({others})"
    return bool(connection.execute(query, (card,)).fetchone()[0])


def _put_standings(connection: sqlite3.Connection, standings: Iterable[Standing]) -> None:
    rows = [(s.card, s.reviews, int(s.grade), s.last, s.due, s.stability, int(s.learning)) for s in standings]
    connection.executemany("INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
