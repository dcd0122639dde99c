"""A report as pages of a small Markdown: for the terminal one by one, as a Markdown file all in one.

What the learner typed is never read as Markdown: both quote it, the terminal's quotation being literal, the file's with
every special character escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from answers.model import Language, Text
from quiz import parts
from quiz.catalogue import listed, message
from quiz.interview import words
from quiz.interview.report import Entry, Figures, Finding, Report
from quiz.interview.sitting import Setup
from quiz.interview.words import bar, clock, padded, percent

PAGES = {
    "overview": message("report.overview"),
    "findings": message("report.findings"),
    "plan": message("report.plan"),
    "questions": message("report.questions"),
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&!])")
_AT_THE_START = re.compile(r"^(\d*)([-+=.)])")
"""What would begin a list, a rule or an underlined heading."""
_NAME = 22
"""Cells of a part's name in the overview."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How what is not Markdown is shown: the learner's words, and code."""

    quote: Callable[[str], str]
    code: Callable[[str], str]
    title_cells: int


def page(report: Report, name: str, language: Language, title_cells: int = 30) -> str:
    """One page for the terminal. `title_cells`: how wide a title may be in the overview."""
    style = _Style(literal, _indented, title_cells)
    if name == "overview":
        return _overview(report, language, style)
    if name == "findings":
        return _findings(report, language)
    return _plan(report, language) if name == "plan" else _questions(report, language, style, "#")


def markdown(report: Report, language: Language) -> str:
    """The whole report as one Markdown file."""
    style = _Style(_quoted, _fenced, 44)
    bodies = {
        message("report.overview"): _overview(report, language, style),
        message("report.strengths"): _listed(report.strengths, message("report.no_strengths"), report, language),
        message("report.gaps"): _listed(report.gaps, message("report.no_gaps"), report, language),
        message("report.plan"): _plan(report, language, "###"),
        message("report.questions"): _questions(report, language, style, "###"),
    }
    head = f"# {message('report.title').of(language)} · {words.date(report.interview.began)}"
    return "\n\n".join([head, *(f"## {title.of(language)}\n\n{body}" for title, body in bodies.items())]) + "\n"


# ---------------------------------------------------------------- what is no Markdown


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.strip("\n").splitlines())


def literal(text: str) -> str:
    """A quotation for the terminal, where its characters stand for themselves."""
    return "\n".join(f"> {line}" for line in text.strip("\n").splitlines())


def _quoted(text: str) -> str:
    """A quotation whose lines stay lines and whose characters all stand for themselves."""
    lines = (_AT_THE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line.strip())) for line in text.strip().splitlines())
    return "\n".join(f"> {line}  " if line else ">" for line in lines)


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}python\n{text.strip(chr(10))}\n{fence}"


# ---------------------------------------------------------------- pages


def setup_line(setup: Setup, language: Language) -> str:
    """What was chosen, in a line."""
    chosen = listed(parts.title(part) for part in setup.parts)
    return message("report.setup", minutes=setup.minutes, chosen=chosen).of(language)


def _overview(report: Report, language: Language, style: _Style) -> str:
    if report.score is None:
        return f"{setup_line(report.interview.setup, language)}\n\n{message('report.nothing_reached').of(language)}"
    verdict = f"**{percent(report.score)}** · **{words.band(report.score).of(language)}**"
    rows = "\n".join(f"- {name}{_colon(language)}{said}" for name, said in figure_rows(report.figures, language))
    return "\n\n".join(
        [
            setup_line(report.interview.setup, language),
            verdict,
            rows,
            f"**{message('report.by_part').of(language)}**",
            _table(_part_rows(report, language)),
            f"**{message('report.items').of(language)}**",
            _table(_item_rows(report, language, style.title_cells)),
        ]
    )


def _table(rows: Iterable[str]) -> str:
    return "\n".join("    " + row for row in rows)


def _colon(language: Language) -> str:
    return message("common.colon").of(language)


def figure_rows(figures: Figures, language: Language) -> list[tuple[str, str]]:
    """Name and value of each figure that says something."""
    f = figures
    rows = [
        (message("report.time"), message("report.time_used", used=clock(f.used), planned=clock(f.planned))),
        (message("report.items_asked"), _asked(f)),
    ]
    if f.points:
        said = [message("report.points_named", named=f.named, points=f.points)]
        if f.prompted:
            said.append(message("report.points_prompted", count=f.prompted))
        said.append(message("report.points_missed", count=f.missed))
        rows.append((message("report.points"), listed(said, message("common.clause"))))
    if f.drills:
        rows.append(
            (
                words.KINDS["drill"],
                message("report.drills_right", right=f.drills_right, drills=f.drills),
            )
        )
    if f.tasks:
        rows.append(
            (
                words.KINDS["code"],
                message("report.tasks_passed", passed=f.tasks_passed, tasks=f.tasks),
            )
        )
    if f.hints:
        rows.append((message("report.hints"), message("report.hints_read", hints=f.hints)))
    if f.over:
        rows.append((message("report.over_time"), message("report.over_of", over=f.over, reached=f.reached)))
    return [(name.of(language), said.of(language)) for name, said in rows]


def _asked(f: Figures) -> Text:
    """How many items were asked, and what became of the others."""
    others = []
    if f.passed:
        others.append(message("report.passed_over", count=f.passed))
    if f.unreached:
        others.append(message("report.not_reached", count=f.unreached))
    if not others:
        return message("report.asked_all", count=f.reached)
    return message("report.asked_but", count=f.reached, others=listed(others, message("common.clause")))


def _part_rows(report: Report, language: Language) -> Iterable[str]:
    for section, figures in report.parts:
        name = padded(parts.title(section).of(language), _NAME)
        yield f"{name} {bar(figures.score)} {percent(figures.score):>4}"


def _item_rows(report: Report, language: Language, width: int) -> Iterable[str]:
    kinds = {kind: name.of(language) for kind, name in words.KINDS.items()}
    widest = max(map(words.cells, kinds.values()))
    for e in report.entries:
        kind = padded(kinds[e.card.kind], widest)
        taken = f"{clock(e.item.seconds):>5} /{clock(e.item.allowance):>5}{'!' if e.over else ' '}"
        title = padded(e.title.of(language), width)
        yield f"{words.mark(e.score)} {kind} {title} {percent(e.score):>4} {taken}"


def _findings(report: Report, language: Language) -> str:
    return "\n\n".join(
        [
            f"# {message('report.strengths').of(language)}",
            _listed(report.strengths, message("report.no_strengths"), report, language),
            f"# {message('report.gaps').of(language)}",
            _listed(report.gaps, message("report.no_gaps"), report, language),
        ]
    )


def _listed(findings: tuple[Finding, ...], none: Text, report: Report, language: Language) -> str:
    if not findings:
        return (none if report.score is not None else message("report.nothing_reached")).of(language)
    colon = _colon(language)
    return "\n".join(f"- {_of_kind(f.title, f.card.kind, language)}{colon}{f.said.of(language)}" for f in findings)


def _of_kind(title: Text, kind: str, language: Language) -> str:
    """What was asked, and in which way."""
    return message("report.of_kind", title=title, kind=words.KINDS[kind]).of(language)


def _plan(report: Report, language: Language, level: str = "#") -> str:
    chunks = []
    for day in report.plan:
        minutes = words.about(day.minutes).of(language)
        chunks.append(f"{level} {words.day_name(day.offset, language)} · {minutes}")
        chunks.append(
            "\n".join(
                f"{k}. {_of_kind(s.title, s.card.kind, language)}{_colon(language)}{s.why.of(language)}"
                for k, s in enumerate(day.steps, 1)
            )
        )
    return "\n\n".join([*chunks, *closing(report, language)])


def closing(report: Report, language: Language) -> list[str]:
    """What the plan ends with: the reviews of every day, and the next interview."""
    every_day = message("report.every_day")
    again = message("report.again_in", days=report.next_interview)
    return [every_day.of(language), again.of(language)]


# ---------------------------------------------------------------- each question


def outcome(e: Entry, language: Language) -> str:
    """How an item ended, in a word or a figure."""
    if not e.reached:
        return message("report.unreached").of(language)
    if e.item.state == "passed":
        return message("report.passed").of(language)
    match e.card.kind:
        case "drill":
            return (message("report.right") if e.item.right else message("report.wrong")).of(language)
        case "code":
            return words.OUTCOMES.get(e.item.verdict or "", message("report.not_submitted")).of(language)
    return percent(e.score)


def _questions(report: Report, language: Language, style: _Style, level: str) -> str:
    return "\n\n".join(
        _question(k, e, language, style, level) for k, e in enumerate(report.entries, 1) if e.reached
    ) or message("report.nothing_reached").of(language)


def _question(number: int, e: Entry, language: Language, style: _Style, level: str) -> str:
    kind = words.KINDS[e.card.kind].of(language)
    time = f"{clock(e.item.seconds)} / {clock(e.item.allowance)}"
    chunks = [f"{level} {number}. {e.title.of(language)} · {kind} · {outcome(e, language)} · {time}"]
    if e.ask is not None:
        chunks.append(e.ask.of(language))
    chunks += _said(e, language, style)
    for turn in e.turns:
        chunks.append(f"**{message('report.asked').of(language)}**{_colon(language)}{turn.ask.of(language)}")
        chunks.append(style.quote(turn.reply or message("report.no_answer").of(language)))
        if turn.good is not None:
            chunks.append(f"**{message('report.good_reply').of(language)}**{_colon(language)}{turn.good.of(language)}")
    for name, points, sign in (
        (message("report.named"), e.named, "✓"),
        (message("report.prompted"), e.prompted, "◐"),
        (message("report.missed"), e.missed, "✗"),
    ):
        if points:
            chunks.append(f"**{name.of(language)}**\n\n" + "\n".join(f"- {sign} {p.of(language)}" for p in points))
    if e.model is not None:
        chunks.append(f"**{message('report.model').of(language)}**\n\n{e.model.of(language)}")
    chunks += _judged(e, language, style)
    if e.errata:
        chunks.append(
            f"**{message('report.errata').of(language)}**\n\n" + "\n".join(erratum_line(*n, language) for n in e.errata)
        )
    return "\n\n".join(chunks)


def _said(e: Entry, language: Language, style: _Style) -> list[str]:
    answer = e.answer.of(language) if isinstance(e.answer, Text) else e.answer
    show = style.code if e.card.kind == "code" and answer else style.quote
    return [f"**{message('report.you').of(language)}**", show(answer or message("report.no_answer").of(language))]


def _judged(e: Entry, language: Language, style: _Style) -> list[str]:
    """What a drill's or a task's answer is, and why."""
    chunks = []
    if e.card.kind == "drill" and e.solution is not None:
        chunks.append(f"**{message('report.answer').of(language)}**\n\n{_indented(e.solution.of(language))}")
    if e.remark is not None:
        name = message("report.diagnosis").of(language) + _colon(language) if e.card.kind == "code" else ""
        chunks.append(f"{name}{e.remark.of(language)}")
    if e.card.kind == "code" and e.item.verdict != "pass" and e.solution is not None:
        chunks.append(f"**{message('report.solution').of(language)}**\n\n{style.code(e.solution.of(language))}")
    if e.why is not None:
        name = f"**{message('report.look_for').of(language)}**{_colon(language)}" if e.card.kind == "code" else ""
        chunks.append(name + e.why.of(language))
    return chunks


def erratum_line(claim: Text, truth: Text, language: Language) -> str:
    """What the notes say beside what is true, as an item of a list."""
    colon = _colon(language)
    notes_say, in_truth = message("report.notes_say").of(language), message("report.truth").of(language)
    return f"- {notes_say}{colon}{claim.of(language)} **{in_truth}**{colon}{truth.of(language)}"
