"""The stylesheet of the app: what was read for a theme is kept, so that to change to it is not to read it all again."""

from __future__ import annotations

from collections.abc import Mapping

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

Read = LRUCache[tuple[object, ...], list[RuleSet]]


class Sheets(Stylesheet):
    """Textual's stylesheet, which forgets its rules when its variables change, with a memory of each theme's rules."""

    _by_variables: dict[int, Read]

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._by_variables = {}
        self._parse_cache = self._rules_for(variables)

    def _rules_for(self, variables: Mapping[str, str]) -> Read:
        return self._by_variables.setdefault(hash(frozenset(variables.items())), LRUCache(256))

    def set_variables(self, variables: dict[str, str]) -> None:
        self._parse_cache = LRUCache(1)  # what is cleared here
        super().set_variables(variables)
        self._parse_cache = self._rules_for(variables)

    def reparse(self) -> None:
        self.parse()

    def prepare(self, variables: dict[str, str]) -> bool:
        """Read one more source as these variables make it; whether there was one left."""
        ready = self._rules_for(variables)
        for place, (css, is_defaults, tie_breaker, scope) in self.source.items():
            if (css, place, is_defaults, tie_breaker, scope) not in ready:
                other = Stylesheet(variables=variables)
                other._parse_cache = ready
                other._parse_rules(css, place, is_defaults, tie_breaker, scope)
                return True
        return False
