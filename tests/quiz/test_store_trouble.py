"""A file that is damaged, locked, too new, or in a place that cannot be written: said, kept, and the store goes on."""

import os
import sqlite3
import subprocess
import sys

import pytest

from quiz import database, schedule
from quiz.schedule import Grade
from quiz.store import Store


@pytest.fixture
def folder(tmp_path):
    with Store(tmp_path) as opened:
        opened.save_draft("answer:why-rnn", "typed before")
        for _ in range(3):
            opened.add_review("recall:why-rnn", Grade.GOOD)
    return tmp_path


@pytest.mark.parametrize(
    "content", [b"garbage " * 500, b"SQLite format 3\x00" + b"\xff" * 4000], ids=["text", "header"]
)
def test_a_file_that_is_no_database_is_kept_under_a_new_name(folder, content):
    (folder / "progress.db").write_bytes(content)
    with Store(folder) as opened:
        assert "damaged" in opened.notices[0].en
        assert "损坏" in opened.notices[0].zh
        opened.save_draft("answer:why-rnn", "typed after")
    (aside,) = folder.glob("damaged-*.db")
    assert aside.read_bytes() == content
    with Store(folder) as again:
        assert again.notices == []
        assert again.draft("answer:why-rnn") == "typed after"


def test_what_can_be_read_of_a_damaged_file_is_carried_over(folder):
    path = folder / "progress.db"
    content = bytearray(path.read_bytes())
    raw = sqlite3.connect(path)
    root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cards'").fetchone()[0]
    size = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    content[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(content)
    with Store(folder) as opened:
        assert "damaged" in opened.notices[0].en
        assert len(opened.history("recall:why-rnn")) == 3
        assert opened.draft("answer:why-rnn") == "typed before"
        assert opened.standings()["recall:why-rnn"].reviews == 3


def spoil(folder, table):
    """Damage a table of a file that is in use."""
    raw = sqlite3.connect(folder / "progress.db")
    root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    size = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    with (folder / "progress.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def test_damage_found_in_the_middle_of_a_session_is_survived(folder):
    opened = Store(folder)
    spoil(folder, "drafts")
    opened.save_draft("answer:why-lstm", "typed now")
    assert "damaged" in opened.notices[0].en
    assert opened.draft("answer:why-lstm") == "typed now"
    assert len(opened.history("recall:why-rnn")) == 3
    opened.close()


def test_damage_found_by_a_review_costs_no_other_card_its_standing(folder):
    opened = Store(folder)
    spoil(folder, "cards")
    opened.add_review("recall:why-lstm", Grade.GOOD)
    assert "damaged" in opened.notices[0].en
    assert {card: s.reviews for card, s in opened.standings().items()} == {"recall:why-rnn": 3, "recall:why-lstm": 1}
    opened.close()


def test_what_is_reviewed_while_standings_are_made_again_counts(folder, monkeypatch):
    replay = schedule.standings

    def slow(reviews):
        found = replay(reviews)
        with Store(folder) as other:
            other.add_review("recall:why-rnn", Grade.AGAIN)
            other.add_review("recall:why-lstm", Grade.GOOD)
        return found

    with Store(folder) as opened:
        monkeypatch.setattr(schedule, "standings", slow)
        opened.rebuild()
        assert {card: s.reviews for card, s in opened.standings().items()} == {
            "recall:why-rnn": 4,
            "recall:why-lstm": 1,
        }


def test_a_locked_file_is_left_alone_and_the_work_is_taken_in_later(folder, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_MS", 30)
    holder = sqlite3.connect(folder / "progress.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with Store(folder) as opened:
        assert "locked" in opened.notices[0].en
        opened.add_review("recall:why-rnn", Grade.EASY)
        opened.save_draft("answer:why-rnn", "typed meanwhile")
    holder.close()
    with Store(folder) as again:
        assert "taken in" in again.notices[0].en
        assert len(again.history("recall:why-rnn")) == 4
        assert again.draft("answer:why-rnn") == "typed meanwhile"
        kept = again.standings()
        again.rebuild()
        assert again.standings() == kept
    assert len(list(folder.glob("merged-*.db"))) == 1
    with Store(folder) as third:
        assert third.notices == []
        assert len(third.history("recall:why-rnn")) == 4


def test_a_lock_that_comes_in_the_middle_loses_nothing(folder, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_MS", 30)
    opened = Store(folder)
    holder = sqlite3.connect(folder / "progress.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    opened.add_review("recall:why-rnn", Grade.EASY)
    assert "locked" in opened.notices[0].en
    assert opened.standings()["recall:why-rnn"].reviews == 4
    holder.close()
    opened.close()
    with Store(folder) as again:
        assert len(again.history("recall:why-rnn")) == 4


def test_a_file_of_a_newer_program_is_left_alone(folder):
    path = folder / "progress.db"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    before = path.read_bytes()
    with Store(folder) as opened:
        assert "newer" in opened.notices[0].en
        opened.save_draft("answer:why-rnn", "typed in the old program")
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="gives up root's rights to be refused")
def test_a_folder_that_cannot_be_written_leaves_everything_in_memory(folder):
    code = (
        "import os, sys; from pathlib import Path; from quiz.store import Store; from quiz.schedule import Grade\n"
        "import fsrs, sqlite3, platformdirs, quiz.database\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "with Store(Path(sys.argv[1])) as s:\n"
        "    s.add_review('recall:why-rnn', Grade.GOOD); s.save_draft('k', 'v')\n"
        "    print(s.path, len(s.history('recall:why-rnn')), s.draft('k'), s.draft('answer:why-rnn'), s.notices[0].en)\n"
    )
    _open_the_way(folder)
    os.chmod(folder, 0o555)  # noqa: PTH101
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    os.chmod(folder, 0o755)  # noqa: PTH101
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("None 4 v typed before Cannot write")


def _open_the_way(folder):
    """Everybody may enter the folders above."""
    for parent in folder.parents:
        if str(parent).startswith("/tmp/") or "pytest" in parent.name:
            parent.chmod(0o755)


def test_a_folder_that_is_a_file_leaves_everything_in_memory(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    with Store(tmp_path / "data") as opened:
        assert opened.path is None
        assert "Cannot write" in opened.notices[0].en
        opened.save_draft("k", "v")
        assert opened.draft("k") == "v"
    assert (tmp_path / "data").read_text() == "not a folder"


def test_a_full_disk_moves_the_work_into_memory(folder):
    opened = Store(folder)
    pages = opened._connection.execute("PRAGMA page_count").fetchone()[0]
    opened._connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite then says what a full disk makes it say
    opened.save_draft("answer:why-rnn", "long " * 20_000)
    assert opened.path is None
    assert "full" in opened.notices[0].en
    assert opened.draft("answer:why-rnn").startswith("long")
    assert len(opened.history("recall:why-rnn")) == 3
    opened.close()
    with Store(folder) as again:
        assert again.draft("answer:why-rnn") == "typed before"


def test_a_process_killed_while_writing_leaves_a_sound_file(tmp_path):
    code = (
        "import sys; from pathlib import Path; from quiz.store import Store\n"
        "s = Store(Path(sys.argv[1])); k = 0\n"
        "while True:\n"
        "    k += 1; s.save_draft('code:lstm-step', 'x' * k); print(k, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    said = 0
    while said < 50:
        said = int(process.stdout.readline())
    process.kill()
    said = max([said, *(int(line) for line in process.stdout.read().split("\n")[:-1] if line)])
    process.wait()
    with Store(tmp_path) as opened:
        assert opened.notices == []
        assert len(opened.draft("code:lstm-step")) >= said
