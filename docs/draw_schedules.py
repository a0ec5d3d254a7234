"""Draw the pictures of README and of plans: `python docs/draw_schedules.py` writes schedules.svg and plan.svg."""

from pathlib import Path

import matplotlib.pyplot as plt

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Factor,
    Linear,
    MultiFactor,
    Plan,
    Polynomial,
    Schedule,
    SquareRoot,
    batch_ramp,
    wsd,
)  # fmt: skip

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


CLOCK = Clock(batch_size=batch_ramp(768, 3072, 768, samples=100_000_000), tokens_per_sample=4096, tokens=1e12)
PLAN = Plan(
    lr=wsd(3e-4, warmup=2e9, stable=798e9, decay=200e9), weight_decay=0.1, momentum=Linear(0.85, 0.95, steps=300e9)
).on(CLOCK, "tokens")


def main() -> None:
    """Draw each schedule under the expression that makes it, and the plan with a panel for each quantity."""
    plt.rcParams |= {"svg.hashsalt": "lrsched-core", "font.size": 9}
    first, *others = SCHEDULES
    style = {"color": "#c2410c", "linewidth": 2}
    for name, figure in (("schedules", first.plot_each(*others, stop=40, **style)), ("plan", PLAN.plot(**style))):
        figure.savefig(Path(__file__).with_name(f"{name}.svg"), metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
