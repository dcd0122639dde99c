"""`rnnquiz deck add | list | remove`, and the question that comes before the code of a deck runs."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from answers.deck import DeckError
from answers.model import Language, Text
from quiz import decks, shelf
from quiz.decks import Choices, Offer
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
        raise UsageError(
            Text(
                zh=f"{path}：不是题库；题库是放着 qNN_name.py 的文件夹",
                en=f"{path}: no deck; a deck is a folder of qNN_name.py files",
            ).of(lang)
        )
    folder = path.resolve()
    offer = next((o for o in decks.offers([*choices.folders, str(folder)]) if o.folder == folder), None)
    if offer is None or offer.built_in:
        raise UsageError(Text(zh=f"{path}：这是自带的题库", en=f"{path}: this is the deck that ships").of(lang))
    if not choices.allows(offer):
        if not (yes or _agrees(offer, lang)):
            raise UsageError(
                Text(
                    zh=f"没有加入 {offer.name}；信得过它就用 --yes",
                    en=f"{offer.name} was not added; if you trust it, add it with --yes",
                ).of(lang)
            )
        choices.agree(folder)
    try:
        count = len(shelf.open_deck(decks.load(offer, choices.agreed)))
    except DeckError as error:
        choices.remove(folder)
        raise UsageError(
            Text(
                zh=f"{path}：有 {len(error.faults)} 处错误，没有加入；rnnquiz deck check {path} 列出全部",
                en=f"{path}: {len(error.faults)} faults, not added; rnnquiz deck check {path} lists them",
            ).of(lang)
        ) from None
    choices.add(folder)
    return Text(zh=f"已加入 {offer.name}：{count} 道题", en=f"added {offer.name}: {count} questions").of(lang)


def _agrees(offer: Offer, lang: Language) -> bool:
    """Asks at the terminal; without one nobody can agree."""
    if not sys.stdin.isatty():
        return False
    ask = Text(zh=f"加载 {offer.folder}？[y/N] ", en=f"Load {offer.folder}? [y/N] ").of(lang)
    print(decks.WARNING.of(lang), file=sys.stderr)
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
        print(f"rnnquiz: {decks.WARNING.of(lang)}", file=sys.stderr)
        return True
    return _agrees(offer, lang)


def _remove(choices: Choices, name: str, lang: Language) -> str:
    from quiz.usage import UsageError

    folder = Path(name).resolve()
    for offer in choices.offers():
        if not offer.built_in and (offer.name == name or offer.folder == folder):
            choices.remove(offer.folder)
            return Text(
                zh=f"已移除 {offer.name}；练习记录还在", en=f"removed {offer.name}; what you practised is kept"
            ).of(lang)
    raise UsageError(
        Text(zh=f"没有题库 {name}；rnnquiz deck list 列出全部", en=f"no deck {name}; rnnquiz deck list shows all").of(
            lang
        )
    )


def _listed(choices: Choices, arguments: Namespace) -> str:
    rows = [(offer, choices.allows(offer)) for offer in choices.offers()]
    if arguments.json:
        return json.dumps(
            [{"name": o.name, "folder": str(o.folder), "origin": o.origin, "agreed": agreed} for o, agreed in rows],
            ensure_ascii=False,
        )
    words = {
        True: Text(zh="可加载", en="loaded without asking"),
        False: Text(zh="加载前会问", en="asked about before it is loaded"),
    }
    return "\n".join(f"{o.name:16} {o.origin:10} {words[agreed].of(arguments.lang)}  {o.folder}" for o, agreed in rows)


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
            troubles.append(f"{offer.folder}: {len(error.faults)} faults; rnnquiz deck check {offer.folder} lists them")
    return troubles
