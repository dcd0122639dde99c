"""One self-contained page: the class's table, the misconceptions by frequency, each learner's feedback.

It loads nothing and runs nothing; its policy forbids both, should a text ever slip through unescaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from sys import intern
from typing import IO

from answers.model import Language
from quiz.catalogue import message
from quiz.grading.formats.writer import Document, reason
from quiz.grading.rendering import WORDS, render
from quiz.grading.report import Report, escaped, named
from quiz.grading.tally import Tally

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #c62828; --other: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #4cc26a; --bad: #ff7b72; --other: #e3b341; } }
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2rem auto;
  max-width: 75rem; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; text-align: left; vertical-align: top; }
th { position: sticky; top: 0; background: Canvas; white-space: nowrap; }
td.t { white-space: nowrap; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
.pass { color: var(--good); } .fail { color: var(--bad); } .error, .timeout, .memory, .forbidden { color: var(--other); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--line); padding-left: .8rem; }
summary { cursor: pointer; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Html(Document):
    """Feedback waits in the body; of the table only verdicts are kept."""

    def __init__(self, stream: IO[str], language: Language, roots: Sequence[str]) -> None:
        super().__init__(stream, language, roots)
        self._table: dict[str, dict[str, tuple[str, float]]] = {}
        self._last: str | None = None

    def add(self, report: Report) -> None:
        """A cell of the table and a section of the feedback."""
        learner, task = self.learner(report), report.task or ""
        if learner != self._last:
            self._heading(learner)
        cells = self._table.setdefault(learner, {})
        before = cells.get(task)
        if before is None or report.score < before[1]:
            cells[intern(task)] = intern(report.verdict), report.score
        helper = self.say(message("result.helper")) if report.helper else ""
        head = f"{escape(task or named(report.file))}{helper}"
        word = WORDS[report.verdict].of(self.language)
        text = escape(escaped(render(report, self.language)))
        why = escape(reason(report, self.language))
        why = f" <small>{why}</small>" if why and len(why) <= 300 else ""
        shut = "" if report.passed else " open"
        self.body.write(
            f'<details{shut}><summary><b>{head}</b> <span class="{report.verdict}">{word} {report.score:.0%}</span>{why}'
            f"</summary><pre>{text}</pre></details>\n"
        )

    def _heading(self, learner: str) -> None:
        self._last = learner
        anchor = f' id="l{len(self._table)}"' if learner not in self._table else ""
        self.body.write(f"<h3{anchor}>{escape(learner)}</h3>\n")

    def close(self, tally: Tally) -> None:
        """The whole page."""
        title = self.say(message("results.title"))
        lang = "zh-Hans" if self.language == "zh" else "en"
        self.stream.write(
            f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n"
        )
        self._tasks(tally)
        self._misconceptions(tally)
        self._class(tally)
        self.stream.write(f"<h2>{self.say(message('results.feedback'))}</h2>\n")
        self.pour()
        for layers, count in tally.isolation.most_common():
            words = self.say(message("results.isolation", count=count, layers=layers))
            self.stream.write(f"<p><small>{escape(words)}</small></p>\n")
        self.stream.write("</body></html>\n")

    def _tasks(self, tally: Tally) -> None:
        heads = self.say(message("results.task_columns")).split()
        rows = (
            (escape(task or "–"), str(row.graded), str(row.passed), f"{row.mean:.0%}") for task, row in tally.rows()
        )
        self._section(self.say(message("results.tasks")), heads)
        for name, *numbers in rows:
            self._row(f"<td>{name}</td>" + "".join(f'<td class="n">{n}</td>' for n in numbers))
        self.stream.write("</table></div>\n")

    def _misconceptions(self, tally: Tally) -> None:
        if not tally.misconceptions:
            return
        self._section(
            self.say(message("results.misconceptions")),
            self.say(message("results.misconception_columns")).split(),
        )
        for task, name, count, said in tally.frequent():
            self._row(
                f'<td class="n">{count}</td><td class="t">{escape(task)}</td><td>{escape(said)} '
                f"<small>({escape(name)})</small></td>"
            )
        self.stream.write("</table></div>\n")

    def _class(self, tally: Tally) -> None:
        tasks = [task or "" for task, _ in tally.rows()]
        heads = [self.say(message("results.learner")), *(task or self.say(message("result.no_task")) for task in tasks)]
        self._section(self.say(message("results.class")), heads)
        for k, (learner, cells) in enumerate(self._table.items()):
            row = [f'<td><a href="#l{k}">{escape(learner)}</a></td>']
            for task in tasks:
                verdict, score = cells.get(task, ("", 0.0))
                word = f"{WORDS[verdict].of(self.language)} {score:.0%}" if verdict else ""
                row.append(f'<td class="{verdict}">{word}</td>')
            self._row("".join(row))
        self.stream.write("</table></div>\n")

    def _section(self, title: str, heads: Sequence[str]) -> None:
        cells = "".join(f"<th>{escape(head)}</th>" for head in heads)
        self.stream.write(f'<h2>{title}</h2>\n<div class="wide"><table><tr>{cells}</tr>\n')

    def _row(self, cells: str) -> None:
        self.stream.write(f"<tr>{cells}</tr>\n")


FORMAT = Html
