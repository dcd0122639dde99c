"""What a syntax tree shows without running it: functions bound at top level, who calls whom, modules named."""

from __future__ import annotations

import _ast
import sys
from collections.abc import Collection, Iterator
from typing import Any

_ONLY_TREE = 0x400  # ast.PyCF_ONLY_AST; the module ast itself is not needed
_COMPREHENSIONS = (_ast.ListComp, _ast.SetComp, _ast.DictComp, _ast.GeneratorExp)
_SCOPES = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef, _ast.Lambda)


def parse(source: bytes, filename: str) -> _ast.Module:
    """The syntax tree; raises what `compile` raises."""
    tree: _ast.Module = compile(source, filename, "exec", _ONLY_TREE, dont_inherit=True)
    return tree


def look_at(tree: _ast.Module, known: Collection[str]) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
    """Functions of `known` that the top level binds, those of them that others call, and the modules named anywhere."""
    bound = _Bound()
    for statement in tree.body:
        bound.visit(statement)
    functions = tuple(name for name in bound.nodes if name in known)
    modules = sorted(set(_modules(tree, functions)))
    return functions, _helpers(functions, bound), tuple(modules)


def children(node: Any) -> list[Any]:
    """The nodes directly below `node`, in order; those without fields, like operators, left out."""
    found: list[Any] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, _ast.AST)]
        elif isinstance(value, _ast.AST) and value._fields:
            found.append(value)
    return found


def walk(node: Any) -> Iterator[Any]:
    """`node` and every node below it, without recursion."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack += children(node)


class _Bound:
    """Names that the top level binds, in order, each with the nodes whose names it then stands for."""

    def __init__(self) -> None:
        self.nodes: dict[str, list[Any]] = {}

    def visit(self, statement: Any) -> None:
        """Note what `statement` binds; blocks (`if`, `try`, `for`, `with`) are looked into, functions are not."""
        for node in _outside_of_scopes(statement):
            for name in _binds(node):
                self.nodes.setdefault(name, []).append(node if isinstance(node, _SCOPES) else statement)

    def uses(self, name: str) -> set[str]:
        """Names that the value of `name` uses."""
        nodes = {id(node): node for node in self.nodes.get(name, ())}
        return set().union(*(_used(node) for node in nodes.values()))


def _outside_of_scopes(statement: Any) -> Iterator[Any]:
    """`statement` and what lies below it in the same scope."""
    stack = [statement]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, _ast.AnnAssign) and node.value is None:
            continue  # a bare annotation binds nothing
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
            stack += reversed(children(node))


def _binds(node: Any) -> Iterator[str]:
    if isinstance(node, (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef)):
        yield node.name
    elif isinstance(node, _ast.Name) and isinstance(node.ctx, _ast.Store):
        yield node.id
    elif isinstance(node, (_ast.Import, _ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0]
    elif isinstance(node, (_ast.MatchAs, _ast.MatchStar)) and node.name:
        yield node.name


def _used(node: Any) -> set[str]:
    """Names that `node` reads and that a function inside it does not bind itself."""
    if not isinstance(node, _SCOPES):
        return _free_below(node)
    return _free_below(node) - _local(node)


def _free_below(node: Any) -> set[str]:
    names: set[str] = set()
    stack = children(node)
    while stack:
        below = stack.pop()
        if isinstance(below, _ast.Name) and isinstance(below.ctx, _ast.Load):
            names.add(below.id)
        if isinstance(below, _SCOPES):
            names |= _used(below)
        else:
            stack += children(below)
    return names


def _local(function: Any) -> set[str]:
    """Parameters and names that the function assigns, its `global` ones not."""
    if isinstance(function, _ast.ClassDef):
        return set()
    local = {node.arg for node in walk(function.args) if isinstance(node, _ast.arg)}
    body = function.body if isinstance(function.body, list) else [function.body]
    shared: set[str] = set()
    for statement in body:
        for node in _outside_of_scopes(statement):
            local.update(_binds(node))
            if isinstance(node, (_ast.Global, _ast.Nonlocal)):
                shared.update(node.names)
    return local - shared


def _helpers(functions: tuple[str, ...], bound: _Bound) -> frozenset[str]:
    """Functions that another one reaches, directly or through names of the file; in a circle nobody is a helper."""
    if len(functions) < 2:
        return frozenset()
    reach = {name: _reached(name, bound) for name in functions}
    return frozenset(g for g in functions for f in functions if g != f and g in reach[f] and f not in reach[g])


def _reached(name: str, bound: _Bound) -> set[str]:
    reached: set[str] = set()
    stack = list(bound.uses(name))
    while stack:
        below = stack.pop()
        if below not in reached:
            reached.add(below)
            if below in bound.nodes:
                stack += bound.uses(below)
    return reached


# ---------------------------------------------------------------- modules

_NAMING = (_ast.Import, _ast.ImportFrom, _ast.Attribute, _ast.Call)
_NUMPY_LAZY = frozenset(
    {"random", "fft", "testing", "ma", "polynomial", "ctypeslib", "rec", "char", "strings", "emath"}
)
"""Parts of NumPy that are loaded when they are first used."""
_NUMPY_STAR = (
    "polynomial",
    "char",
    "ctypeslib",
    "f2py",
    "testing",
    "fft",
    "random",
    "ma",
    "strings",
    "rec",
    "typing",
    "core",
)
"""Those of them, and others, that `from numpy import *` loads."""
_BESIDE = {
    "datetime": ("_strptime",),
    "time": ("_strptime",),
    "default_rng": ("numpy.random",),
    "savez": ("zipfile", "encodings.cp437"),
    "savez_compressed": ("zipfile", "encodings.cp437"),
    "zipfile": ("encodings.cp437",),
    "multiprocessing": (
        "multiprocessing.popen_fork",
        "multiprocessing.pool",
        "multiprocessing.queues",
        "multiprocessing.synchronize",
    ),
    "ThreadPoolExecutor": ("concurrent.futures.thread",),
    "ProcessPoolExecutor": ("concurrent.futures.process",),
}
"""What a module (or name) imports on its first use, when it is too late."""
_ACTS_ON_IMPORT = frozenset(
    {"antigravity", "this", "idlelib", "turtledemo", "test", "tests", "__main__", "__hello__", "conftest"}
)


def _modules(tree: _ast.Module, functions: tuple[str, ...]) -> Iterator[str]:
    """Modules to import before the locks close: named in an import, or parts of NumPy named as attributes."""
    for node in walk(tree):
        if isinstance(node, _NAMING):
            for name in _named(node):
                if importable(name):
                    yield name
                yield from _BESIDE.get(name, ())
    if "orthogonal_init" in functions:
        yield "numpy.random"


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, _ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, _ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")
        yield from (alias.name for alias in node.names if alias.name in _BESIDE)
        if node.module == "numpy" and node.names[0].name == "*":
            yield from (f"numpy.{name}" for name in _NUMPY_STAR)
    elif isinstance(node, _ast.Attribute):
        if node.attr in _NUMPY_LAZY:
            yield f"numpy.{node.attr}"
        yield node.attr
    elif isinstance(node, _ast.Call) and node.args and isinstance(node.args[0], _ast.Constant):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if called in ("__import__", "import_module") and isinstance(node.args[0].value, str):
            yield node.args[0].value


def allowed(name: str) -> bool:
    """Whether a submission may import it: the standard library and NumPy."""
    top = name.partition(".")[0]
    return top == "numpy" or top in sys.stdlib_module_names


def importable(name: str) -> bool:
    """Whether it may be imported ahead of the submission: allowed, and does nothing but define things."""
    return allowed(name) and not _ACTS_ON_IMPORT.intersection(name.split("."))
