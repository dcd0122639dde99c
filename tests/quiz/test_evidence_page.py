"""docs/EVIDENCE.md: it names every claim that the quick experiments make, so that it cannot go stale unseen."""

from pathlib import Path

import pytest

from answers.deck import BUILT_IN
from answers.model import Claim, Plot, Series, formula
from quiz import evidence_page
from quiz.evidence import Evidence, gather

PAGE = Path(__file__).parents[2] / "docs" / "EVIDENCE.md"


@pytest.mark.parametrize("question", BUILT_IN.question_ids())
def test_the_page_names_every_quick_claim_and_shows_the_picture(question):
    page = PAGE.read_text(encoding="utf-8")
    section = page.split(f"`rnnquiz answer {question}`")[1].split("\n## ")[0]
    for claim in gather(BUILT_IN, question, quick=True).claims:
        assert f"`{claim.id}`" in section
        assert claim.text.zh.replace("|", "\\|") in section
    assert (PAGE.parent / "evidence" / f"{question}.svg").is_file()
    assert "✗" not in section


def test_a_page_is_written_with_its_picture(tmp_path):
    plot = Plot(formula("y"), formula("x"), formula("y"), (Series(formula("line"), [0, 1], [0, 1]),))
    claims = [Claim("small", formula("a | b"), 1e-13, "<=", 1e-12), Claim("large", formula("c"), 2.0, "<=", 1.0)]
    files = evidence_page.write([Evidence("lstm-flow", claims=claims, plot=plot)], BUILT_IN, tmp_path / "E.md")
    text = (tmp_path / "E.md").read_text(encoding="utf-8")
    assert "1 questions, 2 claims, 1 hold" in text
    assert "✓ `small`" in text
    assert "✗ `large`" in text
    assert "a \\| b" in text
    assert all(file.is_file() for file in files)
