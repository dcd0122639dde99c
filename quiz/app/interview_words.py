"""Messages of the mock interview that are put together."""

from __future__ import annotations

from pathlib import Path

from answers.model import Language, Question, Text, formula
from quiz.catalogue import listed, message
from quiz.interview import asking, words
from quiz.interview.pages import literal
from quiz.interview.sitting import Interview, Item
from quiz.interview.words import clock

# ---------------------------------------------------------------- choosing

LANGUAGES: tuple[tuple[Language, Text], ...] = (("zh", message("language.zh")), ("en", message("language.en")))


# ---------------------------------------------------------------- report


def preview(counts: dict[str, int], seconds: int, minutes: int) -> Text:
    """What an interview would hold."""
    r, d, c = (counts.get(kind, 0) for kind in ("recall", "drill", "code"))
    whole = round(seconds / 60)
    said = []
    if r:
        said.append(message("interview.preview.recall", count=r))
    if d:
        said.append(message("interview.preview.drill.one" if d == 1 else "interview.preview.drill.other", count=d))
    if c:
        said.append(message("interview.preview.code", count=c))
    about = message("report.about", minutes=whole)
    said.append(message("interview.preview.all_there_is", about=about) if whole < minutes - 2 else about)
    return listed(said, formula(" · "))


def unfinished(interview: Interview) -> Text:
    """Where an interview stands that was left."""
    date, minutes = words.date(interview.began), interview.setup.minutes
    if interview.phase == "debrief":
        return message("interview.to_be_debriefed", date=date, minutes=minutes)
    place = f"{interview.at + 1}/{len(interview.items)}"
    left = clock(max(0.0, minutes * 60 - interview.used))
    return message("interview.unfinished", date=date, minutes=minutes, place=place, left=left)


def finished(interview: Interview) -> Text:
    """An interview of the past."""
    date, minutes, score = words.date(interview.began), interview.setup.minutes, words.percent(interview.score)
    return message("interview.finished", date=date, minutes=minutes, score=score)


def transcript(question: Question, item: Item) -> Text:
    """What was asked and answered so far, the last question still open."""
    return Text(zh=_transcript(question, item, "zh"), en=_transcript(question, item, "en"))


def _transcript(question: Question, item: Item, language: Language) -> str:
    chunks = [f"**{question.ask.of(language)}**"]
    said: list[str | None] = [item.answer if isinstance(item.answer, str) else None, *(e.reply for e in item.exchanges)]
    for exchange, answer in zip(item.exchanges, said, strict=False):
        chunks += [
            literal(answer or message("report.no_answer").of(language)),
            f"**{asking.asked(question, exchange).of(language)}**",
        ]
    return "\n\n".join(chunks)


def what_was_said(question: Question, item: Item) -> Text:
    """The learner's own words, and beside each follow-up a good answer."""
    return Text(zh=_what_was_said(question, item, "zh"), en=_what_was_said(question, item, "en"))


def _what_was_said(question: Question, item: Item, language: Language) -> str:
    own = (
        item.answer
        if isinstance(item.answer, str) and item.answer.strip()
        else message("report.no_answer").of(language)
    )
    chunks = [literal(own)]
    for exchange in item.exchanges:
        chunks.append(f"# {asking.asked(question, exchange).of(language)}")
        chunks.append(literal(exchange.reply or message("report.no_answer").of(language)))
        good = asking.good_reply(question, exchange)
        if good is not None:
            colon = message("common.colon").of(language)
            chunks.append(f"**{message('report.good_reply').of(language)}**{colon}{good.of(language)}")
    return "\n\n".join(chunks)


def kept(markdown: Path, html: Path) -> Text:
    """Both files were written."""
    return message("interview.kept", markdown=markdown, html=html.name)
