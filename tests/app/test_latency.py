"""What makes keys answered at once changes nothing that is seen."""

import asyncio
import gc
import os
import pty
import time
import weakref

import pytest
from app.test_journeys import FLOW, until, words_on
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.strip import Strip
from textual.widget import Widget

from quiz.app import warm
from quiz.app.base import Page
from quiz.app.painted import Painted
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.widgets.editor import CodeArea, DraftArea
from quiz.app.widgets.prose import Prose
from quiz.schedule import Grade
from quiz.session import Card

# ---------------------------------------------------------------- painting

WIDTH, HEIGHT = 12, 4
CONSOLE = Console(width=WIDTH, color_system="truecolor", force_terminal=True)
STYLES = [Style.parse(s) for s in ("none", "bold red", "on blue")]
ROW = st.lists(st.tuples(st.integers(1, 4), st.sampled_from("ab水"), st.sampled_from(STYLES)), min_size=3, max_size=6)
UPDATE = st.dictionaries(st.integers(0, HEIGHT - 1), ROW, min_size=1)


def update_of(rows):
    """A repaint of whole lines, each cut into pieces of one character in one style."""
    chops, ends, spans = [{} for _ in range(HEIGHT)], [[] for _ in range(HEIGHT)], []
    for y, row in rows.items():
        x = 0
        for cells, character, style in row:
            cells = min(cells, WIDTH - x)
            if cells <= 0:
                break
            text = character * cells if character != "水" else "水" * (cells // 2) + " " * (cells % 2)
            chops[y][x] = Strip([Segment(text, style)], cells)
            x += cells
            ends[y].append(x)
        spans.append((y, 0, x))
    return ChopsUpdate(chops, sorted(spans), ends)


class Grid:
    """The cells of a terminal that knows jumps, styles and text."""

    def __init__(self):
        self.cells = {}

    def take(self, sequences):
        import re

        from rich.cells import cell_len

        x = y = 0
        style = ""
        for jump, look, text in re.findall(r"\x1b\[(\d+;\d+)H|\x1b\[([\d;]*)m|([^\x1b\n])", sequences):
            if jump:
                y, x = (int(n) - 1 for n in jump.split(";"))
            elif text:
                for k in range(cell_len(text)):
                    self.cells[y, x + k] = (text, k, style)
                x += cell_len(text)
            else:
                style = "" if look == "0" else look


@settings(max_examples=60)
@given(st.lists(UPDATE, min_size=1, max_size=6))
def test_the_changes_alone_leave_the_terminal_as_everything_would(updates):
    painted, with_all, with_changes = Painted(), Grid(), Grid()
    for rows in updates:
        update = update_of(rows)
        with_all.take(update.render_segments(CONSOLE))
        with_changes.take(painted.changes(update).render_segments(CONSOLE))
        assert with_changes.cells == with_all.cells


def test_what_stands_there_already_is_not_sent():
    painted, row = Painted(), [(4, "a", STYLES[1]), (4, "b", STYLES[0])]
    assert painted.changes(update_of({1: row})).render_segments(CONSOLE)
    assert painted.changes(update_of({1: row})).render_segments(CONSOLE) == ""
    changed = painted.changes(update_of({1: [row[0], (4, "a", STYLES[0])]})).render_segments(CONSOLE)
    assert "aaaa" in changed
    assert "\x1b[2;5H" in changed  # one jump to where the change begins
    painted.forget()
    assert painted.changes(update_of({1: row})).render_segments(CONSOLE)


@pytest.mark.parametrize("size", [(120, 40), (60, 16)])
async def test_what_is_put_together_from_the_front_is_what_textual_puts_together(make_app, size):
    app = make_app("zh")
    async with app.run_test(size=size) as pilot:
        for name in (None, "question", "drill", "help", "search", "statistics"):
            if name is not None:
                SCREENS[name](app)
            await pilot.pause()
            for keys in ((), ("down", "pagedown")):
                await pilot.press(*keys)
                await pilot.pause()
                screen = app.screen
                mine = screen._compositor
                textuals = Compositor()
                textuals.reflow(screen, mine.size)
                assert "".join(words_on(screen).split())
                assert mine.render_strips() == textuals.render_strips()
            if name is not None:
                app.pop_screen()


async def test_of_a_long_text_the_lines_that_are_seen_are_drawn_as_textual_draws_them_all(make_app):
    app = make_app()
    async with app.run_test(size=(60, 12)) as pilot:
        app.action_help()
        await pilot.pause()
        prose = max(app.screen.query(Prose), key=lambda each: each.size.height)
        assert len(prose._seen) < prose.size.height
        await pilot.press("pagedown")
        await pilot.pause()
        mine = [prose.render_line(y) for y in range(prose.size.height + 1)]
        prose.refresh()
        textuals = [Widget.render_line(prose, y) for y in range(prose.size.height + 1)]
        assert mine == textuals
        assert any(segment.style and "offset" in segment.style.meta for strip in mine for segment in strip)


# ---------------------------------------------------------------- screens built ahead


async def all_built(app):
    while await app.spares.work():
        await asyncio.sleep(0)


SCREENS = {
    "question": lambda app: app.open_card(Card("recall", FLOW)),
    "drill": lambda app: app.open_card(Card("drill", FLOW, "flow-order")),
    "code": lambda app: app.open_card(Card("code", FLOW, "lstm-step")),
    "help": lambda app: app.action_help(),
    "statistics": lambda app: app.action_statistics(),
    "search": lambda app: app.action_command_palette(),
    "settings": lambda app: app.action_settings("theme"),
    "interview": lambda app: app.action_interview(),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_built_ahead_looks_as_one_built_on_the_spot(make_app, name):
    shown = []
    for ahead in (False, True):
        app = make_app("zh" if name == "code" else "en")
        async with app.run_test(size=(100, 30)) as pilot:
            if ahead:
                await all_built(app)
            # The screen below, which is seen around the help, says how its question is asked when the cursor rests.
            await until(pilot, lambda home=app.screen: home.ask is not None)
            SCREENS[name](app)
            await pilot.pause(0.2)
            assert (app.screen in app.spares._used) is ahead
            if name == "question":
                await pilot.press("a", "ctrl+r")
                await pilot.pause(0.1)
            shown.append(words_on(app.screen))
            if ahead:
                await pilot.press("escape")
                assert isinstance(app.screen, HomeScreen)
                await all_built(app)
                assert not app.spares._used  # taken down
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_is_set_up_once(make_app, monkeypatch, name):
    """Textual calls the handlers of all the classes that a screen is derived from, besides what they call of each other."""
    set_up, on_mount = [], Page.on_mount
    monkeypatch.setattr(Page, "on_mount", lambda self: (set_up.append(self), on_mount(self)))
    app = make_app()
    async with app.run_test() as pilot:
        SCREENS[name](app)
        await pilot.pause()
        assert set_up.count(app.screen) == isinstance(app.screen, Page)


async def test_screens_built_in_another_language_or_size_are_not_shown(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await all_built(app)
        await pilot.press("f2")
        await pilot.resize_terminal(120, 40)
        app.open_card(Card("recall", FLOW))
        await pilot.pause()
        assert "Your answer" in words_on(app.screen)
        assert app.screen.size == (120, 40)


async def test_what_is_opened_first_is_built_before_all_else_is_loaded(make_app, monkeypatch):
    ready = []
    monkeypatch.setattr(warm, "load", lambda: ready.append([kind.__name__ for kind in app.spares._ready]))
    app = make_app()
    async with app.run_test() as pilot:
        working = app.run_worker(app._use_spare_time())
        await until(pilot, lambda: ready)
        working.cancel()
    assert ready == [["QuestionScreen", "CodeScreen", "DrillScreen"]]


async def test_what_was_typed_is_there_when_the_card_is_opened_again_at_once(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        for card, kind, area in (
            (Card("recall", FLOW), QuestionScreen, DraftArea),
            (Card("code", FLOW, "lstm-step"), CodeScreen, CodeArea),
        ):
            await all_built(app)
            app.open_card(card)
            await pilot.pause()
            await pilot.press("x", "y", "escape")
            await all_built(app)
            app.open_card(card)
            await pilot.pause()
            assert isinstance(app.screen, kind)
            assert app.screen.query_one(area).text.endswith("xy")
            await pilot.press("escape")


def closed_watchers(app):
    return [widget for watching in getattr(app, "__watchers").values() for widget, _ in watching if widget._closing]


async def test_nothing_is_kept_of_a_screen_that_was_taken_down(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        drawn = []
        for _ in range(4):
            app.open_card(Card("code", FLOW, "lstm-step"))
            await pilot.pause()
            drawn.append([weakref.ref(widget._styles_cache) for widget in app.screen.walk_children(Widget)])
            await pilot.press("escape")
            await all_built(app)
            app.forget_closed_widgets()
        gc.collect()
        assert not closed_watchers(app)
        # The last of the screens may still be held by what is running.
        assert [cache() for screen in drawn[:2] for cache in screen if cache() is not None] == []


# ---------------------------------------------------------------- themes


def said(rule):
    """What a rule of a stylesheet says."""
    return rule.selectors, repr(rule.styles.get_rules())


async def test_themes_read_ahead_style_as_those_read_when_they_are_put_on(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        while app.prepare_theme():
            pass
        for name in ("paper", "ansi-dark", "ink", "paper"):
            app.wear(name)
            await pilot.pause()
            ahead = app.stylesheet.rules
            afresh = Stylesheet(variables=app.get_css_variables())
            afresh.source = dict(app.stylesheet.source)
            afresh.parse()
            assert [said(rule) for rule in ahead] == [said(rule) for rule in afresh.rules]
            assert app.screen.styles.background == Color.parse(app.theme_variables["background"])


def rules_of(screen):
    """The rules that hold for each widget and for its parts."""
    return {
        (node, part): dict(styles.base._rules)
        for node in screen.walk_children(with_self=True)
        for part, styles in (("", node.styles), *node._component_styles.items())
    }


async def test_the_rules_that_hold_are_those_that_textual_finds(make_app):
    """Also where they were found before for a widget that stood the same way."""
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        for change in (None, "shift+tab", "paper", (80, 24)):
            for name in ("code", "code", "interview", "interview"):
                SCREENS[name](app)
                await pilot.pause()
                if change == "paper":
                    app.wear(change)
                elif isinstance(change, tuple):
                    await pilot.resize_terminal(*change)
                elif change is not None:
                    await pilot.press(change)
                await pilot.pause()
                found = rules_of(app.screen)
                textuals = Stylesheet(variables=app.get_css_variables())
                textuals.source = dict(app.stylesheet.source)
                textuals._parse_cache = app.stylesheet._parse_cache
                textuals.parse()
                textuals.update(app.screen)
                assert found == rules_of(app.screen)
                app.pop_screen()


@pytest.mark.parametrize("at_once", [True, False])
async def test_screens_built_before_the_theme_was_changed_wear_the_new_one(make_app, at_once):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await all_built(app)
        app.wear("paper")
        if not at_once:
            await pilot.pause()
            await all_built(app)
        SCREENS["code"](app)
        await pilot.pause()
        assert app.screen in app.spares._used
        ahead = [sorted(rules.items()) for rules in rules_of(app.screen).values()]
        app.pop_screen()
        app.spares.discard()
        SCREENS["code"](app)
        await pilot.pause()
        afresh = [sorted(rules.items()) for rules in rules_of(app.screen).values()]
        assert repr(ahead) == repr(afresh)


async def test_a_screen_below_wears_the_theme_that_was_put_on_above_it(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        home = app.screen
        app.action_settings("theme")
        await pilot.pause()
        app.wear("paper")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is home
        assert home.styles.background == Color.parse(app.theme_variables["background"])


# ---------------------------------------------------------------- the contents


async def test_what_has_changed_is_drawn_when_the_contents_come_up_again(make_app, store):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "○" not in words_on(app.screen)
        app.action_statistics()
        await pilot.pause()
        store.add_review(f"recall:{FLOW}", Grade.AGAIN)
        app.store.clock.now += 3_600_000
        await pilot.press("escape")
        await pilot.pause()
        assert "○" in words_on(app.screen)
        assert "1 to review" in words_on(app.screen) or "1 due" in words_on(app.screen)


# ---------------------------------------------------------------- the start


async def test_garbage_is_collected_again_once_the_first_screen_stands(make_app):
    app = make_app()
    gc.disable()
    try:
        async with app.run_test() as pilot:
            await pilot.pause(0.1)
            assert gc.isenabled()
            assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
        gc.enable()


def test_standings_are_worked_out_again_before_the_first_screen(store, clock):
    """As after a damaged file was taken in: a log of reviews, and nothing of what follows from it."""
    import sqlite3

    from support.terminal import Terminal

    from quiz.database import FILE
    from quiz.schedule import Grade

    assert not store.lacks_standings()
    store.add_review(f"recall:{FLOW}", Grade.GOOD)
    standings = store.standings()
    with sqlite3.connect(store.folder / FILE) as connection:
        connection.execute("DELETE FROM cards")
    connection.close()
    assert store.lacks_standings()
    terminal = Terminal("from quiz.app import run; run('en')", {"RNNQUIZ_DATA": str(store.folder)})
    try:
        terminal.wait_for("Contents")
        assert b"Working your progress out again" in terminal.seen.split(b"\x1b", 1)[0]
        assert not store.lacks_standings()
        assert store.standings() == standings
    finally:
        terminal.end()


def test_checking_a_formula_loads_nothing_more():
    import subprocess
    import sys

    code = f"""
import sys
from random import Random
from answers import deck
from answers.model import FormulaDrill
from quiz import drills
from quiz.app import warm
warm.load()
before = set(sys.modules)
drill = next(d for d in deck.load_question({FLOW!r}).drills if isinstance(d, FormulaDrill))
drills.check(drills.deal(drill, Random(1)), drill.answer)
print(sorted(set(sys.modules) - before))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


# ---------------------------------------------------------------- the Escape key


def test_an_escape_is_answered_at_once_and_other_keys_are_read_whole(monkeypatch):
    from threading import Event, Thread

    from quiz.app.driver import PromptDriver

    monkeypatch.delenv("ESCDELAY", raising=False)
    ours, theirs = pty.openpty()
    import tty

    tty.setraw(theirs)
    got = []
    driver = PromptDriver.__new__(PromptDriver)
    driver.fileno, driver.exit_event, driver._debug = theirs, Event(), False
    driver.process_message = lambda message: got.append((time.monotonic(), getattr(message, "key", "")))
    thread = Thread(target=driver.run_input_thread)
    thread.start()
    try:
        for keys in (b"\x1b[A", b"\xff", b"\x1b"):  # a byte that is no UTF-8 ends nothing
            sent = time.monotonic()
            os.write(ours, keys)
            seen = len(got)
            while len(got) == seen and time.monotonic() < sent + 5:
                time.sleep(0.002)
        assert [key for _, key in got][0::2] == ["up", "escape"]
        assert got[-1][0] - sent < 0.09
    finally:
        driver.exit_event.set()
        thread.join()
        os.close(ours)
        os.close(theirs)


# ---------------------------------------------------------------- experiments


def test_an_experiment_in_its_own_process_yields_what_it_yields_here():
    from quiz import experiment_process, shelf

    there = [event for event in experiment_process.events("gru-differences") if event is not None]
    here = list(shelf.experiment("gru-differences").run())
    assert [type(e) for e in there] == [type(e) for e in here]
    claims = [(e.id, e.relation, e.holds) for e in here if hasattr(e, "relation")]
    assert [(e.id, e.relation, e.holds) for e in there if hasattr(e, "relation")] == claims


def test_an_experiment_that_is_closed_leaves_no_process_behind(monkeypatch):
    import subprocess

    from quiz import experiment_process

    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    running = experiment_process.events("rnn-family")
    next(running)
    assert started[0].poll() is None
    running.close()
    assert started[0].poll() is not None


def test_an_experiment_whose_process_is_killed_is_said(monkeypatch):
    import subprocess

    from quiz import experiment_process

    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    running = experiment_process.events("rnn-family")
    next(running)
    started[0].kill()
    with pytest.raises(experiment_process.ExperimentBrokeError, match="ended"):
        list(running)


# ---------------------------------------------------------------- the terminal's own keys


async def test_ctrl_c_says_what_quits_in_the_chosen_language(make_app):
    app = make_app("zh")
    async with app.run_test() as pilot:
        await pilot.press("ctrl+c")
        await pilot.pause(0.1)
        assert "按 Ctrl+Q 退出" in words_on(app.screen)


def test_ctrl_z_suspends_and_fg_paints_everything_again(tmp_path):
    """In a shell of its own, which does what `fg` does."""
    import signal

    from support.terminal import Terminal

    shell = """
import os, signal, sys, termios
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    from quiz.app import run
    os._exit(run())
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.waitpid(child, os.WUNTRACED)
os.tcsetpgrp(0, os.getpgrp())
print("stopped", flush=True)
sys.stdin.readline()
os.tcsetpgrp(0, child)
os.kill(-child, signal.SIGCONT)
os.waitpid(child, 0)
"""
    terminal = Terminal(shell, {"RNNQUIZ_DATA": str(tmp_path), "LC_ALL": "C.UTF-8"})
    terminal.wait_for("Contents")
    terminal.read(0.5)
    terminal.send("\x1a")
    terminal.wait_for("stopped")
    terminal.forget()
    terminal.send("\n")
    terminal.wait_for("Contents")
    terminal.send("\x11")
    terminal.read(0.5)
    terminal.end(signal.SIGKILL)


# ---------------------------------------------------------------- styles


def test_every_rule_of_a_screens_sheet_names_its_screen():
    """The sheets of all screens apply to all of them once they are loaded."""
    import re
    from pathlib import Path

    from quiz import app

    for sheet in (Path(app.__file__).parent / "styles").glob("*.tcss"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        while "{" in text:  # the innermost blocks first, so that the outermost selectors are left
            text = re.sub(r"\{[^{}]*\}", ";", text)
        selectors = re.findall(r"[^;,\s][^;,]*", text)
        assert selectors
        if sheet.name != "app.tcss":
            assert [s for s in selectors if not re.match(r"\w+Screen\b", s)] == [], sheet.name
