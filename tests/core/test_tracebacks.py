"""A traceback through a compiled schedule shows the line at which it stopped."""

import linecache
import traceback

import pytest

from lrsched_core import Factor, Function, Linear, Sequence
from lrsched_core._evaluation import numbers


def broken(t):
    message = "broken"
    raise KeyError(message)


def compiled(error):
    return [frame for frame in traceback.extract_tb(error.__traceback__) if "compiled schedule" in frame.filename]


@pytest.mark.parametrize(
    ("schedule", "kind", "line"),
    [
        (Function(broken) * 2 + Linear(0.1, steps=5), KeyError, "called("),
        (Sequence([*[Linear(0.1, steps=5)] * 40, Function(broken)], milestones=range(40)), KeyError, "called("),
        (Factor(1.0, 2.0), OverflowError, "return refuse(t)"),
    ],
    ids=["few pieces", "many pieces", "a refusal"],
)
def test_a_traceback_shows_the_line_of_compiled_code(schedule, kind, line):
    with pytest.raises(kind) as raised:
        schedule(10**6)
    frames = compiled(raised.value)
    assert frames
    assert all(frame.line for frame in frames)
    assert line in frames[-1].line


def test_different_code_has_different_names_and_old_code_is_forgotten(monkeypatch):
    monkeypatch.setattr(numbers, "_KEPT", 3)
    names = [numbers._file_name(f"text {i}\n") for i in range(8)]
    try:
        assert len(set(names)) == 8
        assert [*numbers._file_names] == names[-3:]
        assert not any(name in linecache.cache for name in names[:-3])
        assert linecache.getline(names[-1], 1) == "text 7\n"
        linecache.checkcache()
        assert linecache.getline(names[-1], 1) == "text 7\n"
    finally:
        for name in names:
            linecache.cache.pop(name, None)
