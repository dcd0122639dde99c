"""Every key that a line of keys or a help text names does something on its screen; both languages name the same ones."""

import re
from dataclasses import replace

import pytest
from app.test_interview import CODE, DRILL, TALK
from app.test_journeys import until

from quiz.app.screens.evidence import EvidenceScreen
from quiz.app.screens.interview_report import ReportScreen
from quiz.app.sitting import Sitting
from quiz.interview import sitting
from quiz.interview.sitting import Setup
from quiz.session import Card

NAMES = {
    "esc": "escape",
    "/": "slash",
    "?": "question_mark",
    "空格": "space",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
    "ctrl+/": "ctrl+underscore",
}
TYPED = {"tab", "enter", "space"}
"""What a field takes as it comes, without a binding; so do drills the letters before their options, shown as capitals."""
ELSEWHERE = {"ReportScreen": {"u"}}
"""Keys that a help text names as another screen's."""
FLOW = "lstm-flow"
KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)?(?:F\d+|Esc|Enter|Tab|Space|空格|PageUp|PageDown|[↑↓←→A-Za-z0-9/?])")


def helped(text):
    """The keys that a help text names."""
    named = (word for word in re.findall(r"`([^`]+)`", text) if KEY.fullmatch(word))
    return {NAMES.get(word.lower(), word.lower()) for word in named}


def bound(screen):
    """The keys that the screen, something on it, or the app has a binding for."""
    keys = set(TYPED)
    for node in (screen.app, screen, *screen.walk_children()):
        keys |= set(node._bindings.key_to_bindings)
    return keys


async def check(pilot):
    """The page that is shown."""
    app, page = pilot.app, pilot.app.screen
    where = type(page).__name__
    assert helped(page.HELP_TEXT.zh) == helped(page.HELP_TEXT.en), where
    assert helped(page.HELP_TEXT.en) <= bound(page) | ELSEWHERE.get(where, set()), where
    shown = page.keys()
    for key in shown:
        for name in key.key.replace("-", " ").split():
            assert re.fullmatch("[A-Z]", name) or NAMES.get(name, name) in bound(page), f"{where}: {key.key}"
        if key.action:
            namespace, _, action = key.action.partition("(")[0].rpartition(".")
            assert hasattr({"app": app, "screen": page}[namespace], f"action_{action}"), f"{where}: {key.action}"
    assert shown[-1].action.partition(".")[2] in ("back", "leave", "quit"), f"{where}: the way out is cut off first"


CARDS = [
    Card("recall", FLOW),
    Card("drill", FLOW, "flow-cell-state"),
    Card("code", FLOW, "lstm-cell-state"),
]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.kind)
async def test_cards(make_app, card):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await check(pilot)
        app.open_card(card, (Card("recall", FLOW),))
        await pilot.pause()
        await check(pilot)
        if card.kind == "recall":
            await pilot.press("ctrl+r")
            await pilot.pause()
            await check(pilot)


async def test_pages_of_the_contents(make_app):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        for key in "sti":
            await pilot.press(key)
            await pilot.pause()
            await check(pilot)
            await pilot.press("escape")
            await pilot.pause()
        page = EvidenceScreen()
        page.action_run = lambda: None
        page.begin(FLOW)
        app.push_screen(page)
        await pilot.pause()
        await check(pilot)


async def test_an_interview(make_app, store):
    app = make_app()
    said = replace(TALK, state="answered", seconds=10.0, answer="an additive path", ticked=())
    async with app.run_test(size=(80, 24)) as pilot:
        for at, phase in ((0, "asking"), (1, "asking"), (2, "asking"), (0, "debrief")):
            items = (replace(said, ticked=None) if phase == "debrief" else TALK, DRILL, CODE)
            begun = sitting.begin("uid", Setup(30, ("lstm",), "en"), items, store.clock())
            Sitting(app, replace(begun, at=at, phase=phase, counted=None)).open()
            await pilot.pause()
            await check(pilot)
            app.pop_screen()
        over = sitting.begin("uid", Setup(30, ("lstm",), "en"), (said,), store.clock())
        app.push_screen(ReportScreen(replace(over, phase="over")))
        await until(pilot, lambda: app.screen.report is not None)
        await check(pilot)
