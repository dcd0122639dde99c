"""Verdicts at the edges: what happens only in a law's calls or in the search, and when the isolation itself breaks."""

import os
import threading
import time
from pathlib import Path

import pytest
from support.fake_session import FakeSession

from answers import deck
from quiz.grading import Grader, Limits
from quiz.grading.examine import Prepared
from quiz.grading.grader import Options, Preparation, read, reports
from quiz.grading.judge import Asked, judge
from quiz.grading.outcome import Outcome

CELL = "def lstm_cell_state(c, i, f, g):\n"
RIGHT = CELL + "    return f * c + i * g\n"
SLOW = "import time\n" + RIGHT.replace("    return", "    time.sleep(0.003)\n    return")
IN_A_LAW = "    if (f == 1).all() and not i.any():\n"
"""A gate of exactly 1 is never drawn: only the calls of a law have it."""


@pytest.fixture(scope="module")
def grader():
    with Grader(Limits(seconds=2.0)) as grader:
        yield grader


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        ("        try: open('/etc/passwd')\n        except OSError: pass\n", "forbidden"),
        ("        while True: pass\n", "timeout"),
        ("        import os; os._exit(1)\n", "error"),
        ("        bytearray(1 << 40)\n", "memory"),
    ],
)
def test_what_a_law_meets_decides_as_elsewhere(grader, act, verdict):
    source = CELL + IN_A_LAW + act + "    return f * c + i * g\n"
    report = grader.grade(source, "lstm-cell-state", seed=1)
    assert report.verdict == verdict
    assert report.counterexample is None


class RunsOutOfTime(FakeSession):
    """Answers the sweep and the laws; whatever is asked after them is too late."""

    def call(self, function, cases, seconds=None, meanwhile=None):
        if self.trips < 1:
            return super().call(function, cases, seconds, meanwhile)
        self.trips += 1
        return [Outcome("timeout", error="3 s")] * len(cases)


def test_slow_but_right_passes_a_search_that_runs_out_of_time():
    session = RunsOutOfTime(lambda c, i, f, g: f * c + i * g)
    report = judge(session, Prepared(deck.load_task("lstm-cell-state"), 3), Asked(thorough=True))
    assert session.trips == 2
    assert report.verdict == "pass", report.checks
    assert any(check.name == "search" for check in report.checks)


def test_an_attempt_that_the_search_meets_is_forbidden(grader):
    source = CELL + "    if c.shape == (3, 7): open('/etc/passwd')\n    return f * c + i * g\n"
    assert grader.grade(source, "lstm-cell-state", seed=2).verdict == "pass"
    patient = Limits(seconds=30.0)
    assert grader.grade(source, "lstm-cell-state", seed=2, thorough=True, limits=patient).verdict == "forbidden"


@pytest.mark.parametrize("threads", [1, 3])
def test_a_fork_server_that_is_killed_costs_no_submission_its_verdict(threads):
    with Grader() as grader:
        reports = []
        running = [
            threading.Thread(target=lambda: reports.append(grader.grade(SLOW, "lstm-cell-state", seed=1)))
            for _ in range(threads)
        ]
        for thread in running:
            thread.start()
        time.sleep(0.4)
        assert not reports
        os.kill(grader._server.pid, 9)
        for thread in running:
            thread.join(30)
        assert [report.verdict for report in reports] == ["pass"] * threads


def test_a_server_that_is_gone_for_good_is_an_error_of_its_own_and_leaves_nothing_open():
    class Gone:
        def fork(self, *_):
            raise ConnectionError("the fork server was killed")

    before = len(list(Path("/proc/self/fd").iterdir()))
    options = Options(task="lstm-cell-state", seed=1)
    (report,) = reports(read(RIGHT), options, Preparation(), server=Gone())
    assert report.verdict == "error"
    assert "fork server" in report.checks[0].detail
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_isolation_that_keeps_breaking_is_an_error_of_its_own():
    with Grader() as grader:
        reports = []
        thread = threading.Thread(target=lambda: reports.append(grader.grade(SLOW, "lstm-cell-state", seed=1)))
        thread.start()
        killed = set()
        while thread.is_alive():
            time.sleep(0.3)
            pid = grader._server.pid
            if pid not in killed:
                killed.add(pid)
                os.kill(pid, 9)
        assert reports[0].verdict == "error"
        assert "fork server" in reports[0].checks[0].detail
        assert grader.grade(RIGHT, "lstm-cell-state").verdict == "pass"


def test_memory_that_runs_out_slowly_in_every_call_is_told_after_the_first(grader):
    source = CELL + "    hoard = []\n    while True: hoard.append(bytearray(10**6))\n"
    report = grader.grade(source, "lstm-cell-state", seed=1, limits=Limits(seconds=10.0, memory=256 << 20))
    assert report.verdict == "memory"
    assert report.seconds < 8


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "may import the standard library and NumPy alone"), ("zh", "解答只能导入标准库和 NumPy")],
)
def test_an_import_that_is_not_allowed_is_told_in_the_readers_language(grader, language, said):
    report = grader.grade("import torch\n" + RIGHT, "lstm-cell-state", language=language)
    assert report.verdict == "error"
    assert said in report.checks[0].detail
    assert ("submission" in report.checks[0].detail) == (language == "en")


STEP = "import numpy as np\ndef rnn_step({}):\n    return np.tanh(x @ W + h @ U + b)\n"


@pytest.mark.parametrize(
    ("own", "advised"), [("h, x, W, U, b", True), ("x, h, W, U, b=0", False), ("h, x, W, U, b=0, k=1", False)]
)
def test_parameters_in_another_order_are_told_beside_a_verdict_that_is_no_pass(grader, own, advised):
    report = grader.grade(STEP.format(own), "rnn-step", seed=1)
    advice = [c.detail for c in report.checks if c.name == "advice" and c.passed]
    assert advice == (
        ["your parameters have the task's names in another order; the call passes x, h, W, U, b"] * advised
    )


def test_a_method_is_no_function_of_the_file_and_its_line_is_told(grader):
    (report,) = grader.grade_file("class Solution:\n    def rnn_step(self, x, h, W, U, b): pass\n")
    assert (report.verdict, report.task) == ("error", None)
    assert "rnn_step stands in line 2, but not at the top level" in report.checks[0].detail
