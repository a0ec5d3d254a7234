"""Tapes: what is done to tensors of times, written down once and done again at every call.

What a formula does to tensors depends on the constants of a schedule, and on dtype and device of the times, but on no
value of theirs. To find that out takes longer than to do it. So it is found out with a symbol in the place of the
times, which writes down what is done to it; the constants are tensors from then on.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Tape(NamedTuple):
    """What is done one after the other, each with which slots: the times, then the constants, then the results.

    Functions stand there by their names: torch.compile can read a constant that holds text, but none with functions.
    """

    constants: tuple[Any, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]
    result: int

    def run(self, functions: Mapping[str, Callable[..., Any]], call: Callable[..., Any], t: Any) -> Any:
        """The result for other times; `call` is what calls somebody else's function."""
        slots = [t, *self.constants]
        for name, operands in self.steps:
            function = call if name == "call" else functions[name]
            if len(operands) == 2:  # as most have; a comprehension is one call more
                first, second = operands
                slots.append(function(slots[first], slots[second]))
            else:
                slots.append(function(*[slots[i] for i in operands]))
        return slots[self.result]


class Recorder:
    """Writes a tape, while what is done is done to an example."""

    def __init__(self) -> None:
        self.constants: list[Any] = []
        self.steps: list[tuple[str, tuple[int, ...]]] = []

    def does(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """A symbol for what the function gives; the function is found by its name when the tape is run."""
        values = [x.value if isinstance(x, Symbol) else x for x in arguments]
        value = function(*values)
        for argument, given in zip(arguments, values, strict=True):
            if given is value:
                return argument  # nothing was done
        self.steps.append((name, tuple([self._place(x) for x in arguments])))
        return Symbol(self, value, len(self.steps))

    def _place(self, x: Any) -> int:
        """0 for the times, > 0 for a result, < 0 for a constant, whose number is known only at the end."""
        if isinstance(x, Symbol):
            return x.place
        self.constants.append(x)
        return -len(self.constants)

    def tape(self, result: "Symbol") -> Tape:
        """What was written down."""

        def slot(place: int) -> int:
            return -place if place < 0 else place + len(self.constants) if place else 0

        steps = [(name, tuple(map(slot, places))) for name, places in self.steps]
        return Tape(tuple(self.constants), tuple(steps), slot(result.place))


class Symbol:
    """A tensor that writes down what is done to it; its own values are those of an example."""

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


# What a runtime says of tensors, or makes of constants.
_ASKED = ("kind", "float_dtype", "float64", "wide", "constant", "number")


class Recording:
    """A runtime for symbols: what it does to them is written down; what it says of them is said of the example."""

    def __init__(self, runtime: Any, recorder: Recorder) -> None:
        self.runtime = runtime
        self.recorder = recorder

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.runtime, name)
        if name in self.runtime.steps:
            return lambda *arguments: self.recorder.does(name, found, *arguments)
        if name not in _ASKED:
            raise AttributeError(name)  # what it gave would not be written down
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
