"""A question's answer as pages to read, each a text in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from answers.model import FollowUp, Language, NotesClaim, Question, Source, Text
from quiz.app import words
from quiz.catalogue import message

TITLES = {
    "spoken": message("question.spoken"),
    "whiteboard": message("question.whiteboard"),
    "notes": message("question.notes"),
    "follow-ups": message("question.follow_ups"),
    "sources": message("question.sources"),
}
"""The pages' headings, in the order in which they are read."""


def pages(question: Question) -> dict[str, Text]:
    """The body of each page."""
    return {
        "spoken": question.spoken,
        "whiteboard": question.whiteboard,
        "notes": _both(lambda language: _notes(question.notes, language)),
        "follow-ups": _both(lambda language: _follow_ups(question.follow_ups, language)),
        "sources": _both(lambda _: _sources(question.sources)),
    }


def _both(build: object) -> Text:
    assert callable(build)
    return Text(zh=build("zh"), en=build("en"))


def _notes(claims: Iterable[NotesClaim], language: Language) -> str:
    parts = []
    for claim in claims:
        parts.append(f"# {words.VERDICTS[claim.verdict.value].of(language)}")
        parts.append(f"{_label(message('question.notes_say'), language)}{claim.claim.of(language)}")
        parts.append(f"{_label(message('question.truth'), language)}{claim.truth.of(language)}")
        parts.append(f"{_label(message('question.matters'), language)}{claim.matters.of(language)}\n")
    return "\n\n".join(parts)


def _label(text: Text, language: Language) -> str:
    return f"**{text.of(language)}**" + message("common.colon").of(language)


def _follow_ups(follow_ups: Iterable[FollowUp], language: Language) -> str:
    return "\n\n".join(f"# {f.ask.of(language)}\n\n{f.answer.of(language)}\n" for f in follow_ups)


def _sources(sources: Iterable[Source]) -> str:
    lines = []
    for source in sources:
        place = f", {source.place}" if source.place else ""
        where = f" `{source.where}`" if source.where else ""
        lines.append(f"- {source.authors} ({source.year}). **{source.title}**{place}.{where}")
    return "\n".join(lines)


def hints(shown: tuple[Text, ...]) -> Text:
    """The hints read so far, numbered."""
    return Text(
        zh="\n".join(f"{k}. {hint.zh}" for k, hint in enumerate(shown, 1)),
        en="\n".join(f"{k}. {hint.en}" for k, hint in enumerate(shown, 1)),
    )
