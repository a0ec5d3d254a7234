"""The other Pythons of this machine: on the path, or where pyenv keeps them."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

SUPPORTED = ("3.10", "3.11", "3.12", "3.13", "3.14")


@cache
def find(version: str) -> str | None:
    """The interpreter of a version such as "3.10", or None where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)
    for candidate in [shutil.which(f"python{version}"), *map(str, kept)]:
        # A shim of pyenv stands on the path for versions too that are not switched on.
        if candidate and not subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode:
            return candidate
    return None


def params(*versions: str) -> list:
    """Cases of a test, one a version, all that are supported unless said; a missing one is skipped by name."""
    return [
        pytest.param(find(version), id=version, marks=() if find(version) else missing(version))
        for version in versions or SUPPORTED
    ]


def missing(version: str) -> pytest.MarkDecorator:
    """Says so in the report."""
    return pytest.mark.skip(reason=f"there is no Python {version} here")
