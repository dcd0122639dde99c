"""The report adds up, and what the learner typed stays text in whatever it is rendered to."""

import json
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.interviews import NASTY, NOON, PARTS, SETUPS, STEPS, begun, played

from quiz import cli, shelf
from quiz.interview import files, report, sitting, words
from quiz.interview.html import html
from quiz.interview.pages import PAGES, markdown, page
from quiz.interview.sitting import Item, Setup
from quiz.session import Card
from quiz.store import Store

VOID = {"meta", "br", "circle", "img", "hr"}


class Page(HTMLParser):
    """Whether every tag that is opened is closed in its place; the tags met, and the text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text = [], Counter(), ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        assert not any(name.startswith("on") for name, _ in attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags[tag] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def whole(setup, steps, seed=0):
    *_, over = played(setup, steps, seed)
    return over


SPOKEN = [("spoken", "", 40_000), ("say", NASTY, 20_000), ("answer", "x", 30_000), ("answer", "xx", 30_000)] * 8
CODED = [("fail code", NASTY, 50_000), ("pass code", "def f():\n    return 1 < 2\n", 10_000)]


@settings(max_examples=60)
@given(SETUPS, STEPS, st.integers(0, 1000))
def test_the_numbers_add_up(setup, steps, seed):
    interview = whole(setup, steps, seed)
    found = report.report(interview)
    f = found.figures
    assert f.reached + f.unreached == len(interview.items) == len(found.entries)
    assert f.used == pytest.approx(interview.used)
    points = sum(
        len(shelf.question(e.card.question).key_points) for e in found.entries if e.reached and e.card.kind == "recall"
    )
    assert f.named + f.prompted + f.missed == f.points == points
    assert 0 <= f.drills_right <= f.drills
    assert 0 <= f.tasks_passed <= f.tasks
    sums = [
        sum(getattr(part, name) for _, part in found.parts)
        for name in ("named", "missed", "reached", "drills", "hints")
    ]
    assert sums == [f.named, f.missed, f.reached, f.drills, f.hints]
    assert sum(part.used for _, part in found.parts) == pytest.approx(f.used)
    reached = [e.card for e in found.entries if e.reached]
    assert (found.score is None) == (not reached)
    assert found.score is None or 0 <= found.score <= 1
    assert sorted(x.card.key for x in (*found.strengths, *found.gaps)) == sorted(card.key for card in reached)
    planned = [s for day in found.plan for s in day.steps]
    assert [s.card for s in planned] == [gap.card for gap in found.gaps]
    assert [day.offset for day in found.plan] == list(range(len(found.plan)))
    assert all(day.minutes <= report.MINUTES_A_DAY or len(day.steps) == 1 for day in found.plan)


@settings(max_examples=40)
@given(SETUPS, STEPS, st.sampled_from(("zh", "en")))
def test_the_page_parses_and_holds_what_was_typed_as_text(setup, steps, language):
    found = report.report(whole(setup, steps))
    text = html(found, language)
    parsed = Page(text)
    assert parsed.tags["script"] == parsed.tags["a"] - sum(e.reached for e in found.entries) == 0
    flat = "".join(parsed.text.split())
    for e in found.entries:
        if e.reached and isinstance(e.answer, str):
            assert "".join(e.answer.replace("\0", "").split()) in flat or not e.answer.isprintable()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_was_said_stands_in_every_rendering(language):
    setup = Setup(45, PARTS, language)
    steps = [s for pair in zip(SPOKEN, CODED * 16, strict=True) for s in pair]
    found = report.report(whole(setup, steps, 3))
    assert {e.card.kind for e in found.entries if e.reached} == {"recall", "drill", "code"}
    file, terminal = markdown(found, language), "\n".join(page(found, name, language) for name in PAGES)
    parsed = Page(html(found, language))
    as_html = Page(MarkdownIt("commonmark").render(file))
    assert ("（口述）：" in terminal) == (language == "zh") == ("** (" not in file)
    assert as_html.tags["script"] == 0
    assert "alert('x')</script> & \"q\" *star* # head" in as_html.text
    assert "alert('x')</script> & \"q\" *star* # head" in parsed.text
    assert NASTY.splitlines()[0] in terminal
    for shown in (as_html.text, parsed.text, terminal):
        assert words.percent(found.score) in shown
        for gap in found.gaps:
            assert gap.title.of(language) in shown
        erratum = next(e.errata[0] for e in found.entries if e.reached and e.errata)
        assert erratum[1].of(language)[:12].split("`")[0] in shown
    assert as_html.tags["blockquote"] == sum(
        1 + len(e.turns) for e in found.entries if e.reached and not (e.card.kind == "code" and e.answer)
    )


def test_a_report_says_which_points_were_named_and_which_were_not():
    over = whole(Setup(15, ("family",), "en"), [("spoken", "", 10_000), ("say", "", 1000), ("end", "", 0)])
    found = report.report(over)
    (talked,) = (e for e in found.entries if e.card.kind == "recall")
    assert talked.named
    text = markdown(found, "en")
    assert all(f"- ✓ {p.en}" in text for p in talked.named)
    assert all(f"- ✗ {p.en}" in text for p in talked.missed)
    assert talked.model.en in text


def test_a_drill_that_was_wrong_says_what_is_right_and_a_passed_one_too():
    setup = Setup(30, ("gru",), "en")
    steps = [("answer", "x", 1000), ("pass", "", 1000), ("say", "", 1000)] * 20
    found = report.report(whole(setup, steps, 1))
    drilled = [e for e in found.entries if e.card.kind == "drill" and e.reached]
    wrong = [e for e in drilled if e.item.right is False]
    passed = [e for e in drilled if e.item.state == "passed"]
    assert wrong
    assert passed
    for e in (*wrong, *passed):
        assert e.solution is not None
        assert e.why is not None
        assert e.is_gap


def test_hints_and_prompting_lower_the_score():
    question = shelf.question("lstm-gradients")
    half = Item(
        Card("recall", question.id),
        "lstm",
        270,
        state="answered",
        ticked=("additive-path", "saturation", "forget-bias"),
    )
    assert report.entry(half).score == pytest.approx(0.5)
    assert report.entry(replace(half, hints=2)).score == pytest.approx(0.3)
    assert report.entry(replace(half, hints=9)).score == 0


def test_a_question_that_the_deck_no_longer_has_keeps_the_learners_words():
    gone = Item(Card("recall", "gone"), "rnn", 270, state="answered", answer="my words", ticked=())
    drill = Item(Card("drill", "why-rnn", "gone"), "rnn", 30, state="answered", answer="7", right=True)
    interview = replace(begun(Setup(15, ("rnn",), "en")), items=(gone, drill), phase="over")
    found = report.report(interview)
    assert found.score == 1.0
    assert "my words" in markdown(found, "en")
    assert "my words" in Page(html(found, "zh")).text


JSON = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True),
    st.text(max_size=5),
    st.sampled_from(("recall", "drill", "code", "point", "over", "passed", "lstm-flow", "0", "99")),
    st.lists(st.integers(0, 9), max_size=3),
)
KEPT = sitting.to_json(
    whole(Setup(30, ("lstm",), "en"), [s for pair in zip(SPOKEN, CODED * 16, strict=True) for s in pair], 3)
)


def leaves(value, path=()):
    """The paths of everything in a JSON value."""
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from leaves(inner, (*path, key))


@settings(max_examples=150)
@given(st.data())
def test_whatever_a_kept_interview_holds_it_is_shown_or_refused(data):
    spoiled = json.loads(json.dumps(KEPT))
    for path in data.draw(st.lists(st.sampled_from(list(leaves(spoiled))), min_size=1, max_size=3)):
        place = spoiled
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = data.draw(JSON)
        except (TypeError, KeyError, IndexError):
            continue  # an earlier change has cut this path off
    try:
        interview = sitting.from_json(spoiled)
    except sitting.InterviewError:
        return
    found = report.report(interview)
    for language in ("zh", "en"):
        Page(html(found, language))
        assert markdown(found, language)
        assert all(page(found, name, language) for name in PAGES)
    assert words.date(interview.began)
    assert all(item.allowance > 0 for item in interview.items)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Mn", "Me", "Cf")), max_size=40), st.integers(2, 60))
def test_columns_are_aligned_in_cells(text, width):
    from rich.cells import cell_len

    ordinary = all(cell_len(c) == words.cells(c) for c in text)
    assert words.cells(words.padded(text, width)) == width
    if ordinary:
        assert cell_len(words.padded(text, width)) == width


def test_the_decks_titles_take_the_cells_that_are_counted():
    from rich.cells import cell_len

    for question_id in shelf.question_ids():
        for text in (shelf.question(question_id).title.zh, shelf.question(question_id).title.en):
            assert cell_len(text) == words.cells(text)


def test_a_report_is_saved_beside_what_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    found = report.report(whole(Setup(15, PARTS, "zh"), SPOKEN))
    first, second = files.save(found, "zh"), files.save(found, "zh")
    assert first[0].parent == tmp_path / "rnnquiz"
    assert [p.suffix for p in first] == [".md", ".html"]
    assert not {*first} & {*second}
    assert first[0].read_text(encoding="utf-8") == markdown(found, "zh")
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    assert files.folder() == tmp_path


# ---------------------------------------------------------------- the command


@pytest.fixture
def with_past(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))
    over = whole(Setup(15, PARTS, "en"), SPOKEN)
    with Store() as store:
        store.save_interview("a", sitting.to_json(replace(over, score=0.5)))
        store.save_interview("b", sitting.to_json(replace(begun(Setup(45, ("gru",), "en")), began=NOON + 1)))
    return over


def test_the_command_lists_past_interviews_and_gives_a_report(with_past, capsys, tmp_path):
    assert cli.main(["interview", "--lang", "en"]) == 0
    listed = capsys.readouterr().out
    assert "going on" in listed
    assert f"1  {words.date(NOON)}" in listed
    assert "50%" in listed
    assert cli.main(["interview", "--json", "--lang", "en"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(r["number"], r["phase"], r["score"]) for r in rows] == [(None, "asking", None), (1, "over", 0.5)]
    assert cli.main(["interview", "1", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith(f"# 模拟面试 · {words.date(NOON)}")
    path = tmp_path / "report.html"
    assert cli.main(["interview", "1", "-o", str(path), "--lang", "en"]) == 0
    Page(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2"], "there is no interview 2 (of 1)"),
        (["0"], "there is no interview 0"),
        (["x"], "invalid int value"),
        (["1", "-o", "r.txt"], "written as .md or .html"),
        (["1", "-o", "no/such/r.md"], "choose another place"),
        (["-o", "r.md"], "name the interview's number"),
    ],
)
def test_bad_input_is_one_clear_line(with_past, capsys, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["interview", *arguments, "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_without_a_file_nothing_is_made(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RNNQUIZ_DATA", str(tmp_path / "data"))
    assert cli.main(["interview", "--lang", "zh"]) == 0
    assert "还没有模拟面试" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()
