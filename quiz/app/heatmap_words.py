"""What the calendar of practice says."""

from __future__ import annotations

from answers.model import Text
from quiz.heatmap import HeatMap, Streak

MONTHS = tuple(
    Text(zh=f"{k}月", en=name) for k, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
)
DAYS = tuple(Text(zh=zh, en=en) for zh, en in zip("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun".split(), strict=True))
FOUR_WEEKS = Text(zh="近四周", en="last 4 weeks")
LESS = Text(zh="少", en="less")
MORE = Text(zh="多", en="more")


def practised(found: HeatMap, weeks: int) -> Text:
    """How much there was."""
    return Text(
        zh=f"近 {weeks} 周：{found.days} 天练习，{found.reviews:,} 次复习",
        en=f"Last {weeks} weeks: {found.days} days practised, {found.reviews:,} reviews",
    )


def streak(found: Streak) -> Text:
    """Days in a row, and what keeps the row going."""
    if not found.current:
        return Text(zh="今天练一张，开始连续记录", en="one card today starts a streak")
    days = Text(zh=f"**连续 {found.current} 天**", en=f"**{found.current}-day** streak")
    if found.today:
        return days
    return Text(zh=f"{days.zh}，今天还没练", en=f"{days.en}, not yet today")


def streaks(found: Streak) -> Text:
    """The row of days now, and the longest there was."""
    now = streak(found)
    return Text(
        zh=f"{now.zh} · 最长 **{found.longest}** 天",
        en=f"{now.en[0].upper()}{now.en[1:]} · longest **{found.longest}** days",
    )
