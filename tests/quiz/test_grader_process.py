"""The grader in a process of its own: it is stopped at any moment, killed at any moment, and shares its turn."""

import os
import signal
import threading
import time

import pytest

from quiz.grader_process import GraderProcess, GradingFailed, Slots, Stopped

RIGHT = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"
WRONG = RIGHT.replace("f * c + i * g", "i * c + f * g")
ENDLESS = "def lstm_cell_state(c, i, f, g):\n    while True:\n        pass\n"


@pytest.fixture(scope="module")
def grader():
    with GraderProcess() as started:
        yield started


def stopped_after(grader, seconds, *arguments, **options):
    """How long it took from the request to stop until `grade` was over."""
    asked = []

    def stop():
        asked.append(time.monotonic())
        grader.stop()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        with pytest.raises(Stopped):
            grader.grade(*arguments, **options)
    finally:
        timer.cancel()
    return time.monotonic() - asked[0]


def test_it_grades_as_the_grader_does(grader):
    told = []
    report = grader.grade(WRONG, "lstm-cell-state", progress=lambda *step: told.append(step))
    assert report.verdict == "fail"
    assert report.diagnosis.id == "swaps-i-and-f"
    assert report.counterexample.expected.shape == report.counterexample.got.shape
    assert [doing for doing, _ in told] == ["cases", "shrink"]
    assert grader.grade(RIGHT, "lstm-cell-state").passed


def test_the_search_says_how_far_it_is_and_is_stopped(grader):
    told = []
    seconds = stopped_after(
        grader, 1.0, RIGHT, "lstm-cell-state", thorough=True, progress=lambda *step: told.append(step)
    )
    assert seconds < 3
    fractions = [fraction for doing, fraction in told if doing == "search"]
    assert len(fractions) > 2
    assert fractions == sorted(fractions)
    assert grader.grade(RIGHT, "lstm-cell-state").passed


def test_what_it_grades_to_warm_up_is_told_to_nobody(grader):
    told = []
    grader.warm(WRONG, "lstm-cell-state")
    assert grader.grade(RIGHT, "lstm-cell-state", progress=lambda doing, _: told.append(doing)).passed
    assert "shrink" not in told
    grader.warm(WRONG, "no-such-task")
    assert grader.grade(RIGHT, "lstm-cell-state").passed


def test_what_never_ends_is_stopped_too(grader):
    assert stopped_after(grader, 0.5, ENDLESS, "lstm-cell-state") < 3
    assert grader.grade(RIGHT, "lstm-cell-state").passed


def test_a_stop_that_comes_too_late_stops_nothing(grader):
    grader.stop()
    assert grader.grade(RIGHT, "lstm-cell-state").passed


def test_killed_between_two_gradings_it_is_started_again(grader):
    os.kill(grader._process.pid, signal.SIGKILL)
    assert grader.grade(RIGHT, "lstm-cell-state").passed


def test_what_the_grader_itself_cannot_do_is_one_line(grader):
    with pytest.raises(GradingFailed, match="no-such-task"):
        grader.grade(RIGHT, "no-such-task")


def test_closed_it_leaves_no_process_behind():
    with GraderProcess() as started:
        assert started.grade(RIGHT, "lstm-cell-state").passed
        pid = started._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(Stopped):
        started.grade(RIGHT, "lstm-cell-state")


def test_no_more_than_so_many_grade_at_once(tmp_path):
    slots, never = Slots(str(tmp_path), 2), threading.Event()
    most, running, lock = 0, 0, threading.Lock()

    def work():
        nonlocal most, running
        with slots.taken(never, lambda: None) as held:
            assert held
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.05)
            with lock:
                running -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_search_leaves_a_slot_for_others_and_waiting_is_stopped(tmp_path):
    slots, stop, waits = Slots(str(tmp_path), 2), threading.Event(), []
    with slots.taken(stop, lambda: None, spare=1) as first:
        assert first
        threading.Timer(0.2, stop.set).start()
        with slots.taken(stop, lambda: waits.append(1), spare=1) as second:
            assert not second
        assert waits == [1]
        with slots.taken(threading.Event(), lambda: None) as other:
            assert other


def test_slots_are_named_in_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv(Slots.VARIABLE, f"3:{tmp_path}")
    assert Slots.from_environment()._count == 3
    monkeypatch.setenv(Slots.VARIABLE, "nonsense")
    assert Slots.from_environment()._count == 0


def test_a_visitor_may_ask_for_less_than_the_usual_limits_but_not_for_more(grader, monkeypatch):
    from quiz.grading import Limits

    slow = "import time\n" + RIGHT.replace("    return", "    time.sleep(0.3)\n    return")
    monkeypatch.setenv("RNNQUIZ_VISITOR", "1")
    assert grader.grade(slow, "lstm-cell-state", limits=Limits(seconds=0.2)).verdict == "timeout"
    began = time.monotonic()
    assert grader.grade(slow, "lstm-cell-state", limits=Limits(seconds=300)).verdict == "timeout"
    assert time.monotonic() - began < 20
