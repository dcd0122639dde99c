"""What the screen of settings says: the name of each setting, its values, what it is for."""

from __future__ import annotations

from answers.model import Text
from quiz import settings
from quiz.settings import Choice, Command, Number, Setting

TITLE = Text(zh="设置", en="Settings")
GROUPS: tuple[tuple[Text, tuple[Setting, ...]], ...] = (
    (Text(zh="界面", en="Interface"), (settings.LANGUAGE, settings.THEME, settings.EDITOR)),
    (
        Text(zh="每天", en="Each day"),
        (settings.NEW_PER_DAY, settings.REVIEWS_PER_DAY, settings.RETENTION),
    ),
    (Text(zh="代码评分", en="Grading of code"), (settings.TIME_LIMIT, settings.MEMORY_LIMIT)),
)
NAMES = {
    settings.LANGUAGE.name: Text(zh="语言", en="Language"),
    settings.THEME.name: Text(zh="主题", en="Theme"),
    settings.EDITOR.name: Text(zh="外部编辑器", en="Outside editor"),
    settings.NEW_PER_DAY.name: Text(zh="每天新题", en="New cards"),
    settings.REVIEWS_PER_DAY.name: Text(zh="每天复习上限", en="Reviews at most"),
    settings.RETENTION.name: Text(zh="希望记住的比例", en="Desired retention"),
    settings.TIME_LIMIT.name: Text(zh="时限", en="Time limit"),
    settings.MEMORY_LIMIT.name: Text(zh="内存上限", en="Memory limit"),
}
UNITS = {
    settings.NEW_PER_DAY.name: Text(zh=" 张", en=" cards"),
    settings.REVIEWS_PER_DAY.name: Text(zh=" 张", en=" cards"),
    settings.RETENTION.name: Text(zh=" %", en=" %"),
    settings.TIME_LIMIT.name: Text(zh=" 秒", en=" s"),
    settings.MEMORY_LIMIT.name: Text(zh=" MiB", en=" MiB"),
}
OPTIONS = {
    "zh": Text(zh="中文", en="中文"),
    "en": Text(zh="English", en="English"),
    "auto": Text(zh="自动", en="automatic"),
    "ink": Text(zh="墨（暗）", en="ink (dark)"),
    "paper": Text(zh="纸（亮）", en="paper (light)"),
    "ansi-dark": Text(zh="终端 16 色（暗）", en="the terminal's 16 colours, dark"),
    "ansi-light": Text(zh="终端 16 色（亮）", en="the terminal's 16 colours, light"),
}
ABOUT = {
    settings.LANGUAGE.name: Text(
        zh="界面与题目的语言。任何界面都可以用 `F2` 切换。",
        en="Of the interface and of the questions. `F2` switches it on any screen.",
    ),
    settings.THEME.name: Text(
        zh="自动：墨；终端只有 16 色时改用终端自己的颜色；终端说自己是亮底（`COLORFGBG`）时用亮的一套。设了 `NO_COLOR` 就只用灰度。",
        en="Automatic is ink; a terminal of 16 colours keeps its own, and one that says it is light (`COLORFGBG`) gets a "
        "light theme. With `NO_COLOR` set there are only greys.",
    ),
    settings.EDITOR.name: Text(
        zh="写代码时 `F4` 打开它，可以带参数，如 `code --wait`。留空则用 `$VISUAL`，再用 `$EDITOR`。",
        en="`F4` on a coding task opens it; arguments may follow, such as `code --wait`. Empty: `$VISUAL`, then `$EDITOR`.",
    ),
    settings.NEW_PER_DAY.name: Text(
        zh="每天第一次见的题目与编程任务最多几张；自己点开的练习不算。0 表示只复习。",
        en="Questions and coding tasks met for the first time, a day at most; drills that you open yourself do not count. "
        "0: reviews alone.",
    ),
    settings.REVIEWS_PER_DAY.name: Text(
        zh="每天到期复习最多几张；当天几分钟后再来的不重复计。超出的顺延到明天，最急的先来。",
        en="Cards that come back, a day at most; one that returns within minutes counts once. The rest is put off, the most "
        "urgent come first.",
    ),
    settings.RETENTION.name: Text(
        zh="到期时还记得的概率。越高复习越勤：90 % 是通常的取舍，95 % 的复习量大约翻倍。",
        en="The chance to recall a card when it comes back. Higher means more often: 90 % is the usual trade, 95 % about "
        "doubles the reviews.",
    ),
    settings.TIME_LIMIT.name: Text(
        zh="一个函数从进程启动到评完最多几秒。",
        en="Seconds for a function, from the start of its process to the verdict.",
    ),
    settings.MEMORY_LIMIT.name: Text(
        zh="解答的进程在 Python 与 NumPy 之外最多用多少内存。", en="What its process may use beyond Python and NumPy."
    ),
}
FOLDER = Text(zh="数据文件夹", en="Data folder")
IN_MEMORY = Text(zh="写不进去，目前只在内存里", en="not writable; kept in memory for now")
MOVE = Text(
    zh="进度、草稿和这些设置都在这里；`rnnquiz export json` 导出，`rnnquiz import` 在另一台机器上并入。",
    en="Progress, drafts and these settings are kept here; `rnnquiz export json` and `rnnquiz import` move them to "
    "another machine.",
)
CHANGE = Text(zh="改", en="change")
TYPE = Text(zh="输入", en="type a value")
KEEP = Text(zh="保存", en="keep")
CANCEL = Text(zh="取消", en="cancel")
KEPT = Text(zh="改动立即生效并保存。", en="A change takes effect and is kept at once.")
HELP = Text(
    zh="""\
- `↑` `↓` 选一项
- `←` `→` 改它：换一个选项，或加减一步
- `Enter` 直接输入数值或命令；再按 `Enter` 保存，`Esc` 放弃
- `Esc` 返回

改动立即生效。数据文件夹由环境变量 `RNNQUIZ_DATA` 决定。""",
    en="""\
- `↑` `↓` choose a setting
- `←` `→` change it: the next option, or one step up or down
- `Enter` types a value; `Enter` again keeps it, `Esc` gives it up
- `Esc` goes back

A change takes effect at once. The variable `RNNQUIZ_DATA` decides where the data folder is.""",
)


def shown(setting: Setting, value: object, theme: str, editor: str) -> Text:
    """A value. `theme`: the one worn now; `editor`: the command that is used where none is set."""
    match setting:
        case Choice(name="theme") if value == settings.AUTO:
            auto, worn = OPTIONS[settings.AUTO], OPTIONS[theme]
            return Text(zh=f"{auto.zh} · {worn.zh}", en=f"{auto.en} · {worn.en}")
        case Choice():
            return OPTIONS[str(value)]
        case Number():
            assert isinstance(value, int | float)
            unit = UNITS[setting.name]
            return Text(zh=f"{setting.shown(value)}{unit.zh}", en=f"{setting.shown(value)}{unit.en}")
        case Command():
            if value:
                return Text(zh=str(value), en=str(value))
            return Text(zh=f"（环境：{editor}）", en=f"(environment: {editor})") if editor else NONE_SET


NONE_SET = Text(zh="（没有）", en="(none)")


def bounds(setting: Setting) -> Text | None:
    """What may be typed, and the value to begin with."""
    if not isinstance(setting, Number):
        return None
    low, high, default = (setting.shown(v) for v in (setting.low, setting.high, setting.default))
    unit = UNITS[setting.name]
    return Text(zh=f"{low} 到 {high}{unit.zh}，默认 {default}", en=f"{low} to {high}{unit.en}, {default} by default")
