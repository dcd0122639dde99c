"""What an interview came to: figures, strengths, gaps, a plan, and each question with what was said. A pure structure.

Texts come from the deck as it is now; of a question that the deck no longer has only the learner's own words are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from answers.model import NotesVerdict, OrderDrill, Text, TrueFalseDrill, formula
from quiz import drills, session, shelf
from quiz.catalogue import listed, message
from quiz.interview import asking
from quiz.interview.sitting import Interview, Item
from quiz.interview.words import clock
from quiz.session import Card

if TYPE_CHECKING:
    from answers.model import Question
    from quiz.drills import Checked, Hand

GOOD = 0.75
"""A score from which an answer is a strength; what is below is a gap."""
PROMPTED = 0.5
"""What a key point counts for that was named only once it had been given away."""
HINT_COST = 0.1
MINUTES_A_DAY = 20.0
MOST_MISSED = 2
"""How many key points a gap names; the question's own page has them all."""
AGAIN_AFTER = 3
"""Days after the plan's last day when another interview is due."""


# ---------------------------------------------------------------- the structure


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was asked on: the words, the learner's reply, a good answer where the deck has one."""

    ask: Text
    reply: str | None
    good: Text | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the report shows it. `score` is None for what was not reached; texts are None where the deck lacks them."""

    item: Item
    title: Text
    score: float | None
    ask: Text | None = None
    answer: str | Text | None = None
    named: tuple[Text, ...] = ()
    prompted: tuple[Text, ...] = ()
    missed: tuple[Text, ...] = ()
    turns: tuple[Turn, ...] = ()
    model: Text | None = None
    errata: tuple[tuple[Text, Text], ...] = ()
    """What the notes say that does not hold, or only within limits, and what is true."""
    solution: Text | None = None
    why: Text | None = None
    remark: Text | None = None

    @property
    def card(self) -> Card:
        """What was asked."""
        return self.item.card

    @property
    def reached(self) -> bool:
        """Whether it was asked and answered or passed."""
        return self.item.state != "waiting"

    @property
    def over(self) -> float:
        """Seconds beyond what it may take; 0 where it was within."""
        return max(0.0, self.item.seconds - self.item.allowance) if self.reached else 0.0

    @property
    def is_gap(self) -> bool:
        """Whether it belongs to what is to be worked on."""
        return self.score is not None and self.score < GOOD


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over the items. `score` is None where nothing was reached."""

    score: float | None
    planned: int
    """Seconds that the learner asked for."""
    used: float
    reached: int
    passed: int
    unreached: int
    named: int
    prompted: int
    missed: int
    drills_right: int
    drills: int
    tasks_passed: int
    tasks: int
    hints: int
    over: int
    """How many items took longer than they may."""

    @property
    def points(self) -> int:
        """Key points of all the questions that were reached."""
        return self.named + self.prompted + self.missed


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength or a gap, in a sentence or two."""

    card: Card
    title: Text
    said: Text


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: a card to take up again, why, and how long that takes."""

    card: Card
    title: Text
    why: Text
    minutes: float


@dataclass(frozen=True, slots=True)
class Day:
    """The steps of a day, `offset` days after the interview."""

    offset: int
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> float:
        """How long the day's steps take."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an interview came to. `next_interview`: days until another one is due."""

    interview: Interview
    figures: Figures
    parts: tuple[tuple[str, Figures], ...]
    entries: tuple[Entry, ...]
    strengths: tuple[Finding, ...] = ()
    gaps: tuple[Finding, ...] = ()
    plan: tuple[Day, ...] = ()
    next_interview: int = field(default=AGAIN_AFTER)

    @property
    def score(self) -> float | None:
        """0 .. 1, weighted by what each item may take; None where nothing was reached."""
        return self.figures.score


# ---------------------------------------------------------------- putting it together


def report(interview: Interview) -> Report:
    """The report of an interview that is over (or of one that goes on, as far as it has come). Loads its questions."""
    entries = tuple(map(entry, interview.items))
    planned = interview.setup.minutes * 60
    reached = [e for e in entries if e.score is not None]
    sections = dict.fromkeys(e.item.section for e in entries)
    gaps = sorted((e for e in reached if e.is_gap), key=lambda e: -_lost(e))
    plan = days(gaps)
    return Report(
        interview,
        figures(entries, planned),
        tuple((s, figures([e for e in entries if e.item.section == s], planned)) for s in sections),
        entries,
        tuple(_finding(e) for e in sorted(reached, key=_lost) if not e.is_gap),
        tuple(map(_finding, gaps)),
        plan,
        (plan[-1].offset if plan else 0) + AGAIN_AFTER,
    )


def _lost(e: Entry) -> float:
    """What of the whole score was lost here, so that a drill weighs less than a question."""
    return (1 - (e.score or 0.0)) * e.item.budget


def figures(entries: Iterable[Entry], planned: int) -> Figures:
    """The sums over some entries."""
    listed = list(entries)
    reached = [e for e in listed if e.reached]
    scored = [e for e in reached if e.score is not None]
    weight = sum(e.item.budget for e in scored)
    drilled = [e for e in reached if e.card.kind == "drill"]
    coded = [e for e in reached if e.card.kind == "code"]
    return Figures(
        sum((e.score or 0.0) * e.item.budget for e in scored) / weight if weight else None,
        planned,
        sum(e.item.seconds for e in listed),
        len(reached),
        sum(e.item.state == "passed" for e in reached),
        len(listed) - len(reached),
        sum(len(e.named) for e in reached),
        sum(len(e.prompted) for e in reached),
        sum(len(e.missed) for e in reached),
        sum(e.item.right is True for e in drilled),
        len(drilled),
        sum(e.item.verdict == "pass" for e in coded),
        len(coded),
        sum(e.item.hints for e in reached),
        sum(e.over > 0 for e in reached),
    )


# ---------------------------------------------------------------- one item


def entry(item: Item) -> Entry:
    """One item with what the deck says to it."""
    from answers.deck import DeckError

    try:
        question = shelf.question(item.card.question)
        match item.card.kind:
            case "recall":
                return _recall(item, question)
            case "drill":
                return _drill(item, question)
        return _code(item)
    except (KeyError, DeckError, StopIteration):
        own = item.answer if isinstance(item.answer, str) else None
        score = None if item.state == "waiting" else _score_without_deck(item)
        return Entry(item, formula(item.card.part or item.card.question), score, answer=own)


def _score_without_deck(item: Item) -> float | None:
    if item.card.kind == "recall":
        return None
    return 1.0 if item.right or item.verdict == "pass" else item.score


def _titled(question: Question) -> Text:
    return Text(zh=f"{question.section} {question.title.zh}", en=f"{question.section} {question.title.en}")


def _less_hints(score: float, item: Item) -> float:
    return max(0.0, score - HINT_COST * item.hints)


def _recall(item: Item, question: Question) -> Entry:
    heard = asking.heard(question, item)
    points = {point.id: point.text for point in question.key_points}
    count = len(points)
    score = (len(heard.named) + PROMPTED * len(heard.prompted)) / count if count else 1.0
    errata = tuple((n.claim, n.truth) for n in question.notes if n.verdict is not NotesVerdict.HOLDS)
    return Entry(
        item,
        _titled(question),
        _less_hints(score, item) if item.state != "waiting" else None,
        question.ask,
        item.answer if isinstance(item.answer, str) else None,
        tuple(points[id] for id in heard.named),
        tuple(points[id] for id in heard.prompted),
        tuple(points[id] for id in heard.missed),
        tuple(Turn(asking.asked(question, e), e.reply, asking.good_reply(question, e)) for e in item.exchanges),
        question.spoken,
        errata,
    )


def deal(item: Item) -> Hand:
    """The drill of an item as it is dealt in this interview, each time the same. StopIteration where the deck has it no more."""
    question = shelf.question(item.card.question)
    drill = next(drill for drill in question.drills if drill.id == item.card.part)
    return drills.deal(drill, Random(item.seed))


def _drill(item: Item, question: Question) -> Entry:
    hand = deal(item)
    checked = _checked(hand, item)
    return Entry(
        item,
        _titled(question),
        None if item.state == "waiting" else float(item.right is True),
        hand.ask,
        _drill_answer(hand, item),
        solution=checked.solution if checked else drills.solution(hand),
        why=checked.why if checked else drills.why(hand),
        remark=checked.remark if checked else None,
    )


def _checked(hand: Hand, item: Item) -> Checked | None:
    """The check again, for its words; None where nothing was answered or the drill has changed under the answer."""
    if item.answer is None:
        return None
    try:
        return drills.check(hand, item.answer)
    except (drills.AnswerError, IndexError, ValueError, AssertionError):
        return None


def _drill_answer(hand: Hand, item: Item) -> str | Text | None:
    """The learner's answer in words."""
    match item.answer:
        case None:
            return None
        case bool() as held if isinstance(hand.drill, TrueFalseDrill):
            return message("common.true") if held else message("common.false")
        case int() as place if 0 <= place < len(hand.shown):
            return hand.shown[place]
        case tuple() as places if isinstance(hand.drill, OrderDrill) and all(k < len(hand.shown) for k in places):
            steps = [hand.shown[k] for k in places]
            return Text(
                zh="\n".join(f"{k}. {s.zh}" for k, s in enumerate(steps, 1)),
                en="\n".join(f"{k}. {s.en}" for k, s in enumerate(steps, 1)),
            )
    return str(item.answer)


def _code(item: Item) -> Entry:
    task = shelf.task(item.card.part)
    score = None
    if item.state != "waiting":
        score = _less_hints(1.0 if item.verdict == "pass" else min(item.score, 0.99), item)
    messages = [m.message for m in task.misconceptions if m.id in (item.diagnosis or "").split("+")]
    remark = Text(zh=" ".join(m.zh for m in messages), en=" ".join(m.en for m in messages)) if messages else None
    return Entry(
        item,
        formula(item.card.part),
        score,
        task.ask,
        item.answer if isinstance(item.answer, str) else None,
        solution=formula(shelf.solution(item.card.part).strip("\n")),
        why=task.interviewers_look_for,
        remark=remark,
    )


# ---------------------------------------------------------------- strengths and gaps


def _finding(e: Entry) -> Finding:
    said = {"recall": _said_of_recall, "drill": _said_of_drill, "code": _said_of_code}[e.card.kind](e)
    if e.item.state == "passed":
        said = message("report.said.passed")
    if e.over >= 15:
        more = clock(e.over)
        said = message("report.said.over_time", said=said, more=more)
    return Finding(e.card, e.title, said)


def _said_of_recall(e: Entry) -> Text:
    of = len(e.named) + len(e.prompted) + len(e.missed)
    said = [message("report.said.named", named=len(e.named), of=of)]
    if e.prompted:
        said.append(message("report.said.prompted", count=len(e.prompted)))
    if e.missed:
        some = [message("report.said.point", point=point) for point in e.missed[:MOST_MISSED]]
        points = listed(some, message("report.said.between_points"))
        missed, more = len(e.missed), len(e.missed) - MOST_MISSED
        if more > 0:
            said.append(message("report.said.missed_more", points=points, missed=missed, more=more))
        else:
            said.append(message("report.said.missed", points=points))
    if e.item.hints:
        said.append(message("report.said.hints", hints=e.item.hints))
    return listed(said, message("common.between_sentences"))


def _said_of_drill(e: Entry) -> Text:
    ask = e.ask or e.title
    said = Text(zh=_shortened(ask.zh), en=_shortened(ask.en))
    if e.item.right:
        return message("report.said.drill_right", ask=said)
    if e.solution is None or "\n" in e.solution.en:
        return message("report.said.drill_wrong", ask=said)
    return message("report.said.drill_wrong_answer", ask=said, answer=e.solution)


def _shortened(text: str, most: int = 90) -> str:
    """The first line, cut at `most` characters, without marks of Markdown."""
    line = text.strip().split("\n")[0].replace("`", "").replace("*", "")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _said_of_code(e: Entry) -> Text:
    tries = e.item.failures + (e.item.verdict == "pass")
    if e.item.verdict == "pass":
        if e.item.failures or e.item.hints:
            return message("report.said.code_passed_at", tries=tries, hints=e.item.hints)
        return message("report.said.code_passed")
    if e.item.verdict is None:
        return message("report.said.code_never")
    head = message("report.said.code_failed", tries=tries)
    return head if e.remark is None else listed([head, e.remark], message("common.between_sentences"))


# ---------------------------------------------------------------- the plan


def days(gaps: Iterable[Entry]) -> tuple[Day, ...]:
    """Every gap once, the worst first, at most `MINUTES_A_DAY` a day where no single step is longer."""
    found: list[Day] = []
    steps: list[Step] = []
    for step in map(_step, gaps):
        if steps and sum(s.minutes for s in steps) + step.minutes > MINUTES_A_DAY:
            found.append(Day(len(found), tuple(steps)))
            steps = []
        steps.append(step)
    return (*found, Day(len(found), tuple(steps))) if steps else tuple(found)


def _step(e: Entry) -> Step:
    match e.card.kind:
        case "recall":
            count = len(e.missed) + len(e.prompted)
            why = message("report.step.recall.one" if count == 1 else "report.step.recall.other", count=count)
        case "code":
            why = message("report.step.code")
        case _:
            why = message("report.step.drill")
    return Step(e.card, e.title, why, session.MINUTES[e.card.kind] + (e.card.kind == "recall") * 2.5)
