"""What the editor does with a key. `|` is the cursor, `[` `]` in a row of their own would be brackets: anchors are `‹`."""

import io
import itertools
import tokenize

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from quiz import editing

CODE = st.text(st.sampled_from("ab01 ()[]{}\"'#:,\\\n=."), max_size=60)
LINES = st.lists(st.text(st.sampled_from("abc # ():"), max_size=8), min_size=1, max_size=6).map("\n".join)


def marked(shown):
    """A text with `‹` where the selection was begun and `|` where the cursor is; text, anchor, cursor."""
    cursor = shown.replace("‹", "").index("|")
    anchor = shown.replace("|", "").find("‹")
    return shown.replace("|", "").replace("‹", ""), cursor if anchor < 0 else anchor, cursor


def after(shown, *keys):
    """What is shown after these keys, each handled as the editor does: by us, or as plain typing."""
    text, anchor, cursor = marked(shown)
    for key in keys:
        character = key if len(key) == 1 else None
        edit = editing.typed(text, anchor, cursor, key, character)
        if edit is None:
            start, end = sorted((anchor, cursor))
            typed = {"enter": "\n", "backspace": "", "tab": "    "}.get(key, key)
            if key == "backspace" and start == end:
                start = max(start - 1, 0)
            edit = editing.Edit(start, end, typed, start + len(typed), start + len(typed))
        text, anchor, cursor = edit.of(text), edit.anchor, edit.cursor
    shown = text[:cursor] + "|" + text[cursor:]
    return shown if anchor == cursor else shown[: (p := anchor + (anchor > cursor))] + "‹" + shown[p:]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("def f():|", "def f():\n    |"),
        ("    if x:  # why|", "    if x:  # why\n        |"),
        ("    if x:|  # why", "    if x:\n        |# why"),
        ("    return x|", "    return x\n|"),
        ("        break|", "        break\n    |"),
        ("    returned = x|", "    returned = x\n    |"),
        ("x = f(|", "x = f(\n    |"),
        ("x = f(|)", "x = f(\n    |\n)"),
        ("    x = {|}", "    x = {\n        |\n    }"),
        ("x = f(a,|", "x = f(a,\n      |"),
        ("x = f(a,\n      b,|", "x = f(a,\n      b,\n      |"),
        ("    x = f(a,\n          b)|", "    x = f(a,\n          b)\n    |"),
        ("    return f(\n        a,\n    )|", "    return f(\n        a,\n    )\n|"),
        ("def f(\n    a,\n    b,\n):|", "def f(\n    a,\n    b,\n):\n    |"),
        ("x = 1 + \\|", "x = 1 + \\\n    |"),
        ("x = d[a:|", "x = d[a:\n      |"),
        ("    '''a:|", "    '''a:\n    |"),
        ('x = "a:|"', 'x = "a:\n|"'),
        ("    # note:|", "    # note:\n    |"),
        ('s = "("|', 's = "("\n|'),
        ("|    x", "\n|    x"),
        ("|", "\n|"),
    ],
)
def test_a_new_line_begins_where_its_block_wants_it(before, expected):
    assert after(before, "enter") == expected


@pytest.mark.parametrize(
    ("before", "keys", "expected"),
    [
        ("f|", "(", "f(|)"),
        ("f(|)", ")", "f()|"),
        ("f((a|)", ")", "f((a)|)"),
        ("f(|x", "(", "f((|x"),
        ("|", "[1](2){}", "[1](2){}|"),
        ("x = |", '"', 'x = "|"'),
        ('x = "|"', '"', 'x = ""|'),
        ("x = f|", '"', 'x = f"|"'),
        ("x = rb|", "'", "x = rb'|'"),
        ("don|", "'", "don'|"),
        ("# don|", "'", "# don'|"),
        ("# f|", "(", "# f(|"),
        ('"a|"', "(", '"a(|"'),
        ('    ""|', '"', '    """|"""'),
        ('    """a|"""', '"""', '    """a"""|'),
        ('|"a"', '"', '"|"a"'),
        ('x = "a\\|"', '"', 'x = "a\\"|"'),
    ],
)
def test_brackets_and_quotes_come_in_pairs(before, keys, expected):
    assert after(before, *keys) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("f(|)", "f|"),
        ('x = "|"', "x = |"),
        ('x = "a"|"b"', 'x = "a|"b"'),
        ("        |x", "    |x"),
        ("     |", "    |"),
        ("ab|", "a|"),
        ("|", "|"),
        ("f(|]", "f|]"),
    ],
)
def test_backspace(before, expected):
    assert after(before, "backspace") == expected


@pytest.mark.parametrize(
    ("before", "key", "expected"),
    [
        ("‹a + b|", "(", "(‹a + b|)"),
        ("|a + b‹", '"', '"|a + b‹"'),
        ("‹a|", "x", "x|"),
        ("if a:\n    ‹b\n    c|", "tab", "if a:\n        ‹b\n        c|"),
        ("‹a\n|b", "tab", "    ‹a\n|b"),
        ("x = f(‹a|)", "enter", "x = f(\n    |\n)"),
    ],
)
def test_over_a_selection(before, key, expected):
    assert after(before, key) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("if a:\n    b\n    else|", "if a:\n    b\nelse:|"),
        ("if a:\n    b\n    elif c|", "if a:\n    b\nelif c:|"),
        ("try:\n    a\n    except ValueError as e|", "try:\n    a\nexcept ValueError as e:|"),
        ("if a:\n    b\nelse|", "if a:\n    b\nelse:|"),
        ("if a:\n    if b:\n        c\n    else|", "if a:\n    if b:\n        c\n    else:|"),
        ("    else|", "    else:|"),
        ("x = [a|", "x = [a:|"),
    ],
)
def test_a_colon_after_else_finds_its_if(before, expected):
    assert after(before, ":") == expected


def test_comments_are_put_in_at_the_least_indentation_and_taken_out_again():
    text, anchor, cursor = marked("if a:\n    ‹b\n\n        c|\nd")
    edit = editing.comment_toggled(text, anchor, cursor)
    commented = edit.of(text)
    assert commented == "if a:\n    # b\n\n    #     c\nd"
    assert editing.comment_toggled(commented, edit.anchor, edit.cursor).of(commented) == text


@given(LINES, st.data())
def test_commenting_twice_changes_nothing(text, data):
    anchor, cursor = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))
    once = editing.comment_toggled(text, anchor, cursor)
    changed = once.of(text)
    # A line that was all comment before is let in, not out; that is the other half of the toggle.
    assume(changed.count("#") > text.count("#"))
    assert editing.comment_toggled(changed, once.anchor, once.cursor).of(changed) == text


@given(LINES, st.data())
def test_out_again_after_in_changes_nothing(text, data):
    assume(all(line.strip() or not line for line in text.split("\n")))
    anchor, cursor = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))
    edit = editing.indented(text, anchor, cursor)
    changed = edit.of(text)
    assert editing.dedented(changed, edit.anchor, edit.cursor).of(changed) == text


@given(CODE, st.data())
@example('"""', None)
def test_whatever_is_typed_the_cursor_stays_in_the_text_and_nothing_of_it_is_lost(text, data):
    if data is None:
        keys, anchor, cursor = ['"'], len(text), len(text)
    else:
        anchor, cursor = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))
        keys = data.draw(st.lists(st.sampled_from(["enter", "backspace", "tab", *"()[]{}\"':x"]), max_size=6))
    for key in keys:
        edit = editing.typed(text, anchor, cursor, key, key if len(key) == 1 else None)
        if edit is None:
            break
        after_it = edit.of(text)
        assert 0 <= edit.anchor <= len(after_it)
        assert 0 <= edit.cursor <= len(after_it)
        assert edit.start <= edit.end <= len(text)
        if key != "backspace":
            gone, come = text[edit.start : edit.end], edit.text
            assert sorted(c for c in gone if not c.isspace()) <= sorted(c for c in come if not c.isspace()) or gone
        text, anchor, cursor = after_it, edit.anchor, edit.cursor


@given(CODE)
def test_brackets_find_their_partners_and_are_found_by_them(text):
    for offset, character in enumerate(text):
        found = editing.partner(text, offset)
        if found is not None:
            assert editing.PAIRS.get(character) == text[found] or editing.PAIRS.get(text[found]) == character
            assert editing.partner(text, found) == offset


@given(
    st.lists(
        st.sampled_from(["a", "(", ")", "[", "]", "{", "}", " ", "'b('", '"]"', "# (\n", '"""{"""', ","]), max_size=20
    )
)
def test_brackets_are_those_that_python_sees(parts):
    text = "".join(parts) + "\n"
    try:
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.string and t.string in "()[]{}"]
    except (tokenize.TokenError, IndentationError, SyntaxError):
        assume(False)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    theirs = {starts[t.start[0] - 1] + t.start[1] for t in tokens}
    paired = {k for k in range(len(text)) if editing.partner(text, k) is not None}
    assert paired <= theirs
    assert editing.place(text, len(text)).inside == ""


@given(st.text("aAbB\nß", max_size=40), st.text("aAbBß", min_size=1, max_size=3), st.booleans())
def test_what_is_found_is_what_was_wanted(text, wanted, match_case):
    found = editing.occurrences(text, wanted, match_case=match_case)
    for start, end in found:
        assert text[start:end] == wanted if match_case else text[start:end].casefold() == wanted.casefold()
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    if match_case:
        assert len(found) == text.count(wanted)


def test_the_next_one_is_the_first_again_behind_the_last():
    found = [(2, 3), (5, 6)]
    assert [editing.nearest(found, k) for k in (0, 2, 3, 5, 6)] == [0, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("said", "line"),
    [("Syntax error in line 5.", 5), ("第 12 行：NameError", 12), ("line 3: ValueError: line 9", 3), ("wrong", None)],
)
def test_the_line_that_a_report_names(said, line):
    assert editing.error_line(["nothing", said]) == line


# ---------------------------------------------------------------- before anything is written


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\n\n\ndef f(x, axis=-1):\n    ",
        "def f(x):",
        "def f(\n    x,\n) -> float:\n    # first the sum\n\n",
        "def g(x):\n    return x\n\n\ndef f(x):  # later\n",
    ],
)
def test_a_function_that_ends_with_its_head_lacks_a_body(text):
    assert editing.lacks_body(text, "f")
    assert not editing.lacks_body(text, "g")
    assert not editing.lacks_body(text.rstrip() + "\n    return x", "f")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def f(x): pass",
        "def f(x):\n    pass",
        "def f(x):\n    ...",
        "def f(x):\n  return x",
        "def f(x",
        "def f(x):\n\ndef g(x):\n    return x",
        "def ff(x):\n    ",
        "def f(x):\n    return (",
        "def f(x='\0'):\n",
    ],
)
def test_what_is_written_or_wrong_otherwise_is_graded(text):
    assert not editing.lacks_body(text, "f")


@given(CODE)
def test_any_text_can_be_asked_for_its_body(text):
    assert not editing.lacks_body(f"def f(x):\n    return x\n{text}", "g")
    assert editing.lacks_body(text + "\ndef f(x):\n    ", "f") or "\\" in text
