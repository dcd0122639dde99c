"""Runs executable answers and tells what they found, as text or as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from answers.deck import Deck
from answers.model import Claim, Language, Line, Plot, Progress, Text
from quiz.catalogue import message


@dataclass
class Evidence:
    """What an experiment has shown."""

    question: str
    lines: list[Line] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    plot: Plot | None = None

    @property
    def holds(self) -> bool:
        """Whether there are claims and every one holds."""
        return bool(self.claims) and all(claim.holds for claim in self.claims)


def gather(
    deck: Deck, question_id: str, on_progress: Callable[[Progress], None] | None = None, quick: bool = False
) -> Evidence:
    """Runs a question's experiment (only its quick part where `quick`) and collects what it yields."""
    experiment = deck.experiment(question_id)
    evidence = Evidence(question_id)
    for event in experiment.quick() if quick else experiment.run():
        match event:
            case Claim():
                evidence.claims.append(event)
            case Line():
                evidence.lines.append(event)
            case Plot():
                evidence.plot = event
            case Progress():
                if on_progress is not None:
                    on_progress(event)
    return evidence


def figure(value: float) -> str:
    """A measured figure as people read it: 0.953, 1e-13, 12 345."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}".replace(",", " ")
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:.4g}"
    return f"{value:.1e}"


def bound(claim: Claim) -> str:
    """The bound beside its relation: "<= 1e-12", "in 0.9 .. 1.1"."""
    if isinstance(claim.bound, tuple):
        return f"{figure(claim.bound[0])} .. {figure(claim.bound[1])}"
    return f"{ {'<=': '≤', '>=': '≥', '==': '='}.get(claim.relation, claim.relation) } {figure(claim.bound)}"


def verdict(claim: Claim) -> Text:
    """Whether a claim holds, in words."""
    return message("evidence.holds") if claim.holds else message("evidence.fails")


def render_claim(claim: Claim, language: Language) -> str:
    """A claim on one or two lines: mark, text, measured figure, bound, and the note of a trained or timed one."""
    mark = "✓" if claim.holds else "✗"
    measured = message("evidence.measured").of(language)
    limit = message("evidence.bound").of(language)
    text = f"{mark} {claim.text.of(language)}\n"
    text += f"    {measured} {figure(claim.measured)}   {limit} {bound(claim)}   {verdict(claim).of(language)}"
    if claim.note is not None:
        text += f"\n    {claim.note.of(language)}"
    return text


def to_json(evidence: Evidence, language: Language) -> dict[str, Any]:
    """Plain values for `--json`."""
    return {
        "question": evidence.question,
        "holds": evidence.holds,
        "claims": [
            {
                "id": c.id,
                "text": c.text.of(language),
                "measured": _plain(c.measured),
                "relation": c.relation,
                "bound": [_plain(b) for b in c.bound] if isinstance(c.bound, tuple) else _plain(c.bound),
                "holds": c.holds,
                "note": c.note.of(language) if c.note else None,
            }
            for c in evidence.claims
        ],
    }


def _plain(value: float) -> float | str:
    value = float(value)
    return value if math.isfinite(value) else str(value)
