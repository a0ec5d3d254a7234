"""Functions of a number, written with the generator that `_evaluation` compiles schedules with."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lrsched_core._evaluation.program import Program, Table
from lrsched_core._evaluation.source import FEW, OPERATIONS, ProgramSkeleton, Skeletons, TableSkeleton, Writer
from lrsched_core._text.emission import number_helpers
from lrsched_core._text.emission.layout import Raw, assigned, literal, tidy
from lrsched_core._text.emission.module import Module, object_of, with_helpers
from lrsched_core._value.schedule import Schedule

_STEMS = {("lookup", 0): "MILESTONES", ("lookup", 1): "VALUES", ("interpolated", 0): "TIMES"}


# Longer lists of names are not unpacked.
_LONGEST = 60


class Emitted(Writer):
    """Writes constants as they are."""

    text = with_helpers({**OPERATIONS, "finite": "finite({0}, {t})"}, number_helpers)

    def __init__(self, constants: Iterator[Any]) -> None:
        super().__init__()
        self.constants = constants

    def constant(self, object_of: str = "") -> str:
        super().constant(object_of)
        value = next(self.constants)
        return repr(value) if isinstance(value, Raw) else literal(value)

    def decisions(self, bounds: list[str], pieces: list[list[str]], time: str) -> list[str]:
        return chosen(bounds, pieces, time)


class Numbers:
    """Writes a schedule's functions of a number into a module."""

    def __init__(self, module: Module, schedule: Schedule) -> None:
        self.module = module
        self.schedule = schedule

    def body(self, table: Table, comments: Sequence[str] = ()) -> list[str]:
        """The statements that return the value at `t`."""
        return self._few(table, comments) if len(table) <= FEW else self._many(table, comments)

    def _few(self, table: Table, comments: Sequence[str]) -> list[str]:
        skeleton = Skeletons().table(table)
        writer = Emitted(self._constants(table, skeleton))
        bounds, pieces = writer.table(skeleton, "t", "return ")
        pieces = [tidy(_returning_float(piece), writer.result) for piece in pieces]
        for piece, comment in zip(pieces, comments, strict=False):
            if comment:
                piece.insert(0, comment)
        return chosen(bounds, pieces, "t")

    def _many(self, table: Table, comments: Sequence[str]) -> list[str]:
        kinds: dict[ProgramSkeleton, int] = {}
        rows: list[Any] = []
        for i in range(len(table)):
            program = table.program(i)
            skeleton = Skeletons().program(program)
            kind = kinds.setdefault(skeleton, len(kinds))
            rows.append((kind, tuple(self._program_constants(program, skeleton))))
        pieces = []
        for skeleton, kind in kinds.items():
            width = len(next(row for k, row in rows if k == kind))
            names = [f"c{i}" for i in range(width)]
            unpacked = [f"{', '.join(names)} = row" if width > 1 else "(c0,) = row"]
            if len(unpacked[0]) > _LONGEST:
                names, unpacked = [f"row[{i}]" for i in range(width)], []
            writer = Emitted(iter([Raw(name) for name in names]))
            lines = writer.program(skeleton, "t", "return ")
            pieces.append([*unpacked, *tidy(_returning_float(lines, always=True), writer.result)])
        starts, named = self.module.name("STARTS"), self.module.name("PIECES")
        self.module.constants.append(assigned(starts, table.bounds))
        place = f"{named}[bisect_right({starts}, t)]"
        functions = any(
            isinstance(constant, Table) for i in range(len(table)) for constant in table.program(i).constants
        )
        constants = self.module.late_constants if functions else self.module.constants
        if len(kinds) == 1:
            rows = [row for _, row in rows]
            constants.append(assigned(named, tuple(rows), "tuple[tuple[Any, ...], ...]", comments))
            return [f"row = {place}", *pieces[0]]
        annotation = "tuple[tuple[int, tuple[Any, ...]], ...]"
        constants.append(assigned(named, tuple(rows), annotation, comments))
        bounds = [str(kind + 1) for kind in range(len(kinds) - 1)]
        return [f"kind, row = {place}", *chosen(bounds, pieces, "kind")]

    def _constants(self, table: Table, skeleton: TableSkeleton) -> Iterator[Any]:
        yield from table.bounds
        for i, program_skeleton in enumerate(skeleton):
            yield from self._program_constants(table.program(i), program_skeleton)

    def _program_constants(self, program: Program, skeleton: ProgramSkeleton) -> Iterator[Any]:
        """In the order in which `Writer` names them."""
        inner = dict(skeleton.inner)
        roles = {~x: (op, k - 1) for op, operands in program.code for k, x in enumerate(operands) if x < 0}
        for k, constant in enumerate(program.constants):
            written = inner.get(k)
            if written is not None:
                yield from self._constants(constant, written)  # type: ignore[arg-type]  # a table
            elif isinstance(constant, int | float):
                yield constant
            elif isinstance(constant, Table):
                yield Raw(self._function(constant))
            else:
                yield Raw(self._hoisted(object_of(constant, self.schedule), _STEMS.get(roles[k], "VALUES")))

    def _hoisted(self, values: Sequence[float], stem: str) -> str:
        name = self.module.name(stem)
        self.module.constants.append(assigned(name, tuple(values)))
        return name

    def _function(self, table: Table) -> str:
        """A function of its own."""
        name = self.module.name("piecewise").lower()
        body = self.body(table)
        self.module.functions.append("\n".join([f"def {name}(t: float) -> float:", *indented(body)]))
        return name


def chosen(bounds: list[str], pieces: list[list[str]], time: str) -> list[str]:
    """One comparison after the other, for a reader; few pieces need no better."""
    if len(pieces) == 1:
        return pieces[0]
    returns = all(piece[-1].lstrip().startswith("return ") for piece in pieces)
    lines: list[str] = []
    for i, (bound, piece) in enumerate(zip(bounds, pieces, strict=False)):
        lines += [f"{'elif' if i and not returns else 'if'} {time} < {bound}:", *indented(piece)]
    return [*lines, *pieces[-1]] if returns else [*lines, "else:", *indented(pieces[-1])]


def _returning_float(lines: list[str], always: bool = False) -> list[str]:
    """Type checkers take a power, and an item of a row, for anything."""
    if not always and not any("**" in line for line in lines):
        return lines
    return [
        f"{line[: len(line) - len(line.lstrip())]}return float({line.lstrip()[7:]})"
        if line.lstrip().startswith("return ")
        else line
        for line in lines
    ]


def indented(lines: Iterable[str]) -> list[str]:
    """One level deeper."""
    return ["    " + line if line else line for line in lines]
