"""Checking a deck, growing one, and the second deck that comes with the tests."""

import dataclasses
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from answers.deck import BUILT_IN, open_folder
from answers.model import Claim, NumberDrill, Plot, Text
from quiz import cli, deck_check, decks, shelf
from quiz.decks import Choices

ATTENTION = Path(__file__).parents[1] / "decks" / "attention"


@pytest.fixture
def copy(tmp_path):
    """A copy of the second deck to break: `copy(file, old, new)` changes a file of it."""
    folder = tmp_path / "attention"
    shutil.copytree(ATTENTION, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def change(file, old, new):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.fixture
def rnnquiz(tmp_path, monkeypatch, capsys):
    """Runs the command in this process, without a terminal; gives exit status, output and errors."""
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: PTH123, SIM115 - as a script has it

    def run(*arguments):
        status = cli.main(["--lang", "en", *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    yield run
    for deck in shelf.opened():
        shelf.close_deck(deck.name)


# ---------------------------------------------------------------- the decks that come with the program


def test_the_second_deck_has_no_fault():
    assert deck_check.check(open_folder(ATTENTION)) == []


@pytest.mark.parametrize("question_id", open_folder(ATTENTION).question_ids())
def test_its_claims_hold_and_each_experiment_draws_one_picture(question_id):
    events = list(open_folder(ATTENTION).experiment(question_id).quick())
    assert all(e.holds for e in events if isinstance(e, Claim)), [e for e in events if isinstance(e, Claim)]
    assert sum(isinstance(e, Plot) for e in events) == 1
    for plot in (e for e in events if isinstance(e, Plot)):
        assert all(len(s.x) == len(s.y) > 1 for s in plot.series)


def test_it_has_ten_questions_that_ask_in_both_languages():
    questions = list(open_folder(ATTENTION).questions())
    assert len(questions) == 10
    for question in questions:
        assert len(question.drills) >= 3
        assert any(isinstance(d, NumberDrill) for d in question.drills) or question.id == "positions"
        answer = question.spoken, question.whiteboard
        for language in ("zh", "en"):
            text = "\n".join(part.of(language) for part in answer)
            for point in question.key_points:
                assert any(re.search(m, text, re.I) for m in point.mentions), (question.id, point.id, language)


def test_the_built_in_deck_is_checked_in_seconds():
    began = time.thread_time()
    deck_check.check(BUILT_IN)
    assert time.thread_time() - began < 10, "ten seconds is what it may take; its processor time is less than that"


# ---------------------------------------------------------------- every kind of fault

SCALE = "q02_why_scale.py"
TASK = "tasks/scaled_dot_product.py"
FAULTS = {
    "missing language": (SCALE, 'title=Text(zh="为什么除以 √d", en=', "title=Text(english=", "TypeError"),
    "syntax error": (SCALE, "QUESTION = Question(", "QUESTION = Question((", "not Python"),
    "binds nothing": (SCALE, "QUESTION = Question(", "ASKED = Question(", "binds no QUESTION"),
    "empty text": (SCALE, 'en="Why divide by √d"', 'en=" "', "the en text is empty"),
    "placeholder": (SCALE, "Why divide by √d", "Why? TODO", "placeholder 'TODO'"),
    "Chinese in the English text": (SCALE, "Why divide by √d", "Why 除以 √d", "holds Chinese"),
    "the same text twice": (
        SCALE,
        'zh="为什么除以 √d", en="Why divide by √d"',
        'zh="Why would anybody ever divide here", en="Why would anybody ever divide here"',
        "the same text",
    ),
    "another structure": (SCALE, "- 不除：", "不除：", "list items in zh"),
    "question id": (SCALE, 'id="why-scale"', 'id="Why_Scale"', "lower case with hyphens"),
    "drill id twice": (SCALE, '"why-scale-larger"', '"why-scale-deviation"', "is used 2 times"),
    "key point never ticked": (SCALE, '(r"饱和|独热", r"saturat|one-hot")', "()", "has no mentions"),
    "key point always ticked": (SCALE, 'r"饱和|独热"', 'r"x*"', "matches an empty answer"),
    "key point that is no pattern": (SCALE, 'r"饱和|独热"', 'r"("', "no regular expression"),
    "source without a year": (SCALE, "2017", "0", "authors, year and title"),
    "too few hints": (
        SCALE,
        '        Text(zh="随机向量的点积有多大？", en="How large is the product of two random vectors?"),\n',
        "",
        "2 hints",
    ),
    "choice without its answer": (SCALE, "0,\n            Text(zh=", "9,\n            Text(zh=", "right is 9"),
    "number drill that raises": (SCALE, "lambda d, s: d**0.5", "lambda d: d**0.5", "TypeError"),
    "number drill that is no number": (SCALE, "lambda d, s: d**0.5", 'lambda d, s: float("nan")', "the answer is nan"),
    "number drill that is no integer": (SCALE, "lambda d, s: d * s**4", "lambda d, s: d / 7", "no integer"),
    "template with an unknown name": (SCALE, "分量独立，均值 0，方差 1。", "{size} 个分量。", "KeyError"),
    "wrong formula": ("q06_positions.py", '"a * c - b * s",', '"a * c - b * s +",', "cannot be run"),
    "wrong expression that is right": ("q06_positions.py", '"a * c + b * s"', '"c * a - s * b"', "counts as right"),
    "missing solution": (
        "q01_scaled_dot_product.py",
        '"scaled-dot-product",)',
        '"scaled-dot-produce",)',
        "no such file under tasks/",
    ),
    "evidence that names no claim": (SCALE, '"shift-cures-overflow"', '"shift-cures-all"', "makes no claim of that id"),
    "no experiment": (SCALE, 'experiment="why_scale"', 'experiment="why_not"', "there is no file why_not.py"),
    "task id": (TASK, 'id="scaled-dot-product"', 'id="scaled-product"', "the file's name asks for"),
    "misconception that is none": (TASK, '"forgets-scale" in wrong', '"forgets" in wrong', "it is no mistake"),
    "equal misconceptions": (
        TASK,
        'if "divides-by-d" in wrong',
        'if wrong & {"divides-by-d", "counts-keys"}',
        "the same results",
    ),
    "variants away from the reference": (
        TASK,
        "reference=with_mistakes(frozenset())",
        "reference=lambda q, k, v: q @ k.T @ v",
        "differs from the reference",
    ),
    "ends the program": (SCALE, "QUESTION = Question(", "raise SystemExit(0)\nQUESTION = Question(", "SystemExit"),
    "is no question": (SCALE, "QUESTION = Question(", "QUESTION = dict(", "got a dict, expected a Question"),
    "an id that is a number": (SCALE, 'id="why-scale"', "id=3", "Question.id: got 3, expected str"),
    "a text that is none": (SCALE, 'en="Why divide by √d"', "en=None", "Text.en: got None, expected str"),
    "a drill that is none": (SCALE, "drills=(", "drills=(7,", "drills[0]: got 7, expected ChoiceDrill | "),
    "a list for a tuple": (SCALE, "tasks=()", "tasks=[]", "tasks: got a list, expected tuple[str, ...]"),
    "experiment that binds nothing": ("experiments/why_scale.py", "EXPERIMENT = ", "TRIED = ", "binds no EXPERIMENT"),
    "experiment that raises": (
        "experiments/why_scale.py",
        "EXPERIMENT = ",
        "1 / 0\nEXPERIMENT = ",
        "ZeroDivisionError",
    ),
    "is no task": (TASK, "TASK = Task(", "TASK = dict(", "got a dict, expected a Task"),
    "input that is none": (TASK, 'Array("q", ("T", "D"))', '"q"', "inputs[0]: got a str, expected Array | "),
    "reference that raises": (TASK, "reference=with_mistakes(frozenset())", "reference=lambda q: q", "TypeError"),
    "corner cases that raise": (
        TASK,
        "corner_cases=corner_cases",
        "corner_cases=lambda rng: rng.no()",
        "AttributeError",
    ),
    "solution that fails": (
        "solutions/scaled_dot_product.py",
        "axis=-1, keepdims=True) @ v",
        "axis=0, keepdims=True) @ v",
        "does not pass",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_found_with_its_file_and_line(copy, kind):
    file, old, new, words = FAULTS[kind]
    folder = copy(file, old, new)
    faults = deck_check.check(open_folder(folder))
    told = [fault for fault in faults if words in fault.message]
    assert told, faults
    assert all(Path(fault.file).is_relative_to(folder) for fault in told)
    assert all(fault.line >= 1 for fault in told)


def test_a_fault_names_the_very_line(copy):
    folder = copy(SCALE, "Why divide by √d", "TODO")
    (fault,) = deck_check.check(open_folder(folder))
    line = (folder / SCALE).read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert 'en="TODO"' in line


def test_a_missing_solution_is_a_fault(copy):
    folder = copy(SCALE, "2017", "2017")
    (folder / "solutions" / "scaled_dot_product.py").unlink()
    assert any("there is no model solution" in fault.message for fault in deck_check.check(open_folder(folder)))


def test_faults_of_several_files_are_told_at_once(copy):
    copy(SCALE, "Why divide by √d", "TODO")
    copy("q03_causal_mask.py", '"causal-mask-last"', '"why-scale-by-d"')
    folder = copy("q05_self_and_cross.py", "QUESTION = ", "QUESTION == ")
    faults = deck_check.check(open_folder(folder))
    assert {Path(fault.file).name for fault in faults} >= {SCALE, "q05_self_and_cross.py"}
    assert len(faults) >= 2


def test_a_text_cannot_be_built_in_one_language():
    with pytest.raises(TypeError, match="en missing"):
        Text(zh="只有一种")


# ---------------------------------------------------------------- growing a deck


def test_a_new_question_is_faulted_until_it_is_filled_in(rnnquiz, tmp_path):
    status, out, _ = rnnquiz("deck", "new", "mine/why-not")
    assert status == 0
    written = [Path(line) for line in out.splitlines()[:2]]
    assert [path.as_posix() for path in written] == ["mine/q01_why_not.py", "mine/experiments/why_not.py"]
    status, out, _ = rnnquiz("deck", "check", "mine")
    assert status != 0
    assert "the zh text is empty" in out
    assert "has no mentions" in out
    filled(tmp_path / "mine" / "q01_why_not.py")
    filled(tmp_path / "mine" / "experiments" / "why_not.py")
    status, out, _ = rnnquiz("deck", "check", "mine")
    assert (status, out) == (0, "no faults: 1 questions, 0 tasks\n")


def filled(path):
    """Writes something into every empty place of a skeleton."""
    text, count = path.read_text(encoding="utf-8"), iter(range(1000))
    text = re.sub(r'Text\(zh="", en=""\)', lambda _: f'Text(zh="第 {(k := next(count))} 句", en="Sentence {k}")', text)
    text = text.replace("mentions=()", 'mentions=("why",)').replace('Source("", 0, "")', 'Source("A", 2020, "B")')
    path.write_text(text, encoding="utf-8")


def test_a_second_question_takes_the_next_number_and_nothing_is_overwritten(rnnquiz, tmp_path):
    rnnquiz("deck", "new", "mine/why-not")
    path = tmp_path / "mine" / "q01_why_not.py"
    path.write_text("mine\n", encoding="utf-8")
    status, _, err = rnnquiz("deck", "new", "mine/why-not")
    assert status == 2
    assert "already" in err
    assert path.read_text(encoding="utf-8") == "mine\n"
    assert "q02_another.py" in rnnquiz("deck", "new", "mine/another")[1]


@pytest.mark.parametrize("name", ["no-section", "mine/Upper", "mine/two words", "mine/"])
def test_a_bad_name_is_one_line(rnnquiz, name):
    status, out, err = rnnquiz("deck", "new", name)
    assert (status, out, len(err.splitlines())) == (2, "", 1)


# ---------------------------------------------------------------- adding one


def test_a_deck_is_added_only_when_it_is_trusted(rnnquiz):
    status, _, err = rnnquiz("deck", "add", ATTENTION)
    assert status == 2
    assert "--yes" in err
    assert "attention" not in rnnquiz("deck", "list")[1]
    assert rnnquiz("deck", "add", ATTENTION, "--yes")[:2] == (0, "added attention: 10 questions\n")
    assert str(ATTENTION) in rnnquiz("deck", "list")[1]


def test_it_is_asked_about_at_a_terminal(rnnquiz, monkeypatch):
    class Terminal:
        said = "n\n"

        def isatty(self):
            return True

        def readline(self):
            return self.said

    monkeypatch.setattr("sys.stdin", Terminal())
    status, _, err = rnnquiz("deck", "add", ATTENTION)
    assert status == 2
    assert "runs with your rights" in err
    monkeypatch.setattr(Terminal, "said", "y\n")
    assert rnnquiz("deck", "add", ATTENTION)[0] == 0


def test_an_added_deck_answers_and_is_removed(rnnquiz):
    rnnquiz("deck", "add", ATTENTION, "--yes")
    shelf.close_deck("attention")
    status, out, _ = rnnquiz("answer", "attention:causal-mask", "--quick")
    assert status == 0, _
    assert "✓" in out
    assert rnnquiz("deck", "remove", "attention")[0] == 0
    assert rnnquiz("deck", "remove", "attention")[0] == 2
    assert "attention" not in rnnquiz("deck", "list")[1]


def test_what_is_no_deck_is_one_line(rnnquiz, tmp_path):
    for folder in (tmp_path / "missing", tmp_path, BUILT_IN.folder):
        status, out, err = rnnquiz("deck", "add", folder, "--yes")
        assert (status, out, len(err.splitlines())) == (2, "", 1)


def test_settings_that_make_no_sense_are_no_decks():
    kept = {"decks": {"folders": "x", "agreed": [1, "/somewhere"]}}
    choices = Choices(kept.get, kept.__setitem__)
    assert (choices.folders, choices.agreed) == ([], ["/somewhere"])
    assert next(offer.name for offer in decks.offers([])) == "rnn"


def test_ids_carry_the_decks_name():
    deck = open_folder(ATTENTION)
    shelf.open_deck(deck)
    try:
        question = shelf.question("attention:scaled-dot-product")
        assert question.tasks == ("attention:scaled-dot-product",)
        assert shelf.task("attention:scaled-dot-product").id == "attention:scaled-dot-product"
        card = shelf.task_card("attention:scaled-dot-product")
        assert (card.function, card.parameters) == ("scaled_dot_product", "q, k, v")
        assert dataclasses.replace(question, id="scaled-dot-product", tasks=("scaled-dot-product",)) == deck.question(
            "scaled-dot-product"
        )
    finally:
        shelf.close_deck("attention")
    assert not shelf.knows("attention:scaled-dot-product")


def test_a_broken_file_of_the_deck_that_ships_is_one_line_for_every_command(tmp_path):
    for package in ("answers", "quiz", "rnnref"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(deck_check.__file__).parents[1] / package, tmp_path / package, ignore=ignored)
    with (tmp_path / "answers" / "tasks" / "lstm_step.py").open("a") as file:
        file.write("x = (\n")
    question = tmp_path / "answers" / "q05_why_lstm.py"
    question.write_text(question.read_text(encoding="utf-8").replace("QUESTION = ", "ASKED = "), encoding="utf-8")
    (tmp_path / "mine.py").write_text("def lstm_step(x, h, c, W, U, b): return h, c\n")
    for arguments, said in (
        ("list", "q05_why_lstm.py:1: binds no QUESTION"),
        ("answer why-rnn", "q05_why_lstm.py:1: binds no QUESTION"),
        ("new lstm-step", "lstm_step.py:267: not Python"),
        ("grade mine.py", "lstm_step.py:267: not Python"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "quiz", *arguments.split()], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 2, arguments
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
