"""What the screens of the mock interview say."""

from __future__ import annotations

from pathlib import Path

from answers.model import Language, Question, Text
from quiz.interview import asking, words
from quiz.interview.pages import literal
from quiz.interview.sitting import Interview, Item
from quiz.interview.words import clock

INTERVIEW = Text(zh="模拟面试", en="Mock interview")
INTRO = Text(
    zh="像真的面试：限时作答，按你漏掉的要点追问，穿插练习和编程；最后一份报告说清强项、差距和计划。",
    en="As in a real one: answers against the clock, follow-ups on what you left out, drills and code; "
    "then a report with strengths, gaps and a plan.",
)

# ---------------------------------------------------------------- choosing

RESUME = Text(zh="继续", en="Go on")
MINUTES = Text(zh="时间", en="Minutes")
OTHER = Text(zh="其他：直接输入数字", en="other: type a number")
PARTS = Text(zh="部分", en="Parts")
LANGUAGE = Text(zh="语言", en="Language")
LANGUAGES: tuple[tuple[Language, str], ...] = (("zh", "中文"), ("en", "English"))
START = Text(zh="开始", en="Start")
PAST = Text(zh="以前的面试", en="Past interviews")
READING = Text(zh="正在选题……", en="Choosing questions …")
NO_PARTS = Text(zh="至少选一个部分。", en="Choose at least one part.")
NOTHING_TO_ASK = Text(zh="这些部分里没有可问的题。", en="There is nothing to ask in these parts.")
CHANGE = Text(zh="改", en="change")
TICK = Text(zh="勾选", en="tick")

HELP = Text(
    zh="""\
选好时间、部分和语言，按 `Enter` 开始。没练过的和薄弱的题更容易被问到。

- `↑` `↓` 选行，`←` `→` 改时间和语言，`空格` 勾选部分
- 在“时间”一行可以直接输入 5 到 180 的数字
- `Enter` 开始；在没做完的面试上是继续，在以前的面试上是看报告
- `Esc` 返回""",
    en="""\
Choose minutes, parts and language; `Enter` starts. What is untried or weak is asked more often.

- `↑` `↓` choose a line, `←` `→` change minutes and language, `Space` ticks a part
- On the line of minutes any number from 5 to 180 can be typed
- `Enter` starts; on an unfinished interview it goes on, on a past one it opens the report
- `Esc` goes back""",
)

# ---------------------------------------------------------------- asking

ANSWERED = Text(zh="答完", en="that's my answer")
SKIP = Text(zh="跳过", en="skip")
GO_ON = Text(zh="下一题", en="next")
END = Text(zh="结束面试", en="end it")
PAUSE = Text(zh="暂停离开", en="pause")
YOUR_ANSWER = Text(zh="你的回答", en="Your answer")
YOUR_ANSWER_HINT = Text(
    zh="像当面说话那样写；答完按 Ctrl+R。", en="Write as you would say it; Ctrl+R when that is your answer."
)
WRITE_OR_SKIP = Text(
    zh="还没有写。答不上来就按 F8 跳过。", en="Nothing is written yet. F8 skips what you cannot answer."
)
END_AGAIN = Text(
    zh="再按一次 F6 结束面试，没问到的题不计分。", en="F6 again ends the interview; what was not asked does not count."
)
PAUSED = Text(
    zh="面试已保留，计时停住；选“继续”接着答。",
    en="The interview is kept and the clock stands; choose “Go on” to take it up.",
)
GOING_ON_ELSEWHERE = Text(
    zh="这场面试正在另一个窗口里进行。先在那边按 Esc 离开。",
    en="This interview is open in another window. Leave it there first, with Esc.",
)
GONE = Text(zh="这一题在题库里已经不在，已跳过。", en="This item is no longer in the deck and was skipped.")

_CLOCK_ZH = """\
最上面一行：第几题，本题用时和限额，全场用时。超时不会打断你，但会记下来；全场时间用完后不再问新题。
"""
_CLOCK_EN = """\
The top line: which item, its time and allowance, the time in all. Going over does not cut you off but is noted; once the
time in all is used, nothing new is asked.
"""
TALK_HELP = Text(
    zh=f"""\
面试官提问，你作答；随后按你漏掉的要点追问。对错和参考答案最后才看。

- `Ctrl+R` 答完：听追问，或进入下一题
- `Ctrl+T` 提示，共三步；用了会影响得分
- `F8` 跳过：不再追问；一字未写就算不会
- `F6` 按两次：现在就结束面试
- `Esc` 暂停离开：计时停住，写下的都在，回来接着答

{_CLOCK_ZH}""",
    en=f"""\
The interviewer asks, you answer, and what you left out is followed up. What was right is looked at afterwards.

- `Ctrl+R` that is your answer: a follow-up comes, or the next item
- `Ctrl+T` a hint; there are three, and they lower the score
- `F8` skips: no follow-ups; with nothing written it counts as not known
- `F6` twice ends the interview now
- `Esc` pauses and leaves: the clock stands, what was written stays, and you go on from there

{_CLOCK_EN}""",
)
DRILL_HELP = Text(
    zh=f"""\
一道快问快答，答案一次算数；对错在报告里看。

- 选择、判断：按选项前的字母，或 `↑` `↓` 加 `Enter`
- 排序：`空格` 拿起，`↑` `↓` 移动，再按 `空格` 放下；`Enter` 提交
- 计算、公式：输入后按 `Enter`
- `F8` 跳过（算答错），`F6` 按两次结束面试，`Esc` 暂停离开

{_CLOCK_ZH}""",
    en=f"""\
A quick one: the first answer counts; whether it was right stands in the report.

- Choice, true or false: the letter before the option, or `↑` `↓` and `Enter`
- Order: `Space` picks a line up, `↑` `↓` carry it, `Space` drops it; `Enter` answers
- Number, formula: type it and press `Enter`
- `F8` skips (it counts as wrong), `F6` twice ends the interview, `Esc` pauses and leaves

{_CLOCK_EN}""",
)
CODE_HELP = Text(
    zh=f"""\
写出这个函数。可以多次评分，最好的一次算数；代码随时自动保存。

- `F5` 评分，`F7` 停止或跳到出错的行，`F8` 交卷进入下一题
- `Shift+Tab` 在题目、结果与编辑器之间切换，`↑` `↓` 滚动
- `Ctrl+T` 提示，共三步；用了会影响得分
- `Ctrl+F` 查找，`F4` 用 `$EDITOR` 编辑
- `F6` 按两次结束面试，`Esc` 暂停离开

{_CLOCK_ZH}""",
    en=f"""\
Write the function. It may be graded several times and the best counts; code is saved as you type.

- `F5` grades, `F7` stops or goes to the line of the error, `F8` hands it in and goes on
- `Shift+Tab` goes to the task or the report and back; `↑` `↓` scroll it
- `Ctrl+T` a hint; there are three, and they lower the score
- `Ctrl+F` finds, `F4` opens `$EDITOR`
- `F6` twice ends the interview, `Esc` pauses and leaves

{_CLOCK_EN}""",
)

# ---------------------------------------------------------------- looking over

DEBRIEF = Text(zh="复盘", en="Debrief")
MINE = Text(zh="你说的", en="What you said")
REST_AS_SUGGESTED = Text(zh="其余照建议", en="the rest as suggested")
DEBRIEF_HELP = Text(
    zh="""\
面试结束，不再计时。对照参考答案，看看每一问说到了哪些要点：明确说到的已替你勾上，由你定夺。

- `↑` `↓` 选要点，`空格` 勾选或取消
- `←` `→` 翻页：你说的、三十秒口答、白板、笔记对错、追问
- `PageUp` `PageDown` 滚动
- `1` 到 `4` 自评，`Enter` 采用建议的一档；成绩记入复习日程
- `s` 其余各题照建议记分，直接看报告
- `Esc` 先离开，之后可以接着复盘""",
    en="""\
The interview is over and no clock runs. Look at each answer beside the model: points that you plainly named are ticked,
and you have the last word.

- `↑` `↓` choose a key point, `Space` ticks it
- `←` `→` turn the pages: what you said, thirty seconds, whiteboard, the notes, follow-ups
- `PageUp` `PageDown` scroll
- `1` to `4` grade yourself, `Enter` takes the suggested grade; it goes into the review schedule
- `s` takes the suggestions for the rest and opens the report
- `Esc` leaves; the debrief can be taken up later""",
)

# ---------------------------------------------------------------- report

REPORT = Text(zh="面试报告", en="Interview report")
SAVE = Text(zh="存为文件", en="save")
PRACTISE_PLAN = Text(zh="按计划练", en="practise the plan")
WRITING = Text(zh="正在整理报告……", en="Putting the report together …")
NO_PLAN = Text(zh="没有差距要补。", en="There is no gap to close.")
REPORT_HELP = Text(
    zh="""\
这场面试的结果。

- `←` `→` 翻页：总览、强项与差距、计划、逐题；`↑` `↓` 滚动
- `p` 现在就练计划里头一天的题
- `w` 存为 Markdown 和 HTML（用浏览器打开或打印）
- `Esc` 返回

成绩已经记入复习日程；在目录里按 `u` 可以逐个撤销。""",
    en="""\
What the interview came to.

- `←` `→` turn the pages: overview, strengths and gaps, plan, questions; `↑` `↓` scroll
- `p` practises the plan's first day now
- `w` saves it as Markdown and HTML (for a browser or for paper)
- `Esc` goes back

The results are in the review schedule; `u` in the contents takes them back one by one.""",
)


def preview(counts: dict[str, int], seconds: int, minutes: int) -> Text:
    """What an interview would hold."""
    r, d, c = (counts.get(kind, 0) for kind in ("recall", "drill", "code"))
    about = round(seconds / 60)
    zh = [f"{n} {kind}" for n, kind in ((r, "个问题"), (d, "道练习"), (c, "道编程")) if n]
    en = [f"{n} {kind}" for n, kind in ((r, "to say"), (d, "drill" if d == 1 else "drills"), (c, "to code")) if n]
    zh.append(f"约 {about} 分钟")
    en.append(f"about {about} min")
    if about < minutes - 2:
        zh[-1] += "（这些部分只有这么多）"
        en[-1] += " (all there is in these parts)"
    return Text(zh=" · ".join(zh), en=" · ".join(en))


def unfinished(interview: Interview) -> Text:
    """Where an interview stands that was left."""
    date, minutes = words.date(interview.began), interview.setup.minutes
    if interview.phase == "debrief":
        return Text(zh=f"{date} · {minutes} 分钟 · 待复盘", en=f"{date} · {minutes} min · to be debriefed")
    place = f"{interview.at + 1}/{len(interview.items)}"
    left = clock(max(0.0, minutes * 60 - interview.used))
    return Text(
        zh=f"{date} · {minutes} 分钟 · 第 {place} 题 · 还剩 {left}",
        en=f"{date} · {minutes} min · item {place} · {left} left",
    )


def finished(interview: Interview) -> Text:
    """An interview of the past."""
    date, minutes, score = words.date(interview.began), interview.setup.minutes, words.percent(interview.score)
    return Text(zh=f"{date} · {minutes:>3} 分钟 · {score:>4}", en=f"{date} · {minutes:>3} min · {score:>4}")


def transcript(question: Question, item: Item) -> Text:
    """What was asked and answered so far, the last question still open."""
    return Text(zh=_transcript(question, item, "zh"), en=_transcript(question, item, "en"))


def _transcript(question: Question, item: Item, language: Language) -> str:
    chunks = [f"**{question.ask.of(language)}**"]
    said: list[str | None] = [item.answer if isinstance(item.answer, str) else None, *(e.reply for e in item.exchanges)]
    for exchange, answer in zip(item.exchanges, said, strict=False):
        chunks += [
            literal(answer or words.NO_ANSWER.of(language)),
            f"**{asking.asked(question, exchange).of(language)}**",
        ]
    return "\n\n".join(chunks)


def what_was_said(question: Question, item: Item) -> Text:
    """The learner's own words, and beside each follow-up a good answer."""
    return Text(zh=_what_was_said(question, item, "zh"), en=_what_was_said(question, item, "en"))


def _what_was_said(question: Question, item: Item, language: Language) -> str:
    own = item.answer if isinstance(item.answer, str) and item.answer.strip() else words.NO_ANSWER.of(language)
    chunks = [literal(own)]
    for exchange in item.exchanges:
        chunks.append(f"# {asking.asked(question, exchange).of(language)}")
        chunks.append(literal(exchange.reply or words.NO_ANSWER.of(language)))
        good = asking.good_reply(question, exchange)
        if good is not None:
            colon = "：" if language == "zh" else ": "
            chunks.append(f"**{words.GOOD_REPLY.of(language)}**{colon}{good.of(language)}")
    return "\n\n".join(chunks)


def kept(markdown: Path, html: Path) -> Text:
    """Both files were written."""
    return Text(zh=f"已存为 {markdown} 和 {html.name}", en=f"Saved as {markdown} and {html.name}")


CLOCK_ITEM = Text(zh="本题", en="this one")
CLOCK_WHOLE = Text(zh="全场", en="in all")
CLOCK_OVER = Text(zh="超时", en="over by")
CLOCK_LAST = Text(zh="时间到，这是最后一题", en="time is up: this is the last one")
