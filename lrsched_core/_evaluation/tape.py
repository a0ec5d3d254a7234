"""Tapes: the operations on tensors of times, recorded once and replayed at each call.

What a formula does to tensors depends on the constants of the schedule and on dtype and device of the times, but not on
their values. Finding it out takes longer than doing it. So it is found out once, with a symbol in place of the times
that records what is done to it; the constants are tensors from then on.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Tape(NamedTuple):
    """Operations, each with the slots of its operands: the times, then the constants, then the results.

    Operations are stored by name: torch.compile can read constants that hold text, but not functions.
    """

    constants: tuple[Any, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]
    result: int

    def run(self, functions: Mapping[str, Callable[..., Any]], call: Callable[..., Any], t: Any) -> Any:
        """The result for other times; `call` calls users' functions."""
        slots = [t, *self.constants]
        for name, operands in self.steps:
            function = call if name == "call" else functions[name]
            if len(operands) == 2:  # the usual case; a comprehension costs a call
                first, second = operands
                slots.append(function(slots[first], slots[second]))
            else:
                slots.append(function(*[slots[i] for i in operands]))
        return slots[self.result]


class Recorder:
    """Records a tape while the operations are done to an example."""

    def __init__(self) -> None:
        self.constants: list[Any] = []
        self.steps: list[tuple[str, tuple[int, ...]]] = []

    def does(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """A symbol for the result of the function, which a replay finds by its name."""
        values = [x.value if isinstance(x, Symbol) else x for x in arguments]
        value = function(*values)
        for argument, given in zip(arguments, values, strict=True):
            if given is value:
                return argument  # it did nothing
        self.steps.append((name, tuple([self._place(x) for x in arguments])))
        return Symbol(self, value, len(self.steps))

    def _place(self, x: Any) -> int:
        """0 for the times, > 0 for a result, < 0 for a constant, whose slot depends on the number of constants."""
        if isinstance(x, Symbol):
            return x.place
        self.constants.append(x)
        return -len(self.constants)

    def tape(self, result: "Symbol") -> Tape:
        """What was recorded."""

        def slot(place: int) -> int:
            return -place if place < 0 else place + len(self.constants) if place else 0

        steps = [(name, tuple(map(slot, places))) for name, places in self.steps]
        return Tape(tuple(self.constants), tuple(steps), slot(result.place))


class Symbol:
    """A tensor that records what is done to it; its values are those of an example."""

    __slots__ = ("place", "recorder", "value")

    def __init__(self, recorder: Recorder, value: Any, place: int = 0) -> None:
        self.recorder = recorder
        self.value = value
        self.place = place

    @property
    def dtype(self) -> Any:
        """The dtype of the tensor."""
        return self.value.dtype


_REFLECTED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "xor")
OPERATORS = {name: getattr(operator, name) for name in (*_REFLECTED, "lt", "le", "gt", "ge", "eq", "neg")}


def _applied(name: str) -> Callable[..., Any]:
    return lambda *operands: operands[0].recorder.does(name, OPERATORS[name], *operands)


def _reflected(name: str) -> Callable[..., Any]:
    return lambda x, y: x.recorder.does(name, OPERATORS[name], y, x)


for _name in OPERATORS:
    setattr(Symbol, f"__{_name}__", _applied(_name))
for _name in _REFLECTED:
    setattr(Symbol, f"__r{_name}__", _reflected(_name))


# The methods of a runtime that inspect tensors or make constants: there is nothing to record.
_ASKED = ("kind", "float_dtype", "float64", "wide", "constant", "number")


class Recording:
    """A runtime for symbols: records what it does to them, and answers about them by the example."""

    def __init__(self, runtime: Any, recorder: Recorder) -> None:
        self.runtime = runtime
        self.recorder = recorder

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.runtime, name)
        if name in self.runtime.steps:
            return lambda *arguments: self.recorder.does(name, found, *arguments)
        if name not in _ASKED:
            raise AttributeError(name)  # its result would not be recorded
        return lambda *arguments: found(*[x.value if isinstance(x, Symbol) else x for x in arguments])

    @property
    def largest(self) -> int:
        """The largest integer time."""
        largest: int = self.runtime.largest
        return largest

    def functions(self, x: Symbol) -> "_Functions":
        """The functions of the framework, for symbols."""
        return _Functions(self.runtime.functions(x.value), self.recorder)


class _Functions:
    def __init__(self, functions: Any, recorder: Recorder) -> None:
        self.given = functions
        self.recorder = recorder

    def __getattr__(self, name: str) -> Any:
        return lambda x: self.recorder.does(name, getattr(self.given, name), x)
