"""The catalogues against each other and against every use in the source, read and not run: each use names its key outright."""

import ast
import errno
import os
import re
import string
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quiz
from answers.model import Text, formula
from quiz.catalogue import en, listed, message, zh
from quiz.grading import imports

QUIZ = Path(quiz.__path__[0])
MODULES = {
    path.relative_to(QUIZ).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(QUIZ.rglob("*.py"))
    if path.parent.name != "catalogue"
}
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
DATA = {
    "app/wrapping.py": "，。、；：！？）》」』】〉％（《「『【〈",  # where lines break
    "app/widgets/prose.py": "、",  # how an item of a list is numbered
    "deck_command.py": "是",  # what may be typed for yes
    "drills.py": "个倍步轮次字节约＝。，；％＾",  # how numbers are typed
    "editing.py": "第行",  # the line that a finding names
    "formulas.py": "（），。．＋－＊／＝＠＾\u3000０１２３４５６７８９",  # how formulas are typed
    "settings.py": "％",  # how a share is typed
}
"""Chinese characters that are no messages, by module."""
OF_ONE_LANGUAGE = {"report.said.missed_more": {"missed", "more"}}
"""Placeholders that one language alone has: Chinese counts all that was left out, English what is not listed."""


def placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def keys_of(node):
    """The keys that the first argument of `message` may be: a literal, or one of two. None where that cannot be read."""
    match node:
        case ast.Constant(value=str() as key):
            return [key]
        case ast.IfExp(body=body, orelse=orelse):
            one, other = keys_of(body), keys_of(orelse)
            return one + other if one and other else None
    return None


def uses(source):
    """(line, keys, names of the values) of each use of `message`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
            yield node.lineno, keys_of(node.args[0]) if len(node.args) == 1 else None, {k.arg for k in node.keywords}


USES = [(f"{name}:{line}", keys, values) for name, source in MODULES.items() for line, keys, values in uses(source)]


def outline(catalogue):
    """Keys and comments of a catalogue's file, in their order."""
    source = Path(catalogue.__file__).read_text(encoding="utf-8")
    return re.findall(r'^    (# .+$|"[a-z0-9_.]+"(?=: ))', source, re.MULTILINE)


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert list(zh.MESSAGES) == list(en.MESSAGES)


def test_the_files_lie_side_by_side():
    assert outline(zh) == outline(en)
    assert [key for key in outline(en) if key.startswith('"')] == [f'"{key}"' for key in en.MESSAGES]


@pytest.mark.parametrize("catalogue", [zh, en])
def test_no_key_stands_twice(catalogue):
    source = Path(catalogue.__file__).read_text(encoding="utf-8")
    written = [k.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict) for k in node.keys]
    assert len(written) == len(set(written)) == len(catalogue.MESSAGES)


def test_keys_stand_by_section():
    sections = [key.partition(".")[0] for key in en.MESSAGES]
    begun = [section for k, section in enumerate(sections) if k == 0 or sections[k - 1] != section]
    assert len(begun) == len(set(begun))


def test_both_languages_have_the_same_placeholders():
    differing = {
        key: placeholders(said) ^ placeholders(en.MESSAGES[key])
        for key, said in zh.MESSAGES.items()
        if placeholders(said) != placeholders(en.MESSAGES[key])
    }
    assert differing == OF_ONE_LANGUAGE


@pytest.mark.parametrize("catalogue", [zh, en])
def test_placeholders_are_plain_names(catalogue):
    strange = {k: p for k, said in catalogue.MESSAGES.items() for p in placeholders(said) if not p.isidentifier()}
    assert strange == {}


def test_each_use_writes_its_key_out():
    assert [place for place, keys, _ in USES if not keys] == []


def test_each_key_that_is_used_exists():
    assert [(place, key) for place, keys, _ in USES for key in keys or () if key not in en.MESSAGES] == []


def test_each_use_gives_the_values_that_its_message_has():
    wrong = [
        (place, key, values)
        for place, keys, values in USES
        for key in keys or ()
        if values != placeholders(zh.MESSAGES[key]) | placeholders(en.MESSAGES[key])
    ]
    assert wrong == []


def test_no_message_is_left_over():
    assert sorted(en.MESSAGES.keys() - {key for _, keys, _ in USES for key in keys or ()}) == []


def test_what_counts_has_one_and_other():
    for key in en.MESSAGES:
        stem, _, last = key.rpartition(".")
        if last in ("one", "other"):
            assert {f"{stem}.one", f"{stem}.other"} <= en.MESSAGES.keys()


def test_message_is_what_it_is_called_everywhere():
    for name, source in MODULES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("quiz.catalogue"):
                assert node.module == "quiz.catalogue", name
                assert all(alias.name in ("message", "listed") and alias.asname is None for alias in node.names), name


def test_chinese_stands_in_the_catalogue_alone():
    found = {name: set(CHINESE.findall(source)) for name, source in MODULES.items() if CHINESE.search(source)}
    assert {
        name: "".join(sorted(letters - set(DATA.get(name, "")))) for name, letters in found.items()
    } == dict.fromkeys(DATA, "")


def test_no_text_is_made_of_words_typed_elsewhere():
    typed = []
    for name, source in MODULES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Text", "formula"):
                texts = [c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
                typed += [
                    (name, node.lineno, t) for t in texts if re.search("[A-Za-z]{2}", t) and t not in ("zh", "en")
                ]
    assert typed == []


# ---------------------------------------------------------------- what is also said elsewhere


@pytest.mark.skipif(sys.platform != "linux", reason="the words of another system")
def test_the_reasons_are_the_systems_own_in_english():
    from quiz.usage import _REASONS

    assert {os.strerror(number) for number in _REASONS} == {said.en for said in _REASONS.values()}
    assert _REASONS[errno.ENOENT].en == os.strerror(errno.ENOENT)


def test_what_a_submission_may_import_is_said_as_its_process_says_it():
    assert message("finding.not_allowed").en == imports.NOT_ALLOWED
    assert message("finding.unnamed").en == imports.UNNAMED


# ---------------------------------------------------------------- putting values in


def test_a_message_has_both_languages():
    assert message("evidence.holds") == Text(zh="成立", en="holds")


@given(st.text())
def test_a_value_passes_unharmed_whatever_it_holds(path):
    said = message("app.saved", path=path)
    assert said.zh == "已存为 " + path
    assert said.en == "Saved as " + path


@given(st.text(), st.text())
def test_a_text_is_put_in_language_by_language(in_chinese, in_english):
    said = message("finding.at_line", line=7, said=Text(zh=in_chinese, en=in_english))
    assert said == Text(zh=f"第 7 行：{in_chinese}", en=f"line 7: {in_english}")


def test_a_value_takes_the_format_of_its_place():
    assert message("interval.months", months=2.04).en == "2.0 mo"


@pytest.mark.parametrize("values", [{}, {"other": 1}])
def test_a_missing_value_is_an_error(values):
    with pytest.raises(KeyError):
        message("app.saved", **values)


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        message("app.no_such_message")
    with pytest.raises(KeyError):
        message("app.no_such_message", path=1)


def test_each_language_lists_in_its_own_way():
    assert listed(["a", message("common.true")]) == Text(zh="a、对", en="a, True")
    assert listed(iter(["a", "b"]), formula(" · ")) == formula("a · b")
    assert listed([]) == formula("")
