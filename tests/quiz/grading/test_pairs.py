"""Two mistakes at once are named as the two that they are, or not at all."""

import itertools

import pytest
from support.fake_session import FakeSession

from answers import deck
from quiz.grading.diagnose import diagnose
from quiz.grading.examine import Prepared

SAMPLE = 6
TASKS = ("lstm-step", "gru-step", "clip-by-global-norm", "sequence-loss")


@pytest.mark.parametrize("task_id", TASKS)
def test_pairs_of_misconceptions(task_id):
    task = deck.load_task(task_id)
    prepared = Prepared(task, 5)
    pairs = list(itertools.combinations([m.id for m in task.misconceptions], 2))
    named = 0
    for pair in pairs[:: len(pairs) // SAMPLE]:
        outcomes = FakeSession(task.with_mistakes(frozenset(pair))).call(task.function, prepared.cases)
        found = diagnose(task, prepared.cases, prepared.expected, outcomes)
        assert set(found.ids) <= set(pair), "one may hide the other, but a third was not made"
        if set(found.ids) == set(pair):
            named += 1
            assert all(m.message.en in found.message.en for m in task.misconceptions if m.id in pair)
    assert named >= SAMPLE // 2
