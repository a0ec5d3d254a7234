"""Draw the pictures of README, plans, operators and changes: `python docs/draw_schedules.py` writes docs/*.svg."""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

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
    extend,
    parse,
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

OPERATORS = (
    "Cosine(0.3, steps=30).with_warmup(5)",
    "SquareRoot(0.3).cooldown(at=25, steps=10)",
    "Cosine(0.3, steps=8).repeat(8, growth=2, decay=0.7)",
    "Linear(0.3, steps=30).staircase(5)",
    "Linear(0.3, steps=30).clip(0.05, 0.2)",
    "SquareRoot(0.3) * Linear(0.0, 1.0, steps=10)",
)
PLANNED = Cosine(0.3, steps=100)
STABLE = SquareRoot(0.4).with_warmup(10)

CLOCK = Clock(batch_size=batch_ramp(768, 3072, 768, samples=100_000_000), tokens_per_sample=4096, tokens=1e12)
PLAN = Plan(
    lr=wsd(3e-4, warmup=2e9, stable=798e9, decay=200e9), weight_decay=0.1, momentum=Linear(0.85, 0.95, steps=300e9)
).on(CLOCK, "tokens")


def main() -> None:
    """Draw schedules under the expressions that make them, a plan by quantities, and changes over what was planned."""
    plt.rcParams |= {"svg.hashsalt": "lrsched-core", "font.size": 9}
    style = {"color": "#c2410c", "linewidth": 2}
    composed = [parse(expression) for expression in OPERATORS]
    figures = {
        "schedules": SCHEDULES[0].plot_each(*SCHEDULES[1:], stop=40, **style),
        "operators": composed[0].plot_each(*composed[1:], stop=40, labels=OPERATORS, **style),
        "plan": PLAN.plot(**style),
        "changes": changes(),
    }
    for name, figure in figures.items():
        figure.savefig(Path(__file__).with_name(f"{name}.svg"), metadata={"Date": None})
        plt.close(figure)


def changes() -> Figure:
    """A run made longer, and two cooldowns branched from a stable run."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8), layout="constrained")
    longer = extend(PLANNED, at=50, stop=100, new_stop=150)
    branches = [STABLE.cooldown(at=at, steps=at // 4) for at in (40, 80)]
    PLANNED.plot(longer, ax=left, stop=160, labels=["planned", "extend(planned, at=50, stop=100, new_stop=150)"])
    labels = ["stable", *(f"stable.cooldown(at={at}, steps={at // 4})" for at in (40, 80))]
    STABLE.plot(*branches, ax=right, stop=120, labels=labels)
    for ax in (left, right):
        ax.legend(frameon=False, fontsize=7)
    return figure


if __name__ == "__main__":
    main()
