"""Every constructor of `lrsched_core.compat` beside the live original."""

import pytest

from lrsched_core import Schedule, from_dict, parse
from parity.comparison import LIBRARIES, cases, difference


def described(value):
    name = getattr(value, "__name__", None)
    return name or repr(value)


def compared():
    """Each case with each of its arguments; a library that is not installed is skipped as one."""
    for library in LIBRARIES:
        try:
            found = cases(library)
        except ModuleNotFoundError as error:
            yield pytest.param(None, None, id=library, marks=pytest.mark.skip(reason=f"without {error.name}"))
            continue
        for case in found:
            for arguments in case.grid:
                spelled = ",".join(f"{name}={described(value)}" for name, value in arguments.items())
                yield pytest.param(case, arguments, id=f"{case.original}({spelled})")


COMPARED = list(compared())


@pytest.mark.parametrize(("case", "arguments"), COMPARED)
def test_a_schedule_equals_the_original(case, arguments):
    assert difference(case, arguments) <= case.relative


@pytest.mark.parametrize(("case", "arguments"), COMPARED)
def test_a_schedule_is_a_value(case, arguments):
    schedule = case.ours(**arguments)
    assert isinstance(schedule, Schedule)
    if "Function(" in repr(schedule):
        pytest.skip("made from a function")
    assert schedule == case.ours(**arguments)
    assert from_dict(schedule.to_dict()) == schedule
    assert parse(repr(schedule)) == schedule
