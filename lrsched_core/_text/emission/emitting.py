"""The text of a module with one function, which is a schedule."""

import math
import textwrap
from collections.abc import Iterator
from itertools import islice

from lrsched_core import __version__
from lrsched_core._errors import refuse
from lrsched_core._evaluation.program import Table
from lrsched_core._evaluation.source import OPERATIONS
from lrsched_core._evaluation.times import exact
from lrsched_core._text.emission import number_helpers
from lrsched_core._text.emission.layout import WIDTH, assigned
from lrsched_core._text.emission.module import Module, checked_name
from lrsched_core._text.emission.numbers import Numbers, indented
from lrsched_core._value.checks import flag
from lrsched_core._value.schedule import Schedule

# Boundaries around which values are put down, and times beyond them.
_TRIED = 12
_FAR = (100, 12_345, 10**6, 10**9)


def emit(schedule: Schedule, *, name: str = "learning_rate", numpy: bool = False) -> str:
    """A schedule as a module of plain Python, for a program that may not depend on this library.

    The module has one public function, which needs the standard library alone. It equals the schedule bit for bit, at
    every number: it is written by the generator that compiles schedules, with the constants in their places. It refuses
    the times that a schedule refuses. A comment names each piece. Below the function, a test compares it with values of
    the schedule: `pytest` finds it, and running the module runs it.

    The docstring of the function holds the expression of the schedule, alone on the line below `Expression:`. `parse`
    reads it, which brings a schedule that was vendored back.

    Args:
        schedule: A schedule of this library; what holds a `Function` or a `CustomSchedule` has no text.
        name: What the function is called.
        numpy: Whether the function is one of NumPy arrays instead. The module then needs NumPy. Its values are those
            that the schedule has for an array, at times below 2**53, which float64 can count; where there are more than
            16 pieces, NumPy may round a power in another way.

    Returns:
        The text of the module, as `ruff format` leaves it.

    Raises:
        TypeError: If `schedule` is not a schedule, or contains somebody's function; if `name` is not a string, or
            `numpy` not True or False.
        ValueError: If `name` is not an identifier, or means something else in the module.

    Example:
        >>> from lrsched_core import Cosine, emit
        >>> text = emit(Cosine(0.3, 0.01, steps=15).with_warmup(5))
        >>> names = {}
        >>> exec(text, names)
        >>> names["learning_rate"](5)
        0.3
    """
    if not isinstance(schedule, Schedule):
        raise refuse(TypeError, "schedule", "a schedule", schedule)
    checked_name(name)
    table = Table(schedule._pieces())
    said = comments(schedule, table, WIDTH - 12)
    if flag("numpy", numpy):
        from lrsched_core._text.emission import array_helpers, arrays  # they import NumPy

        module = Module(array_helpers)
        body = arrays.Arrays(module, schedule).body(table, said)
        body = ['with np.errstate(over="ignore", under="ignore"):', *indented(body)]
        kinds, check = ("ArrayLike", "NDArray[np.float64]"), "t = _times(t)"
    else:
        module = Module(number_helpers)
        body = Numbers(module, schedule).body(table, said)
        if _may_overflow(table):
            body = ["try:", *indented(body), "except OverflowError:", "    raise _too_late(t) from None"]
        kinds, check = ("float", "float"), "t = _time(t)"
    head = [f"def {name}(t: {kinds[0]}, /) -> {kinds[1]}:", *indented([*_docstring(schedule, numpy), check])]
    module.functions.insert(0, "\n".join([*head, *indented(body)]))
    test = [
        *assigned("_EXPECTED", tuple(_expected(schedule))).split("\n"),
        "",
        "",
        f"def test_{name}() -> None:",
        '    """Compares with what the schedule gave when this was written."""',
        "    for t, expected in _EXPECTED:",
        "        # Another computer may round a sine or a power in another way.",
        f"        assert abs({name}(t) - expected) <= 1e-12 * abs(expected), t",
    ]
    run = ['if __name__ == "__main__":', f"    test_{name}()"]
    title = f"A schedule as plain Python{', for NumPy' if numpy else ''}, written by lrsched-core {__version__}."
    return module.text(title, [name], ["\n".join(test), "\n".join(run)])


def _may_overflow(table: Table) -> bool:
    for i in range(len(table)):
        code, constants = table.program(i)
        if any(isinstance(constant, Table) and _may_overflow(constant) for constant in constants):
            return True
        for op, operands in code:
            whole = op == "whole_power" and operands[0] < 0
            if whole and constants[~operands[0]] <= 1:  # type: ignore[operator]  # a number
                continue
            if "power" in op or "**" in OPERATIONS.get(op, ""):
                return True
    return False


def comments(schedule: Schedule, table: Table, width: int) -> list[str]:
    """What each piece is, as far as a line goes."""
    found: list[str] = []
    previous = None
    for i, start in enumerate((0, *table.bounds)):
        said = _piece(schedule, start)
        if said == previous:
            found.append("# Held." if not table.program(i).code else "")
        else:
            found.append("# " + textwrap.shorten(said, width, placeholder=" ...") if said else "")
        previous = said
    return found if len(found) > 1 else []


def _piece(schedule: Schedule, t: float) -> str:
    """Which part of a schedule holds at `t`, and why."""
    reasons = []
    moment = exact(t)
    parts = schedule._parts(moment)
    while len(parts) == 1:
        schedule, moment = parts[0].schedule, parts[0].t
        reasons.append(parts[0].why)
        parts = schedule._parts(moment)
    why = ", ".join(filter(None, reasons))
    text = f"{why}: {schedule!r}" if why else repr(schedule)
    return text[0].upper() + text[1:]


def _docstring(schedule: Schedule, numpy: bool) -> Iterator[str]:
    yield '"""The value of the schedule at `t`.'
    yield ""
    yield "Expression:"
    yield f"    {schedule!r}"
    yield ""
    yield "`lrsched_core.parse` reads that line."
    yield ""
    yield "Args:"
    many = ", a number or an array of any shape" if numpy else ""
    yield f"    t: Time, finite and >= 0{many}; the n-th update uses the value at `n - 1`."
    yield ""
    yield "Raises:"
    yield "    TypeError: If `t` is a boolean, or not a number."
    yield "    ValueError: If `t` is negative, NaN or infinite."
    yield "    OverflowError: If a schedule that grows has left the float range."
    yield '"""'


def _expected(schedule: Schedule) -> Iterator[tuple[int, float]]:
    times = {0, 1, 2, 3, 10, *_FAR}
    for bound in islice(schedule._times(), _TRIED):
        start = math.ceil(max(bound, 1))
        times |= {start - 1, start, start + 1, start // 2}
    for t in sorted(times):
        try:
            yield t, schedule(t)
        except OverflowError:
            return
