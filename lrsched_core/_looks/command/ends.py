"""How a command ends: 0 if all is well, 1 if `diff` found a difference, 2 and a short message if something is wrong."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from lrsched_core._looks.command import streams

# A message is read by a person.
_LONGEST = 1000
_READER_HAS_GONE = 141  # as a program that the signal has ended


class Refusal(typer.BadParameter):
    """What is wrong, in words that need no more."""

    def format_message(self) -> str:
        """The words alone."""
        return str(self.message)


class Commands(TyperGroup):
    """The commands, whose errors are messages."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """As typer does, with bounded messages."""
        with _refusals():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """As typer does, with a message for what numbers, files and the system refuse."""
        with _refusals():
            return super().invoke(ctx)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        streams.abandon()
        sys.exit(_READER_HAS_GONE)  # typer would exit with 1
    except (ValueError, ArithmeticError, OSError, ImportError) as error:
        raise Refusal(bounded(str(error) or type(error).__name__)) from None
    except Exception as error:
        message = getattr(error, "message", None)
        if isinstance(message, str):
            error.message = bounded(message)  # type: ignore[attr-defined]  # it has been seen to have one
        raise


def bounded(text: str) -> str:
    """A message of which a person can see the beginning and the end."""
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]} [...] {text[-half:]}"


def run(app: Callable[[], None]) -> None:
    """Runs a command, and ends the process."""
    streams.prepare()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        streams.abandon()
        sys.exit(_READER_HAS_GONE)
    except OSError as error:
        streams.abandon()
        print(f"Error: {bounded(str(error))}", file=sys.stderr)
        sys.exit(2)
    except Exception:  # a mistake of this program's own: 1 would say that schedules differ
        traceback.print_exc()
        sys.exit(2)
