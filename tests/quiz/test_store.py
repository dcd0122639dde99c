import json
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import database, store, tallies
from quiz.schedule import Grade
from quiz.store import Store


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def test_everything_is_there_after_closing_and_opening(folder):
    with Store(folder) as first:
        first.add_review("recall:why-rnn", Grade.GOOD, seconds=12.5)
        first.save_draft("answer:why-rnn", "因为序列有先后 👋\r\n\ttab")
        first.set("language", "zh")
        first.add_attempt("lstm-step", "fail", 0.25, source="def f(): ...", report={"verdict": "fail"}, hints=2)
    with Store(folder) as again:
        assert again.notices == []
        (review,) = again.history("recall:why-rnn")
        assert (review.grade, review.seconds) == (Grade.GOOD, 12.5)
        assert again.draft("answer:why-rnn") == "因为序列有先后 👋\r\n\ttab"
        assert again.get("language") == "zh"
        (attempt,) = again.attempts("lstm-step")
        assert (attempt.verdict, attempt.hints, attempt.report) == ("fail", 2, {"verdict": "fail"})
        assert again.best_verdicts() == {"lstm-step": "fail"}
        assert again.draft("none") is None
        assert again.get("none", 7) == 7


def test_the_log_only_grows(folder):
    with Store(folder) as opened:
        opened.add_review("recall:why-rnn", Grade.GOOD)
        opened.add_attempt("sigmoid", "pass", 1.0, source="", report={})
    raw = sqlite3.connect(folder / "progress.db")
    for statement in ("DELETE FROM reviews", "UPDATE reviews SET grade = 4", "DELETE FROM attempts"):
        with pytest.raises(sqlite3.IntegrityError, match="grow"):
            raw.execute(statement)
    raw.close()


def test_undo_takes_back_the_latest_review_and_leaves_both_lines_in_the_log(folder):
    with Store(folder) as opened:
        first = opened.add_review("recall:why-rnn", Grade.GOOD)
        opened.add_review("recall:why-rnn", Grade.AGAIN)
        assert opened.undo_last().grade is Grade.AGAIN
        assert opened.standings() == {"recall:why-rnn": first}
        assert opened.undo_last().grade is Grade.GOOD
        assert opened.standings() == {}
        assert opened.undo_last() is None
        assert opened.reviews() == []
    raw = sqlite3.connect(folder / "progress.db")
    assert raw.execute("SELECT count(*) FROM reviews").fetchone() == (4,)
    raw.close()


def test_best_verdict_is_a_pass_once_there_was_one(folder):
    with Store(folder) as opened:
        for verdict in ("fail", "pass", "timeout"):
            opened.add_attempt("sigmoid", verdict, 0.0, source="", report={})
        assert opened.best_verdicts() == {"sigmoid": "pass"}


def test_two_processes_write_at_once_and_nothing_is_lost(folder):
    code = (
        "from pathlib import Path; from quiz.store import Store; from quiz.schedule import Grade; import sys\n"
        "with Store(Path(sys.argv[1])) as s:\n"
        "    for _ in range(25): s.add_review('recall:why-rnn', Grade.GOOD)\n"
        "    assert not s.notices, s.notices\n"
    )
    Store(folder).close()
    running = [subprocess.Popen([sys.executable, "-c", code, str(folder)]) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    with Store(folder) as opened:
        assert len(opened.history("recall:why-rnn")) == 50
        kept = opened.standings()
        opened.rebuild()
        assert opened.standings() == kept


def test_listing_makes_no_file(folder):
    assert store.read_standings(folder) == ({}, {}, [])
    assert not folder.exists()


def test_the_folder_can_be_chosen_by_the_environment(folder, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(folder))
    assert store.database_path() == folder / "progress.db"


def test_reviews_are_counted_by_local_day(folder):
    day = int(time.mktime((2026, 3, 1, 12, 0, 0, 0, 0, -1)) * 1000)
    now = [day]
    with Store(folder, clock=lambda: now[0]) as opened:
        opened.add_review("a", Grade.GOOD)
        opened.add_review("b", Grade.GOOD)
        now[0] += 24 * 3600 * 1000
        opened.add_review("a", Grade.GOOD)
        first = date(2026, 3, 1).toordinal()
        assert opened.per_day() == {first: 2, first + 1: 1}
        opened.undo_last()
        assert opened.per_day() == {first: 2}
        assert tallies.per_day_file(opened.path) == {first: 2}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.booleans()), max_size=20), st.integers(0, 10))
@settings(max_examples=40, deadline=None)
def test_cards_seen_since_a_moment_and_whether_they_were_new(reviews, since):
    now = [0]
    with TemporaryDirectory() as name, Store(Path(name), clock=lambda: now[0]) as opened:
        log = []
        for card, at, taken_back in sorted(reviews, key=lambda review: review[1]):
            now[0] = at
            opened.add_review(card, Grade.GOOD)
            if taken_back:
                opened.undo_last()
            else:
                log.append((card, at))
        expected = {card: not any(c == card and at < since for c, at in log) for card, at in log if at >= since}
        assert opened.seen_since(since) == expected


def test_importing_the_store_loads_neither_sqlite_nor_fsrs():
    code = "import quiz.store, sys; print([m for m in ('sqlite3', 'fsrs', 'platformdirs', 'numpy', 'textual') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_newer_step_of_the_schema_migrates_with_a_copy_beside(folder, monkeypatch):
    with Store(folder) as old:
        old.add_review("recall:why-rnn", Grade.EASY)
    before = len(database.MIGRATIONS)
    step = "ALTER TABLE attempts ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;"
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, step))
    with Store(folder) as new:
        assert f"backup-v{before}.db" in new.notices[0].en
        assert len(new.history("recall:why-rnn")) == 1
    copy = sqlite3.connect(folder / f"backup-v{before}.db")
    assert copy.execute("PRAGMA user_version").fetchone() == (before,)
    assert copy.execute("SELECT count(*) FROM reviews").fetchone() == (1,)
    copy.close()


def test_a_failing_migration_leaves_the_file_as_it_was(folder, monkeypatch):
    with Store(folder) as old:
        for _ in range(2):
            old.add_review("recall:why-rnn", Grade.EASY)
    step = "CREATE TABLE half (x);\nCREATE UNIQUE INDEX impossible ON reviews (card);"
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, step))
    with Store(folder) as new:
        assert new.path is None  # said, and in memory
        assert new.notices
    monkeypatch.undo()
    with Store(folder) as again:
        assert len(again.history("recall:why-rnn")) == 2


def test_settings_hold_any_json(folder):
    value = {"a": [1, 2.5, None, "深"], "b": True}
    with Store(folder) as opened:
        opened.set("x", value)
        assert opened.get("x") == json.loads(json.dumps(value))


@pytest.fixture
def first_version(folder, monkeypatch):
    """A file as the first release wrote it."""
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
        patched.setattr(database, "NEWEST_WINS", {k: v for k, v in database.NEWEST_WINS.items() if k != "interviews"})
        with Store(folder) as old:
            old.add_review("recall:why-rnn", Grade.EASY)
            old.save_draft("answer:why-rnn", "draft")
            assert not old._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'interviews'").fetchall()
    return folder / database.FILE


def test_a_file_of_the_first_version_comes_to_hold_interviews(folder, first_version):
    with Store(folder) as new:
        assert "backup-v1.db" in new.notices[0].en
        assert len(new.history("recall:why-rnn")) == 1
        new.save_interview("a", {"x": 1})
        assert new.interviews() == [{"x": 1}]
    with Store(folder) as again:
        assert again.notices == []
        assert again.interviews() == [{"x": 1}]


def test_a_file_of_the_first_version_that_cannot_be_written_is_still_read(folder, first_version, monkeypatch):
    real = sqlite3.connect

    def only_reading(path, **options):
        if "mode=ro" in str(path) or str(path) == ":memory:":
            return real(path, **options)
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", only_reading)
    with Store(folder) as new:
        assert new.path is None
        assert len(new.history("recall:why-rnn")) == 1
        assert new.draft("answer:why-rnn") == "draft"
        new.save_interview("a", {"x": 1})
        assert new.interviews() == [{"x": 1}]


def test_interviews_are_replaced_and_the_latest_comes_first(folder):
    ticks = iter(range(1000))
    with Store(folder, clock=lambda: next(ticks)) as opened:
        for uid in "abc":
            opened.save_interview(uid, {"uid": uid})
        opened.save_interview("a", {"uid": "a", "more": "深"})
        assert opened.interviews() == [{"uid": "a", "more": "深"}, {"uid": "c"}, {"uid": "b"}]
        assert len(opened.interviews(2)) == 2


def test_a_review_with_a_name_of_its_own_is_logged_once(folder):
    with Store(folder) as opened:
        for _ in range(2):
            opened.add_review_once("u/1", "recall:why-rnn", Grade.GOOD, seconds=3.0)
        assert opened.standings()["recall:why-rnn"].reviews == 1
        assert opened.undo_last().uid == "u/1"
        opened.add_review_once("u/1", "recall:why-rnn", Grade.GOOD)
        assert opened.standings() == {}
        assert opened.reviews() == []
