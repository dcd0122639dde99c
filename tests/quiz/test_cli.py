"""The contract's table of commands, row by row, through the real command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def rnnquiz(tmp_path):
    """Runs the command in a folder of its own with its own data; gives the finished process."""

    def run(*arguments, stdin=subprocess.DEVNULL, **environment):
        env = {**os.environ, "RNNQUIZ_DATA": str(tmp_path / "data"), "LANG": "en_US.UTF-8", "LC_ALL": "", **environment}
        return subprocess.run(
            [sys.executable, "-m", "quiz", *map(str, arguments)],
            cwd=tmp_path,
            env=env,
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def one_line(text):
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


def test_list_names_every_question_and_task(rnnquiz):
    done = rnnquiz("list", "--json")
    assert done.returncode == 0
    listed = json.loads(done.stdout)
    assert len(listed["questions"]) == 16
    assert len({task["id"] for task in listed["tasks"]}) == 29


def test_list_speaks_both_languages(rnnquiz):
    assert "not tried" in rnnquiz("list").stdout
    assert "未练习" in rnnquiz("list", "--lang", "zh").stdout
    assert "未练习" in rnnquiz("list", LANG="zh_CN.UTF-8").stdout
    assert "not tried" in rnnquiz("--lang", "en", "list", LANG="zh_CN.UTF-8").stdout


def test_of_two_languages_the_last_is_spoken(rnnquiz):
    assert "not tried" in rnnquiz("list", "--lang", "zh", "--lang", "en").stdout
    assert "未练习" in rnnquiz("list", "--lang=en", "--lan", "zh").stdout


def test_a_starter_tells_the_command_that_grades_it(rnnquiz, tmp_path):
    assert rnnquiz("new", "lstm-step", "-o", "mine.py", "--lang", "zh").returncode == 0
    assert "# 评分：rnnquiz grade mine.py\n" in (tmp_path / "mine.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "typed"), [("a b.py", "'a b.py'"), ("./-x.py", "./-x.py")])
def test_the_command_that_it_tells_can_be_typed(rnnquiz, name, typed):
    said = rnnquiz("new", "lstm-step", "-o", name).stdout
    assert said.endswith(f"run: rnnquiz grade {typed}\n")


def test_a_hyphen_is_standard_output(rnnquiz, tmp_path):
    source = rnnquiz("new", "lstm-step", "-o", "-").stdout
    assert "def lstm_step(x, h, c, W, U, b):" in source
    (tmp_path / "x.py").write_text(source, encoding="utf-8")
    assert rnnquiz("grade", "x.py", "--json", "-o", "-", "--seed", "1").stdout.startswith('{"file": "x.py"')
    assert not (tmp_path / "-").exists()


def test_new_writes_a_starter_and_never_overwrites(rnnquiz, tmp_path):
    done = rnnquiz("new", "lstm-step")
    assert done.returncode == 0
    text = (tmp_path / "lstm_step.py").read_text(encoding="utf-8")
    assert "def lstm_step(x, h, c, W, U, b):" in text
    again = rnnquiz("new", "lstm-step")
    assert again.returncode == 2
    assert one_line(again.stderr)
    assert "never overwritten" in again.stderr
    assert (tmp_path / "lstm_step.py").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "lstm-stp"], "did you mean lstm-step?"),
        (["new", "LSTM-Step"], "did you mean lstm-step?"),
        (["new", "lstm-flow"], "its tasks: lstm-gates, lstm-cell-state, lstm-step"),
        (["answer", "lstm-step"], "its question is lstm-flow"),
        (["new", "lstm-step", "-o", "no/such/folder/x.py"], "No such file"),
        (["answer", "lstm-flw"], "did you mean lstm-flow?"),
        (["answer", "2.3"], "lstm-gradients, lstm-flow"),
        (["answer"], "--all"),
        (["answer", "lstm-flow", "--plot", "picture.gif"], ".png or .svg"),
        (["grade"], "PATH"),
        (["grade", "missing.py"], "missing.py"),
        (["lst"], "lst"),
        (["list", "--lang", "fr"], "fr"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(rnnquiz, arguments, words):
    done = rnnquiz(*arguments)
    assert done.returncode == 2
    assert one_line(done.stderr)
    assert words in done.stderr
    assert done.stdout == ""


def test_decks_are_listed_in_both_languages(rnnquiz):
    assert " 自带 " in rnnquiz("deck", "list", "--lang", "zh").stdout
    assert " built in " in rnnquiz("deck", "list").stdout


def test_without_a_terminal_the_app_says_so(rnnquiz):
    done = rnnquiz()
    assert done.returncode == 2
    assert one_line(done.stderr)


@pytest.mark.parametrize("name", ["lstm-flow", "8", "q08"])
def test_an_answer_is_found_by_id_and_by_place(rnnquiz, name):
    done = rnnquiz("answer", name, "--json")
    assert done.returncode == 0
    evidence = json.loads(done.stdout)
    assert evidence["question"] == "lstm-flow"
    assert evidence["holds"]
    assert all(claim["holds"] for claim in evidence["claims"])


def test_an_answer_in_chinese_shows_claims_and_picture(rnnquiz, tmp_path):
    done = rnnquiz("answer", "lstm-flow", "--lang", "zh", "--plot", "flow.png")
    assert done.returncode == 0
    assert "测得" in done.stdout
    assert (tmp_path / "flow.png").read_bytes().startswith(b"\x89PNG")


def test_doctor_reports_isolation_and_data(rnnquiz, tmp_path):
    done = rnnquiz("doctor", "--json")
    assert done.returncode == 0
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert str(tmp_path / "data") in found["data"]["detail"]
    assert any(name.startswith("isolation") for name in found)


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    command = f"{sys.executable} -m quiz list | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_a_locale_without_a_character_shows_its_number_and_keeps_json_whole(tmp_path, encoding):
    env = {**os.environ, "RNNQUIZ_DATA": str(tmp_path / "data"), "PYTHONIOENCODING": encoding}
    (tmp_path / "wrong.py").write_text("def lstm_cell_state(c, i, f, g): return f * c + g\n")
    for arguments, code in (("doctor", 0), ("list --json", 0), ("grade wrong.py wrong.py --json", 1), ("bogus", 2)):
        command = [sys.executable, "-m", "quiz", *arguments.split(), "--lang", "zh"]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, timeout=120)
        assert done.returncode == code, done.stderr
        assert b"Traceback" not in done.stderr
        said = done.stdout.decode(encoding)
        if arguments == "doctor":
            assert "\\u2713" in said
        elif code < 2:
            assert all(json.loads(line) for line in said.splitlines())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", ["list", "--version", "grade right.py --json", "grade right.py right.py -o /dev/full"]
)
def test_output_that_finds_no_room_is_one_line_and_exit_2(tmp_path, arguments):
    (tmp_path / "right.py").write_text("def lstm_cell_state(c, i, f, g): return f * c + i * g\n")
    env = {**os.environ, "RNNQUIZ_DATA": str(tmp_path / "data")}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "quiz", *arguments.split(), "--lang", "en"],
            cwd=tmp_path,
            env=env,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert done.returncode == 2
    assert one_line(done.stderr), done.stderr
    assert "No space left" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="closes descriptors by the shell")
@pytest.mark.parametrize(("arguments", "code"), [("list", 0), ("list bogus", 2), ("grade right.py", 0)])
def test_closed_standard_streams_change_no_exit_code(tmp_path, arguments, code):
    (tmp_path / "right.py").write_text("def lstm_cell_state(c, i, f, g): return f * c + i * g\n")
    command = f"exec {sys.executable} -m quiz {arguments} <&- >&- 2>&-"
    env = {**os.environ, "RNNQUIZ_DATA": str(tmp_path / "data")}
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, env=env, timeout=120).returncode == code


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_starter_that_finds_no_room_is_not_left_half_written(tmp_path):
    command = f"trap '' XFSZ; ulimit -f 0; exec {sys.executable} -m quiz new lstm-step --lang en"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert one_line(done.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="another system keeps a folder that somebody is in")
def test_a_folder_that_is_gone_is_said(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    code = f"import os; os.chdir({str(folder)!r}); os.rmdir({str(folder)!r}); from quiz import cli; cli.entry()"
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", code, "watch", "x.py"], capture_output=True, text=True, env=environ)
    assert done.returncode == 2
    assert done.stderr == "rnnquiz: the folder you are in was deleted; change to another\n"
