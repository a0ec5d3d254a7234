"""What was tried, as data, and as the page that the docs show."""

import datetime
import json
from pathlib import Path

TRIED = Path(__file__).with_name("tried.json")
PAGE = Path(__file__).parents[2] / "docs" / "versions.md"

HEAD = """\
# Versions

What the library was tried with, each row in an environment of its own, with the wheel installed as anybody installs it.
Where no version was asked for, it was the newest that could be installed on that day. `core` runs `tests/core`,
`tests/laws` and the examples in docstrings; a framework runs the tests of its adapter that train, read and resume, or
those of tracing and optax.

The bounds in `pyproject.toml` are the oldest versions here. An adapter whose framework is older than that is refused
when it is imported, by name and with the version that was found. JAX has no adapter: an older one fails
when a schedule asks for its array functions.
"""
FOOT = """
Written by `make matrix`, which tries what the machine can (the Pythons on the path or of pyenv), and leaves the other
rows as they were; `make matrix ARGS="--only torch"` tries some. On every Python that is present, `make test` tries
less: imports, the values that were computed by hand, text and JSON, and emitted modules.
"""


def read() -> dict[str, dict]:
    """What was tried so far, by row."""
    return json.loads(TRIED.read_text(encoding="utf-8")) if TRIED.exists() else {}


def write(tried: dict[str, dict]) -> None:
    """Keep it, and write the page."""
    TRIED.write_text(json.dumps(tried, indent=1) + "\n", encoding="utf-8", newline="\n")
    PAGE.write_text(text(tried), encoding="utf-8", newline="\n")


def text(tried: dict[str, dict]) -> str:
    """The whole page."""
    rows = ["| | Python | with | tests | on |", "|---|---|---|---|---|", *map(line, tried.values())]
    return "\n".join([HEAD, *rows, FOOT])


def line(found: dict) -> str:
    """One row of the table."""
    named = ", ".join(f"{name} {version.partition('+')[0]}" for name, version in found["versions"].items())
    asked = ", ".join(found["asked"]).replace("==", " ")
    says = found["says"] if found["outcome"] == "passed" else f"{found['outcome']}: {found['says']}"
    day = found["on"].replace("-", "\u2011")  # in one line
    return f"| {found['subject']} | {found.get('exactly', found['python'])} | {named or asked} | {says} | {day} |"


def today() -> str:
    """The day, as the page writes it."""
    return datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat()
