"""A store as a command opens it: what it has to say goes to standard error, each line once however often it is opened."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from quiz.catalogue import message
from quiz.store import Store, database_path
from quiz.usage import UsageError

if TYPE_CHECKING:
    from answers.model import Language, Text

_said: set[str] = set()


@contextmanager
def opened(lang: Language) -> Iterator[Store]:
    """The store, closed at the end; its notices are said then, but for one that the command's own error repeats.

    Where all stays in memory, that is one for who goes on working, and the error of a command that ends says another.
    """
    with Store() as store:
        try:
            yield store
        except UsageError as error:
            if store.path is not None:
                tell((notice for notice in store.notices if notice.of(lang) != str(error)), lang)
            raise
        tell(store.notices, lang)


def kept(store: Store, lang: Language) -> None:
    """UsageError where what was just written stays in memory, and so is lost with the command."""
    if store.path is None:
        raise UsageError(message("progress.not_kept", path=database_path()).of(lang))


def tell(notices: Iterable[Text], lang: Language) -> None:
    """One line each, on standard error."""
    for notice in notices:
        line = " ".join(notice.of(lang).split())
        if line not in _said:
            _said.add(line)
            print(f"rnnquiz: {line}", file=sys.stderr)
