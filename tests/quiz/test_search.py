import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import catalogue
from answers.model import Text
from quiz import search
from quiz.app import settings_words
from quiz.search import Entry, Index


@pytest.fixture(scope="module")
def index():
    return Index((*search.setting_entries(settings_words.NAMES, settings_words.ABOUT), *search.deck_entries()))


def kinds(found):
    return [hit.entry.kind for hit in found]


def test_everything_is_there(index):
    by_kind = {}
    for entry in index.entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    assert set(by_kind) == set(search.WEIGHTS) - {"command"}
    assert [e.card.question for e in by_kind["question"]] == list(catalogue.QUESTIONS)
    assert {e.card.part for e in by_kind["task"]} == set(catalogue.TASKS)
    assert len(by_kind["evidence"]) == len(catalogue.QUESTIONS)
    assert len(by_kind["drill"]) > 100
    assert len(by_kind["misconception"]) > 100
    assert all(e.title.zh and e.title.en for e in index.entries)
    assert not any("{" in e.title.en for e in by_kind["drill"] if e.card.part.startswith("lstm-cost"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("query", "kind", "part"),
    [
        ("lstm-step", "task", "lstm-step"),
        ("lstm step", "task", "lstm-step"),
        ("LSTMSTEP", "task", "lstm-step"),
        ("ｌｓｔｍ－ｓｔｅｐ", "task", "lstm-step"),
        ("clip-by-global-norm", "task", "clip-by-global-norm"),
        ("lstm_bias_init", "task", "lstm-bias-init"),
    ],
)
def test_a_task_is_found_by_its_name_however_it_is_typed(index, language, query, kind, part):
    best = index.find(query, language)[0].entry
    if best.kind == "question":  # a question whose title is those words is as good an answer
        best = index.find(query, language)[1].entry
    assert (best.kind, best.card.part) == (kind, part)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("遗忘门", "point"),
        ("记住的比例", "setting"),
        ("retention", "setting"),
        ("主题", "setting"),
        ("为什么要有 LSTM", "question"),
        ("梯度裁剪", "drill"),
        ("你把 i 和 f", "misconception"),
        ("swap i and f", "misconception"),
    ],
)
def test_chinese_and_english_words_find_each_kind(index, query, kind):
    language = "zh" if any(c >= "\u4e00" for c in query) else "en"
    assert kind in kinds(index.find(query, language))


@pytest.mark.parametrize("query", ["遗忘门 梯度", "forget gradient"])
def test_every_word_must_be_there_in_either_language(index, query):
    for hit in index.find(query, "zh"):
        texts = (hit.entry.title, hit.entry.body)
        said = search.normalised("\n".join(t.zh + "\n" + t.en for t in texts))
        assert all(word in said for word in query.split())


def test_a_title_comes_before_a_body_and_the_own_language_before_the_other():
    a = Entry("point", Text(zh="别的", en="other"), Text(zh="", en="about gates"))
    b = Entry("point", Text(zh="门", en="gates"))
    c = Entry("point", Text(zh="gates", en="nothing"))
    assert [hit.entry for hit in Index([a, c, b]).find("gates", "en")] == [b, c, a]


def test_a_slip_of_the_finger_still_finds_something(index):
    assert any("clip" in hit.entry.title.en for hit in index.find("gradient clipqing", "en")[:5])
    assert index.find("遗忘门怎么偏置", "zh")
    assert index.find("zzzzzz", "en") == []


def test_an_empty_query_shows_what_there_is_in_its_order(index):
    assert [hit.entry for hit in index.find("  ", "zh", 5)] == list(index.entries[:5])


@given(st.text(max_size=20), st.sampled_from(["zh", "en"]))
def test_any_query_is_answered_best_first(index, query, language):
    found = index.find(query, language)
    assert len(found) <= 50
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert len({id(hit.entry) for hit in found}) == len(found)


def test_chinese_words_are_found_in_another_order_behind_those_in_the_one_typed(index):
    found = index.find("梯度裁剪", "zh")
    whole = ["梯度裁剪" in hit.entry.title.zh + hit.entry.body.zh for hit in found]
    assert whole[0]
    assert whole == sorted(whole, reverse=True)
    assert {"clip-by-global-norm", "clip-by-value"} <= {
        hit.entry.card.part for hit in found if hit.entry.kind == "task"
    }
