"""Expressions: the one reader of their syntax trees.

Nothing is evaluated. What a name, a call or an operation gives is up to the readers that derive from this one: of
schedules (`parse`), of the calls that a page edits, of schedules in the names of other libraries.
"""

import ast
import operator
import sys
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from lrsched_core._errors import refuse

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
# The syntax tree of so many characters takes less than 100 MB, and no Python exhausts its stack on it.
_LONGEST = 100_000
_SHOWN = 60


class Reader:
    """Reads numbers, strings, tuples, lists, dicts, and arithmetic between numbers."""

    # What may stand alone, and how an error says it.
    constants: ClassVar[tuple[type, ...]] = (bool, int, float, str)
    understood: ClassVar[str] = "a number, a string, True, False, a tuple or a list"
    # What arithmetic is done with beside numbers, and how an error says it.
    operands: ClassVar[tuple[type, ...]] = ()
    calculable: ClassVar[str] = "a number"

    def __init__(self, text: object) -> None:
        if not isinstance(text, str):
            raise refuse(TypeError, "text", "a string", text)
        if len(text) > _LONGEST:
            raise refuse(ValueError, "length of text", f"at most {_LONGEST} characters", len(text))
        self.text = text
        self.stripped = text.strip()

    def value(self) -> Any:
        """What the text says."""
        try:
            return self.read(self._tree())
        except (RecursionError, MemoryError):
            raise refuse(ValueError, "text", "nested less deeply", shortened(self.text)) from None

    def _tree(self) -> ast.expr:
        try:
            return ast.parse(self.stripped, mode="eval").body
        except SyntaxError as error:
            place = f", {self.position(error.lineno, error.offset)}" if error.lineno and error.offset else ""
            refusal = refuse(ValueError, "text", f"one expression ({error.msg}{place})", shortened(self.text))
            raise ValueError(f"{refusal}{self.doubt()}") from None  # noqa: EM102
        except ValueError as error:  # of a null character, in older Pythons
            raise refuse(ValueError, "text", f"one expression ({error})", shortened(self.text)) from None

    def read(self, node: ast.expr) -> Any:
        """What a part of the text says."""
        # Not recursive to the left: sums have many terms, and schedules many methods, one called on the other.
        waiting: list[ast.BinOp | ast.Call] = []
        while True:
            if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
                waiting.append(node)
                node = node.left
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and self.is_method(node.func):
                waiting.append(node)
                node = node.func.value
            else:
                break
        value = self._innermost(node)
        for above in reversed(waiting):
            below, node = node, above
            if isinstance(node, ast.BinOp):
                value = self._calculated(node, self._operand(below, value))
            else:
                value = self._called(node, self.method(node.func, value), value)  # type: ignore[arg-type]  # as above
        return value

    def is_method(self, _node: ast.Attribute) -> bool:
        """Whether what is called is a method of what stands before the dot; else the whole is a path to a function."""
        return False

    def function(self, node: ast.expr) -> Any:
        """What is called, to be given to `call`."""
        return self.refuse(node, self.understood)

    def method(self, node: ast.Attribute, _receiver: Any) -> Any:
        """The same of a method."""
        return self.refuse(node, self.understood)

    def call(self, function: Any, arguments: list[Any], named: dict[str, Any], receiver: Any) -> Any:
        """What a call gives."""
        raise NotImplementedError

    def hint(self, _function: Any, _named: dict[str, Any], _error: Exception) -> str:
        """What may have been meant by a call that raises an error, as a sentence."""
        return ""

    def name(self, node: ast.Name) -> Any:
        """What a name gives that is not called."""
        return self.refuse(node, self.understood)

    def items(self, values: list[Any]) -> Any:
        """What a tuple or a list gives."""
        return tuple(values)

    def operation(self, kind: type[ast.operator], left: Any, right: Any) -> Any:
        """What arithmetic gives."""
        return ARITHMETIC[kind](left, right)

    def negative(self, value: Any) -> Any:
        """What a minus before an operand gives."""
        return -value

    def made(self, node: ast.expr, value: Any) -> Any:
        """The value of a part of the text, if it is no more than may be."""
        # Neither what comes of it nor the error message may take long.
        if isinstance(value, int) and abs(value) > sys.float_info.max:
            self.refuse(node, "a number within the float range")
        return value

    def _innermost(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, self.constants):
            return self.made(node, node.value)
        if isinstance(node, ast.Tuple | ast.List):
            return self.items([self.read(item) for item in node.elts])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self._operand(node.operand, self.read(node.operand))
            if isinstance(node.op, ast.USub):
                return self.made(node, self.negative(value))
            return value if isinstance(value, int | float) else self.refuse(node.operand, "a number")
        if isinstance(node, ast.Call):
            return self._called(node, self.function(node.func), None)
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
            keys = [self._innermost(key) for key in node.keys if key]
            return dict(zip(keys, map(self.read, node.values), strict=True))
        return self.refuse(node, self.understood)

    def _operand(self, node: ast.expr, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float, *self.operands)):
            self.refuse(node, self.calculable)
        return value

    def _calculated(self, node: ast.BinOp, left: Any) -> Any:
        right = self._operand(node.right, self.read(node.right))
        try:
            value = self.operation(type(node.op), left, right)
        except (ArithmeticError, TypeError, ValueError) as error:
            self.refuse(node, f"what can be calculated ({error})")
        return self.made(node, value)

    def _called(self, node: ast.Call, function: Any, receiver: Any) -> Any:
        if any(keyword.arg is None for keyword in node.keywords):
            self.refuse(node, "a call without **")
        arguments = [self.read(argument) for argument in node.args]
        named = {str(keyword.arg): self.read(keyword.value) for keyword in node.keywords}
        try:
            value = self.call(function, arguments, named, receiver)
        except (ArithmeticError, TypeError, ValueError) as error:
            hint = self.hint(function, named, error) if "Hint" not in str(error) else ""
            message = f"{error}{hint} {self.place(node)}"
            raise ValueError(message) from None
        return self.made(node, value)

    def refuse(self, node: ast.expr, rule: str) -> NoReturn:
        """Says what must stand in a place."""
        message = f"`text` must have {rule} here {self.place(node)}."
        raise ValueError(message)

    def place(self, node: ast.expr) -> str:
        """Where a part of the text is, and what it says."""
        source = ast.get_source_segment(self.stripped, node) or ""
        line = self.stripped.split("\n")[node.lineno - 1 :][:1] or [""]
        column = len(line[0].encode()[: node.col_offset].decode(errors="replace")) + 1  # it counts bytes
        return f"({self.position(node.lineno, column)}: {shortened(source)!r})"

    def position(self, line: int, column: int) -> str:
        """Where that is in the text with the space around it, which Python does not see."""
        before = self.text[: len(self.text) - len(self.text.lstrip())]
        if line == 1:
            column += len(before.rpartition("\n")[2])
        line += before.count("\n")
        return f"line {line}, column {column}" if "\n" in self.text.rstrip() else f"column {column}"

    def doubt(self) -> str:
        """What may have been meant by `0,3`; empty if the text is clear."""
        text = self.stripped
        if ", " not in text or not any(f"{digit},{other}" in text for digit in "0" for other in "0123456789"):
            return ""
        from lrsched_core._hints import of_commas  # seldom

        return of_commas(text, built=True)


def path(node: ast.expr) -> list[str]:
    """`a.b.c` as names; nothing if it is something else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return [node.id, *names] if isinstance(node, ast.Name) else []


def shortened(text: str) -> str:
    """The text as far as an error shows it."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
