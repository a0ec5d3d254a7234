"""Noise: a random factor that is nevertheless a function of time."""

from dataclasses import KW_ONLY
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Operand, between, noise
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._evaluation.refusals import real
from lrsched_core._value.checks import Duration, Says, moment, rate
from lrsched_core._value.schedule import Schedule


def _amount(name: str, value: Any) -> float:
    number = rate(name, value)
    if number > 1:
        raise refuse(ValueError, name, "<= 1", value)
    return number


def _seed(name: str, value: Any) -> int:
    number = real(name, value)
    if number < 0 or number != int(number):
        raise refuse(ValueError, name, "a whole number >= 0", value)
    return int(moment(name, number))


class Noise(Schedule):
    r"""A random factor around 1, drawn anew every `every` steps.

    $$\eta(t) = 1 + a\,(2 u - 1), \quad u \in [0, 1) \text{ uniform, a hash of } \lfloor t / s \rfloor
    \text{ and the seed}$$

    Multiply a schedule by it: `schedule * Noise(0.1, seed=7)`. It is a pure function of time like every schedule, so a
    run that is resumed meets the noise of the run that was not interrupted. Apart from rounding it is the same in every
    framework; in JAX, unless that computes in 64 bits, only for the first $2^{31} - 1$ draws.

    Args:
        amount: $a$, from 0 to 1: the factor lies between $1 - a$ and $1 + a$.
        seed: A whole number >= 0. Different seeds give uncorrelated noise.
        every: $s$, how long each factor holds, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> noise = Noise(0.1, seed=7, every=10)
        >>> [round(noise(t), 6) for t in (0, 9, 10, 20)]
        [0.963539, 0.963539, 0.948338, 1.060531]

    Reference:
        The noise of timm's schedulers (`noise_pct`, `noise_seed`). The hash is `lowbias32` of Wellons, Prospecting for
        Hash Functions, 2018.
    """

    amount: Annotated[float, _amount, Says(minimum=0, maximum=1)]
    _: KW_ONLY
    seed: Annotated[int, _seed, Says(minimum=0)] = 0
    every: Duration = 1

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        if not self.amount:
            return 1.0
        return between(1.0 - self.amount, 1.0 + self.amount, noise(clock.periods(self.every), self.seed))
