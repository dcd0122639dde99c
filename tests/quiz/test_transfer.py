"""What is kept moves between machines: a union, whatever the order, and nothing of a bad file."""

import json
import os
import subprocess
import sys

import pytest

from quiz import transfer
from quiz.schedule import Grade
from quiz.store import Store
from quiz.transfer import TransferError


@pytest.fixture
def machine(tmp_path):
    """Stores by name, each a machine of its own with a clock that runs."""
    opened = {}

    def store(name):
        if name not in opened:
            ticks = iter(range(1_700_000_000_000 + 7 * len(opened), 1 << 53, 60_000))
            opened[name] = Store(tmp_path / name, clock=lambda: next(ticks))
        return opened[name]

    yield store
    for each in opened.values():
        each.close()


def carry(source, target, tmp_path):
    path = tmp_path / "carried.json"
    transfer.write(path, source)
    return target.take_in(transfer.read(path))


def everything(store):
    return {table: sorted(rows, key=str) for table, rows in store.rows().items()}


def work(store):
    store.add_review("recall:why-rnn", Grade.GOOD, seconds=12.5)
    store.add_review("code:lstm-step", Grade.AGAIN, retention=0.85)
    store.undo_last()
    store.add_attempt("lstm-step", "fail", 0.5, source="def 函数(): '\\n'", report={"score": 0.5}, hints=1)
    store.save_draft("answer:why-rnn", "时序\r\n\tπ 👋")
    store.set("retention", 0.93)
    store.save_interview("iv", {"version": 1, "said": "π 👋", "items": []})


def test_a_fresh_machine_comes_to_hold_the_same(machine, tmp_path):
    old, new = machine("old"), machine("new")
    work(old)
    assert carry(old, new, tmp_path) == {"reviews": 3, "attempts": 1, "drafts": 1, "settings": 1, "interviews": 1}
    assert everything(new) == everything(old)
    assert new.standings() == old.standings()
    assert new.reviews() == old.reviews()


def test_twice_adds_nothing(machine, tmp_path):
    old, new = machine("old"), machine("new")
    work(old)
    carry(old, new, tmp_path)
    before = everything(new)
    assert set(carry(old, new, tmp_path).values()) == {0}
    assert everything(new) == before


def test_two_machines_that_were_both_used_end_up_equal(machine, tmp_path):
    one, two = machine("one"), machine("two")
    work(one)
    work(two)
    two.add_review("recall:why-rnn", Grade.EASY)
    two.save_draft("answer:why-rnn", "newer")
    carry(one, two, tmp_path)
    carry(two, one, tmp_path)
    assert everything(one) == everything(two)
    assert one.standings() == two.standings()
    assert one.standings()["recall:why-rnn"].reviews == 3
    assert one.draft("answer:why-rnn") == "newer"


def test_an_older_draft_or_setting_does_not_replace_a_newer_one(machine, tmp_path):
    one, two = machine("one"), machine("two")
    one.save_draft("code:sigmoid", "old")
    one.set("language", "zh")
    for _ in range(3):
        two.save_draft("code:sigmoid", "new")
        two.set("language", "en")
    carry(one, two, tmp_path)
    assert two.draft("code:sigmoid") == "new"
    assert two.get("language") == "en"


def test_consent_to_run_a_deck_does_not_travel(machine, tmp_path):
    old, new = machine("old"), machine("new")
    old.set("decks", {"folders": ["/d"], "agreed": ["/d"]})
    carry(old, new, tmp_path)
    assert new.get("decks") is None
    path = tmp_path / "forged.json"
    row = {"key": "decks", "value": {"folders": ["/d"], "agreed": ["/d"]}, "at": 1 << 50}
    path.write_text(json.dumps({"format": transfer.FORMAT, "version": 1, "settings": [row]}))
    new.take_in(transfer.read(path))
    assert new.get("decks") is None


REVIEW = {"uid": "u", "card": "recall:why-rnn", "at": 1, "grade": 3, "retention": 0.9}


@pytest.mark.parametrize(
    "change",
    [
        {"grade": 5},
        {"grade": True},
        {"grade": "3"},
        {"at": -1},
        {"at": 1 << 70},
        {"at": 1.5},
        {"uid": ""},
        {"uid": None},
        {"card": 7},
        {"card": "\ud800"},
        {"retention": float("nan")},
        {"retention": 1.0},
        {"seconds": float("inf")},
        {"undoes": 3},
    ],
    ids=str,
)
def test_a_faulty_review_is_named_and_nothing_is_taken_in(tmp_path, change):
    path = tmp_path / "bad.json"
    reviews = [REVIEW, {**REVIEW, "uid": "v", **change}]
    path.write_text(json.dumps({"format": transfer.FORMAT, "version": 1, "reviews": reviews}))
    (name,) = change
    with pytest.raises(TransferError, match=rf"reviews 2: {name}"):
        transfer.read(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"format": "other", "version": 1}',
        b'{"format": "rnnquiz progress"}',
        b'{"format": "rnnquiz progress", "version": "1"}',
        b'{"format": "rnnquiz progress", "version": 99}',
        b'{"format": "rnnquiz progress", "version": 1, "reviews": {}}',
        b'{"format": "rnnquiz progress", "version": 1, "drafts": [[]]}',
        b"[" * 100_000,
        b"1" * 5000,
    ],
    ids=lambda content: content[:60].decode("latin-1"),
)
def test_what_is_no_export_is_one_line(tmp_path, content):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(TransferError) as caught:
        transfer.read(path)
    assert "\n" not in caught.value.text.en + caught.value.text.zh


def test_only_an_earlier_export_is_replaced(machine, tmp_path):
    path = tmp_path / "file.json"
    transfer.write(path, machine("one"))
    machine("one").set("language", "zh")
    assert transfer.write(path, machine("one"))["settings"] == 1
    path.write_text('{"mine": true}')
    with pytest.raises(TransferError, match="not overwritten"):
        transfer.write(path, machine("one"))
    assert path.read_text() == '{"mine": true}'
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["file.json"]


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "quiz", *map(str, arguments)],
        env={**os.environ, "RNNQUIZ_DATA": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_commands(tmp_path):
    with Store(tmp_path / "a") as store:
        work(store)
    path = tmp_path / "moved.json"
    done = run(tmp_path / "a", "export", "json", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "reviews 3, attempts 1, drafts 1, settings 1" in done.stdout
    done = run(tmp_path / "b", "import", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "took in reviews 3" in done.stdout
    with Store(tmp_path / "a") as one, Store(tmp_path / "b") as two:
        assert one.standings() == two.standings()


@pytest.mark.parametrize("name", ["missing.json", "folder", "bad.json"])
def test_a_bad_file_is_one_line_and_exit_2(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "bad.json").write_text("no")
    done = run(tmp_path / "data", "import", tmp_path / name)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_settings_are_moved_and_caches_of_this_machine_are_not(machine, tmp_path):
    from quiz import contents, decks, settings

    mine, other = machine("a"), machine("b")
    for setting in settings.SETTINGS:
        mine.set(setting.name, getattr(setting, "default", "vi"))
    contents.remembered(mine.get, mine.set)
    mine.set(decks.SETTING, {"folders": ["/x"], "agreed": ["/x"]})
    transfer.write(tmp_path / "mine.json", mine)
    other.take_in(transfer.read(tmp_path / "mine.json"))
    for setting in settings.SETTINGS:
        assert other.get(setting.name) == getattr(setting, "default", "vi")
    assert other.get(contents.SETTING) is None
    assert other.get(decks.SETTING) is None
