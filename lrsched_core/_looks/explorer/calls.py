"""An expression as calls whose arguments can be changed one by one: what the page edits."""

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import lrsched_core
from lrsched_core import Schedule, parse
from lrsched_core._errors import refusal
from lrsched_core._looks.command.tables import made
from lrsched_core._looks.pictures.labels import written
from lrsched_core._looks.pictures.quantities import Shown
from lrsched_core._run.plan import _is_argument, _label
from lrsched_core._text.expressions import Reader

METHODS = ("with_warmup", "cooldown", "repeat", "then", "delay", "advance", "stretch", "staircase", "clip", "on")
_SYMBOLS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Call:
    """A schedule's class, a recipe, or with a `receiver` a method, with the arguments that are not the defaults."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    receiver: "Node | None" = None

    def __str__(self) -> str:
        """The expression, as a person would write it."""
        texts: list[str] = []
        skipped = False
        for parameter in parameters(self):
            if parameter.name not in self.arguments:
                skipped = True
            elif parameter.kind is parameter.VAR_POSITIONAL:
                texts += map(_text, self.arguments[parameter.name])
            elif skipped or parameter.kind is parameter.KEYWORD_ONLY:
                texts.append(f"{parameter.name}={_text(self.arguments[parameter.name])}")
            else:
                texts.append(_text(self.arguments[parameter.name]))
        call = f"{self.name}({', '.join(texts)})"
        return call if self.receiver is None else f"{_bound(self.receiver)}.{call}"


@dataclass(frozen=True)
class Operation:
    """Arithmetic between two schedules, or a schedule and a number."""

    symbol: str
    left: "Node | float"
    right: "Node | float"

    def __str__(self) -> str:
        """The expression, with the parentheses that it needs."""
        loose = self.symbol in "+-"
        left = _text(self.left) if loose else _bound(self.left)
        # The right side of + and *, too: sums of floats depend on their order.
        return f"{left} {self.symbol} {_bound(self.right)}"


Node = Call | Operation


@dataclass(frozen=True)
class Planned:
    """A plan: the calls of its quantities, those of its groups, and the clock that all of it is on."""

    options: Mapping[str, Node]
    groups: Mapping[str, "Planned"] = field(default_factory=lambda: MappingProxyType({}))
    clock: Call | None = None
    unit: str = ""

    def __str__(self) -> str:
        """The expression, as a person would write it."""
        named = {name: _number_or_text(node) for name, node in self.options.items()}
        others = ", ".join(f"{name!r}: {text}" for name, text in named.items() if not _is_argument(name))
        texts = [f"{{{others}}}"] if others else []
        texts += [f"{name}={text}" for name, text in named.items() if _is_argument(name)]
        if self.groups:
            texts.append(f"groups={{{', '.join(f'{name!r}: {plan}' for name, plan in self.groups.items())}}}")
        call = f"Plan({', '.join(texts)})"
        return call if self.clock is None else f"{call}.on({self.clock}, {self.unit!r})"

    def clocks(self, path: "Path" = ()) -> "list[tuple[Call, str, Path]]":
        """The clocks that it, or a group of it, is on, with the unit, and where that plan is."""
        own = [] if self.clock is None else [(self.clock, self.unit, path)]
        return own + [found for group, plan in self.groups.items() for found in plan.clocks((*path, "groups", group))]

    def parts(self, path: "Path" = ()) -> dict[str, "Path"]:
        """Where the calls of each quantity are, by its name, as in `Plan.explain`."""
        own: dict[str, Path] = {_label(name): (*path, "options", name) for name in self.options}
        for group, plan in self.groups.items():
            own |= {f"{_label(group)}.{name}": at for name, at in plan.parts((*path, "groups", group)).items()}
        return own


def read(text: str) -> Node | Planned:
    """The calls in an expression; what `parse` refuses is refused as `parse` does."""
    shown(text)
    made: Node | Planned = _Reader(text).value()
    return made


def shown(text: str) -> Shown:
    """The schedule or plan of an expression."""
    value = parse(text)
    if not isinstance(value, Shown):
        raise refusal(TypeError, "text", "be the expression of a schedule or a plan", f"a {type(value).__name__}")
    return value


def value_of(node: Node | Planned) -> Shown:
    """What the calls make."""
    return shown(str(node))


def parameters(call: Call) -> tuple[inspect.Parameter, ...]:
    """What the call can be given, in the order of its signature."""
    return _parameters(_function(call))


def changed(node: Any, path: Path, value: Any) -> Any:
    """The same calls, with another value at one place."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(node, tuple) and isinstance(first, int):
        return (*node[:first], changed(node[first], rest, value), *node[first + 1 :])
    if isinstance(node, Mapping):
        return MappingProxyType({**node, str(first): changed(node[str(first)], rest, value)})
    if isinstance(node, Call) and first != "receiver":
        default = next(p.default for p in parameters(node) if p.name == first)
        new = changed(node.arguments.get(str(first), default), rest, value)
        arguments = {**node.arguments, str(first): new}
        if new == default:
            del arguments[str(first)]
        return replace(node, arguments=MappingProxyType(arguments))
    return replace(node, **{str(first): changed(getattr(node, str(first)), rest, value)})


class _Reader(Reader):
    operands = (Call, Operation)

    def is_method(self, node: ast.Attribute) -> bool:
        del node
        return True

    def method(self, node: ast.Attribute, receiver: Any) -> str:
        del receiver
        return node.attr

    def function(self, node: ast.expr) -> str:
        return node.id if isinstance(node, ast.Name) else self.refuse(node, self.understood)

    def call(self, function: str, arguments: list[Any], named: dict[str, Any], receiver: Any) -> Any:
        if function == "Plan" and receiver is None:
            groups = named.pop("groups", None) or {}
            options = {name: _node(value) for name, value in [*dict(*arguments).items(), *named.items()]}
            return _gathered(Planned(MappingProxyType(options), MappingProxyType(groups)))
        if isinstance(receiver, Planned):
            return _on(receiver, *arguments, **named)
        call = Call(function, receiver=receiver)
        signature = inspect.Signature(list(parameters(call)))
        given = signature.bind(*arguments, **named).arguments
        defaults = signature.parameters
        unlike = {name: value for name, value in given.items() if value != defaults[name].default}
        return replace(call, arguments=MappingProxyType(unlike))

    def operation(self, kind: type[ast.operator], left: Any, right: Any) -> Any:
        if isinstance(left, Node) or isinstance(right, Node):
            return Operation(_SYMBOLS[kind], left, right)
        return super().operation(kind, left, right)

    def negative(self, value: Any) -> Any:
        return Operation("-", 0, value) if isinstance(value, Node) else -value


def _on(plan: Planned, clock: Call, unit: str) -> Planned:
    """A plan on a clock; what is on one already is so in each of its schedules."""
    return replace(plan if plan.clock is None else _distributed(plan, plan.clock, plan.unit), clock=clock, unit=unit)


def _gathered(plan: Planned) -> Planned:
    """A plan whose schedules are all on the same clock, as one that is on it."""
    nodes, groups = plan.options.values(), plan.groups.values()
    runs = [(node.arguments["clock"], node.arguments["unit"]) if _is_on(node) else None for node in nodes]  # type: ignore[union-attr]  # a call
    runs += [None if part.clock is None else (part.clock, part.unit) for part in groups]
    if not runs or None in runs or any(run != runs[0] for run in runs):
        return plan
    options: dict[str, Any] = {name: node.receiver for name, node in plan.options.items()}  # type: ignore[union-attr]  # as above
    parts = {name: replace(part, clock=None, unit="") for name, part in plan.groups.items()}
    clock, unit = runs[0]  # type: ignore[misc]  # not None
    return Planned(MappingProxyType(options), MappingProxyType(parts), clock, unit)


def _is_on(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "on" and isinstance(node.receiver, Node)


def _distributed(plan: Planned, clock: Call, unit: str) -> Planned:
    on = MappingProxyType({"clock": clock, "unit": unit})
    options = {name: Call("on", on, node) for name, node in plan.options.items()}
    groups = {name: _distributed(part, clock, unit) for name, part in plan.groups.items()}
    return Planned(MappingProxyType(options), MappingProxyType(groups))


def _node(value: Any) -> Node:
    return value if isinstance(value, Node) else Call("Constant", MappingProxyType({"lr": value}))


def _number_or_text(node: Node) -> str:
    constant = isinstance(node, Call) and node.name == "Constant" and node.receiver is None
    return _text(node.arguments["lr"]) if constant else str(node)  # type: ignore[union-attr]  # a call


def _function(call: Call) -> Callable[..., Any]:
    if call.receiver is not None:
        return getattr(Schedule, call.name)  # type: ignore[no-any-return]  # a method
    known = functions().get(call.name)
    if known is None:
        from lrsched_core._text.names import CATALOGUE  # with the classes that a user has registered

        known = CATALOGUE[call.name]
    return known


@lru_cache
def functions() -> dict[str, Callable[..., Any]]:
    """What makes a schedule of numbers or of schedules, by name, classes first."""
    known = {name: thing for name, thing in made().items() if thing is not lrsched_core.Function}
    return {name: known[name] for name in sorted(known, key=lambda name: (name[0].islower(), name))}  # type: ignore[misc]  # callable


@lru_cache
def _parameters(function: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    found = inspect.signature(function).parameters.values()
    types = {f.name: f.type for f in getattr(function, "_fields", ())}  # of a class's fields, with their checks
    return tuple([p.replace(annotation=types.get(p.name, p.annotation)) for p in found if p.name != "self"])


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))}{',' * (len(value) == 1)})"
    return written(value) if isinstance(value, float) else str(value) if isinstance(value, Node) else repr(value)


def _bound(value: "Node | float") -> str:
    return f"({value})" if isinstance(value, Operation) else _text(value)
