"""Goes on searching after the quick verdict: the equality with the reference and the laws as one Hypothesis property.

Hypothesis is imported here alone, as it takes longer to import than a whole verdict does. It draws sizes, a style and a seed;
the numbers come from the seed, which is a thousand times cheaper than drawing each of them, and the grader's own shrinker
makes what is found readable.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from answers.inputs import Case
from answers.model import Task
from answers.record import replace
from quiz.grading import drawing
from quiz.grading.cases import is_well_conditioned
from quiz.grading.design import LARGEST, MAGNITUDES
from quiz.grading.drawing import Style
from quiz.grading.generator import LightGenerator

if TYPE_CHECKING:
    from quiz.grading.examine import Examiner

EXAMPLES = 400
PER_EXAMPLE = 8
"""Cases in one round trip."""


class _TimeIsUp(BaseException):
    pass


@st.composite
def cases(draw: st.DrawFn, task: Task) -> Case:
    """A proper case of the task: sizes within the contract's, any style, any numbers; shrinks towards small and plain."""
    sizes = {letter: draw(st.integers(1, LARGEST.get(letter, 5))) for letter in drawing.letters(task.inputs)}
    argument, layout = (
        draw(st.integers(0, len(task.inputs) - 1)),
        draw(st.sampled_from(("", "strided", "column_major"))),
    )
    numbers = draw(st.sampled_from((*MAGNITUDES, Style(zero=0), Style(zero=0, integers=True))))
    style = replace(
        numbers,
        only=None if numbers.only is None else argument,
        zero=None if numbers.zero is None else argument,
        **{layout: True} if layout else {},
        **{flag: draw(st.booleans()) for flag in ("symmetric", "float32", "numpy_ints")},
    )
    if style.scale > 1.0:
        style = replace(
            style, float32=False
        )  # as in the sweep: where they meet, rounding can turn a right solution away
    rng = LightGenerator(draw(st.integers(0, 2**32 - 1)))
    return drawing.draw_case(task.inputs, sizes, style, rng)


def find(
    task: Task,
    examiner: Examiner,
    seed: int,
    seconds: float,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> tuple[Case | None, int]:
    """A case that fails, or None, and how many were tried before the examples or the seconds ran out.

    `progress` is told how much of either has been used, in 0 .. 1.
    """
    started = monotonic()
    deadline = started + seconds
    rounds = tried = 0
    found: list[Case] = []

    @hypothesis_seed(seed)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(cases(task), min_size=PER_EXAMPLE, max_size=PER_EXAMPLE))
    def property_holds(drawn: list[Case]) -> None:
        nonlocal rounds, tried, deadline
        rounds += 1
        if monotonic() > deadline:
            raise _TimeIsUp
        progress(min(1.0, max(rounds / EXAMPLES, (monotonic() - started) / seconds)))
        proper = [c for c in drawn if not task.compared or is_well_conditioned(task.reference, c)]
        failures = examiner.examine(proper)[1]
        if any(f is not None and f.check == "runs" and f.is_late for f in failures):
            # The seconds of the quick verdict and the search together: what is slow, but fast enough, is not wrong.
            deadline = 0.0
            raise _TimeIsUp
        tried += len(proper)
        found.extend(case for case, failure in zip(proper, failures, strict=True) if failure is not None)
        assert not found

    try:
        property_holds()
    except _TimeIsUp:
        pass
    except Exception:
        # Hypothesis tries a failure twice; one that comes and goes is an error of its own kind, and a failure all the same.
        if not found:
            raise
    return (found[0] if found else None), tried
