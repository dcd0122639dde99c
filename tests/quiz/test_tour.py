import pytest

from quiz import session, shelf, tour
from quiz.app import tour_words
from quiz.catalogue import message
from quiz.session import Card
from quiz.tour import CARDS, Place, Step

RECALL, DRILL, CODE = CARDS


def test_its_cards_are_in_the_deck_and_answered_by_what_the_coach_says():
    from quiz import drills
    from quiz.grading import grade

    assert [session.parse_card(card.key) for card in CARDS[::2]] == [RECALL, CODE]
    drill = next(d for d in shelf.question(DRILL.question).drills if d.id == DRILL.part)
    (typed,) = {part for part in tour_words.LINES[Step.DRILL].en.split("`") if part.startswith("f *")}
    assert typed == drill.answer
    assert drills.check(drills.deal(drill, __import__("random").Random(1)), typed).right
    (line,) = {part for part in tour_words.LINES[Step.CODE].en.split("`") if part.startswith("return")}
    card = shelf.task_card(CODE.part)
    assert grade(f"def {card.function}({card.parameters}):\n    {line}\n", card.id).passed


def test_the_way_through():
    way = [
        (Place(None), False, Step.OPEN),
        (Place(RECALL), True, Step.ANSWER),
        (Place(RECALL, revealed=True), True, Step.TICK),
        (Place(RECALL, revealed=True, ticked=True), True, Step.GRADE),
        (Place(DRILL), True, Step.DRILL),
        (Place(DRILL, answered=True), True, Step.ONWARDS),
        (Place(CODE), True, Step.CODE),
        (Place(CODE, answered=True), True, Step.CODE),
        (Place(CODE, answered=True, passed=True), True, Step.FINISH),
        (Place(None), True, None),
    ]
    assert [tour.step(place, begun) for place, begun, _ in way] == [step for *_, step in way]
    assert {step for *_, step in way} - {None} == set(Step)


@pytest.mark.parametrize(
    "card",
    [Card("recall", "why-rnn"), Card("drill", "lstm-flow", "flow-one-gate"), Card("code", "lstm-flow", "lstm-step")],
)
def test_whoever_goes_elsewhere_has_left_it(card):
    assert tour.step(Place(card), begun=True) is None


def test_every_step_has_its_line_in_both_languages():
    assert set(tour_words.LINES) == set(Step)
    for text in (*tour_words.LINES.values(), message("tour.retry")):
        assert "`" in text.zh
        assert "`" in text.en
