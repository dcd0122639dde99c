from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from quiz.app import wrapping
from quiz.app.widgets.prose import blocks, inline, joined, layout
from quiz.app.wrapping import wrap


def lines(text, width, hanging=0):
    return [line.plain for line in wrap(Content(text), width, hanging)]


def test_chinese_breaks_between_characters_but_not_before_its_punctuation():
    assert lines("门控循环单元，保留旧状态。", 12) == ["门控循环单", "元，保留旧状", "态。"]
    assert lines("状态（隐藏）更新", 6) == ["状态", "（隐", "藏）更", "新"]


def test_english_breaks_at_spaces_and_a_long_word_is_cut():
    assert lines("the forget gate rules", 10) == ["the forget", "gate rules"]
    assert lines("abcdefghijkl", 5) == ["abcde", "fghij", "kl"]


def test_mixed_text_breaks_between_the_two():
    assert lines("细胞状态 c_new 等于", 10) == ["细胞状态", "c_new 等于"]


@given(st.text(st.sampled_from("门控循环，。（）ab c*+`"), max_size=60), st.integers(6, 40), st.integers(0, 4))
def test_no_line_is_too_long_and_nothing_but_spaces_is_lost(text, width, hanging):
    found = lines(text, width, hanging)
    assert all(cell_len(line) <= max(width, hanging + 4) + 1 or "，" in line or "）" in line for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


@given(st.text(st.sampled_from("ab  ,.)(%’…℃‘“”·→\n\t"), max_size=20))
def test_a_text_without_wide_characters_breaks_where_any_text_does(text):
    ends = [k for k in range(1, len(text)) if wrapping._may_break(text[k - 1], text[k])]
    found = list(wrapping._units(text))
    assert [end for _, end in found] == [*ends, *[len(text)] * bool(text)]
    assert "".join(text[start:end] for start, end in found) == text


def test_what_is_taken_for_narrow_is():
    taken = [chr(k) for k in range(0x11000) if wrapping._NARROW.fullmatch(chr(k))]
    assert len(taken) > 4000
    assert not any(map(wrapping.is_wide, taken))


def test_a_line_break_inside_a_chinese_paragraph_is_no_space():
    assert joined("加法，", "所以") == "加法，所以"
    assert joined("the sum", "of both") == "the sum of both"
    (block,) = blocks("先遗忘，\n再相加。")
    assert block.text == "先遗忘，再相加。"


def test_markdown_that_the_deck_uses():
    source = "# Title\n\nText with `code` and **weight**\ngoes on.\n\n- one\n  more\n- two\n\n    c = f * c\n    h = o"
    found = [(b.kind, b.text) for b in blocks(source) if b.kind != "blank"]
    assert found == [
        ("heading", "Title"),
        ("text", "Text with `code` and **weight** goes on."),
        ("item", "one more"),
        ("item", "two"),
        ("code", "c = f * c"),
        ("code", "h = o"),
    ]
    assert inline("`f * c` and **i * g** and f * c + i * g").plain == "f * c and i * g and f * c + i * g"


@given(st.text(max_size=200), st.integers(1, 100))
def test_any_text_is_laid_out(text, width):
    assert isinstance(layout(text, width), list)
