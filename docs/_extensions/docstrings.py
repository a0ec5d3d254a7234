"""Docstrings say `code` and $formula$ as Markdown does; this turns them into what Sphinx reads, reStructuredText."""

import re
from typing import Any

from sphinx.application import Sphinx

CODE = re.compile(r"(?<![`\w:])`([^`\n]+)`(?![`_])")
FORMULA = re.compile(r"(?<![$\\])\$([^$\n]+)\$(?!\$)")
DISPLAYED = re.compile(r"^(\s*)\$\$(.*?)\$\$", re.DOTALL | re.MULTILINE)


def _code(match: re.Match[str]) -> str:
    follows = match.string[match.end() :][:1]
    return f"``{match[1]}``" + ("\\ " if follows.isalnum() else "")  # as in `Linear`s


def _displayed(match: re.Match[str]) -> str:
    indent, formula = match[1], " ".join(match[2].split())
    return f"{indent}.. math:: {formula}\n"


def restructured(text: str) -> str:
    """The same docstring, for Sphinx."""
    text = DISPLAYED.sub(_displayed, text)
    lines = []
    for line in text.split("\n"):
        if not line.lstrip().startswith((">>>", "...", ".. math")):
            line = FORMULA.sub(r":math:`\1`", CODE.sub(_code, line))
        lines.append(line)
    return "\n".join(lines)


def process(_app: Sphinx, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Called by autodoc, before the Google style is read."""
    lines[:] = restructured("\n".join(lines)).split("\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", process, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
