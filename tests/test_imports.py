"""The direction quiz -> answers -> rnnref -> NumPy, and what the quick commands must not load."""

import subprocess
import sys

import pytest


def loaded_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return {name.split(".")[0] for name in out.split()}


def test_rnnref_needs_numpy_alone():
    assert not loaded_after("import rnnref") & {"answers", "quiz", "hypothesis", "textual", "torch", "scipy"}


def test_answers_never_loads_quiz():
    statement = "from answers import deck\nlist(deck.BUILT_IN.questions())"
    assert not loaded_after(statement) & {"quiz", "textual", "hypothesis"}


def test_titles_are_listed_without_numpy():
    assert "numpy" not in loaded_after("from answers import deck\nlist(deck.BUILT_IN.questions())")


@pytest.mark.parametrize("heavy", ["numpy", "textual", "hypothesis", "rnnref", "fsrs", "platformdirs", "matplotlib"])
def test_help_loads_nothing_heavy(heavy):
    assert heavy not in loaded_after("from quiz.parser import build_parser\nbuild_parser('en').format_help()")


def test_the_grader_loads_no_hypothesis_and_no_textual():
    assert not loaded_after("from quiz.grading import command") & {"hypothesis", "textual"}


def test_the_onnx_operators_are_there_without_an_import_of_their_own():
    assert "rnnref" in loaded_after("import rnnref\nrnnref.onnx.lstm")
    assert "hypothesis" not in loaded_after("import rnnref\nrnnref.onnx.lstm")
