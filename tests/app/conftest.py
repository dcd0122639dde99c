"""An app on a throw-away store, with a fixed clock and seed."""

import pytest

from quiz.app.app import QuizApp
from quiz.store import Store

NOON = 1_750_000_000_000


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("NO_COLOR", raising=False)
    opened = Store(tmp_path, clock=clock)
    opened.set("toured", True)
    yield opened
    opened.close()


@pytest.fixture
def make_app(store):
    def make(language="en"):
        app = QuizApp(store, language, seed=7)
        app.animation_level = "none"
        return app

    return make
