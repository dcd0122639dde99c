"""Wrong solutions fail with the reason, right ones in any style pass, whatever is not about values is seen too."""

import itertools

import numpy as np
import pytest
from support.fake_session import FakeSession

import rnnref
from answers import deck
from answers.model import Law, Text
from answers.record import replace
from quiz.grading import grade
from quiz.grading.examine import Prepared
from quiz.grading.judge import Asked, judge
from quiz.grading.rendering import render

PREPARED = {}


def judged(function, task_id="lstm-step", **asked):
    if task_id not in PREPARED:
        PREPARED[task_id] = Prepared(deck.load_task(task_id), 12)
    return judge(FakeSession(function), PREPARED[task_id], Asked(**asked))


def failed(report):
    return [check.name for check in report.checks if not check.passed]


def s(a):
    return 1 / (1 + np.exp(-a))


def parts(x, h, W, U, b):
    return np.split(x @ W + h @ U + b, 4, axis=-1)


def finish(i, f, g, o, c, squash=np.tanh):
    c_new = f * c + i * g
    return o * squash(c_new), c_new


# ---------------------------------------------------------------- right, in many styles


def with_loops(x, h, c, W, U, b):
    N, H = h.shape
    hs, cs = np.zeros_like(h), np.zeros_like(c)
    for n in range(N):
        a = [
            sum(x[n, d] * W[d, k] for d in range(len(W))) + sum(h[n, j] * U[j, k] for j in range(H)) + b[k]
            for k in range(4 * H)
        ]
        for j in range(H):
            i, f, g, o = (a[k * H + j] for k in range(4))
            cs[n, j] = s(f) * c[n, j] + s(i) * np.tanh(g)
            hs[n, j] = s(o) * np.tanh(cs[n, j])
    return hs, cs


def with_einsum(x, h, c, W, U, b):
    a = np.einsum("nd,dk->nk", x, W) + np.einsum("nh,hk->nk", h, U) + b
    i, f, g, o = a.reshape(len(x), 4, -1).swapaxes(0, 1)
    return list(finish(s(i), s(f), np.tanh(g), s(o), c))


def with_one_product(x, h, c, W, U, b):
    i, f, g, o = np.split(np.hstack([x, h]) @ np.vstack([W, U]) + b, 4, axis=1)
    return finish(0.5 * (1 + np.tanh(i / 2)), s(f), np.tanh(g), s(o), c)


def in_float64(x, h, c, W, U, b):
    return with_einsum(*(a.astype(np.float64) for a in (x, h, c, W, U, b)))


@pytest.mark.parametrize("function", [rnnref.lstm_step, with_loops, with_einsum, with_one_product, in_float64])
def test_a_right_solution_passes_in_one_round_trip(function):
    session = FakeSession(function)
    report = judge(session, PREPARED.setdefault("lstm-step", Prepared(deck.load_task("lstm-step"), 12)), Asked())
    assert session.trips == 1
    assert report.verdict == "pass", failed(report)
    assert report.score == 1
    assert report.diagnosis is None
    assert report.counterexample is None


def test_a_wider_float_passes_with_advice():
    assert any(c.name == "advice" and "float64" in c.detail for c in judged(in_float64).checks)


# ---------------------------------------------------------------- wrong, and why

WRONG = {
    "swaps-i-and-f": lambda x, h, c, W, U, b: (lambda f, i, g, o: finish(s(i), s(f), np.tanh(g), s(o), c))(
        *parts(x, h, W, U, b)
    ),
    "no-bias": lambda x, h, c, W, U, b: rnnref.lstm_step(x, h, c, W, U, 0 * b),
    "adds-the-bias-twice": lambda x, h, c, W, U, b: rnnref.lstm_step(x, h, c, W, U, 2 * b),
    "no-tanh-on-c": lambda x, h, c, W, U, b: (lambda i, f, g, o: finish(s(i), s(f), np.tanh(g), s(o), c, lambda a: a))(
        *parts(x, h, W, U, b)
    ),
    "sigmoid-for-the-candidate": lambda x, h, c, W, U, b: (lambda i, f, g, o: finish(s(i), s(f), s(g), s(o), c))(
        *parts(x, h, W, U, b)
    ),
    "tanh-for-the-gates": lambda x, h, c, W, U, b: (
        lambda i, f, g, o: finish(np.tanh(i), np.tanh(f), np.tanh(g), np.tanh(o), c)
    )(*parts(x, h, W, U, b)),
    "order-i-f-o-g": lambda x, h, c, W, U, b: (lambda i, f, o, g: finish(s(i), s(f), np.tanh(g), s(o), c))(
        *parts(x, h, W, U, b)
    ),
    "returns-c-first": lambda *a: rnnref.lstm_step(*a)[::-1],
    "returns-h-alone": lambda *a: rnnref.lstm_step(*a)[0],
    "no-recurrent-term": lambda x, h, c, W, U, b: rnnref.lstm_step(x, h, c, W, 0 * U, b),
    "never-forgets": lambda x, h, c, W, U, b: (lambda i, f, g, o: finish(s(i), 1.0, np.tanh(g), s(o), c))(
        *parts(x, h, W, U, b)
    ),
    "no-input-gate": lambda x, h, c, W, U, b: (lambda i, f, g, o: finish(1.0, s(f), np.tanh(g), s(o), c))(
        *parts(x, h, W, U, b)
    ),
    "reads-c-for-h": lambda x, h, c, W, U, b: rnnref.lstm_step(x, c, c, W, U, b),
    "transposes-U": lambda x, h, c, W, U, b: rnnref.lstm_step(
        x, h, c, W, np.hstack([B.T for B in np.split(U, 4, axis=1)]), b
    ),
    "swaps-i-and-f+no-bias": lambda x, h, c, W, U, b: (lambda f, i, g, o: finish(s(i), s(f), np.tanh(g), s(o), c))(
        *parts(x, h, W, U, 0 * b)
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_solution_fails_and_its_misconception_is_named(mistake):
    report = judged(WRONG[mistake])
    assert report.verdict == "fail"
    assert 0 <= report.score < 1
    assert report.diagnosis is not None
    assert set(report.diagnosis.id.split("+")) == set(mistake.split("+"))
    assert max(np.size(a) for a in report.counterexample.inputs.values()) <= 16


def test_what_no_misconception_explains_is_never_guessed():
    report = judged(lambda x, h, c, W, U, b: rnnref.lstm_step(x, h, c, 1.01 * W, U, b))
    assert report.verdict == "fail"
    assert report.diagnosis is None


def test_the_parts_that_are_right_are_told_from_those_that_are_not():
    def wrong_h(x, h, c, W, U, b):
        h_new, c_new = rnnref.lstm_step(x, h, c, W, U, b)
        return h_new + 0.25, c_new

    detail = next(c.detail for c in judged(wrong_h).checks if c.name == "values")
    assert detail.startswith("c_new is right; h_new differs.")
    chinese = next(c.detail for c in judged(wrong_h, language="zh").checks if c.name == "values")
    assert chinese.startswith("c_new 正确；h_new 不对。")


def test_a_part_that_equals_a_mistakes_result_is_said_so():
    def gates(x, h, W, U, b):
        _, f, g, o = rnnref.lstm_gates(x, h, W, U, b)
        return rnnref.lstm_gates(x, h, W, U, 0 * b)[0], f, g, o

    detail = next(c.detail for c in judged(gates, "lstm-gates").checks if c.name == "values")
    assert detail.startswith("f, g and o are right; i differs and equals the result of this mistake: ")


# ---------------------------------------------------------------- behaviour


def changes_c(x, h, c, W, U, b):
    h_new, c_new = rnnref.lstm_step(x, h, c, W, U, b)
    c[:] = c_new
    return h_new, c_new


class Counts:
    calls = 0

    def __call__(self, *args):
        self.calls += 1
        h, c = rnnref.lstm_step(*args)
        return h, c + 1e-9 * (self.calls > 99)


class Reuses:
    def __init__(self):
        self.buffers = {}

    def __call__(self, *args):
        h, c = rnnref.lstm_step(*args)
        kept = self.buffers.setdefault((h.shape, h.dtype), h)
        kept[...] = h
        return kept, c


def at_random(*args):
    h, c = rnnref.lstm_step(*args)
    return h, c * (1 + 1e-8 * np.random.default_rng().normal())


def half(*args):
    return tuple(a.astype(np.float32) for a in rnnref.lstm_step(*args))


def flat(*args):
    return tuple(a.ravel() for a in rnnref.lstm_step(*args))


def stumbles(x, h, c, W, U, b):
    if len(x) == 3:
        raise ValueError("three is too many")
    return rnnref.lstm_step(x, h, c, W, U, b)


@pytest.mark.parametrize(
    ("function", "check"),
    [
        (changes_c, "arguments"),
        (Counts(), "deterministic"),
        (Reuses(), "deterministic"),
        (at_random, "deterministic"),
        (half, "dtype"),
        (flat, "shape"),
        (stumbles, "runs"),
        (lambda *a: None, "structure"),
        (lambda *a: {"h": 1}, "structure"),
    ],
)
def test_what_is_not_about_values_fails_by_its_own_check(function, check):
    report = judged(function)
    assert report.verdict == "fail"
    assert check in failed(report)
    assert report.counterexample is not None


def test_every_call_that_raises_is_an_error_with_the_message():
    report = judged(lambda x: x)
    assert report.verdict == "error"
    assert "every call raised: TypeError" in report.checks[0].detail


def test_an_overflow_warning_fails_where_silence_is_asked_for():
    assert failed(judged(lambda x: 1 / (1 + np.exp(-x)), "sigmoid")) == ["silent"]

    def quiet(x):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-x))

    assert judged(quiet, "sigmoid").verdict == "pass"


@pytest.mark.parametrize("returned", [lambda y: None, lambda y: y[None], lambda y: y.astype(np.float16)])
def test_a_check_that_no_result_came_as_far_as_is_not_said_to_hold(returned):
    checks = {c.name: c.passed for c in judged(lambda x: returned(rnnref.sigmoid(x)), "sigmoid").checks}
    assert False in checks.values()
    assert "values" not in checks
    assert not [name for name in checks if name.startswith("law:")]


def test_a_wrong_value_hides_neither_a_changed_argument_nor_a_warning():
    def wrong_in_three_ways(x):
        y = 1 + 1 / (1 + np.exp(-x))
        x[...] = 0
        return y

    report = judged(wrong_in_three_ways, "sigmoid")
    assert {"values", "arguments", "silent"} <= set(failed(report))
    assert report.counterexample.expected == pytest.approx([0.5])  # the wrong value is what is shown
    assert set(failed(judged(lambda x: 1 / (1 + np.exp(x)), "sigmoid"))) >= {"values", "silent"}


def test_pytorchs_clipping_passes_with_advice():
    def clip(grads, max_norm):
        norm = float(np.sqrt(sum(float((np.float64(g) ** 2).sum()) for g in grads)))
        scale = min(1.0, max_norm / (norm + 1e-6))
        return [g * np.asarray(scale, g.dtype) for g in grads], norm

    for thorough in (False, True):
        report = judged(clip, "clip-by-global-norm", thorough=thorough, search_seconds=0.5)
        assert report.verdict == "pass", failed(report)
        assert any(c.name == "advice" and "1e-6" in c.detail for c in report.checks)


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize(("task", "gates"), [("gru-param-count", 3), ("lstm-param-count", 4)])
def test_of_wrong_counts_the_one_of_the_smallest_sizes_is_told(task, gates):
    def twice(D, H, num_layers=1, bias=True, bidirectional=False):
        return 7 * rnnref.lstm_param_count(D, H, num_layers, bias, bidirectional)

    detail = next(c.detail for c in judged(twice, task).checks if c.name == "values")
    assert f"the smallest (a single unit): expected {3 * gates}, got 84" in detail


def test_a_text_does_not_look_like_a_number():
    report = judged(lambda *args: str(rnnref.lstm_param_count(*args)), "lstm-param-count")
    assert (report.counterexample.expected, report.counterexample.got) == (12, "'12'")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_text_has_everything(language):
    report = judged(WRONG["no-bias"], language=language, file="my.py")
    text = render(report, language)
    words = {
        "zh": ["诊断", "最小反例", "应为", "得到", "数值"],
        "en": ["Diagnosis", "Smallest counterexample", "expected", "got", "values"],
    }
    assert all(word in text for word in words[language])
    assert "runpy.run_path('my.py')['lstm_step']" in text
    assert max(map(len, text.splitlines())) < 220


def test_progress_is_told():
    told = []
    judged(WRONG["no-bias"], progress=lambda doing, fraction: told.append((doing, fraction)))
    assert [doing for doing, _ in told] == ["cases", "shrink"]
    assert [f for _, f in told] == sorted(f for _, f in told)


@pytest.mark.parametrize(
    "task_id", ["rnn-step", "clip-by-global-norm", "gru-param-count", "orthogonal-init", "sequence-loss"]
)
def test_other_kinds_of_tasks_name_each_of_their_mistakes(task_id):
    task = deck.load_task(task_id)
    for misconception in task.misconceptions:
        report = judged(task.with_mistakes(frozenset({misconception.id})), task_id)
        assert report.diagnosis is not None
        assert report.diagnosis.id == misconception.id


def frobenius(hs, U):
    product, flow = np.eye(len(U)), np.ones(len(hs))
    for k in range(len(hs) - 2, -1, -1):
        product = product @ ((1 - hs[k + 1] ** 2)[:, None] * U.T)
        flow[k] = np.linalg.norm(product)
    return flow


def over_the_batch(h, V, c):
    e = np.exp(h @ V + c)
    return e / e.sum(axis=0)


def log_softmax(x, axis=-1):
    z = x - x.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def mean_of_means(logits, targets, lengths):
    log_p = np.take_along_axis(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True), targets[..., None], -1)
    each = -np.where(np.arange(len(logits))[:, None] < lengths, log_p[..., 0], 0).sum(axis=0)
    return float((each / np.maximum(lengths, 1)).mean())


@pytest.mark.parametrize(
    ("task", "function", "named"),
    [
        ("sigmoid", lambda x: 0.5 * (1 + np.tanh(x)), "steeper-tanh"),
        ("softmax", log_softmax, "returns-log-sum"),
        ("rnn-output", over_the_batch, "softmax-over-batch+keeps-maximum"),
        ("gradient-flow", frobenius, "frobenius-norm-of-products"),
        ("sequence-loss", mean_of_means, "averages-empty-ones-too"),
        ("gru-param-count", rnnref.lstm_param_count, "one-block-too-many"),
    ],
)
def test_what_people_write_is_named_in_their_own_words(task, function, named):
    """Not as the variants of the deck are written, with other corners in which a mistake shows."""
    report = judged(function, task)
    assert report.diagnosis is not None
    assert report.diagnosis.id == named


def exponentials(a):
    e = np.exp(2 * a)
    return (e - 1) / (e + 1)


def step_by_exponentials(x, h, c, W, U, b):
    i, f, g, o = rnnref.lstm_gates(x, h, W, U, b)
    c_new = f * c + i * g
    return o * exponentials(c_new), c_new


def run_by_exponentials(x, h0, c0, W, U, b):
    states = list(itertools.accumulate(x, lambda hc, row: step_by_exponentials(row, *hc, W, U, b), initial=(h0, c0)))
    return tuple(map(np.stack, zip(*states[1:], strict=True)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("task", "function"), [("lstm-step", step_by_exponentials), ("lstm-forward", run_by_exponentials)]
)
def test_a_tanh_that_overflows_is_met_with_every_seed(task, function, seed):
    """Where an argument goes into tanh as it is, a sweep must hold a large one, whatever is drawn."""
    report = judge(FakeSession(function), Prepared(deck.load_task(task), seed), Asked())
    assert report.verdict == "fail"
    assert "nan" in next(c.detail for c in report.checks if c.name == "values")


@pytest.mark.parametrize("derive", [None, lambda args: (args,), lambda args: (args[:1],)])
def test_a_law_that_is_not_even_true_of_the_reference_fails_a_right_solution_too(derive):
    never = Law("never", Text(zh="从不成立", en="never holds"), holds=lambda *_: False, derive=derive)
    task = replace(deck.load_task("lstm-cell-state"), laws=(never,))
    report = grade("def lstm_cell_state(c, i, f, g):\n    return f * c + i * g\n", task)
    assert report.verdict == "fail"
    assert [check.name for check in report.checks if not check.passed] == ["law:never"]
