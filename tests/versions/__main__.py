"""Tries the library with other versions, each in an environment of its own: `python -m tests.versions WHEEL`."""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from . import page
from .rows import ROWS, Row

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import pythons

# What the tests themselves need.
TOOLS = ("hypothesis", "jsonschema", "matplotlib", "mpmath", "packaging", "pytest")
# Whose versions the table shows.
SHOWN = ("numpy", "torch", "keras", "tensorflow-cpu", "jax", "optax", "mxnet")
NAMES = "import importlib.metadata as m; print('\\n'.join(f'{d.name}=={d.version}' for d in m.distributions()))"


def attempt(row: Row, wheel: Path) -> dict:
    """What became of one row: the versions that were installed, and the last line of the tests or why there is none."""
    found = {"subject": row.subject, "python": row.python, "asked": row.asked, "versions": {}, "on": page.today()}
    python = pythons.find(row.python)
    if row.impossible:
        return {**found, "outcome": "skipped", "says": row.impossible}
    if not python:
        return {**found, "outcome": "skipped", "says": f"no Python {row.python} on this machine"}
    with tempfile.TemporaryDirectory(prefix="lrsched-") as folder:
        own = Path(folder, "bin", "python")
        subprocess.run([python, "-m", "venv", folder], check=True)
        install = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*install, wheel, *row.asked, *TOOLS], capture_output=True, text=True, check=False)
        if done.returncode:
            return {**found, "outcome": "not installed", "says": done.stderr.strip().splitlines()[-1]}
        listed = subprocess.run([own, "-c", NAMES], capture_output=True, text=True, check=True).stdout
        versions = dict(line.lower().replace("_", "-").split("==") for line in listed.split())
        found["versions"] = {name: versions[name] for name in SHOWN if name in versions}
        found["exactly"] = subprocess.run(
            [own, "--version"], capture_output=True, text=True, check=True
        ).stdout.split()[1]
        # Its own program: by `python -m pytest` the checkout would shadow the wheel.
        pytest = [own.with_name("pytest"), "-q", "-p", "no:cacheprovider", "--hypothesis-profile=ci"]
        done = subprocess.run([*pytest, *row.tests], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines()
    if done.returncode:
        sys.stdout.write(done.stdout[-6000:] + done.stderr[-2000:])
    says = re.sub(r"[= ]*\bin [\d.]+s.*", "", lines[-1]).strip("= ")
    return {**found, "outcome": "failed" if done.returncode else "passed", "says": says}


def main() -> int:
    """Exits with 1 where tests failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description=__doc__)
    parser.add_argument("wheel", type=Path, help="what is tried")
    parser.add_argument("--only", default="", help="rows whose line has this text, such as 'torch' or '3.13'")
    options = parser.parse_args()
    outcomes = []
    for row in ROWS:
        if options.only not in str(row):
            continue
        print(row, flush=True)
        found = attempt(row, options.wheel.resolve())
        outcomes.append(found["outcome"])
        print(f"    {found['outcome']}: {found['says']}", flush=True)
        # What another machine, or another run, could try stands until it is tried again.
        tried = {**page.read(), str(row): found}
        page.write({str(row): tried[str(row)] for row in ROWS if str(row) in tried})
    return int("failed" in outcomes)


if __name__ == "__main__":
    sys.exit(main())
