"""Schedules as text: reads back what `repr` prints, and what a person writes, without evaluating anything."""

import ast
import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from lrsched_core._catalogue import CATALOGUE
from lrsched_core._check import refuse
from lrsched_core._operators.limits import maximum, minimum
from lrsched_core._recipes.cycles import (
    exp_range,
    fractal_chebyshev,
    one_cycle,
    range_test,
    restarts,
    restarts_at,
    triangular,
    triangular2,
)
from lrsched_core._recipes.plateaus import (
    flat_cosine,
    infinite,
    slanted_triangular,
    tri_stage,
    warmup_hold_cosine,
    wsd,
    wsd_periods,
)
from lrsched_core._recipes.transformers import (
    inverse_sqrt,
    noam,
    token_power,
    untuned_exponential_warmup,
    untuned_linear_warmup,
)
from lrsched_core._schedule import Schedule

_METHODS = ("advance", "clip", "cooldown", "delay", "repeat", "staircase", "stretch", "then", "with_warmup")
_FUNCTIONS: dict[str, Callable[..., Schedule]] = {
    function.__name__: function
    for function in (
        exp_range,
        flat_cosine,
        fractal_chebyshev,
        infinite,
        inverse_sqrt,
        maximum,
        minimum,
        noam,
        one_cycle,
        range_test,
        restarts,
        restarts_at,
        slanted_triangular,
        token_power,
        tri_stage,
        triangular,
        triangular2,
        untuned_exponential_warmup,
        untuned_linear_warmup,
        warmup_hold_cosine,
        wsd,
        wsd_periods,
    )
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_LONGEST = 1_000_000


def parse(text: str) -> Schedule:
    """Reads the expression of a schedule.

    Only what describes a schedule is understood: the names of the catalogue and the methods of a schedule, called with
    numbers, strings, True, False, tuples, lists and other schedules; `+ - * /` between numbers and schedules.

    Args:
        text: Python syntax, such as `"Cosine(3e-4, 3e-5, steps=90_000).with_warmup(10_000)"`.

    Returns:
        The schedule; `parse(repr(schedule)) == schedule`.

    Raises:
        TypeError: If `text` is not a string.
        ValueError: If it is not such an expression, with the place in the text, or if a schedule refuses an argument.

    Example:
        >>> parse("Cosine(3e-4, 3e-5, steps=90_000).with_warmup(10 * 1_000)")
        Cosine(0.0003, 3e-05, steps=90000).with_warmup(10000)
    """
    if not isinstance(text, str):
        raise refuse(TypeError, "text", "a string", text)
    if len(text) > _LONGEST:
        raise refuse(ValueError, "length of text", f"at most {_LONGEST} characters", len(text))
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise refuse(ValueError, "text", f"one expression ({error})", text) from None
    try:
        schedule = _Reader(text.strip()).read(tree.body)
    except RecursionError:
        raise refuse(ValueError, "text", "nested less deeply", f"{text[:20]}...") from None
    if not isinstance(schedule, Schedule):
        raise refuse(ValueError, "text", "the expression of a schedule", text)
    return schedule


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float | str):
            return node.value
        if isinstance(node, ast.Tuple | ast.List):
            return tuple([self.read(item) for item in node.elts])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            number = self.number(node.operand)
            return -number if isinstance(node.op, ast.USub) else number
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            left, right = self.operand(node.left), self.operand(node.right)
            try:
                return _ARITHMETIC[type(node.op)](left, right)
            except (ArithmeticError, TypeError, ValueError) as error:
                self.refuse(node, f"what can be calculated ({error})")
        if isinstance(node, ast.Call):
            return self.call(node)
        return self.refuse(node, "a schedule, a number, a string, True, False, a tuple or a list")

    def number(self, node: ast.expr) -> float:
        value = self.read(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(node, "a number")
        return value

    def operand(self, node: ast.expr) -> Any:
        value = self.read(node)
        if isinstance(value, bool) or not isinstance(value, int | float | Schedule):
            self.refuse(node, "a number or a schedule")
        return value

    def call(self, node: ast.Call) -> Any:
        function = self.function(node.func)
        if any(keyword.arg is None for keyword in node.keywords):
            self.refuse(node, "a call without **")
        arguments = [self.read(argument) for argument in node.args]
        named = {str(keyword.arg): self.read(keyword.value) for keyword in node.keywords}
        try:
            return function(*arguments, **named)
        except (TypeError, ValueError) as error:
            message = f"{error} {self.place(node)}"
            raise ValueError(message) from None

    def function(self, node: ast.expr) -> Callable[..., Schedule]:
        if isinstance(node, ast.Name):
            function = CATALOGUE.get(node.id) or _FUNCTIONS.get(node.id)
            if function is not None:
                return function
            self.refuse(node, f"the name of a schedule{_nearest(node.id, [*CATALOGUE, *_FUNCTIONS])}")
        if isinstance(node, ast.Attribute):
            schedule = self.read(node.value)
            if not isinstance(schedule, Schedule):
                self.refuse(node.value, "a schedule")
            if node.attr in _METHODS:
                return getattr(schedule, node.attr)  # type: ignore[no-any-return]  # one of ours
            self.refuse(node, f"one of {', '.join(_METHODS)}{_nearest(node.attr, _METHODS)}")
        return self.refuse(node, "the name of a schedule or of a method")

    def refuse(self, node: ast.expr, rule: str) -> NoReturn:
        message = f"`text` must have {rule} here {self.place(node)}."
        raise ValueError(message)

    def place(self, node: ast.expr) -> str:
        return f"(column {node.col_offset + 1}: {ast.get_source_segment(self.text, node)!r})"


def _nearest(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches  # for an error, not for an import

    near = get_close_matches(name, names, 1) or [known for known in names if known.lower() == name.lower()]
    return f" (do you mean {near[0]}?)" if near else ""
