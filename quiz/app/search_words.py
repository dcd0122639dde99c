"""What the search says."""

from __future__ import annotations

from answers.model import Text

SEARCH = Text(zh="搜索", en="Search")
HERE = Text(
    zh="题目、要点、任务、练习、错法、设置、命令；中英文都行",
    en="Questions, points, tasks, drills, mistakes, settings, commands",
)
NOTHING = Text(zh="没有找到。换个说法试试？", en="Nothing found. Another word, perhaps?")
KEYS = Text(zh="↑ ↓ 选 · Enter 打开 · Esc 关闭", en="↑ ↓ choose · Enter opens · Esc closes")
LOADING = Text(zh="正在读题库……", en="Reading the deck …")
KINDS = {
    "command": Text(zh="命令", en="command"),
    "question": Text(zh="题目", en="question"),
    "task": Text(zh="编程", en="code"),
    "setting": Text(zh="设置", en="setting"),
    "evidence": Text(zh="实证", en="evidence"),
    "drill": Text(zh="练习", en="drill"),
    "point": Text(zh="要点", en="key point"),
    "note": Text(zh="笔记", en="notes"),
    "misconception": Text(zh="错法", en="mistake"),
}


def count(shown: int, limit: int) -> Text:
    """How much was found."""
    more = "+" if shown >= limit else ""
    return Text(zh=f"{shown}{more} 条", en=f"{shown}{more} found")
