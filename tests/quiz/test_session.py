import pytest

from answers import catalogue
from quiz import session
from quiz.schedule import DAY, Grade, Standing
from quiz.session import Card, Limits

NOW = 1_750_000_000_000


def standing(key, *, due=DAY, stability=5.0, grade=Grade.GOOD):
    return Standing(key, 1, grade, NOW - DAY, NOW + due, stability, False)


def by_card(*found):
    return {s.card: s for s in found}


@pytest.mark.parametrize(
    "card", [Card("recall", "why-rnn"), Card("drill", "why-rnn", "pooled"), Card("code", "lstm-flow", "lstm-step")]
)
def test_a_card_is_read_back_from_its_key(card):
    assert session.parse_card(card.key) == card


@pytest.mark.parametrize(
    "key", ["recall:gone", "drill:why-rnn", "drill:gone/x", "code:gone", "other:why-rnn", "", "recall:why-rnn/x"]
)
def test_a_card_that_the_deck_no_longer_has_is_left_out(key):
    assert session.parse_card(key) is None
    assert session.plan(by_card(standing(key, due=-DAY)), NOW, limits=Limits(new=0)).cards == ()


def test_a_plan_asks_what_is_due_first_and_then_new_cards_in_the_notes_order():
    found = by_card(standing("recall:why-gru", due=-DAY), standing("code:sigmoid", due=DAY))
    plan = session.plan(found, NOW, limits=Limits(new=3))
    assert [c.key for c in plan.due] == ["recall:why-gru"]
    assert plan.new == tuple(session.words_and_code()[:3])
    assert plan.new[0] == Card("recall", next(iter(catalogue.QUESTIONS)))
    assert plan.minutes > 0


def test_new_cards_taken_up_today_count_against_the_limit():
    words = [f"recall:{k}" for k in range(9)]
    assert len(session.plan({}, NOW, limits=Limits(new=5), seen_today=dict.fromkeys(words[:3], True)).new) == 2
    assert session.plan({}, NOW, limits=Limits(new=5), seen_today=dict.fromkeys(words, True)).new == ()
    drills = dict.fromkeys(["drill:why-rnn/pooled", "drill:why-rnn/other"], True)
    assert (
        len(session.plan({}, NOW, limits=Limits(new=5), seen_today=drills).new) == 5
    )  # asked for by name: no new card


def test_reviews_beyond_the_limit_are_put_off_the_most_urgent_first():
    questions = list(catalogue.QUESTIONS)[:4]
    found = by_card(*(standing(f"recall:{q}", due=-k * DAY) for k, q in enumerate(questions, 1)))
    plan = session.plan(found, NOW, limits=Limits(new=0, reviews=3))
    assert [card.question for card in plan.due] == questions[:0:-1]
    assert plan.put_off == 1
    assert plan.cards == plan.due


def test_a_card_that_comes_back_in_minutes_counts_once():
    first, second, third = (f"recall:{q}" for q in list(catalogue.QUESTIONS)[:3])
    found = by_card(*(standing(key, due=-DAY) for key in (first, second, third)))
    plan = session.plan(found, NOW, limits=Limits(new=0, reviews=2), seen_today={first: False, "recall:new": True})
    assert len(plan.due) == 2  # one more, and the first again
    assert first in {card.key for card in plan.due}
    assert plan.put_off == 1


def test_limits_are_read_from_the_settings():
    assert session.limits({}.get) == Limits(8, 100)
    assert session.limits({"new_per_day": 0, "reviews_per_day": 40}.get) == Limits(0, 40)
    assert session.limits({"new_per_day": "many", "reviews_per_day": -1}.get) == Limits(8, 100)


def test_every_question_and_task_is_planned_once():
    cards = session.words_and_code()
    assert len(cards) == len(set(cards)) == len(catalogue.QUESTIONS) + len(catalogue.TASKS)


@pytest.mark.parametrize(
    ("ticked", "hints", "grade"),
    [
        (0, 0, Grade.AGAIN),
        (2, 0, Grade.AGAIN),
        (3, 0, Grade.HARD),
        (5, 0, Grade.GOOD),
        (6, 0, Grade.EASY),
        (6, 1, Grade.GOOD),
        (6, 2, Grade.HARD),
    ],
)
def test_the_suggested_grade_follows_what_was_named_and_hints_read_lower_it(ticked, hints, grade):
    assert session.suggested(ticked, 6, hints) is grade


def test_code_is_graded_by_the_work_itself():
    assert session.grade_of_code(True, 0, 0) is Grade.EASY
    assert session.grade_of_code(True, 1, 0) is Grade.GOOD
    assert session.grade_of_code(True, 1, 2) is Grade.HARD
    assert session.grade_of_code(False, 0, 0) is Grade.AGAIN


def test_drills_are_graded_by_the_answer():
    assert session.grade_of_drill(True) is Grade.GOOD
    assert session.grade_of_drill(True, tries=2) is Grade.HARD
    assert session.grade_of_drill(False) is Grade.AGAIN


def test_states_say_due_before_known_before_learning():
    found = by_card(standing("recall:why-rnn", stability=30), standing("drill:why-rnn/a", stability=40))
    assert session.question_states(found, NOW) == {"why-rnn": "known"}
    found |= by_card(standing("drill:why-rnn/b", stability=2))
    assert session.question_states(found, NOW) == {"why-rnn": "learning"}
    assert session.question_states(found, NOW + 2 * DAY) == {"why-rnn": "due"}
    assert session.task_states({"sigmoid": "pass", "softmax": "timeout"}) == {"sigmoid": "passed", "softmax": "failed"}


def test_mastery_grows_with_stability_and_stays_within_one():
    shares = [session.mastery("why-rnn", by_card(standing("recall:why-rnn", stability=s))) for s in (1, 10, 1000)]
    assert 0 < shares[0] < shares[1] < shares[2] <= 1
    assert session.mastery("why-rnn", {}) == 0


def test_key_points_are_found_in_full_width_and_broken_text():
    from answers.deck import load_question

    question = load_question("lstm-flow")
    found = session.mentioned(question, "先算ｆ ＊ c ＋ ｉ ＊ g，\n三个门都过 Sigmoid；候选值\n过 tanh")
    assert {"gates", "cell", "candidate"} <= found
    assert session.mentioned(question, "") == frozenset()
