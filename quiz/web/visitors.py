"""Who a visitor is, where their progress lies, and what their process is given of this machine.

A browser is known by a random token in a cookie; its store lies in a folder named by the token's hash, so that who sees
the folders cannot take anybody's place. A connection without a cookie gets a folder that goes when it ends.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from answers.model import Language
from quiz import visitor

COOKIE = "rnnquiz-visitor"
KEPT = (
    "PATH",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUTF8",
    "TZ",
    "OPENBLAS_NUM_THREADS",
    "OPENBLAS_CORETYPE",
)
"""Variables of the server that a visitor's process gets; nothing else of its environment is handed on."""
_TOKEN = re.compile(r"[0-9a-f]{32}")
COLUMNS, LINES = range(20, 501), range(8, 201)
"""Sizes of a terminal that a browser may ask for."""


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_hex(16)


def is_token(text: str | None) -> bool:
    """Whether a cookie's value can be one of ours."""
    return text is not None and _TOKEN.fullmatch(text) is not None


def folder_of(token: str, visitors: Path) -> Path:
    """Where the visitor's progress lies."""
    return visitors / hashlib.sha256(token.encode()).hexdigest()[:32]


def accepted_language(header: str) -> Language | None:
    """The first of our languages in an Accept-Language header by its weights; None where neither is wanted."""
    best: tuple[float, Language] | None = None
    for part in header.split(","):
        name, _, weight = part.partition(";q=")
        language = name.strip().lower()[:2]
        try:
            value = float(weight) if weight else 1.0
        except ValueError:
            continue
        if (language == "zh" or language == "en") and value > 0 and (best is None or value > best[0]):
            best = value, "zh" if language == "zh" else "en"
    return best[1] if best else None


def fitted(text: object, sizes: range, default: int) -> int:
    """A size as a browser states it, within what a terminal may have."""
    try:
        value = int(str(text))
    except ValueError:
        return default
    return min(max(value, sizes[0]), sizes[-1])


def environment(
    ours: Mapping[str, str], folder: Path, home: Path, language: Language, graders: str, size: tuple[int, int]
) -> dict[str, str]:
    """What a visitor's process is started with. `home`: what it takes for the user's own folder."""
    return {
        **{name: ours[name] for name in KEPT if name in ours},
        "RNNQUIZ_DATA": str(folder),
        visitor.VARIABLE: "1",
        "RNNQUIZ_GRADERS": graders,
        "HOME": str(home),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "LANG": "zh_CN.UTF-8" if language == "zh" else "en_US.UTF-8",
        "PYTHONIOENCODING": "utf-8",
        "TERM": "xterm-256color",
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_FPS": "60",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM_PROGRAM": "textual",
        "COLUMNS": str(size[0]),
        "ROWS": str(size[1]),
    }


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """The name in a Host header, without its port and brackets."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def is_same_origin(origin: str | None, host: str) -> bool:
    """Whether a page of this very server asks. Programs that are no browsers send no Origin."""
    return origin is None or origin.partition("://")[2].lower() == host.lower()
