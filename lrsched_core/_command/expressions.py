"""Schedules from what a person types: an expression, JSON, a file, or standard input."""

import sys
from pathlib import Path

import typer

from lrsched_core import Schedule, from_json, parse


def read(text: str) -> Schedule:
    """The schedule that an argument of the command line describes."""
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(str(error)) from None
    try:
        return from_json(text) if text.lstrip().startswith("{") else parse(text)
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
