r"""What standard output does with characters that its encoding lacks, as under a GBK or Latin-1 locale: it writes \uXXXX.

That stays valid inside a JSON string, which Python's own `backslashreplace` with its \xb7 does not.
"""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper

NAME = "rnnquiz.escape"


def escape_on_output() -> None:
    """From now on nothing that is printed raises UnicodeEncodeError."""
    codecs.register_error(NAME, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=NAME)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[k : k + 4]}" for k in range(0, len(units), 4)), error.end
