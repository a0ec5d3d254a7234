"""The schedule: what all of them are and can do, whatever their formula.

Methods and operators return other schedules, whose classes derive from this one: a circular import, which imports
inside of the methods keep within this room. All of them are in this one long module, most of which is documentation,
because that is where type checkers, editors and readers look for them.
"""

from abc import ABC, abstractmethod
from inspect import signature
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, overload

from lrsched_core._errors import refuse
from lrsched_core._evaluation.evaluators import NO_TIME, UNPREPARED, Evaluators, evaluate, prepared
from lrsched_core._evaluation.pieces import Pieces
from lrsched_core._evaluation.program import Table
from lrsched_core._evaluation.times import Exact, exact, known, nearest
from lrsched_core._value import checks
from lrsched_core._value.base import Value
from lrsched_core._value.calls import hinting
from lrsched_core._value.doors import door
from lrsched_core._value.extent import Extent, Span, limit
from lrsched_core._value.inspection import Explanation, Part, Segment, Times, boundaries, explain, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction
    from typing import TypeAlias

    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lrsched_core._run.clock import Clock
    from lrsched_core._value.shapes import Shape

    Number: TypeAlias = float | np.integer[Any] | np.floating[Any] | Fraction
    Operand: TypeAlias = "Schedule | float | np.integer[Any] | np.floating[Any] | Callable[[Any], Any]"
    Numbers: TypeAlias = list[Any] | tuple[Any, ...] | range | NDArray[Any]

    class _HasShape(Protocol):
        """What the tensors of all frameworks have, and neither text nor None."""

        @property
        def shape(self) -> Any: ...

        @property
        def dtype(self) -> Any: ...


Tensor = TypeVar("Tensor", bound="_HasShape")


class _Found:
    """What a schedule works out when it is built or first asked, and keeps: no fields, and no part of its value.

    `_recipe` is the call of the recipe that made it, which pictures use as its name.
    """

    __slots__ = ()

    _recipe: "tuple[str, tuple[Any, ...], dict[str, Any]]"
    _calls: "tuple[Callable[[Any], Any], ...]"
    _evaluators: Evaluators
    _known_extent: Extent
    _known_span: Span
    _table: Table


class Schedule(Value, _Found, ABC):
    r"""A function of time $t \mapsto \eta(t)$, as an immutable value.

    `t` counts completed optimizer updates: the first update uses `schedule(0)`, the n-th `schedule(n - 1)`. The unit is
    the caller's (updates, epochs, tokens), and `t` may be fractional. Schedules compare and hash by their fields, print
    as the call that makes them, and hold no state: they can be pickled, copied and shared freely.

    To write your own, derive a class from `CustomSchedule`: it needs fields and a method `value`.
    """

    __slots__ = ("_calls", "_evaluators", "_known_extent", "_known_span", "_recipe", "_table")

    # Makes NumPy's numbers leave arithmetic with a schedule to the schedule.
    __array_ufunc__ = None

    # How tightly the expression that `repr` prints binds: 3 is a call, 2 a product, 1 a sum.
    _binds: ClassVar[int] = 3
    _repeats: ClassVar[bool] = False
    _subtracts: ClassVar[bool] = False

    @abstractmethod
    def _pieces(self) -> Pieces:
        """The formulas and the times at which they begin, the first at 0."""

    def _times(self) -> Times:
        """The times after 0 at which another formula takes over, in ascending order."""
        return iter(())

    def _times_from(self, t: Exact) -> Times:
        """The same, but those before `t` may be left out: a schedule that repeats would have a great many."""
        del t
        return self._times()

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        """The schedules that this one consults at `t`."""
        return ()

    def _why(self, t: float) -> str:
        """The state that this schedule is in at `t`, in words."""
        return ""

    def _inner(self) -> "tuple[Schedule, ...]":
        """The schedules that this one is made of: its parts."""
        return ()

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        """The pieces and `again` of this schedule's `Extent`, given the sums of those of its parts."""
        return pieces, again

    def _span(self, inner: Span) -> Span:
        """The `Span` of this schedule, given that of its parts."""
        return inner

    def _reaches_far(self) -> bool:
        """Whether its times may leave the float range."""
        return False

    def _most_pieces(self) -> int:
        """How many pieces it has at most, if it has no parts."""
        return 1

    def _simplified(self) -> "Schedule":
        """What the method or operator that makes such a schedule returns: without what has no effect."""
        return self

    def _built(self) -> None:
        # Evaluation is prepared on the first call.
        object.__setattr__(self, "_evaluators", UNPREPARED)
        self._check_together()
        inner = self._inner()
        if inner:
            limit(self, inner)

    @overload
    def __call__(self, t: "Number", /) -> float: ...
    @overload
    def __call__(self, t: "Numbers", /) -> "NDArray[np.float64]": ...
    @overload
    def __call__(self, t: Tensor, /) -> Tensor: ...
    def __call__(self, t: Any = NO_TIME, /) -> Any:
        """The value at `t`, in the form of `t`.

        Args:
            t: Time, finite and >= 0, in the unit of the schedule: a number (also a NumPy scalar); a NumPy array of any
                shape, or a nested list of numbers; or a tensor of PyTorch, JAX, TensorFlow, Keras or another library of
                the array-API standard.

        Returns:
            A `float` for a number; a float64 array of the same shape for an array or list; for a tensor, one of the
            same framework and shape: float64 if `t` or the framework's default is, else float32.

        Raises:
            ValueError: If a number, or an element of an array, is negative, NaN, infinite or beyond the float range; if
                a nested list is ragged. Tensors are not inspected: below 0 they get the value at 0, and NaN for NaN.
            TypeError: If `t` is a boolean, text, complex or not a number at all.
            OverflowError: If a growing schedule has left the float range at a number or an element of an array.
        """
        # The cheapest dispatch that torch.compile can trace as well.
        try:
            return self._evaluators[type(t)](t)
        except KeyError as error:
            if error.args != (type(t),):
                raise  # raised by a user's function
        return evaluate(self, t)

    def function(self) -> "Callable[[float], float]":
        """The function that the schedule compiles into, for loops in which every nanosecond counts.

        It returns the same values, bit for bit, and refuses the same numbers. It does not look at the type of `t`,
        which is a large part of the cost of a short formula, so give it nothing but an `int` or a `float`. It is not a
        value: pickle, copy and compare the schedule instead.

        Returns:
            A function of `t`, an `int` or a `float`.

        Example:
            >>> from lrsched_core import Cosine
            >>> rate = Cosine(0.3, 0.01, steps=15).with_warmup(5).function()
            >>> [rate(0), rate(2.5), rate(20)]
            [0.0, 0.15, 0.01]
        """
        return prepared(self)[float]

    def _repr_html_(self) -> str | None:
        """What a notebook displays."""
        shown: str | None = door("html")(self)
        return shown

    @hinting
    def with_warmup(
        self, steps: float, *, start: float = 0.0, shape: "Shape" = "linear", delay: bool = True
    ) -> "Schedule":
        r"""Ramps up to this schedule.

        Args:
            steps: How long the ramp takes, >= 0, in the unit of `t`: for a tenth of 90 steps write 9, not 0.1, which is
                less than one step (`Clock.steps` converts a share of a run). 0 returns the schedule itself.
            start: The value at `t = 0`, >= 0; > 0 if `shape` is `"exponential"`.
            shape: `"linear"`; `"cosine"`, half a wave; `"exponential"`, equal ratios (`Geometric`); `"constant"`, which
                stays at `start`, then jumps; `"sqrt"`, steep, then flat (`Power`); `"polynomial"`, likewise, as a
                parabola (`Polynomial`); `"normalized_exponential"`, `"tanh"`, `"rex"` or `"logarithmic"`, as the class
                of that name by default.
            delay: If True, the schedule begins at its own 0 after the warmup, and the ramp ends at its first value. If
                False, the warmup replaces the first `steps` of the schedule, which keeps its clock, and the ramp ends
                at the value that the schedule has at `steps`.

        Returns:
            A schedule whose value is `start` at 0 and this schedule's from `t = steps` on: at whole `steps` and `t`
            the same bits.

        Raises:
            ValueError: If `steps` or `start` is negative, `shape` is unknown, an exponential ramp touches 0, or the
                schedule is negative where the ramp ends.
            TypeError: If an argument is of the wrong type.

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
    def then(self, other: "Schedule | Callable[[Any], Any]", *, at: float) -> "Schedule":
        """This schedule before `at`, then `other`, whose clock starts at 0 there.

        Args:
            other: What takes over: a schedule, or a function of `t`, which becomes a `Function`.
            at: When it takes over, >= 0. The value at `at` is already `other(0)`.

        Returns:
            `Sequence((self, other), milestones=(at,))`.

        Raises:
            ValueError: If `at` is negative or not finite.
            TypeError: If `other` is not a schedule or function, or `at` is not a number.

        Example:
            >>> from lrsched_core import Constant, Linear
            >>> joined = Constant(0.5).then(Linear(0.4, steps=2), at=10)
            >>> joined(9), joined(10), joined(11), joined(12)
            (0.5, 0.4, 0.2, 0.0)
        """
        from lrsched_core._value.operands import schedule_field
        from lrsched_core._value.operators.sequence import Sequence

        return Sequence((self, schedule_field("other", other)), milestones=(checks.moment("at", at),))

    @hinting
    def delay(self, steps: float) -> "Schedule":
        r"""Begins later, and holds the first value until then.

        $$\eta'(t) = \eta(\max(0,\; t - d))$$

        Args:
            steps: $d$, how much later, >= 0. 0 returns the schedule itself.

        Returns:
            A schedule whose value at `t >= steps` is this one's at `t - steps`.

        Raises:
            ValueError: If `steps` is negative or not finite.
            TypeError: If `steps` is not a number.

        Example:
            >>> from lrsched_core import Linear
            >>> late = Linear(0.4, steps=2).delay(3)
            >>> [late(t) for t in range(6)]
            [0.4, 0.4, 0.4, 0.4, 0.2, 0.0]
        """
        from lrsched_core._value.operators.clocks import Delay, in_one

        return in_one(Delay, self, checks.moment("steps", steps))

    @hinting
    def advance(self, steps: float) -> "Schedule":
        r"""Leaves out the beginning; `s.delay(n).advance(n)` has the values of `s`.

        $$\eta'(t) = \eta(t + d)$$

        Args:
            steps: $d$, how much is left out, >= 0. 0 returns the schedule itself.

        Returns:
            A schedule whose value at `t` is this one's at `t + steps`.

        Raises:
            ValueError: If `steps` is negative or not finite.
            TypeError: If `steps` is not a number.

        Example:
            >>> from lrsched_core import Constant
            >>> warm = Constant(0.4).with_warmup(4).advance(1)  # a warmup whose first value is not 0
            >>> [warm(t) for t in range(4)]
            [0.1, 0.2, 0.30000000000000004, 0.4]
        """
        from lrsched_core._value.operators.clocks import Advance, in_one

        return in_one(Advance, self, checks.moment("steps", steps))

    @hinting
    def stretch(self, k: float) -> "Schedule":
        r"""Slows the clock, as to turn a schedule of epochs into one of updates.

        $$\eta'(t) = \eta(t / k)$$

        Args:
            k: How many times as long everything takes, > 0. Below 1 it is faster; 1 returns the schedule itself.

        Returns:
            A schedule whose value at `t` is this one's at `t / k`.

        Raises:
            ValueError: If `k` is not finite or not > 0.
            TypeError: If `k` is not a number.

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
    def on(self, clock: "Clock", unit: str) -> "Schedule":
        r"""Puts a schedule of samples, tokens, epochs or shares of a run on the clock of updates.

        $$\eta'(t) = \eta(c(t))$$

        Args:
            clock: What updates consume: $c(t)$ when $t$ of them are completed.
            unit: What this schedule counts: `"samples"`, `"tokens"`, `"epochs"` or `"share"` (from 0 to 1).

        Returns:
            A schedule of updates whose value at `t` is this one's at what `t` updates have consumed. A boundary lies
            where that much is consumed, which may be between two updates.

        Raises:
            TypeError: If `clock` is not a `Clock`.
            ValueError: If the clock does not know the unit.

        Example:
            >>> from lrsched_core import Clock, Cosine
            >>> clock = Clock(batch_size=256, samples_per_epoch=60_000, epochs=30)
            >>> lr = Cosine(0.3, 0.01, steps=30).on(clock, "epochs")
            >>> lr(0), lr(clock.steps(epochs=15)) == Cosine(0.3, 0.01, steps=30)(15), lr(clock.steps())
            (0.3, True, 0.01)
        """
        made: Schedule = door("On")(self, clock, unit)
        return made

    @hinting
    def staircase(self, every: float) -> "Schedule":
        r"""Holds each value for a while, as to let a schedule change once per epoch instead of at each update.

        $$\eta'(t) = \eta(s \lfloor t / s \rfloor)$$

        Args:
            every: $s$, how long each value is held, > 0.

        Returns:
            A schedule that has this one's values at the multiples of `every`, and is constant in between.

        Raises:
            ValueError: If `every` is not finite or not > 0.
            TypeError: If `every` is not a number.

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
    def repeat(self, every: float, *, growth: float = 1, decay: float = 1.0) -> "Schedule":
        r"""Starts over again and again: warm restarts.

        Cycle $i = 0, 1, \dots$ lasts $s\,g^i$ and begins at $t_i = s\,(1 + g + \dots + g^{i-1})$. Within it,

        $$\eta'(t) = d^i \, \eta((t - t_i) / g^i), \quad t_i \le t < t_{i+1}$$

        Args:
            every: $s$, the length of the first cycle, > 0. What the schedule does after that is cut off.
            growth: $g$, by how much each cycle is longer than the one before, as a factor: 1, or at least 1.01. The
                schedule slows down with its cycle. Growing cycles go on until $t = 2^{63}$, whose value is then held.
            decay: $d$, by which factor each cycle is higher than the one before, > 0. Where $d^i$ is below 2.2e-308,
                the value loses digits, and in the end it is 0, however high the schedule is.

        Returns:
            A schedule that has the first value of this one, times $d^i$, where cycle $i$ begins.

        Raises:
            ValueError: If an argument is out of its range.
            TypeError: If an argument is not a number.
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
    def cooldown(self, *, at: float, steps: float, final_lr: float = 0.0, shape: "Shape" = "linear") -> "Schedule":
        """Leaves this schedule at a given time, and ramps from its value there to a final one.

        Args:
            at: When the ramp begins, >= 0.
            steps: How long the ramp takes, > 0.
            final_lr: The value from `at + steps` on, >= 0.
            shape: A shape of `with_warmup`.

        Returns:
            A schedule that is this one before `at`, then ramps from its value at `at` to `final_lr`.

        Raises:
            ValueError: If an argument is out of its range, `shape` is unknown, an exponential ramp touches 0, or the
                schedule is negative at `at`.
            TypeError: If an argument is of the wrong type.

        Example:
            >>> from lrsched_core import SquareRoot
            >>> lr = SquareRoot(0.4).cooldown(at=3, steps=2)
            >>> [round(lr(t), 3) for t in range(6)]
            [0.4, 0.283, 0.231, 0.2, 0.1, 0.0]

        Reference:
            Zhai et al., Scaling Vision Transformers, arXiv:2106.04560, section 3.5; Hägele et al., Scaling Laws and
            Compute-Optimal Training Beyond Fixed Training Durations, arXiv:2405.18392.
        """
        from lrsched_core._value.operands import may_be_negative
        from lrsched_core._value.operators.sequence import Sequence
        from lrsched_core._value.shapes import check_ends, ramp

        start = checks.moment("at", at)
        if may_be_negative(self) and self(start) < 0:
            raise refuse(ValueError, "at", "a time at which the schedule is >= 0", at)
        check_ends(shape, **{"schedule at the beginning of the cooldown": self(start), "final_lr": final_lr})
        way = ramp(self(start), final_lr, steps=checks.duration("steps", steps), shape=shape)
        return Sequence((self, way), milestones=(start,))

    @hinting
    def clip(self, low: float, high: float) -> "Schedule":
        r"""Limits the value.

        $$\eta'(t) = \min(\max(\eta(t),\; l),\; h)$$

        Args:
            low: $l$, the lower limit, >= 0.
            high: $h$, the upper limit, >= `low`.

        Returns:
            A schedule whose value is this one's where that is within the limits, else the nearer limit.

        Raises:
            ValueError: If a limit is negative or not finite, or `high` is below `low`.
            TypeError: If a limit is not a number.

        Example:
            >>> from lrsched_core import Linear
            >>> lr = Linear(0.4, steps=4).clip(0.1, 0.25)
            >>> [lr(t) for t in range(6)]
            [0.25, 0.25, 0.2, 0.1, 0.1, 0.1]
        """
        from lrsched_core._value.operators.limits import Clip

        return Clip(self, low, high)

    def __add__(self, other: "Operand") -> "Schedule":
        """The sum of the values at each t; numbers and functions become schedules."""
        from lrsched_core._value.operators.arithmetic import added

        return added(self, other)

    def __radd__(self, other: "Operand") -> "Schedule":
        """The sum of the values of a number or function and this schedule at each t."""
        from lrsched_core._value.operators.arithmetic import added

        return added(other, self)

    def __mul__(self, other: "Operand") -> "Schedule":
        """The product of the values at each t; numbers and functions become schedules."""
        from lrsched_core._value.operators.arithmetic import multiplied

        return multiplied(self, other)

    def __rmul__(self, other: "Operand") -> "Schedule":
        """The product of the values of a number or function and this schedule at each t."""
        from lrsched_core._value.operators.arithmetic import multiplied

        return multiplied(other, self)

    def __sub__(self, other: "Operand") -> "Schedule":
        """The difference of the values at each t, which may be negative; numbers and functions become schedules."""
        from lrsched_core._value.operators.arithmetic import subtracted

        return subtracted(self, other)

    def __rsub__(self, other: "Operand") -> "Schedule":
        """The difference of the values of a number or function and this schedule at each t."""
        from lrsched_core._value.operators.arithmetic import subtracted

        return subtracted(other, self)

    def __neg__(self) -> "Schedule":
        """0 less the value at each t, as for an optimizer that adds its updates."""
        from lrsched_core._value.operators.arithmetic import subtracted

        return subtracted(0.0, self)

    def __truediv__(self, divisor: float) -> "Schedule":
        """The value at each t divided by a number > 0."""
        if not isinstance(divisor, Real):
            return NotImplemented
        from lrsched_core._value.operators.arithmetic import Quotient

        return self if divisor == 1 and divisor is not True else Quotient(self, divisor)

    @property
    def boundaries(self) -> tuple[float, ...]:
        """The times after 0 at which another formula takes over: ends of ramps, milestones, beginnings of cycles.

        Raises:
            ValueError: If the schedule repeats for ever; use `segments(stop)` for a part of it.

        Example:
            >>> from lrsched_core import Cosine
            >>> Cosine(0.3, steps=15).with_warmup(5).boundaries
            (5, 20)
        """
        return boundaries(self)

    def segments(self, stop: float | None = None) -> tuple[Segment, ...]:
        """The stretches of time in which one formula holds.

        Args:
            stop: The end of the last stretch; required for a schedule that repeats for ever.

        Returns:
            Tuples `(start, stop, schedule, t)`: from `start` until `stop` (`inf` in the last one if no `stop` is
            given), the value is that of `schedule`, whose own clock shows `t` at `start`.

        Raises:
            ValueError: If `stop` is negative, or missing for a schedule that repeats for ever.
            TypeError: If `stop` is not a number.

        Example:
            >>> from lrsched_core import Cosine
            >>> for segment in Cosine(0.3, steps=15).with_warmup(5).segments():
            ...     print(*segment)
            0 5 Linear(0.0, 0.3, steps=5) 0
            5 20 Cosine(0.3, steps=15) 0
            20 inf Cosine(0.3, steps=15) 15
        """
        return segments(self, stop)

    def explain(self, t: float) -> Explanation:
        """Explains the value at `t`: which part is at work, on which clock, and what is done to its value.

        Args:
            t: Time, as in a call; a number.

        Returns:
            A tree of `schedule`, `t`, `value`, `why` and `parts`, which prints as one line for each part.

        Raises:
            ValueError: If `t` is negative, NaN or infinite.
            TypeError: If `t` is not a number.
            OverflowError: If a growing schedule has left the float range at `t`.

        Example:
            >>> from lrsched_core import Cosine
            >>> Cosine(0.3, steps=15).with_warmup(5).explain(10)
            Cosine(0.3, steps=15).with_warmup(5)  at t = 10:  0.22499999999999995
              Cosine(0.3, steps=15)  at t = 5:  0.22499999999999995  (after the warmup of 5, 5 of 15 steps)
        """
        return explain(self, checks.moment("t", t))

    def plot(
        self,
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
        """Draws the schedule, alone or with others, with matplotlib.

        Up to ten million steps are evaluated one by one, and each column of the picture shows the least and the
        greatest rate in it; of a longer range, ten million times at equal distances are. A recipe is labelled with its
        call. For a schedule on a clock, a second axis at the top shows what the run has consumed.

        Args:
            others: Schedules to compare with.
            ax: The axes to draw on; those of a new figure by default.
            start: The first time that is drawn.
            stop: The last time that is drawn. By default the end of the run, where a clock knows it; else somewhat
                after the last change, or after a few cycles.
            log: Whether the axis of rates is logarithmic.
            marks: Whether boundaries are marked and phases named, if only one schedule is drawn.
            labels: The labels of the curves; by default their expressions.
            steps_per_epoch: If given, a second axis counts epochs of this many steps.
            style: Passed on to `Axes.plot`: `color`, `linewidth`, ...

        Returns:
            The axes that were drawn on.

        Raises:
            ImportError: If matplotlib is not installed.
            TypeError: If one of `others` is not a schedule.
            ValueError: If `stop` is not after `start`, or there are not as many labels as curves.

        Example:
            >>> from lrsched_core import Cosine, Linear
            >>> ax = Cosine(0.3, steps=90).with_warmup(10).plot(Linear(0.3, steps=100))
            >>> [line.get_label() for line in ax.get_lines()]
            ['Cosine(0.3, steps=90).with_warmup(10)', 'Linear(0.3, steps=100)']
        """
        from lrsched_core._value.operands import schedule_field

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

    def plot_each(
        self,
        *others: "Schedule",
        figure: "Figure | None" = None,
        columns: int | None = None,
        start: float = 0,
        stop: float | None = None,
        log: bool = False,
        labels: "Sequence[str] | None" = None,
        **style: Any,
    ) -> "Figure":
        """Draws schedules side by side, each in its own panel under its expression, all with the same axes.

        These small multiples keep apart curves that would be a tangle in one picture.

        Args:
            others: The schedules to draw beside this one.
            figure: An empty figure to draw in; a new one by default.
            columns: How many panels stand in a row; by default at most three.
            start: The first time that is drawn.
            stop: The last time that is drawn; by default as in `plot`.
            log: Whether the axis of rates is logarithmic.
            labels: The titles of the panels; by default the expressions.
            style: Passed on to `Axes.plot`: `color`, `linewidth`, ...

        Returns:
            The figure.

        Raises:
            ImportError: If matplotlib is not installed.
            TypeError: If one of `others` is not a schedule.
            ValueError: If `stop` is not after `start`, or there are not as many labels as curves.

        Example:
            >>> from lrsched_core import Cosine, Linear, SquareRoot
            >>> figure = Cosine(0.3, steps=90).plot_each(Linear(0.3, steps=90), SquareRoot(0.3))
            >>> [ax.get_title() for ax in figure.axes]
            ['Cosine(0.3, steps=90)', 'Linear(0.3, steps=90)', 'SquareRoot(0.3)']
        """
        from lrsched_core._value.operands import schedule_field

        schedules = [self, *[schedule_field(f"others[{i}]", other) for i, other in enumerate(others)]]
        return door("plot_each")(  # type: ignore[no-any-return]  # Figure, of matplotlib
            schedules, figure, columns=columns, start=start, stop=stop, log=log, labels=labels, **style
        )


# The default of `t` only serves an error message; the signature shows one required argument.
Schedule.__call__.__signature__ = signature(lambda self, t, /: None)  # type: ignore[attr-defined]
