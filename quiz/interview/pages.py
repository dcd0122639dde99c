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
from quiz.interview import words
from quiz.interview.report import Entry, Figures, Finding, Report
from quiz.interview.sitting import Setup
from quiz.interview.words import bar, clock, padded, percent

PAGES = {
    "overview": words.OVERVIEW,
    "findings": Text(zh="强项与差距", en="Strengths and gaps"),
    "plan": words.PLAN,
    "questions": words.QUESTIONS,
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
        words.OVERVIEW: _overview(report, language, style),
        words.STRENGTHS: _listed(report.strengths, words.NO_STRENGTHS, report, language),
        words.GAPS: _listed(report.gaps, words.NO_GAPS, report, language),
        words.PLAN: _plan(report, language, "###"),
        words.QUESTIONS: _questions(report, language, style, "###"),
    }
    head = f"# {words.TITLE.of(language)} · {words.date(report.interview.began)}"
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
    joint = {"zh": "、", "en": ", "}[language]
    chosen = joint.join(parts.title(part).of(language) for part in setup.parts)
    return Text(zh=f"{setup.minutes} 分钟 · {chosen}", en=f"{setup.minutes} min · {chosen}").of(language)


def _overview(report: Report, language: Language, style: _Style) -> str:
    if report.score is None:
        return f"{setup_line(report.interview.setup, language)}\n\n{words.NOTHING_REACHED.of(language)}"
    verdict = f"**{percent(report.score)}** · **{words.band(report.score).of(language)}**"
    rows = "\n".join(f"- {name}{_colon(language)}{said}" for name, said in figure_rows(report.figures, language))
    return "\n\n".join(
        [
            setup_line(report.interview.setup, language),
            verdict,
            rows,
            f"**{words.BY_PART.of(language)}**",
            _table(_part_rows(report, language)),
            f"**{words.ITEMS.of(language)}**",
            _table(_item_rows(report, language, style.title_cells)),
        ]
    )


def _table(rows: Iterable[str]) -> str:
    return "\n".join("    " + row for row in rows)


def _colon(language: Language) -> str:
    return "：" if language == "zh" else ": "


def figure_rows(figures: Figures, language: Language) -> list[tuple[str, str]]:
    """Name and value of each figure that says something."""
    f = figures
    rows = [
        (words.TIME, Text(zh=f"{clock(f.used)} / {clock(f.planned)}", en=f"{clock(f.used)} of {clock(f.planned)}")),
        (Text(zh="题目", en="Asked"), _asked(f)),
    ]
    if f.points:
        said = Text(
            zh=f"{f.named}/{f.points} 说到"
            + (f"，{f.prompted} 个经提醒" if f.prompted else "")
            + f"，{f.missed} 个漏掉",
            en=f"{f.named} of {f.points} named"
            + (f", {f.prompted} once asked" if f.prompted else "")
            + f", {f.missed} left out",
        )
        rows.append((Text(zh="要点", en="Key points"), said))
    if f.drills:
        rows.append(
            (
                words.KINDS["drill"],
                Text(zh=f"{f.drills_right}/{f.drills} 答对", en=f"{f.drills_right} of {f.drills} right"),
            )
        )
    if f.tasks:
        rows.append(
            (
                words.KINDS["code"],
                Text(zh=f"{f.tasks_passed}/{f.tasks} 通过", en=f"{f.tasks_passed} of {f.tasks} passed"),
            )
        )
    if f.hints:
        rows.append((Text(zh="提示", en="Hints"), Text(zh=f"{f.hints} 个", en=f"{f.hints}")))
    if f.over:
        rows.append(
            (Text(zh="超时", en="Over time"), Text(zh=f"{f.over}/{f.reached} 题", en=f"{f.over} of {f.reached}"))
        )
    return [(name.of(language), said.of(language)) for name, said in rows]


def _asked(f: Figures) -> Text:
    """How many items were asked, and what became of the others."""
    zh = [f"跳过 {f.passed}"] * (f.passed > 0) + [f"没轮到 {f.unreached}"] * (f.unreached > 0)
    en = [f"passed over {f.passed}"] * (f.passed > 0) + [f"not reached {f.unreached}"] * (f.unreached > 0)
    return Text(
        zh=f"{f.reached} 题" + (f"（{'，'.join(zh)}）" if zh else ""),
        en=f"{f.reached}" + (f" ({', '.join(en)})" if en else ""),
    )


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
            f"# {words.STRENGTHS.of(language)}",
            _listed(report.strengths, words.NO_STRENGTHS, report, language),
            f"# {words.GAPS.of(language)}",
            _listed(report.gaps, words.NO_GAPS, report, language),
        ]
    )


def _listed(findings: tuple[Finding, ...], none: Text, report: Report, language: Language) -> str:
    if not findings:
        return (none if report.score is not None else words.NOTHING_REACHED).of(language)
    colon = _colon(language)
    return "\n".join(
        f"- **{f.title.of(language)}** ({words.KINDS[f.card.kind].of(language)}){colon}{f.said.of(language)}"
        for f in findings
    )


def _plan(report: Report, language: Language, level: str = "#") -> str:
    chunks = []
    for day in report.plan:
        minutes = words.about(day.minutes).of(language)
        chunks.append(f"{level} {words.day_name(day.offset, language)} · {minutes}")
        chunks.append(
            "\n".join(
                f"{k}. **{s.title.of(language)}** ({words.KINDS[s.card.kind].of(language)}){_colon(language)}"
                f"{s.why.of(language)}"
                for k, s in enumerate(day.steps, 1)
            )
        )
    return "\n\n".join([*chunks, *closing(report, language)])


def closing(report: Report, language: Language) -> list[str]:
    """What the plan ends with: the reviews of every day, and the next interview."""
    every_day = Text(
        zh="每天：先做到期的复习；这次的成绩已经记入复习日程，答得不好的会早些回来。",
        en="Every day: what is due for review. The results are in the schedule, and what went badly comes back sooner.",
    )
    again = Text(
        zh=f"{report.next_interview} 天后：再来一场同样的面试，弱的地方会被多问。",
        en=f"In {report.next_interview} days: another interview of the same parts; what is weak is asked more often.",
    )
    return [every_day.of(language), again.of(language)]


# ---------------------------------------------------------------- each question


def outcome(e: Entry, language: Language) -> str:
    """How an item ended, in a word or a figure."""
    if not e.reached:
        return words.UNREACHED.of(language)
    if e.item.state == "passed":
        return words.PASSED.of(language)
    match e.card.kind:
        case "drill":
            return (words.RIGHT if e.item.right else words.WRONG).of(language)
        case "code":
            return words.OUTCOMES.get(e.item.verdict or "", words.NOT_SUBMITTED).of(language)
    return percent(e.score)


def _questions(report: Report, language: Language, style: _Style, level: str) -> str:
    return "\n\n".join(
        _question(k, e, language, style, level) for k, e in enumerate(report.entries, 1) if e.reached
    ) or (words.NOTHING_REACHED.of(language))


def _question(number: int, e: Entry, language: Language, style: _Style, level: str) -> str:
    kind = words.KINDS[e.card.kind].of(language)
    time = f"{clock(e.item.seconds)} / {clock(e.item.allowance)}"
    chunks = [f"{level} {number}. {e.title.of(language)} · {kind} · {outcome(e, language)} · {time}"]
    if e.ask is not None:
        chunks.append(e.ask.of(language))
    chunks += _said(e, language, style)
    for turn in e.turns:
        chunks.append(f"**{words.ASKED.of(language)}**{_colon(language)}{turn.ask.of(language)}")
        chunks.append(style.quote(turn.reply or words.NO_ANSWER.of(language)))
        if turn.good is not None:
            chunks.append(f"**{words.GOOD_REPLY.of(language)}**{_colon(language)}{turn.good.of(language)}")
    for name, points, sign in (
        (words.NAMED, e.named, "✓"),
        (words.PROMPTED, e.prompted, "◐"),
        (words.MISSED, e.missed, "✗"),
    ):
        if points:
            chunks.append(f"**{name.of(language)}**\n\n" + "\n".join(f"- {sign} {p.of(language)}" for p in points))
    if e.model is not None:
        chunks.append(f"**{words.MODEL.of(language)}**\n\n{e.model.of(language)}")
    chunks += _judged(e, language, style)
    if e.errata:
        chunks.append(f"**{words.ERRATA.of(language)}**\n\n" + "\n".join(erratum_line(*n, language) for n in e.errata))
    return "\n\n".join(chunks)


def _said(e: Entry, language: Language, style: _Style) -> list[str]:
    answer = e.answer.of(language) if isinstance(e.answer, Text) else e.answer
    show = style.code if e.card.kind == "code" and answer else style.quote
    return [f"**{words.YOU.of(language)}**", show(answer or words.NO_ANSWER.of(language))]


def _judged(e: Entry, language: Language, style: _Style) -> list[str]:
    """What a drill's or a task's answer is, and why."""
    chunks = []
    if e.card.kind == "drill" and e.solution is not None:
        chunks.append(f"**{words.ANSWER.of(language)}**\n\n{_indented(e.solution.of(language))}")
    if e.remark is not None:
        name = words.DIAGNOSIS.of(language) + _colon(language) if e.card.kind == "code" else ""
        chunks.append(f"{name}{e.remark.of(language)}")
    if e.card.kind == "code" and e.item.verdict != "pass" and e.solution is not None:
        chunks.append(f"**{words.SOLUTION.of(language)}**\n\n{style.code(e.solution.of(language))}")
    if e.why is not None:
        name = f"**{words.LOOK_FOR.of(language)}**{_colon(language)}" if e.card.kind == "code" else ""
        chunks.append(name + e.why.of(language))
    return chunks


def erratum_line(claim: Text, truth: Text, language: Language) -> str:
    """What the notes say beside what is true, as an item of a list."""
    colon = _colon(language)
    return (
        f"- {words.NOTES_SAY.of(language)}{colon}{claim.of(language)} "
        f"**{words.TRUTH.of(language)}**{colon}{truth.of(language)}"
    )
