"""A picture of every screen, in both languages and two sizes. Behaviour is tested elsewhere; these catch the layout."""

import pytest
from support import small_deck

from quiz import contents, experiment_process, shelf
from quiz.app.messages import GradingFinished
from quiz.app.screens.evidence import EvidenceScreen
from quiz.app.widgets.editor import CodeArea, DraftArea
from quiz.app.widgets.outline import Outline
from quiz.contents import Heading
from quiz.schedule import DAY, Grade
from quiz.session import Card

FLOW = "lstm-flow"
CODE = "import numpy as np\n\n\ndef lstm_step(x, h, c, W, U, b):\n    return h, c\n"
SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["small", "large"])
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture
def app(make_app, store, clock, monkeypatch, language):
    from answers.catalogue import QUESTIONS
    from answers.model import Text

    question = small_deck.QUESTION
    headings = [Heading(id, "1.1", Text(zh=f"题目 {id}", en=f"Question {id}")) for id in QUESTIONS]
    mine = Heading(FLOW, question.section, question.title, question.tasks, 1)
    monkeypatch.setattr(contents, "headings", lambda: [mine if h.id == FLOW else h for h in headings])
    monkeypatch.setattr(shelf, "question", lambda _: question)
    monkeypatch.setattr(experiment_process, "events", lambda _: small_deck.EXPERIMENT.run())
    store.add_review(f"recall:{FLOW}", Grade.EASY)
    store.add_review("recall:why-rnn", Grade.GOOD)
    store.add_attempt("lstm-step", "pass", 1.0, source="", report={})
    clock.now += 2 * DAY
    return make_app(language)


async def _home(pilot):
    await pilot.pause()
    outline = pilot.app.screen.query_one(Outline)
    while outline.current.heading is None or outline.current.heading.id != FLOW:
        await pilot.press("down")
    await pilot.press("right")
    await pilot.pause(0.6)


async def _question(pilot):
    pilot.app.open_card(Card("recall", FLOW))
    await pilot.pause()
    area = pilot.app.screen.query_one(DraftArea)
    area.cursor_blink = False
    area.load_text("三个门都过 sigmoid，\nthen f * c + i * g")
    await pilot.press("ctrl+t")
    await pilot.pause()


async def _answer(pilot):
    await _question(pilot)
    await pilot.press("ctrl+r", "right")
    await pilot.pause()


async def _drill(pilot):
    pilot.app.open_card(Card("drill", FLOW))
    await pilot.pause()
    hand = pilot.app.screen.hand
    await pilot.press("abc"[(hand.order.index(0) + 1) % 3])
    await pilot.pause()


async def _code(pilot):
    import numpy as np

    from quiz.grading.report import Check, Counterexample, Diagnosis, Report

    screen_card = Card("code", FLOW, "lstm-step")
    pilot.app.open_card(screen_card)
    await pilot.pause()
    area = pilot.app.screen.query_one(CodeArea)
    area.cursor_blink = False
    area.load_text(CODE)
    message = "h 与 c 原样返回。" if pilot.app.language == "zh" else "You return h and c as they came."
    example = Counterexample(
        {"x": np.ones((1, 1)), "h": np.zeros((1, 2))},
        (np.array([[0.25, 0.5]]), np.array([[1.0, 0.0]])),
        (np.array([[0.25, 0.0]]), np.array([[1.0, 0.0]])),
    )
    checks = (Check("runs", True), Check("shape", True), Check("values", False, "198 / 200"))
    report = Report(
        "submission.py", "lstm-step", "fail", 0.1, checks, Diagnosis("stands-still", message), example, seconds=0.12
    )
    pilot.app.screen.post_message(GradingFinished(report, CODE))
    await pilot.pause(0.1)


async def _evidence(pilot):
    pilot.app.push_screen(EvidenceScreen(FLOW))
    await pilot.pause()
    while pilot.app.screen.outcome is None:
        await pilot.pause(0.05)
    await pilot.pause(0.2)


async def _help(pilot):
    await pilot.press("f1")
    await pilot.pause()
    await pilot.pause(0.5)  # a long text is measured, then its scroll bar comes, then it is measured again


@LANGUAGES
@SIZES
@pytest.mark.parametrize(
    "go", [_home, _question, _answer, _drill, _code, _evidence, _help], ids=lambda go: go.__name__.strip("_")
)
def test_screen(app, go, size, snap_compare):
    assert snap_compare(app, run_before=go, terminal_size=size)
