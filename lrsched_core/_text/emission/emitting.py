"""The text of a module whose functions are schedules: one, or those of a plan."""

import math
import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from itertools import islice

from lrsched_core import __version__
from lrsched_core._errors import refuse
from lrsched_core._evaluation.program import Table
from lrsched_core._evaluation.source import OPERATIONS
from lrsched_core._evaluation.times import exact
from lrsched_core._run.plan import Plan
from lrsched_core._text.emission.layout import WIDTH, assigned
from lrsched_core._text.emission.module import Module, checked_name, is_free
from lrsched_core._text.emission.numbers import Numbers, indented
from lrsched_core._value.checks import flag
from lrsched_core._value.schedule import Schedule

# What a function is called, if nobody says it.
NAME = "learning_rate"
# Boundaries around which values are put down, and times beyond them.
_TRIED = 12
_FAR = (100, 12_345, 10**6, 10**9)


def emit(schedule: "Schedule | Plan", *, name: str = NAME, numpy: bool = False) -> str:
    """Writes a schedule or a plan as a module of plain Python, for a program that may not depend on this library.

    The module of a schedule has one public function, which needs the standard library alone. For a number, it gives the
    value of the schedule, bit for bit on the same computer: it is written by the generator that compiles schedules,
    with the constants in their places. It refuses the times that a schedule refuses. Comments name the pieces. Below
    the function, a test compares it with values of the schedule: `pytest` finds it, and running the module runs it.

    The docstring of the function holds the expression of the schedule, alone on the line below `Expression:`. `parse`
    reads it, which brings a vendored schedule back.

    The module of a plan has one such function for each hyperparameter, by its name: `lr`, `weight_decay`, and `head_lr`
    for the `lr` of the group `head`; characters that no name may have become `_`. The docstring of the module holds the
    plan's expression.

    Args:
        schedule: A schedule of this library, or a plan of such schedules; a `Function` or a `CustomSchedule` has no
            text.
        name: What the function is called. The functions of a plan are called as its hyperparameters are.
        numpy: Whether the function takes NumPy arrays; the module then needs NumPy. Its values are those that the
            schedule has for an array, at times below 2**53, which float64 can count; where there are more than 16
            pieces, NumPy may round a power in another way.

    Returns:
        The text of the module, formatted as by `ruff format`.

    Raises:
        TypeError: If `schedule` is neither a schedule nor a plan, or contains a `Function` or a `CustomSchedule`; if
            `name` is not a string, or `numpy` not True or False.
        ValueError: If `name` is not an identifier, or means something else in the module; if a plan is given a `name`.

    Example:
        >>> from lrsched_core import Cosine, Plan, emit
        >>> text = emit(Cosine(0.3, 0.01, steps=15).with_warmup(5))
        >>> names = {}
        >>> exec(text, names)
        >>> names["learning_rate"](5)
        0.3
        >>> exec(emit(Plan(lr=Cosine(0.3, 0.01, steps=15), weight_decay=0.1)), names)
        >>> names["lr"](0), names["weight_decay"](0)
        (0.3, 0.1)
    """
    if isinstance(schedule, Plan):
        if name != NAME:
            raise refuse(ValueError, "name", "left out where a plan is emitted, whose functions have its names", name)
        functions = _functions_of(schedule)
    elif isinstance(schedule, Schedule):
        functions = {checked_name(name): schedule}
    else:
        raise refuse(TypeError, "schedule", "a schedule or a Plan", schedule)
    # Those of arrays import NumPy.
    module = Module(
        import_module(f"lrsched_core._text.emission.{'array' if flag('numpy', numpy) else 'number'}_helpers")
    )
    written = [_function(module, name, one, numpy) for name, one in functions.items()]
    module.functions[:0] = written
    tests = [_test(module, name, one) for name, one in functions.items()]
    what = "plan" if isinstance(schedule, Plan) else "schedule"
    title = f"A {what} as plain Python{', for NumPy' if numpy else ''}, written by lrsched-core {__version__}."
    if isinstance(schedule, Plan):
        title = "\n".join([title, "", *_expression(schedule), ""])
    run = ['if __name__ == "__main__":', *[f"    test_{name}()" for name in functions]]
    return module.text(title, functions, [*tests, "\n".join(run)])


def _functions_of(plan: Plan) -> dict[str, Schedule]:
    """The schedules of a plan, by names that functions may have."""
    grouped = [(f"{group}_{name}", one) for group, inner in plan.grouped for name, one in inner.options]
    found: dict[str, Schedule] = {}
    for option, schedule in [*plan.options, *grouped]:
        name = re.sub(r"\W+", "_", option, flags=re.ASCII).strip("_")
        if not name.isidentifier() or name.startswith("test_"):
            name = f"option_{name}".rstrip("_")
        while name in found or not is_free(name):
            name += "_"
        found[name] = schedule
    return found


def _function(module: Module, name: str, schedule: Schedule, numpy: bool) -> str:
    """The text of a function; what it needs beside is put into the module."""
    table = Table(schedule._pieces())
    said = comments(schedule, table, WIDTH - 12)
    if numpy:
        from lrsched_core._text.emission import arrays  # which imports NumPy

        body = arrays.Arrays(module, schedule).body(table, said)
        body = ['with np.errstate(over="ignore", under="ignore"):', *indented(body)]
        kinds, check = ("ArrayLike", "NDArray[np.float64]"), "t = _times(t)"
    else:
        body = Numbers(module, schedule).body(table, said)
        if _may_overflow(table):
            body = ["try:", *indented(body), "except OverflowError:", "    raise _too_late(t) from None"]
        kinds, check = ("float", "float"), "t = _time(t)"
    head = [f"def {name}(t: {kinds[0]}, /) -> {kinds[1]}:", *indented([*_docstring(schedule, numpy), check])]
    return "\n".join([*head, *indented(body)])


def _test(module: Module, name: str, schedule: Schedule) -> str:
    """The text of a test that compares a function with values of the schedule."""
    expected = module.name("EXPECTED")
    return "\n".join(
        [
            assigned(expected, tuple(_expected(schedule))),
            "",
            "",
            f"def test_{name}() -> None:",
            '    """Compares with what the schedule gave when this was written."""',
            f"    for t, expected in {expected}:",
            "        # Another computer may round a sine or a power in another way.",
            f"        assert abs({name}(t) - expected) <= 1e-12 * abs(expected), t",
        ]
    )


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
    yield from _expression(schedule)
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


def _expression(value: Schedule | Plan) -> list[str]:
    # The names of a plan may hold what ends a docstring.
    text = repr(value).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return ["Expression:", f"    {text}", "", "`lrsched_core.parse` reads that line."]


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
