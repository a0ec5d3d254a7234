"""Schedules as text: reads back what `repr` prints, and what a person writes, without evaluating anything."""

import ast
import operator
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from lrsched_core._errors import refuse
from lrsched_core._run.plan import Plan
from lrsched_core._text.names import CATALOGUE, RECIPES
from lrsched_core._value.base import Value
from lrsched_core._value.extent import Effort, check_read
from lrsched_core._value.schedule import Schedule

_METHODS = ("advance", "clip", "cooldown", "delay", "on", "repeat", "staircase", "stretch", "then", "with_warmup")
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
# The syntax tree of so many characters takes less than 100 MB, and no Python exhausts its stack on it.
_LONGEST = 100_000
_SHOWN = 60


def parse(text: str) -> Any:
    """Reads the expression of a schedule.

    Only what describes a schedule is understood: the names of the catalogue and the methods of a schedule, called with
    numbers, strings, True, False, tuples, lists and other schedules; `+ - * /` between numbers and schedules. Nothing
    is evaluated, and the work is bounded: a text from elsewhere can do no harm.

    Args:
        text: Python syntax, such as `"Cosine(3e-4, 3e-5, steps=90_000).with_warmup(10_000)"`; at most 100,000
            characters.

    Returns:
        The schedule; `parse(repr(schedule)) == schedule`.

    Raises:
        TypeError: If `text` is not a string.
        ValueError: If it is not such an expression, with the place in the text; if a schedule refuses an argument; or
            if it is too large, or would be laid out in more than 20,000 pieces.

    Example:
        >>> parse("Cosine(3e-4, 3e-5, steps=90_000).with_warmup(10 * 1_000)")
        Cosine(0.0003, 3e-05, steps=90000).with_warmup(10000)
    """
    if not isinstance(text, str):
        raise refuse(TypeError, "text", "a string", text)
    if len(text) > _LONGEST:
        raise refuse(ValueError, "length of text", f"at most {_LONGEST} characters", len(text))
    reader = _Reader(text)
    try:
        tree = ast.parse(reader.stripped, mode="eval")
    except SyntaxError as error:
        place = f", {reader.position(error.lineno, error.offset)}" if error.lineno and error.offset else ""
        refusal = refuse(ValueError, "text", f"one expression ({error.msg}{place})", _shortened(text))
        raise ValueError(f"{refusal}{_doubt(reader.stripped)}") from None  # noqa: EM102
    except (ValueError, RecursionError, MemoryError) as error:
        raise refuse(ValueError, "text", f"one expression ({error})", _shortened(text)) from None
    try:
        value = reader.read(tree.body)
        if isinstance(value, Value):
            check_read(value)
    except RecursionError:
        raise refuse(ValueError, "text", "nested less deeply", _shortened(text)) from None
    if not isinstance(value, Value):
        raise refuse(ValueError, "text", "the expression of a schedule", _shortened(text))
    if "," in text and (doubt := _doubt(reader.stripped)):
        warnings.warn(f"`text` is read as {value!r}.{doubt}", stacklevel=2)
    return value


# Pickles, torch's checkpoints among them, name the function by its module and name: this one stays, however the
# modules are cut.
parse.__module__ = "lrsched_core"


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.stripped = text.strip()
        self.effort = Effort()

    def read(self, node: ast.expr) -> Any:
        # Not recursive to the left: sums have many terms, and schedules many methods, one called on the other.
        waiting: list[ast.BinOp | ast.Call] = []
        while True:
            if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
                waiting.append(node)
                node = node.left
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr not in _METHODS and _is_path(node.func):
                    self.unknown(node.func, node.func.attr)  # `torch.optim.lr_scheduler.StepLR(...)`
                waiting.append(node)
                node = node.func.value
            else:
                break
        value = self.innermost(node)
        for above in reversed(waiting):
            left, node = node, above
            value = self.calculated(node, left, value) if isinstance(node, ast.BinOp) else self.method(node, value)
        return value

    def innermost(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float | str):
            return self.within_range(node, node.value)
        if isinstance(node, ast.Tuple | ast.List):
            return tuple([self.read(item) for item in node.elts])
        if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
            return {self.innermost(key): self.read(value) for key, value in zip(node.keys, node.values, strict=True)}  # type: ignore[arg-type]  # no `**`
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            number = self.read(node.operand)
            if isinstance(number, Schedule) and isinstance(node.op, ast.USub):
                return self.built(node, -number)
            if isinstance(number, bool) or not isinstance(number, int | float):
                self.refuse(node.operand, "a number")
            return -number if isinstance(node.op, ast.USub) else number
        if isinstance(node, ast.Call):
            return self.call(node, self.function(node.func))
        return self.refuse(node, "a schedule, a number, a string, True, False, a tuple or a list")

    def within_range(self, node: ast.expr, value: Any) -> Any:
        # Neither what comes of it nor the error message may take long.
        if isinstance(value, int) and abs(value) > sys.float_info.max:
            self.refuse(node, "a number within the float range")
        return value

    def calculated(self, node: ast.BinOp, left_node: ast.expr, left: Any) -> Any:
        self.check_operand(left_node, left)
        right = self.read(node.right)
        self.check_operand(node.right, right)
        try:
            value = _ARITHMETIC[type(node.op)](left, right)
        except (ArithmeticError, TypeError, ValueError) as error:
            self.refuse(node, f"what can be calculated ({error})")
        return self.built(node, value) if isinstance(value, Schedule) else self.within_range(node, value)

    def check_operand(self, node: ast.expr, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float | Schedule):
            self.refuse(node, "a number or a schedule")

    def method(self, node: ast.Call, schedule: Any) -> Any:
        name, of = node.func.attr, node.func.value  # type: ignore[attr-defined]  # `read` has seen an attribute
        if not isinstance(schedule, Schedule) and not (isinstance(schedule, Plan) and name == "on"):
            self.refuse(of, "a schedule")
        if name not in _METHODS:
            self.refuse(node.func, f"one of {', '.join(_METHODS)}{_meant(name, _METHODS)}")
        return self.call(node, getattr(schedule, name), schedule)

    def function(self, node: ast.expr) -> Callable[..., Value]:
        if not isinstance(node, ast.Name):
            self.refuse(node, "the name of a schedule or of a method")
        function = CATALOGUE.get(node.id) or RECIPES.get(node.id)
        if function is None:
            self.unknown(node, node.id)
        return function

    def unknown(self, node: ast.expr, name: str) -> NoReturn:
        from lrsched_core._hints import of_name  # for an error, not for an import

        self.refuse(node, f"the name of a schedule{of_name(name, [*CATALOGUE, *RECIPES])}")

    def call(self, node: ast.Call, function: Callable[..., Value], *asked: Value) -> Value:
        if any(keyword.arg is None for keyword in node.keywords):
            self.refuse(node, "a call without **")
        arguments = [self.read(argument) for argument in node.args]
        named = {str(keyword.arg): self.read(keyword.value) for keyword in node.keywords}
        try:
            self.effort.before(function.__name__, [*asked, *arguments, *named.values()])
            value = function(*arguments, **named)
            if isinstance(function, type):
                value = value._simplified()
        except (ArithmeticError, TypeError, ValueError) as error:
            hint = self.hint(function, named, error) if "Hint" not in str(error) else ""
            message = f"{error}{hint} {self.place(node)}"
            raise ValueError(message) from None
        return self.built(node, value)

    def hint(self, function: Callable[..., Any], named: dict[str, Any], error: Exception) -> str:
        from inspect import signature  # for an error, not for an import

        from lrsched_core._hints import of_arguments, of_commas

        if not isinstance(error, TypeError):
            return ""
        return of_arguments(signature(function).parameters, named) or of_commas(self.stripped)

    def built(self, node: ast.expr, value: Value) -> Value:
        try:
            self.effort.built(value)
        except ValueError as error:
            message = f"{error} {self.place(node)}"
            raise ValueError(message) from None
        return value

    def refuse(self, node: ast.expr, rule: str) -> NoReturn:
        message = f"`text` must have {rule} here {self.place(node)}."
        raise ValueError(message)

    def place(self, node: ast.expr) -> str:
        source = ast.get_source_segment(self.stripped, node) or ""
        line = self.stripped.split("\n")[node.lineno - 1 :][:1] or [""]
        column = len(line[0].encode()[: node.col_offset].decode(errors="replace")) + 1  # it counts bytes
        return f"({self.position(node.lineno, column)}: {_shortened(source)!r})"

    def position(self, line: int, column: int) -> str:
        """Where that is in the text with the space around it, which Python does not see."""
        before = self.text[: len(self.text) - len(self.text.lstrip())]
        if line == 1:
            column += len(before.rpartition("\n")[2])
        line += before.count("\n")
        return f"line {line}, column {column}" if "\n" in self.text.rstrip() else f"column {column}"


def _doubt(text: str) -> str:
    if ", " not in text or not any(f"{digit},{other}" in text for digit in "0" for other in "0123456789"):
        return ""
    from lrsched_core._hints import of_commas  # seldom

    return of_commas(text, built=True)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _meant(name: str, names: Iterable[str]) -> str:
    from lrsched_core._hints import nearest  # for an error, not for an import

    near = nearest(name, names)
    return f" (do you mean {near}?)" if near else ""
