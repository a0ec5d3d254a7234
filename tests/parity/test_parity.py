"""Every constructor of `lrsched_core.compat` beside the live original."""

import inspect

import pytest

from lrsched_core import Schedule, from_dict, parse
from parity.comparison import LIBRARIES, cases, difference


def compared():
    """All cases; a library that is not installed is skipped as one."""
    for library in LIBRARIES:
        try:
            found = cases(library)
        except ModuleNotFoundError as error:
            yield pytest.param(None, id=library, marks=pytest.mark.skip(reason=f"without {error.name}"))
        else:
            yield from (pytest.param(case, id=case.original) for case in found)


COMPARED = list(compared())


@pytest.mark.parametrize("case", COMPARED)
def test_schedules_equal_the_original(case):
    differences = [(difference(case, arguments), arguments) for arguments in case.grid]
    assert [found for found in differences if not found[0] <= case.relative] == []


def assert_is_a_value(schedule, again):
    assert isinstance(schedule, Schedule)
    if "Function(" not in repr(schedule):
        assert schedule == again
        assert from_dict(schedule.to_dict()) == schedule
        assert parse(repr(schedule)) == schedule


@pytest.mark.parametrize("case", COMPARED)
def test_schedules_are_values(case):
    for arguments in case.grid:
        assert_is_a_value(case.ours(**arguments), case.ours(**arguments))


def without_quirks(case):
    """The schedules of a case with `clean=True`, and their arguments."""
    for arguments in case.grid:
        try:
            schedule = case.ours(**arguments, clean=True)
        except ValueError:  # a plan that only works with the quirk
            continue
        assert_is_a_value(schedule, case.ours(**arguments, clean=True))
        yield schedule, arguments


def only(condition):
    return [case for case in COMPARED if case.values[0] is None or condition(case.values[0])]


@pytest.mark.parametrize("case", only(lambda case: "clean" in inspect.signature(case.ours).parameters))
def test_schedules_without_their_quirks_are_values(case):
    assert list(without_quirks(case))


@pytest.mark.parametrize("case", only(lambda case: "rises again" in case.quirks))
def test_what_rises_again_does_not_without_its_quirk(case):
    for schedule, arguments in without_quirks(case):
        end = case.horizon(**arguments)
        after = {schedule(t) for t in range(end, 3 * end + 1)}
        assert len(after) == 1, arguments
