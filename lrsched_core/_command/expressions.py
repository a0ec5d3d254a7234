"""Schedules from what a person types: an expression, JSON, a file, or standard input."""

import sys
from pathlib import Path

import typer

from lrsched_core import Schedule, from_json, parse


def read(text: str) -> Schedule:
    """The schedule that an argument of the command line describes."""
    return described(source(text))


def source(text: str) -> str:
    """What an argument says, or the file or the standard input that it points to."""
    if text == "-":
        return sys.stdin.read()
    if text.startswith("@"):
        try:
            return Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(str(error)) from None
    return text


def described(text: str) -> Schedule:
    """The schedule of an expression, or of JSON."""
    try:
        value = from_json(text) if text.lstrip().startswith("{") else parse(text)
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    if not isinstance(value, Schedule):
        message = f"`text` must be the expression of a schedule, got a {type(value).__name__}."
        raise typer.BadParameter(message)
    return value
