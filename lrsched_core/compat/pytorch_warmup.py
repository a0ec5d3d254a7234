"""The warmups of pytorch_warmup: factors that dampen a schedule, or a constant rate, from its first update on.

The factor is a function of `t + 1`: the first update has a share already. The warmup covers the first updates of the
schedule, which decays meanwhile.
"""

from itertools import count
from typing import Any

from lrsched_core import Constant, Linear, RAdam, Saturating, Schedule
from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import rate
from lrsched_core.compat._arguments import whole


@checking
def LinearWarmup(schedule: Schedule | float, warmup_period: int) -> Schedule:
    r"""Dampens by $\min(1, (t + 1) / \tau)$.

    Args:
        schedule: What the optimizer's rate would be: a schedule, or a rate.
        warmup_period: $\tau$, a whole number > 0. All of the rate is there at `t = warmup_period - 1`.

    Returns:
        A product.

    Example:
        >>> LinearWarmup(0.5, warmup_period=4)
        0.5 * Linear(0.25, 1.0, steps=3)
    """
    period = whole("warmup_period", warmup_period, least=1)
    schedule = _schedule(schedule)
    return schedule * Linear(1 / period, 1.0, steps=period - 1) if period > 1 else schedule


@checking
def ExponentialWarmup(schedule: Schedule | float, warmup_period: int) -> Schedule:
    r"""Dampens by $1 - e^{-(t + 1) / \tau}$.

    Args:
        schedule: What the optimizer's rate would be: a schedule, or a rate.
        warmup_period: $\tau$, a whole number > 0.

    Returns:
        A product.

    Example:
        >>> ExponentialWarmup(0.1, warmup_period=10)
        0.1 * Saturating(timescale=10).advance(1)
    """
    period = whole("warmup_period", warmup_period, least=1)
    return _schedule(schedule) * Saturating(timescale=period).advance(1)


@checking
def UntunedLinearWarmup(schedule: Schedule | float, beta2: float = 0.999) -> Schedule:
    r"""`LinearWarmup` with $\tau = \lfloor 2 / (1 - \beta_2) \rfloor$.

    Args:
        schedule: What the optimizer's rate would be: a schedule, or a rate.
        beta2: $\beta_2$ of Adam, >= 0 and < 1.

    Returns:
        A product.

    Example:
        >>> UntunedLinearWarmup(0.1, beta2=0.5)
        0.1 * Linear(0.25, 1.0, steps=3)
    """
    return LinearWarmup(schedule, int(2.0 / (1.0 - _beta2(beta2))))


@checking
def UntunedExponentialWarmup(schedule: Schedule | float, beta2: float = 0.999) -> Schedule:
    r"""`ExponentialWarmup` with $\tau = \lfloor 1 / (1 - \beta_2) \rfloor$.

    Args:
        schedule: What the optimizer's rate would be: a schedule, or a rate.
        beta2: $\beta_2$ of Adam, >= 0 and < 1.

    Returns:
        A product.
    """
    return ExponentialWarmup(schedule, int(1.0 / (1.0 - _beta2(beta2))))


@checking
def RAdamWarmup(schedule: Schedule | float, beta2: float = 0.999) -> Schedule:
    r"""Dampens by the rectification of RAdam, from the first update on in which that is not 0.

    Args:
        schedule: What the optimizer's rate would be: a schedule, or a rate.
        beta2: $\beta_2$ of Adam, > 0.6 and < 1.

    Returns:
        A product.
    """
    if not _beta2(beta2) > 0.6:
        raise refuse(ValueError, "beta2", "> 0.6", beta2)
    warmup = RAdam(beta2=beta2)
    return _schedule(schedule) * warmup.advance(next(t for t in count() if warmup(t)))


def _schedule(value: Any) -> Schedule:
    return value if isinstance(value, Schedule) else Constant(rate("schedule", value))


def _beta2(value: Any) -> float:
    beta2 = real("beta2", value)
    if not 0 <= beta2 < 1:
        raise refuse(ValueError, "beta2", ">= 0 and < 1", value)
    return beta2
