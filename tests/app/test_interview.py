"""The mock interview by keyboard alone, on the deck that ships: chosen, asked, left, taken up again, looked over, saved."""

import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from app.test_colours import LEAST, contrast, drawn
from support.interviews import drill_answer
from support.piloting import until, words_on
from support.terminal import Terminal
from textual.widgets import Input

from answers.model import Text
from quiz import session, shelf
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.interview import InterviewScreen
from quiz.app.screens.interview_code import InterviewCodeScreen
from quiz.app.screens.interview_debrief import DebriefScreen
from quiz.app.screens.interview_drill import InterviewDrillScreen
from quiz.app.screens.interview_report import ReportScreen
from quiz.app.screens.interview_talk import TalkScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.sitting import Sitting
from quiz.app.widgets.editor import CodeArea, DraftArea
from quiz.app.widgets.interview_form import InterviewForm
from quiz.app.widgets.ticks import TickList
from quiz.catalogue import message
from quiz.interview import sitting
from quiz.interview.sitting import Item, Setup, from_json
from quiz.schedule import Grade
from quiz.session import Card
from quiz.store import Store

GRADIENTS = "lstm-gradients"
TALK = Item(Card("recall", GRADIENTS), "lstm", 270, 1, 2)
DRILL = Item(Card("drill", GRADIENTS, shelf.question(GRADIENTS).drills[-1].id), "lstm", 45, 2)
CODE = Item(Card("code", "lstm-flow", "lstm-cell-state"), "lstm", 300, 3)
FAMILY = Item(Card("recall", "rnn-family"), "family", 270, 4, 2)
ALL_BUT_ONE = "an additive path; product of forget gates; near one; saturate; still explodes: clip"
RIGHT = "def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n"


def start(app, *items, minutes=30, language="en"):
    """An interview of just these items, as if the form had drawn them."""
    setup = Setup(minutes, ("lstm", "family"), language)
    going = Sitting(app, sitting.begin("uid", setup, items, app.store.clock()))
    going.open()
    return going


def kept(store):
    """The one interview in the store."""
    (state,) = store.interviews()
    return from_json(state)


async def type_answer(pilot, text):
    pilot.app.screen.query_one(DraftArea).load_text(text)
    await pilot.press("ctrl+r")
    await pilot.pause()


async def answer_drill(pilot, right):
    screen = pilot.app.screen
    answer = drill_answer(screen.hand, right)
    if screen.query(Input):
        screen.query_one(Input).value = answer
        await pilot.press("enter")
    else:
        await pilot.press("tf"[not answer] if isinstance(answer, bool) else "abcdefgh"[answer])
    await pilot.pause()


async def test_from_the_contents_to_the_saved_report(make_app, store, clock, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        assert isinstance(app.screen, InterviewScreen)
        await until(pilot, lambda: app.screen.items)
        form = app.screen.query_one(InterviewForm)
        assert "to say" in words_on(app.screen)
        await pilot.press("home", "5", "down", "space", "down", "down", "space")
        assert form.setup == Setup(5, ("lstm", "family"), "en")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, InterviewScreen))
        drawn = kept(store).items
        assert {item.section for item in drawn} <= {"lstm", "family"}
        while kept(store).phase == "asking":
            clock.now += 20_000
            match app.screen:
                case TalkScreen():
                    await type_answer(pilot, "gates, an additive path")
                case InterviewDrillScreen():
                    await answer_drill(pilot, right=True)
                case InterviewCodeScreen():
                    await pilot.press("f8")
                    await pilot.pause()
        while isinstance(app.screen, DebriefScreen):
            await pilot.press("enter")
            await pilot.pause()
        assert isinstance(app.screen, ReportScreen)
        await until(pilot, lambda: app.screen.report is not None)
        assert "Time: " in words_on(app.screen)
        for expected in ("Gaps", "Every day", "1. "):
            await pilot.press("right")
            await until(pilot, lambda expected=expected: expected in words_on(app.screen))
        folder = tmp_path / "rnnquiz"
        folder.write_text("in the way")
        await pilot.press("f2", "w")
        await until(pilot, lambda: "已有同名文件" in "".join(words_on(app.screen).split()))
        folder.unlink()
        await pilot.press("f2", "w")
        await until(pilot, lambda: "Saved as" in words_on(app.screen))
        assert sorted(p.suffix for p in (tmp_path / "rnnquiz").iterdir()) == [".html", ".md"]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InterviewScreen))
        assert "Past interviews" in words_on(app.screen)
        await pilot.press("enter")  # the cursor stands on the interview that was just held
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, HomeScreen)
    assert sorted(r.card for r in store.reviews()) == sorted(item.card.key for item in kept(store).items)
    assert kept(store).score is not None
    assert store.get("interview") == {"minutes": 5, "parts": ["lstm", "family"]}


async def test_what_was_left_out_is_followed_up_and_then_named(make_app, store, clock):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, TALK, FAMILY)
        await pilot.pause()
        assert "What in an LSTM keeps gradients" in words_on(app.screen)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert "F8 skips" in words_on(app.screen)
        clock.now += 42_000
        app.screen._count()
        await pilot.pause()
        assert "0:42 / 2:30" in words_on(app.screen)
        await type_answer(pilot, ALL_BUT_ONE)
        assert "better start for the forget bias" in words_on(app.screen)
        assert "an additive path; product" in words_on(app.screen)
        assert "0:42 / 3:30" in words_on(app.screen)
        await type_answer(pilot, "no idea")
        assert "You did not mention this: Start the forget bias at 1." in words_on(app.screen)
        await type_answer(pilot, "so that the forget bias opens the gate")
        assert "2/2" in words_on(app.screen)
        await pilot.press("f8")  # nothing written: passed over
        await pilot.pause()
        assert isinstance(app.screen, DebriefScreen)
        assert "1/2" in words_on(app.screen)
        ticks = app.screen.query_one(TickList)
        assert "forget-bias" not in ticks.ticked
        assert len(ticks.ticked) == 5
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one(TickList).ticked == set()
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        found = app.screen.report.figures
        assert (found.named, found.prompted, found.passed) == (5, 1, 1)
    by_card = {r.card: r.grade for r in store.reviews()}
    assert by_card == {f"recall:{GRADIENTS}": Grade.GOOD, "recall:rnn-family": Grade.HARD}


async def test_a_key_pressed_twice_answers_one_question_only(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, TALK, FAMILY, DRILL)
        await pilot.pause()
        screen = app.screen
        screen.query_one(DraftArea).load_text("all I know")
        for _ in range(3):
            screen.action_skip()
        await screen.action_answer()
        screen.action_leave()
        await pilot.pause()
        assert app.screen.query_one(DraftArea).text == ""
        assert [item.state for item in kept(store).items] == ["answered", "waiting", "waiting"]
        assert kept(store).items[1].answer is None
        await pilot.press("ctrl+r", "ctrl+r")
        assert "F8 skips" in words_on(app.screen)
        assert kept(store).at == 1


async def test_reviews_are_undone_one_by_one_as_others_are(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await pilot.pause()
        start(app, DRILL, FAMILY)
        await pilot.pause()
        await answer_drill(pilot, right=False)
        await pilot.press("f8")
        await pilot.pause()
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
        assert [r.grade for r in store.reviews()] == [Grade.AGAIN, Grade.AGAIN]
        await pilot.press("escape", "escape", "u", "u")
        await pilot.pause()
        assert store.reviews() == []


async def test_undo_in_the_middle_does_not_lead_away(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, DRILL, CODE)
        await pilot.pause()
        await answer_drill(pilot, right=True)
        assert len(store.reviews()) == 1
        await pilot.press("f9")
        await pilot.pause()
        assert store.reviews() == []
        assert isinstance(app.screen, InterviewCodeScreen)
        assert kept(store).at == 1


async def test_leaving_keeps_everything_and_it_goes_on_from_there(make_app, store, clock):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await pilot.pause()
        start(app, TALK, DRILL)
        await pilot.pause()
        clock.now += 30_000
        app.screen.query_one(DraftArea).load_text("half an ans")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, InterviewScreen)
        assert "Go on" in words_on(app.screen)
        assert "item 1/2" in words_on(app.screen)
        clock.now += 10**9
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, TalkScreen)
        assert app.screen.query_one(DraftArea).text == "half an ans"
        assert "0:30 / 2:30" in words_on(app.screen)
    assert kept(store).breaks == 2  # once by leaving, once by the end of the app


def test_a_killed_program_loses_neither_answers_nor_progress(tmp_path):
    with Store(tmp_path) as store:
        store.set("toured", True)
        interview = sitting.begin("uid", Setup(30, ("lstm",), "en"), (TALK, DRILL), store.clock())
        store.save_interview("uid", sitting.to_json(sitting.stop_clock(interview, store.clock())))

    def resumed(wait_for):
        terminal = Terminal("from quiz.app import run; raise SystemExit(run('en'))", {"RNNQUIZ_DATA": str(tmp_path)})
        terminal.wait_for("Contents")
        terminal.read(0.3)
        terminal.send("i")
        terminal.wait_for("Go on")
        terminal.send("\r")
        terminal.wait_for(wait_for)
        return terminal

    terminal = resumed("What in an LSTM keeps")
    terminal.send(ALL_BUT_ONE)
    terminal.read(0.3)
    terminal.send("\x12")  # Ctrl+R
    terminal.wait_for("better start")
    terminal.send("the reply so far")
    terminal.read(1.0)
    assert terminal.end(signal.SIGKILL) == -signal.SIGKILL
    with Store(tmp_path) as store:
        assert store.notices == []
        found = kept(store)
        assert found.items[0].answer == ALL_BUT_ONE
        assert found.items[0].exchanges[0].reply is None
        assert store.draft("interview:uid/0/1") == "the reply so far"
    resumed("the reply so far").end()


async def test_ctrl_c_loses_nothing(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, TALK)
        await pilot.pause()
        await pilot.press(*"kept", "ctrl+c")
        await pilot.pause()
        assert app.screen.query_one(DraftArea).text == "kept"
        await pilot.press("ctrl+q")
    assert store.draft("interview:uid/0/0") == "kept"
    assert kept(store).phase == "asking"


async def test_ending_needs_the_key_twice_and_keeps_what_was_typed(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, TALK, FAMILY)
        await pilot.pause()
        app.screen.query_one(DraftArea).load_text("an additive path")
        await pilot.press("f6")
        await pilot.pause()
        assert "F6 again" in words_on(app.screen)
        assert isinstance(app.screen, TalkScreen)
        await pilot.press("f6")
        await pilot.pause()
        assert isinstance(app.screen, DebriefScreen)
        assert "additive-path" in app.screen.query_one(TickList).ticked
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        assert app.screen.report.figures.unreached == 1
    assert [r.card for r in store.reviews()] == [f"recall:{GRADIENTS}"]


async def test_when_time_is_up_the_present_question_is_the_last(make_app, store, clock):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, TALK, FAMILY, minutes=5)
        await pilot.pause()
        for _ in range(6):
            clock.now += 55_000
            app.screen._count()
        await pilot.pause()
        assert "over by 3:00" in words_on(app.screen)
        assert "time is up: this is the last one" in words_on(app.screen)
        await type_answer(pilot, "an additive path")
        assert isinstance(app.screen, DebriefScreen)  # neither a follow-up nor the next question
    assert kept(store).items[1].state == "waiting"


async def test_code_is_graded_and_counts_by_what_it_took(make_app, store):
    store.save_draft("code:lstm-cell-state", "an older solution")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, CODE, DRILL)
        await pilot.pause()
        area = app.screen.query_one(CodeArea)
        assert "older" not in area.text
        area.load_text(RIGHT.replace("f * c", "i * c"))
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        assert "Failed" in words_on(app.screen)
        await pilot.press("ctrl+o")
        assert not app.screen.query_one("#solution").display
        area.load_text(RIGHT)
        await pilot.press("f5", "f8")  # handed in while it is graded: the verdict is waited for
        await until(pilot, lambda: isinstance(app.screen, InterviewDrillScreen))
    assert [a.verdict for a in store.attempts("lstm-cell-state")] == ["fail", "pass"]
    assert [(r.card, r.grade) for r in store.reviews()] == [("code:lstm-cell-state", Grade.GOOD)]
    assert store.draft("code:lstm-cell-state") == "an older solution"
    assert kept(store).items[0].answer == RIGHT


async def test_code_that_is_left_is_there_again(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await pilot.pause()
        start(app, CODE)
        await pilot.pause()
        app.screen.query_one(CodeArea).load_text("def lstm_cell_state(")
        await pilot.press("ctrl+t", "escape")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one(CodeArea).text == "def lstm_cell_state("
        assert app.screen.hints == 1
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
    assert [r.grade for r in store.reviews()] == [Grade.AGAIN]


async def test_an_interview_has_its_own_language_and_the_app_keeps_its(make_app, store):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.items)
        await pilot.press("up", "right", "down")
        assert app.screen.query_one(InterviewForm).language == "en"
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, InterviewScreen))
        assert "this one" in words_on(app.screen)
        assert store.get("language") in (None, "zh")  # a crash now leaves the learner's own choice
        await pilot.press("escape")
        await pilot.pause()
        assert app.language == "zh"
        assert "继续" in words_on(app.screen)


async def test_a_drill_that_cannot_be_read_is_said_and_not_counted(make_app, store):
    number = next(d for d in shelf.question("lstm-flow").drills if type(d).__name__ == "NumberDrill")
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, Item(Card("drill", "lstm-flow", number.id), "lstm", 75, 3), FAMILY, language="zh")
        await pilot.pause()
        app.screen.query_one(Input).value = "many"
        await pilot.press("enter")
        await pilot.pause()
        assert "这里要填一个数" in words_on(app.screen)
        assert isinstance(app.screen, InterviewDrillScreen)
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(app.screen, TalkScreen)
    assert [r.grade for r in store.reviews()] == [Grade.AGAIN]


async def test_what_the_deck_no_longer_has_is_passed_over(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, Item(Card("drill", GRADIENTS, "gone"), "lstm", 30), Item(Card("recall", "x:gone"), "x:", 30), TALK)
        await pilot.pause()
        assert isinstance(app.screen, TalkScreen)
        assert "no longer in the deck" in words_on(app.screen)
        assert "3/3" in words_on(app.screen)


async def test_the_plan_is_practised_from_the_report(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, TALK)
        await pilot.pause()
        await pilot.press("f8")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        assert not isinstance(app.screen, CodeScreen)
        assert app.screen.question.id == GRADIENTS
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ReportScreen)


async def test_a_folder_that_cannot_be_written_is_said(make_app, store, tmp_path, monkeypatch):
    (tmp_path / "rnnquiz").write_text("a file where the folder would be")
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, DRILL)
        await pilot.pause()
        await answer_drill(pilot, right=True)
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        await pilot.press("w")
        await pilot.pause()
        assert "Cannot write" in words_on(app.screen)


async def test_a_visitor_in_a_browser_is_handed_both_files(make_app, store, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_VISITOR", "1")
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    app = make_app()
    handed = {}
    monkeypatch.setattr(
        app, "deliver_text", lambda text, save_filename, **_: handed.update({save_filename: text.read()})
    )
    async with app.run_test(size=(80, 24)) as pilot:
        start(app, DRILL)
        await pilot.pause()
        await answer_drill(pilot, right=True)
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        await pilot.press("w")
        await pilot.pause()
    assert sorted(name.rpartition(".")[2] for name in handed) == ["html", "md"]
    assert all("100%" in text for text in handed.values())
    assert not (tmp_path / "rnnquiz").exists()


async def test_every_screen_has_help_in_both_languages_and_the_palette_finds_it(make_app, store):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await pilot.pause()
        for items, expected in (((), "薄弱的题"), ((TALK,), "听追问"), ((DRILL,), "快问快答"), ((CODE,), "交卷")):
            if items:
                start(app, *items, language="zh")
                await pilot.pause()
            await pilot.press("f1")
            await pilot.pause()
            assert expected in words_on(app.screen)
            await pilot.press("escape")
            if items:
                await pilot.press("escape")
            await pilot.pause()
    from quiz.app.search import commands

    assert any(command.title.zh == "模拟面试" for command in commands(app))


@pytest.mark.parametrize("theme", ["ink", "paper", "ansi-dark", "ansi-light"])
async def test_every_text_stands_out_in_every_theme(make_app, store, theme):
    store.set("theme", theme)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.items)
        seen = [("form", list(drawn(app)))]
        for item in (TALK, DRILL):
            start(app, replace(item, hints=1, seconds=999.0))
            await pilot.pause()
            for area in app.screen.query(DraftArea):
                area.load_text("an answer")
            await pilot.pause()
            seen.append((item.card.kind, list(drawn(app))))
        start(app, replace(TALK, state="answered", answer="an additive path")).end()
        await pilot.pause()
        seen.append(("debrief", list(drawn(app))))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
        await pilot.pause()
        seen.append(("report", list(drawn(app))))
    for screen, pieces in seen:
        for text, style in pieces:
            inks = [c for c in (style.color, style.bgcolor) if c is not None]
            if theme.startswith("ansi"):
                assert all(c.is_default or c.is_system_defined for c in inks), (screen, text)
            elif any(c.isalnum() for c in text):
                assert contrast(style) >= LEAST, (screen, text, style)


async def test_minutes_are_typed_within_their_bounds_and_no_parts_is_said(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.items)
        form = app.screen.query_one(InterviewForm)
        for typed, minutes in (("20", 20), ("999", 180), ("1", 5)):
            await pilot.press("home", *typed, "down")
            assert form.minutes == minutes
        await pilot.press("home", "right")
        assert form.minutes == 15
        await pilot.press("left")
        assert form.minutes == 15
        await pilot.press("down", "space", "down", "space", "down", "space", "down", "space", "enter")
        await pilot.pause()
        assert isinstance(app.screen, InterviewScreen)
        assert "Choose at least one part." in words_on(app.screen)


def test_a_damaged_setting_or_interview_stops_nothing(store):
    from quiz.interview.kept import kept as read

    store.set("interview", {"minutes": "many", "parts": 3})
    store.save_interview("bad", {"version": 1, "items": "none"})
    assert read(store.interviews()) == ([], [])
    assert session.parse_card("recall:why-rnn") is not None


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_its_code_screen_is_laid_out_as_the_other(make_app, size):
    names = ("#work", "#panel", "#editor", "#verdict", "#ask")

    def look(screen):
        styles = [screen.query_one(name).styles for name in names]
        return [(s.width, s.height, s.margin, s.padding, str(s.layout), s.color) for s in styles]

    app = make_app()
    async with app.run_test(size=size) as pilot:
        start(app, CODE)  # before any other code screen was opened
        await pilot.pause()
        interviewed = look(app.screen)
        await pilot.press("ctrl+f", *"cell")
        await pilot.pause()
        assert "⌕ cell" in words_on(app.screen)
        await pilot.press("escape", "escape")
        app.open_card(CODE.card)
        await pilot.pause()
        assert look(app.screen) == interviewed


async def test_the_clock_stays_in_a_tiny_terminal_while_something_is_said(make_app):
    app = make_app("zh")
    async with app.run_test(size=(40, 12)) as pilot:
        start(app, TALK, language="zh")
        app.say(Text(zh="导览已结束；想再看，在帮助（F1）里按 t，或搜索“导览”。", en="-"))
        await pilot.pause(0.3)
        shown = words_on(app.screen)
        assert "本题" in shown
        assert "English" in shown
        assert not app.screen.show_vertical_scrollbar


async def walk_through(app, pilot, uid, ahead):
    """What each screen of an interview shows when it opens."""
    going = Sitting(app, sitting.begin(uid, Setup(30, ("lstm",), "en"), (TALK, DRILL, CODE, FAMILY), app.store.clock()))
    going.open()
    shown = []

    async def note():
        await pilot.pause(0.1)
        if ahead:
            assert (app.screen in app.spares._used) is bool(shown)
            while await going.build_next():
                pass
        shown.append(words_on(app.screen))

    await note()
    await type_answer(pilot, "the forget gate")
    await pilot.press("f8")
    await note()
    await answer_drill(pilot, right=True)
    await note()
    await pilot.press("f8")
    await note()
    await type_answer(pilot, "cells")
    await pilot.press("f8")
    await note()  # the debrief of the first answer
    await pilot.press("2")
    await note()
    await pilot.press("2")
    await until(pilot, lambda: isinstance(app.screen, ReportScreen) and app.screen.report is not None)
    return [*shown, words_on(app.screen)]


async def test_the_next_screen_built_ahead_looks_as_one_built_on_the_spot(make_app, store):
    seen = []
    for ahead in (False, True):
        app = make_app()
        async with app.run_test(size=(80, 24)) as pilot:
            seen.append(await walk_through(app, pilot, f"uid-{ahead}", ahead))
            if ahead:
                await pilot.press("escape")
                while await app.spares.work():
                    pass
                assert not app.spares._used
        for _ in store.reviews():
            store.undo_last()
    for there, ahead in zip(*seen, strict=True):
        assert there.splitlines() == ahead.splitlines()


async def test_what_a_screen_says_once_is_said_when_it_is_shown(make_app, monkeypatch):
    from quiz.grading import outcome

    monkeypatch.setattr(outcome, "reduced_isolation", lambda: "landlock")
    app = make_app()
    async with app.run_test(size=(140, 40)) as pilot:
        going = start(app, DRILL, CODE)
        await pilot.pause()
        assert await going.build_next()
        await pilot.pause()
        assert message("code.reduced_isolation").en[:20] not in words_on(app.screen)
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(app.screen, InterviewCodeScreen)
        assert message("code.reduced_isolation").en[:20] in words_on(app.screen)


async def test_the_screen_built_ahead_is_not_used_in_another_language(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        going = start(app, TALK, FAMILY)
        await pilot.pause()
        assert await going.build_next()
        assert not await going.build_next()
        await pilot.press("f2", "f8")
        await pilot.pause()
        assert "2/2" in words_on(app.screen)
        assert "你的回答" in words_on(app.screen)


async def built(app):
    """The form's spare time is over."""
    while await app.screen.build_next():
        pass


@pytest.mark.parametrize("again", [False, True])
async def test_what_enter_opens_is_built_while_the_form_is_looked_at(make_app, store, again):
    seen = []
    for ahead in (False, True):
        app = make_app()
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("i")
            await until(pilot, lambda screen=app.screen: screen.items)
            if again:
                await pilot.press("enter")
                await pilot.pause()
                await pilot.press("escape")
                await pilot.pause()
                assert app.screen.query_one(InterviewForm).line.kind == "resume"
            before = store.interviews()
            first = None
            if ahead:
                await built(app)
                first = app.screen._ahead._next[1]
                assert store.interviews() == before  # looking at the form begins nothing
            await pilot.press("enter")
            await pilot.pause()
            assert first in (None, app.screen)
            seen.append(words_on(app.screen))
            assert app.screen.focused is not None
            await pilot.press("escape", "escape")
            assert isinstance(app.screen, HomeScreen)
            while await app.spares.work():
                pass
            assert not app.spares._used
    assert seen[0] == seen[1]


async def test_nothing_is_begun_where_the_app_ends_with_the_first_screen_built(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.items)
        await built(app)
    assert store.interviews() == []


async def test_what_was_built_for_another_choice_is_not_opened(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.items)
        await built(app)
        first = app.screen._ahead._next[1]
        await pilot.press("home", "right", "enter")
        await pilot.pause()
        assert app.screen is not first
        assert app.screen.sitting.interview.setup.minutes == 45
        assert not first.sitting.is_open


async def test_words_typed_elsewhere_meanwhile_are_not_lost(make_app, store, clock):
    begun = sitting.begin("uid", Setup(30, ("lstm",), "en"), (TALK, FAMILY), clock())
    store.save_interview("uid", sitting.to_json(sitting.stop_clock(begun, clock())))
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("i")
        await until(pilot, lambda: app.screen.items)
        await built(app)
        first = app.screen._ahead._next[1]
        store.save_draft("interview:uid/0/0", "typed in another window")
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is first
        assert app.screen.query_one(DraftArea).text == "typed in another window"


HOLDER = """
import sys
from pathlib import Path
from quiz.interview.claim import Claim
claim = Claim(Path(sys.argv[1]), "uid")
print(claim.take(), flush=True)
sys.stdin.readline()
claim.release()
"""


@pytest.mark.parametrize("ended", ["left", "killed"])
async def test_an_interview_that_another_window_is_at_is_not_gone_on_with(make_app, store, clock, ended):
    begun = sitting.start_clock(sitting.begin("uid", Setup(30, ("lstm",), "en"), (TALK, FAMILY), clock()), clock())
    store.save_interview("uid", sitting.to_json(begun))
    command = [sys.executable, "-c", HOLDER, str(store.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as elsewhere:
        assert elsewhere.stdout.readline() == "True\n"
        app = make_app()
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("i")
            await until(pilot, lambda: app.screen.items)
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, InterviewScreen)
            assert "open in another window" in words_on(app.screen)
            assert kept(store) == begun
            # There it is answered and left: here it goes on from there, though the list was read before.
            there = sitting.stop_clock(sitting.go_on(sitting.say(begun, "gates")), clock())
            store.save_interview("uid", sitting.to_json(there))
            if ended == "left":
                elsewhere.stdin.write("\n")
                elsewhere.stdin.flush()
            else:
                elsewhere.kill()
            elsewhere.wait()
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, TalkScreen)
            assert "2/2" in words_on(app.screen)
            await pilot.press("escape")
            await pilot.pause()
    assert not list(store.folder.glob("*.lock"))
