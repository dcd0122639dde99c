"""The little language of formula drills: parsed by Python's grammar, run by walking an allow-list of its tree.

Names, numbers, `+ - * / @ **`, unary minus, `.T`, and the functions below; nothing else is ever run. Numbers are
floats, so no power of integers can grow without bound; text, tree and every intermediate result are limited in size.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from answers.model import Text
from quiz.catalogue import listed, message

if TYPE_CHECKING:
    import numpy as np

LONGEST = 400
"""Characters of an expression."""
MOST_NODES = 200
LARGEST = 100_000
"""Elements of an intermediate result."""

FUNCTIONS = (
    *("tanh", "sigmoid", "relu", "softmax", "exp", "log", "sqrt", "abs", "sum", "norm"),
    *("diag", "eye", "zeros_like", "ones_like", "minimum", "maximum"),
)

_READ_AS = str.maketrans(
    {
        **dict(zip("（），。．＋－＊／＝＠＾　", "(),..+-*/=@^ ", strict=True)),
        **dict(zip("−–×⊙∘∗·÷", "--*****/", strict=True)),
        **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
        "ᵀ": ".T",
    }
)
"""What an input method or a textbook writes, as Python writes it. `·` is elementwise; a product of matrices is `@`."""

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
    ast.Pow: operator.pow,
}


_SUPERSCRIPT = re.compile("[⁺⁻⁰¹²³⁴-⁹]+")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


class FormulaError(Exception):
    """The expression cannot be read or run; `text` says why, `column` (from 0) where, when that is known."""

    def __init__(self, text: Text, column: int | None = None) -> None:
        super().__init__(text.en)
        self.text = text
        self.column = column


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """What `expression` gives on `values` (names to float arrays): a float array or a NumPy float.

    FormulaError for what is not in the language, and for shapes that do not fit together.
    """
    import numpy as np

    tree = parse(expression)
    with np.errstate(all="ignore"):
        result = _Walk(values).of(tree)
    return np.asarray(result, dtype=float)


def parse(expression: str) -> ast.expr:
    """The tree of an expression; a name on the left of a single `=` is left away (`c_new = f * c + i * g`), h² is h**2."""
    text = expression.translate(_READ_AS).strip()
    text = _SUPERSCRIPT.sub(lambda raised: "**" + raised[0].translate(_RAISED), text)
    if not text:
        raise FormulaError(message("formula.empty"))
    if len(text) > LONGEST:
        raise FormulaError(message("formula.too_many_characters", most=LONGEST))
    name, equals, rest = text.partition("=")
    if equals and name.strip().isidentifier() and not rest.startswith("="):
        text = rest.strip()
    try:
        tree = ast.parse(text, mode="eval").body
        nodes = sum(1 for _ in ast.walk(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = (getattr(error, "offset", None) or len(text) + 1) - 1  # 0 says: at the end
        raise FormulaError(
            message("formula.no_expression", place=column + 1),
            column,
        ) from None
    if nodes > MOST_NODES:
        raise FormulaError(message("formula.too_long"))
    return tree


def functions_of(expression: str) -> frozenset[str]:
    """The names of the functions that `expression` calls. FormulaError where it cannot be read."""
    return frozenset(_function_name(node.func) for node in ast.walk(parse(expression)) if isinstance(node, ast.Call))


class _Walk:
    """Evaluates a tree node by node; what is not listed here is refused."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def of(self, node: ast.expr) -> Any:
        try:
            result = self._of(node)
        except FormulaError:
            raise
        except (ValueError, TypeError, ArithmeticError, MemoryError):
            raise FormulaError(self._misfit(node), node.col_offset) from None
        if getattr(result, "size", 1) > LARGEST:
            raise FormulaError(message("formula.too_large"), node.col_offset)
        return result

    def _of(self, node: ast.expr) -> Any:
        import numpy as np

        match node:
            case ast.Constant(value=bool()):
                raise self._refuse(node)
            case ast.Constant(value=int() | float() as number):
                return np.float64(number)
            case ast.Name(id=name):
                return self._value(name, node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.of(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.of(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _BINARY[type(op)](self.of(left), self.of(right))
            case ast.BinOp(op=ast.BitXor()):
                raise FormulaError(message("formula.power"), node.col_offset)
            case ast.Attribute(value=value, attr="T"):
                return np.asarray(self.of(value)).T
            case ast.Call():
                return self._call(node)
        raise self._refuse(node)

    def _value(self, name: str, node: ast.expr) -> Any:
        if name in self.values:
            return self.values[name]
        said = message("formula.unknown_name", name=name, known=listed(self.values))
        raise FormulaError(said, node.col_offset)

    def _call(self, node: ast.Call) -> Any:
        name = _function_name(node.func)
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise FormulaError(
                message("formula.no_function", known=known),
                node.col_offset,
            )
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg != "axis" for k in node.keywords):
            raise self._refuse(node)
        arguments = [self.of(a) for a in node.args]
        axis = [int(self.of(k.value)) for k in node.keywords]
        return _functions()[name](*arguments, **({"axis": axis[0]} if axis else {}))

    @staticmethod
    def _refuse(node: ast.expr) -> FormulaError:
        return FormulaError(
            message("formula.not_read"),
            node.col_offset,
        )

    def _misfit(self, node: ast.expr) -> Text:
        if isinstance(node, ast.BinOp):
            left, right = self._shape(node.left), self._shape(node.right)
            sign = {ast.MatMult: "@", ast.Mult: "*", ast.Add: "+", ast.Sub: "-", ast.Div: "/", ast.Pow: "**"}[
                type(node.op)
            ]
            part = f"{ast.unparse(node.left)} {sign} {ast.unparse(node.right)}"
            return message("formula.shapes", part=part, left=left, right=right)
        part = ast.unparse(node)
        return message("formula.misfit", part=part)

    def _shape(self, node: ast.expr) -> str:
        return str(getattr(self.of(node), "shape", ()))


def _function_name(node: ast.expr) -> str:
    """`tanh`, and also `np.tanh` as fingers write it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name):
            return {"σ": "sigmoid", "ln": "log"}.get(name, name)
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="linalg"), attr="norm"):
            return "norm"
    return ""


def _functions() -> dict[str, Callable[..., Any]]:
    import numpy as np

    import rnnref

    def eye(size: Any) -> np.ndarray:
        if not 1 <= size <= 64:
            raise ValueError("an identity matrix here has 1 to 64 rows")
        return np.eye(int(size))

    def total(x: Any, axis: Any = None) -> Any:
        return np.sum(x, axis=None if axis is None else int(axis))

    def norm(x: Any, axis: Any = None) -> Any:
        return np.sqrt(np.sum(np.square(x), axis=None if axis is None else int(axis)))

    def softmax(x: Any, axis: Any = -1) -> Any:
        return rnnref.softmax(np.asarray(x), axis=int(axis))

    return {
        "tanh": np.tanh,
        "sigmoid": lambda x: rnnref.sigmoid(np.asarray(x)),
        "relu": lambda x: np.maximum(x, 0.0),
        "softmax": softmax,
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "sum": total,
        "norm": norm,
        "diag": np.diag,
        "eye": eye,
        "zeros_like": np.zeros_like,
        "ones_like": np.ones_like,
        "minimum": lambda a, b: np.minimum(a, b),
        "maximum": lambda a, b: np.maximum(a, b),
    }
