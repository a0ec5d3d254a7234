"""Runs the command line in this process: a process of its own takes a second, most of it to begin."""

import io
import os
import sys
from types import SimpleNamespace
from unittest import mock

from lrsched_core._looks.command import app, expressions


def run(*arguments, text="", encoding="utf-8", **environment):
    """How it ended, and what it wrote, as a process would tell."""
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(text.encode() if isinstance(text, str) else text), "utf-8"),
        "stdout": io.TextIOWrapper(io.BytesIO(), encoding),
        "stderr": io.TextIOWrapper(io.BytesIO(), encoding, errors="backslashreplace"),
    }
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "TERM")}
    expressions._seen.clear()
    with (
        mock.patch.dict(os.environ, {**kept, "COLUMNS": "120", **environment}, clear=True),
        mock.patch.multiple(sys, argv=["lrsched-core", *arguments], **streams),
    ):
        try:
            app.run()
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
    return SimpleNamespace(returncode=code, stdout=_text(streams["stdout"]), stderr=_text(streams["stderr"]))


def _text(stream):
    stream.flush()
    return stream.buffer.getvalue().decode(stream.encoding)
