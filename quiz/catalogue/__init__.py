"""All that the interface says, one catalogue per language.

`zh.py` and `en.py` hold the same keys in the same order, by the screen or command where a message appears, so that the two
can be laid side by side. What the deck says, its questions and tasks, stands in `answers`.

How to write an entry:

- A key names the place and the meaning: `"home.help"`, `"grade.no_such_path"`. Add it to both files, at the same place.
- A value that changes is a named placeholder, in both languages, with a format where one is due: `"{seconds:.1f} s"`. A brace
  that is to be seen is written twice.
- Messages of the app are Markdown where the sentence has marks of it; formulas are Unicode or indented code.
- Where English counts, two keys end in `.one` and `.other`, and the code chooses between them.
- Blanks at either end count: they stand where a message is joined to another.

The code says `message("home.help")`, with the placeholders' values as keywords, and always writes the key out:
`tests/quiz/test_catalogue.py` reads every use and finds a missing key, a missing value and a message that nobody says.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from answers.model import Language, Text, formula
from quiz.catalogue import en, zh


def message(key: str, /, **values: object) -> Text:
    """The message of that key in both languages, its placeholders filled. A value that is a Text is put in language by language.

    KeyError for an unknown key, and for a placeholder without a value.
    """
    if not values:
        return _plain(key)
    return Text(zh=_filled(zh.MESSAGES[key], values, "zh"), en=_filled(en.MESSAGES[key], values, "en"))


def listed(items: Iterable[str | Text], joint: Text | None = None) -> Text:
    """Items as each language lists them: `a, b, c`, or with a `joint` of one's own."""
    between = joint or message("common.comma")
    both = [item if isinstance(item, Text) else formula(item) for item in items]
    return Text(zh=between.zh.join(text.zh for text in both), en=between.en.join(text.en for text in both))


@cache
def _plain(key: str) -> Text:
    return Text(zh=zh.MESSAGES[key].format(), en=en.MESSAGES[key].format())


def _filled(template: str, values: dict[str, object], language: Language) -> str:
    said = {name: value.of(language) if isinstance(value, Text) else value for name, value in values.items()}
    return template.format_map(said)
