"""The methods and operators of every schedule, each of which gives another schedule."""

from numbers import Real
from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import exact, known, nearest
from lrsched_core._value import checks
from lrsched_core._value.calls import hinting
from lrsched_core._value.doors import door
from lrsched_core._value.inspection import Explanation, Segment, boundaries, explain, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    import numpy as np
    from matplotlib.axes import Axes

    from lrsched_core._value.schedule import Schedule
    from lrsched_core._value.shapes import Shape

    Operand: TypeAlias = Schedule | float | np.integer[Any] | np.floating[Any] | Callable[[Any], Any]


class Algebra:
    """What can be made of a schedule, and what can be asked about it.

    Operators stand above the value that offers them, hence the imports inside the methods. `self` is a schedule: this
    class is a base of `Schedule`, which a type checker cannot know here.
    """

    __slots__ = ()

    @hinting
    def with_warmup(
        self: Any, steps: float, *, start: float = 0.0, shape: "Shape" = "linear", delay: bool = True
    ) -> "Schedule":
        r"""Ramps up to this schedule.

        Args:
            steps: How long the ramp takes, >= 0. 0 gives the schedule itself.
            start: The value at `t = 0`. Must be > 0 if `shape` is `"exponential"`.
            shape: `"linear"`; `"cosine"`, half a wave; `"exponential"`, equal ratios (`Geometric`); `"constant"`, which
                stays at `start`, then jumps; `"sqrt"`, steep, then flat (`Power`); `"polynomial"`, likewise, as a
                parabola (`Polynomial`); `"normalized_exponential"`, `"tanh"`, `"rex"` and `"logarithmic"`, as the
                classes of these names do by default.
            delay: True: the schedule begins at its own 0 after the warmup, and the ramp aims at its first value. False:
                the warmup covers the first `steps` of the schedule, which keeps its clock, and the ramp aims at the
                value that the schedule has at `steps`.

        Returns:
            A schedule whose value is `start` at 0 and, exactly, this schedule's from `t = steps` on.

        Raises:
            ValueError: If `steps` or `start` is negative, `shape` is unknown, or an exponential ramp touches 0.

        Example:
            >>> from lrsched_core import Constant
            >>> warm = Constant(0.4).with_warmup(4)
            >>> [warm(t) for t in range(6)]
            [0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.4]

        Reference:
            Goyal et al., Accurate, Large Minibatch SGD, arXiv:1706.02677, section 2.2 (constant and gradual warmup).
        """
        from lrsched_core._value.operators.warmup import WithWarmup

        # Built even for 0 steps, so that the other arguments are checked.
        warm = WithWarmup(self, checks.moment("steps", steps) or 1, start=start, shape=shape, delayed=delay)
        return warm if steps else self

    @hinting
    def then(self: Any, other: "Schedule | Callable[[Any], Any]", *, at: float) -> "Schedule":
        """This schedule before `at`, then `other`, whose clock starts at 0 there.

        Args:
            other: What takes over: a schedule, or a function of t, which becomes a `Function`.
            at: When, >= 0. The value at `at` is already `other(0)`.

        Returns:
            `Sequence((self, other), milestones=(at,))`.

        Example:
            >>> from lrsched_core import Constant, Linear
            >>> joined = Constant(0.5).then(Linear(0.4, steps=2), at=10)
            >>> joined(9), joined(10), joined(11), joined(12)
            (0.5, 0.4, 0.2, 0.0)
        """
        from lrsched_core._value.operators.sequence import Sequence
        from lrsched_core._value.schedule import schedule_field

        return Sequence((self, schedule_field("other", other)), milestones=(checks.moment("at", at),))

    @hinting
    def delay(self: Any, steps: float) -> "Schedule":
        r"""Holds the first value for a while, then begins.

        $$\eta'(t) = \eta(\max(0,\; t - d))$$

        Args:
            steps: $d$, how long, >= 0. 0 gives the schedule itself.

        Returns:
            A schedule whose value at `t >= steps` is this one's at `t - steps`.

        Raises:
            ValueError: If `steps` is negative or not finite.

        Example:
            >>> from lrsched_core import Linear
            >>> late = Linear(0.4, steps=2).delay(3)
            >>> [late(t) for t in range(6)]
            [0.4, 0.4, 0.4, 0.4, 0.2, 0.0]
        """
        from lrsched_core._value.operators.clocks import Delay

        return _in_one(Delay, self, checks.moment("steps", steps))

    @hinting
    def advance(self: Any, steps: float) -> "Schedule":
        r"""Leaves out the beginning: `s.delay(n).advance(n)` has the values of `s`.

        $$\eta'(t) = \eta(t + d)$$

        Args:
            steps: $d$, how much is left out, >= 0. 0 gives the schedule itself.

        Returns:
            A schedule whose value at `t` is this one's at `t + steps`.

        Raises:
            ValueError: If `steps` is negative or not finite.

        Example:
            >>> from lrsched_core import Constant
            >>> warm = Constant(0.4).with_warmup(4).advance(1)  # a warmup whose first value is not 0
            >>> [warm(t) for t in range(4)]
            [0.1, 0.2, 0.30000000000000004, 0.4]
        """
        from lrsched_core._value.operators.clocks import Advance

        return _in_one(Advance, self, checks.moment("steps", steps))

    @hinting
    def stretch(self: Any, k: float) -> "Schedule":
        r"""Slows the clock: a schedule of epochs becomes one of updates.

        $$\eta'(t) = \eta(t / k)$$

        Args:
            k: How many times as long everything takes, > 0. Below 1 it is faster; 1 gives the schedule itself.

        Returns:
            A schedule whose value at `t` is this one's at `t / k`.

        Raises:
            ValueError: If `k` is not finite or not > 0.

        Example:
            >>> from lrsched_core import Cosine
            >>> epochs = Cosine(0.3, 0.01, steps=20)
            >>> updates = epochs.stretch(391)  # 391 updates in each epoch
            >>> updates(3910) == epochs(10), updates(7820)
            (True, 0.01)
        """
        from lrsched_core._value.operators.clocks import Stretch

        k = checks.duration("k", k)
        inner = self
        if isinstance(self, Stretch) and known(exact(self.k) * exact(k)):
            inner, k = self.schedule, nearest(exact(self.k) * exact(k))
        return Stretch(inner, k) if k != 1 else inner

    @hinting
    def staircase(self: Any, every: float) -> "Schedule":
        r"""Holds each value for a while: a schedule that would change at every update changes at every epoch.

        $$\eta'(t) = \eta(s \lfloor t / s \rfloor)$$

        Args:
            every: $s$, how long each value is held, > 0.

        Returns:
            A schedule that is constant between the multiples of `every`, where it has this one's values.

        Raises:
            ValueError: If `every` is not finite or not > 0.

        Example:
            >>> from lrsched_core import Linear
            >>> stairs = Linear(0.4, steps=4).staircase(2)
            >>> [stairs(t) for t in range(5)]
            [0.4, 0.4, 0.2, 0.2, 0.0]

        Reference:
            The `staircase` argument of `optax.exponential_decay` and `keras.optimizers.schedules.ExponentialDecay`.
        """
        from lrsched_core._value.operators.clocks import Staircase

        return Staircase(self, every)

    @hinting
    def repeat(self: Any, every: float, *, growth: float = 1, decay: float = 1.0) -> "Schedule":
        r"""Begins again and again: warm restarts.

        Cycle $i = 0, 1, \dots$ takes $s\,g^i$ and begins at $t_i = s\,(1 + g + \dots + g^{i-1})$; in it

        $$\eta'(t) = d^i \, \eta((t - t_i) / g^i), \quad t_i \le t < t_{i+1}$$

        Args:
            every: $s$, the length of the first cycle, > 0. What the schedule does later than that is cut off.
            growth: $g$, how many times as long as the one before each cycle is: 1, or at least 1.01. The schedule
                slows with its cycle. Growing cycles go on until $t = 2^{63}$; the value there is held.
            decay: $d$, how many times as high as the one before each cycle is, > 0.

        Returns:
            A schedule that at the beginning of each cycle has, exactly, the first value of this one (times the decay).

        Raises:
            ValueError: If an argument is out of its range.
            OverflowError: When asked for a `t` at which a `decay` above 1 has left the float range.

        Example:
            >>> from lrsched_core import Cosine
            >>> sgdr = Cosine(0.3, steps=10).repeat(10, growth=3)
            >>> sgdr(0), sgdr(10), sgdr(40), sgdr(1210)  # cycles of 10, 30, 90, 270, 810, ...
            (0.3, 0.3, 0.3, 0.3)

        Reference:
            Loshchilov & Hutter, SGDR, ICLR 2017, arXiv:1608.03983, section 3; `torch.optim.lr_scheduler.
            CosineAnnealingWarmRestarts`, whose logarithm misses some restarts (the one at 1210 above).
        """
        from lrsched_core._value.operators.repeat import Repeat

        return Repeat(self, every, growth=growth, decay=decay)

    @hinting
    def cooldown(self: Any, *, at: float, steps: float, final_lr: float = 0.0, shape: "Shape" = "linear") -> "Schedule":
        """Leaves this schedule at a time of one's choice, from whatever value it has there.

        Args:
            at: When, >= 0.
            steps: How long the way down (or up) takes, > 0.
            final_lr: The value from `at + steps` on.
            shape: How it gets there: a shape of `with_warmup`.

        Returns:
            A schedule that is this one before `at`, then ramps from its value at `at` to `final_lr`.

        Raises:
            ValueError: If an argument is out of its range, `shape` is unknown, or an exponential ramp touches 0.

        Example:
            >>> from lrsched_core import SquareRoot
            >>> lr = SquareRoot(0.4).cooldown(at=3, steps=2)
            >>> [round(lr(t), 3) for t in range(6)]
            [0.4, 0.283, 0.231, 0.2, 0.1, 0.0]

        Reference:
            Zhai et al., Scaling Vision Transformers, arXiv:2106.04560, section 3.5; Hägele et al., Scaling Laws and
            Compute-Optimal Training Beyond Fixed Training Durations, arXiv:2405.18392.
        """
        from lrsched_core._value.operators.sequence import Sequence
        from lrsched_core._value.schedule import may_be_negative
        from lrsched_core._value.shapes import check_ends, ramp

        start = checks.moment("at", at)
        if may_be_negative(self) and self(start) < 0:
            raise refuse(ValueError, "at", "a time at which the schedule is >= 0", at)
        check_ends(shape, **{"schedule at the beginning of the cooldown": self(start), "final_lr": final_lr})
        way = ramp(self(start), final_lr, steps=checks.duration("steps", steps), shape=shape)
        return Sequence((self, way), milestones=(start,))

    @hinting
    def clip(self: Any, low: float, high: float) -> "Schedule":
        r"""Keeps the value within limits.

        $$\eta'(t) = \min(\max(\eta(t),\; l),\; h)$$

        Args:
            low: $l$, the least value.
            high: $h$, the greatest, >= `low`.

        Returns:
            A schedule whose value is this one's where that lies within the limits, and else the limit.

        Raises:
            ValueError: If a limit is negative or not finite, or `high` is below `low`.

        Example:
            >>> from lrsched_core import Linear
            >>> lr = Linear(0.4, steps=4).clip(0.1, 0.25)
            >>> [lr(t) for t in range(6)]
            [0.25, 0.25, 0.2, 0.1, 0.1, 0.1]
        """
        from lrsched_core._value.operators.limits import Clip

        return Clip(self, low, high)

    def __add__(self: Any, other: "Operand") -> "Schedule":
        """At every t, the sum of the values; numbers and functions become schedules."""
        return _sum(self, other)

    def __radd__(self: Any, other: "Operand") -> "Schedule":
        """As above."""
        return _sum(other, self)

    def __mul__(self: Any, other: "Operand") -> "Schedule":
        """At every t, the product of the values; numbers and functions become schedules."""
        return _product(self, other)

    def __rmul__(self: Any, other: "Operand") -> "Schedule":
        """As above."""
        return _product(other, self)

    def __sub__(self: Any, other: "Operand") -> "Schedule":
        """At every t, the difference of the values, which may be negative; numbers and functions become schedules."""
        return _difference(self, other)

    def __rsub__(self: Any, other: "Operand") -> "Schedule":
        """As above."""
        return _difference(other, self)

    def __neg__(self: Any) -> "Schedule":
        """At every t, 0 less the value: what an update by addition wants."""
        return _difference(0.0, self)

    def __truediv__(self: Any, divisor: float) -> "Schedule":
        """At every t, the value divided by a number > 0."""
        if not isinstance(divisor, Real):
            return NotImplemented
        from lrsched_core._value.operators.arithmetic import Quotient

        return self if divisor == 1 and divisor is not True else Quotient(self, divisor)

    @property
    def boundaries(self: Any) -> tuple[float, ...]:
        """The times after 0 at which another formula takes over: ends of ramps, milestones, beginnings of cycles.

        Raises:
            ValueError: If the schedule repeats for ever; `segments(stop)` looks at the beginning of such a one.

        Example:
            >>> from lrsched_core import Cosine
            >>> Cosine(0.3, steps=15).with_warmup(5).boundaries
            (5, 20)
        """
        return boundaries(self)

    def segments(self: Any, stop: float | None = None) -> tuple[Segment, ...]:
        """The stretches of time in which one formula holds.

        Args:
            stop: Where to stop looking. Needed for a schedule that repeats for ever.

        Returns:
            Tuples `(start, stop, schedule, t)`: from `start` until `stop` (`inf` in the last), the value is that of
            `schedule`, whose own clock shows `t` at `start`.

        Raises:
            ValueError: If `stop` is negative, or missing for a schedule that repeats for ever.

        Example:
            >>> from lrsched_core import Cosine
            >>> for segment in Cosine(0.3, steps=15).with_warmup(5).segments():
            ...     print(*segment)
            0 5 Linear(0.0, 0.3, steps=5) 0
            5 20 Cosine(0.3, steps=15) 0
            20 inf Cosine(0.3, steps=15) 15
        """
        return segments(self, stop)

    def explain(self: Any, t: float) -> Explanation:
        """Why the value at `t` is what it is: which part is at work, on which clock, and what is done to its value.

        Args:
            t: Time, as in a call; a number.

        Returns:
            A tree of `schedule`, `t`, `value`, `why` and `parts`, which prints as one line a part.

        Raises:
            ValueError: If `t` is negative, NaN or infinite.

        Example:
            >>> from lrsched_core import Cosine
            >>> Cosine(0.3, steps=15).with_warmup(5).explain(10)
            Cosine(0.3, steps=15).with_warmup(5)  at t = 10:  0.22499999999999995
              Cosine(0.3, steps=15)  at t = 5:  0.22499999999999995  (after the warmup of 5, 5 of 15 steps)
        """
        return explain(self, checks.moment("t", t))

    def plot(
        self: Any,
        *others: "Schedule",
        ax: "Axes | None" = None,
        start: float = 0,
        stop: float | None = None,
        log: bool = False,
        marks: bool = True,
        labels: "Sequence[str] | None" = None,
        steps_per_epoch: float | None = None,
        **style: Any,
    ) -> "Axes":
        """Draws the schedule, alone or with others, by matplotlib. Nothing else changes.

        Up to ten million steps are looked at one by one, so that of each column of the picture the least and the
        greatest rate are drawn; of more, as many in equal distances.

        Args:
            others: Schedules to compare with.
            ax: Where to draw; a new figure if it is not given.
            start: The first time that is drawn.
            stop: The last; somewhat after the last change, or after a few cycles, if it is not given.
            log: Whether the axis of rates is logarithmic.
            marks: Whether boundaries are marked, and phases named; only where one schedule is drawn.
            labels: What the curves are called; their expressions if it is not given.
            steps_per_epoch: If it is given, a second axis counts epochs of so many steps.
            style: Passed on to `Axes.plot`: `color`, `linewidth`, ...

        Returns:
            The axes that were drawn on.

        Raises:
            ImportError: If matplotlib is not installed.
            TypeError: If another is not a schedule.
            ValueError: If `stop` is not after `start`, or there are not as many labels as curves.

        Example:
            >>> from lrsched_core import Cosine, Linear
            >>> ax = Cosine(0.3, steps=90).with_warmup(10).plot(Linear(0.3, steps=100))
            >>> [line.get_label() for line in ax.get_lines()]
            ['Cosine(0.3, steps=90).with_warmup(10)', 'Linear(0.3, steps=100)']
        """
        from lrsched_core._value.schedule import schedule_field

        schedules = [self, *[schedule_field(f"others[{i}]", other) for i, other in enumerate(others)]]
        return door("plot")(  # type: ignore[no-any-return]  # Axes, of matplotlib
            schedules,
            ax,
            start=start,
            stop=stop,
            log=log,
            marks=marks,
            labels=labels,
            steps_per_epoch=steps_per_epoch,
            **style,
        )


def _in_one(kind: Any, schedule: Any, steps: float) -> "Schedule":
    """Two delays, or two advances, are one; by no steps they are none."""
    if isinstance(schedule, kind) and known(exact(schedule.steps) + exact(steps)):
        schedule, steps = schedule.schedule, nearest(exact(schedule.steps) + exact(steps))
    return kind(schedule, steps) if steps else schedule  # type: ignore[no-any-return]  # a schedule either way


def _operand(value: Any) -> Any:
    from lrsched_core._value.schedule import Schedule, as_schedule

    if isinstance(value, Schedule):
        return value
    # Python asks the other operand, and words the error.
    return as_schedule("operand", value) if isinstance(value, Real) or callable(value) else None


def _is_number(schedule: Any, number: float) -> bool:
    return getattr(schedule, "lr", None) == number  # only a constant has this field


def _sum(first: Any, second: Any) -> "Schedule":
    from lrsched_core._value.operators.arithmetic import Sum

    a, b = _operand(first), _operand(second)
    if a is None or b is None:
        return NotImplemented  # type: ignore[no-any-return]  # to Python, which does not pass it on
    return b if _is_number(a, 0) else a if _is_number(b, 0) else Sum((a, b))


def _product(first: Any, second: Any) -> "Schedule":
    from lrsched_core._value.operators.arithmetic import Product

    a, b = _operand(first), _operand(second)
    if a is None or b is None:
        return NotImplemented  # type: ignore[no-any-return]  # to Python, which does not pass it on
    return b if _is_number(a, 1) else a if _is_number(b, 1) else Product((a, b))


def _difference(first: Any, second: Any) -> "Schedule":
    from lrsched_core._value.operators.arithmetic import Difference

    a, b = _operand(first), _operand(second)
    if a is None or b is None:
        return NotImplemented  # type: ignore[no-any-return]  # to Python, which does not pass it on
    return a if _is_number(b, 0) else Difference(a, b)
