"""Which decks there are: the one that ships, folders of the user's own, and installed packages.

A deck is code. One that is not ours is loaded only after the user has agreed to it once; the agreement is remembered by
its folder.
"""

from __future__ import annotations

import importlib.util
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from answers.deck import BUILT_IN, Deck, open_folder
from answers.model import Text
from quiz.catalogue import message

ENTRY_POINT_GROUP = "rnnquiz.decks"
"""An installed package offers a deck as `name = "package"`, whose folder is laid out as `answers/` is."""


SETTING = "decks"
"""Under this name a store keeps the folders that were added and those whose code may run."""


def so_many(faults: Sequence[object]) -> Text:
    """How many faults a deck has."""
    return message("deck.faults.one" if len(faults) == 1 else "deck.faults.other", count=len(faults))


class Choices:
    """Which folders the user has added, and to which decks they have agreed; kept in a store's settings."""

    def __init__(self, get: Callable[[str], Any], put: Callable[[str, Any], None]) -> None:
        self._put = put
        kept = get(SETTING)
        kept = kept if isinstance(kept, dict) else {}
        self.folders: list[str] = _strings(kept.get("folders"))
        self.agreed: list[str] = _strings(kept.get("agreed"))

    def add(self, folder: Path) -> bool:
        """Add a folder; False where it was there already."""
        name = str(folder.resolve())
        if name in self.folders:
            return False
        self.folders.append(name)
        self._keep()
        return True

    def agree(self, folder: Path) -> None:
        """Its code may run, from now on."""
        if str(folder) not in self.agreed:
            self.agreed.append(str(folder))
            self._keep()

    def remove(self, folder: Path) -> None:
        """Forget a folder and the agreement to it. What was practised stays in the log."""
        self.folders = [f for f in self.folders if f != str(folder)]
        self.agreed = [f for f in self.agreed if f != str(folder)]
        self._keep()

    def offers(self) -> list[Offer]:
        """Every deck there is for this user, the one that ships first."""
        return offers(self.folders)

    def allows(self, offer: Offer) -> bool:
        """Whether the deck may be loaded without asking."""
        return offer.built_in or str(offer.folder) in self.agreed

    def _keep(self) -> None:
        self._put(SETTING, {"folders": self.folders, "agreed": self.agreed})


def _strings(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Offer:
    """A deck that could be loaded: its name, where its files lie, and how it was found."""

    name: str
    folder: Path
    origin: str

    @property
    def built_in(self) -> bool:
        """Whether it ships with the program and so needs no agreement."""
        return self.folder == BUILT_IN.folder


def offers(folders: Iterable[str]) -> list[Offer]:
    """The deck that ships, then installed packages by name, then the user's folders in the order they were added."""
    found = [Offer(BUILT_IN.name, BUILT_IN.folder, "built in"), *_installed()]
    for folder in map(Path, folders):
        found.append(Offer(_name(folder), folder.resolve(), "folder"))
    kept: dict[Path, Offer] = {}
    for offer in found:
        if offer.folder not in kept:
            taken = {o.name for o in kept.values()}
            names = (offer.name if k == 1 else f"{offer.name}-{k}" for k in itertools.count(1))
            kept[offer.folder] = replace(offer, name=next(name for name in names if name not in taken))
    return list(kept.values())


def _name(folder: Path) -> str:
    """A folder's name as its questions' ids can carry it."""
    return re.sub(r"[^\w.-]+", "-", folder.name) or "deck"


def _installed() -> Iterator[Offer]:
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP)):
        # find_spec locates the package without running it (a top-level name; a dotted one runs its parents).
        spec = importlib.util.find_spec(point.value)
        if spec is not None and spec.submodule_search_locations:
            yield Offer(
                point.name, Path(next(iter(spec.submodule_search_locations))).resolve(), f"package {point.value}"
            )


def load(offer: Offer, agreed: Iterable[str]) -> Deck:
    """The offered deck. PermissionError where the user has not agreed to run its code yet."""
    if offer.built_in:
        return BUILT_IN
    if str(offer.folder) not in set(agreed):
        raise PermissionError(f"{offer.folder}: a deck is code and this one was not agreed to yet")
    return open_folder(offer.folder, offer.name)


_QUESTION = '''"""{title}"""

from answers.model import ChoiceDrill, FollowUp, KeyPoint, NotesClaim, NotesVerdict, Question, Source, Text
from answers.model import TrueFalseDrill

QUESTION = Question(
    id="{id}",
    section="{number}",
    title=Text(zh="", en=""),
    ask=Text(zh="", en=""),
    notes=(
        NotesClaim(
            "{id}-claim",
            claim=Text(zh="", en=""),
            verdict=NotesVerdict.HOLDS,
            truth=Text(zh="", en=""),
            matters=Text(zh="", en=""),
            evidence=("first-claim",),
        ),
    ),
    spoken=Text(zh="", en=""),
    whiteboard=Text(zh="", en=""),
    key_points=(
        KeyPoint("point-1", Text(zh="", en=""), mentions=()),
        KeyPoint("point-2", Text(zh="", en=""), mentions=()),
        KeyPoint("point-3", Text(zh="", en=""), mentions=()),
    ),
    follow_ups=(FollowUp(Text(zh="", en=""), Text(zh="", en="")),),
    hints=(Text(zh="", en=""), Text(zh="", en=""), Text(zh="", en="")),
    drills=(
        ChoiceDrill("{id}-choice", Text(zh="", en=""), (Text(zh="", en=""), Text(zh="", en="")), 0, Text(zh="", en="")),
        TrueFalseDrill("{id}-true", Text(zh="", en=""), True, Text(zh="", en="")),
        TrueFalseDrill("{id}-false", Text(zh="", en=""), False, Text(zh="", en="")),
    ),
    tasks=(),
    experiment="{module}",
    sources=(Source("", 0, ""),),
)
'''

_EXPERIMENT = '''"""What `{id}` claims, measured."""

import numpy as np

from answers.model import Claim, Experiment, Plot, Series, Text


def quick():
    x = np.linspace(0, 1, 11)
    yield Claim("first-claim", Text(zh="", en=""), measured=float(x.max()), relation="<=", bound=1.0)
    yield Plot(
        Text(zh="", en=""), Text(zh="", en=""), Text(zh="", en=""), (Series(Text(zh="", en=""), list(x), list(x)),)
    )


EXPERIMENT = Experiment(quick)
'''


def write_skeleton(section: Path, name: str) -> list[Path]:
    """Writes `section/qNN_name.py` and its experiment, to be filled in; `deck check` lists what is still empty.

    ValueError for a name that is no lower-case slug, FileExistsError where the question is there already.
    """
    module = name.replace("-", "_")
    if not module.isidentifier() or module != module.lower():
        raise ValueError(f"{name}: a question's name is lower case with hyphens, such as scaled-dot-product")
    if list(section.glob(f"q[0-9]*_{module}.py")):
        raise FileExistsError(f"{section}: there is a question {name} already")
    taken = [int(f.stem[1:].split("_")[0]) for f in section.glob("q[0-9]*.py") if f.stem[1:].split("_")[0].isdigit()]
    number = max(taken, default=0) + 1
    files = {
        section / f"q{number:02d}_{module}.py": _QUESTION,
        section / "experiments" / f"{module}.py": _EXPERIMENT,
    }
    for path, template in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(template.format(id=name, number=number, module=module, title=name.replace("-", " ")))
    return list(files)
