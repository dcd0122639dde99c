"""`rnnquiz deck add | list | remove`, and the question that comes before the code of a deck runs."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from answers.deck import DeckError
from answers.model import Language, Text
from quiz import decks, shelf
from quiz.catalogue import message
from quiz.decks import Choices, Offer
from quiz.listing import padded
from quiz.opened import kept, opened
from quiz.store import database_path


def run(arguments: Namespace) -> str:
    """What to print. UsageError for bad input."""
    with opened(arguments.lang) as store:
        choices = Choices(store.get, store.set)
        if arguments.deck_command == "list":
            return _listed(choices, arguments)
        if arguments.deck_command == "add":
            said = _add(choices, arguments.folder, arguments.yes, arguments.lang)
        else:
            said = _remove(choices, arguments.name, arguments.lang)
        kept(store, arguments.lang)
        return said


def _add(choices: Choices, path: Path, yes: bool, lang: Language) -> str:
    from quiz.usage import UsageError

    if not path.is_dir() or not any(path.glob("q[0-9]*.py")):
        raise UsageError(message("deck.no_deck", path=path).of(lang))
    folder = path.resolve()
    offer = next((o for o in decks.offers([*choices.folders, str(folder)]) if o.folder == folder), None)
    if offer is None or offer.built_in:
        raise UsageError(message("deck.built_in", path=path).of(lang))
    if not choices.allows(offer):
        if not (yes or _agrees(offer, lang)):
            raise UsageError(message("deck.not_added", name=offer.name).of(lang))
        choices.agree(folder)
    try:
        count = len(shelf.open_deck(decks.load(offer, choices.agreed)))
    except DeckError as error:
        choices.remove(folder)
        raise UsageError(message("deck.faulty", path=path, faults=decks.so_many(error.faults)).of(lang)) from None
    choices.add(folder)
    return message("deck.added.one" if count == 1 else "deck.added.other", name=offer.name, count=count).of(lang)


def _agrees(offer: Offer, lang: Language) -> bool:
    """Asks at the terminal; without one nobody can agree."""
    if not sys.stdin.isatty():
        return False
    ask = message("deck.ask", folder=offer.folder).of(lang)
    print(message("deck.warning").of(lang), file=sys.stderr)
    print(ask, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def may_check(folder: Path, lang: Language) -> bool:
    """Whether a deck named on the command line may run: remembered, agreed to now, or said plainly where nobody can be asked."""
    offer = Offer(folder.name, folder.resolve(), "folder")
    if offer.built_in:
        return True
    if database_path().exists():
        with opened(lang) as store:
            if Choices(store.get, store.set).allows(offer):
                return True
    if not sys.stdin.isatty():
        print(f"rnnquiz: {message('deck.warning').of(lang)}", file=sys.stderr)
        return True
    return _agrees(offer, lang)


def _remove(choices: Choices, name: str, lang: Language) -> str:
    from quiz.usage import UsageError

    folder = Path(name).resolve()
    for offer in choices.offers():
        if not offer.built_in and (offer.name == name or offer.folder == folder):
            choices.remove(offer.folder)
            return message("deck.removed", name=offer.name).of(lang)
    raise UsageError(message("deck.unknown", name=name).of(lang))


def _listed(choices: Choices, arguments: Namespace) -> str:
    rows = [(offer, choices.allows(offer)) for offer in choices.offers()]
    if arguments.json:
        return json.dumps(
            [{"name": o.name, "folder": str(o.folder), "origin": o.origin, "agreed": agreed} for o, agreed in rows],
            ensure_ascii=False,
        )
    words = {
        True: message("deck.agreed"),
        False: message("deck.asked_first"),
    }
    lang: Language = arguments.lang
    return "\n".join(
        f"{o.name:16} {padded(_origin(o).of(lang), 10)} {words[agreed].of(lang)}  {o.folder}" for o, agreed in rows
    )


def _origin(offer: Offer) -> Text:
    if offer.built_in:
        return message("deck.origin.built_in")
    package = offer.origin.removeprefix("package ")
    return message("deck.origin.package", name=package) if package != offer.origin else message("deck.origin.folder")


def open_agreed(lang: Language) -> list[str]:
    """Put the decks that were agreed to on the shelf, for the other commands; what cannot be loaded, a line each."""
    if not database_path().exists():
        return []
    with opened(lang) as store:
        choices = Choices(store.get, store.set)
        if not choices.agreed:
            return []
        wanted = [o for o in choices.offers() if not o.built_in and choices.allows(o)]
    troubles = []
    for offer in wanted:
        try:
            shelf.open_deck(decks.load(offer, choices.agreed))
        except DeckError as error:
            said = message("deck.left_out", folder=offer.folder, faults=decks.so_many(error.faults))
            troubles.append(said.of(lang))
    return troubles
