"""Where a composition begins, and what may be done to it."""

from types import MappingProxyType
from typing import Any, NamedTuple

from lrsched_core._looks.explorer.calls import (
    METHODS,
    Call,
    Node,
    Operation,
    Path,
    Planned,
    functions,
    parameters,
    value_of,
)
from lrsched_core._looks.explorer.controls import first_value, kind

SCALE = "scale"
ADDITIONS = (*METHODS[:3], SCALE, *METHODS[3:])

_UPDATES = 10
# A schedule among the arguments begins as the simplest one.
_PART = Call("Constant", MappingProxyType({"lr": 0.1}))
_LEVELS = (0.3, 0.1, 0.03, 0.01)
# What no name can tell.
_PARTICULAR: dict[str, dict[str, Any]] = {
    "PiecewiseConstant": {"values": _LEVELS},
    "batch_ramp": {"start": 32, "stop": 128, "increment": 32, "samples": 1000},
    "exp_range": {"factor": 0.999},
    "fractal_chebyshev": {"steps": 32},
}


class Step(NamedTuple):
    """One card of the page: a call or an operation, and where it is in the expression."""

    node: Node
    path: Path


def begun(name: str, like: Call | None = None) -> Call:
    """A call of that name, with the arguments that it shares with another one, or with first values."""
    if like is not None:
        carried = begun(name)
        shared = {key: value for key, value in like.arguments.items() if key in {p.name for p in parameters(carried)}}
        carried = Call(name, MappingProxyType({**carried.arguments, **shared}))
        try:
            value_of(carried)
        except (TypeError, ValueError, ArithmeticError):
            return begun(name)
        return carried
    call = Call(name)
    arguments: dict[str, Any] = {}
    for parameter in parameters(call):
        what = kind(parameter)
        if parameter.name in _PARTICULAR.get(name, {}):
            arguments[parameter.name] = _PARTICULAR[name][parameter.name]
        elif parameter.kind is parameter.VAR_POSITIONAL:
            arguments[parameter.name] = (Call("Cosine", MappingProxyType({"base_lr": 0.3, "steps": 1000})), _PART)
        elif what == "schedules":
            arguments[parameter.name] = tuple(Call("Constant", MappingProxyType({"lr": lr})) for lr in _LEVELS)
        elif parameter.default is parameter.empty or parameter.name == "every":
            arguments[parameter.name] = first_value(parameter)
    return Call(name, MappingProxyType(arguments))


def added(node: Node, name: str, stop: float) -> Node:
    """One more thing done to a schedule that is over at about `stop`."""
    if name == SCALE:
        return Operation("*", 0.5, node)
    call = Call(name, receiver=node)
    arguments: dict[str, Any] = {}
    for parameter in parameters(call):
        if parameter.default is parameter.empty:
            arguments[parameter.name] = _suitable(name, parameter, round(stop))
    return Call(name, MappingProxyType(arguments), node)


def _suitable(name: str, parameter: Any, stop: int) -> Any:
    what = kind(parameter)
    if what == "schedule":
        return _PART
    if what == "clock":
        # The schedule counts epochs then, and the run ends with it.
        return Call("Clock", MappingProxyType({"updates_per_epoch": _UPDATES, "epochs": max(1, stop)}))
    if what != "time":
        return first_value(parameter)
    parts = {"with_warmup": 0.1, "cooldown": 0.2, "repeat": 0.5, "staircase": 0.05, "delay": 0.1, "advance": 0.1}
    share = 0.8 if parameter.name == "at" else parts.get(name, 0.1)
    return max(1, round(share * stop))


def steps(node: Node, path: Path = ()) -> list[Step]:
    """The base, then what is done to it, in that order."""
    inner = _inner(node)
    before = steps(inner[0], (*path, inner[1])) if inner else []
    return [*before, Step(node, path)]


def removed(node: Node) -> Node:
    """A schedule without the last thing that was done to it."""
    inner = _inner(node)
    return inner[0] if inner else node


def is_base(node: Node) -> bool:
    """Whether it makes a schedule, rather than changes one."""
    return _inner(node) is None


def _inner(node: Node) -> tuple[Node, str] | None:
    if isinstance(node, Call):
        return (node.receiver, "receiver") if node.receiver is not None else None
    if not isinstance(node.left, Node):
        return (node.right, "right") if isinstance(node.right, Node) else None
    return (node.left, "left") if not isinstance(node.right, Node) else None


def at(node: Any, path: Path) -> Any:
    """What is at that place in an expression."""
    for step in path:
        node = _argument(node, step) if isinstance(node, Call | Operation | Planned) else node[step]
    return node


def _argument(node: Any, name: Any) -> Any:
    return node.arguments[name] if isinstance(node, Call) and name != "receiver" else getattr(node, name)


def bases() -> list[str]:
    """The catalogue and the recipes, by name."""
    return list(functions())
