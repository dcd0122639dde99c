"""What the coach says on the tour: a line or two for each step, on the learner's own screen."""

from __future__ import annotations

from answers.model import Text
from quiz.tour import Step

TOUR = Text(zh="一分钟导览", en="A minute's tour")
TOUR_HELP = Text(
    zh="用一道真题走一遍：说、勾、评、练、写", en="One real question: say it, tick it, grade it, drill it, code it"
)
SKIP = Text(zh="Esc 跳过", en="Esc skips the tour")
START = Text(zh="`t` 开始一分钟导览", en="`t` starts the minute's tour")
LINES = {
    Step.OPEN: Text(
        zh="欢迎。花一分钟，用一道真题走一遍：按 `Enter` 打开它。（`F2` 切换语言 · switches to English）",
        en="Welcome. One minute on a real question shows how this works: press `Enter` to open it. (`F2` 切换到中文)",
    ),
    Step.ANSWER: Text(
        zh="先凭记忆说：写一两句，比如“先遗忘再相加”，半句也行。写好按 `Ctrl+R` 看答案。",
        en="Say it from memory first: a line or two, such as “forget first, then add”. Half an answer will do. "
        "Then `Ctrl+R` reveals the answer.",
    ),
    Step.TICK: Text(
        zh="答案在这里，`←` `→` 翻页。你明确写到的要点已经勾上；`↑` `↓` 选一条，`空格` 勾上你其实知道的。",
        en="The answer is here; `←` `→` turn its pages. Points that you plainly named are ticked. "
        "`↑` `↓` choose one, `Space` ticks what you did know.",
    ),
    Step.GRADE: Text(
        zh="给自己评一档：`1` 到 `4`。每一档后面写着这道题多久以后再来；`Enter` 采用建议的 ▸ 那一档。",
        en="Grade yourself: `1` to `4`. Beside each stands when the question comes back; `Enter` takes the one "
        "marked ▸.",
    ),
    Step.DRILL: Text(
        zh="再练一题：同一件事写成公式。输入 `f * c + i * g`，按 `Enter`。等价的写法都算对。",
        en="Now a drill, the same thing as a formula: type `f * c + i * g` and press `Enter`. "
        "Any equivalent form is right.",
    ),
    Step.ONWARDS: Text(
        zh="公式真的代入随机数组运行过了。下面是为什么；`Enter` 继续。",
        en="Your formula was really run, on random arrays. Below is why; `Enter` goes on.",
    ),
    Step.CODE: Text(
        zh="最后写成代码：输入 `return f * c + i * g`，按 `F5` 评分，它在隔离的进程里运行。",
        en="Last, as code: type `return f * c + i * g`, then `F5` grades it in an isolated process.",
    ),
    Step.FINISH: Text(
        zh="通过。会说、会写、是真的——就这么一圈。`Esc` 回目录；以后每天按 `p` 开始，`F1` 是帮助。",
        en="Passed. Say it, drill it, code it: that is all. `Esc` goes to the contents; `p` there starts each day, "
        "`F1` helps.",
    ),
}
RETRY = Text(
    zh="还没通过：结果里写着差在哪里。改成 `return f * c + i * g` 再按 `F5`；不想写了就按 `Esc`。",
    en="Not yet: the report says what differs. Make it `return f * c + i * g` and press `F5` again, or `Esc` to leave.",
)
DONE = Text(
    zh="导览完了。按 p 开始今天的练习；u 撤销上一次评分。",
    en="That was the tour. p starts today's practice; u takes the last grade back.",
)
LEFT = Text(
    zh="导览已结束；想再看，在帮助（F1）里按 t，或搜索“导览”。",
    en="The tour is over; t in the help (F1), or searching for “tour”, starts it again.",
)
