"""Writes a deck as an Anki package: the questions and drills of both languages, with the experiments' pictures."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from answers.deck import Deck
from answers.model import (
    ChoiceDrill,
    Drill,
    FormulaDrill,
    Language,
    NumberDrill,
    OrderDrill,
    Question,
    Text,
    TrueFalseDrill,
)
from quiz.catalogue import message

LANGUAGES: tuple[tuple[Language, Text], ...] = (("zh", message("language.zh")), ("en", message("language.en")))

_CSS = """
.card { font-family: sans-serif; font-size: 18px; line-height: 1.5; text-align: left; max-width: 42em; margin: 0 auto; }
code, pre { font-family: monospace; font-size: 15px; }
img { max-width: 100%; }
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One note to be written: its stable key, both sides as Markdown, its tags, its picture."""

    key: str
    front: str
    back: str
    tags: tuple[str, ...]
    picture: str | None = None


def stable_id(key: str) -> int:
    """A positive 31-bit number that is the same on every machine and in every release, as Anki's ids must be."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") >> 1 | 1


def cards(deck: Deck, language: Language) -> Iterator[Card]:
    """Every question and every drill of the deck in one language, in the deck's order."""
    for question in deck.questions():
        tags = (f"section::{question.section}", f"question::{question.id}")
        yield Card(
            f"{deck.name}/{question.id}", question.ask.of(language), _answer(question, language), tags, question.id
        )
        for drill in question.drills:
            front, back = drill_sides(drill, language)
            yield Card(f"{deck.name}/{question.id}/{drill.id}", front, back, (*tags, "drill"))


def _answer(question: Question, language: Language) -> str:
    points = "\n".join(f"- {p.text.of(language)}" for p in question.key_points)
    claims = "\n".join(f"- {n.claim.of(language)} → {n.truth.of(language)}" for n in question.notes)
    heading = message("anki.notes").of(language)
    return "\n\n".join(
        [question.spoken.of(language), question.whiteboard.of(language), points, f"**{heading}**\n\n{claims}"]
    )


def drill_sides(drill: Drill, language: Language) -> tuple[str, str]:
    """Front and back of a drill as Markdown; numbers are drawn once, from the drill's id."""
    why = drill.why.of(language)
    match drill:
        case ChoiceDrill():
            order = list(range(len(drill.options)))
            Random(drill.id).shuffle(order)
            listed = "\n".join(f"{chr(65 + n)}. {drill.options[k].of(language)}" for n, k in enumerate(order))
            right = chr(65 + order.index(drill.right))
            return (
                f"{drill.ask.of(language)}\n\n{listed}",
                f"**{right}. {drill.options[drill.right].of(language)}**\n\n{why}",
            )
        case TrueFalseDrill():
            verdict = message("common.true") if drill.holds else message("common.false")
            ask = message("anki.true_or_false").of(language)
            return f"{ask}\n\n{drill.claim.of(language)}", f"**{verdict.of(language)}**\n\n{why}"
        case OrderDrill():
            shuffled = list(drill.steps)
            Random(drill.id).shuffle(shuffled)
            front = "\n".join(f"- {s.of(language)}" for s in shuffled)
            back = "\n".join(f"{k}. {s.of(language)}" for k, s in enumerate(drill.steps, 1))
            return f"{drill.ask.of(language)}\n\n{front}", f"{back}\n\n{why}"
        case NumberDrill():
            sizes = drill.draw(Random(drill.id))
            answer = drill.answer(**sizes)
            shown = f"{answer:g}" if answer != int(answer) else str(int(answer))
            return drill.ask.of(language).format(**sizes), f"**{shown}**\n\n{why.format(**sizes, answer=answer)}"
        case FormulaDrill():
            return drill.ask.of(language), f"    {drill.answer}\n\n{why}"


def export(
    deck: Deck, path: Path, pictures: bool = True, on_progress: Callable[[int, int, str], None] | None = None
) -> int:
    """Writes `path` (.apkg) and returns the number of notes; importing a newer file updates the notes in place.

    `on_progress(done, total, question_id)` is called as the experiments that draw the pictures run.
    """
    import genanki

    with tempfile.TemporaryDirectory() as folder:
        media = _pictures(deck, Path(folder), on_progress) if pictures else {}
        decks = []
        count = 0
        for language, title in LANGUAGES:
            model = genanki.Model(
                stable_id(f"model/{deck.name}"),
                f"rnnquiz {deck.name}",
                fields=[{"name": "Key"}, {"name": "Front"}, {"name": "Back"}],
                templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
                css=_CSS,
                sort_field_index=0,
            )
            subdeck = genanki.Deck(
                stable_id(f"deck/{deck.name}/{language}"), f"rnnquiz {deck.name}::{title.of(language)}"
            )
            for card in cards(deck, language):
                subdeck.add_note(_note(genanki, model, card, language, media))
                count += 1
            decks.append(subdeck)
        package = genanki.Package(decks, media_files=[str(file) for files in media.values() for file in files.values()])
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")  # an earlier file stays until the new one is whole
        try:
            package.write_to_file(str(beside))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    return count


def _note(genanki: Any, model: Any, card: Card, language: Language, media: dict[str, dict[Language, Path]]) -> Any:
    back = _html(card.back)
    if card.picture in media:
        back += f'<p><img src="{media[card.picture][language].name}"></p>'
    key = f"{card.key}/{language}"
    return genanki.Note(
        model=model,
        fields=[key, _html(card.front), back],
        guid=genanki.guid_for("rnnquiz", key),
        tags=[*card.tags, language],
    )


def _html(markdown: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt().render(markdown.strip("\n")))


def _pictures(
    deck: Deck, folder: Path, on_progress: Callable[[int, int, str], None] | None
) -> dict[str, dict[Language, Path]]:
    from quiz.evidence import gather
    from quiz.plots import save_plot

    media: dict[str, dict[Language, Path]] = {}
    ids = deck.question_ids()
    for k, question_id in enumerate(ids):
        if on_progress is not None:
            on_progress(k, len(ids), question_id)
        plot = gather(deck, question_id).plot
        if plot is None:
            continue
        media[question_id] = {}
        for language, _ in LANGUAGES:
            file = folder / f"rnnquiz-{deck.name}-{question_id}-{language}.png"
            save_plot(plot, file, language)
            media[question_id][language] = file
    return media
