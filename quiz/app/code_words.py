"""Words of the code screen, its editor and its comparison of arrays."""

from __future__ import annotations

from answers.model import Text

# ---------------------------------------------------------------- finding

FIND = Text(zh="查找", en="find")
FIND_HERE = Text(zh="查找；回车下一处，↑ 上一处，Esc 关闭", en="find; Enter next, ↑ previous, Esc closes")
MATCH_CASE = Text(zh="区分大小写", en="match case")
ANY_CASE = Text(zh="不分大小写", en="any case")


def found(current: int, of: int) -> Text:
    """Which of how many is selected."""
    if not of:
        return Text(zh="没有找到", en="not found")
    return Text(zh=f"{current}/{of}", en=f"{current}/{of}")


# ---------------------------------------------------------------- comparison


def shapes(expected: tuple[int, ...], got: tuple[int, ...]) -> Text:
    """The shape is another."""
    return Text(zh=f"形状应为 {expected}，得到 {got}", en=f"shape: expected {expected}, got {got}")


def dtypes(expected: str, got: str) -> Text:
    """The dtype is another."""
    return Text(zh=f"类型应为 {expected}，得到 {got}", en=f"dtype: expected {expected}, got {got}")


def wrong_entries(wrong: int, of: int, first: tuple[int, ...]) -> Text:
    """How many entries of an array are wrong, and where the first stands."""
    place = f"[{', '.join(map(str, first))}]"
    if wrong == 1:
        return Text(zh=f"{of} 个数中有 1 个不对：{place}", en=f"1 of {of} numbers is wrong: {place}")
    return Text(
        zh=f"{of} 个数中有 {wrong} 个不对，第一个在 {place}",
        en=f"{wrong} of {of} numbers are wrong, the first at {place}",
    )


def slice_shown(place: str) -> Text:
    """Of an array with more than two axes one matrix is shown."""
    return Text(zh=f"切片 {place}", en=f"slice {place}")


def part_shown(shape: tuple[int, int]) -> Text:
    """Of a large matrix a part is shown."""
    rows, columns = shape
    return Text(
        zh=f"共 {rows} × {columns}，只显示第一个错误附近",
        en=f"{rows} × {columns} in all; shown around the first wrong one",
    )


# ---------------------------------------------------------------- grading

REPORT = Text(zh="结果", en="report")
STOP = Text(zh="停止评分", en="stop")
STOPPED = Text(zh="已停止评分，没有结论。", en="Stopped; there is no verdict.")
SEARCH_STOPPED = Text(zh="· 已停止搜索；前面的结论不变", en="· search stopped; the verdict stands")
REFUTED = Text(
    zh="继续搜索找到了反例：这份代码其实没有通过，刚才的评分已撤销。",
    en="The search went on and found a counterexample: this code does not pass after all; its grade was taken back.",
)
_STAGES = {
    "start": Text(zh="启动评分器", en="starting the grader"),
    "wait": Text(zh="等待空闲的评分器", en="waiting for a free grader"),
    "cases": Text(zh="运行用例", en="running cases"),
    "shrink": Text(zh="缩小反例", en="shrinking the counterexample"),
    "search": Text(zh="继续搜索反例", en="searching on for a counterexample"),
}
BAR = 16


def _bar(fraction: float) -> str:
    full = round(BAR * min(max(fraction, 0.0), 1.0))
    return "█" * full + "░" * (BAR - full)


def no_body(function: str) -> Text:
    """Grading was asked for before anything was written."""
    return Text(
        zh=f"{function} 还没有函数体：先写出来，再按 F5 评分。",
        en=f"{function} has no body yet: write it, then F5 grades it.",
    )


def grading(doing: str, fraction: float, seconds: float) -> Text:
    """What the grader is doing, how far it is, for how long already, and the key that stops it."""
    stage = _STAGES.get(doing, Text(zh=doing, en=doing))
    return Text(
        zh=f"{_bar(fraction)} {stage.zh}  {seconds:.1f} 秒  F7 停止",
        en=f"{_bar(fraction)} {stage.en}  {seconds:.1f} s  F7 stops",
    )


def searching(fraction: float) -> Text:
    """The search that goes on after a pass."""
    return Text(
        zh=f"{_bar(fraction)} 继续搜索反例 {fraction:.0%}  F7 停止",
        en=f"{_bar(fraction)} searching on for a counterexample {fraction:.0%}  F7 stops",
    )


def searched(tried: int) -> Text:
    """The search is over and found nothing."""
    return Text(zh=f"✓ 又搜索了 {tried} 个用例，没有反例", en=f"✓ {tried} more cases searched, no counterexample")


# ---------------------------------------------------------------- the editor outside

TAKE_BACK = Text(zh="收回编辑", en="edit here again")
NO_EDITOR_HERE = Text(
    zh="在浏览器里不能打开服务器上的编辑器。", en="In the browser the server's own editors cannot be opened."
)


def go_to_line(number: int) -> Text:
    """To the line that the report names."""
    return Text(zh=f"第 {number} 行", en=f"line {number}")


def editing_outside(name: str) -> Text:
    """The title of the area while an editor with a window of its own has the code."""
    return Text(
        zh=f"正在 {name} 中编辑：每次保存都会取回并评分（F4 收回）",
        en=f"Open in {name}: each save comes back and is graded (F4 edits here again)",
    )


def still_open(name: str, path: object) -> Text:
    """The screen was left while the editor still has the file."""
    return Text(
        zh=f"{name} 还开着；此后的保存不再取回，文件在 {path}",
        en=f"{name} is still open; what it saves from now on stays in {path}",
    )


def bad_editor(reason: str) -> Text:
    """VISUAL or EDITOR cannot be understood."""
    return Text(
        zh=f"读不懂编辑器的设置（{reason}）：请检查 VISUAL 或 EDITOR。",
        en=f"The editor's setting cannot be read ({reason}): look at VISUAL or EDITOR.",
    )


CODE_HELP = Text(
    zh="""\
左边（窄屏在上）是题目和评分结果，右边是编辑器。代码随时自动保存。

- `F5` 评分：在隔离的进程里运行，逐项比对；失败时给出诊断和最小反例，`[ ]` 里是错的数
- 通过后会继续搜索反例；`F7` 停止评分或搜索，出错时 `F7` 跳到那一行
- `Shift+Tab` 在题目、结果与编辑器之间切换，`↑` `↓` 滚动
- `Ctrl+T` 提示，共三步；`Ctrl+O` 参考解答（评过一次分之后）
- `Ctrl+F` 查找：回车下一处，`↑` 上一处，`Alt+C` 区分大小写，`Esc` 关闭
- `Tab` 缩进，选中几行时 `Tab` / `Shift+Tab` 整体缩进与退回；`Ctrl+/` 注释或取消注释
- `Ctrl+Z` / `Ctrl+Y` 撤销与重做，`Alt+A` 全选，`Ctrl+U` / `Ctrl+K` 删到行首与行尾
- `F4` 用 `$EDITOR` 编辑；有自己窗口的编辑器（如 `code`）每次保存都会取回并评分，没通过不算一次尝试
- `Esc` 返回，`F8` 下一张""",
    en="""\
The task and the report stand on the left (above, on a narrow screen), the editor on the right. Code is saved as typed.

- `F5` grades in an isolated process; a failure brings a diagnosis and the smallest counterexample, wrong numbers in `[ ]`
- After a pass the search for a counterexample goes on; `F7` stops either, and goes to the line of an error
- `Shift+Tab` goes to the report and back to the editor; `↑` `↓` scroll it
- `Ctrl+T` gives a hint; there are three; `Ctrl+O` shows the model solution, once you have been graded
- `Ctrl+F` finds: Enter the next, `↑` the one before, `Alt+C` match case, `Esc` closes
- `Tab` indents; with lines selected `Tab` / `Shift+Tab` move them in and out; `Ctrl+/` comments them out and back in
- `Ctrl+Z` / `Ctrl+Y` undo and redo, `Alt+A` selects all, `Ctrl+U` / `Ctrl+K` delete to the line's start and end
- `F4` opens `$EDITOR`; from one with a window of its own (`code`) each save comes back and is graded; a failure is no attempt then
- `Esc` goes back, `F8` goes to the next card""",
)
