"""The messages of the settings: the name of each, its values, what it is for."""

from __future__ import annotations

from answers.model import Text
from quiz import settings
from quiz.catalogue import message
from quiz.settings import Choice, Command, Number, Setting

GROUPS: tuple[tuple[Text, tuple[Setting, ...]], ...] = (
    (message("settings.group.interface"), (settings.LANGUAGE, settings.THEME, settings.EDITOR)),
    (
        message("settings.group.each_day"),
        (settings.NEW_PER_DAY, settings.REVIEWS_PER_DAY, settings.RETENTION),
    ),
    (message("settings.group.grading"), (settings.TIME_LIMIT, settings.MEMORY_LIMIT)),
)
NAMES = {
    settings.LANGUAGE.name: message("settings.name.language"),
    settings.THEME.name: message("settings.name.theme"),
    settings.EDITOR.name: message("settings.name.editor"),
    settings.NEW_PER_DAY.name: message("settings.name.new_per_day"),
    settings.REVIEWS_PER_DAY.name: message("settings.name.reviews_per_day"),
    settings.RETENTION.name: message("settings.name.retention"),
    settings.TIME_LIMIT.name: message("settings.name.time_limit"),
    settings.MEMORY_LIMIT.name: message("settings.name.memory_limit"),
}
UNITS = {
    settings.NEW_PER_DAY.name: message("settings.unit.new_per_day"),
    settings.REVIEWS_PER_DAY.name: message("settings.unit.reviews_per_day"),
    settings.RETENTION.name: message("settings.unit.retention"),
    settings.TIME_LIMIT.name: message("settings.unit.time_limit"),
    settings.MEMORY_LIMIT.name: message("settings.unit.memory_limit"),
}
OPTIONS = {
    "zh": message("language.zh"),
    "en": message("language.en"),
    "auto": message("settings.option.auto"),
    "ink": message("settings.option.ink"),
    "paper": message("settings.option.paper"),
    "ansi-dark": message("settings.option.ansi_dark"),
    "ansi-light": message("settings.option.ansi_light"),
}
ABOUT = {
    settings.LANGUAGE.name: message("settings.about.language"),
    settings.THEME.name: message("settings.about.theme"),
    settings.EDITOR.name: message("settings.about.editor"),
    settings.NEW_PER_DAY.name: message("settings.about.new_per_day"),
    settings.REVIEWS_PER_DAY.name: message("settings.about.reviews_per_day"),
    settings.RETENTION.name: message("settings.about.retention"),
    settings.TIME_LIMIT.name: message("settings.about.time_limit"),
    settings.MEMORY_LIMIT.name: message("settings.about.memory_limit"),
}


def shown(setting: Setting, value: object, theme: str, editor: str) -> Text:
    """A value. `theme`: the one worn now; `editor`: the command that is used where none is set."""
    match setting:
        case Choice(name="theme") if value == settings.AUTO:
            auto, worn = OPTIONS[settings.AUTO], OPTIONS[theme]
            return Text(zh=f"{auto.zh} · {worn.zh}", en=f"{auto.en} · {worn.en}")
        case Choice():
            return OPTIONS[str(value)]
        case Number():
            assert isinstance(value, int | float)
            unit = UNITS[setting.name]
            return Text(zh=f"{setting.shown(value)}{unit.zh}", en=f"{setting.shown(value)}{unit.en}")
        case Command():
            if value:
                return Text(zh=str(value), en=str(value))
            return message("settings.environment", editor=editor) if editor else message("settings.none_set")


def bounds(setting: Setting) -> Text | None:
    """What may be typed, and the value to begin with."""
    if not isinstance(setting, Number):
        return None
    low, high, default = (setting.shown(v) for v in (setting.low, setting.high, setting.default))
    unit = UNITS[setting.name]
    return message("settings.bounds", low=low, high=high, unit=unit, default=default)
