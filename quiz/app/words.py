"""The interface's own words, both languages side by side. Words of the deck stand in `answers`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from answers.model import Language, Text
from quiz import parts
from quiz.schedule import Grade, Standing

if TYPE_CHECKING:
    from answers.model import Claim
    from quiz.drills import Checked

# ---------------------------------------------------------------- home

HOME = Text(zh="目录", en="Contents")
PARTS: tuple[tuple[Text, tuple[str, ...]], ...] = tuple((part.title, part.questions) for part in parts.NOTES)

STATES = {
    "untried": Text(zh="未练习", en="not tried"),
    "learning": Text(zh="学习中", en="learning"),
    "known": Text(zh="已掌握", en="known"),
    "due": Text(zh="待复习", en="due"),
    "passed": Text(zh="通过", en="passed"),
    "failed": Text(zh="未通过", en="failed"),
}
RECALL = Text(zh="口述", en="Say it")
DRILLS = Text(zh="练习", en="Drills")
CODE = Text(zh="编程", en="Code it")
EVIDENCE = Text(zh="实证", en="Prove it")

HOME_HELP = Text(
    zh="""\
左边是笔记的目录。每道题前的记号：`·` 未练习，`◐` 学习中，`○` 待复习，`●` 已掌握；方条是掌握程度。

- `p` 开始今天的练习：先到期的，再新题
- `Enter` 打开题目，`→` 展开编程任务，`←` 收起
- `d` 练习题，`c` 写代码，`e` 运行实证
- `i` 模拟面试
- `t` 统计，`s` 设置
- `/` 或 `Ctrl+P` 搜索一切
- `u` 撤销上一次评分
- `l`（任何界面用 `F2`）切换中文与英文""",
    en="""\
The notes' contents stand on the left. Marks: `·` not tried, `◐` learning, `○` due, `●` known; the bar shows mastery.

- `p` starts today's practice: what is due first, then new cards
- `Enter` opens a question, `→` unfolds its coding tasks, `←` folds them
- `d` drills, `c` code, `e` runs the evidence
- `i` mock interview
- `t` statistics, `s` settings
- `/` or `Ctrl+P` searches everything
- `u` takes the last grade back
- `l` (`F2` on any screen) switches between Chinese and English""",
)

# ---------------------------------------------------------------- keys

OPEN = Text(zh="打开", en="open")
PRACTISE = Text(zh="开始练习", en="practise")
DRILL = Text(zh="练习", en="drills")
MOCK_INTERVIEW = Text(zh="模拟面试", en="interview")
WRITE_CODE = Text(zh="编程", en="code")
PROVE = Text(zh="实证", en="evidence")
LANGUAGE = Text(zh="English", en="中文")
HELP = Text(zh="帮助", en="help")
QUIT = Text(zh="退出", en="quit")
HOW_TO_QUIT = Text(zh="按 Ctrl+Q 退出。", en="Ctrl+Q quits.")
BACK = Text(zh="返回", en="back")
REVEAL = Text(zh="看答案", en="reveal")
HINT = Text(zh="提示", en="hint")
TICK = Text(zh="勾选", en="tick")
GRADE_YOURSELF = Text(zh="自评", en="grade")
CHECK = Text(zh="提交", en="check")
NEXT = Text(zh="下一题", en="next")
AGAIN = Text(zh="再来一题", en="again")
MOVE = Text(zh="移动", en="move")
PICK_UP = Text(zh="拿起/放下", en="pick up/drop")
RUN = Text(zh="运行", en="run")
STOP = Text(zh="停止", en="stop")
GRADE = Text(zh="评分", en="grade")
READ = Text(zh="看结果/回编辑器", en="read/edit")
SOLUTION = Text(zh="参考解答", en="solution")
EDITOR = Text(zh="外部编辑器", en="$EDITOR")
SEARCH = Text(zh="搜索", en="search")
PAGES = Text(zh="翻页", en="pages")
SAVE_PICTURE = Text(zh="存图", en="save picture")
UNDO = Text(zh="撤销上次评分", en="Undo the last grade")
UNDO_HELP = Text(
    zh="任何界面按 F9；练习中会把那一张再问一次", en="F9 on any screen; while practising, that card is asked again"
)
PRACTISE_TODAY = Text(zh="开始今天的练习", en="Practise today's cards")
PRACTISE_HELP = Text(zh="先到期的，再新题", en="What is due first, then new cards")
SWITCH_LANGUAGE = Text(zh="切换语言", en="Switch the language")
QUIT_HELP = Text(zh="写下的都已保存", en="All that you wrote is saved")
THEME = Text(zh="切换明暗主题", en="Switch between dark and light")
THEME_HELP = Text(zh="墨（暗）与纸（亮）", en="ink (dark) and paper (light)")
SETTINGS = Text(zh="设置", en="settings")
STATISTICS = Text(zh="统计", en="statistics")
UNDO_SHORT = Text(zh="撤销", en="undo")

CLOSES = Text(zh="Esc 关闭", en="Esc closes this")
HELP_EVERYWHERE = Text(
    zh="任何界面：`F1` 帮助，`F2` 切换语言，`F9` 撤销上次评分，`Ctrl+P` 搜索，`Ctrl+Q` 退出。",
    en="On every screen: `F1` help, `F2` language, `F9` takes the last grade back, `Ctrl+P` search, `Ctrl+Q` quit.",
)

# ---------------------------------------------------------------- question

YOUR_ANSWER = Text(zh="你的回答", en="Your answer")
YOUR_ANSWER_HINT = Text(
    zh="先合上资料，用自己的话说一遍；随时自动保存。", en="In your own words, notes closed; saved as you type."
)
KEY_POINTS = Text(zh="要点", en="Key points")
SPOKEN = Text(zh="三十秒口答", en="In 30 seconds")
WHITEBOARD = Text(zh="白板", en="Whiteboard")
NOTES = Text(zh="笔记对错", en="The notes")
FOLLOW_UPS = Text(zh="追问", en="Follow-ups")
SOURCES = Text(zh="出处", en="Sources")
GRADES = (
    Text(zh="不会", en="Again"),
    Text(zh="勉强", en="Hard"),
    Text(zh="记得", en="Good"),
    Text(zh="轻松", en="Easy"),
)
VERDICTS = {
    "holds": Text(zh="✓ 成立", en="✓ holds"),
    "holds within limits": Text(zh="◐ 有条件成立", en="◐ holds within limits"),
    "wrong": Text(zh="✗ 勘误：不成立", en="✗ erratum: wrong"),
}
TRUTH = Text(zh="实际上", en="In truth")
MATTERS = Text(zh="面试里", en="In an interview")
NOTES_SAY = Text(zh="笔记说", en="The notes say")
REPLAYING = Text(zh="正在从复习记录重新推算进度……", en="Working your progress out again from the log of reviews …")
NOTHING_TO_UNDO = Text(zh="没有可以撤销的评分。", en="There is no grade to take back.")

QUESTION_HELP = Text(
    zh="""\
先用自己的话回答，再看答案。写下的每个字都自动保存。

- `Ctrl+R` 看答案：答案里明确提到的要点已替你勾上
- `Ctrl+T` 提示，共三步
- `↑` `↓` 选要点，`空格` 勾选或取消
- `←` `→` 翻页：三十秒口答、白板、笔记对错、追问、出处
- `PageUp` `PageDown` 滚动正文
- `1` 到 `4` 自评，`Enter` 采用建议的一档；每一档后面是下次复习的间隔
- `d` 做这道题的练习，`e` 运行实证
- `Esc` 返回，`F2` 切换语言""",
    en="""\
Answer in your own words, then look. Every character is saved as you type it.

- `Ctrl+R` reveals the answer; points that you plainly named are ticked already
- `Ctrl+T` gives a hint; there are three
- `↑` `↓` choose a key point, `Space` ticks it
- `←` `→` turn the pages: thirty seconds, whiteboard, the notes, follow-ups, sources
- `PageUp` `PageDown` scroll the page
- `1` to `4` grade yourself, `Enter` takes the suggested grade; beside each stands when the card comes back
- `d` drills this question, `e` runs its evidence
- `Esc` goes back, `F2` switches the language""",
)

# ---------------------------------------------------------------- drills

KINDS = {
    "ChoiceDrill": Text(zh="选择", en="Choice"),
    "TrueFalseDrill": Text(zh="判断", en="True or false"),
    "OrderDrill": Text(zh="排序", en="Order"),
    "NumberDrill": Text(zh="计算", en="Number"),
    "FormulaDrill": Text(zh="公式", en="Formula"),
}
TRUE = Text(zh="对", en="True")
FALSE = Text(zh="错", en="False")
RIGHT = Text(zh="答对了", en="Right")
WRONG = Text(zh="不对", en="Not quite")
THE_ANSWER = Text(zh="答案", en="Answer")
NUMBER_HERE = Text(zh="填一个数或算式，如 4*(3+5)*5", en="A number, or a sum such as 4*(3+5)*5")
FORMULA_HERE = Text(zh="填一个表达式，如 tanh(a) * (1 - b)", en="An expression such as tanh(a) * (1 - b)")
AVAILABLE = Text(zh="可用", en="available")
CHOOSE = Text(zh="选择", en="choose")
FINISH = Text(zh="完成", en="finish")
DRILL_HELP = Text(
    zh="""\
五种练习，全部用键盘：

- 选择、判断：按选项前的字母，或 `↑` `↓` 加 `Enter`
- 排序：`空格` 拿起一行，`↑` `↓` 移动，再按 `空格` 放下；`Enter` 提交（`Shift+↑↓` 直接移动）
- 计算：填数字，也可以写算式，如 `4*(3+5)*5`、`3/4`
- 公式：写表达式，会代入随机数组实际运行，写法不同没关系

提交后按 `Enter` 下一题。每次抽到的数字都不一样。`Esc` 返回。""",
    en="""\
Five kinds of drill, all by keyboard:

- Choice, true or false: the letter before the option, or `↑` `↓` and `Enter`
- Order: `Space` picks a line up, `↑` `↓` carry it, `Space` drops it; `Enter` checks (`Shift+↑↓` moves at once)
- Number: a number, or a sum such as `4*(3+5)*5` or `3/4`
- Formula: an expression; it is run on random arrays, so any equivalent form will do

After the check `Enter` goes on. Numbers are drawn afresh each time. `Esc` goes back.""",
)
NO_TASKS = Text(zh="这道题没有编程任务。", en="This question has no coding task.")
NO_DRILLS = Text(zh="这道题没有练习。", en="This question has no drills.")

# ---------------------------------------------------------------- code

YOUR_CODE = Text(zh="你的代码", en="Your code")
NOT_GRADED = Text(
    zh="写好后按 F5 评分：在隔离的进程里运行，与参考实现逐项比对。",
    en="Press F5 to grade: it runs in an isolated process and is compared with the reference.",
)
PASSED = Text(zh="通过", en="Passed")
OUTCOMES = {
    "pass": PASSED,
    "fail": Text(zh="未通过", en="Failed"),
    "error": Text(zh="出错", en="Error"),
    "timeout": Text(zh="超时", en="Timed out"),
    "memory": Text(zh="内存超限", en="Out of memory"),
    "forbidden": Text(zh="越界操作", en="Forbidden"),
}
DIAGNOSIS = Text(zh="诊断", en="Diagnosis")
COUNTEREXAMPLE = Text(zh="最小反例", en="Smallest counterexample")
EXPECTED = Text(zh="应为", en="expected")
GOT = Text(zh="得到", en="got")
DIFFERENCE = Text(zh="差", en="difference")
LOOK_FOR = Text(zh="面试官看什么", en="What interviewers look for")
SOLUTION_LATER = Text(zh="先评分一次，再看参考解答。", en="Grade your own attempt once; then the model solution opens.")
NO_EDITOR = Text(
    zh="没有设置外部编辑器：在设置里填一个，或设置环境变量 VISUAL、EDITOR。",
    en="No editor is set: name one in the settings, or set VISUAL or EDITOR.",
)

# ---------------------------------------------------------------- evidence

MEASURED = Text(zh="测得", en="measured")
BOUND = Text(zh="界", en="bound")
HOLDS = Text(zh="成立", en="holds")
FAILS = Text(zh="不成立", en="does not hold")
SCROLL = Text(zh="滚动", en="scroll")
EVIDENCE_HELP = Text(
    zh="""\
这里运行真实的实验：每条论断都有测得的数字和界，成立与否由程序算出。

- `s` 停止，`r` 重新运行
- `↑` `↓` `PageUp` `PageDown` 滚动
- `w` 把图存为 PNG
- `Esc` 返回，`F2` 切换语言""",
    en="""\
A real experiment runs here: each claim has a measured figure and a bound, and whether it holds is computed.

- `s` stops it, `r` runs it again
- `↑` `↓` `PageUp` `PageDown` scroll
- `w` saves the picture as PNG
- `Esc` goes back, `F2` switches the language""",
)
RUNNING = Text(zh="正在运行", en="Running")
STOPPED = Text(zh="已停止", en="Stopped")
DONE = Text(zh="完成", en="Done")
EXPERIMENT_FAILED = Text(zh="实验中断：{error}", en="The experiment broke off: {error}")

# ---------------------------------------------------------------- shared

ALL_DONE = Text(zh="今天的都做完了。", en="That was all for today.")
CANNOT_LOAD = Text(zh="读不出这道题：{fault}", en="This question cannot be read: {fault}")


def standing(found: Standing | None, now: int) -> Text:
    """Where a card stands, in a few words."""
    if found is None:
        return STATES["untried"]
    grade = GRADES[found.grade - 1]
    if found.due <= now:
        return Text(zh=f"{grade.zh} · 该复习了", en=f"{grade.en} · due now")
    until = interval(found.due - now)
    return Text(zh=f"{grade.zh} · {until.zh}后", en=f"{grade.en} · in {until.en}")


def remaining(count: int) -> Text:
    """How many cards follow in this sitting."""
    return Text(zh=f"还有 {count} 张", en=f"{count} to go")


def comes_back(grade: Grade, after: int) -> Text:
    """What is said when a card was graded."""
    name, when = GRADES[grade - 1], interval(after)
    return Text(zh=f"{name.zh}：{when.zh}后再见。", en=f"{name.en}: back in {when.en}.")


REDUCED_ISOLATION = Text(
    zh="这个系统上的隔离不完整：只运行你信得过的代码。",
    en="Isolation is reduced on this system: run only code you trust.",
)


def grading_broke(reason: str) -> Text:
    """The grader itself could not work."""
    return Text(
        zh=f"评分器无法工作：{reason}。运行 rnnquiz doctor 查看原因。",
        en=f"The grader cannot work: {reason}. rnnquiz doctor may say why.",
    )


def editor_failed(command: str, reason: str) -> Text:
    """The outside editor could not be started."""
    return Text(zh=f"无法打开 {command}：{reason}", en=f"Cannot open {command}: {reason}")


def experiment_outcome(claims: Sequence[Claim], stopped: bool, error: str | None) -> Text:
    """How an experiment ended, and how many of its claims hold."""
    if error is not None:
        return Text(zh=EXPERIMENT_FAILED.zh.format(error=error), en=EXPERIMENT_FAILED.en.format(error=error))
    held, of = sum(claim.holds for claim in claims), len(claims)
    end = STOPPED if stopped else DONE
    return Text(zh=f"{end.zh}：{of} 条论断，{held} 条成立", en=f"{end.en}: {held} of {of} claims hold")


def saved(path: Path) -> Text:
    """A file was written."""
    return Text(zh=f"已存为 {path}", en=f"Saved as {path}")


def not_saved(path: Path, reason: str) -> Text:
    """A file could not be written."""
    return Text(zh=f"无法写入 {path}：{reason}", en=f"Cannot write {path}: {reason}")


def today(due: int, new: int, minutes: int, put_off: int = 0) -> Text:
    """What today holds, and how many cards are put off by the limit."""
    later = Text(zh=f"（{put_off} 张顺延）", en=f" ({put_off} put off)") if put_off else Text(zh="", en="")
    return Text(
        zh=f"今天  **{due}** 张待复习{later.zh} · **{new}** 张新题 · 约 **{minutes}** 分钟",
        en=f"Today  **{due}** due{later.en} · **{new}** new · about **{minutes}** min",
    )


def limit_reached(put_off: int) -> Text:
    """Today's limit is reached while cards wait."""
    return Text(
        zh=f"今天到了每日上限；还有 {put_off} 张顺延，上限在设置（s）里改。",
        en=f"Today's limit is reached; {put_off} more are due. The limit is in the settings (s).",
    )


def undone(card: Text, grade: Grade) -> Text:
    """A grade was taken back."""
    name = GRADES[grade - 1]
    return Text(zh=f"已撤销：{card.zh}（{name.zh}）", en=f"Taken back: {card.en} ({name.en})")


def drill_score(right: int, done: int, left: int) -> Text:
    """How the drills of this sitting went."""
    to_go = Text(zh=f"还有 {left} 题", en=f"{left} to go")
    if not done:
        return to_go
    return Text(zh=f"答对 {right}/{done} · {to_go.zh}", en=f"{right}/{done} right · {to_go.en}")


def verdict(checked: Checked, after: int, solution_shown: bool) -> Text:
    """What is said about a drill's answer: right or not, what would have been, why, when it comes back."""
    return Text(zh=_verdict(checked, after, solution_shown, "zh"), en=_verdict(checked, after, solution_shown, "en"))


def _verdict(checked: Checked, after: int, solution_shown: bool, language: Language) -> str:
    head = f"✓ {RIGHT.of(language)}" if checked.right else f"✗ {WRONG.of(language)}"
    when = Text(zh=f"{interval(after).zh}后再见", en=f"back in {interval(after).en}").of(language)
    parts = [f"**{head}** · {when}"]
    if checked.remark is not None:
        parts.append(checked.remark.of(language))
    if not solution_shown:
        solution = "\n".join("    " + line for line in checked.solution.of(language).splitlines())
        parts.append(f"{THE_ANSWER.of(language)}\n\n{solution}")
    parts.append(checked.why.of(language))
    return "\n\n".join(parts)


def met(count: int, of: int) -> Text:
    """How many drills of a question were met."""
    return Text(zh=f"做过 {count}/{of} 题", en=f"{count}/{of} tried")


def interval(milliseconds: int) -> Text:
    """How long until a card comes back, as people say it: 10 min, 3 d, 5 months."""
    minutes = milliseconds / 60_000
    if minutes < 60:
        n = max(1, round(minutes))
        return Text(zh=f"{n} 分钟", en=f"{n} min")
    if minutes < 60 * 24:
        n = round(minutes / 60)
        return Text(zh=f"{n} 小时", en=f"{n} h")
    days = minutes / 60 / 24
    if days < 31:
        return Text(zh=f"{round(days)} 天", en=f"{round(days)} d")
    if days < 365:
        return Text(zh=f"{days / 30.4:.1f} 个月", en=f"{days / 30.4:.1f} mo")
    return Text(zh=f"{days / 365:.1f} 年", en=f"{days / 365:.1f} y")


# ---------------------------------------------------------------- other decks

TRUST = Text(zh="加载这个题库？", en="Load this deck?")
TRUST_KEYS = Text(zh="y 加载（以后不再问） · n 不加载", en="y loads it and remembers that · n does not")


def never_loaded(name: str, folder: Path) -> Text:
    """Asked before a deck's code runs for the first time."""
    return Text(
        zh=f"题库 {name} 还没有加载过，它在\n\n`{folder}`",
        en=f"The deck {name} has never been loaded before. It is in\n\n`{folder}`",
    )


def deck_title(name: str) -> Text:
    """Another deck in the contents."""
    return Text(zh=f"题库 {name}", en=f"Deck {name}")


def deck_waiting(name: str) -> Text:
    """A deck that was never loaded, in the contents."""
    return Text(zh=f"题库 {name}（回车加载）", en=f"Deck {name} (Enter to load)")


def deck_faulty(name: str, count: int) -> Text:
    """A deck that does not load, in the contents."""
    return Text(
        zh=f"题库 {name}：{count} 处错误（rnnquiz deck check）", en=f"Deck {name}: {count} faults (rnnquiz deck check)"
    )
