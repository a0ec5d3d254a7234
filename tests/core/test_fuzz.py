"""A few thousand of the inputs that `python -m tests.fuzz` tries a million of."""

import sys

import pytest

from fuzz.inputs import Maker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it measures by what Linux offers")


def test_nothing_happens_to_who_reads_hostile_text():
    from fuzz.trial import try_out

    trial = try_out(2000, seed=0, every=10)
    assert trial.faults == []
    assert trial.inputs == 2000
    assert 0.2 < trial.read / trial.inputs < 0.8  # neither are all refused, nor is nothing


def test_a_fault_would_be_noticed(monkeypatch):
    from fuzz import trial

    def careless(text):
        return eval("__import__('os').listdir('.')" if len(text) % 2 else "{}['key']")

    monkeypatch.setattr(trial, "READERS", {"text": careless, "json": careless})
    faults = trial.try_out(30, seed=0).faults
    assert any("raises KeyError: 'key'" in fault for fault in faults)
    assert any("does ['os.listdir'" in fault for fault in faults)


def test_the_same_seed_makes_the_same_inputs():
    first, second = Maker(3), Maker(3)
    assert [first.input() for _ in range(50)] == [second.input() for _ in range(50)]
