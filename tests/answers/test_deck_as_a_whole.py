"""What is asked of the deck as a whole: enough drills, fresh numbers, no sentence of the notes."""

from pathlib import Path

import pytest

from answers.check import texts
from answers.deck import BUILT_IN
from answers.model import NumberDrill

NOTES = Path(__file__).parents[3] / "shared" / "notes"
RUN = 20


def test_there_are_enough_drills_and_a_third_have_fresh_numbers():
    drills = [drill for question in BUILT_IN.questions() for drill in question.drills]
    assert len(drills) >= 90
    assert sum(isinstance(drill, NumberDrill) for drill in drills) >= 30


def test_every_task_hangs_on_one_question():
    hung = [task for question in BUILT_IN.questions() for task in question.tasks]
    assert sorted(hung) == sorted(BUILT_IN.task_ids())


@pytest.mark.skipif(not NOTES.is_dir(), reason="the notes do not lie beside this checkout")
def test_no_text_shares_a_run_of_20_characters_with_the_notes():
    notes = "".join("".join(file.read_text(encoding="utf-8").split()) for file in NOTES.glob("*.md"))
    runs = {notes[k : k + RUN] for k in range(len(notes) - RUN)}
    things = [*BUILT_IN.questions(), *map(BUILT_IN.task, BUILT_IN.task_ids())]
    for thing in things:
        for where, text in texts(thing):
            for words in (text.zh, text.en):
                flat = "".join(words.split())
                shared = [flat[k : k + RUN] for k in range(len(flat) - RUN) if flat[k : k + RUN] in runs]
                assert not shared, f"{thing.id} {where}: {shared[0]}"
