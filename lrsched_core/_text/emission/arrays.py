"""Functions of a NumPy array: each piece sees its own times alone, and writes where they stand."""

from collections.abc import Iterator, Sequence
from typing import Any

from lrsched_core._evaluation.program import Program, Table
from lrsched_core._evaluation.source import FEW, OPERATIONS, ProgramSkeleton
from lrsched_core._text.emission import array_helpers
from lrsched_core._text.emission.layout import WIDTH, Raw, assigned, literal, tidy, written
from lrsched_core._text.emission.module import Module, object_of, with_helpers
from lrsched_core._text.emission.numbers import Emitted, indented
from lrsched_core._value.schedule import Schedule

_POWER = "np.power({0}, {1})"
_FUNCTIONS = ("sin", "sqrt", "log", "log1p", "expm1")


class _Emitted(Emitted):
    text = with_helpers(
        {
            **{op: text.replace("max(", "np.maximum(") for op, text in OPERATIONS.items()},
            **dict.fromkeys(("pow", "exp_base", "whole_power"), _POWER),
            **{name: f"np.{name}({{0}})" for name in _FUNCTIONS},
            "maximum": "np.maximum({0}, {1})",
            "minimum": "np.minimum({0}, {1})",
            "far_elapsed": "np.maximum({t} - {0}, 0.0)",
            "far_left": "np.maximum({0} - {t}, 0.0)",
            "finite": "finite({0}, {t})",
            "pinned": "pinned({0}, {t}, {1}, {2})",
            "lookup": "{2}[_reached({1}, {0})]",
            "consumed": "({1} + {2} * {0} - {3} * ({0} // {4} + np.maximum({0} % {4} + 1 - {4}, 0.0)))",
        },
        array_helpers,
    )


class Arrays:
    """Writes a schedule's functions of an array into a module."""

    def __init__(self, module: Module, schedule: Schedule) -> None:
        self.module = module
        self.schedule = schedule

    def body(self, table: Table, comments: Sequence[str] = ()) -> list[str]:
        """The statements that return the values at `t`."""
        if len(table) == 1:
            program = table.program(0)
            if not program.code:
                return [f"return np.full(t.shape, {self._number(program.constants[0])})"]
            return [*self._program(program, "t", "values: NDArray[np.float64] = "), "return values"]
        starts = self._array(table.bounds, "STARTS")
        lines = ["values = np.empty(t.shape)", f"piece = _reached({starts}, t)"]
        if len(table) > FEW:
            return [*lines, *self._many(table), "return values"]
        for i in range(len(table)):
            comment = [comments[i]] if i < len(comments) and comments[i] else []
            program = table.program(i)
            times = ["x = t[here]"] if program.code else []
            lines += [*comment, f"here = piece == {i}", *times, *self._program(program, "x", "values[here] = ")]
        return [*lines, "return values"]

    def _many(self, table: Table) -> Iterator[str]:
        """Pieces of the same code together, with their constants in rows."""
        groups: dict[Any, list[int]] = {}
        for i in range(len(table)):
            program = table.program(i)
            alone = not all(isinstance(constant, int | float) for constant in program.constants)
            alone = alone or any(op == "noise" for op, _ in program.code)
            groups.setdefault(i if alone else program.code, []).append(i)
        kinds, rows = [0] * len(table), [0] * len(table)
        for kind, pieces in enumerate(groups.values()):
            for row, i in enumerate(pieces):
                kinds[i], rows[i] = kind, row
        yield f"kind = {self._array(kinds, 'KINDS', whole=True)}[piece]"
        if any(rows):
            yield f"row = {self._array(rows, 'ROWS', whole=True)}[piece]"
        for kind, pieces in enumerate(groups.values()):
            program = table.program(pieces[0])
            yield f"here = kind == {kind}"
            if program.code:
                yield "x = t[here]"
            if len(pieces) == 1:
                yield from self._program(program, "x", "values[here] = ")
                continue
            named = self._array([table.program(i).constants for i in pieces], "CONSTANTS")
            yield f"c = {named}[row[here]].T"
            names = [Raw(f"c[{k}]") for k in range(len(program.constants))]
            yield from self._program(program, "x", "values[here] = ", names)

    def _program(self, program: Program, time: str, target: str, names: Sequence[Raw] | None = None) -> list[str]:
        inner = tuple([(k, None) for k, x in enumerate(program.constants) if isinstance(x, Table)])
        writer = _Emitted(iter(names if names is not None else [*self._constants(program)]))
        return tidy(writer.program(ProgramSkeleton(program.code, inner), time, target), writer.result)

    def _constants(self, program: Program) -> Iterator[Any]:
        seeds = {~x for op, operands in program.code if op == "noise" for x in operands}
        for k, constant in enumerate(program.constants):
            if isinstance(constant, int | float):
                yield constant if k in seeds else float(constant)
            elif isinstance(constant, Table):
                yield Raw(self._function(constant))
            else:
                yield Raw(self._array(object_of(constant, self.schedule), "VALUES"))

    def _number(self, constant: Any) -> str:
        return literal(float(constant))

    def _array(self, values: Sequence[Any], stem: str, whole: bool = False) -> str:
        """The name of a constant array."""
        if not whole:
            values = [tuple(map(float, x)) if isinstance(x, tuple) else float(x) for x in values]
        name = self.module.name(stem)
        text = f"{name} = np.array({written(tuple(values))})"
        if len(text) <= WIDTH:
            self.module.constants.append(text)
        else:
            self.module.constants += [assigned(f"{name}_ITEMS", tuple(values)), f"{name} = np.array({name}_ITEMS)"]
        return name

    def _function(self, table: Table) -> str:
        name = self.module.name("piecewise").lower()
        body = self.body(table)
        head = f"def {name}(t: NDArray[np.float64]) -> NDArray[np.float64]:"
        self.module.functions.append("\n".join([head, *indented(body)]))
        return name
