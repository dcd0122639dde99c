"""What `rnnquiz list` prints."""

import unicodedata

import pytest

from answers.model import Text
from quiz.listing import STATES, Entry, render

LISTED = [
    Entry(
        "why-rnn", "1.2", Text(zh="处理序列为何用 RNN", en="What recurrence is for"), "due", (("rnn-step", "passed"),)
    ),
    Entry("lstm-cost", "2.5", Text(zh="代价", en="What an LSTM costs to run"), "untried", ()),
]


def columns(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_states_stand_in_one_column(language):
    starts = set()
    for line, state in zip(render(LISTED, language).splitlines(), ("due", "passed", "untried"), strict=True):
        said = STATES[state].of(language)
        assert line.endswith(f"  {said}")
        starts.add(columns(line.removesuffix(said)))
    assert len(starts) == 1
