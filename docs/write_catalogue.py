"""Write the page of all schedules, and its pictures: `python docs/write_catalogue.py`.

Everything on the page comes from the code: names, signatures and, by their docstrings, descriptions, formulas and
sources. The example that is drawn is that of the table in tests/examples.
"""

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import lrsched_core
from lrsched_core import Schedule, parse
from lrsched_core._looks.pictures.curve import curve

HERE = Path(__file__).parent
PAGE = HERE / "catalogue.md"
PICTURES = HERE / "catalogue"
COLUMNS = 4  # of the gallery
BEGIN, END = "<!-- begin of what docs/write_catalogue.py writes -->", "<!-- end of what it writes -->"

sys.path.insert(0, str(HERE.parent / "tests"))

from examples import FAMILIES  # noqa: E402

# What is drawn, over 40 steps; grouped as the table of examples is.
EXAMPLES: dict[str, list[str]] = {
    title: [example.picture for example in examples.values() if example.picture] for title, examples in FAMILIES.items()
}


def name_of(example: str) -> str:
    """What is called in an expression."""
    return example.partition("(")[0]


def documented(function: Callable[..., Schedule]) -> dict[str, str]:
    """The parts of a docstring: its first line, its formula, and its sections by title, each as one line."""
    text = inspect.getdoc(function) or ""
    parts = {"": text.partition("\n")[0]}
    if formula := re.search(r"\$\$(.*?)\$\$", text, re.DOTALL):
        parts["formula"] = " ".join(formula.group(1).split())
    for title, body in re.findall(r"^(\w+):\n((?:    .*\n?|\n)+)", text + "\n", re.MULTILINE):
        parts[title] = " ".join(body.split())
    return parts


def entry(example: str) -> str:
    """One schedule: its name, curve, call, what it is, formula, and what it goes back to."""
    name = name_of(example)
    function = getattr(lrsched_core, name)
    parts = documented(function)
    parameters = inspect.signature(function).parameters.values()
    bare = [p.replace(annotation=p.empty) for p in parameters]
    signature = str(inspect.Signature(bare))
    lines = [f"### {name}", "", f"![{example}](catalogue/{name}.svg)", ""]
    lines += [f"{parts['']} {parts.get('Returns', '')}".strip(), "", "```text", f"{name}{signature}", "```", ""]
    if "formula" in parts:
        lines += [f"$${parts['formula']}$$", ""]
    if "Reference" in parts:
        lines += [f"**Goes back to** {parts['Reference']}", ""]
    return "\n".join(lines)


def gallery() -> list[str]:
    """Every curve, in rows, over the link to its entry."""
    names = [name_of(example) for examples in EXAMPLES.values() for example in examples]
    cells = [f"![{name}](catalogue/{name}.svg) [{name}](#{name.lower()})" for name in names]
    rows = [cells[first : first + COLUMNS] for first in range(0, len(cells), COLUMNS)]
    return ["| " * COLUMNS + "|", "|---" * COLUMNS + "|", *(f"| {' | '.join(row)} |" for row in rows)]


def entries() -> str:
    """The page's part between the two marks."""
    lines = ["## At a glance", "", *gallery(), ""]
    for title, examples in EXAMPLES.items():
        lines += [f"## {title}", "", *map(entry, examples)]
    return "\n".join(lines)


def draw(example: str) -> None:
    """A small picture, without numbers: what counts is the form."""
    schedule = lrsched_core.Function(_example) if example.startswith(("Function", "Custom")) else parse(example)
    figure, ax = plt.subplots(figsize=(3, 1), layout="constrained")
    drawn = curve(schedule, 0, 40, columns=400)
    ax.plot(drawn.t, drawn.values, color="#c2410c", linewidth=1.5)
    ax.set_xlim(0, 40)
    ax.set_ylim(0, None)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color("#9ca3af")
    figure.savefig(PICTURES / f"{name_of(example)}.svg", metadata={"Date": None}, transparent=True)
    plt.close(figure)


def _example(t: float) -> float:
    return 0.15 + 0.1 * float(np.sin(t / 4))


def main() -> None:
    """Draw the pictures and write the page."""
    plt.rcParams |= {"svg.hashsalt": "lrsched-core"}
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for examples in EXAMPLES.values():
        for example in examples:
            draw(example)
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{entries()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
