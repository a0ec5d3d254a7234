"""Draw the picture of README: `python docs/draw_schedules.py` writes docs/schedules.svg."""

from pathlib import Path

import matplotlib.pyplot as plt

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
    first, *others = SCHEDULES
    figure = first.plot_each(*others, stop=40, color="#c2410c", linewidth=2)
    figure.savefig(Path(__file__).with_name("schedules.svg"), metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    main()
