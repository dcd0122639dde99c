"""The page docs/EVIDENCE.md: what every experiment of the deck measured on one machine, in both languages, with pictures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from answers.deck import Deck
from answers.model import Claim, Text
from quiz import evidence as ev
from quiz.catalogue import message


def write(gathered: Iterable[ev.Evidence], deck: Deck, path: Path) -> list[Path]:
    """Writes the page and, in `evidence/` beside it, one SVG per question; returns the files. OSError where it cannot."""
    from quiz.plots import save_plot

    pictures = path.parent / "evidence"
    pictures.mkdir(parents=True, exist_ok=True)
    parts, files = [_head()], [path]
    found = list(gathered)
    claims = [c for e in found for c in e.claims]
    held = sum(c.holds for c in claims)
    total = message("evidence_page.total", questions=len(found), claims=len(claims), held=held)
    parts.append(f"{total.en} {total.zh}\n")
    for one in found:
        question = deck.question(one.question)
        parts.append(
            f"\n## {question.section} {question.title.en} · {question.title.zh}\n\n`rnnquiz answer {question.id}`\n\n"
        )
        if one.plot is not None:
            picture = pictures / f"{question.id}.svg"
            save_plot(one.plot, picture, "en")
            files.append(picture)
            parts.append(f"![{one.plot.title.en}](evidence/{picture.name})\n\n")
        parts.append(_columns())
        parts += [_row(claim) for claim in one.claims]
    path.write_text("".join(parts), encoding="utf-8")
    return files


def _head() -> str:
    about = message("evidence_page.about")
    return f"# {_both(message('evidence_page.title'))}\n\n{about.en}\n\n{about.zh}\n\n"


def _columns() -> str:
    names = (message("evidence_page.claim"), message("evidence.measured"), message("evidence.bound"))
    return f"| | {' | '.join(map(_both, names))} |\n|---|---|---|---|\n"


def _both(text: Text) -> str:
    return f"{text.en} · {text.zh}"


def _row(claim: Claim) -> str:
    note = f"<br>{_cell(claim.note)}" if claim.note is not None else ""
    mark = "✓" if claim.holds else "✗"
    return f"| {mark} `{claim.id}` | {_cell(claim.text)}{note} | {ev.figure(claim.measured)} | {ev.bound(claim)} |\n"


def _cell(text: Text) -> str:
    return f"{text.en}<br>{text.zh}".replace("|", "\\|").replace("\n", " ")
