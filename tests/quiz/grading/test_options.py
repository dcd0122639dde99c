"""Plain command lines are read as argparse reads them, the others are left to it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quiz.grading.options import COMMON, OPTIONS, plainly
from quiz.parser import build_parser
from quiz.usage import UsageError

NAMES = [name for option in (*OPTIONS, *COMMON) for name in option.names]
WORDS = st.sampled_from(
    [*NAMES, "a.py", "b.py", "-", "--", "-x", "--see", "", "3", "-3", "0.5", "zh", "json", "lstm-step"]
)
LINES = st.lists(WORDS | st.tuples(st.sampled_from(NAMES), WORDS).map("=".join), max_size=6)


@given(LINES)
@example(["a.py", "--task=--"])
def test_what_is_read_plainly_is_what_argparse_reads(words: list[str]) -> None:
    plain = plainly(words)
    if plain is not None:
        assert vars(plain) == vars(build_parser("en", "grade").parse_args(["grade", *words]))


@pytest.mark.parametrize(
    "line",
    [
        "a.py",
        "a.py b.py",
        "a.py --task lstm-step --seed 3",
        "--json a.py --lang zh",
        "a.py -j 2 --format=html -o x.html",
        "a.py --thorough --hints --require-isolation --time-limit 3 --memory-limit=64 --resume r --dask tcp://x:1",
    ],
)
def test_plain_lines_need_no_argparse(line: str) -> None:
    assert plainly(line.split()) is not None


@pytest.mark.parametrize(
    "line", ["", "--help", "a.py --se 3", "a.py --seed x", "a.py --format xml", "a.py -j2", "a -j 2 b"]
)
def test_others_are_left_to_it(line: str) -> None:
    assert plainly(line.split()) is None


def test_a_fault_is_one_line() -> None:
    with pytest.raises(UsageError, match="--seed"):
        build_parser("en", "grade").parse_args(["grade", "a.py", "--seed", "x"])
