"""Everything that the app says stands in its catalogues, where a missing language is a type error."""

import ast
from pathlib import Path

import pytest

import quiz.app

APP = Path(quiz.app.__path__[0])
CODE = sorted(path for path in APP.rglob("*.py") if not path.stem.endswith("words"))


def literals(tree):
    """The string constants of a module that are no docstrings, nor below an `assert` or `raise`."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.Assert | ast.Raise):
            skipped |= {id(child) for child in ast.walk(node)} if not _calls(node) else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def _calls(node):
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(APP).as_posix())
def test_no_words_stand_in_the_code(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    chinese = [text for text in literals(tree) if any("\u4e00" <= c <= "\u9fff" for c in text)]
    assert chinese == []
    for node in ast.walk(tree):  # and no text is made of one language alone, or of letters typed here
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            typed = [c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
            assert not any(word.isalpha() and len(word) > 2 for text in typed for word in text.split()), typed
