"""Text files, whatever their encoding."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_LOOK = 65_536
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """A file as text."""
    with path.open("rb") as file:
        head = file.read(_LOOK)
    with path.open(encoding=_encoding(head), errors="replace", newline="") as text:
        yield text


def _encoding(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head.startswith(_GZIP):
        message = "`log` must be unpacked first: this one is compressed by gzip."
        raise ValueError(message)
    # A killed run may leave zeros at the end.
    if b"\0" in head.rstrip(b"\0"):
        # Text of another width has a zero in each second byte; anything else is none.
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) > 0.9 * len(zeros):
                return encoding
        message = "`log` must be text, or an event file of TensorBoard: this one is binary."
        raise ValueError(message)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return "latin-1"  # names may be spoilt, numbers are not
    return "utf-8"
