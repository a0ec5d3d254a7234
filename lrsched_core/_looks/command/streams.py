"""Standard output as it is: a terminal, a pipe or nothing, with colours or without, in whatever encoding."""

import io
import os
import shutil
import sys
from pathlib import Path

from rich.console import Console
from typer import rich_utils

# What a chart and a frame are drawn with.
_DRAWN = "│⠿"
_NARROWEST = 30
# Lines of text are read in columns; a pipe is read by programs.
_WIDEST, _PIPE = 100, 600
_LINES = 24


class _Closed(io.TextIOBase):
    """Standard output where the shell has closed it: Python would swallow in silence what is written."""

    def write(self, _: str) -> int:
        message = "standard output is closed"
        raise OSError(message)


def prepare() -> None:
    """Makes standard output and error fit to be written to."""
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the process ends
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if _plain():
        rich_utils.COLOR_SYSTEM = None  # help and errors are typer's


def abandon() -> None:
    """Makes Python forget what could not be written, and would be tried again at its end."""
    if not isinstance(sys.stdout, _Closed):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain() -> bool:
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in ("dumb", "unknown")


def colored() -> bool:
    """Whether there is somebody who sees colours and wants them."""
    return sys.stdout.isatty() and not _plain()


def drawable() -> bool:
    """Whether the encoding has what frames and curves are drawn with."""
    try:
        _DRAWN.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def width() -> int:
    """How many letters a line may have; as many as it needs in a pipe that says nothing else."""
    asked = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return max(shutil.get_terminal_size().columns, _NARROWEST) if asked else _PIPE


def columns() -> int:
    """The same for what is read as text or picture."""
    return min(width(), _WIDEST)


def lines() -> int:
    """How many lines are seen at once, the prompt not counted."""
    return max(shutil.get_terminal_size((80, _LINES)).lines, _LINES) - 1


def console() -> Console:
    """Where tables are printed."""
    return Console(width=width(), color_system="auto" if colored() else None, highlight=False)
