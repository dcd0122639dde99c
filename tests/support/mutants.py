"""Wrong variants of a right solution, made by small changes to its syntax tree, always the same ones in the same order.

A mutant differs from the solution in one place: an operator, an operand, a name, a number, an axis, a slice, the order of
what is returned, a statement that is missing. Others wrap the function: it changes an argument, remembers its first result,
hands out one buffer again and again, or works in single precision.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from answers.inputs import AnyArray, Array, Arrays, Group
from answers.model import Task

TOLD_ELSEWHERE = {"sigmoid"}
"""Helpers that many solutions share; their mistakes are those of a task of their own."""

KINDS = (
    ("h", "c", "h0", "c0", "h_new", "c_new", "tanh_c"),
    ("W", "U"),
    ("W_r", "W_z", "W_n"),
    ("U_r", "U_z", "U_n"),
    ("b_r", "b_z", "b_n"),
    ("i", "f", "g", "o"),
    ("r", "z", "n"),
    ("dh", "dc", "dc_new"),
    ("da_i", "da_f", "da_g", "da_o"),
    ("da_r", "da_z", "da_n", "drh"),
    ("rows", "cols"),
    ("seq_len", "batch_size"),
    ("input_size", "hidden_size", "width", "directions"),
    ("ahead", "back"),
    ("norm", "max_norm"),
)
"""Names that somebody may take for one another, where both are known."""


class Mutant(NamedTuple):
    """A wrong variant: `change` tells it from all others of its solution, in the words of the changed line."""

    change: str
    operator: str
    write: Callable[[], str]

    @property
    def source(self) -> str:
        """The whole file."""
        return self.write()


def mutants(source: str, task: Task) -> list[Mutant]:
    """Every mutant of a solution, each once, in the order of the source."""
    tree = _without_docstrings(ast.parse(source))
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == task.function)
    found: dict[str, Mutant] = {}
    for mutant in (*_in_place(tree), *_wrapped(ast.unparse(tree), function.name, task)):
        found.setdefault(mutant.change, mutant)
    return list(found.values())


def chosen(all_of_them: list[Mutant], count: int) -> list[Mutant]:
    """`count` of the mutants, evenly spread over the source and what is wrapped around it."""
    total = len(all_of_them)
    return all_of_them if total <= count else [all_of_them[k * total // count] for k in range(count)]


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree


# ---------------------------------------------------------------- one place of the tree

Path = tuple[tuple[str, int | None], ...]


def _in_place(tree: ast.Module) -> Iterator[Mutant]:
    labels = _labels(tree)
    for path, node in list(_nodes(tree, ())):
        statement = next(path[:n] for n in range(len(path), 0, -1) if path[:n] in labels)
        known = _names_known(_get(tree, path[:1]))
        for operator, replacement in _replacements(node, known):
            gone = replacement is None and statement == path
            with _changed(tree, path, replacement):
                line = "-" if gone else _line(_get(tree, statement))
            if gone or line != _line(_get(tree, statement)):
                yield Mutant(f"{labels[statement]}  =>  {line}", operator, partial(_text, tree, path, replacement))


def _text(tree: ast.Module, path: Path, replacement: ast.AST | None) -> str:
    with _changed(tree, path, replacement):
        return ast.unparse(tree) + "\n"


@contextmanager
def _changed(tree: ast.AST, path: Path, replacement: ast.AST | None) -> Iterator[None]:
    """The tree with another node in one place (None: without it), for as long as the block lasts."""
    *way, (field, index) = path
    parent = _get(tree, tuple(way))
    before = getattr(parent, field)
    if index is None:
        after: Any = replacement
    elif replacement is None:
        is_whole_block = isinstance(parent, ast.stmt) and len(before) == 1
        after = [ast.Pass()] if is_whole_block else [*before[:index], *before[index + 1 :]]
    else:
        after = [*before[:index], replacement, *before[index + 1 :]]
    setattr(parent, field, after)
    try:
        yield
    finally:
        setattr(parent, field, before)


def _labels(tree: ast.Module) -> dict[Path, str]:
    """The first line of each statement, numbered where it occurs more than once."""
    labels: dict[Path, str] = {}
    count: Counter[str] = Counter()
    for path, node in _nodes(tree, ()):
        if isinstance(node, ast.stmt):
            line = _line(node)
            labels[path] = f"{line} #{count[line]}" if count[line] else line
            count[line] += 1
    return labels


def _line(statement: ast.stmt) -> str:
    head = copy.copy(statement)
    for block in ("body", "orelse"):
        if getattr(head, block, None):
            setattr(head, block, [ast.Pass()])
    return ast.unparse(ast.fix_missing_locations(head)).split("\n")[0]


def _nodes(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.AST]]:
    """Every node below, with the way to it; decorators, annotations and shared helpers aside."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or getattr(child, "name", None) in TOLD_ELSEWHERE - {_last_name(node)}:
                continue
            here = (*path, (field, index))
            yield here, child
            yield from _nodes(child, here)


def _last_name(node: ast.AST) -> str:
    """The function that a module ends with: what is graded, which is told here."""
    return node.body[-1].name if isinstance(node, ast.Module) and isinstance(node.body[-1], ast.FunctionDef) else ""


def _get(tree: ast.AST, path: Path) -> Any:
    node: Any = tree
    for field, index in path:
        node = getattr(node, field)
        node = node if index is None else node[index]
    return node


def _names_known(outer: ast.AST) -> set[str]:
    return {n.arg for n in ast.walk(outer) if isinstance(n, ast.arg)} | {
        n.id for n in ast.walk(outer) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }


_OPPOSITE: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.Div(),
    ast.Div: ast.Mult(),
    ast.MatMult: ast.Mult(),
    ast.Pow: ast.Mult(),
}
_COMPARED: dict[type[ast.cmpop], tuple[ast.cmpop, ...]] = {
    ast.Lt: (ast.LtE(), ast.Gt()),
    ast.LtE: (ast.Lt(), ast.Gt()),
    ast.Gt: (ast.GtE(), ast.Lt()),
    ast.GtE: (ast.Gt(), ast.Lt()),
}
_CALLS = {
    "np.tanh": ("sigmoid", "np.sin"),
    "sigmoid": ("np.tanh",),
    "np.exp": ("np.exp2",),
    "np.abs": ("np.negative",),
    "np.zeros": ("np.ones",),
    "np.zeros_like": ("np.ones_like",),
    "np.stack": ("np.concatenate",),
    "np.concatenate": ("np.stack",),
    "np.where": (),
    "np.sum": ("np.mean", "np.prod"),
    "np.sqrt": ("np.square",),
    "np.sign": ("np.abs",),
    "np.eye": ("np.ones",),
    "reversed": ("list",),
    "len": (),
}
_METHODS = {"sum": ("mean", "max"), "max": ("min", "mean"), "mean": ("sum", "max"), "normal": ("standard_cauchy",)}


def _replacements(node: ast.AST, known: set[str]) -> Iterator[tuple[str, ast.AST | None]]:
    match node:
        case ast.BinOp(left, op, right):
            yield "operator", ast.BinOp(left, _OPPOSITE[type(op)], right)
            if not isinstance(op, ast.Add | ast.Mult):
                yield "operands swapped", ast.BinOp(right, op, left)
            yield "operand dropped", left
            yield "operand dropped", right
        case ast.UnaryOp(_, operand):
            yield "sign dropped", operand
        case ast.Compare(left, [op], [right]):
            for other in _COMPARED.get(type(op), ()):
                yield "comparison", ast.Compare(left, [other], [right])
        case ast.Attribute(value, "T"):
            yield "transpose dropped", value
        case ast.Constant(bool() as flag):
            yield "flag", ast.Constant(not flag)
        case ast.Constant(int() | float() as number):
            yield "number", ast.Constant(number + 1)
            yield "number", ast.Constant(number - 1)
        case ast.Name(name, ast.Load()):
            yield from (("name", ast.Name(other)) for other in _mistaken(name, known))
        case ast.Call():
            yield from _calls(node)
        case ast.Subscript(value, ast.Slice() as piece):
            yield "slice dropped", value
            yield from (("slice", ast.Subscript(value, other)) for other in _slices(piece))
        case ast.Subscript(value, _, ast.Load()):
            yield "index dropped", value
        case ast.Tuple(elements) | ast.List(elements) if len(elements) > 1 and not isinstance(elements[0], ast.Slice):
            yield from _orders(node, elements)
        case ast.arguments(_, arguments):
            yield from _parameters(node, arguments)
        case ast.keyword(name, _):
            yield "option dropped", None
        case ast.IfExp(test, body, orelse):
            yield "branches", ast.IfExp(test, orelse, body)
        case ast.If():
            yield "statement dropped", None
        case ast.AugAssign(target, op, value):
            yield "accumulation", ast.Assign([target], value, lineno=0)
            yield "accumulation", ast.AugAssign(target, _OPPOSITE[type(op)], value)
        case ast.Assign() | ast.Expr():
            yield "statement dropped", None
        case ast.For(target, ast.Name() as over, body, orelse):
            yield (
                "loop cut short",
                ast.For(target, ast.Subscript(over, ast.Slice(None, ast.Constant(-1))), body, orelse, lineno=0),
            )
            yield (
                "loop backwards",
                ast.For(target, ast.Subscript(over, ast.Slice(None, None, ast.Constant(-1))), body, orelse, lineno=0),
            )


def _mistaken(name: str, known: set[str]) -> Iterator[str]:
    """The two names after this one, of those it may be taken for."""
    for kind in KINDS:
        if name in kind:
            others = [other for other in (*kind, *kind) if other in known]
            if name in others:
                place = others.index(name)
                yield from (other for other in others[place + 1 : place + 3] if other != name)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = ast.unparse(node.func)
    others = _CALLS.get(name, ())
    if isinstance(node.func, ast.Attribute):
        others = (*others, *(f"{ast.unparse(node.func.value)}.{m}" for m in _METHODS.get(node.func.attr, ())))
    for other in others:
        if other == "sigmoid":
            argument = ast.unparse(node.args[0])
            yield "function", ast.parse(f"1 / (1 + np.exp(-({argument})))", mode="eval").body
        else:
            yield "function", ast.Call(ast.parse(other, mode="eval").body, node.args, node.keywords)
    if node.args and name not in ("slice",):
        yield "call dropped", node.args[0]
    if name == "range" and len(node.args) == 1:
        (stop,) = node.args
        yield "range", ast.Call(node.func, [ast.Constant(1), stop], [])
        yield "range", ast.Call(node.func, [ast.BinOp(stop, ast.Sub(), ast.Constant(1))], [])
    if len(node.args) > 1 and not any(isinstance(a, ast.Starred) for a in node.args):
        yield "arguments swapped", ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
        if len(node.args) > 2:
            yield (
                "arguments swapped",
                ast.Call(node.func, [node.args[0], node.args[2], node.args[1], *node.args[3:]], node.keywords),
            )


def _slices(piece: ast.Slice) -> Iterator[ast.Slice]:
    lower, upper, step = piece.lower, piece.upper, piece.step
    if lower is not None:
        yield ast.Slice(None, upper, step)
    if upper is not None:
        yield ast.Slice(lower, None, step)
    if lower is not None and upper is None and step is None:
        yield ast.Slice(None, lower, None)
    if upper is not None and lower is None and step is None:
        yield ast.Slice(upper, None, None)


def _orders(node: Any, elements: list[ast.expr]) -> Iterator[tuple[str, ast.AST]]:
    kind, context = type(node), node.ctx
    for k in range(len(elements) - 1):
        swapped = [*elements[:k], elements[k + 1], elements[k], *elements[k + 2 :]]
        yield "order", kind(swapped, context)
    if isinstance(context, ast.Load):
        yield "part dropped", kind(elements[:-1], context)
        yield "part doubled", kind([*elements[:-1], elements[0]], context)


def _parameters(node: ast.arguments, arguments: list[ast.arg]) -> Iterator[tuple[str, ast.AST]]:
    for k in range(len(arguments) - 1):
        changed = copy.deepcopy(node)
        changed.args[k], changed.args[k + 1] = changed.args[k + 1], changed.args[k]
        yield "parameters swapped", changed


# ---------------------------------------------------------------- around the function

_HELPERS = """
_memory = {}

def _each(value, change, place=()):
    if isinstance(value, (tuple, list)):
        return type(value)(_each(v, change, (*place, k)) for k, v in enumerate(value))
    return change(value, place)

def _single(value, place):
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value

def _double(value, place):
    return value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype == np.float32 else value

def _in_buffer(value, place):
    if not isinstance(value, np.ndarray):
        return value
    buffer = _memory.setdefault((place, value.shape, value.dtype), np.empty_like(value))
    buffer[...] = value
    return buffer

def _nudged(value, place):
    return value * (1 + 1e-5) if isinstance(value, (np.ndarray, float)) else value

def _spoilt(value, place):
    value[...] = 0
    return value
"""

_WRAPPERS = {
    "returns single precision": "return _each(_right(*args, **options), _single)",
    "works in single precision": "return _each(_right(*_each(args, _single), **options), _double)",
    "hands out one buffer": "return _each(_right(*args, **options), _in_buffer)",
    "remembers its first result": "return _memory.setdefault('first', _right(*args, **options))",
    "remembers the last call": "last = _memory.get('last')\n    _memory['last'] = _right(*args, **options)\n"
    "    return _memory['last'] if last is None else last",
    "goes wrong from the hundredth call on": "_memory['calls'] = _memory.get('calls', 0) + 1\n"
    "    return _each(_right(*args, **options), _nudged) if _memory['calls'] > 99 else _right(*args, **options)",
    "is off by 1e-5": "return _each(_right(*args, **options), _nudged)",
    "returns one more list": "return [_right(*args, **options)]",
    "returns an iterator": "return iter(_right(*args, **options))",
    "returns plain lists": "return _each(_right(*args, **options), lambda value, place: getattr(value, 'tolist', lambda: value)())",
    "returns nothing": "_right(*args, **options)",
    "prints and returns text": "return str(_right(*args, **options))",
}
_OF_ARRAYS = {"hands out one buffer", "returns single precision", "returns plain lists"}
_OF_FLOATS = {"is off by 1e-5", "goes wrong from the hundredth call on"}
_COUNTS = {"lstm-param-count", "lstm-macs", "gru-param-count"}
_RETURN_NUMBERS = {*_COUNTS, "sequence-loss"}
_TAKE_NO_ARRAYS = {*_COUNTS, "lstm-bias-init", "orthogonal-init"}


def _wrapped(right: str, name: str, task: Task) -> Iterator[Mutant]:
    for what, body in _WRAPPERS.items():
        tells_nothing = (
            (what in _OF_ARRAYS and task.id in _RETURN_NUMBERS)
            or (what in _OF_FLOATS and task.id in _COUNTS)
            or (what == "works in single precision" and task.id in _TAKE_NO_ARRAYS)
        )
        if not tells_nothing:
            yield Mutant(what, what, partial(_around, right, name, body))
    for k, item in enumerate(task.inputs):
        if isinstance(item, Array | Arrays | AnyArray | Group):
            spoil = f"result = _right(*args, **options)\n    _each(args[{k}], _spoilt)\n    return result"
            yield Mutant(f"overwrites {item.name}", "argument changed", partial(_around, right, name, spoil))


def _around(right: str, name: str, body: str) -> str:
    """The solution, and under its name a function that does something with it."""
    return f"{right}\nimport numpy as np\n_right = {name}\n{_HELPERS}\ndef {name}(*args, **options):\n    {body}\n"
