"""Write the page of all schedules, and its pictures: `python docs/write_catalogue.py`.

Everything on the page comes from the code: names, signatures and, by their docstrings, descriptions, formulas and
sources. Only the example that is drawn is chosen here.
"""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import lrsched_core
from lrsched_core import Schedule, parse

HERE = Path(__file__).parent
PAGE = HERE / "catalogue.md"
PICTURES = HERE / "catalogue"
BEGIN, END = "<!-- begin of what docs/write_catalogue.py writes -->", "<!-- end of what it writes -->"

# What is drawn, over 40 steps; grouped as the table is.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "Steps": (
        "Constant(0.3)",
        "Factor(0.3, 0.7, every=4)",
        "MultiFactor(0.3, 0.5, milestones=(15, 25))",
        "PiecewiseConstant((0.1, 0.3, 0.05), milestones=(10, 25))",
        "Interpolated((0.05, 0.3, 0.2, 0.0), milestones=(0, 8, 25, 38))",
        "Noise(0.3, seed=1)",
    ),
    "Ramps": (
        "Linear(0.3, 0.03, steps=32)",
        "Cosine(0.3, 0.01, steps=32)",
        "CosinePower(0.3, 0.01, steps=32, power=2.0)",
        "Polynomial(0.3, steps=32)",
        "Power(0.3, steps=32)",
        "Geometric(0.3, 0.003, steps=32)",
        "NormalizedExponential(0.3, steps=32, ratio=0.01)",
        "Logarithmic(0.0, 0.3, steps=32)",
        "Tanh(0.3, steps=32)",
        "Rex(0.3, steps=32)",
        "Hyperbolic(0.3, 0.01, steps=32, upper_bound=40)",
        "ExponentialHyperbolic(0.3, 0.01, steps=32, upper_bound=40)",
    ),
    "Decays and approaches without an end": (
        "SquareRoot(0.3)",
        "PowerDecay(0.3, 0.5, timescale=5)",
        "Exponential(0.3, 0.9)",
        "InverseTime(0.3, 0.2)",
        "Saturating(0.3, timescale=8)",
        "RAdam(beta2=0.9)",
    ),
    "Recipes: made of the above": (
        "wsd(0.3, warmup=5, stable=20, decay=10)",
        "wsd_periods(0.3, periods=(15, 20), decay=5, warmup=3, rewarmup=2)",
        "infinite(0.3, 0.1, warmup=5, cooldown=15)",
        "warmup_hold_cosine(0.3, warmup=5, hold=10, steps=20)",
        "flat_cosine(0.3, steps=35)",
        "tri_stage(0.3, warmup=5, hold=10, decay=20)",
        "slanted_triangular(0.3, steps=36)",
        "one_cycle(0.3, steps=36)",
        "triangular(0.05, 0.3, up=6)",
        "triangular2(0.05, 0.3, up=6)",
        "exp_range(0.05, 0.3, up=6, factor=0.95)",
        "restarts(0.3, 0.01, steps=6, growth=2, peak_decay=0.7)",
        "restarts_at(0.3, periods=(8, 12, 18), weights=(1.0, 0.5, 0.8))",
        "range_test(0.001, 0.3, steps=36)",
        "fractal_chebyshev(0.03, 0.3, steps=32)",
        "inverse_sqrt(0.3, warmup=6)",
        "noam(512, warmup=6)",
        "token_power(0.3, scale=1.0, power=0.5)",
        "untuned_linear_warmup(beta2=0.9)",
        "untuned_exponential_warmup(beta2=0.9)",
    ),
    "Anything else": ("Function(f)", "CustomSchedule()"),
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


def entries() -> str:
    """The page's part between the two marks."""
    lines = []
    for title, examples in EXAMPLES.items():
        lines += [f"## {title}", "", *map(entry, examples)]
    return "\n".join(lines)


def draw(example: str) -> None:
    """A small picture, without numbers: what counts is the form."""
    schedule = lrsched_core.Function(_example) if example.startswith(("Function", "Custom")) else parse(example)
    t = np.linspace(0, 40, 1601)
    values = schedule(t)
    figure, ax = plt.subplots(figsize=(3, 1), layout="constrained")
    # A jump is a gap: what holds at a milestone is the new value.
    values[1:][np.abs(np.diff(values)) > 0.03 * values.max()] = np.nan
    ax.plot(t, values, color="#c2410c", linewidth=1.5)
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
