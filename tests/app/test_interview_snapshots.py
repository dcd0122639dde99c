"""A picture of every screen of the mock interview, in both languages and two sizes."""

import time
from dataclasses import replace

import pytest
from support import small_deck

from quiz import shelf
from quiz.app.screens.interview_report import ReportScreen
from quiz.app.sitting import Sitting
from quiz.app.widgets.editor import CodeArea, DraftArea
from quiz.interview import sitting
from quiz.interview.sitting import Exchange, Item, Setup
from quiz.session import Card
from quiz.store import Store

FLOW = "lstm-flow"
SAID = "三个门都过 sigmoid，\nthen f * c + i * g"
TALK = Item(Card("recall", FLOW), "lstm", 270, 1, 2, hints=1)
DRILL = Item(Card("drill", FLOW, "bound"), "lstm", 45, 2)
CODE = Item(Card("code", FLOW, "lstm-step"), "lstm", 570, 3)
ASKED = replace(
    TALK, seconds=140.0, answer=SAID, exchanges=(Exchange("follow-up", "0", "c 只增不减"), Exchange("point", "output"))
)
DONE = (
    replace(ASKED, state="answered", seconds=231.0, ticked=("gates", "cell")),
    replace(DRILL, state="answered", seconds=51.0, answer=1, right=False),
    replace(
        CODE, state="answered", seconds=300.0, answer="def lstm_step(): ...", verdict="fail", score=0.4, failures=2
    ),
    replace(TALK, section="family"),
)
SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["small", "large"])
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture
def app(make_app, monkeypatch, language):
    monkeypatch.setattr(shelf, "question", lambda _: small_deck.QUESTION)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield make_app(language)
    monkeypatch.undo()
    time.tzset()


def interview(store: Store, language, *items, at=0, **more):
    setup = Setup(30, ("lstm", "family"), language)
    begun = sitting.begin("uid", setup, items, store.clock() - 600_000)
    return replace(begun, at=at, counted=None, **more)


async def _open(pilot, found):
    Sitting(pilot.app, found).open()
    await pilot.pause()
    for area in pilot.app.screen.query(DraftArea):
        area.cursor_blink = False
    await pilot.pause(0.1)


async def _choose(pilot):
    store, language = pilot.app.store, pilot.app.language
    over = interview(store, language, *DONE, phase="over", score=0.53)
    for uid, found in (("past", over), ("half", interview(store, language, *DONE[:2], DRILL, CODE, at=2))):
        store.save_interview(uid, sitting.to_json(replace(found, uid=uid)))
    await pilot.press("i")
    while not pilot.app.screen.items:
        await pilot.pause(0.05)
    await pilot.pause(0.1)


async def _talk(pilot):
    await _open(pilot, interview(pilot.app.store, pilot.app.language, ASKED, DRILL))
    pilot.app.screen.query_one(DraftArea).load_text("h_new 用的是 the new c")
    await pilot.pause(0.1)


async def _drill(pilot):
    over = replace(DRILL, seconds=65.0)
    await _open(pilot, interview(pilot.app.store, pilot.app.language, over, CODE))


async def _code(pilot):
    await _open(pilot, interview(pilot.app.store, pilot.app.language, *DONE[:2], CODE, at=2))
    pilot.app.screen.query_one(CodeArea).load_text("def lstm_step(x, h, c, W, U, b):\n    return h, c\n")
    await pilot.pause(0.1)


async def _debrief(pilot):
    looked = replace(DONE[0], ticked=None)
    await _open(pilot, interview(pilot.app.store, pilot.app.language, looked, *DONE[1:3], phase="debrief"))


async def _report(pilot):
    found = interview(pilot.app.store, pilot.app.language, *DONE, phase="over")
    pilot.app.push_screen(ReportScreen(found))
    while getattr(pilot.app.screen, "report", None) is None:
        await pilot.pause(0.05)
    await pilot.pause(0.1)


@LANGUAGES
@SIZES
@pytest.mark.parametrize(
    "go", [_choose, _talk, _drill, _code, _debrief, _report], ids=lambda go: go.__name__.strip("_")
)
def test_interview(app, go, size, snap_compare):
    assert snap_compare(app, run_before=go, terminal_size=size)
