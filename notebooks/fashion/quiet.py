"""Imports without messages, as TensorFlow has many."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr


@contextmanager
def quiet_import() -> Iterator[None]:
    """Drop what is written to the standard error meanwhile, by C++ code too.

    TensorFlow logs there before any setting of its own takes effect. In a notebook, Python's standard error is
    another one than that of C++. A failing import still raises.
    """
    # Later, when a generator feeds it, TensorFlow tells news: only its warnings and errors are let through.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        with redirect_stderr(io.StringIO()):
            yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
