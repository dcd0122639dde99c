"""What a report says whatever it is shown on, both languages side by side."""

from __future__ import annotations

import time
import unicodedata

from answers.model import Language, Text

TITLE = Text(zh="模拟面试", en="Mock interview")
OVERVIEW = Text(zh="总览", en="Overview")
STRENGTHS = Text(zh="强项", en="Strengths")
GAPS = Text(zh="差距", en="Gaps")
PLAN = Text(zh="计划", en="Plan")
QUESTIONS = Text(zh="逐题", en="Questions")
KINDS = {
    "recall": Text(zh="口述", en="Say it"),
    "drill": Text(zh="练习", en="Drill"),
    "code": Text(zh="编程", en="Code"),
}
BY_PART = Text(zh="各部分", en="By part")
ITEMS = Text(zh="每一题", en="Each item")
ASKED = Text(zh="面试官", en="Interviewer")
YOU = Text(zh="你", en="You")
NO_ANSWER = Text(zh="（没有回答）", en="(no answer)")
POINTS = Text(zh="要点", en="Key points")
NAMED = Text(zh="说到的要点", en="Key points named")
PROMPTED = Text(zh="经提醒才说到", en="Named once asked")
MISSED = Text(zh="漏掉的要点", en="Key points left out")
MODEL = Text(zh="三十秒口答", en="In thirty seconds")
GOOD_REPLY = Text(zh="好的回答", en="A good answer")
ERRATA = Text(zh="笔记勘误", en="Errata of the notes")
NOTES_SAY = Text(zh="笔记说", en="The notes say")
TRUTH = Text(zh="实际上", en="In truth")
ANSWER = Text(zh="答案", en="Answer")
SOLUTION = Text(zh="参考解答", en="Model solution")
LOOK_FOR = Text(zh="面试官看什么", en="What interviewers look for")
DIAGNOSIS = Text(zh="诊断", en="Diagnosis")
NO_STRENGTHS = Text(
    zh="这次还没有答到七成半以上的题。别灰心：计划里的头一天就从最要紧的开始。",
    en="Nothing reached three quarters this time. Take heart: the plan's first day starts with what matters most.",
)
NO_GAPS = Text(
    zh="没有低于七成半的题。下次换长一点的时间，或者别的部分。",
    en="Nothing was below three quarters. Next time choose more minutes, or other parts.",
)
NOTHING_REACHED = Text(zh="没有答到任何一题。", en="Nothing was answered.")
PASSED = Text(zh="跳过", en="passed over")
UNREACHED = Text(zh="没轮到", en="not reached")
RIGHT = Text(zh="对", en="right")
WRONG = Text(zh="错", en="wrong")
OUTCOMES = {
    "pass": Text(zh="通过", en="passed"),
    "fail": Text(zh="未通过", en="failed"),
    "error": Text(zh="出错", en="error"),
    "timeout": Text(zh="超时", en="timed out"),
    "memory": Text(zh="内存超限", en="out of memory"),
    "forbidden": Text(zh="越界操作", en="forbidden"),
}
NOT_SUBMITTED = Text(zh="没有提交", en="never submitted")
TIME = Text(zh="用时", en="Time")
SCORE = Text(zh="得分", en="Score")

_BANDS = (
    (0.85, Text(zh="可以上场了", en="ready for the real one")),
    (0.65, Text(zh="快了，补上差距就行", en="nearly there: close the gaps")),
    (0.4, Text(zh="有底子，按计划再练", en="a fair start: follow the plan")),
    (0.0, Text(zh="先把基本的过一遍", en="go over the basics first")),
)
BAR = 20


def band(score: float) -> Text:
    """A score in a few words."""
    return next(said for least, said in _BANDS if score >= least)


def clock(seconds: float) -> str:
    """Minutes and seconds: 12:05."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def percent(score: float | None) -> str:
    """A score, or a dash where there is none."""
    return "–" if score is None else f"{score:.0%}"


def bar(score: float | None, cells: int = BAR) -> str:
    """A score as a bar; what is above 0 shows at least one cell."""
    share = score or 0.0
    full = min(cells, max(round(share * cells), 1 if share > 0 else 0))
    return "━" * full + "┄" * (cells - full)


def mark(score: float | None) -> str:
    """A score as one character."""
    if score is None:
        return "–"
    return "✓" if score >= 0.75 else "◐" if score >= 0.4 else "✗"


def date(at: int) -> str:
    """A moment as local day and time: 2026-11-25 19:30."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at / 1000))


def day_name(offset: int, language: Language) -> str:
    """A day counted from the interview."""
    if offset == 0:
        return Text(zh="今天", en="Today").of(language)
    if offset == 1:
        return Text(zh="明天", en="Tomorrow").of(language)
    return Text(zh=f"第 {offset + 1} 天", en=f"Day {offset + 1}").of(language)


def cells(text: str) -> int:
    """How many terminal cells a text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def padded(text: str, width: int) -> str:
    """`text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if cells(text) <= width:
        return text + " " * (width - cells(text))
    cut = text
    while cells(cut) > width - 1:
        cut = cut[:-1]
    return padded(cut + "…", width)


def about(minutes: float) -> Text:
    """A time to plan with: whole minutes, at least one."""
    whole = max(round(minutes), 1)
    return Text(zh=f"约 {whole} 分钟", en=f"about {whole} min")
