"""Draw the picture of README: `python docs/draw_schedules.py` writes docs/schedules.svg."""

from pathlib import Path
from textwrap import wrap

import matplotlib.pyplot as plt
import numpy as np

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, Polynomial, Schedule, SquareRoot

SCHEDULES: list[Schedule] = [
    Constant(0.3),
    Factor(0.3, 0.7, every=4),
    MultiFactor(0.3, 0.5, milestones=(15, 25)),
    SquareRoot(0.3),
    Polynomial(0.3, steps=30),
    Linear(0.3, 0.05, steps=30),
    Cosine(0.3, 0.01, steps=30),
    Cosine(0.3, 0.01, steps=25).with_warmup(5),
    Linear(0.3, steps=10).then(Cosine(0.2, steps=20), at=10),
]


def main() -> None:
    """Draw each schedule under the expression that makes it."""
    plt.rcParams |= {"svg.hashsalt": "lrsched-core", "font.size": 9}
    figure, axes = plt.subplots(3, 3, figsize=(10.5, 5.4), sharex=True, sharey=True, layout="constrained")
    t = np.linspace(0, 40, 2001)
    for schedule, ax in zip(SCHEDULES, axes.flat, strict=True):
        values = schedule(t)
        # A jump is a gap, not a steep line: what holds at a milestone is the new value.
        values[1:][np.abs(np.diff(values)) > 0.01] = np.nan
        ax.plot(t, values, color="#c2410c", linewidth=2)
        ax.set_title("\n".join(wrap(repr(schedule), 43)), fontsize=8, family="monospace")
        ax.set_ylim(0, 0.33)
        ax.set_xlim(0, 40)
        ax.grid(color="#e5e7eb")
        ax.set_axisbelow(True)
        ax.spines[["top", "right"]].set_visible(False)
    for ax in axes[-1]:
        ax.set_xlabel("t")
    figure.savefig(Path(__file__).with_name("schedules.svg"), metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
