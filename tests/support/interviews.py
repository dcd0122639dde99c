"""Interviews as learners go through them: drawn by Hypothesis, or played to the end."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from answers.model import FormulaDrill, NumberDrill, OrderDrill, TrueFalseDrill
from quiz import drills, parts, shelf
from quiz.interview import asking, drawing, report, sitting
from quiz.interview.sitting import Setup

PARTS = tuple(part.id for part in parts.NOTES)
POOL = drawing.candidates(PARTS)
NOON = 1_750_000_000_000

SETUPS = st.builds(
    Setup,
    st.integers(sitting.FEWEST_MINUTES, sitting.MOST_MINUTES),
    st.lists(st.sampled_from(PARTS), min_size=1, unique=True).map(lambda ids: tuple(p for p in PARTS if p in ids)),
    st.sampled_from(("zh", "en")),
)
NASTY = "<script>alert('x')</script> & \"q\" *star* # head\n- item\n1. one\n```\n=== ---\n| a | b |"
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=60), st.just(NASTY), st.just("   "), st.just("")
)
ACTIONS = st.sampled_from(("say", "spoken", "pass", "hint", "answer", "wait", "break", "fail code", "pass code", "end"))
STEPS = st.lists(st.tuples(ACTIONS, TEXTS, st.integers(-5_000, 900_000)), max_size=40)


def items(setup, seed=0, standings=None):
    pool = [c for c in POOL if c.section in setup.parts]
    return drawing.draw(setup, pool, standings or {}, NOON, Random(seed))


def begun(setup, seed=0):
    return sitting.begin("uid", setup, items(setup, seed), NOON)


def drill_answer(hand, right):
    """An answer to a dealt drill that can be read, right or wrong."""
    match hand.drill:
        case TrueFalseDrill(holds=holds):
            return holds is right
        case OrderDrill():
            order = tuple(hand.order.index(k) for k in range(len(hand.order)))
            return order if right else order[::-1]
        case NumberDrill() as drill:
            return repr(drill.answer(**hand.sizes)) if right else "-7777"
        case FormulaDrill(answer=answer):
            return answer if right else f"({answer}) + 1"
    place = hand.order.index(hand.drill.right)
    return place if right else (place + 1) % len(hand.order)


def step(interview, action, text, now):
    """What the app does at this action; actions that do not fit the item change nothing but the time."""
    interview = sitting.count(interview, now)
    kind = interview.item.card.kind
    question = shelf.question(interview.item.card.question)
    match action:
        case "end":
            return sitting.look_over(interview)
        case "pass":
            return sitting.go_on(interview, passed=True)
        case "break":
            return sitting.start_clock(sitting.stop_clock(interview, now), now + 10**9)
        case "hint":
            return sitting.hint(interview) if interview.item.hints < 3 and kind != "drill" else interview
        case "say" | "spoken" if kind == "recall":
            words = question.spoken.of(interview.setup.language) if action == "spoken" else text
            interview = sitting.say(interview, words)
            further = None if interview.time_is_up else asking.next_question(question, interview.item)
            return sitting.go_on(interview) if further is None else sitting.ask(interview, further)
        case "answer" if kind == "drill":
            hand = report.deal(interview.item)
            answer = drill_answer(hand, len(text) % 2 == 0)
            return sitting.go_on(sitting.answer_drill(interview, answer, drills.check(hand, answer).right))
        case "fail code" if kind == "code":
            return sitting.grade_code(interview, text, "fail", 0.4, "swaps-i-and-f")
        case "pass code" if kind == "code":
            return sitting.go_on(sitting.grade_code(interview, text, "pass", 1.0, None))
    return interview


def played(setup, steps, seed=0):
    """Every state of an interview in which this happens; it is ended and looked over if it is not yet."""
    interview, now = begun(setup, seed), NOON
    yield interview
    for action, text, gap in steps:
        if interview.phase != "asking":
            break
        now += gap
        # The app counts each second; a gap that is longer than any break is what is left out.
        for at in range(now - gap, now, 30_000) if gap > 0 else ():
            interview = sitting.count(interview, at)
        interview = step(interview, action, text, now)
        now = max(now, interview.counted or now)
        yield interview
    if interview.phase == "asking":
        interview = sitting.look_over(interview)
        yield interview
    while interview.phase == "debrief":
        question = shelf.question(interview.item.card.question)
        interview = sitting.tick(interview, frozenset(asking.heard(question, interview.item).named))
        yield interview
