"""How a command ends: its exit codes, and the one line that says what was wrong with what it was given."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from enum import IntEnum

from answers.model import Language, Text


class Exit(IntEnum):
    """The contract's exit codes."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class UsageError(Exception):
    """Bad input: one line that says what is wrong and what to do."""


_REASONS_ZH = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许这样做",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "名字太长",
}


def reason(error: OSError, lang: Language) -> str:
    """What the system says is wrong; in Chinese for what is met most."""
    said = error.strerror or str(error)
    return _REASONS_ZH.get(error.errno or 0, said) if lang == "zh" else said


def elsewhere(path: object, error: OSError, lang: Language, option: str = "") -> UsageError:
    """For a file that cannot be written: why, and that another place is to be chosen (with `option`)."""
    zh = f"{path}：{reason(error, lang)}；" + (f"用 {option} 换一个位置" if option else "请换一个位置")
    en = f"{path}: {reason(error, lang)}; choose another place" + (f" with {option}" if option else "")
    return UsageError(Text(zh=zh, en=en).of(lang))


def unknown(what: str, name: str, known: Iterable[str], lang: Language) -> str:
    """One line for a name that does not exist, with the nearest that does."""
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    guess_zh, guess_en = (f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
    what_zh = {"task": "任务", "question": "题目"}[what]
    return Text(
        zh=f"没有名为 {name!r} 的{what_zh}{guess_zh}（rnnquiz list 列出全部）",
        en=f"no {what} {name!r}{guess_en} (rnnquiz list shows all)",
    ).of(lang)
