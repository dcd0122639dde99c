"""What the commands say of a progress file that they cannot use as it is, and what they then leave alone."""

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from quiz import cli, opened
from quiz.schedule import Grade
from quiz.store import Store


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(opened, "_said", set())
    with Store(tmp_path / "data") as store:
        store.add_review("recall:why-rnn", Grade.GOOD)
    return tmp_path / "data"


def damage(path):
    path.write_bytes(b"garbage " * 500)


def hand_to_a_newer_program(path):
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()


TROUBLES = [(damage, "damaged"), (hand_to_a_newer_program, "newer rnnquiz")]


@pytest.mark.parametrize("command", ["list", "interview", "deck list"])
@pytest.mark.parametrize(("trouble", "said"), TROUBLES)
def test_it_is_said_once_and_the_command_goes_on(folder, capsys, command, trouble, said):
    trouble(folder / "progress.db")
    assert cli.main([*command.split(), "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert out
    assert err.startswith("rnnquiz: The progress file ")
    assert err.count("\n") == 1
    assert said in err
    assert not list(folder.glob("side-*"))


@pytest.mark.parametrize(("trouble", "said"), TROUBLES)
def test_doctor_finds_it_and_changes_nothing(folder, capsys, trouble, said):
    trouble(folder / "progress.db")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert cli.main(["doctor", "--json", "--lang", "en"]) == 1
    bad = [finding for finding in json.loads(capsys.readouterr().out) if not finding["good"]]
    assert [finding["name"] for finding in bad] == ["data"]
    assert said in bad[0]["detail"]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_an_export_of_nothing_does_not_take_an_earlier_ones_place(folder, tmp_path, capsys):
    assert cli.main(["export", "json", str(tmp_path / "e.json")]) == 0
    earlier = (tmp_path / "e.json").read_bytes()
    hand_to_a_newer_program(folder / "progress.db")
    capsys.readouterr()
    assert cli.main(["export", "json", str(tmp_path / "e.json"), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "newer rnnquiz" in err
    assert (tmp_path / "e.json").read_bytes() == earlier


def test_what_is_written_beside_a_newer_programs_file_stays_there(folder):
    hand_to_a_newer_program(folder / "progress.db")
    with Store(folder) as store:
        store.save_draft("k", "v")
    assert len(list(folder.glob("side-*.db"))) == 1


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe with a name")
@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_only_a_regular_file_is_taken_in(folder, tmp_path, capsys, kind):
    path = tmp_path / "e.json"
    {"device": lambda: path.symlink_to("/dev/zero"), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()
    assert cli.main(["import", str(path), "--lang", "en"]) == 2
    assert "no regular file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("export json e.json", "nothing was exported"),
        ("import e.json", "nothing was kept"),
        ("deck add deck --yes", "nothing was kept"),
    ],
)
def test_a_command_that_can_keep_nothing_says_so_and_not_that_all_is_well(
    folder, tmp_path, monkeypatch, capsys, command, said
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "json", "e.json"]) == 0
    shutil.copytree(Path(__file__).parents[1] / "decks" / "attention", "deck")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "file" / "data"))
    capsys.readouterr()
    assert cli.main([*command.split(), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"rnnquiz: {said}, as ")
    assert err.count("\n") == 1
