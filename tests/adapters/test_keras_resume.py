"""A Keras training that was killed for real goes on with the rates of the uninterrupted one."""

import signal

import pytest

from lrsched_core import Cosine
from thorough import THOROUGH

keras = pytest.importorskip("keras")

from keras_fits import on_backends

# The program forks a process for every training: most where one costs least.
RUNS = {"torch": 80, "tensorflow": 15, "jax": 5} if THOROUGH else {"torch": 15, "tensorflow": 6, "jax": 3}


@pytest.fixture(scope="module")
def killed():
    """What each backend has trained, uninterrupted and killed."""
    return on_backends("keras_killed.py", {backend: [runs] for backend, runs in RUNS.items()})


@pytest.mark.parametrize("backend", RUNS)
def test_killed_at_random_updates_and_resumed_the_rates_are_bit_for_bit_those_of_one_run(backend, killed):
    """From `.keras` files, saved by epoch and within it, and from `BackupAndRestore`; the rate in the graph and set."""
    assert killed[backend]["backend"] == backend
    assert len(killed[backend]["resumed"]) == RUNS[backend]
    for run in killed[backend]["resumed"]:
        whole = killed[backend]["whole"][run["way"]]
        first, second = run["first"], run["second"]
        assert run["signal"] == signal.SIGKILL
        assert first == whole[: run["kill_at"] + 1]
        begins = second[0][0] if second else len(whole)
        assert begins <= len(first)  # at the last checkpoint, or anew
        assert first[:begins] + second == whole


@pytest.mark.parametrize("backend", RUNS)
def test_the_run_that_they_are_compared_with_has_the_rates_of_the_schedule(backend, killed):
    schedule = Cosine(0.3, 0.01, steps=8).with_warmup(4)
    times = {
        "graph": range(12),
        "graph, saved every second batch": range(12),
        "graph, two batches an update": [t for update in range(6) for t in (None, update)],
        "by epoch": [t - t % 3 for t in range(12)],
        "by batch": range(12),
    }
    for way, recorded in killed[backend]["whole"].items():
        expected = [0.0 if t is None else schedule(t) for t in times[way]]
        assert [float.fromhex(rate) for _, rate in recorded] == pytest.approx(expected, rel=5e-7, abs=0.0)


def test_the_kills_are_not_all_alike(killed):
    """Some resume at a checkpoint, some anew since none had been made."""
    runs = [run for backend in RUNS for run in killed[backend]["resumed"]]
    assert {run["kill_at"] for run in runs} == set(range(12))
    begins = {run["second"][0][0] for run in runs if run["second"]}
    assert {0, 3, 6, 9} < begins  # after epochs, and more: within them
