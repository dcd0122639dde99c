"""The line that says how far an interview is and how much time there is: figures and bars, never colour alone."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

from quiz.app.base import Bilingual
from quiz.catalogue import message
from quiz.interview.sitting import Interview
from quiz.interview.words import bar, clock


class Clock(Bilingual, Widget):
    """Reads the interview each time it is drawn."""

    DEFAULT_CSS = """
    Clock { height: 1; padding: 0 2; background: $surface; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, read: Callable[[], Interview]) -> None:
        super().__init__()
        self._read = read

    def relabel(self) -> None:
        self.refresh()

    def render(self) -> Content:
        interview = self._read()
        item, total = interview.item, interview.setup.minutes * 60
        place = f"{interview.at + 1}/{len(interview.items)}"
        parts: list[tuple[str, str]] = [
            (place, "bold $text-accent"),
            (f"  {message('interview.clock_item').of(self.lang)} ", ""),
        ]
        over = item.seconds - item.allowance
        if over >= 1:
            parts.append(
                (f"! {message('interview.clock_over').of(self.lang)} {clock(over)}", "bold reverse $text-warning")
            )
        else:
            share = item.seconds / item.allowance
            parts += [(f"{clock(item.seconds)} / {clock(item.allowance)} ", "bold"), (bar(share, 8), "$text-accent")]
        if interview.time_is_up:
            parts.append((f"   ! {message('interview.clock_last').of(self.lang)}", "bold $text-warning"))
        else:
            used = interview.used
            parts += [
                (f"   {message('interview.clock_whole').of(self.lang)} ", ""),
                (f"{clock(used)} / {clock(total)} ", "bold"),
                (bar(used / total, 8), "$text-accent"),
            ]
        return Content.assemble(*parts)
