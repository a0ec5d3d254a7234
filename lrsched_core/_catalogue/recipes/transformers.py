"""Inverse square roots and powers, as used to train transformers."""

import math

from lrsched_core._catalogue.decays.exponentials import Saturating
from lrsched_core._catalogue.decays.powers import PowerDecay
from lrsched_core._errors import refuse
from lrsched_core._value import checks
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import Duration, Moment, Positive, Rate
from lrsched_core._value.constant import Constant
from lrsched_core._value.schedule import Schedule


@checking
def inverse_sqrt(base_lr: Rate, *, warmup: Moment, timescale: Duration | None = None, start: Rate = 0.0) -> Schedule:
    r"""A linear warmup, then decay with the inverse square root of time.

    $$\eta(t) = \eta_0 \, t / W, \quad t < W; \qquad \eta(t) = \eta_0 \, (1 + (t - W) / \tau)^{-1/2}, \quad t \ge W$$

    Args:
        base_lr: $\eta_0$, the peak, at `t = warmup`.
        warmup: $W$, how long the way up takes, >= 0.
        timescale: $\tau$, > 0: the rate is half the peak $3 \tau$ after it. By default the length of the warmup, which
            makes the decay $\eta_0 \sqrt{W / t}$.
        start: The value at `t = 0`, if there is a warmup.

    Returns:
        `PowerDecay(base_lr, 0.5, timescale=timescale).with_warmup(warmup, start=start)`.

    Raises:
        ValueError: If an argument is out of its range, or `warmup` is 0 and `timescale` is not given.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = inverse_sqrt(0.4, warmup=4)
        >>> [lr(t) for t in (0, 2, 4, 16, 64)]
        [0.0, 0.2, 0.4, 0.2, 0.1]

    Reference:
        Zhai et al., Scaling Vision Transformers, arXiv:2106.04560, section 3.5; fairseq's `inverse_sqrt`;
        `transformers.get_inverse_sqrt_schedule`. The decay alone: Raffel et al., T5, arXiv:1910.10683, section 3.1.2,
        with a constant warmup, as in `PowerDecay(...).with_warmup(W, start=..., shape="constant")`.
    """
    tau = checks.duration("warmup", warmup) if timescale is None else timescale
    return PowerDecay(base_lr, 0.5, timescale=tau).with_warmup(warmup, start=start)


@checking
def noam(model_size: Positive, *, warmup: Duration, scale: Positive = 1.0) -> Schedule:
    r"""The schedule of the original transformer.

    $$\eta(t) = s \, d^{-1/2} \min(t^{-1/2},\; t \, W^{-3/2})$$

    Args:
        model_size: $d$, the width of the model, > 0.
        warmup: $W$, how long the way up takes, > 0.
        scale: $s$, > 0.

    Returns:
        The `inverse_sqrt` whose peak is $s (d W)^{-1/2}$.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = noam(512, warmup=4000)
        >>> lr(0), round(lr(4000), 7), round(lr(16000), 7)
        (0.0, 0.0006988, 0.0003494)

    Reference:
        Vaswani et al., Attention Is All You Need, arXiv:1706.03762, equation 3, with its step number as $t$.
    """
    product = checks.positive("model_size * warmup", model_size * warmup)
    return inverse_sqrt(checks.rate("scale / (model_size * warmup) ** 0.5", scale / product**0.5), warmup=warmup)


@checking
def token_power(base_lr: Positive, *, scale: Positive, power: Positive = 0.51) -> Schedule:
    r"""A power of the number of tokens seen, below a limit: made to transfer across batch sizes and horizons.

    $$\eta(t) = \min(\eta_0,\; a\,t^{-b})$$

    Args:
        base_lr: $\eta_0$, the limit, > 0.
        scale: $a$, > 0; in the paper, 4.6 times the batch size.
        power: $b$, > 0.

    Returns:
        The limit, held until the power is below it, then `PowerDecay`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = token_power(0.02, scale=4.0, power=0.5)
        >>> lr(0), round(lr(40_000), 12), round(lr(160_000), 12)
        (0.02, 0.02, 0.01)

    Reference:
        Shen et al., Power Scheduler, arXiv:2408.13359, equation 2.
    """
    try:
        meeting = (scale / base_lr) ** (1 / power)
    except OverflowError:
        meeting = math.inf
    checks.duration("(scale / base_lr) ** (1 / power)", meeting)
    return PowerDecay(base_lr, power, timescale=meeting).delay(meeting)


@checking
def untuned_linear_warmup(*, beta2: Rate = 0.999) -> Schedule:
    r"""A warmup whose length follows from Adam's $\beta_2$: a factor from $(1 - \beta_2) / 2$ to 1 for a schedule.

    $$\omega(t) = \min(1,\; (t + 1)(1 - \beta_2) / 2)$$

    Args:
        beta2: $\beta_2$, >= 0 and < 1.

    Returns:
        The constant 1 with a warmup of $2 / (1 - \beta_2)$ steps, the first of which is left out.

    Raises:
        ValueError: If `beta2` is out of its range.
        TypeError: If `beta2` is not a number.

    Example:
        >>> untuned_linear_warmup(beta2=0.5)
        Constant(1.0).with_warmup(4).advance(1)

    Reference:
        Ma & Yarats, On the Adequacy of Untuned Warmup for Adaptive Optimization, arXiv:1910.04209, untuned
        linear warmup.
    """
    return Constant(1.0).with_warmup(2 / _one_minus(beta2)).advance(1)


@checking
def untuned_exponential_warmup(*, beta2: Rate = 0.999) -> Schedule:
    r"""A warmup whose length follows from Adam's $\beta_2$: a factor that approaches 1 exponentially, for a schedule.

    $$\omega(t) = 1 - e^{-(1 - \beta_2)(t + 1)}$$

    Args:
        beta2: $\beta_2$, >= 0 and < 1.

    Returns:
        `Saturating(timescale=1 / (1 - beta2))`, the first step of which is left out.

    Raises:
        ValueError: If `beta2` is out of its range.
        TypeError: If `beta2` is not a number.

    Example:
        >>> warmup = untuned_exponential_warmup(beta2=0.5)
        >>> [round(warmup(t), 3) for t in range(4)]
        [0.393, 0.632, 0.777, 0.865]

    Reference:
        Ma & Yarats, On the Adequacy of Untuned Warmup for Adaptive Optimization, arXiv:1910.04209, untuned
        exponential warmup.
    """
    return Saturating(1.0, timescale=1 / _one_minus(beta2)).advance(1)


def _one_minus(beta2: float) -> float:
    if beta2 >= 1:
        raise refuse(ValueError, "beta2", "< 1", beta2)
    return 1 - beta2
