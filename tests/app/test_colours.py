"""Everything can be read in every theme, with as many colours as the terminal has and with none."""

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color

from quiz import settings
from quiz.app.screens.evidence import EvidenceScreen
from quiz.schedule import Grade
from quiz.session import Card

LEAST = 3.0
"""Contrast that WCAG asks of large text and of signs; what carries the sense is far above it."""


async def every_screen(pilot):
    """The name of each screen, when it stands."""
    app = pilot.app
    yield "home"
    await pilot.press("enter")
    await pilot.pause()
    yield "question"
    await pilot.press("ctrl+r", "space")
    await pilot.pause()
    yield "answer"
    await pilot.press("escape", "d")
    await pilot.pause()
    await pilot.press("t")
    await pilot.pause()
    yield "drill"
    await pilot.press("escape")
    app.open_card(Card("code", "lstm-flow", "lstm-step"))
    await pilot.pause()
    yield "code"
    await pilot.press("escape", "s")
    await pilot.pause()
    yield "settings"
    await pilot.press("escape", "slash", *"lstm")
    await pilot.pause()
    yield "search"
    await pilot.press("escape", "f1")
    await pilot.pause()
    yield "help"


def drawn(app):
    """Each stretch of text with its colours, as it goes to the terminal."""
    for strip in app.screen._compositor.render_strips():
        segments = list(strip)
        for line_filter in app.get_line_filters():
            segments = line_filter.apply(segments, Color.parse("black"))
        for segment in segments:
            if segment.text.strip() and segment.style is not None:
                yield segment.text, segment.style


def luminance(colour):
    """Of WCAG."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(style):
    inks = (style.color or RichColor.default(), style.bgcolor or RichColor.default())
    ink, paper = (Color.from_rich_color(c) for c in inks)
    high, low = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["ink", "paper"])
async def test_every_text_stands_out_from_its_background(make_app, store, theme):
    store.set("theme", theme)
    store.add_review("recall:why-rnn", Grade.GOOD)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        async for screen in every_screen(pilot):
            if screen in ("search", "help"):
                continue  # what lies below is meant to fade
            faint = {(text, round(contrast(style), 1)) for text, style in drawn(app) if contrast(style) < LEAST}
            assert {t for t, _ in faint if any(c.isalnum() for c in t)} == set(), screen


@pytest.mark.parametrize("no_colour", [False, True])
@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_sixteen_colours_are_the_terminals_own_and_none_is_none(make_app, store, monkeypatch, theme, no_colour):
    store.set("theme", theme)
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    app = make_app("zh")
    async with app.run_test(size=(80, 24)) as pilot:
        async for screen in every_screen(pilot):
            for text, style in drawn(app):
                inks = [c for c in (style.color, style.bgcolor) if c is not None]
                if no_colour:
                    assert all(c.is_default for c in inks), (screen, text)
                else:
                    assert all(c.is_default or c.is_system_defined for c in inks), (screen, text)
                    assert style.color is None or style.color != style.bgcolor or style.color.is_default, (screen, text)


@pytest.mark.parametrize("theme", ["ink", "paper"])
async def test_without_colour_the_other_themes_are_greys_that_differ(make_app, store, monkeypatch, theme):
    store.set("theme", theme)
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        async for screen in every_screen(pilot):
            for text, style in drawn(app):
                for colour in (style.color, style.bgcolor):
                    assert colour is None or len(set(colour.get_truecolor())) == 1, (screen, text)
                if screen != "help" and any(c.isalnum() for c in text):
                    sixteen = [c.downgrade(ColorSystem.STANDARD) for c in (style.color, style.bgcolor) if c]
                    assert len(sixteen) < 2 or sixteen[0] != sixteen[1], (screen, text)


async def test_the_chosen_line_is_told_without_colour(make_app, store, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    app.fit_terminal()
    assert app.colourless
    assert settings.THEME.of(store.get) == settings.AUTO
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert any(style.reverse and "▸" in text for text, style in drawn(app))
        app.push_screen(EvidenceScreen("why-rnn"))
        await pilot.pause()
        assert all(c is None or c.is_default for _, s in drawn(app) for c in (s.color, s.bgcolor))
