"""Formulas as MathML, which browsers draw by themselves: no script and no font has to be fetched, or shipped."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

# What the converter does not know, in what it does; none of it changes what is seen.
SPELLINGS = {r"\tfrac": r"\frac", r"\dfrac": r"\frac", r"\bigl": "", r"\bigr": "", r"\Bigl": "", r"\Bigr": ""}


def mathml(latex: str, display: str) -> str:
    """A formula, refused where something in it is not understood."""
    for theirs, ours in SPELLINGS.items():
        latex = latex.replace(theirs, ours)
    text: str = convert(latex, display=display)
    if "\\" in text:  # a command that was left as it is
        message = f"cannot draw the formula {latex!r}: {text}"
        raise ExtensionError(message)
    return text


def inline(translator: Any, node: nodes.math) -> None:
    """A formula within a line."""
    translator.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def block(translator: Any, node: nodes.math_block) -> None:
    """A formula in a line of its own."""
    translator.body.append(f'<div class="math">{mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("config-inited", lambda app, config: setattr(config, "html_math_renderer", "mathml"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
