"""A running interview as a value: what is asked, what was answered, how long it took. Pure: texts and times come in.

Every function gives a new `Interview`; whoever runs one writes it down after each step (`to_json`) and goes on from
there after a crash (`from_json`). Times are whole milliseconds since 1970, budgets and what was used are seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeVar, cast

from answers.model import Language
from quiz.session import Card

ANSWER_SECONDS = 150
"""For saying it: thirty seconds to speak are two and a half minutes to type."""
FOLLOW_UP_SECONDS = 60
SLEEP = 60_000
"""A longer gap between two counts is a machine that slept, not a learner who thought."""
FEWEST_MINUTES, MOST_MINUTES = 5, 180
LANGUAGES: tuple[Language, ...] = ("zh", "en")

CARDS = ("recall", "drill", "code")
ExchangeKind = Literal["follow-up", "point"]
EXCHANGES: tuple[ExchangeKind, ...] = ("follow-up", "point")
Phase = Literal["asking", "debrief", "over"]
PHASES: tuple[Phase, ...] = ("asking", "debrief", "over")
ItemState = Literal["waiting", "answered", "passed"]
ITEM_STATES: tuple[ItemState, ...] = ("waiting", "answered", "passed")
T = TypeVar("T")
Name = TypeVar("Name", bound=str)
Answer = bool | int | str | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Setup:
    """What the learner chose. `parts`: ids of `quiz.parts`."""

    minutes: int
    parts: tuple[str, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked after an answer: follow-up number `ref` of the question, or the key point `ref` that was left out."""

    kind: ExchangeKind
    ref: str
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked, and what came of it.

    `seed` deals a drill, so that it is the same after a break. `answer`: the words, the drill's answer, or the code.
    `ticked` and `graded` belong to the debrief: the key points that the learner says were named, and whether a review was logged.
    """

    card: Card
    section: str
    budget: int
    seed: int = 0
    most_follow_ups: int = 0
    state: ItemState = "waiting"
    seconds: float = 0.0
    answer: Answer | None = None
    exchanges: tuple[Exchange, ...] = ()
    hints: int = 0
    right: bool | None = None
    verdict: str | None = None
    score: float = 0.0
    failures: int = 0
    diagnosis: str | None = None
    ticked: tuple[str, ...] | None = None
    graded: bool = False

    @property
    def allowance(self) -> int:
        """The seconds that what was asked so far may take: a follow-up adds its own."""
        if self.card.kind != "recall":
            return self.budget
        return ANSWER_SECONDS + FOLLOW_UP_SECONDS * len(self.exchanges)


@dataclass(frozen=True, slots=True)
class Interview:
    """`at`: index of the item that is asked or looked over. `counted`: until when time was counted; None where it stands."""

    uid: str
    began: int
    setup: Setup
    items: tuple[Item, ...]
    at: int = 0
    phase: Phase = "asking"
    counted: int | None = None
    breaks: int = 0
    score: float | None = None
    """Of the report, once the interview is over; so that a list of interviews need not load the deck."""

    @property
    def item(self) -> Item:
        """What is asked now."""
        return self.items[self.at]

    @property
    def used(self) -> float:
        """Seconds used so far."""
        return sum(item.seconds for item in self.items)

    @property
    def time_is_up(self) -> bool:
        """Whether nothing new is asked any more."""
        return self.used >= self.setup.minutes * 60


def begin(uid: str, setup: Setup, items: tuple[Item, ...], now: int) -> Interview:
    """An interview whose clock runs from `now`. ValueError where there is nothing to ask."""
    if not items:
        raise ValueError("an interview asks at least one thing")
    return Interview(uid, now, setup, items, counted=now)


# ---------------------------------------------------------------- the clock


def count(interview: Interview, now: int) -> Interview:
    """Count the time since the last count for the item that is asked. What a machine slept is not counted."""
    if interview.phase != "asking" or interview.counted is None:
        return interview
    gap = now - interview.counted
    counted = replace(interview, counted=now)
    return _change(counted, seconds=interview.item.seconds + gap / 1000) if 0 < gap <= SLEEP else counted


def stop_clock(interview: Interview, now: int) -> Interview:
    """The learner leaves for a while."""
    if interview.phase != "asking" or interview.counted is None:
        return interview
    return replace(count(interview, now), counted=None, breaks=interview.breaks + 1)


def start_clock(interview: Interview, now: int) -> Interview:
    """The learner is back. What lies between is not counted, whether the clock was stopped or the program died."""
    return replace(interview, counted=now) if interview.phase == "asking" else interview


# ---------------------------------------------------------------- asking and answering


def _change(interview: Interview, **changes: Any) -> Interview:
    items = list(interview.items)
    items[interview.at] = replace(items[interview.at], **changes)
    return replace(interview, items=tuple(items))


def say(interview: Interview, text: str) -> Interview:
    """The learner has answered in words: the question itself, or what was asked last."""
    item = interview.item
    if not item.exchanges:
        return _change(interview, answer=text)
    *before, last = item.exchanges
    return _change(interview, exchanges=(*before, replace(last, reply=text)))


def ask(interview: Interview, exchange: Exchange) -> Interview:
    """The interviewer asks on."""
    return _change(interview, exchanges=(*interview.item.exchanges, exchange))


def hint(interview: Interview) -> Interview:
    """The learner has read one more hint."""
    return _change(interview, hints=interview.item.hints + 1)


def answer_drill(interview: Interview, answer: Answer, right: bool) -> Interview:
    """A drill was answered."""
    return _change(interview, answer=answer, right=right)


def grade_code(
    interview: Interview, source: str, verdict: str, score: float, diagnosis: str | None, at: int | None = None
) -> Interview:
    """Code was graded; the best submission stays (the last of equals). `at`: of which item, where that is not the present one."""
    place = interview.at if at is None else at
    item = interview.items[place]
    passed, failures = verdict == "pass", item.failures + (verdict != "pass")
    if item.verdict == "pass":
        failures = item.failures  # what is tried after a pass costs nothing
    if item.verdict is None or passed or (item.verdict != "pass" and score >= item.score):
        item = replace(item, answer=source, verdict=verdict, score=score, diagnosis=None if passed else diagnosis)
    items = (*interview.items[:place], replace(item, failures=failures), *interview.items[place + 1 :])
    return replace(interview, items=items)


def take_back_pass(interview: Interview, at: int) -> Interview:
    """The pass of item `at` was refuted by the search that goes on after it; what is graded next counts."""
    item = replace(interview.items[at], verdict=None, score=0.0)
    return replace(interview, items=(*interview.items[:at], item, *interview.items[at + 1 :]))


def keep_code(interview: Interview, source: str) -> Interview:
    """What stood in the editor when the learner went on without having it graded."""
    return interview if interview.item.verdict is not None else _change(interview, answer=source)


def go_on(interview: Interview, *, passed: bool = False) -> Interview:
    """The present item is done: the next one is asked while there is time, else the interview is looked over."""
    done = _change(interview, state="passed" if passed else "answered")
    if done.at + 1 < len(done.items) and not done.time_is_up:
        return replace(done, at=done.at + 1)
    return look_over(done)


def look_over(interview: Interview) -> Interview:
    """Nothing more is asked. What was begun and not finished counts as far as it came."""
    if interview.phase == "asking" and interview.item.state == "waiting" and _begun(interview.item):
        interview = _change(interview, state="answered")
    first = next((k for k, item in enumerate(interview.items) if to_look_over(item)), None)
    if first is None:
        return replace(interview, phase="over", counted=None)
    return replace(interview, phase="debrief", at=first, counted=None)


def _begun(item: Item) -> bool:
    return item.answer is not None or item.verdict is not None


def to_look_over(item: Item) -> bool:
    """Whether the learner is still to say which key points of an answer in words were named."""
    return item.card.kind == "recall" and item.state != "waiting" and item.ticked is None


def tick(interview: Interview, named: frozenset[str]) -> Interview:
    """The learner has said which key points the present answer named; on to the next answer, or to the end."""
    return look_over(_change(interview, ticked=tuple(sorted(named))))


def graded(interview: Interview, at: int) -> Interview:
    """The review of item `at` was logged."""
    items = (*interview.items[:at], replace(interview.items[at], graded=True), *interview.items[at + 1 :])
    return replace(interview, items=items)


def scored(interview: Interview, score: float | None) -> Interview:
    """The report was put together."""
    return replace(interview, score=score)


# ---------------------------------------------------------------- how it is kept


class InterviewError(ValueError):
    """What was kept is no interview (a damaged or a newer file)."""


VERSION = 1
_LATEST = 250_000_000_000_000
"""A moment of the year 9892: what is later cannot be written as a date."""


def to_json(interview: Interview) -> dict[str, Any]:
    """As plain JSON values."""
    return {"version": VERSION, **asdict(interview)}


def from_json(data: Any) -> Interview:
    """What `to_json` wrote. InterviewError for anything else."""
    try:
        if data["version"] != VERSION:
            raise InterviewError(f"version {data['version']}")
        items = tuple(map(_item, data["items"]))
        found = Interview(
            _text(data["uid"]),
            _within(0, _LATEST, data["began"]),
            _setup(data["setup"]),
            items,
            _whole(data["at"]),
            _one_of(PHASES, data["phase"]),
            _or_none(lambda moment: _within(0, _LATEST, moment), data["counted"]),
            _whole(data["breaks"]),
            _or_none(_number, data["score"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InterviewError(str(error)) from None
    if not items or found.at >= len(items):
        raise InterviewError("nothing is asked")
    return found


def _setup(data: Mapping[str, Any]) -> Setup:
    return Setup(
        _within(1, 10_000, data["minutes"]), tuple(map(_text, data["parts"])), _one_of(LANGUAGES, data["language"])
    )


def _item(data: Mapping[str, Any]) -> Item:
    card = data["card"]
    return Item(
        Card(_one_of(CARDS, card["kind"]), _text(card["question"]), _text(card["part"])),
        _text(data["section"]),
        _within(1, 1_000_000, data["budget"]),
        _whole(data["seed"]),
        _whole(data["most_follow_ups"]),
        _one_of(ITEM_STATES, data["state"]),
        _number(data["seconds"]),
        _answer(data["answer"]),
        tuple(map(_exchange, data["exchanges"])),
        _whole(data["hints"]),
        _or_none(_truth, data["right"]),
        _or_none(_text, data["verdict"]),
        _number(data["score"]),
        _whole(data["failures"]),
        _or_none(_text, data["diagnosis"]),
        _or_none(lambda ids: tuple(map(_text, ids)), data["ticked"]),
        _truth(data["graded"]),
    )


def _exchange(data: Mapping[str, Any]) -> Exchange:
    return Exchange(_one_of(EXCHANGES, data["kind"]), _text(data["ref"]), _or_none(_text, data["reply"]))


def _answer(value: Any) -> Answer | None:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return _whole(value)
    return tuple(map(_whole, value))


def _one_of(allowed: tuple[Name, ...], value: Any) -> Name:
    if value not in allowed:
        raise InterviewError(f"{value!r} is none of {', '.join(allowed)}")
    return cast(Name, value)


def _or_none(read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InterviewError("no text")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InterviewError("no truth value")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise InterviewError("no whole number")
    return value


def _within(least: int, most: int, value: Any) -> int:
    if not least <= _whole(value) <= most:
        raise InterviewError(f"not within {least} and {most}")
    return int(value)


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value < 1e9:
        raise InterviewError("no number")
    return float(value)
