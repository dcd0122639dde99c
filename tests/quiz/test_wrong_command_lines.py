"""Wrong command lines, in process: one line in the language that was asked for, and exit code 2."""

import re

import pytest

from quiz import cli
from quiz.parser import build_parser

WRONG = [
    "bogus",
    "list extra",
    "list --json=1",
    "new",
    "new lstm-stp",
    "new lstm-step -o missing/x.py",
    "grade",
    "grade missing.py",
    "grade --seed abc x.py",
    "grade --format zzz x.py",
    "watch",
    "answer",
    "answer bogus",
    "answer why-rnn --plot x.txt",
    "answer --all --plot x.png",
    "answer why-rnn --write x.md",
    "doctor extra",
    "deck",
    "deck bogus",
    "deck add",
    "deck add missing",
    "deck remove missing",
    "deck new name",
    "deck check missing",
    "export",
    "export json missing/x.json",
    "export anki x.zip",
    "import",
    "import missing.json",
    "serve --port abc",
    "serve --port 99999999",
    "interview abc",
    "interview 5",
    "interview -o x.md",
    "--lang",
]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


EMPTY = [
    ["grade", ""],
    ["grade", "x.py", "-o", ""],
    ["grade", "x.py", "--resume", ""],
    ["grade", "x.py", "--dask="],
    ["new", "lstm-step", "-o", ""],
    ["watch", ""],
    ["import", ""],
    ["deck", "check", ""],
]
"""What a variable of the shell that is not set leaves: no name, and not the folder one is in."""


@pytest.mark.parametrize("line", EMPTY)
def test_an_empty_name_is_no_name(capsys, line):
    (said,) = _complaint(capsys, line)
    assert "''" in said


def test_what_is_left_over_is_said_of_the_command(capsys):
    (said,) = _complaint(capsys, ["grade", "x.py", "--bogus"])
    assert said.endswith("unrecognized arguments: --bogus; see rnnquiz grade --help")


def _complaint(capsys, line):
    assert cli.main([*line, "--lang", "en"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err.splitlines()


@pytest.mark.parametrize("line", WRONG)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_line_and_exit_2(capsys, monkeypatch, line, language):
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[language])
    assert cli.main(line.split()) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert said.startswith("rnnquiz: ")
    assert bool(re.search("[一-鿿]", said)) == (language == "zh")
    if language == "zh":
        assert not re.search(r"argument|invalid|required|expected|choose|No such", said)


def test_the_help_is_chinese_throughout():
    said = build_parser("zh").format_help()
    assert said.startswith("用法：")
    assert not re.search(r"usage|options|positional|show this", said)
    assert said.count("选项：") == 1
