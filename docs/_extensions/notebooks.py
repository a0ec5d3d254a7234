"""Notebooks as pages, with the outputs that are stored in them: docs/notebooks/NAME.md is notebooks/NAME.ipynb."""

import html
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mathml import mathml
from sphinx.application import Sphinx

LINK = re.compile(r"\]\(([^):\s]+)\)")
# What a link of a notebook leads to, from the root of the repository, and the page that shows it.
PAGES = {"README.md": "index.md", "notebooks/results/README.md": "chapter.md"}


def read(app: Sphinx, name: str, source: list[str]) -> None:
    """Called by Sphinx with the text of each page: a notebook becomes one, and links to notebooks lead to theirs."""
    root = Path(app.srcdir).parent
    if name.startswith("notebooks/"):
        notebook = f"{name}.ipynb"
        cells = json.loads((root / notebook).read_text(encoding="utf-8"))["cells"]
        text = "\n\n".join(part for cell in cells for part in _parts(cell))
        whole = f"{{download}}`The notebook itself </../{notebook}>`, to be run."
        source[0] = f"{text}\n\n---\n\n{whole}\n"
    else:
        source[0] = re.sub(r"\]\((?:\.\./)+(notebooks/\w+)\.ipynb\)", r"](/\1.md)", source[0])


def _parts(cell: dict[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield LINK.sub(_led, source)
        return
    commands = any(line.startswith(("!", "%")) for line in source.split("\n"))
    yield _fenced(source, "text" if commands else "python")
    for output in cell["outputs"]:
        yield _shown(output)


def _shown(output: dict[str, Any]) -> str:
    """The richest form of an output that a page can hold."""
    forms = {kind: "".join(value) for kind, value in output.get("data", {}).items()}
    if "image/png" in forms:
        return f"![What the cell above draws](data:image/png;base64,{forms['image/png'].replace(chr(10), '')})"
    if "text/html" in forms:
        drawn = re.sub(r"\$([^$]+)\$", lambda formula: mathml(html.unescape(formula[1]), "inline"), forms["text/html"])
        return _fenced(f'<div class="output">{drawn}</div>', "{raw} html")
    if "text/markdown" in forms:
        return forms["text/markdown"]
    text = forms.get("text/plain") or "".join(output["text"])
    return _fenced(f":class: output\n\n{text.rstrip()}", "{code-block} text")


def _fenced(text: str, language: str) -> str:
    return f"``````{language}\n{text}\n``````"


def _led(link: re.Match[str]) -> str:
    """A link of a notebook to a file beside it: to the page that shows it, or to the file as it is."""
    path, _, anchor = link[1].partition("#")
    path = posixpath.normpath(posixpath.join("notebooks", path))
    page = PAGES.get(path, re.sub(r"\.ipynb$", ".md", path).removeprefix("docs/"))
    found = f"/{page}" if page.endswith(".md") else f"../../{path}"
    return f"]({found}{'#' + anchor if anchor else ''})"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
