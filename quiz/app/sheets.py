"""The stylesheet of the app: what was once found out is kept.

What was read for a theme, so that to change to it is not to read it all again; and which rules hold for a widget where it
stands, so that no selector is compared twice for screens built one like the other and for a focus that comes and goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

Found = dict[tuple[object, ...], RulesMap]
"""What Textual keeps within one update."""
Read = LRUCache[tuple[object, ...], list[RuleSet]]


class Held(NamedTuple):
    """What holds for a node: its rules (None where none does), and what Textual notes about it besides."""

    rules: RulesMap | None
    hover: bool
    focus_within: bool
    order: bool
    odd_or_even: bool


class Sheets(Stylesheet):
    """Textual's stylesheet, which forgets its rules when its variables change, with a memory of each theme's rules."""

    _by_variables: dict[int, Read]

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._by_variables = {}
        self._held_of: list[RuleSet] = []
        self._held: LRUCache[tuple[object, ...], Held] = LRUCache(2000)
        self._asked: dict[frozenset[str], tuple[str, ...]] = {}
        self._seen: dict[DOMNode, RulesMap] = {}
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

    # ------------------------------------------------------------ which rules hold

    def apply(self, node: DOMNode, *, animate: bool = False, cache: Found | None = None) -> None:
        if self.rules is not self._held_of:
            self._held_of = self.rules
            self._held.clear()
            self._asked.clear()
        where = self._where(node)
        held = self._held.get(where)
        if held is None:
            super().apply(node, animate=animate)
            self._held[where] = Held(
                self._seen.pop(node, None),
                node._has_hover_style,
                node._has_focus_within,
                node._has_order_style,
                node._has_odd_or_even,
            )
            return
        rules, node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even = held
        if rules is not None:
            super().replace_rules(node, rules, animate=animate)
        self._process_component_classes(node)

    def replace_rules(self, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:  # type: ignore[override]
        self._seen[node] = rules
        super().replace_rules(node, rules, animate=animate)

    def _where(self, node: DOMNode) -> tuple[object, ...]:
        """All that selectors can ask about a node: of it and those around it the type, id, classes and states."""
        names = frozenset(node._selector_names)
        asked = self._asked.get(names)
        if asked is None:
            asked = self._asked[names] = self._states_asked(names)
        return tuple(
            (type(each), each._id, frozenset(each._classes), *[name for name in asked if each.has_pseudo_class(name)])
            for each in node.css_path_nodes
        )

    def _states_asked(self, names: frozenset[str]) -> tuple[str, ...]:
        """The states (pseudo-classes) that a rule for a node of these selector names asks about, of it or those around it."""
        rules_map = self.rules_map
        return tuple(
            sorted(
                {
                    state
                    for name in names
                    for rule in rules_map.get(name, ())
                    for selectors in rule.selector_set
                    for selector in selectors.selectors
                    for state in selector.pseudo_classes
                }
            )
        )
