"""What a deck is made of: frozen dataclasses without logic beyond what they check about themselves.

A deck is a list of questions. A question hangs on the notes' table of contents, is answered in words, drilled, coded
(`Task`) and proved (`Claim`). Every text stands in both languages side by side; a missing one cannot be built.

This module imports the standard library alone: titles can be listed without loading NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from answers.record import Record

if TYPE_CHECKING:
    from random import Random

    import numpy as np

    from answers.inputs import Case, Input

Language = Literal["zh", "en"]


class Text(Record):
    """One text in both languages. Markdown without LaTeX; formulas are indented code or Unicode."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language == "zh" else self.en


def formula(text: str) -> Text:
    """What reads the same in both languages: a formula, a number, a name."""
    return Text(zh=text, en=text)


class Source(Record):
    """A paper, a book or a library's documentation. `where`: DOI, arXiv number or address; `place`: the formula's number there."""

    authors: str
    year: int
    title: str
    where: str = ""
    place: str = ""


# ---------------------------------------------------------------- words


class NotesVerdict(Enum):
    """What becomes of a claim of the notes when it is tried."""

    HOLDS = "holds"
    LIMITED = "holds within limits"
    WRONG = "wrong"


class NotesClaim(Record):
    """A claim of the notes in our words, what is true, and why an interviewer would care."""

    id: str
    claim: Text
    verdict: NotesVerdict
    truth: Text
    matters: Text
    evidence: tuple[str, ...] = ()
    """Ids of the `Claim`s of the question's experiment that decide it."""


class KeyPoint(Record):
    """One point a good answer names. `mentions`: regular expressions (case ignored), any of which shows it was plainly named."""

    id: str
    text: Text
    mentions: tuple[str, ...]


class FollowUp(Record):
    """What the interviewer asks next, and a good answer to it."""

    ask: Text
    answer: Text


# ---------------------------------------------------------------- drills


class ChoiceDrill(Record):
    """One right option among several; they are shuffled when shown. `right` is an index into `options`."""

    id: str
    ask: Text
    options: tuple[Text, ...]
    right: int
    why: Text


class TrueFalseDrill(Record):
    """A statement that holds or does not, often a claim of the notes."""

    id: str
    claim: Text
    holds: bool
    why: Text


class OrderDrill(Record):
    """Steps given in their right order; shuffled when shown."""

    id: str
    ask: Text
    steps: tuple[Text, ...]
    why: Text


class NumberDrill(Record):
    """A number computed from sizes drawn afresh each time.

    `draw(random)` gives the sizes by name; `ask` and `why` are `str.format` templates over them (`why` also over
    `answer`); `answer(**sizes)` is what is right. An answer within `tolerance` (relative) counts; 0 asks for the exact integer.
    """

    id: str
    ask: Text
    draw: Callable[[Random], Mapping[str, Any]]
    answer: Callable[..., float]
    why: Text
    tolerance: float = 0.0


class FormulaDrill(Record):
    """An expression that the learner types, graded by running it on drawn arrays and never by comparing text.

    `variables`: name to shape in the letters T N D H (`("N", (4, "H"))`); `positive` and `unit` name variables drawn above 0
    and inside (0, 1); `where` is above 0 on every draw, where the question supposes something (`norm(g) - m`: g is longer
    than m). `answer` is the model expression in the same little language: names, numbers, + - * / @ **, unary -,
    `.T`, and the functions tanh sigmoid relu softmax exp log sqrt abs sum norm diag eye zeros_like ones_like minimum maximum.
    `wrong`: common wrong expressions with what to say about each. `without`: functions that an answer may not call, as when
    one is to be written by means of others.
    """

    id: str
    ask: Text
    variables: Mapping[str, tuple[Any, ...]]
    answer: str
    why: Text
    wrong: tuple[tuple[str, Text], ...] = ()
    positive: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    where: str = ""


Drill = ChoiceDrill | TrueFalseDrill | OrderDrill | NumberDrill | FormulaDrill


# ---------------------------------------------------------------- evidence


class Progress(Record):
    """An experiment says how far it is: `fraction` in 0 .. 1 and what it is doing."""

    fraction: float
    doing: Text


class Claim(Record):
    """A named claim with the figure that was measured and the bound it is held to. Whether it holds is computed, never typed."""

    id: str
    text: Text
    measured: float
    relation: Literal["<=", ">=", "<", ">", "==", "in"]
    bound: float | tuple[float, float]
    note: Text | None = None
    """For a trained or timed claim: the seed, and why the bound is safe."""

    @property
    def holds(self) -> bool:
        """Whether `measured relation bound`; NaN never holds."""
        m, b = self.measured, self.bound
        if isinstance(b, tuple):
            return self.relation == "in" and bool(b[0] <= m <= b[1])
        return bool({"<=": m <= b, ">=": m >= b, "<": m < b, ">": m > b, "==": m == b, "in": False}[self.relation])


class Series(Record):
    """One curve, one row of points or one row of bars: `x` and `y` of equal length.

    Bars stand at whole numbers and not below 0; where every series of a picture is bars, they are stacked.
    """

    label: Text
    x: Sequence[float]
    y: Sequence[float]
    points: bool = False
    bars: bool = False


class Plot(Record):
    """The one picture of an experiment, drawn by whoever shows it (terminal, PNG, SVG)."""

    title: Text
    x_label: Text
    y_label: Text
    series: tuple[Series, ...]
    x_log: bool = False
    y_log: bool = False


class Line(Record):
    """A line of a worked example that the experiment prints as it goes (numbers for paper)."""

    text: Text


Event = Progress | Claim | Plot | Line
"""An experiment is a generator of events; whoever runs it may stop by closing it."""


class Experiment(Record):
    """The executable answer. `quick` ends within a second; `trained`, where there is one, within 30 s on two cores."""

    quick: Callable[[], Iterator[Event]]
    trained: Callable[[], Iterator[Event]] | None = None

    def run(self) -> Iterator[Event]:
        """Everything, quick part first."""
        yield from self.quick()
        if self.trained is not None:
            yield from self.trained()


# ---------------------------------------------------------------- coding tasks


class Misconception(Record):
    """A common mistake. `message` says it in one sentence and names the line to look at.

    `fits(args, result)` decides where results are random and no variant can equal them; elsewhere it is None and
    `Task.with_mistakes` builds the variant.
    """

    id: str
    message: Text
    fits: Callable[[tuple[Any, ...], Any], bool] | None = None


class Law(Record):
    """A property that every right solution has, written once: for the verdict, for the search, and for our own tests.

    `derive(args)` gives the arguments of further calls that the law compares (none by default; an empty tuple where the
    law does not apply to `args` and it needs them). `holds(args, result, *derived_results)` decides.
    """

    id: str
    text: Text
    holds: Callable[..., bool]
    derive: Callable[[tuple[Any, ...]], tuple[tuple[Any, ...], ...]] | None = None


class Task(Record):
    """One function to write.

    `inputs` describe the arguments in order (`answers.inputs`); `corner_cases(rng)` adds cases the description does not
    reach. `with_mistakes(ids)` gives the function with these mistakes in it; with none it equals `reference`.
    `outputs` names the parts of a tuple result, for "f and o are right, i differs".
    `compared` is False where results are random: then the laws alone decide.
    `silent` is True where a warning fails the task.
    """

    id: str
    function: str
    ask: Text
    inputs: tuple[Input, ...]
    reference: Callable[..., Any]
    with_mistakes: Callable[[frozenset[str]], Callable[..., Any]]
    misconceptions: tuple[Misconception, ...]
    hints: tuple[Text, Text, Text]
    interviewers_look_for: Text
    laws: tuple[Law, ...] = ()
    outputs: tuple[str, ...] = ()
    corner_cases: Callable[[np.random.Generator], Iterator[Case]] | None = None
    compared: bool = True
    silent: bool = False
    accepted: tuple[tuple[Callable[..., Any], Text], ...] = ()
    """Other functions whose results pass too, each with the advice to give (PyTorch's `max_norm / (norm + 1e-6)`)."""


class Question(Record):
    """One question of the notes, complete."""

    id: str
    section: str
    """The number in the notes; 1.2 and 2.3 occur twice there, so it is no key."""
    title: Text
    ask: Text
    """As an interviewer would ask it."""
    notes: tuple[NotesClaim, ...]
    spoken: Text
    """The answer in thirty seconds."""
    whiteboard: Text
    """The answer in full, with formulas."""
    key_points: tuple[KeyPoint, ...]
    follow_ups: tuple[FollowUp, ...]
    hints: tuple[Text, Text, Text]
    """A nudge, the idea, the line."""
    drills: tuple[Drill, ...]
    tasks: tuple[str, ...]
    """Ids of the coding tasks that hang on this question."""
    experiment: str
    """Name of the module `answers.experiments.<name>` (or beside the deck's file) that binds EXPERIMENT."""
    sources: tuple[Source, ...]
    tags: tuple[str, ...] = ()
