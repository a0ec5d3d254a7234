"""MXNet's schedulers: `mxnet.lr_scheduler`.

MXNet counts an update before it asks for its rate, so that the first one asks with `num_update = 1`: here that is
`t = 0`. The originals change when they are asked. What is meant here is what comes out in a training, which asks for
every update in order; a scheduler that is first asked in the middle, or past its end, answers with something else.

Quirk of all with a linear warmup: the first update uses what the warmup should give to the second, so that
`warmup_begin_lr` is never used and `base_lr` is reached one update early. Not reproduced: an optimizer that has a
default rate (Adam, RMSProp and others) writes it over the scheduler's `base_lr`.
"""

from collections.abc import Callable
from collections.abc import Sequence as Items
from functools import partial
from itertools import pairwise

from lrsched_core import Constant, Cosine, Factor, MultiFactor, Polynomial, Schedule
from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import choice, positive, rate
from lrsched_core._value.shapes import Shape, checked
from lrsched_core.compat._arguments import whole


@checking
def FactorScheduler(
    step: int,
    factor: float = 1.0,
    stop_factor_lr: float = 1e-8,
    base_lr: float = 0.01,
    warmup_steps: int = 0,
    warmup_begin_lr: float = 0.0,
    warmup_mode: str = "linear",
    *,
    clean: bool = False,
) -> Schedule:
    r"""Multiplies by `factor` every `step` updates, down to a floor: $\max(\eta_1, \eta_0 f^{\lfloor t/s \rfloor})$.

    Quirks, beside that of the warmup: the decay counts from the first update, so that the rate can drop at the end of
    the warmup; a `base_lr` below the floor is used for the first `step` updates. Clean: the decay begins after the
    warmup, and the floor holds from the start.

    Args:
        step: $s$, a whole number > 0.
        factor: $f$, > 0 and at most 1.
        stop_factor_lr: $\eta_1$.
        base_lr: $\eta_0$.
        warmup_steps: A whole number >= 0.
        warmup_begin_lr: Where the warmup begins, at most `base_lr`.
        warmup_mode: `"linear"`, or `"constant"`, which stays at `warmup_begin_lr`.
        clean: Without the quirks.

    Returns:
        `Factor`, with a warmup.

    Example:
        >>> FactorScheduler(10, factor=0.5, base_lr=0.4, warmup_steps=5, clean=True)
        Factor(0.4, 0.5, every=10, stop_factor_lr=1e-08).with_warmup(5)
    """
    base_lr, floor = rate("base_lr", base_lr), rate("stop_factor_lr", stop_factor_lr)
    step = whole("step", step, least=1)
    begin, steps, mode = _warmup(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
    decay: Schedule = Factor(base_lr, _factor(factor), every=step, stop_factor_lr=floor)
    if clean:
        return decay.with_warmup(steps, start=begin, shape=mode)
    if base_lr < floor:
        decay = Constant(base_lr).then(Constant(floor), at=step)
    return _decaying_meanwhile(decay, base_lr, begin, steps, mode)


@checking
def MultiFactorScheduler(
    step: Items[int],
    factor: float = 1.0,
    base_lr: float = 0.01,
    warmup_steps: int = 0,
    warmup_begin_lr: float = 0.0,
    warmup_mode: str = "linear",
    *,
    clean: bool = False,
) -> Schedule:
    r"""Multiplies by `factor` at each of some updates: $\eta_0 f^{\#\{m \le t\}}$.

    Quirk, beside that of the warmup: the warmup goes up to `base_lr`, even if that has decayed meanwhile. Clean: up to
    the rate that holds then.

    Args:
        step: The times $m$, whole numbers > 0, in ascending order and without repeats.
        factor: $f$, > 0 and at most 1.
        base_lr: $\eta_0$.
        warmup_steps: A whole number >= 0. The times count from the first update, the warmup included.
        warmup_begin_lr: Where the warmup begins, at most `base_lr`.
        warmup_mode: `"linear"`, or `"constant"`, which stays at `warmup_begin_lr`.
        clean: Without the quirks.

    Returns:
        `MultiFactor`, with a warmup.

    Example:
        >>> MultiFactorScheduler([15, 30], factor=0.5, base_lr=0.5)
        MultiFactor(0.5, 0.5, milestones=(15, 30))
    """
    base_lr = rate("base_lr", base_lr)
    begin, steps, mode = _warmup(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
    times = tuple([whole(f"step[{i}]", time, least=1) for i, time in enumerate(step)])
    if not times or any(later <= earlier for earlier, later in pairwise(times)):
        raise refuse(ValueError, "step", "at least one time, in ascending order and without repeats", step)
    decay = MultiFactor(base_lr, _factor(factor), milestones=times)
    if clean:
        return decay.with_warmup(steps, start=begin, shape=mode, delay=False)
    return _decaying_meanwhile(decay, base_lr, begin, steps, mode)


@checking
def PolyScheduler(
    max_update: int,
    base_lr: float = 0.01,
    pwr: float = 2,
    final_lr: float = 0.0,
    warmup_steps: int = 0,
    warmup_begin_lr: float = 0.0,
    warmup_mode: str = "linear",
    *,
    clean: bool = False,
) -> Schedule:
    r"""A power of what is left: $\eta_1 + (\eta_0 - \eta_1)(1 - (n - W)/(N - W))^p$ at $n = t + 1$, then $\eta_1$.

    Quirks: all of it comes one update early, so that without a warmup `base_lr` is never used, and `final_lr` is
    reached at `max_update - 1`; with more warmup than updates there is no decay. Clean: the warmup begins with
    `warmup_begin_lr`, `base_lr` comes at `warmup_steps` and `final_lr` at `max_update`, which has to be later.

    Not reproduced: with as much warmup as updates MXNet divides by zero, and a scheduler that was never asked before
    its end stays at `base_lr`.

    Args:
        max_update: $N$, when the decay ends, the warmup included; a whole number > 0.
        base_lr: $\eta_0$.
        pwr: $p$, > 0.
        final_lr: $\eta_1$.
        warmup_steps: $W$, a whole number >= 0, other than `max_update`.
        warmup_begin_lr: Where the warmup begins, at most `base_lr`.
        warmup_mode: `"linear"`, or `"constant"`, which stays at `warmup_begin_lr`.
        clean: Without the quirks.

    Returns:
        `Polynomial`, with a warmup, advanced by 1 unless `clean`.

    Example:
        >>> PolyScheduler(20, base_lr=0.3, warmup_steps=5)
        Polynomial(0.3, steps=15).with_warmup(5).advance(1)
    """
    base_lr, curve = rate("base_lr", base_lr), partial(Polynomial, power=positive("pwr", pwr))
    warmup = _warmup(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
    return _ending(curve, base_lr, rate("final_lr", final_lr), max_update, warmup, clean=clean)


@checking
def CosineScheduler(
    max_update: int,
    base_lr: float = 0.01,
    final_lr: float = 0.0,
    warmup_steps: int = 0,
    warmup_begin_lr: float = 0.0,
    warmup_mode: str = "linear",
    *,
    clean: bool = False,
) -> Schedule:
    r"""Half a cosine wave: $\eta_1 + (\eta_0 - \eta_1)(1 + \cos(\pi (n-W)/(N-W)))/2$ at $n = t + 1$, then $\eta_1$.

    Quirks, and what is not reproduced: those of `PolyScheduler`.

    Args:
        max_update: $N$, when the decay ends, the warmup included; a whole number > 0.
        base_lr: $\eta_0$.
        final_lr: $\eta_1$.
        warmup_steps: $W$, a whole number >= 0, other than `max_update`.
        warmup_begin_lr: Where the warmup begins, at most `base_lr`.
        warmup_mode: `"linear"`, or `"constant"`, which stays at `warmup_begin_lr`.
        clean: Without the quirks.

    Returns:
        `Cosine`, with a warmup, advanced by 1 unless `clean`.

    Example:
        >>> CosineScheduler(20, base_lr=0.3, final_lr=0.01, warmup_steps=5)
        Cosine(0.3, 0.01, steps=15).with_warmup(5).advance(1)
        >>> CosineScheduler(20, base_lr=0.3, final_lr=0.01, warmup_steps=5, clean=True)
        Cosine(0.3, 0.01, steps=15).with_warmup(5)
    """
    base_lr = rate("base_lr", base_lr)
    warmup = _warmup(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
    return _ending(Cosine, base_lr, rate("final_lr", final_lr), max_update, warmup, clean=clean)


def _warmup(base_lr: float, steps: int, begin: float, mode: str) -> tuple[float, int, Shape]:
    steps, mode = whole("warmup_steps", steps), choice("warmup_mode", mode, ("linear", "constant"))
    begin = rate("warmup_begin_lr", begin)
    if begin > base_lr:
        raise refuse(ValueError, "warmup_begin_lr", f"<= `base_lr`, which is {base_lr!r}", begin)
    return begin, steps, checked("warmup_mode", mode)


def _factor(factor: float) -> float:
    if not 0 < real("factor", factor) <= 1:
        raise refuse(ValueError, "factor", "> 0 and <= 1", factor)
    return float(factor)


def _ending(
    curve: Callable[..., Schedule],
    base_lr: float,
    final_lr: float,
    max_update: int,
    warmup: tuple[float, int, Shape],
    *,
    clean: bool,
) -> Schedule:
    """A warmup, and a decay that ends at `max_update`; none if that is over before."""
    begin, steps, mode = warmup
    left = whole("max_update", max_update, least=1) - steps
    if not left or (left < 0 and clean):
        rule = f"{'<' if clean else 'other than'} `max_update`, which is {max_update!r}"
        raise refuse(ValueError, "warmup_steps", rule, steps)
    decay = curve(base_lr, final_lr, steps=left) if left > 0 else Constant(base_lr)
    warm = decay.with_warmup(steps, start=begin, shape=mode)
    return warm if clean else warm.advance(1)


def _decaying_meanwhile(decay: Schedule, base_lr: float, begin: float, steps: int, mode: Shape) -> Schedule:
    """The warmup up to `base_lr`, then `decay`, which has been on its way from the first update on."""
    if steps < 2:
        return decay
    ramp = Constant(base_lr).with_warmup(steps, start=begin, shape=mode).advance(1)
    return ramp.then(decay.advance(steps - 1), at=steps - 1)
