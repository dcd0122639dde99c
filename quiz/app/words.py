"""Messages that depend on something: by state, kind or verdict, or put together of several. The rest is said where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from answers.model import Language, Text
from quiz import listing, parts
from quiz.catalogue import message
from quiz.schedule import Grade, Standing

if TYPE_CHECKING:
    from answers.model import Claim
    from quiz.drills import Checked

PARTS: tuple[tuple[Text, tuple[str, ...]], ...] = tuple((part.title, part.questions) for part in parts.NOTES)

STATES = listing.STATES
GRADES = (
    message("grades.again"),
    message("grades.hard"),
    message("grades.good"),
    message("grades.easy"),
)
VERDICTS = {
    "holds": message("question.verdict.holds"),
    "holds within limits": message("question.verdict.limited"),
    "wrong": message("question.verdict.wrong"),
}
KINDS = {
    "ChoiceDrill": message("drill.kind.choice"),
    "TrueFalseDrill": message("drill.kind.true_false"),
    "OrderDrill": message("drill.kind.order"),
    "NumberDrill": message("drill.kind.number"),
    "FormulaDrill": message("drill.kind.formula"),
}
OUTCOMES = {
    "pass": message("code.outcome.pass"),
    "fail": message("code.outcome.fail"),
    "error": message("code.outcome.error"),
    "timeout": message("code.outcome.timeout"),
    "memory": message("code.outcome.memory"),
    "forbidden": message("code.outcome.forbidden"),
}


def standing(found: Standing | None, now: int) -> Text:
    """Where a card stands, in a few words."""
    if found is None:
        return STATES["untried"]
    grade = GRADES[found.grade - 1]
    if found.due <= now:
        return message("home.due_now", grade=grade)
    until = interval(found.due - now)
    return message("home.due_later", grade=grade, until=until)


def comes_back(grade: Grade, after: int) -> Text:
    """What is said when a card was graded."""
    name, when = GRADES[grade - 1], interval(after)
    return message("app.comes_back", grade=name, when=when)


def experiment_outcome(claims: Sequence[Claim], stopped: bool, error: str | None) -> Text:
    """How an experiment ended, and how many of its claims hold."""
    if error is not None:
        return message("evidence.failed", error=error)
    if stopped and not claims:
        return message("evidence.stopped_early")
    held, of = sum(claim.holds for claim in claims), len(claims)
    end = message("evidence.stopped") if stopped else message("evidence.done")
    return message("evidence.outcome", end=end, of=of, held=held)


def today(due: int, new: int, minutes: int, put_off: int = 0) -> Text:
    """What today holds, and how many cards are put off by the limit."""
    later = message("home.put_off", put_off=put_off) if put_off else Text(zh="", en="")
    return message("home.today", due=due, later=later, new=new, minutes=minutes)


def undone(card: Text, grade: Grade) -> Text:
    """A grade was taken back."""
    name = GRADES[grade - 1]
    return message("app.undone", card=card, grade=name)


def drill_score(right: int, done: int, left: int) -> Text:
    """How the drills of this sitting went."""
    to_go = message("drill.to_go", left=left)
    if not done:
        return to_go
    return message("drill.score", right=right, done=done, to_go=to_go)


def verdict(checked: Checked, after: int, solution_shown: bool) -> Text:
    """What is said about a drill's answer: right or not, what would have been, why, when it comes back."""
    return Text(zh=_verdict(checked, after, solution_shown, "zh"), en=_verdict(checked, after, solution_shown, "en"))


def _verdict(checked: Checked, after: int, solution_shown: bool, language: Language) -> str:
    head = f"✓ {message('drill.right').of(language)}" if checked.right else f"✗ {message('drill.wrong').of(language)}"
    when = message("drill.back_in", interval=interval(after)).of(language)
    parts = [f"**{head}** · {when}"]
    if checked.remark is not None:
        parts.append(checked.remark.of(language))
    if not solution_shown:
        solution = "\n".join("    " + line for line in checked.solution.of(language).splitlines())
        parts.append(f"{message('drill.answer').of(language)}\n\n{solution}")
    parts.append(checked.why.of(language))
    return "\n\n".join(parts)


def interval(milliseconds: int) -> Text:
    """How long until a card comes back, as people say it: 10 min, 3 d, 5 months."""
    minutes = milliseconds / 60_000
    if minutes < 60:
        n = max(1, round(minutes))
        return message("interval.minutes", n=n)
    if minutes < 60 * 24:
        n = round(minutes / 60)
        return message("interval.hours", n=n)
    days = minutes / 60 / 24
    if days < 31:
        return message("interval.days", days=round(days))
    if days < 365:
        return message("interval.months", months=days / 30.4)
    return message("interval.years", years=days / 365)
