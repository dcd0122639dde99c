"""The laws of an interview: what is drawn, how time is counted, what is asked next, how it is kept."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.interviews import NOON, PARTS, POOL, SETUPS, STEPS, begun, items, played

from quiz import parts, schedule, session, shelf
from quiz.interview import asking, drawing, grades, sitting
from quiz.interview.sitting import Exchange, Interview, InterviewError, Item, Setup, from_json, to_json
from quiz.schedule import DAY, Grade, Review
from quiz.session import Card

ALL = Setup(30, PARTS, "en")
GRADIENTS = shelf.question("lstm-gradients")


def recall(answer, *exchanges, most=2, **more):
    return Item(Card("recall", "lstm-gradients"), "lstm", 270, 0, most, answer=answer, exchanges=exchanges, **more)


# ---------------------------------------------------------------- parts


def test_the_parts_are_the_notes_in_their_order():
    from answers import catalogue

    assert tuple(id for part in parts.NOTES for id in part.questions) == tuple(catalogue.QUESTIONS)
    assert parts.title("lstm").en == "LSTM"
    assert parts.title("gone:").en == "gone:"


def test_an_opened_deck_is_a_part_of_its_own():
    from answers.deck import open_folder

    ids = shelf.open_deck(open_folder(Path(__file__).parents[1] / "decks" / "attention"))
    try:
        assert parts.every()[-1].questions == ids
        assert parts.title("attention:").en == "Deck attention"
        pool = drawing.candidates(("attention:",))
        assert {c.card.question for c in pool} == set(ids)
        drawn = drawing.draw(Setup(30, ("attention:",), "en"), pool, {}, NOON, Random(0))
        assert {item.section for item in drawn} == {"attention:"}
        assert all(session.parse_card(item.card.key) == item.card for item in drawn)
    finally:
        shelf.close_deck("attention")
    assert drawing.candidates(("attention:",)) == []


# ---------------------------------------------------------------- drawing


@given(SETUPS, st.integers(0, 2**32))
def test_what_is_drawn_fits_the_minutes_and_leaves_no_room(setup, seed):
    drawn = items(setup, seed)
    budget = sum(item.budget for item in drawn)
    assert budget <= setup.minutes * 60
    cards = [item.card for item in drawn]
    assert len(set(cards)) == len(cards)
    assert {item.section for item in drawn} <= set(setup.parts)
    order = [c.card for c in POOL]
    assert [order.index(card) for card in cards] == sorted(order.index(card) for card in cards)
    follow_ups = drawing.most_follow_ups(setup.minutes) * sitting.FOLLOW_UP_SECONDS
    rest = [c for c in POOL if c.section in setup.parts and c.card not in cards]
    left = setup.minutes * 60 - budget
    assert all(c.seconds + follow_ups * (c.card.kind == "recall") > left for c in rest)


@given(SETUPS, st.integers(0, 2**32))
def test_every_chosen_part_is_asked_about_and_code_is_written_when_minutes_allow(setup, seed):
    drawn = items(setup, seed)
    answer = sitting.ANSWER_SECONDS + sitting.FOLLOW_UP_SECONDS * drawing.most_follow_ups(setup.minutes)
    if setup.minutes * 60 >= answer * len(setup.parts):
        assert {item.section for item in drawn if item.card.kind == "recall"} == set(setup.parts)
    shortest = min(c.seconds for c in POOL if c.card.kind == "code" and c.section in setup.parts)
    if setup.minutes * 60 >= answer * len(setup.parts) + shortest:
        assert any(item.card.kind == "code" for item in drawn)
    assert drawn


def test_the_mix_is_mostly_talk_with_code_and_some_drills():
    seconds = Counter()
    for seed in range(40):
        for item in items(Setup(60, PARTS, "en"), seed):
            seconds[item.card.kind] += item.budget / (40 * 3600)
    for kind, share in drawing.SHARES.items():
        assert abs(seconds[kind] - share) < 0.12, seconds


def test_something_is_asked_even_where_nothing_fits_the_minutes():
    pool = [drawing.Candidate(Card("code", "q", "t"), "rnn", 900)]
    (only,) = drawing.draw(Setup(5, ("rnn",), "en"), pool, {}, NOON, Random(0))
    assert only.budget == 900
    assert drawing.draw(ALL, [], {}, NOON, Random(0)) == ()


def test_what_is_weak_is_asked_more_often_than_what_is_known():
    def standing(card, *grades_given):
        history = [Review(f"{k}", card, NOON - (90 - 20 * k) * DAY, g) for k, g in enumerate(grades_given)]
        return schedule.standing(history)

    known = {f"recall:{q}": standing(f"recall:{q}", *[Grade.EASY] * 4) for part in parts.NOTES for q in part.questions}
    known["recall:lstm-gradients"] = standing("recall:lstm-gradients", Grade.AGAIN)
    del known["recall:lstm-cost"]
    asked = Counter()
    for seed in range(300):
        for item in items(Setup(15, ("lstm",), "en"), seed, known):
            asked[item.card.question] += item.card.kind == "recall"
    easy = [asked[q] for q in parts.NOTES[1].questions if q not in ("lstm-gradients", "lstm-cost")]
    assert asked["lstm-gradients"] > asked["lstm-cost"] > 1.5 * max(easy)
    assert drawing.need(None, NOON) > drawing.need(known["recall:why-rnn"], NOON)


def test_a_question_that_cannot_be_read_is_left_out(monkeypatch):
    from answers import deck

    real = shelf.question

    def broken(question_id):
        if question_id == "rnn-family":
            raise deck.DeckError([deck.Fault("q16_rnn_family.py", 3, "SyntaxError")])
        return real(question_id)

    monkeypatch.setattr(shelf, "question", broken)
    assert drawing.candidates(("family",)) == []
    assert len(drawing.candidates(PARTS)) < len(POOL)


# ---------------------------------------------------------------- while it runs


@settings(max_examples=60)
@given(SETUPS, STEPS, st.integers(0, 1000))
def test_nothing_is_lost_and_nothing_new_is_asked_when_time_is_up(setup, steps, seed):
    before = None
    for interview in played(setup, steps, seed):
        assert from_json(json.loads(json.dumps(to_json(interview)))) == interview
        assert sum(item.seconds for item in interview.items) == pytest.approx(interview.used)
        if before is not None:
            assert interview.used >= before.used
            if interview.phase == "asking" and interview.at > before.at:
                assert interview.at == before.at + 1
                assert not interview.time_is_up
            if before.time_is_up and interview.phase == "asking":
                assert interview.at == before.at  # the last one may be finished, no more
                assert len(interview.item.exchanges) == len(before.item.exchanges)
            for old, new in zip(before.items, interview.items, strict=True):
                assert new.exchanges[: len(old.exchanges) - 1] == old.exchanges[:-1]
                assert old.state == "waiting" or new.state == old.state
        before = interview
    assert before.phase == "over"
    assert all(sitting.to_look_over(item) is False for item in before.items)


@given(st.lists(st.integers(-100_000, 100_000), max_size=30))
def test_time_is_counted_once_and_sleep_not_at_all(gaps):
    interview, now = begun(ALL), NOON
    expected = 0
    for gap in gaps:
        now += gap
        interview = sitting.count(interview, now)
        expected += gap if 0 < gap <= sitting.SLEEP else 0
    assert interview.used == pytest.approx(expected / 1000)


def test_the_clock_stands_while_the_learner_is_away_and_after_a_crash():
    interview = sitting.count(begun(ALL), NOON + 20_000)
    away = sitting.stop_clock(interview, NOON + 30_000)
    assert (away.used, away.breaks, away.counted) == (30.0, 1, None)
    assert sitting.count(away, NOON + 50_000) == away
    back = sitting.start_clock(away, NOON + 9_000_000)
    assert sitting.count(back, NOON + 9_001_000).used == 31.0
    crashed = sitting.start_clock(from_json(to_json(interview)), NOON + 25_000)
    assert sitting.count(crashed, NOON + 26_000).used == 21.0


def test_the_best_submission_stays_and_what_follows_a_pass_costs_nothing():
    setup = Setup(30, ("lstm",), "en")
    interview = begun(setup)
    place = next(k for k, item in enumerate(interview.items) if item.card.kind == "code")
    for source, verdict, score in (("a", "fail", 0.5), ("b", "fail", 0.2), ("c", "pass", 1.0), ("d", "error", 0.0)):
        interview = sitting.grade_code(interview, source, verdict, score, "x", place)
    item = interview.items[place]
    assert (item.answer, item.verdict, item.score, item.failures, item.diagnosis) == ("c", "pass", 1.0, 2, None)


def test_a_pass_that_the_search_refutes_is_taken_back():
    interview = begun(Setup(30, ("lstm",), "en"))
    place = next(k for k, item in enumerate(interview.items) if item.card.kind == "code")
    interview = sitting.grade_code(interview, "a", "pass", 1.0, None, place)
    interview = sitting.grade_code(sitting.take_back_pass(interview, place), "a", "fail", 0.9, "x", place)
    item = interview.items[place]
    assert (item.verdict, item.score, item.failures, item.diagnosis) == ("fail", 0.9, 1, "x")


def test_an_interview_asks_at_least_one_thing():
    with pytest.raises(ValueError, match="at least one"):
        sitting.begin("u", ALL, (), NOON)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: [],
        lambda d: None,
        lambda d: d | {"version": 99},
        lambda d: d | {"at": 99},
        lambda d: d | {"items": []},
        lambda d: d | {"phase": "dreaming"},
        lambda d: d | {"setup": 3},
        lambda d: {k: v for k, v in d.items() if k != "uid"},
        lambda d: d | {"items": [d["items"][0] | {"seconds": float("nan")}]},
        lambda d: d | {"items": [d["items"][0] | {"answer": {"x": 1}}]},
        lambda d: d | {"items": [d["items"][0] | {"card": {"kind": "magic", "question": "q", "part": ""}}]},
    ],
)
def test_what_is_no_interview_is_said_and_never_crashes(spoil):
    with pytest.raises(InterviewError):
        from_json(spoil(to_json(begun(ALL))))


# ---------------------------------------------------------------- what is asked next


def test_a_follow_up_about_what_was_left_out_comes_first_then_the_point_by_name():
    item = recall("c is updated additively, a product of forget gates near one; still explodes, so clip; they saturate")
    assert asking.heard(GRADIENTS, item).missed == ("forget-bias",)
    first = asking.next_question(GRADIENTS, item)
    assert first.kind == "follow-up"
    assert "better start for the forget bias" in asking.asked(GRADIENTS, first).en
    second = asking.next_question(GRADIENTS, recall(item.answer, Exchange(first.kind, first.ref, "no idea")))
    assert second == Exchange("point", "forget-bias")
    assert "You did not mention this: Start the forget bias at 1." in asking.asked(GRADIENTS, second).en
    assert "你没有提到：遗忘门偏置初始化为 1" in asking.asked(GRADIENTS, second).zh


def test_an_answer_that_names_everything_is_followed_up_once_and_silence_never():
    whole = GRADIENTS.spoken.en + " and gates saturate"
    assert asking.heard(GRADIENTS, recall(whole)).missed == ()
    first = asking.next_question(GRADIENTS, recall(whole))
    assert first == Exchange("follow-up", "0")
    assert asking.next_question(GRADIENTS, recall(whole, Exchange("follow-up", "0", "x"))) is None
    assert asking.next_question(GRADIENTS, recall("  ")) is None
    assert asking.next_question(GRADIENTS, recall(None)) is None
    assert asking.next_question(GRADIENTS, recall("x", most=0)) is None


def test_a_point_that_was_given_away_counts_as_prompted_and_only_when_it_is_then_said():
    silent = recall("additive", Exchange("point", "forget-bias", "hm"))
    assert "forget-bias" in asking.heard(GRADIENTS, silent).missed
    said = recall("additive", Exchange("point", "forget-bias", "yes, the forget bias; and they saturate"))
    heard = asking.heard(GRADIENTS, said)
    assert heard.prompted == ("forget-bias",)
    assert set(heard.named) == {"additive-path", "saturation"}
    ticked = asking.heard(GRADIENTS, recall("additive", *said.exchanges, ticked=("forget-bias",)))
    assert ticked.named == ("forget-bias",)
    assert "additive-path" in ticked.missed


@given(st.lists(st.sampled_from([p.id for p in GRADIENTS.key_points]), unique=True), st.integers(1, 4))
def test_asking_on_ends_and_repeats_nothing(named, most):
    item = recall("x", most=most)
    for _ in range(10):
        exchange = asking.next_question(GRADIENTS, item)
        if exchange is None:
            break
        assert exchange not in {Exchange(e.kind, e.ref) for e in item.exchanges}
        item = recall("x", *item.exchanges, Exchange(exchange.kind, exchange.ref, "…"), most=most)
    assert len(item.exchanges) <= most
    heard = asking.heard(GRADIENTS, item)
    every = [*heard.named, *heard.prompted, *heard.missed]
    assert sorted(every) == sorted(p.id for p in GRADIENTS.key_points)


def test_what_the_deck_no_longer_has_is_said():
    assert "no longer" in asking.asked(GRADIENTS, Exchange("point", "gone")).en
    assert "no longer" in asking.asked(GRADIENTS, Exchange("follow-up", "99")).en
    assert asking.good_reply(GRADIENTS, Exchange("follow-up", "99")) is None


# ---------------------------------------------------------------- grades


@pytest.mark.parametrize(
    ("item", "grade"),
    [
        (Item(Card("drill", "q", "d"), "rnn", 30, state="answered", right=True), Grade.GOOD),
        (Item(Card("drill", "q", "d"), "rnn", 30, state="passed"), Grade.AGAIN),
        (Item(Card("drill", "q", "d"), "rnn", 30), None),
        (Item(Card("code", "q", "t"), "rnn", 30, state="answered", verdict="pass"), Grade.EASY),
        (Item(Card("code", "q", "t"), "rnn", 30, state="answered", verdict="pass", hints=2), Grade.HARD),
        (Item(Card("code", "q", "t"), "rnn", 30, state="answered", verdict="fail", failures=1), Grade.AGAIN),
        (recall("x", state="answered", ticked=("a", "b", "c", "d", "e", "f")), Grade.EASY),
        (recall("", state="passed", ticked=()), Grade.AGAIN),
    ],
)
def test_grades_come_from_the_work_itself(item, grade):
    assert grades.grade(item, 6) is grade


def test_interviews_that_cannot_be_read_are_left_out_and_the_newest_comes_first():
    from dataclasses import replace

    from quiz.interview.kept import kept

    old = replace(begun(ALL), uid="old", phase="over")
    new = replace(old, uid="new", began=NOON + 1)
    going = replace(begun(ALL), uid="going")
    unfinished, past = kept([to_json(old), {"nonsense": 1}, to_json(new), to_json(going)])
    assert [i.uid for i in past] == ["new", "old"]
    assert [i.uid for i in unfinished] == ["going"]
    assert isinstance(past[0], Interview)
