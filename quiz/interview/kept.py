"""The interviews that a store holds, read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quiz.interview.sitting import Interview, InterviewError, from_json


def kept(states: Iterable[Any]) -> tuple[list[Interview], list[Interview]]:
    """Interviews to go on with and those of the past, the newest first. What cannot be read is left where it is."""
    unfinished: list[Interview] = []
    past: list[Interview] = []
    for state in states:
        try:
            interview = from_json(state)
        except InterviewError:
            continue
        (past if interview.phase == "over" else unfinished).append(interview)
    for listed in (unfinished, past):
        listed.sort(key=lambda interview: (-interview.began, interview.uid))
    return unfinished, past
