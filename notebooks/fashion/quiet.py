"""TensorFlow's import without its messages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_import() -> Iterator[None]:
    """Drop what is written to the standard error meanwhile, by C++ code too.

    TensorFlow logs there before any setting of its own takes effect. A failing import still raises.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
