"""A report as one self-contained HTML page: light and dark, and on paper.

It loads nothing and runs nothing, and its policy forbids both. What the learner typed is escaped; only the deck's own
texts are read as Markdown, without raw HTML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from answers.model import Language, Text
from quiz import parts
from quiz.catalogue import message
from quiz.interview import pages, words
from quiz.interview.report import Entry, Finding, Report
from quiz.interview.words import clock, percent

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --ink: #22262e; --soft: #5d6673; --paper: #faf8f3; --card: #fffdf8; --line: #ddd6c8;
  --blue: #2f5f9e; --good: #3f7a2c; --mid: #96600f; --bad: #b03a34; --code: #f1ece0; }
@media (prefers-color-scheme: dark) { :root { --ink: #d5dae3; --soft: #98a2b3; --paper: #14171d; --card: #1a1e26;
  --line: #333b49; --blue: #7aa2d6; --good: #9cc38a; --mid: #e0b778; --bad: #e08a84; --code: #212631; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.2rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.3; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .8rem; padding-bottom: .25rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0 0 .3rem; line-height: 1.35; }
h4 { font-size: .95rem; margin: 1rem 0 .2rem; color: var(--soft); }
p { margin: .4rem 0; } ul, ol { margin: .3rem 0; padding-left: 1.4rem; } li { margin: .2rem 0; }
.soft { color: var(--soft); } .good { color: var(--good); } .mid { color: var(--mid); } .bad { color: var(--bad); }
header { display: flex; gap: 1.4rem; align-items: center; flex-wrap: wrap; }
header svg { width: 7.5rem; height: 7.5rem; flex: none; }
.ring { fill: none; stroke-width: 9; stroke: var(--line); } .arc { fill: none; stroke-width: 9; stroke: currentColor;
  stroke-linecap: round; } svg text { fill: var(--ink); font-size: 25px; font-weight: 700; text-anchor: middle; }
.band { font-size: 1.1rem; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .7rem; margin-top: 1.4rem; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem 1rem; }
.tile b { display: block; font-size: .85rem; color: var(--soft); font-weight: 600; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 1.6rem; align-items: start; }
table { border-collapse: collapse; width: 100%; }
td, th { padding: .3rem .5rem; text-align: left; border-bottom: 1px solid var(--line); }
th { font-size: .85rem; color: var(--soft); } td.n, th.n { white-space: nowrap; text-align: right;
  font-variant-numeric: tabular-nums; } td.bar { width: 32%; min-width: 6rem; }
.track { display: block; height: .6rem; border-radius: .3rem; background: var(--line); overflow: hidden; }
.track i { display: block; height: 100%; background: currentColor; }
.card { margin: .8rem 0; } .day { display: grid; grid-template-columns: 8rem 1fr; gap: .2rem 1rem; }
.day ol { list-style: none; padding: 0; margin: 0; } .day li::before { content: "☐ "; }
blockquote { margin: .4rem 0; padding: .4rem .9rem; border-left: .25rem solid var(--blue); background: var(--code);
  border-radius: 0 .4rem .4rem 0; white-space: pre-wrap; }
blockquote.none { color: var(--soft); font-style: italic; }
pre { background: var(--code); border-radius: .4rem; padding: .6rem .9rem; white-space: pre-wrap; margin: .4rem 0; }
code, pre { font: .9em/1.5 ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; }
.points { list-style: none; padding: 0; } .points b { display: inline-block; width: 1.4em; }
.erratum { border-left: .25rem solid var(--mid); padding-left: .8rem; margin: .5rem 0; }
a { color: var(--blue); }
@media print { :root { --ink: #000; --soft: #444; --paper: #fff; --card: #fff; --code: #f4f4f4; --line: #bbb;
    --blue: #234; --good: #2a5c1c; --mid: #6b4408; --bad: #8c2620; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 11pt; } .tile, .card, .erratum, blockquote, tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; } .card.question { break-inside: auto; } a { color: inherit; text-decoration: none; }
  * { print-color-adjust: exact; } }
"""
_BETWEEN_WIDE = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])\n(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])"
)


def html(report: Report, language: Language) -> str:
    """The whole page."""

    def say(text: Text) -> str:
        return escape(text.of(language))

    title = f"{say(message('report.title'))} · {escape(words.date(report.interview.began))}"
    body = [
        _header(report, language, title),
        _tiles(report, language),
        '<div class="two"><section><h2>' + say(message("report.strengths")) + "</h2>",
        _findings(report.strengths, message("report.no_strengths"), language),
        f"</section><section><h2>{say(message('report.gaps'))}</h2>",
        _findings(report.gaps, message("report.no_gaps"), language),
        f"</section></div><h2>{say(message('report.plan'))}</h2>",
        _plan(report, language),
        f"<h2>{say(message('report.by_part'))}</h2>",
        _parts(report, language),
        f"<h2>{say(message('report.items'))}</h2>",
        _items(report, language),
        f"<h2>{say(message('report.questions'))}</h2>",
        *(_question(k, e, language) for k, e in enumerate(report.entries, 1) if e.reached),
    ]
    code = "zh-Hans" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{code}"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


# ---------------------------------------------------------------- the deck's own texts


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})


def _prose(text: Text, language: Language) -> str:
    """A text of the deck as HTML. A line break between Chinese characters is no space."""
    return str(_reader().render(_BETWEEN_WIDE.sub("", text.of(language).strip("\n"))))


def _inline(text: Text, language: Language) -> str:
    """A sentence of the deck or of the report as HTML."""
    return str(_reader().renderInline(_BETWEEN_WIDE.sub("", text.of(language)).replace("\n", " ")))


# ---------------------------------------------------------------- the top


def _look(score: float | None) -> str:
    """A style that stands beside the mark or the figure, never alone."""
    if score is None:
        return "soft"
    return {"✓": "good", "◐": "mid", "✗": "bad"}[words.mark(score)]


def _header(report: Report, language: Language, title: str) -> str:
    score = report.score
    round_trip = 2 * math.pi * 45
    arc = f"{round_trip * (score or 0):.1f} {round_trip:.1f}"
    band = words.band(score) if score is not None else message("report.nothing_reached")
    return (
        f'<header><svg viewBox="0 0 110 110" class="{_look(score)}" role="img" aria-label="{percent(score)}">'
        '<circle class="ring" cx="55" cy="55" r="45"/>'
        f'<circle class="arc" cx="55" cy="55" r="45" stroke-dasharray="{arc}" transform="rotate(-90 55 55)"/>'
        f'<text x="55" y="64">{percent(score)}</text></svg>'
        f'<div><h1>{title}</h1><p class="soft">{escape(pages.setup_line(report.interview.setup, language))}</p>'
        f'<p class="band">{escape(band.of(language))}</p></div></header>'
    )


def _tiles(report: Report, language: Language) -> str:
    tiles = (
        f'<div class="tile"><b>{escape(name)}</b>{escape(said)}</div>'
        for name, said in pages.figure_rows(report.figures, language)
    )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _findings(findings: tuple[Finding, ...], none: Text, language: Language) -> str:
    if not findings:
        return f"<p>{escape(none.of(language))}</p>"
    items = (
        f"<li><b>{escape(f.title.of(language))}</b> "
        f'<span class="soft">{escape(words.KINDS[f.card.kind].of(language))}</span><br>{_inline(f.said, language)}</li>'
        for f in findings
    )
    return f"<ul>{''.join(items)}</ul>"


def _plan(report: Report, language: Language) -> str:
    cards = []
    for day in report.plan:
        minutes = words.about(day.minutes).of(language)
        steps = "".join(
            f"<li><b>{escape(s.title.of(language))}</b> "
            f'<span class="soft">{escape(words.KINDS[s.card.kind].of(language))}</span> {_inline(s.why, language)}</li>'
            for s in day.steps
        )
        cards.append(
            f'<div class="card day"><div><b>{escape(words.day_name(day.offset, language))}</b><br>'
            f'<span class="soft">{escape(minutes)}</span></div><ol>{steps}</ol></div>'
        )
    return "".join(cards) + "".join(f"<p>{escape(line)}</p>" for line in pages.closing(report, language))


def _track(share: float, look: str) -> str:
    return f'<span class="track {look}"><i style="width:{100 * min(max(share, 0.0), 1.0):.0f}%"></i></span>'


def _parts(report: Report, language: Language) -> str:
    rows = (
        f"<tr><td>{escape(parts.title(section).of(language))}</td>"
        f'<td class="bar">{_track(f.score or 0.0, _look(f.score))}</td><td class="n">{percent(f.score)}</td></tr>'
        for section, f in report.parts
    )
    return f"<table>{''.join(rows)}</table>"


def _items(report: Report, language: Language) -> str:
    heads = (
        ("", ""),
        ("", ""),
        ("", ""),
        (message("report.score").of(language), "n"),
        (message("report.time").of(language), "n"),
        ("", ""),
    )
    longest = max((max(e.item.seconds, e.item.allowance) for e in report.entries), default=1.0)
    rows = []
    for k, e in enumerate(report.entries, 1):
        title = escape(e.title.of(language))
        link = f'<a href="#q{k}">{title}</a>' if e.reached else title
        over = "mid" if e.over else "soft"
        sign = f"<b>{'!' if e.over else ''}</b>"
        rows.append(
            f'<tr><td class="{_look(e.score)}">{words.mark(e.score)}</td>'
            f"<td>{escape(words.KINDS[e.card.kind].of(language))}</td><td>{link}</td>"
            f'<td class="n">{escape(pages.outcome(e, language))}</td>'
            f'<td class="n {over}">{clock(e.item.seconds)} / {clock(e.item.allowance)} {sign}</td>'
            f'<td class="bar">{_track(e.item.seconds / longest, over)}</td></tr>'
        )
    head = "".join(f'<th class="{look}">{escape(name)}</th>' for name, look in heads)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


# ---------------------------------------------------------------- each question


def _quote(text: str | None, language: Language) -> str:
    if not text or not text.strip():
        none = escape(message("report.no_answer").of(language))
        return f'<blockquote class="none">{none}</blockquote>'
    return f"<blockquote>{escape(text.strip())}</blockquote>"


def _question(number: int, e: Entry, language: Language) -> str:
    def head(text: Text) -> str:
        return f"<h4>{escape(text.of(language))}</h4>"

    kind = escape(words.KINDS[e.card.kind].of(language))
    time = f"{clock(e.item.seconds)} / {clock(e.item.allowance)}"
    chunks = [
        f'<section class="card question" id="q{number}"><h3>{number}. {escape(e.title.of(language))}</h3>'
        f'<p class="soft">{kind} · <span class="{_look(e.score)}">{words.mark(e.score)} '
        f"{escape(pages.outcome(e, language))}</span> · {time}</p>"
    ]
    if e.ask is not None:
        chunks.append(_prose(e.ask, language))
    answer = e.answer.of(language) if isinstance(e.answer, Text) else e.answer
    chunks.append(head(message("report.you")))
    if e.card.kind == "code" and answer:
        code = answer.strip("\n")
        chunks.append(f"<pre>{escape(code)}</pre>")
    else:
        chunks.append(_quote(answer, language))
    for turn in e.turns:
        chunks += [head(message("report.asked")), _prose(turn.ask, language), _quote(turn.reply, language)]
        if turn.good is not None:
            chunks += [head(message("report.good_reply")), _prose(turn.good, language)]
    chunks += _points(e, language)
    if e.model is not None:
        chunks += [head(message("report.model")), _prose(e.model, language)]
    chunks += _judged(e, language)
    if e.errata:
        chunks.append(head(message("report.errata")))
        notes_say = escape(message("report.notes_say").of(language))
        in_truth = escape(message("report.truth").of(language))
        for claim, truth in e.errata:
            chunks.append(
                f'<div class="erratum"><p><b>{notes_say}</b> {_inline(claim, language)}</p>'
                f"<p><b>{in_truth}</b> {_inline(truth, language)}</p></div>"
            )
    return "\n".join([*chunks, "</section>"])


def _points(e: Entry, language: Language) -> Iterable[str]:
    rows = [
        f'<li><b class="{look}">{sign}</b>{_inline(point, language)} '
        f'<span class="soft">{escape(name.of(language)) if name else ""}</span></li>'
        for points, sign, look, name in (
            (e.named, "✓", "good", None),
            (e.prompted, "◐", "mid", message("report.prompted")),
            (e.missed, "✗", "bad", None),
        )
        for point in points
    ]
    if rows:
        yield f"<h4>{escape(message('report.points').of(language))}</h4><ul class='points'>{''.join(rows)}</ul>"


def _judged(e: Entry, language: Language) -> Iterable[str]:
    if e.card.kind == "drill" and e.solution is not None:
        yield f"<h4>{escape(message('report.answer').of(language))}</h4><pre>{escape(e.solution.of(language))}</pre>"
    if e.remark is not None:
        name = f"<b>{escape(message('report.diagnosis').of(language))}</b> " if e.card.kind == "code" else ""
        yield f"<p>{name}{_inline(e.remark, language)}</p>"
    if e.card.kind == "code" and e.item.verdict != "pass" and e.solution is not None:
        yield f"<h4>{escape(message('report.solution').of(language))}</h4><pre>{escape(e.solution.of(language))}</pre>"
    if e.why is not None:
        if e.card.kind == "code":
            yield f"<h4>{escape(message('report.look_for').of(language))}</h4>"
        yield _prose(e.why, language)
