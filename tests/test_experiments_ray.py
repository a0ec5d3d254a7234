"""The chapter's experiment on a cluster of two nodes, one of which is killed."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("ray")
pytest.importorskip("rich")
pytest.importorskip("sklearn")
pytest.importorskip("mxnet")
pytest.importorskip("typer")

from fashion import chapter, records

COMMAND = Path(__file__).parents[1] / "notebooks" / "experiments.py"


def command(out, *options):
    few = ["--framework", "mxnet", "--data", "digits", "--limit", "300", "--epochs", "2", "--seeds", "1"]
    return [sys.executable, str(COMMAND), "--out", str(out), *few, *options]


def without_circumstances(folder):
    return [replace(one, seconds=0.0, versions={}) for one in records.load_all(folder)]


@pytest.fixture
def cluster():
    from ray.cluster_utils import Cluster

    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    yield started
    started.shutdown()


@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_killed_node_costs_no_record_and_all_are_those_of_one_machine(cluster, tmp_path):
    env = {**os.environ, "COLUMNS": "200", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    second = cluster.add_node(num_cpus=1)
    there, here = tmp_path / "there", tmp_path / "here"
    running = subprocess.Popen(
        command(there, "--ray", cluster.address), env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    deadline = time.monotonic() + 180
    while not list(there.glob("*.json")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    kept = {path: path.stat().st_mtime_ns for path in there.glob("*.json")}
    assert 0 < len(kept) < len(chapter.SCHEDULES)
    cluster.remove_node(second, allow_graceful=False)
    output, _ = running.communicate(timeout=300)
    assert running.returncode == 0, output
    assert {path: path.stat().st_mtime_ns for path in kept} == kept

    subprocess.run(command(here, "--jobs", "1"), env=env, capture_output=True, timeout=300, check=True)
    assert len(without_circumstances(there)) == len(chapter.SCHEDULES)
    assert without_circumstances(there) == without_circumstances(here)

    again = subprocess.run(
        command(there, "--ray", cluster.address), env=env, capture_output=True, text=True, timeout=120, check=True
    )
    assert "Records: 5 of 5 runs" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
