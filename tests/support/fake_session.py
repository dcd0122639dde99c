"""A session without a process: calls the function here, for tests of what judges outcomes."""

from __future__ import annotations

import copy
import warnings

import numpy as np

from answers.inputs import thaw
from quiz.grading.runner import Outcome


class FakeSession:
    """Calls `function`, counts round trips, and reports what the real child reports."""

    def __init__(self, function):
        self.function = function
        self.trips = 0
        self._new = copy.deepcopy(function)  # a plain function stays the same one

    def call_in_parts(self, function, parts, meanwhile):
        return self.call(function, [case for part in parts for case in part], meanwhile=meanwhile)

    def afresh(self, function):
        self.function = copy.deepcopy(self._new)

    def call(self, function, cases, seconds=None, meanwhile=None):
        self.trips += 1
        if meanwhile is not None:
            meanwhile()
        outcomes, kept = [], []
        for case in cases:
            args, kwargs = [thaw(copy.deepcopy(a)) for a in case.args], {k: thaw(v) for k, v in case.kwargs.items()}
            before = copy.deepcopy(args)
            with warnings.catch_warnings(record=True) as log, np.errstate(all="warn", under="ignore"):
                warnings.simplefilter("always")
                try:
                    value = self.function(*args, **kwargs)
                except Exception as error:
                    outcomes.append(Outcome("raised", error=f"{type(error).__name__}: {error}"))
                    continue
            mutated = tuple(k for k, (a, b) in enumerate(zip(args, before, strict=True)) if not _same(a, b))
            kept.append((len(outcomes), value, copy.deepcopy(value)))
            shown = copy.deepcopy(value)
            outcomes.append(Outcome("value", shown, mutated=mutated, warnings=tuple(str(w.message) for w in log)))
        for k, value, was in kept:
            if not _same(value, was):
                o = outcomes[k]
                outcomes[k] = Outcome("value", o.value, mutated=o.mutated, warnings=o.warnings, overwritten=True)
        return outcomes


def _same(a, b):
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return isinstance(a, np.random.Generator) or a is b or a == b
