"""Files as they come: what cannot be read, what cannot be compiled, and what a syntax tree shows."""

from __future__ import annotations

import os
import socket
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from quiz.grading import files, submission
from quiz.grading.syntax import importable

KNOWN = {"sigmoid", "softmax", "rnn_step", "lstm_step", "lstm_gates", "rnn_output", "orthogonal_init"}


def of(source: str | bytes) -> submission.Submission:
    return submission.from_source(source, KNOWN)


# ---------------------------------------------------------------- files


def test_a_file_is_read_once_and_compiled(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("def sigmoid(x): return x\n")
    found = submission.read(path, KNOWN)
    path.write_text("broken(")
    assert (found.file, found.path, found.functions, found.problem) == (str(path), str(path), ("sigmoid",), None)
    assert found.code is not None


def test_the_path_inside_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("")
    found = submission.read("a.py", KNOWN)
    assert (found.file, found.path) == ("a.py", str(tmp_path / "a.py"))
    assert (found.functions, found.problem) == ((), None)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("sigmoid = abs")
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    assert submission.read(tmp_path / "b.py", KNOWN).functions == ("sigmoid",)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(path))


IRREGULAR = {
    "folder": (Path.mkdir, "folder"),
    "pipe": (_fifo, "regular"),
    "socket": (_listening, "regular"),
    "device": (lambda p: p.symlink_to("/dev/zero"), "regular"),
    "terminal": (lambda p: p.symlink_to("/dev/tty"), "regular"),
    "dangling": (lambda p: p.symlink_to("nowhere"), "no such file"),
    "loop": (lambda p: p.symlink_to(p), "back to itself"),
    "missing": (lambda p: None, "no such file"),
    "large": (lambda p: p.write_bytes(b" " * (submission.MAX_BYTES + 1)), "1 MiB"),
}


@pytest.mark.parametrize("name", IRREGULAR)
def test_what_is_no_readable_file_is_a_problem_at_once(name: str, tmp_path: Path) -> None:
    make, said = IRREGULAR[name]
    path = tmp_path / "x.py"
    make(path)
    begin = time.process_time()
    problem = submission.read(path, KNOWN).problem
    assert time.process_time() - begin < 2
    assert problem is not None
    assert said in problem.text.en
    assert problem.text.zh


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[Path]:
    """A folder of this user's, who is not root for the time being."""
    if os.geteuid() != 0:
        yield tmp_path
        return
    os.chown(tmp_path, 65534, 65534)
    for parent in tmp_path.parents:
        if Path(tempfile.gettempdir()) in parent.parents:
            parent.chmod(0o755)
    os.seteuid(65534)
    try:
        yield tmp_path
    finally:
        os.seteuid(0)


def test_an_unreadable_file_is_a_problem(unprivileged: Path) -> None:
    path = unprivileged / "x.py"
    path.write_text("")
    path.chmod(0)
    problem = submission.read(path, KNOWN).problem
    assert problem is not None
    assert "permission" in problem.text.en


def test_what_lies_where_nobody_is_let_in_is_among_the_files_and_a_problem(unprivileged: Path) -> None:
    shut = unprivileged / "learner"
    shut.mkdir()
    (shut / "x.py").write_text("")
    (unprivileged / "y.py").write_text("")
    shut.chmod(0)
    try:
        inside = str(shut / "x.py")
        assert files.find([str(unprivileged), inside]) == [str(shut), str(unprivileged / "y.py"), inside]
        for path in (shut, inside):
            problem = submission.read(path, KNOWN).problem
            assert problem is not None
            assert "permission" in problem.text.en
    finally:
        shut.chmod(0o700)


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(b"sigmoid = abs\n".ljust(submission.MAX_BYTES))
    assert submission.read(path, KNOWN).functions == ("sigmoid",)


def test_a_name_with_a_null_byte_is_a_problem() -> None:
    assert submission.read("a\0b.py", KNOWN).problem is not None


def test_what_python_warns_of_in_a_text_is_not_said_to_whoever_grades_it() -> None:
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        found = submission.from_source("def sigmoid(x):\n    '\\d'\n    return 1[x] if x is 1 else 2(x)\n", KNOWN)
    assert found.functions == ("sigmoid",)
    assert not log


# ---------------------------------------------------------------- text

GOOD = {
    "utf-8": "# 读者\nsigmoid = abs".encode(),
    "mark": "\ufeff# 读者\nsigmoid = abs".encode(),
    "latin-1": "# -*- coding: latin-1 -*-\n# é\nsigmoid = abs".encode("latin-1"),
    "gbk": "# coding: gbk\n# 读者\nsigmoid = abs".encode("gbk"),
    "second line": b"#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n# \xe9\nsigmoid = abs",
    "crlf": b"x = 1\r\nsigmoid = abs\r\n",
    "cr": b"x = 1\rsigmoid = abs\r",
    "tabs": b"if 1:\n\tsigmoid = abs",
}


@pytest.mark.parametrize("name", GOOD)
def test_encodings_are_pythons(name: str) -> None:
    found = of(GOOD[name])
    assert (found.functions, found.problem) == (("sigmoid",), None)


BAD = {
    "syntax": (b"x = 1\ndef sigmoid(:\n", 2),
    "indentation": (b"def f():\npass\n", 2),
    "not utf-8": (b"x = '\xe9'\n", None),
    "unknown cookie": (b"# coding: klingon\n", None),
    "cookie of no text": (b"# coding: rot13\n", None),
    "null byte": (b"x = 1\0\n", None),
    "utf-16": ("sigmoid = abs".encode("utf-16"), None),
    "binary": (bytes(range(256)), None),
    "deep brackets": (b"(" * 500 + b")" * 500, None),
    "deep unary": (b"-" * 100_000 + b"1", None),
    "deep operators": (b"a" + b"+a" * 100_000, None),
    "deep attributes": (b"a" + b".a" * 100_000, None),
    "deep calls": (b"a" + b"()" * 100_000, None),
    "return outside": (b"return 1", 1),
    "two parameters of a name": (b"x = 1\ndef f(a, a): pass", 2),
}


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_compile_is_a_problem_of_one_line(name: str) -> None:
    source, line = BAD[name]
    begin = time.process_time()
    found = of(source)
    assert time.process_time() - begin < 5
    assert found.code is None
    assert found.problem is not None
    assert len(found.problem.text.en) < 100
    assert "\n" not in found.problem.text.en + found.problem.text.zh
    if line is not None:
        assert found.problem.line == line
        assert f"line {line}" in found.problem.text.en


FILE = "def sigmoid(x):\n    return x\n"
NO_TEXT = {
    "UTF-16": (FILE.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (FILE.encode("utf-16-le"), "UTF-16"),
    "UTF-32": (FILE.encode("utf-32"), "UTF-32"),
    "a null byte": (FILE.encode() + b"\0", "null bytes"),
    "an unknown cookie": (b"# coding: klingon\n" + FILE.encode(), "declares"),
    "a cookie against the mark": (b"\xef\xbb\xbf# coding: latin-1\n" + FILE.encode(), "declares"),
    "Latin-1 undeclared": (b"# caf\xe9\n" + FILE.encode(), "UTF-8"),
}


@pytest.mark.parametrize("name", NO_TEXT)
def test_what_is_no_text_is_told_what_it_is(name: str) -> None:
    raw, word = NO_TEXT[name]
    problem = of(raw).problem
    assert problem is not None
    assert word in problem.text.en
    assert word.replace("null bytes", "空字节").replace("declares", "声明") in problem.text.zh


def test_a_message_quotes_nothing_of_the_file() -> None:
    problem = of(b"password = hunter2 hunter2\n").problem
    assert problem is not None
    assert "hunter2" not in problem.text.en + problem.text.zh


@pytest.mark.parametrize(
    "source", ["x = 1\n" * 20_000, "x = 10 ** 10 ** 8", "x = 'a' * 10**9", "x = [" + "1," * 100_000 + "]"]
)
def test_large_and_costly_texts_compile_in_time(source: str) -> None:
    begin = time.process_time()
    assert of(source).problem is None
    assert time.process_time() - begin < 5


def test_a_text_with_lone_surrogates_is_a_problem() -> None:
    assert of("x = '\ud800'").problem is not None


# ---------------------------------------------------------------- the tree

BINDS = {
    "def sigmoid(x): return x": True,
    "async def sigmoid(x): return x": True,
    "class sigmoid: pass": True,
    "sigmoid = abs": True,
    "sigmoid: object = abs": True,
    "sigmoid: object": False,
    "a = b = sigmoid = abs": True,
    "(a, [sigmoid, *b]) = abs, [abs, abs]": True,
    "if True:\n    def sigmoid(x): return x": True,
    "try:\n    sigmoid = abs\nfinally:\n    pass": True,
    "try:\n    pass\nexcept OSError:\n    sigmoid = abs": True,
    "with open('x') as sigmoid: pass": True,
    "for sigmoid in []: pass": True,
    "while 0:\n    sigmoid = 1": True,
    "from math import exp as sigmoid": True,
    "import math as sigmoid": True,
    "import sigmoid.inner": True,
    "print(sigmoid := abs)": True,
    "match 1:\n    case sigmoid: pass": True,
    "def f():\n    sigmoid = 1": False,
    "class C:\n    def sigmoid(self): pass": False,
    "[sigmoid for sigmoid in []]": False,
    "lambda sigmoid: sigmoid": False,
    "x.sigmoid = 1": False,
    "x['sigmoid'] = 1": False,
    "sigmoid": False,
    "'def sigmoid(x): pass'": False,
}


@pytest.mark.parametrize("source", BINDS)
def test_what_the_top_level_binds(source: str) -> None:
    assert of(source).functions == (("sigmoid",) if BINDS[source] else ())


def test_functions_come_in_the_files_order() -> None:
    assert of("def softmax(x): pass\nsigmoid = 1\ndef softmax(y): pass").functions == ("softmax", "sigmoid")


HELPERS = {
    "called": ("def sigmoid(x): pass\ndef lstm_step(x): return sigmoid(x)", {"sigmoid"}),
    "not called": ("def sigmoid(x): pass\ndef lstm_step(x): return x", set()),
    "passed on": ("def sigmoid(x): pass\ndef lstm_step(x): return list(map(sigmoid, x))", {"sigmoid"}),
    "through another": (
        "def sigmoid(x): pass\ndef cell(x): return sigmoid(x)\ndef lstm_step(x): return cell(x)",
        {"sigmoid"},
    ),
    "through a class": (
        "def sigmoid(x): pass\nclass Cell:\n    def go(self, x): return sigmoid(x)\ndef lstm_step(x): return Cell().go(x)",
        {"sigmoid"},
    ),
    "through a lambda": (
        "sigmoid = lambda x: x\nact = lambda x: sigmoid(x)\ndef lstm_step(x): return act(x)",
        {"sigmoid"},
    ),
    "a chain": (
        "def sigmoid(x): pass\ndef lstm_gates(x): return sigmoid(x)\ndef lstm_step(x): return lstm_gates(x)",
        {"sigmoid", "lstm_gates"},
    ),
    "a parameter of the name": ("def sigmoid(x): pass\ndef lstm_step(x, sigmoid): return sigmoid(x)", set()),
    "a local of the name": ("def sigmoid(x): pass\ndef lstm_step(x):\n    sigmoid = abs\n    return sigmoid(x)", set()),
    "an inner function of the name": (
        "def sigmoid(x): pass\ndef lstm_step(x):\n    def sigmoid(y): return y\n    return sigmoid(x)",
        set(),
    ),
    "from an inner function": (
        "def sigmoid(x): pass\ndef lstm_step(x):\n    def g(y): return sigmoid(y)\n    return g(x)",
        {"sigmoid"},
    ),
    "an attribute of the name": ("def sigmoid(x): pass\ndef lstm_step(x): return x.sigmoid()", set()),
    "top-level code": ("def sigmoid(x): pass\ndef lstm_step(x): return x\nprint(sigmoid(1))", set()),
    "itself": ("def sigmoid(x): return sigmoid(x)", set()),
    "each other": ("def sigmoid(x): return softmax(x)\ndef softmax(x): return sigmoid(x)", set()),
    "one name for another": ("def sigmoid(x): pass\nsoftmax = sigmoid", {"sigmoid"}),
    "a default": ("def sigmoid(x): pass\ndef lstm_step(x, act=sigmoid): return act(x)", {"sigmoid"}),
    "a decorator": ("def sigmoid(x): pass\n@sigmoid\ndef lstm_step(x): return x", {"sigmoid"}),
}


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_are_what_other_graded_functions_use(name: str) -> None:
    source, helpers = HELPERS[name]
    assert of(source).helpers == helpers


MODULES = {
    "import numpy as np": {"numpy"},
    "import numpy.fft": {"numpy.fft"},
    "from numpy.random import default_rng": {"numpy.random"},
    "from numpy import random": {"numpy", "numpy.random"},
    "from numpy import *": {"numpy.fft", "numpy.ctypeslib", "numpy.testing"},
    "x = np.random.rand()": {"numpy.random"},
    "def f():\n    import json.decoder": {"json.decoder"},
    "m = __import__('socket')": {"socket"},
    "m = importlib.import_module('csv')": {"csv"},
    "import torch, rnnref, quiz": set(),
    "from . import json": set(),
    "import antigravity, this, idlelib.idle, test.regrtest, json.__main__, numpy.tests": set(),
    "def orthogonal_init(shape, gain, rng): pass": {"numpy.random"},
}


@pytest.mark.parametrize("source", MODULES)
def test_modules_to_import_ahead(source: str) -> None:
    found = set(of(source).modules)
    assert MODULES[source] <= found
    assert all(importable(name) for name in found)
    if not MODULES[source]:
        assert found == set()


def test_what_a_file_has_instead_of_a_function_is_found_by_name_and_line():
    inside = submission.from_source("x = 1\nclass Solution:\n    def lstm_step(self, x):\n        return x\n", KNOWN)
    assert inside.misplaced(KNOWN) == ("lstm_step", 3)
    assert inside.resembling(KNOWN) is None
    near = submission.from_source("import math\n\ndef lstm_steps(x):\n    return x\n", KNOWN)
    assert near.misplaced(KNOWN) is None
    assert near.resembling(KNOWN) == ("lstm_step", 3)
    assert submission.from_source("def f(x): return [y for y in x]\n", KNOWN).resembling(KNOWN) is None
    assert submission.from_source("def f(\n", KNOWN).misplaced(KNOWN) is None


def test_the_parameters_of_the_last_definition_count():
    twice = submission.from_source("def f(a): pass\ndef f(b, c, /, d=1, *e, g=2): pass\nh = lambda x: x\n", {"f"})
    assert twice.parameters("f") == ("b", "c", "d")
    assert twice.parameters("h") == ()
