import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import settings
from quiz.settings import Choice, Command, Number, SettingError

NUMBERS = [s for s in settings.SETTINGS if isinstance(s, Number)]
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


def test_names_are_kept_under_what_the_app_has_always_used():
    assert [s.name for s in settings.SETTINGS] == [
        "language",
        "theme",
        "editor",
        "new_per_day",
        "reviews_per_day",
        "retention",
        "time_limit",
        "memory_limit",
    ]


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda s: s.name)
@given(kept=PLAIN)
def test_whatever_is_kept_gives_a_value_that_can_be_used(setting, kept):
    value = setting.of({setting.name: kept}.get)
    match setting:
        case Choice():
            assert value in setting.options
        case Number():
            assert setting.low <= value <= setting.high
            assert not isinstance(value, bool)
        case Command():
            assert isinstance(value, str)


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda s: s.name)
@given(typed=st.text(max_size=12) | st.floats().map(str) | st.integers().map(str))
def test_what_is_typed_is_read_or_refused_in_one_line(setting, typed):
    refused = None
    try:
        value = setting.read(typed)
    except SettingError as error:
        refused = error.text
    if refused is None:
        assert setting.low <= value <= setting.high
        assert setting.of({setting.name: value}.get) == value
    else:
        assert "\n" not in refused.en + refused.zh
        assert setting.shown(setting.low) in refused.en


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda s: s.name)
@given(data=st.data())
def test_an_arrow_goes_one_step_and_back_and_stays_within_the_bounds(setting, data):
    steps = round((setting.high - setting.low) / setting.step)
    value = setting.low + setting.step * data.draw(st.integers(0, steps))
    for by in (1, -1):
        stepped = setting.stepped(value, by)
        assert setting.low <= stepped <= setting.high
        assert stepped == pytest.approx(min(max(value + by * setting.step, setting.low), setting.high))
    assert setting.read(setting.shown(setting.stepped(value, 1))) == setting.stepped(value, 1)


@pytest.mark.parametrize(
    ("typed", "value"), [("90", 0.9), ("85%", 0.85), (" 92.5 % ", 0.925), ("９０％", 0.9), ("97", 0.97)]
)
def test_retention_is_typed_in_per_cent(typed, value):
    assert settings.RETENTION.read(typed) == value


@pytest.mark.parametrize("typed", ["0.9", "69", "98", "", "ninety", "nan", "inf", "1e999", "90 91"])
def test_a_retention_out_of_reason_is_refused(typed):
    with pytest.raises(SettingError, match="from 70 to 97"):
        settings.RETENTION.read(typed)


@pytest.mark.parametrize("typed", ["-1", "101", "3.5", "", "lots"])
def test_new_cards_are_a_whole_number(typed):
    with pytest.raises(SettingError, match="whole number from 0 to 100"):
        settings.NEW_PER_DAY.read(typed)


def test_a_value_between_two_steps_goes_to_the_next_one():
    assert settings.REVIEWS_PER_DAY.stepped(25, 1) == 30
    assert settings.REVIEWS_PER_DAY.stepped(25, -1) == 20


def test_options_go_round():
    assert settings.THEME.stepped("ansi-light", 1) == "auto"
    assert settings.THEME.stepped("auto", -1) == "ansi-light"


def test_an_editor_must_be_there_and_may_have_arguments():
    assert settings.EDITOR.read(f"  {sys.executable} -I ") == f"{sys.executable} -I"
    assert settings.EDITOR.read("") == ""
    with pytest.raises(SettingError, match="no program no-such-editor"):
        settings.EDITOR.read("no-such-editor --wait")
    with pytest.raises(SettingError, match="quote"):
        settings.EDITOR.read("vim 'open")
    with pytest.raises(SettingError, match="name"):
        settings.EDITOR.read("'' -x")
