"""Every coding task: its mistakes are mistakes, each a different one; its laws and its model solution are right."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import itertools
import re
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import draw

from answers import catalogue
from answers.deck import BUILT_IN
from answers.inputs import Case, thaw
from answers.model import Law, Misconception, Task, Text

TASKS = [t for t in catalogue.TASKS if BUILT_IN.path_of(f"tasks.{catalogue.TASKS[t].module}").is_file()]
every_task = pytest.mark.parametrize("task_id", TASKS)


@cache
def task_of(task_id: str) -> Task:
    return BUILT_IN.task(task_id)


@cache
def cases_of(task_id: str) -> tuple[Case, ...]:
    """Random and corner cases, and some of them in single precision."""
    task = task_of(task_id)
    drawn = list(draw.cases(task, np.random.default_rng(7)))
    corners = list(task.corner_cases(np.random.default_rng(8))) if task.corner_cases else []
    return (*drawn, *corners, *map(draw.single, drawn[:3]))


def call(function: Any, case: Case) -> Any:
    """The function's result, or the class of what it raised."""
    try:
        with np.errstate(all="ignore"):
            return function(*(thaw(a) for a in case.args), **case.kwargs)
    except Exception as error:
        return type(error)


def same(a: Any, b: Any) -> bool:
    """Equal in structure, shapes and, up to rounding, values; a list is as good as a tuple."""
    if isinstance(a, type) or isinstance(b, type):
        return a is b
    if isinstance(a, tuple | list) or isinstance(b, tuple | list):
        both = isinstance(a, tuple | list) and isinstance(b, tuple | list)
        return both and len(a) == len(b) and all(map(same, a, b))
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    # A bare number does not say from which precision it comes.
    tolerance = 1e-4 if np.float32 in (a.dtype, b.dtype) else 1e-9 if a.ndim else 1e-5
    atol = tolerance * max(1.0, float(np.abs(b).max(initial=0.0, where=np.isfinite(b))))
    return np.allclose(a, b, rtol=tolerance, atol=atol, equal_nan=True)


def results(function: Any, cases: tuple[Case, ...]) -> list[Any]:
    return [call(function, case) for case in cases]


@cache
def expected(task_id: str) -> list[Any]:
    return results(task_of(task_id).reference, cases_of(task_id))


def equal_everywhere(a: list[Any], b: list[Any]) -> bool:
    return all(map(same, a, b))


def variants(task: Task) -> list[Misconception]:
    """The misconceptions that are told by their results; the others are told by `fits`."""
    return [m for m in task.misconceptions if m.fits is None]


def solution_of(task_id: str) -> Any:
    """The model solution, loaded from its file as a submission is."""
    spec = importlib.util.spec_from_file_location("submission", BUILT_IN.solution_file(task_id))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, catalogue.TASKS[task_id].function)


def structure(value: Any) -> Any:
    """Shapes all the way down: they are judged before a law is asked."""
    return tuple(map(structure, value)) if isinstance(value, tuple | list) else np.shape(value)


def complete(task: Task, case: Case) -> tuple[Any, ...]:
    """All arguments in order, options included."""
    options = task.inputs[len(case.args) :]
    return (*case.args, *(case.kwargs.get(o.name, getattr(o, "default", None)) for o in options))


def law_holds(task: Task, law: Law, function: Any, case: Case) -> bool:
    args = complete(task, case)
    derived = law.derive(args) if law.derive else ()
    if law.derive and not derived:
        return True
    with np.errstate(all="ignore"):
        return bool(law.holds(args, call(function, case), *(call(function, Case(d)) for d in derived)))


def warns(function: Any, case: Case) -> bool:
    """Whether NumPy warns in its default state (an exception is a result, and shows there)."""
    default = np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
    with default, warnings.catch_warnings(record=True) as log, contextlib.suppress(Exception):
        warnings.simplefilter("always")
        function(*(thaw(a) for a in case.args), **case.kwargs)
    return bool(log)


def breaks(task: Task, law: Law, function: Any, case: Case) -> bool:
    shaped_right = structure(call(function, case)) == structure(call(task.reference, case))
    return shaped_right and not law_holds(task, law, function, case)


def observe(task: Task, function: Any, case: Case) -> Any:
    """What is judged of one call: the result and, where a warning fails the task, whether it warned."""
    return (call(function, case), warns(function, case)) if task.silent else call(function, case)


def observed(task: Task, function: Any) -> list[Any]:
    return [observe(task, function, case) for case in cases_of(task.id)]


def gives(task: Task, function: Any, seen: list[Any]) -> bool:
    """Whether the function gives what was seen on every case; ends at the first where it does not."""
    return all(same(observe(task, function, c), s) for c, s in zip(cases_of(task.id), seen, strict=True))


@every_task
def test_the_task_is_the_one_in_the_catalogue(task_id: str) -> None:
    task, card = task_of(task_id), catalogue.TASKS[task_id]
    assert (task.id, task.function) == (card.id, card.function)
    definition = ast.parse(f"def f({card.parameters}): pass").body[0]
    assert isinstance(definition, ast.FunctionDef)
    assert [i.name for i in task.inputs] == [a.arg for a in definition.args.args]


@every_task
def test_without_mistakes_it_equals_the_reference(task_id: str) -> None:
    right = task_of(task_id).with_mistakes(frozenset())
    if task_of(task_id).compared:
        assert equal_everywhere(results(right, cases_of(task_id)), expected(task_id))


@every_task
def test_there_are_at_least_six_misconceptions_with_ids_of_their_own(task_id: str) -> None:
    ids = [m.id for m in task_of(task_id).misconceptions]
    assert len(ids) >= 6
    assert len(set(ids)) == len(ids)


@every_task
def test_each_misconception_differs_from_the_reference_and_from_every_other(task_id: str) -> None:
    task = task_of(task_id)
    wrong = {m.id: observed(task, task.with_mistakes(frozenset({m.id}))) for m in variants(task)}
    right = observed(task, task.reference)
    assert [i for i, r in wrong.items() if equal_everywhere(r, right)] == []
    twins = [(a, b) for a, b in itertools.combinations(wrong, 2) if equal_everywhere(wrong[a], wrong[b])]
    assert twins == []


@every_task
def test_mistakes_compose_in_pairs(task_id: str) -> None:
    """Of all pairs at least two thirds differ from both mistakes alone: a switch is seldom lost beside another."""
    task = task_of(task_id)
    alone = {m.id: observed(task, task.with_mistakes(frozenset({m.id}))) for m in variants(task)}
    pairs = list(itertools.combinations(alone, 2))
    lost = []
    for a, b in pairs:
        both = task.with_mistakes(frozenset({a, b}))
        if gives(task, both, alone[a]) or gives(task, both, alone[b]):
            lost.append((a, b))
    assert len(lost) <= len(pairs) / 3, lost


@every_task
def test_single_precision_stays_single(task_id: str) -> None:
    task = task_of(task_id)
    case = draw.single(draw.one(task, draw.SIZES[0], np.random.default_rng(9)))
    if not any(isinstance(a, np.ndarray) and a.dtype == np.float32 for a in case.args):
        pytest.skip("takes no float array")
    for ids in (frozenset[str](), *(frozenset({m.id}) for m in variants(task))):
        got = call(task.with_mistakes(ids), case)
        parts = got if isinstance(got, tuple | list) else [got]
        assert all(p.dtype == np.float32 for p in parts if isinstance(p, np.ndarray)), ids


@every_task
def test_no_variant_changes_its_arguments(task_id: str) -> None:
    task = task_of(task_id)
    case = cases_of(task_id)[0]
    for ids in (frozenset[str](), *(frozenset({m.id}) for m in variants(task))):
        args = tuple(np.copy(a) if isinstance(a, np.ndarray) else thaw(a) for a in case.args)
        call(task.with_mistakes(ids), Case(args, case.kwargs))
        assert all(same(a, b) for a, b in zip(args, case.args, strict=True) if isinstance(a, np.ndarray)), ids


@every_task
def test_the_laws_hold_for_the_reference(task_id: str) -> None:
    task = task_of(task_id)
    for law, case in itertools.product(task.laws, cases_of(task_id)):
        assert law_holds(task, law, task.reference, case), (law.id, case)


@every_task
def test_each_law_is_broken_by_some_misconception(task_id: str) -> None:
    task = task_of(task_id)
    if not task.compared:
        pytest.skip("results are random: no variant stands for a mistake")
    wrong = [task.with_mistakes(frozenset({m.id})) for m in variants(task)]
    unbroken = {
        law.id for law in task.laws if not any(breaks(task, law, f, c) for f in wrong for c in cases_of(task_id))
    }
    assert unbroken == set()


@every_task
def test_the_model_solution_equals_the_reference_and_keeps_the_laws(task_id: str) -> None:
    task, solution = task_of(task_id), solution_of(task_id)
    if task.compared:
        assert equal_everywhere(results(solution, cases_of(task_id)), expected(task_id))
    for law, case in itertools.product(task.laws, cases_of(task_id)):
        assert law_holds(task, law, solution, case), (law.id, case)


@every_task
def test_the_model_solution_imports_numpy_and_the_standard_library_alone(task_id: str) -> None:
    tree = ast.parse(Path(BUILT_IN.solution_file(task_id)).read_text(encoding="utf-8"))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert imported <= {"numpy", "math", "__future__"}
    assert ast.get_docstring(tree)


def prose_of(task: Task) -> list[Text]:
    laws, accepted = [law.text for law in task.laws], [advice for _, advice in task.accepted]
    return [
        task.ask,
        *task.hints,
        task.interviewers_look_for,
        *(m.message for m in task.misconceptions),
        *laws,
        *accepted,
    ]


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def is_code_alone(text: str) -> bool:
    return not any(c.isalpha() for c in re.sub(r"`[^`]*`", "", text))


@every_task
def test_every_text_stands_in_both_languages(task_id: str) -> None:
    task = task_of(task_id)
    assert len(task.hints) == 3
    for text in prose_of(task):
        assert text.zh.strip()
        assert text.en.strip()
        assert not has_chinese(text.en), text.en
        assert has_chinese(text.zh) or is_code_alone(text.zh), text.zh
    messages = [m.message for m in task.misconceptions]
    assert all(has_chinese(m.zh) for m in messages)
    assert len({m.en for m in messages}) == len({m.zh for m in messages}) == len(messages)


WEIGHTS = {"W", "U", "b", "V", "W_n", "U_n", "b_n"}


@every_task
def test_messages_name_the_arguments_of_their_own_task(task_id: str) -> None:
    """The line to look at is in the learner's file: no `W` where the argument is `W_n`, no `h_new` where it is `hs[k + 1]`."""
    task = task_of(task_id)
    arguments = {i.name for i in task.inputs}
    own = arguments | set(task.outputs)
    if not own & WEIGHTS:
        return
    blocks = {"W_n", "U_n", "b_n"} if "W" in own else set()
    for misconception in task.misconceptions:
        message = misconception.message
        code = " ".join(re.findall(r"`([^`]*)`", f"{message.zh} {message.en}"))
        named = set(re.findall(r"[A-Za-z_]\w*", code))
        assert named & WEIGHTS <= own | blocks, misconception.id
        assert not ("hs" in arguments and "h_new" in named), misconception.id


def test_only_the_gru_is_told_about_keras_second_bias() -> None:
    for task_id, told in (("lstm-param-count", False), ("gru-param-count", True)):
        (message,) = (m.message for m in task_of(task_id).misconceptions if m.id == "two-biases")
        assert ("reset_after" in message.en, "reset_after" in message.zh) == (told, told)
