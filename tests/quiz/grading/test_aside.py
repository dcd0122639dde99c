"""Work in a fork beside this process: its result, or the same work here where there is none."""

import os
import threading

import pytest

from answers.record import replace
from quiz.grading import aside, grader, locks
from quiz.grading.grader import Options, Preparation

pytestmark = pytest.mark.skipif(not locks.LINUX, reason="elsewhere nothing is forked")
HERE = os.getpid()
WRONG = """
def lstm_cell_state(c, i, f, g):
    return i * c + f * g
"""


def test_work_is_done_in_another_process():
    assert aside.aside(os.getpid)() not in (0, HERE)


def test_a_large_result_arrives_whole():
    assert aside.aside(lambda: list(range(50_000)))() == list(range(50_000))


def ends():
    if os.getpid() != HERE:
        os._exit(3)
    return "here"


def raises():
    if os.getpid() != HERE:
        raise ValueError
    return "here"


def gives_what_does_not_travel():
    return "here" if os.getpid() == HERE else object()


@pytest.mark.parametrize("work", [ends, raises, gives_what_does_not_travel])
def test_what_fails_there_is_done_here(work):
    assert aside.aside(work)() == "here"


def test_where_no_fork_is_to_be_had_the_work_is_done_here_when_it_is_asked_for(monkeypatch):
    def refused():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    done = []
    result = aside.aside(lambda: done.append(1))
    assert not done
    result()
    assert done


def test_a_process_with_threads_is_not_forked(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    assert not aside.is_possible()
    over.set()
    thread.join()


def test_one_processor_is_not_divided(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert not aside.is_possible()


def test_divided_or_not_a_report_says_the_same(monkeypatch):
    monkeypatch.setattr(aside, "is_possible", lambda: True)
    forked = []
    monkeypatch.setattr(aside, "aside", lambda work, do=aside.aside: forked.append(1) or do(work))
    options = Options(task="lstm-cell-state", seed=4)
    found = [
        next(grader.reports(grader.read(WRONG), replace(options, divide=divide), Preparation()))
        for divide in (False, True)
    ]
    assert len(forked) == 1
    alone, divided = (replace(report, seconds=0.0).to_json() for report in found)
    assert alone == divided
    assert divided["diagnosis"]["id"] == "swaps-i-and-f"
