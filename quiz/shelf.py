"""Every question and task that can be asked: those of the deck that ships, and those of the decks that were opened.

Ids of another deck carry its name, `attention:kv-cache`, so that nothing in the review log or among the drafts can clash.
Loading a deck runs its code: whether that is agreed to is `quiz.decks`' business, and done before `open_deck`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from answers import catalogue
from answers.catalogue import TaskCard
from answers.deck import BUILT_IN, Deck
from answers.record import replace

if TYPE_CHECKING:
    from answers.model import Experiment, Question, Task

MARK = ":"
"""Stands between a deck's name and an id of its own."""

_opened: dict[str, Deck] = {}
_questions: dict[str, str] = {}
_cards: dict[str, TaskCard] = {}


def open_deck(deck: Deck) -> tuple[str, ...]:
    """Put a deck on the shelf: the ids of its questions here. DeckError with all its faults where a file does not load."""
    from answers.deck import DeckError

    if faults := deck.load_faults():
        raise DeckError(faults)
    questions, cards = [], {}
    for own in deck.question_ids():
        question_id = deck.name + MARK + own
        questions.append(question_id)
        for task_id in deck.question(own).tasks:
            cards[deck.name + MARK + task_id] = _card(deck, task_id, question_id)
    close_deck(deck.name)
    _opened[deck.name] = deck
    _questions.update(dict.fromkeys(questions, deck.name))
    _cards.update(cards)
    return tuple(questions)


def _card(deck: Deck, task_id: str, question_id: str) -> TaskCard:
    import inspect

    task = deck.task(task_id)
    parameters = [
        name if p.default is p.empty else f"{name}={p.default!r}"
        for name, p in inspect.signature(task.reference).parameters.items()
    ]
    return TaskCard(deck.name + MARK + task_id, task.function, ", ".join(parameters), question_id)


def close_deck(name: str) -> None:
    """Take a deck off the shelf, if it is there."""
    if _opened.pop(name, None) is not None:
        for known in (_questions, _cards):
            for id in [id for id in known if id.startswith(name + MARK)]:
                del known[id]


def opened() -> tuple[Deck, ...]:
    """The decks on the shelf beside the one that ships."""
    return tuple(_opened.values())


def question_ids() -> tuple[str, ...]:
    """Every question: the notes' first, then each opened deck's."""
    return (*catalogue.QUESTIONS, *_questions)


def task_cards(question_id: str | None = None) -> list[TaskCard]:
    """Every coding task, or those that hang on one question."""
    cards = [*catalogue.TASKS.values(), *_cards.values()]
    return cards if question_id is None else [card for card in cards if card.question == question_id]


def task_card(task_id: str) -> TaskCard | None:
    """The card of a task; None for an unknown id."""
    return catalogue.TASKS.get(task_id) or _cards.get(task_id)


def knows(question_id: str) -> bool:
    """Whether there is such a question."""
    return question_id in catalogue.QUESTIONS or question_id in _questions


def place(id: str) -> tuple[Deck, str]:
    """The deck that a question or task stands in, and its id there. KeyError for a deck that is not open."""
    name, mark, own = id.rpartition(MARK)
    return (_opened[name], own) if mark else (BUILT_IN, id)


def question(question_id: str) -> Question:
    """A question, named as it is here. KeyError for an unknown id, DeckError for a file that does not load."""
    deck, own = place(question_id)
    found = deck.question(own)
    if deck is BUILT_IN:
        return found
    return replace(found, id=question_id, tasks=tuple(deck.name + MARK + task for task in found.tasks))


def task(task_id: str) -> Task:
    """A task, named as it is here."""
    deck, own = place(task_id)
    return deck.task(own) if deck is BUILT_IN else replace(deck.task(own), id=task_id)


def gradable(task_id: str) -> str | Task:
    """What the grader takes: the id where its catalogue knows it, else the task itself."""
    return task_id if task_id in catalogue.TASKS else task(task_id)


def solution(task_id: str) -> str:
    """Source text of a task's model solution."""
    deck, own = place(task_id)
    return deck.solution(own)


def experiment(question_id: str) -> Experiment:
    """The executable answer to a question."""
    deck, own = place(question_id)
    return deck.experiment(own)
