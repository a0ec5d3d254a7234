"""Schedules as text: reads back what `repr` prints, and what a person writes, without evaluating anything."""

import ast
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

from lrsched_core._errors import refuse
from lrsched_core._run.plan import Plan
from lrsched_core._text.expressions import Reader, path, shortened
from lrsched_core._text.names import CATALOGUE, RECIPES
from lrsched_core._value.base import Value
from lrsched_core._value.extent import Effort, check_read
from lrsched_core._value.schedule import Schedule

METHODS = ("advance", "clip", "cooldown", "delay", "on", "repeat", "staircase", "stretch", "then", "with_warmup")


def parse(text: str) -> Any:
    """Reads the expression of a schedule, plan, clock or rule.

    Only what describes these is understood: the names of the catalogue and the methods of a schedule, called with
    numbers, strings, True, False, tuples, lists, dicts and other schedules; `+ - * /` between numbers and schedules.
    Nothing is evaluated, and the size of what a text may describe is bounded, so that texts from elsewhere can be read.
    A decimal comma that also reads as two arguments, `Cosine(0,3, steps=9)`, is read as these, with a warning.

    Args:
        text: Python syntax, such as `"Cosine(3e-4, 3e-5, steps=90_000).with_warmup(10_000)"`; at most 100,000
            characters.

    Returns:
        What the text describes. `parse(repr(value)) == value` for a value made of the catalogue, within these limits.

    Raises:
        TypeError: If `text` is not a string.
        ValueError: If `text` is not such an expression, with the place in it; if a schedule refuses an argument; or if
            the text is too long, or describes more than 20,000 pieces.

    Example:
        >>> parse("Cosine(3e-4, 3e-5, steps=90_000).with_warmup(10 * 1_000)")
        Cosine(0.0003, 3e-05, steps=90000).with_warmup(10000)
    """
    reader = _Reader(text)
    value = reader.value()
    if not isinstance(value, Value):
        raise refuse(ValueError, "text", "the expression of a schedule", shortened(text))
    check_read(value)
    if "," in text and (doubt := reader.doubt()):
        warnings.warn(f"`text` is read as {value!r}.{doubt}", stacklevel=2)
    return value


# Pickles, torch's checkpoints among them, name the function by its module and name: this one stays, however the
# modules are cut.
parse.__module__ = "lrsched_core"


class _Reader(Reader):
    understood = "a schedule, a number, a string, True, False, a tuple or a list"
    operands = (Schedule,)
    calculable = "a number or a schedule"

    def __init__(self, text: object) -> None:
        super().__init__(text)
        self.effort = Effort()

    def is_method(self, node: ast.Attribute) -> bool:
        if node.attr not in METHODS and path(node):
            self.unknown(node, node.attr)  # `torch.optim.lr_scheduler.StepLR(...)`
        return True

    def method(self, node: ast.Attribute, receiver: Any) -> Callable[..., Value]:
        if not isinstance(receiver, Schedule) and not (isinstance(receiver, Plan) and node.attr == "on"):
            self.refuse(node.value, "a schedule")
        if node.attr not in METHODS:
            self.refuse(node, f"one of {', '.join(METHODS)}{_meant(node.attr)}")
        return getattr(receiver, node.attr)  # type: ignore[no-any-return]  # a method

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

    def call(
        self, function: Callable[..., Value], arguments: list[Any], named: dict[str, Any], receiver: Value | None
    ) -> Value:
        self.effort.before(function.__name__, [receiver, *arguments, *named.values()])
        value = function(*arguments, **named)
        return value._simplified() if isinstance(function, type) else value

    def hint(self, function: Callable[..., Any], named: dict[str, Any], error: Exception) -> str:
        from inspect import signature  # for an error, not for an import

        from lrsched_core._hints import of_arguments, of_commas

        if not isinstance(error, TypeError):
            return ""
        return of_arguments(signature(function).parameters, named) or of_commas(self.stripped)

    def made(self, node: ast.expr, value: Any) -> Any:
        if not isinstance(value, Value):
            return super().made(node, value)
        try:
            self.effort.built(value)
        except ValueError as error:
            message = f"{error} {self.place(node)}"
            raise ValueError(message) from None
        return value


def _meant(name: str) -> str:
    from lrsched_core._hints import nearest  # for an error, not for an import

    near = nearest(name, METHODS)
    return f" (do you mean {near}?)" if near else ""
