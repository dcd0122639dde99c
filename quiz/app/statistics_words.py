"""What the screen of statistics says."""

from __future__ import annotations

from textual.content import Content

from answers.model import Language, Text
from quiz import session
from quiz.app import card_words
from quiz.heatmap import Streak
from quiz.statistics import Statistics, share
from quiz.tallies import STATES

STATISTICS = Text(zh="统计", en="Statistics")
STATISTICS_HELP = Text(zh="记忆、预测、用时、薄弱处、日历", en="Retention, forecast, time, weakest cards, calendar")
COUNTING = Text(zh="正在统计……", en="Counting …")
NOTHING_YET = Text(
    zh="还没有复习记录。回到目录按 p 练一张，这里就有数了。",
    en="Nothing has been reviewed yet. Go back and press p: after the first card there is something to count.",
)
PAGES = {
    "overview": Text(zh="概览", en="Overview"),
    "calendar": Text(zh="日历", en="Calendar"),
    "retention": Text(zh="记忆", en="Retention"),
    "forecast": Text(zh="预测", en="Forecast"),
    "time": Text(zh="用时", en="Time"),
    "weakest": Text(zh="薄弱处", en="Weakest"),
}
HELP = Text(
    zh="""\
复习记录说了什么：

- 概览：连续天数、复习次数、记住的比例、用时；按卡片状态分列
- 日历：哪天练了多少，一列一周
- 记忆：每天记住的比例，只算隔了一天以上的复习
- 预测：未来 30 天每天到期多少
- 用时：每天几分钟，按口述、练习、编程分开
- 薄弱处：最常忘的卡片；`↑` `↓` 选，`Enter` 去练

`←` `→` 翻页，`Esc` 返回。""",
    en="""\
What the review log says:

- Overview: streak, reviews, share recalled, time; by state of the card
- Calendar: on which days you practised and how much, a column a week
- Retention: share recalled each day, of cards that had rested a day or more
- Forecast: how many cards come due on each of the next 30 days
- Time: minutes a day for words, drills and code
- Weakest: the cards most often forgotten; `↑` `↓` choose one, `Enter` practises it

`←` `→` turn the pages, `Esc` goes back.""",
)
STATE_NAMES = {
    "new": Text(zh="首次", en="first time"),
    "learning": Text(zh="当天再来", en="same day"),
    "young": Text(zh="三周以内", en="under 3 weeks"),
    "mature": Text(zh="三周以上", en="over 3 weeks"),
}
NO_LAPSES = Text(zh="没有忘过的卡片。", en="No card has ever been forgotten.")


def percent(value: float | None) -> str:
    """A share, or a dash where there is none."""
    return "–" if value is None else f"{value:.0%}"


def _streak(streak: Streak) -> Text:
    return Text(
        zh=f"{streak.current} 天（最长 {streak.longest} 天）", en=f"{streak.current} d (longest {streak.longest} d)"
    )


def overview(found: Statistics, language: Language) -> Content:
    """The figures, and retention by state."""
    rows = [
        (Text(zh="连续练习", en="Streak"), _streak(found.streak)),
        (
            Text(zh="复习次数", en="Reviews"),
            Text(
                zh=f"{found.reviews:,}（今天 {found.reviews_today}）",
                en=f"{found.reviews:,} ({found.reviews_today} today)",
            ),
        ),
        (
            Text(zh="30 天记忆率", en="Recalled, 30 days"),
            Text(zh=percent(found.retention), en=percent(found.retention)),
        ),
        (
            Text(zh="用时", en="Time"),
            Text(
                zh=f"共 {found.minutes:.0f} 分钟，近 7 天 {found.minutes_week:.0f} 分钟",
                en=f"{found.minutes:.0f} min, {found.minutes_week:.0f} in the last 7 days",
            ),
        ),
    ]
    title = Text(zh="按隔了多久复习", en="By how long the card had rested")
    states = [(STATE_NAMES[state], _state_line(*found.retention_by_state[state])) for state in STATES]
    return Content("\n").join(
        [*_table(rows, language), Content(""), Content.styled(title.of(language), "bold"), *_table(states, language)]
    )


def _state_line(recalled: int, reviewed: int) -> Text:
    shown = percent(share(recalled, reviewed))
    cells = round(20 * recalled / reviewed) if reviewed else 0
    bar = "━" * cells + "┄" * (20 - cells)
    return Text(zh=f"{bar} {shown:>4}（{reviewed:,} 次）", en=f"{bar} {shown:>4} ({reviewed:,} reviews)")


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
        return Content(NO_LAPSES.of(language))
    lines = []
    for k, weak in enumerate(found.weakest):
        head = "▸ " if k == cursor else "  "
        said = Text(
            zh=f"忘 {weak.lapses}/{weak.reviews} 次，稳定 {weak.stability:.1f} 天",
            en=f"forgot {weak.lapses} of {weak.reviews}, stable {weak.stability:.1f} d",
        )
        lines.append(
            Content.assemble((head, "bold $text-accent"), _card_name(weak.card, language))
            + Content.styled(f"   {said.of(language)}", "$text-muted")
        )
    return Content("\n").join(lines)


def _card_name(key: str, language: Language) -> Content:
    card = session.parse_card(key)
    assert card is not None  # the pure part leaves others out
    return Content.assemble((f"{card_words.KINDS[card.kind].of(language)} ", "dim"), card_words.name(card).of(language))
