"""What the screen of statistics says."""

from __future__ import annotations

from textual.content import Content

from answers.model import Language, Text
from quiz import session
from quiz.app import card_words
from quiz.catalogue import message
from quiz.heatmap import Streak
from quiz.statistics import Statistics, share
from quiz.tallies import STATES

PAGES = {
    "overview": message("statistics.page.overview"),
    "calendar": message("statistics.page.calendar"),
    "retention": message("statistics.page.retention"),
    "forecast": message("statistics.page.forecast"),
    "time": message("statistics.page.time"),
    "weakest": message("statistics.page.weakest"),
}
STATE_NAMES = {
    "new": message("statistics.state.new"),
    "learning": message("statistics.state.learning"),
    "young": message("statistics.state.young"),
    "mature": message("statistics.state.mature"),
}


def percent(value: float | None) -> str:
    """A share, or a dash where there is none."""
    return "–" if value is None else f"{value:.0%}"


def _streak(streak: Streak) -> Text:
    return message("statistics.streak_days", current=streak.current, longest=streak.longest)


def overview(found: Statistics, language: Language) -> Content:
    """The figures, and retention by state."""
    rows = [
        (message("statistics.streak"), _streak(found.streak)),
        (
            message("statistics.reviews"),
            message("statistics.reviews_today", reviews=found.reviews, reviews_today=found.reviews_today),
        ),
        (
            message("statistics.retention"),
            Text(zh=percent(found.retention), en=percent(found.retention)),
        ),
        (
            message("statistics.time"),
            message("statistics.minutes", minutes=found.minutes, minutes_week=found.minutes_week),
        ),
    ]
    title = message("statistics.by_state")
    states = [(STATE_NAMES[state], _state_line(*found.retention_by_state[state])) for state in STATES]
    return Content("\n").join(
        [*_table(rows, language), Content(""), Content.styled(title.of(language), "bold"), *_table(states, language)]
    )


def _state_line(recalled: int, reviewed: int) -> Text:
    shown = percent(share(recalled, reviewed))
    cells = round(20 * recalled / reviewed) if reviewed else 0
    bar = "━" * cells + "┄" * (20 - cells)
    if reviewed == 1:
        return message("statistics.state_line.one", bar=bar, shown=shown, reviewed=reviewed)
    return message("statistics.state_line.other", bar=bar, shown=shown, reviewed=reviewed)


def _table(rows: list[tuple[Text, Text]], language: Language) -> list[Content]:
    names = [Content.styled(name.of(language), "$text-muted") for name, _ in rows]
    width = max(name.cell_length for name in names) + 3
    return [
        name.pad_right(width - name.cell_length) + Content.styled(said.of(language), "$text-accent")
        for name, (_, said) in zip(names, rows, strict=True)
    ]


def weak_lines(found: Statistics, cursor: int, language: Language) -> Content:
    """The weakest cards, one a line, the chosen one marked."""
    if not found.weakest:
        return Content(message("statistics.no_lapses").of(language))
    lines = []
    for k, weak in enumerate(found.weakest):
        head = "▸ " if k == cursor else "  "
        said = message("statistics.weak", lapses=weak.lapses, reviews=weak.reviews, stability=weak.stability)
        lines.append(
            Content.assemble((head, "bold $text-accent"), _card_name(weak.card, language))
            + Content.styled(f"   {said.of(language)}", "$text-muted")
        )
    return Content("\n").join(lines)


def _card_name(key: str, language: Language) -> Content:
    card = session.parse_card(key)
    assert card is not None  # the pure part leaves others out
    return Content.assemble((f"{card_words.KINDS[card.kind].of(language)} ", "dim"), card_words.name(card).of(language))
