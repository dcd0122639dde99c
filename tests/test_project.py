"""What holds of the repository as a whole: its documents tell the truth, its tree has no strangers."""

import re
import subprocess
from pathlib import Path

import pytest

from answers import catalogue
from quiz.cli import COMMANDS
from quiz.parser import build_parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_first_screen_of_the_readme_has_a_picture_and_both_commands():
    first = "\n".join(README.splitlines()[:30])
    assert re.search(r"!\[.+\]\(docs/\S+\)", first)
    assert "<!-- command: run -->" in first
    assert "<!-- command: test -->" in first


def test_every_picture_of_the_readme_is_there():
    for path in re.findall(r"!\[[^\]]*\]\((\S+)\)", README):
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("command", [name for name in COMMANDS if name])
def test_the_readme_and_the_help_name_every_command(command):
    assert f"rnnquiz {command}" in README
    assert command in build_parser("en").format_help()


def test_help_is_there_in_both_languages():
    assert build_parser("en").format_help() != build_parser("zh").format_help()


def test_every_card_names_a_question():
    assert {card.question for card in catalogue.TASKS.values()} <= catalogue.QUESTIONS.keys()


def test_the_tree_has_no_strangers():
    allowed = {"pyproject.toml", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md"}
    folders = {"quiz", "answers", "rnnref", "tests", "docs"}
    for name in tracked():
        top = name.split("/")[0]
        assert top in allowed | folders or top.startswith("."), name


def test_no_file_names_a_registry():
    hosts = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + "js", "registry" + r"\.")))
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".tcss", ""} and path.is_file():
            assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), name
