"""Whole journeys by keyboard alone, on the deck that ships."""

import pytest
from textual.widgets import Input

from answers import deck
from answers.model import ChoiceDrill, FormulaDrill, NumberDrill, OrderDrill, Text, TrueFalseDrill
from quiz import shelf
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.drill import DrillScreen
from quiz.app.screens.evidence import EvidenceScreen
from quiz.app.screens.help import HelpScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.widgets.answers import OrderBox
from quiz.app.widgets.editor import CodeArea, DraftArea
from quiz.app.widgets.outline import Outline
from quiz.app.widgets.prose import Prose
from quiz.app.widgets.ticks import TickList
from quiz.app.words import experiment_outcome
from quiz.schedule import Grade
from quiz.session import Card

FLOW = "lstm-flow"
RIGHT = """import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new
"""
WRONG = RIGHT.replace("i, f, g, o = np", "f, i, g, o = np")


async def until(pilot, condition, seconds=20.0):
    """Waits for what a thread brings about."""
    waited = 0.0
    while not condition():
        await pilot.pause(0.05)
        waited += 0.05
        assert waited < seconds, "waited too long"
    await pilot.pause()


async def go_to(pilot, question_id):
    outline = pilot.app.screen.query_one(Outline)
    await pilot.press("home")
    while outline.current.heading is None or outline.current.heading.id != question_id:
        await pilot.press("down")


def words_on(screen):
    """Everything that is written on the screen."""
    return "\n".join(strip.text for strip in screen._compositor.render_strips())


async def test_from_the_contents_through_a_question_and_back(make_app, store):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, HomeScreen)
        await go_to(pilot, FLOW)
        await pilot.press("enter")
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press(*"sigmoid gates; c = f * c + i * g".replace(" ", "\0"))
        await pilot.press("ctrl+t", "ctrl+r")
        ticks = app.screen.query_one(TickList)
        assert ticks.has_focus
        assert "1. There are two states" in words_on(app.screen)
        before = set(ticks.ticked)
        await pilot.press("down", "down", "space")
        assert ticks.ticked != before
        await pilot.press("right")
        await pilot.pause()
        assert app.screen.query_one("#page", Prose).text == deck.load_question(FLOW).whiteboard
        await pilot.press("3")
        assert isinstance(app.screen, HomeScreen)
        (review,) = store.reviews()
        assert (review.card, review.grade) == (f"recall:{FLOW}", Grade.GOOD)
        assert app.screen.states[FLOW] == "learning"
        await pilot.press("u")
        assert store.reviews() == []
        assert FLOW not in app.screen.states


async def test_points_that_the_answer_plainly_names_are_ticked(make_app, store):
    store.save_draft(f"answer:{FLOW}", "gates go through a sigmoid, then f * c + i * g")
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("recall", FLOW))
        await pilot.press("ctrl+r")
        assert {"gates", "cell"} <= app.screen.query_one(TickList).ticked
        assert "[✓]" in words_on(app.screen)


async def test_enter_takes_the_suggested_grade(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("recall", FLOW))
        await pilot.pause()
        await pilot.press("ctrl+r", "enter")
        assert [r.grade for r in store.reviews()] == [Grade.AGAIN]


async def test_practice_goes_from_card_to_card(make_app):
    app = make_app()
    async with app.run_test() as pilot:
        queue = (Card("code", FLOW, "lstm-step"), Card("recall", FLOW))
        app.open_card(Card("recall", FLOW), queue)
        await pilot.pause()
        await pilot.press("ctrl+r", "4")
        await pilot.pause()
        assert isinstance(app.screen, CodeScreen)
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_the_language_switches_on_every_screen_and_what_was_typed_stays(make_app, store, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        for open_screen, english, chinese in [
            (lambda: None, "Contents", "目录"),
            (lambda: app.open_card(Card("recall", FLOW)), "Your answer", "你的回答"),
            (lambda: app.open_card(Card("drill", FLOW)), "LSTM step", "一步怎么算"),
            (lambda: app.open_card(Card("code", FLOW, "lstm-step")), "Your code", "你的代码"),
            (lambda: app.push_screen(EvidenceScreen(FLOW)), "Prove it", "实证"),
        ]:
            open_screen()
            await pilot.pause()
            if app.screen.query(DraftArea):
                app.screen.query_one(DraftArea).load_text("typed 输入")
            assert english in words_on(app.screen)
            await pilot.press("f2")
            await pilot.pause()
            assert chinese in words_on(app.screen)
            assert english not in words_on(app.screen)
            await pilot.press("f2")
            await pilot.pause()
            if app.screen.query(DraftArea):
                assert app.screen.query_one(DraftArea).text == "typed 输入"
    assert store.get("language") == "en"


async def test_every_screen_has_help(make_app):
    app = make_app("zh")
    async with app.run_test() as pilot:
        for card in (None, Card("recall", FLOW), Card("drill", FLOW), Card("code", FLOW, "lstm-step")):
            if card is not None:
                app.open_card(card)
                await pilot.pause()
            await pilot.press("f1")
            await pilot.pause()
            assert "帮助" in words_on(app.screen)
            assert "F2" in words_on(app.screen)
            await pilot.press("escape")


async def answer(pilot, app):
    """Answers the drill on screen rightly, by keyboard."""
    hand = app.screen.hand
    match hand.drill:
        case ChoiceDrill() as drill:
            await pilot.press("abcdefgh"[hand.order.index(drill.right)])
        case TrueFalseDrill(holds=holds):
            await pilot.press("t" if holds else "f")
        case OrderDrill():
            places = list(hand.order)
            for target in range(len(places)):
                at = places.index(target)
                cursor = app.screen.query_one(OrderBox).cursor
                if at > target:
                    step = "down" if at > cursor else "up"
                    await pilot.press(*[step] * abs(at - cursor), "space", *["up"] * (at - target), "space")
                places.insert(target, places.pop(at))
            await pilot.press("enter")
        case NumberDrill() as drill:
            app.screen.query_one(Input).value = repr(drill.answer(**hand.sizes))
            await pilot.press("enter")
        case FormulaDrill() as drill:
            app.screen.query_one(Input).value = drill.answer
            await pilot.press("enter")
    await pilot.pause()


async def test_every_drill_of_a_question_is_answered_by_keyboard_alone(make_app, store):
    drills = deck.load_question(FLOW).drills
    assert {type(d) for d in drills} == {ChoiceDrill, TrueFalseDrill, OrderDrill, NumberDrill, FormulaDrill}
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_card(Card("drill", FLOW))
        await pilot.pause()
        for _ in drills:
            assert isinstance(app.screen, DrillScreen)
            await answer(pilot, app)
            assert app.screen.checked.right, app.screen.hand
            assert "Right" in words_on(app.screen)
            await pilot.press("enter")
            await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
    assert {r.card for r in store.reviews()} == {f"drill:{FLOW}/{d.id}" for d in drills}
    assert all(r.grade is Grade.GOOD for r in store.reviews())


async def test_a_wrong_drill_says_what_is_right_and_why(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("drill", FLOW, "flow-cell-state"))
        await pilot.pause()
        app.screen.query_one(Input).value = "c +"
        await pilot.press("enter")
        await pilot.pause()
        assert store.reviews() == []  # what cannot be read is not counted
        app.screen.query_one(Input).value = "i * c + f * g"
        await pilot.press("enter")
        await pilot.pause()
        assert "Not quite" in words_on(app.screen)
        assert "f * c + i * g" in words_on(app.screen)
        assert [r.grade for r in store.reviews()] == [Grade.AGAIN]


async def test_code_is_graded_diagnosed_and_passed(make_app, store):
    from quiz.grading import grade

    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        app.open_card(Card("code", FLOW, "lstm-step"))
        await pilot.pause()
        await pilot.press("ctrl+o")
        assert not app.screen.query_one("#solution").display  # not before an attempt
        area = app.screen.query_one(CodeArea)
        area.load_text(WRONG)
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        wrong = app.screen.report
        assert wrong.diagnosis.id == grade(WRONG, "lstm-step").diagnosis.id == "swaps-i-and-f"
        shown = words_on(app.screen)
        assert "Diagnosis" in shown
        assert "Smallest counterexample" in shown
        area.load_text(RIGHT)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: app.screen.report is not wrong)
        assert app.screen.report.passed
        assert "✓ Passed" in words_on(app.screen)
        await pilot.press("ctrl+o")
        assert app.screen.query_one("#solution").display
        await pilot.press("escape")
        assert app.screen.task_states["lstm-step"] == "passed"
    assert [a.verdict for a in store.attempts("lstm-step")] == ["fail", "pass"]
    assert [r.grade for r in store.reviews()] == [Grade.GOOD]
    assert store.draft("code:lstm-step") == RIGHT


async def test_giving_up_on_code_counts_as_not_known(make_app, store):
    app = make_app()
    async with app.run_test() as pilot:
        app.open_card(Card("code", FLOW, "lstm-step"))
        await pilot.pause()
        app.screen.query_one(CodeArea).load_text("def lstm_step(:\n")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.report is not None)
        assert app.screen.report.verdict == "error"
        await pilot.press("escape")
    assert [r.grade for r in store.reviews()] == [Grade.AGAIN]


async def test_evidence_runs_and_every_claim_is_shown_with_its_figure(make_app):
    app = make_app()
    async with app.run_test(size=(100, 50)) as pilot:
        app.push_screen(EvidenceScreen(FLOW))
        await pilot.pause()
        await until(pilot, lambda: app.screen.outcome is not None)
        assert app.screen.claims
        assert f"{len(app.screen.claims)} of {len(app.screen.claims)} claims hold" in words_on(app.screen)
        assert "measured" in words_on(app.screen)
        assert app.screen.plot is not None


@pytest.mark.parametrize(("language", "said"), [("en", "Stopped before the first claim"), ("zh", "还没有得出论断")])
def test_an_experiment_stopped_at_once_is_not_said_to_hold(language, said):
    assert said in experiment_outcome([], stopped=True, error=None).of(language)


async def test_evidence_is_stopped_by_a_key_and_run_again(make_app, monkeypatch):
    from threading import Event

    from answers.model import Claim, Progress, Text
    from quiz import experiment_process

    going, closed = Event(), Event()

    def endless():
        try:
            yield Claim("c", Text(zh="一", en="one"), 1.0, "==", 1.0)
            while True:
                going.wait(0.02)
                yield Progress(0.5, Text(zh="训练", en="training"))
        finally:
            closed.set()

    monkeypatch.setattr(experiment_process, "events", lambda _: endless())
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(EvidenceScreen(FLOW))
        await pilot.pause(0.2)
        assert "training" in words_on(app.screen)
        await pilot.press("s")
        await until(pilot, closed.is_set, 5)
        assert "Stopped: 1 of 1" in words_on(app.screen)
        closed.clear()
        await pilot.press("r")
        await pilot.pause(0.1)
        assert app.screen.running
        await pilot.press("escape")
        await until(pilot, closed.is_set, 5)


async def test_an_experiment_that_breaks_is_said(make_app, monkeypatch):
    from quiz import experiment_process

    def broken(_):
        yield 1 / 0

    monkeypatch.setattr(experiment_process, "events", broken)
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(EvidenceScreen(FLOW))
        await pilot.pause()
        await until(pilot, lambda: app.screen.outcome is not None)
        assert "ZeroDivisionError" in words_on(app.screen)


async def test_a_question_that_cannot_be_read_is_said_and_the_app_goes_on(make_app, monkeypatch):
    real = shelf.question

    def broken(question_id):
        if question_id == "why-rnn":
            raise deck.DeckError([deck.Fault("q01_why_rnn.py", 3, "SyntaxError")])
        return real(question_id)

    monkeypatch.setattr(shelf, "question", broken)
    app = make_app()
    async with app.run_test(size=(160, 40)) as pilot:
        await go_to(pilot, "why-rnn")
        await pilot.press("enter", "d", "e")
        await pilot.pause(0.5)
        assert isinstance(app.screen, HomeScreen)
        assert "q01_why_rnn.py:3: SyntaxError" in words_on(app.screen)


async def test_resizing_from_small_to_large_and_back(make_app):
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_card(Card("recall", FLOW))
        await pilot.pause()
        await pilot.press("ctrl+r")
        small = words_on(app.screen)
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        large = words_on(app.screen)
        assert max(map(len, large.split("\n"))) > 120
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert words_on(app.screen) == small
        await pilot.resize_terminal(20, 6)
        await pilot.pause()


async def test_what_was_wrong_with_the_file_is_said_at_the_start(tmp_path, clock):
    from quiz.app.app import QuizApp
    from quiz.store import Store

    (tmp_path / "progress.db").write_bytes(b"no database " * 100)
    with Store(tmp_path, clock=clock) as damaged:
        app = QuizApp(damaged, "zh")
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause(0.2)
            assert "已损坏" in words_on(app.screen)


async def test_a_warning_is_not_pushed_out_by_what_is_said_in_passing(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.say(Text(zh="磁盘已满", en="The disk is full"), warning=True)
        for k in range(5):
            app.say(Text(zh=f"第 {k} 句", en=f"remark {k}"))
        await pilot.pause()
        assert "! The disk is full" in words_on(app.screen)
        assert "remark 4" in words_on(app.screen)
        assert "remark 2" not in words_on(app.screen)


async def test_the_key_that_opens_the_help_closes_it(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for opens in (True, False, True):
            await pilot.press("f1")
            await pilot.pause()
            assert isinstance(app.screen, HelpScreen) is opens
