"""The contract's verdict table and exit codes, row by row, through the real command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from quiz.grading import locks

STEP = """
import numpy as np
def lstm_step(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    s = lambda a: 1 / (1 + np.exp(-a))
    c_new = s(f) * c + s(i) * np.tanh(g)
    return s(o) * np.tanh(c_new), c_new
"""
CELL = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"

TABLE = {
    # name: (text, verdict)
    "right": (CELL, "pass"),
    "right_list": (
        STEP.replace("return s(o) * np.tanh(c_new), c_new", "return [s(o) * np.tanh(c_new), c_new]"),
        "pass",
    ),
    "prints": ('print(\'{"verdict": "pass"}\')\n' + CELL, "pass"),
    "asks_for_input": (
        "import sys\nassert sys.stdin.read() == ''\nassert __name__ == 'submission'\n"
        "import os\nassert os.path.isabs(__file__)\nassert not os.environ\n" + CELL,
        "pass",
    ),
    "empty": ("", "error"),
    "no_function": ("x = 1\n", "error"),
    "not_python": ("def lstm_step(:\n", "error"),
    "raises_at_load": ("1 / 0\n" + CELL, "error"),
    "raises_always": ("def lstm_cell_state(c, i, f, g):\n    raise ValueError('no')\n", "error"),
    "raises_on_some": (
        "def lstm_cell_state(c, i, f, g):\n    if c.shape[0] > 1: raise ValueError('only one')\n    return f * c + i * g\n",
        "fail",
    ),
    "wrong_arity": ("def lstm_cell_state(c):\n    return c\n", "error"),
    "not_callable": ("lstm_cell_state = 3\n", "error"),
    "foreign_import": ("import scipy\n" + CELL, "error"),
    "wrong_value": ("def lstm_cell_state(c, i, f, g):\n    return i * c + f * g\n", "fail"),
    "returns_none": ("def lstm_cell_state(c, i, f, g):\n    f * c + i * g\n", "fail"),
    "returns_generator": ("def lstm_cell_state(c, i, f, g):\n    return (a for a in f * c + i * g)\n", "fail"),
    "changes_argument": ("def lstm_cell_state(c, i, f, g):\n    c *= f\n    return c + i * g\n", "fail"),
    "keeps_state": (
        "n = 0\ndef lstm_cell_state(c, i, f, g):\n    global n\n    n += 1e-3\n    return f * c + i * g + n\n",
        "fail",
    ),
    "float32_out": (
        "import numpy as np\ndef lstm_cell_state(c, i, f, g):\n    return (f * c + i * g).astype(np.float32)\n",
        "fail",
    ),
    "float64_out": (
        "import numpy as np\ndef lstm_cell_state(c, i, f, g):\n    return (f * c + i * g).astype(np.float64)\n",
        "pass",
    ),
    "never_ends": ("def lstm_cell_state(c, i, f, g):\n    while True: pass\n", "timeout"),
    "never_loads": ("while True: pass\n" + CELL, "timeout"),
    "takes_memory": ("def lstm_cell_state(c, i, f, g):\n    return bytearray(1 << 40)\n", "memory"),
    "reads_a_file": (
        "def lstm_cell_state(c, i, f, g):\n    open('/etc/passwd')\n    return f * c + i * g\n",
        "forbidden",
    ),
    "reads_in_secret": (
        "def lstm_cell_state(c, i, f, g):\n    try: open('/etc/passwd')\n    except Exception: pass\n    return f * c + i * g\n",
        "forbidden",
    ),
    "opens_a_socket": (
        "import socket\ndef lstm_cell_state(c, i, f, g):\n    socket.socket()\n    return f * c + i * g\n",
        "forbidden",
    ),
    "starts_a_process": (
        "import os\ndef lstm_cell_state(c, i, f, g):\n    os.fork()\n    return f * c + i * g\n",
        "forbidden",
    ),
    "exits": ("import os\ndef lstm_cell_state(c, i, f, g):\n    os._exit(0)\n", "error"),
    "sys_exits": ("import sys\ndef lstm_cell_state(c, i, f, g):\n    sys.exit(0)\n", "error"),
    "reads_environ": ("import os\nx = dict(os.environ), os.getcwd()\nimport ctypes, threading\n" + CELL, "pass"),
}


def rnnquiz(*arguments, cwd=None):
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "quiz", "grade", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environ, cwd=cwd, timeout=120)


def lines(result):
    assert "Traceback" not in result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submissions")
    for name, (text, _) in TABLE.items():
        (folder / f"{name}.py").write_text(text)
    result = rnnquiz(folder, "--json", "--time-limit", "3", "--seed", "7")
    assert result.returncode == 1
    return {Path(line["file"]).stem: line for line in lines(result)}


@pytest.mark.parametrize("name", TABLE)
def test_verdict(graded, name):
    line = graded[name]
    assert line["verdict"] == TABLE[name][1], line["checks"]
    assert (line["score"] == 1) == (line["verdict"] == "pass")
    assert set(line) == {
        "file",
        "task",
        "helper",
        "verdict",
        "score",
        "checks",
        "diagnosis",
        "counterexample",
        "seconds",
    }
    if line["verdict"] == "pass":
        assert line["diagnosis"] is None
        assert line["counterexample"] is None
        assert all(check["passed"] for check in line["checks"])
    else:
        assert any(not check["passed"] and check["detail"] for check in line["checks"])
    if line["verdict"] == "fail":
        assert set(line["counterexample"]) == {"inputs", "expected", "got"}


def test_lines_come_in_name_order(graded):
    assert list(graded) == sorted(TABLE, key=lambda name: f"{name}.py")


def test_a_file_without_a_task_has_task_null(graded):
    assert graded["no_function"]["task"] is None
    assert graded["not_python"]["task"] is None
    assert "line 1" in str(graded["not_python"]["checks"])


def test_the_misconception_is_named_and_an_exception_is_shown_with_its_input(graded):
    assert graded["wrong_value"]["diagnosis"]["id"] == "swaps-i-and-f"
    example = graded["raises_on_some"]["counterexample"]
    assert np.shape(example["inputs"]["c"]) == (2, 1)
    assert "only one" in example["got"]


def test_advice_costs_nothing(graded):
    assert any(c["name"] == "advice" and c["passed"] for c in graded["float64_out"]["checks"])


class TestExitCodes:
    def test_all_pass(self, tmp_path):
        file = tmp_path / "cell.py"
        file.write_text(CELL)
        assert rnnquiz(file).returncode == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ["absent.py"],
            ["cell.py", "--task", "lstm-stp"],
            ["cell.py", "--time-limit", "0"],
            ["cell.py", "--memory-limit", "-1"],
            ["cell.py", "--seed", "-1"],
            ["."],
            [],
        ],
    )
    def test_usage_errors_are_one_line_and_two(self, tmp_path, arguments):
        if "cell.py" in arguments:
            (tmp_path / "cell.py").write_text(CELL)
        result = rnnquiz(*arguments, cwd=tmp_path)
        assert result.returncode == 2
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1

    def test_a_helper_is_reported_and_does_not_count(self, tmp_path):
        file = tmp_path / "two.py"
        file.write_text(
            "import numpy as np\n"
            "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"
            "def lstm_gates(x, h, W, U, b):\n"
            "    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)\n"
            "    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)\n"
        )
        result = rnnquiz(file, "--json")
        by_task = {line["task"]: line for line in lines(result)}
        assert by_task["sigmoid"]["helper"] is True
        assert by_task["sigmoid"]["verdict"] == "fail"
        assert by_task["lstm-gates"] | {"helper": False} == by_task["lstm-gates"]
        assert result.returncode == 0
        alone = rnnquiz(file, "--json", "--task", "sigmoid")
        assert alone.returncode == 1
        assert lines(alone)[0]["helper"] is False

    def test_a_task_that_the_file_lacks(self, tmp_path):
        file = tmp_path / "cell.py"
        file.write_text(CELL)
        result = rnnquiz(file, "--task", "gru-step", "--json")
        assert result.returncode == 1
        assert lines(result)[0]["verdict"] == "error"


def test_odd_files_are_error_lines_and_never_hang(tmp_path):
    (tmp_path / "a_folder.py").mkdir()
    os.mkfifo(tmp_path / "b_pipe.py")
    (tmp_path / "c_dangling.py").symlink_to("nowhere")
    (tmp_path / "d_loop.py").symlink_to("d_loop.py")
    (tmp_path / "e_large.py").write_text("#" * (1 << 20) + "\n" + CELL)
    (tmp_path / "f_null.py").write_bytes(b"\0")
    (tmp_path / "g_latin.py").write_bytes(b"# \xe9\n" + CELL.encode())
    (tmp_path / "h_link.py").symlink_to("z/cell.py")
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "cell.py").write_text(CELL)
    (tmp_path / "z" / "bad\udcff\x1bna\nme.py").write_text(CELL)
    graded = lines(rnnquiz(tmp_path, "--json"))
    verdicts = {Path(line["file"]).name: line["verdict"] for line in graded}
    assert verdicts == {
        **dict.fromkeys([p for p in verdicts if p[0] in "abcdefg" and p[1] == "_"], "error"),
        "h_link.py": "pass",
        "cell.py": "pass",
        "bad\\xff\\x1bna\\nme.py": "pass",
    }
    assert len(graded) == 10
    for form in ("text", "csv", "junit"):
        assert "na\nme" not in rnnquiz(tmp_path / "z", "--format", form).stdout


def test_what_a_wrong_submission_prints_is_shown_beside_its_verdict_up_to_a_limit(tmp_path):
    file = tmp_path / "noisy.py"
    file.write_text("print('loading')\n" + CELL.replace("    return f", "    print('call', c.shape)\n    return i"))
    told = {limit: rnnquiz(file, *limit).stderr for limit in ((), ("--output-limit", "0"))}
    assert told[()].startswith("  · printed: loading\n    call (1, 1)\n")
    assert len(told[()].splitlines()) <= 11
    assert told["--output-limit", "0"] == ""


@pytest.mark.parametrize("form", ["text", "json", "html", "gradescope", "junit"])
def test_what_a_submission_prints_never_reaches_standard_output(tmp_path, form):
    file = tmp_path / "noisy.py"
    file.write_text(CELL.replace("    return f", "    print('no' + 'ise')\n    return i"))
    assert "noise" not in rnnquiz(file, "--format", form).stdout
    rnnquiz(file, "--format", form, "-o", tmp_path / "out")
    assert "noise" in (tmp_path / "out").read_text()


def test_submissions_named_as_modules_are_graded_and_not_run_by_the_grader(tmp_path):
    for name in ("random", "json", "copy", "csv", "numpy", "hypothesis", "answers"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w')\n" + CELL)
    graded = lines(rnnquiz(".", "--json", cwd=tmp_path))
    assert [line["verdict"] for line in graded] == ["forbidden"] * 7
    assert not (tmp_path / "run").exists()


def test_a_single_file_is_held_by_every_layer_that_there_is(tmp_path):
    file = tmp_path / "cell.py"
    file.write_text(CELL)
    (isolation,) = [c["detail"] for c in lines(rnnquiz(file, "--json"))[0]["checks"] if c["name"] == "isolation"]
    there = [layer for layer, holds in locks.available().items() if holds]
    assert isolation.partition(" (")[0].split(", ") == there


def test_several_tasks_are_judged_alone(tmp_path):
    file = tmp_path / "several.py"
    file.write_text(
        CELL
        + "def lstm_macs(a, b, c, d):\n    import os\n    os._exit(3)\ndef clip_by_value(g, v):\n    while 1: pass\n"
    )
    by_task = {line["task"]: line["verdict"] for line in lines(rnnquiz(file, "--json", "--time-limit", "2"))}
    assert by_task == {"lstm-cell-state": "pass", "lstm-macs": "error", "clip-by-value": "timeout"}


def test_a_seed_repeats_a_report(tmp_path):
    file = tmp_path / "wrong.py"
    file.write_text(TABLE["wrong_value"][0])
    first, second = (lines(rnnquiz(file, "--json", "--seed", "5"))[0] for _ in range(2))
    assert first | {"seconds": 0} == second | {"seconds": 0}


def test_the_text_leads_with_the_diagnosis_and_its_snippet_reproduces_the_failure(tmp_path):
    file = tmp_path / "wrong-one.py"
    file.write_text(TABLE["wrong_value"][0])
    text = rnnquiz(file, "--hints", "--lang", "zh").stdout
    rows = text.splitlines()
    assert rows[0].startswith("✗")
    assert rows[1].startswith("  诊断：")
    assert "提示：" in text
    start = rows.index("  在 Python 里重现：") + 1
    snippet = "\n".join(row.strip() for row in rows[start:] if row.startswith("    "))
    shown = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True).stdout.strip()
    got = next(row for row in rows if row.startswith("  得到")).split("[", 1)[1]
    assert np.allclose(
        np.array(shown.strip("[] ").split(), float), np.array(got.strip("[] ").split(), float), rtol=1e-5
    )
