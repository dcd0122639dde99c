"""Says what is installed, which isolation is active, and where data lies."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from answers.model import Language
from quiz.catalogue import message
from quiz.usage import reason

_NEEDED = ("numpy", "textual", "hypothesis", "fsrs", "platformdirs", "plotext", "matplotlib", "watchfiles")
_OPTIONAL = {
    "textual-serve": "web",
    "genanki": "anki",
    "distributed": "cluster",
    "torch": "compare",
    "onnxruntime": "compare",
    "keras": "compare",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `good` is False only where something must be mended."""

    name: str
    good: bool
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return asdict(self)


def examine(language: Language) -> list[Finding]:
    """Looks at everything; changes nothing but a probe file in the data folder."""
    return [*_installed(language), *_isolation(language), _deck(language), *_data(language), _terminal()]


def render(findings: list[Finding]) -> str:
    """One line a finding."""
    width = max(len(f.name) for f in findings)
    return "\n".join(f"{'✓' if f.good else '✗'} {f.name:{width}}  {f.detail}" for f in findings)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _installed(language: Language) -> list[Finding]:
    absent = message("doctor.absent").of(language)
    findings = [Finding("rnnquiz", True, _version("rnnquiz") or absent)]
    findings.append(
        Finding(
            "python",
            sys.version_info >= (3, 11),
            f"{platform.python_version()} · {platform.system()} {platform.machine()}",
        )
    )
    for package in _NEEDED:
        found = _version(package)
        findings.append(Finding(package, found is not None, found or absent))
    for package, extra in _OPTIONAL.items():
        hint = message("doctor.absent_extra", absent=absent, extra=extra).of(language)
        findings.append(Finding(package, True, _version(package) or hint))
    return findings


def _isolation(language: Language) -> list[Finding]:
    from quiz.grading.outcome import missing_platform, reduced_isolation

    if (elsewhere := missing_platform()) is not None:
        return [Finding("isolation", False, elsewhere.of(language))]
    from quiz.grading import locks

    active, missing = message("doctor.active").of(language), message("doctor.not_available").of(language)
    layers = locks.available()
    findings = [Finding(f"isolation: {name}", True, active if on else missing) for name, on in layers.items()]
    if (reduced := reduced_isolation()) is not None:
        findings.insert(0, Finding("isolation", True, reduced.of(language)))
    return findings


def _deck(language: Language) -> Finding:
    from answers.deck import BUILT_IN

    faults = BUILT_IN.load_faults()
    if faults:
        return Finding("deck", False, "; ".join(map(str, faults)))
    questions, tasks = len(BUILT_IN.question_ids()), len(BUILT_IN.task_ids())
    return Finding("deck", True, message("doctor.deck", questions=questions, tasks=tasks).of(language))


def _data(language: Language) -> list[Finding]:
    from quiz import store

    path = store.database_path()
    folder = path.parent
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        hint = message("doctor.set_data").of(language)
        return [Finding("data", False, f"{folder}: {reason(error, language)}; {hint}")]
    if path.exists():
        from quiz import database

        if (wrong := database.trouble(path)) is not None:
            return [Finding("data", False, wrong.of(language))]
    return [Finding("data", True, str(path))]


def _terminal() -> Finding:
    encoding = sys.stdout.encoding or "?"
    return Finding("terminal", True, f"TERM={os.environ.get('TERM', '')} {encoding}")
