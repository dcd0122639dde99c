"""The code screen beyond a plain grading: finding, stopping, searching on, the editor outside."""

import re
import sys

import pytest
from support.piloting import until, words_on
from textual import events
from textual.widgets import Input

from answers.model import Text
from quiz.app.screens.code import CodeScreen
from quiz.app.widgets.editor import CodeArea
from quiz.app.widgets.find_bar import FindBar
from quiz.catalogue import message
from quiz.session import Card

RIGHT = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"
ENDLESS = "def lstm_cell_state(c, i, f, g):\n    while True:\n        pass\n"


@pytest.fixture
def app(make_app):
    return make_app()


async def code(app, pilot, text):
    app.open_card(Card("code", "lstm-flow", "lstm-cell-state"))
    await pilot.pause()
    assert isinstance(app.screen, CodeScreen)
    area = app.screen.query_one(CodeArea)
    area.load_text(text)
    return area


# ---------------------------------------------------------------- the editor


async def test_finding_goes_round_counts_and_minds_the_case(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, "Alpha = alpha\nbeta = ALPHA\n")
        await pilot.press("ctrl+f", *"alpha")
        await pilot.pause()
        assert area.selected_text == "Alpha"
        assert "1/3" in words_on(app.screen)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert area.selection.end == (1, 7)
        assert "3/3" in words_on(app.screen)
        await pilot.press("enter")
        await pilot.pause()
        assert area.selection.end == (0, 0)
        await pilot.press("up")
        await pilot.pause()
        assert "3/3" in words_on(app.screen)
        await pilot.press("alt+c")
        await pilot.pause()
        assert "1/1" in words_on(app.screen)
        assert area.selected_text == "alpha"
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen.query_one(FindBar).display
        assert area.has_focus
        assert area.selected_text == "alpha"
        assert isinstance(app.screen, CodeScreen)  # Esc closed the bar, not the screen


async def test_finding_what_is_not_there_says_so_in_both_languages(app):
    async with app.run_test() as pilot:
        await code(app, pilot, "x = 1\n")
        await pilot.press("ctrl+f", *"none")
        await pilot.pause()
        assert "not found" in words_on(app.screen)
        assert "⌕ none" in words_on(app.screen)
        await pilot.press("f2")
        await pilot.pause()
        assert "没有找到" in words_on(app.screen)


async def test_the_selection_is_what_is_sought(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, "one two one\n")
        area.move_cursor((0, 0))
        await pilot.press("shift+right", "shift+right", "shift+right", "ctrl+f")
        await pilot.pause()
        assert app.screen.query_one(FindBar).query_one(Input).value == "one"
        assert "1/2" in words_on(app.screen)


async def test_lines_move_in_and_out_and_become_comments_and_one_undo_takes_each_back(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, "a\nb\nc")
        area.move_cursor((0, 0))
        await pilot.press("shift+down", "shift+down", "tab")
        assert area.text == "    a\n    b\nc"
        await pilot.press("tab", "shift+tab")
        assert area.text == "    a\n    b\nc"
        await pilot.press("ctrl+underscore")
        assert area.text == "    # a\n    # b\nc"
        await pilot.press("ctrl+underscore")
        assert area.text == "    a\n    b\nc"
        await pilot.press("ctrl+z", "ctrl+z")
        assert area.text == "    a\n    b\nc"
        await pilot.press("ctrl+y")
        assert area.text == "    # a\n    # b\nc"
        area.move_cursor((2, 1))
        await pilot.press("shift+tab")
        assert app.screen.query_one("#panel").has_focus  # without a selection it goes to the report


@pytest.mark.parametrize("ahead", [False, True])
async def test_the_cursor_is_in_view_whatever_takes_room_away(app, store, ahead):
    """What is asked stands above the editor in a narrow terminal, a notice below it."""
    store.save_draft("code:lstm-cell-state", "\n".join(f"line_{k} = {k}" for k in range(40)))
    async with app.run_test(size=(80, 24)) as pilot:
        while ahead and await app.spares.work():
            pass
        app.open_card(Card("code", "lstm-flow", "lstm-cell-state"))
        await pilot.pause()
        assert "line_39" in words_on(app.screen)
        app.say(Text(zh="说一句", en="something"), warning=True)
        await pilot.pause()
        assert "something" in words_on(app.screen)
        assert "line_39" in words_on(app.screen)
        app.screen.query_one(CodeArea).scroll_home(animate=False)  # as with the wheel: the learner looks elsewhere
        await pilot.resize_terminal(80, 22)
        await pilot.pause()
        assert "line_0" in words_on(app.screen)


async def test_the_partner_of_a_bracket_is_shown_not_by_colour_alone(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, 'f(")", (a))')
        area.move_cursor((0, 1))
        assert area.matching_bracket_location == (0, 10)
        assert area._theme.bracket_matching_style.underline


async def test_everything_is_selected_by_a_key(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, "one\ntwo")
        await pilot.press("alt+a", "x")
        assert area.text == "x"


async def test_what_is_typed_over_a_selection_wraps_it(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, "a + b")
        area.move_cursor((0, 0))
        await pilot.press("shift+end", "(")
        assert area.text == "(a + b)"
        assert area.selected_text == "a + b"


# ---------------------------------------------------------------- grading


async def test_a_grading_that_takes_long_shows_its_time_and_is_stopped(app, store):
    async with app.run_test(size=(120, 40)) as pilot:
        await code(app, pilot, ENDLESS)
        await pilot.press("f5")
        await until(pilot, lambda: "running cases" in words_on(app.screen))
        await until(pilot, lambda: re.search(r"\b(0\.[5-9]|[1-4]\.\d) s", words_on(app.screen)))
        assert "f7 stop" in words_on(app.screen)
        await pilot.press("x")  # keys are answered meanwhile
        assert "x" in app.screen.query_one(CodeArea).text
        await pilot.press("f7")
        await until(pilot, lambda: not app.screen.grading, 5)
        assert message("code.stopped").en in words_on(app.screen)
        assert store.attempts("lstm-cell-state") == []
        app.screen.query_one(CodeArea).load_text(RIGHT)
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        assert app.screen.report.passed


async def test_a_function_without_a_body_is_asked_for_it_and_no_attempt(app, store):
    async with app.run_test() as pilot:
        app.open_card(Card("code", "lstm-flow", "lstm-cell-state"))
        await pilot.pause()
        await pilot.press("f5")
        await pilot.pause()
        assert "lstm_cell_state has no body yet" in words_on(app.screen)
        assert app.screen.report is None
        await pilot.press("f2")
        await pilot.pause()
        assert "lstm_cell_state 还没有函数体" in words_on(app.screen)
        await pilot.press(*"return i")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None and not app.screen.grading)
        assert [attempt.verdict for attempt in store.attempts("lstm-cell-state")] == ["fail"]
        app.screen.query_one(CodeArea).load_text("def lstm_cell_state(c, i, f, g):\n    # later")
        await pilot.press("f5")
        await pilot.pause()
        assert "还没有函数体" in words_on(app.screen)
        assert app.screen.report is None
        assert len(store.attempts("lstm-cell-state")) == 1


async def test_the_search_goes_on_after_a_pass_and_is_stopped_by_a_key(app, store):
    async with app.run_test(size=(120, 40)) as pilot:
        await code(app, pilot, RIGHT)
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        assert app.screen.report.passed
        await until(pilot, lambda: "searching on" in words_on(app.screen))
        await pilot.press("f7")
        await until(pilot, lambda: app.screen.job is None, 5)
        assert "search stopped; the verdict stands" in words_on(app.screen)
        assert [a.verdict for a in store.attempts("lstm-cell-state")] == ["pass"]


async def test_a_search_that_finds_a_counterexample_takes_the_pass_back(app, store):
    from quiz.app.messages import GradingFinished
    from quiz.grading import grade

    refuted = grade(RIGHT.replace("+ i", "- i"), "lstm-cell-state")
    async with app.run_test(size=(120, 40)) as pilot:
        await code(app, pilot, RIGHT)
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.job is not None and app.screen.job.is_search)
        assert len(store.reviews()) == 1
        job = app.screen.job
        app.screen.post_message(GradingFinished(refuted, job.source, True, job.number))
        await until(pilot, lambda: app.screen.job is None)
        assert "Failed" in words_on(app.screen)
        assert "does not pass after all" in words_on(app.screen)
        assert store.reviews() == []
        await pilot.press("escape")
    assert [a.verdict for a in store.attempts("lstm-cell-state")] == ["pass", "fail"]
    assert [int(r.grade) for r in store.reviews()] == [1]


async def test_a_key_goes_to_the_line_of_the_error(app):
    async with app.run_test(size=(120, 40)) as pilot:
        area = await code(app, pilot, "x = 1\n\ndef lstm_cell_state(c, i, f, g):\n    y = [\n    return c\n")
        area.move_cursor((0, 0))
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        line = app.screen._error_line()
        assert f"f7 line {line}" in words_on(app.screen)
        await pilot.press("f7")
        assert area.cursor_location == (line - 1, 4)


async def test_the_report_has_the_difference_beside_what_was_expected_and_got(app):
    async with app.run_test(size=(200, 60)) as pilot:
        await code(app, pilot, RIGHT.replace("+ i", "- i"))
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        await pilot.pause()
        shown = words_on(app.screen)
        for word in ("expected", "got", "difference", "is wrong" if "is wrong" in shown else "are wrong"):
            assert word in shown


async def test_what_was_typed_before_the_key_is_graded_though_it_has_not_arrived(app):
    async with app.run_test() as pilot:
        area = await code(app, pilot, "def lstm_cell_state(c, i, f, g):\n    return f * c + i * ")
        area.move_cursor(area.document.end)
        app.post_message(events.Key("g", "g"))
        app.post_message(events.Key("f5", None))
        await until(pilot, lambda: app.screen.report is not None)
        assert app.screen.report.passed
        await pilot.press("f7")


# ---------------------------------------------------------------- the editor outside


def editor(tmp_path, monkeypatch, name, *lines):
    script = tmp_path / name
    script.write_text(
        f"#!{sys.executable}\nimport sys, time, pathlib\npath = pathlib.Path(sys.argv[-1])\n" + "\n".join(lines)
    )
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))


async def test_each_save_in_a_window_comes_back_and_is_graded(app, store, tmp_path, monkeypatch):
    editor(
        tmp_path,
        monkeypatch,
        "code",
        "assert sys.argv[1] == '--wait'",
        f"path.write_text({ENDLESS.replace('while True', 'while c is 0')!r})",
        "gate = pathlib.Path(__file__).with_name('gate')",
        "while not gate.exists(): time.sleep(0.05)",
        f"path.write_text({RIGHT!r})",
    )
    async with app.run_test(size=(120, 40)) as pilot:
        area = await code(app, pilot, "nothing yet")
        await pilot.press("f4")
        await pilot.pause()
        assert area.read_only
        assert "Open in code" in words_on(app.screen)
        await until(pilot, lambda: app.screen.report is not None)
        assert app.screen.report.verdict in ("fail", "error")
        assert store.attempts("lstm-cell-state") == []  # a save is no attempt
        (tmp_path / "gate").touch()
        await until(pilot, lambda: app.screen.report is not None and app.screen.report.passed)
        assert area.text == RIGHT
        assert [a.verdict for a in store.attempts("lstm-cell-state")] == ["pass"]
        await until(pilot, lambda: app.screen.outside is None)
        assert not area.read_only
        assert store.draft("code:lstm-cell-state") == RIGHT
        await pilot.press("f7")


async def test_taken_back_by_a_key_the_last_save_is_here(app, store, tmp_path, monkeypatch):
    editor(tmp_path, monkeypatch, "subl", f"path.write_text({RIGHT!r})", "time.sleep(3)")
    async with app.run_test(size=(120, 40)) as pilot:
        area = await code(app, pilot, "nothing yet")
        await pilot.press("f4")
        await until(pilot, lambda: area.text == RIGHT)
        await pilot.press("f4")
        await pilot.pause()
        assert not area.read_only
        assert "still open" in words_on(app.screen)
        await pilot.press("f7")


@pytest.mark.parametrize(
    ("command", "words"),
    [("no-such-editor", "no-such-editor"), ("vim 'x", "cannot be read"), ("code-insiders", "code-insiders")],
)
async def test_an_editor_that_cannot_be_opened_is_said(app, monkeypatch, command, words):
    from contextlib import nullcontext

    monkeypatch.setenv("VISUAL", command)
    monkeypatch.setattr(type(app), "suspend", lambda self: nullcontext())
    async with app.run_test(size=(120, 40)) as pilot:
        area = await code(app, pilot, "mine")
        await pilot.press("f4")
        await pilot.pause()
        assert words in words_on(app.screen)
        assert area.text == "mine"
        assert not area.read_only


async def test_in_the_browser_there_is_no_editor_outside(app, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_VISITOR", "1")
    monkeypatch.setenv("VISUAL", "touch")
    async with app.run_test(size=(120, 40)) as pilot:
        await code(app, pilot, "mine")
        assert "$EDITOR" not in words_on(app.screen)
        await pilot.press("f4")
        await pilot.pause()
        assert "In the browser" in words_on(app.screen)
