"""`rnnquiz serve`: the app in the browser."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from importlib.util import find_spec
from pathlib import Path

from answers.model import Language
from quiz.catalogue import message
from quiz.processors import processors
from quiz.usage import Exit, UsageError, reasons
from quiz.web import visitors


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl+C; UsageError for options that will not do, or where textual-serve is not installed."""
    _check(arguments)
    if not _is_installed():
        raise UsageError(message("serve.not_installed").of(arguments.lang))
    from quiz.grading.outcome import reduced_isolation
    from quiz.web.server import Options, Server

    logging.basicConfig(level=logging.WARNING, format="rnnquiz: %(message)s")
    if not visitors.is_loopback(arguments.host):
        _say(message("serve.exposed", host=arguments.host).of(arguments.lang))
    if reduced_isolation() is not None:
        _say(message("serve.reduced").of(arguments.lang))
    folder, decks = _own(arguments.lang)
    options = Options(
        folder,
        arguments.host,
        arguments.port,
        most=arguments.visitors,
        graders=arguments.graders or processors(),
        key=visitors.new_token() if arguments.mine else "",
        language=arguments.lang if arguments.says_language else None,
        decks=decks,
    )

    def started(address: str) -> None:
        print(message("serve.address", address=address).of(arguments.lang), flush=True)
        _say((message("serve.mine") if arguments.mine else message("serve.stores")).of(arguments.lang))

    try:
        asyncio.run(Server(options).run(started))
    except OSError as error:
        raise UsageError(
            message("serve.cannot_listen", host=arguments.host, port=arguments.port, reason=reasons(error)).of(
                arguments.lang
            )
        ) from None
    return Exit.OK


def _own(lang: Language) -> tuple[Path, str]:
    """The server's data folder, and the decks that its owner has agreed to."""
    from quiz import decks
    from quiz.opened import opened

    with opened(lang) as store:
        choices = decks.Choices(store.get, store.set)
        agreed = [folder for folder in choices.folders if folder in choices.agreed]
        others = [folder for folder in choices.agreed if folder not in agreed]
        offered = json.dumps({"folders": agreed, "agreed": agreed + others}) if choices.agreed else ""
        return store.folder, offered


def _check(arguments: argparse.Namespace) -> None:
    for option, value, least, most in (
        ("--port", arguments.port, 0, 65535),
        ("--visitors", arguments.visitors, 1, 1000),
        ("--graders", arguments.graders if arguments.graders is not None else 1, 1, 256),
    ):
        if not least <= value <= most:
            raise UsageError(message("serve.out_of_range", option=option, least=least, most=most).of(arguments.lang))


def _say(line: str) -> None:
    print(f"rnnquiz: {line}", file=sys.stderr, flush=True)


def _is_installed() -> bool:
    try:
        return find_spec("textual_serve") is not None
    except ValueError:  # it is there in name alone
        return False
