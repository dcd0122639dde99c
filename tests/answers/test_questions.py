"""Every question of the deck that ships: complete in both languages, its drills sound, its quick claims true."""

from __future__ import annotations

import dataclasses
import json
import re
import time
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest
from rich.cells import cell_len

from answers import catalogue
from answers.check import check
from answers.deck import BUILT_IN
from answers.model import (
    ChoiceDrill,
    Claim,
    FormulaDrill,
    NumberDrill,
    OrderDrill,
    Plot,
    Progress,
    Text,
    TrueFalseDrill,
)
from quiz import drills, session

FOUND = [q for q, module in catalogue.QUESTIONS.items() if BUILT_IN.path_of(module).is_file()]
LANGUAGES = ("zh", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
each = pytest.mark.parametrize("question_id", FOUND)


def texts(value, path=""):
    """Every Text inside a question, with where it stands."""
    if isinstance(value, Text):
        yield path, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for k, part in enumerate(value):
            yield from texts(part, f"{path}[{getattr(part, 'id', k)}]")


def drills_of(question_id, kind):
    return [d for d in BUILT_IN.question(question_id).drills if isinstance(d, kind)]


@cache
def quick_run(question_id):
    experiment = BUILT_IN.experiment(question_id)
    start = time.thread_time()  # what other processes take does not count
    events = list(experiment.quick())
    return events, time.thread_time() - start


# ---------------------------------------------------------------- words


@each
def test_every_text_stands_in_both_languages(question_id):
    for path, text in texts(BUILT_IN.question(question_id)):
        assert text.zh.strip(), path
        assert text.en.strip(), path
        assert not CHINESE.search(text.en), f"{path}: Chinese in the English text"
        formula = re.findall(r"[A-Za-z]+", text.en) == re.findall(r"[A-Za-z]+", text.zh)
        assert CHINESE.search(text.zh) or formula, f"{path}: no Chinese in {text.zh!r}"
        for placeholder in ("TODO", "FIXME", "XXX", "lorem", "待补", "……待"):
            assert placeholder not in text.zh + text.en, path


@each
def test_chinese_uses_full_width_punctuation(question_id):
    for path, text in texts(BUILT_IN.question(question_id)):
        assert not re.search(r"[\u4e00-\u9fff][,;?!](?!\d)", text.zh), f"{path}: {text.zh!r}"
        assert not re.search(r"[\u4e00-\u9fff]\n[\u4e00-\u9fff]", text.zh), f"{path}: a line broken inside Chinese"


@each
def test_the_question_is_complete(question_id):
    question = BUILT_IN.question(question_id)
    assert question.id == question_id
    assert len(question.key_points) in range(4, 8)
    assert len(question.follow_ups) in range(2, 6)
    assert len(question.hints) == 3
    assert question.notes
    assert question.sources
    for source in question.sources:
        assert source.authors
        assert source.title
        assert 1900 < source.year < 2030
        assert source.where, source.title
    assert set(question.tasks) == {c.id for c in catalogue.TASKS.values() if c.question == question_id}


@each
def test_the_spoken_answer_takes_half_a_minute(question_id):
    spoken = BUILT_IN.question(question_id).spoken
    assert 60 <= len(spoken.en.split()) <= 120
    assert 110 <= len(re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", spoken.zh)) <= 220


@each
def test_the_whiteboard_answer_is_full_and_alike_in_both_languages(question_id):
    board = BUILT_IN.question(question_id).whiteboard
    count = {language: len(board.of(language).splitlines()) for language in LANGUAGES}
    assert 12 <= count["zh"] <= 42
    assert abs(count["zh"] - count["en"]) <= 3
    assert re.search(r"^    \S", board.zh, re.M), "no formula as indented code"


@each
@pytest.mark.parametrize("language", LANGUAGES)
def test_key_points_are_detected_in_the_model_answer_and_not_in_an_empty_one(question_id, language):
    question = BUILT_IN.question(question_id)
    answer = question.spoken.of(language) + "\n" + question.whiteboard.of(language)
    missed = []
    for point in question.key_points:
        assert point.mentions, point.id
        patterns = [re.compile(m, re.I) for m in point.mentions]
        for nothing in ("", "不知道", "I do not know.", "RNN 和 LSTM", "It is a recurrent neural network."):
            assert not any(p.search(nothing) for p in patterns), f"{point.id} is found in {nothing!r}"
        if not any(p.search(answer) for p in patterns):
            missed.append(point.id)
    assert len(missed) <= 1, missed


SAID = json.loads((Path(__file__).parent / "said.json").read_text(encoding="utf-8"))
"""Answers as candidates give them, in words of their own; each names every key point of its question."""


@each
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_other_words_ticks_what_it_names(question_id, language):
    question = BUILT_IN.question(question_id)
    missed = {k.id for k in question.key_points} - session.mentioned(question, SAID[question_id][language])
    assert not missed


@pytest.mark.parametrize(
    ("question_id", "point", "said"),
    [
        ("rnn-forward", "hidden-activation", "隐藏层的激活一般是 softmax，输出层一般是 tanh 或 ReLU。"),
        ("rnn-forward", "hidden-activation", "The hidden layer has softmax, the output layer tanh or ReLU."),
        ("rnn-forward", "output-activation", "The output layer has tanh and never softmax."),
        ("rnn-problems", "clipping", "裁剪可以解决梯度消失。"),
        ("rnn-problems", "clipping", "Clipping solves vanishing gradients."),
        ("why-lstm", "explosion-stays", "LSTM 连爆炸也解决了，不用裁剪。"),
        ("why-lstm", "explosion-stays", "An LSTM does not explode: no clipping, no need to clip."),
        ("lstm-gradients", "still-explodes", "梯度不再增大，不需要裁剪。"),
        ("lstm-gradients", "still-explodes", "It cannot explode, so there is no need to clip."),
        ("lstm-cost", "input-term", "计算量是 T 乘 H 的平方，与输入维度无关。"),
        ("lstm-cost", "input-term", "The work is T H squared, independent of the input size."),
        ("why-gru", "same-order", "GRU 的复杂度低一个数量级。"),
        ("why-gru", "same-order", "A GRU is an order of magnitude cheaper."),
        ("gru-differences", "counting", "GRU 也能无界地计数。"),
        ("gru-differences", "counting", "A GRU can count without bound."),
    ],
)
def test_the_opposite_of_a_key_point_does_not_tick_it(question_id, point, said):
    (found,) = (k for k in BUILT_IN.question(question_id).key_points if k.id == point)
    assert point not in session.mentioned(BUILT_IN.question(question_id), said), found.text.en


@each
def test_no_line_of_the_notes_is_pasted(question_id):
    notes = next(
        (p for up in Path(__file__).parents if (p := up / "shared" / "notes" / "rnn-notes.md").is_file()), None
    )
    if notes is None:
        pytest.skip("the notes are not beside the repository")
    theirs = "".join(notes.read_text(encoding="utf-8").split())
    runs = {theirs[k : k + 20] for k in range(len(theirs) - 19)}
    for path, text in texts(BUILT_IN.question(question_id)):
        for language in LANGUAGES:
            ours = "".join(text.of(language).split())
            shared = [ours[k : k + 20] for k in range(len(ours) - 19) if ours[k : k + 20] in runs]
            assert not shared, f"{path}: {shared[0]}"


# ---------------------------------------------------------------- drills


@each
def test_there_are_enough_drills_of_more_than_two_kinds(question_id):
    all_drills = BUILT_IN.question(question_id).drills
    assert len(all_drills) >= 6
    assert len(drills_of(question_id, NumberDrill)) >= 2
    assert len({type(d) for d in all_drills}) >= 3


@each
def test_choices_are_fair(question_id):
    for drill in drills_of(question_id, ChoiceDrill):
        assert 3 <= len(drill.options) <= 5, drill.id
        assert 0 <= drill.right < len(drill.options), drill.id
        for language in LANGUAGES:
            shown = [o.of(language) for o in drill.options]
            assert len(set(shown)) == len(shown), drill.id
            others = [len(o) for k, o in enumerate(shown) if k != drill.right]
            right = len(shown[drill.right])
            assert right <= 1.6 * max(others) + 2, f"{drill.id}: the longest option is the right one"


@each
def test_steps_to_order_are_all_different(question_id):
    for drill in drills_of(question_id, OrderDrill):
        assert 3 <= len(drill.steps) <= 8, drill.id
        for language in LANGUAGES:
            assert len({s.of(language) for s in drill.steps}) == len(drill.steps), drill.id


@each
def test_numbers_are_fresh_finite_and_filled_into_their_texts(question_id):
    for drill in drills_of(question_id, NumberDrill):
        seen = set()
        for seed in range(40):
            sizes = drill.draw(Random(seed))
            answer = drill.answer(**sizes)
            assert np.isfinite(answer), (drill.id, sizes)
            assert drill.answer(**sizes) == answer, (drill.id, "differs on a second call")
            if drill.tolerance == 0:
                assert answer == int(answer), (drill.id, sizes)
            else:
                assert answer != 0, (drill.id, sizes, "a relative tolerance around zero")
            for language in LANGUAGES:
                assert "{" not in drill.ask.of(language).format(**sizes), drill.id
                assert "{" not in drill.why.of(language).format(answer=answer, **sizes), drill.id
            seen.add(drill.ask.en.format(**sizes))
        assert len(seen) >= 5, f"{drill.id} draws only {len(seen)} different exercises"


@each
def test_a_tolerance_is_told_and_leaves_room_for_paper(question_id):
    """Three significant digits are enough wherever there is a tolerance, two where the text says so; the shown solution counts."""
    for drill in drills_of(question_id, NumberDrill):
        percent = f"{100 * drill.tolerance:g}%"
        if drill.tolerance:
            assert f"误差 {percent} 以内" in drill.ask.zh, drill.id
            assert f"within {percent}" in drill.ask.en, drill.id
        digits = 2 if "two significant digits" in drill.ask.en else 3
        for seed in range(150 if drill.tolerance else 5):
            hand = drills.deal(drill, Random(seed))
            answer = drill.answer(**hand.sizes)
            assert drills.check(hand, drills.solution(hand).en).right, (drill.id, hand.sizes)
            if drill.tolerance:
                assert abs(answer) > 1e-6, (drill.id, hand.sizes, "rounding is all that is left of it")
                assert drills.check(hand, f"{answer:.{digits}g}").right, (drill.id, hand.sizes)


@pytest.mark.parametrize(
    ("question_id", "drill_id", "typed"),
    [
        ("rnn-forward", "forward-softmax", "softmax(a)"),
        ("lstm-activations", "lstm-activations-tanh", "tanh(x)"),
        ("lstm-activations", "lstm-activations-tanh", "1 - 2 / (exp(2 * x) + 1)"),
        ("lstm-activations", "lstm-activations-stable", "1 / (1 + exp(p))"),
    ],
)
def test_what_is_to_be_written_cannot_be_answered_by_its_name_or_by_what_overflows(question_id, drill_id, typed):
    (drill,) = (d for d in drills_of(question_id, FormulaDrill) if d.id == drill_id)
    with pytest.raises(drills.AnswerError):
        drills.check(drills.deal(drill, Random(0)), typed)


@pytest.mark.parametrize(
    ("question_id", "drill_id", "typed"),
    [
        ("rnn-problems", "problems-clip", "g * minimum(1, m / norm(g))"),
        ("rnn-problems", "problems-clip", "m * g / maximum(m, norm(g))"),
        ("rnn-problems", "problems-one-step-back", "(dh * (1 - h_new²)) @ Uᵀ"),
        ("lstm-flow", "flow-cell-state", "c_new = f ∗ c + i ∗ g"),
    ],
)
def test_what_is_right_by_the_question_or_written_as_the_whiteboard_writes_it_counts(question_id, drill_id, typed):
    (drill,) = (d for d in drills_of(question_id, FormulaDrill) if d.id == drill_id)
    assert all(drills.check(drills.deal(drill, Random(seed)), typed).right for seed in range(20))


@each
def test_no_drill_leans_on_one_that_stood_before_it(question_id):
    """Each comes back by itself, on a day of its own."""
    for drill in BUILT_IN.question(question_id).drills:
        ask = drill.claim if isinstance(drill, TrueFalseDrill) else drill.ask
        assert not re.search(r"^再|同样的问题|^同样 [DH] =", ask.zh), drill.id
        assert not re.search(r"^Now |^The same|\bagain, but\b", ask.en), drill.id


@each
def test_what_the_notes_claim_reads_on_from_its_label(question_id):
    """It stands behind `The notes say:`, why it matters behind `In an interview:`."""
    for claim in BUILT_IN.question(question_id).notes:
        assert not claim.claim.zh.startswith("笔记"), claim.id
        assert not claim.claim.en.startswith("The notes"), claim.id
        assert not claim.matters.zh.startswith("面试里"), claim.id


@each
def test_formulas_fit_a_terminal_of_eighty_columns(question_id):
    """Seventy-one cells are left of a page's eighty; a formula that is wrapped is no longer read at a glance."""
    question = BUILT_IN.question(question_id)
    found = [t for _, t in texts(question)]
    found += [t for task in question.tasks for _, t in texts(BUILT_IN.task(task))]
    for text in found:
        for line in (line for language in LANGUAGES for line in text.of(language).splitlines()):
            assert not line.startswith("    ") or cell_len(line) - 4 <= 71, line


@each
def test_model_formulas_are_right_and_wrong_ones_are_told_apart(question_id):
    for drill in drills_of(question_id, FormulaDrill):
        assert len(drill.wrong) >= 2, drill.id
        for seed in range(2):
            hand = drills.deal(drill, Random(seed))
            assert drills.check(hand, drill.answer).right, drill.id
            for expression, remark in drill.wrong:
                try:
                    checked = drills.check(hand, expression)
                except drills.AnswerError:  # shapes that do not meet
                    continue
                assert not checked.right, f"{drill.id}: {expression} is right"
                assert checked.remark == remark, f"{drill.id}: {expression}"


@each
def test_drills_accept_their_own_answers(question_id):
    for drill in BUILT_IN.question(question_id).drills:
        hand = drills.deal(drill, Random(1))
        match drill:
            case ChoiceDrill():
                answer = hand.order.index(drill.right)
            case TrueFalseDrill():
                answer = drill.holds
            case OrderDrill():
                answer = [hand.order.index(k) for k in range(len(drill.steps))]
            case NumberDrill():
                answer = repr(float(drill.answer(**hand.sizes)))
            case FormulaDrill():
                answer = drill.answer
        assert drills.check(hand, answer).right, drill.id


def test_true_and_false_statements_are_about_as_many():
    statements = [d for q in FOUND for d in drills_of(q, TrueFalseDrill)]
    assert 0.3 <= sum(d.holds for d in statements) / len(statements) <= 0.7


# ---------------------------------------------------------------- evidence


def is_sound(events):
    claims = [e for e in events if isinstance(e, Claim)]
    assert len({c.id for c in claims}) == len(claims)
    for claim in claims:
        assert claim.holds, f"{claim.id}: measured {claim.measured}, bound {claim.relation} {claim.bound}"
    for progress in (e for e in events if isinstance(e, Progress)):
        assert 0 <= progress.fraction <= 1
    for plot in (e for e in events if isinstance(e, Plot)):
        for series in plot.series:
            assert len(series.x) == len(series.y) > 1, series.label.en
    return {c.id for c in claims}


@each
def test_every_quick_claim_holds_within_a_second(question_id):
    events, seconds = quick_run(question_id)
    assert is_sound(events)
    assert seconds < 3, "a second is the aim; three leave room for a slower machine"


@each
def test_what_the_experiment_says_stands_in_both_languages(question_id):
    for path, text in texts(tuple(quick_run(question_id)[0])):
        assert text.zh.strip(), path
        assert not CHINESE.search(text.en), path


@cache
def deck_faults():
    return check(BUILT_IN)


@each
def test_the_deck_check_finds_no_fault(question_id):
    """Evidence that the experiment yields, ids unique over the deck, both languages of like structure, and more."""
    file = str(BUILT_IN.path_of(catalogue.QUESTIONS[question_id]))
    missing_tasks = [t for t in BUILT_IN.question(question_id).tasks if not BUILT_IN.path_of(f"tasks.{t}").is_file()]
    faults = [f for f in deck_faults() if f.file == file and not any(f"task {t!r}" in f.message for t in missing_tasks)]
    assert not faults


@pytest.mark.slow
@each
def test_every_claim_holds_and_there_is_one_picture(question_id):
    start = time.perf_counter()
    events = list(BUILT_IN.experiment(question_id).run())
    seconds = time.perf_counter() - start
    ids = is_sound(events)
    assert sum(isinstance(e, Plot) for e in events) == 1
    assert seconds < 45, "thirty seconds are the aim; more leaves room for a loaded machine"
    for claim in BUILT_IN.question(question_id).notes:
        assert set(claim.evidence) <= ids, claim.id
