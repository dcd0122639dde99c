"""Words of the server: its page, what it prints, what it refuses."""

from __future__ import annotations

from answers.model import Text

OPENING = Text(zh="正在打开……", en="Opening …")
CLOSED = Text(
    zh="这里的练习结束了，写下的都已保存；也可能是同时打开的太多了。",
    en="This session has ended, and everything you wrote is saved; or too many are open at once.",
)
AGAIN = Text(zh="重新打开", en="Open again")
SCRIPT = Text(zh="这个页面需要 JavaScript。", en="This page needs JavaScript.")
FULL = Text(
    zh="同时练习的人太多了，请过一会儿再来。", en="Too many people are practising at once; try again in a while."
)
NO_KEY = Text(
    zh="请用 rnnquiz serve 打印的完整地址打开（含 key）。",
    en="Open the whole address that rnnquiz serve printed, with its key.",
)
NOT_INSTALLED = Text(
    zh="没有安装 textual-serve；请运行：pip install 'rnnquiz[web]'",
    en="textual-serve is not installed; run: pip install 'rnnquiz[web]'",
)
CTRL_C = Text(zh="按 Ctrl+C 结束", en="Ctrl+C ends it")
STORES = Text(
    zh="每个浏览器有自己的学习记录，与终端里的分开；要用自己的记录请加 --mine",
    en="each browser has progress of its own, apart from the terminal's; --mine serves yours instead",
)
MINE = Text(
    zh="拿到这个地址的人都在你自己的学习记录上练习",
    en="whoever has this address works on your own progress",
)

REDUCED = Text(
    zh="警告：这个系统上的隔离不完整，访客也不限于自己的文件夹；只让你信得过的人使用",
    en="warning: isolation is reduced on this system and visitors are not confined to their folders; "
    "let only people you trust use it",
)


def serving(address: str) -> Text:
    """Where it is."""
    return Text(zh=f"请在浏览器中打开 {address} （{CTRL_C.zh}）", en=f"open {address} in a browser ({CTRL_C.en})")


def exposed(host: str) -> Text:
    """A warning: others can reach it."""
    return Text(
        zh=f"警告：{host} 不限于本机，网络上能连到它的人都能使用，连接不加密；他们写的代码会在本机的隔离进程里运行",
        en=f"warning: {host} is not this machine alone; whoever can reach it can use it, unencrypted, "
        "and code they write runs in isolated processes here",
    )


def cannot_listen(host: str, port: int, reason: str) -> Text:
    """Nobody can listen there."""
    return Text(
        zh=f"无法在 {host} 的端口 {port} 上监听：{reason}；换一个 --port（0 为任意空闲端口）或 --host",
        en=f"cannot listen on {host} port {port}: {reason}; choose another --port (0: any free one) or --host",
    )


def out_of_range(option: str, least: int, most: int) -> Text:
    """A number that will not do."""
    return Text(zh=f"{option} 要在 {least} 到 {most} 之间", en=f"{option}: give a number from {least} to {most}")
