"""Every constructor of `lrsched_core.compat` beside the live original."""

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


@pytest.mark.parametrize("case", COMPARED)
def test_schedules_are_values(case):
    for arguments in case.grid:
        schedule = case.ours(**arguments)
        assert isinstance(schedule, Schedule)
        if "Function(" not in repr(schedule):
            assert schedule == case.ours(**arguments)
            assert from_dict(schedule.to_dict()) == schedule
            assert parse(repr(schedule)) == schedule
