"""Every English text is spelled as a dictionary of common mistakes would have it."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("answers", "quiz", "rnnref", "tests/decks", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def test_no_common_misspelling():
    codespell = shutil.which("codespell", path=str(Path(sys.executable).parent))
    assert codespell, "codespell belongs to the extra `test`"
    done = subprocess.run([codespell, *PLACES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0
