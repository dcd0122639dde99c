"""What a confined process can reach."""

import ctypes
import os
import subprocess
import sys

import pytest

SCRIPT = """
import json, os, sys
from pathlib import Path
from quiz.web import confine
own, other = map(Path, sys.argv[1:])
held = confine.confine([own])
def tried(action):
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "done"
import decimal, numpy, sqlite3  # what Python needs can still be read
connection = sqlite3.connect(own / "a.db")
connection.execute("PRAGMA journal_mode=WAL"); connection.execute("CREATE TABLE t (x)"); connection.close()
print(json.dumps({
    "held": held,
    "own": tried(lambda: (own / "x").write_text("1")),
    "own rename": tried(lambda: (own / "x").rename(own / "y")),
    "read other": tried(lambda: (other / "secret").read_text()),
    "list other": tried(lambda: list(other.iterdir())),
    "write other": tried(lambda: (other / "new").write_text("1")),
    "truncate other": tried(lambda: os.truncate(other / "secret", 0)),
    "remove other": tried(lambda: (other / "secret").unlink()),
    "link out": tried(lambda: os.link(other / "secret", own / "stolen")),
    "home": tried(lambda: list(Path(os.environ["HOME"]).iterdir())),
    "null": tried(lambda: Path("/dev/null").write_text("x")),
}))
"""


def has_landlock():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return (
        sys.platform == "linux" and libc.syscall(ctypes.c_long(444), None, ctypes.c_size_t(0), ctypes.c_uint32(1)) > 0
    )


@pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock")
def test_its_own_folder_and_nothing_beside_it(tmp_path):
    import json

    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (other / "secret").write_text("secret")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(own), str(other)],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(other)},
        check=False,
        timeout=60,
    )
    found = json.loads(done.stdout or done.stderr)
    assert found.pop("held")
    allowed = {name for name, result in found.items() if result == "done"}
    assert allowed == {"own", "own rename", "null"}
    assert (other / "secret").read_text() == "secret"
