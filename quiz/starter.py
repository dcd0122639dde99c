"""The file that `rnnquiz new` writes."""

from __future__ import annotations

import shlex

from answers.catalogue import TaskCard
from answers.model import Language, Task
from quiz.catalogue import message


def grading(path: str) -> str:
    """The command that grades a file, as it is typed in a shell; on one line."""
    shown = "".join(c if c.isprintable() else "?" for c in path)
    return f"rnnquiz grade {shlex.quote(f'./{shown}' if shown.startswith('-') else shown)}"


def starter(card: TaskCard, task: Task, language: Language, name: str) -> str:
    """A submission to fill in, for a file called `name`: what is asked as comments, then the function's head."""
    ask = "\n".join(f"# {line}".rstrip() for line in task.ask.of(language).strip().splitlines())
    grade = message("new.grade_with", command=grading(name)).of(language)
    return (
        f"{ask}\n#\n# {grade}\n\n"
        "import numpy as np\n\n\n"
        f"def {card.function}({card.parameters}):\n"
        f'    raise NotImplementedError("{card.function}")\n'
    )
