"""The clock of a run: what one update consumes, and how long the run is."""

from dataclasses import KW_ONLY
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, overload

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import Exact, exact
from lrsched_core._run.batches import Batches, Level
from lrsched_core._run.consumption import Consumption, Course
from lrsched_core._run.sizes import levels, whole_number
from lrsched_core._run.times import is_array, time, times
from lrsched_core._value.base import Value
from lrsched_core._value.checks import Flag, Says, choice, duration, moment, share
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Size: TypeAlias = int | Schedule

UNITS = ("samples", "tokens", "epochs", "share")
BATCH_UNITS = ("samples", "tokens", "updates")
_LENGTHS = ("updates", "samples", "tokens", "epochs")


def _count(name: str, value: Any) -> int | None:
    return None if value is None else whole_number(name, value)


def _length(name: str, value: Any) -> float | None:
    return None if value is None else duration(name, value)


def _size(name: str, value: Any) -> Size | None:
    if isinstance(value, Schedule):
        levels(value)
        return value
    if value is not None and not hasattr(value, "__float__"):
        raise refuse(TypeError, name, "a whole number, or a schedule of whole numbers", value)
    return _count(name, value)


def _batch_unit(name: str, value: Any) -> str:
    return choice(name, value, BATCH_UNITS)


Count = Annotated[int | None, _count, Says(minimum=1)]


class Clock(Value):
    r"""What each update of a run consumes, and how long the run is.

    A schedule counts updates; people plan in epochs, samples or tokens. A clock converts, by integer arithmetic:
    `steps` gives the number of updates that consume an amount, `samples_at` and its siblings the amount that a number
    of updates has consumed, and `Schedule.on` puts a schedule of samples, tokens, epochs or shares on the clock.
    Nothing runs in it: like a schedule, a clock is an immutable value, and it goes on beyond the end of the run.

    $$c(0) = 0, \quad c(t + 1) = c(t) + b(c(t))$$

    An update takes the size $b$ that holds when it begins. Without `drop_last`, the last batch of an epoch is what is
    left of the epoch; with it, what is left is skipped where the next batch does not fit. A run that ends within a
    batch takes that batch whole.

    Args:
        updates_per_epoch: Updates in an epoch, such as `len(loader)`, where the number of samples does not matter.
        batch_size: $b$, the samples of one update: those of all devices and accumulated micro-batches together. A whole
            number, or a schedule of whole numbers that is constant between its milestones, such as
            `PiecewiseConstant` or `batch_ramp`: sizes that grow on the way. Where batches are counted in tokens, a
            sample is a token: `tokens_per_sample=1`.
        batch_unit: What the milestones of such a schedule count: `"samples"`, `"tokens"` or `"updates"`.
        samples_per_epoch: Samples in the data.
        drop_last: Whether an epoch ends before a batch that would not be whole.
        tokens_per_sample: The length of a sequence, in tokens.
        updates: The length of the run, in updates. At most one of this and the next three is given.
        samples: The length of the run, in samples.
        tokens: The length of the run, in tokens.
        epochs: The length of the run, in epochs; need not be whole.

    Raises:
        TypeError: If an argument is not of its type.
        ValueError: If an argument is out of its range, two contradict each other, or one is missing that another needs.

    Example:
        >>> clock = Clock(batch_size=256, samples_per_epoch=60_000, epochs=30)
        >>> clock.steps(), clock.steps(epochs=1), clock.steps(share=0.05)
        (7050, 235, 353)
        >>> clock.samples_at(235), clock.batch_at(234)  # the last batch of an epoch has what is left
        (60000, 96)

    Reference:
        Megatron-LM counts samples, OLMo-core tokens, Composer all of these.
    """

    __slots__ = ("_consumption",)

    _: KW_ONLY
    updates_per_epoch: Count = None
    batch_size: Annotated[Size | None, _size] = None
    batch_unit: Annotated[str, _batch_unit, Says(enum=BATCH_UNITS)] = "samples"
    samples_per_epoch: Count = None
    drop_last: Flag = False
    tokens_per_sample: Count = None
    updates: Count = None
    samples: Count = None
    tokens: Count = None
    epochs: Annotated[float | None, _length, Says(exclusiveMinimum=0)] = None

    def _check_together(self) -> None:
        lengths = [name for name in _LENGTHS if getattr(self, name) is not None]
        if len(lengths) > 1:
            rule = f"left out where `{lengths[0]}` is given"
            raise refuse(ValueError, lengths[1], rule, getattr(self, lengths[1]))
        for name, value in (
            ("samples_per_epoch", self.samples_per_epoch),
            ("tokens_per_sample", self.tokens_per_sample),
        ):
            if value is not None and self.batch_size is None:
                message = f"`batch_size` is needed with `{name}`."
                raise ValueError(message)
        if self.batch_unit == "tokens":
            self._need("tokens")
        self._check_epochs()
        object.__setattr__(self, "_consumption", {})
        if lengths:
            self._need(lengths[0])

    def _check_epochs(self) -> None:
        data, size = self.samples_per_epoch, self.batch_size
        if data is None:
            if self.drop_last:
                message = "`samples_per_epoch` is needed with `drop_last`."
                raise ValueError(message)
            return
        most = max(level.size for level in levels(size)) if isinstance(size, Schedule) else size
        if self.drop_last and most > data:  # type: ignore[operator]  # there is a size
            raise refuse(ValueError, "batch_size", f"<= `samples_per_epoch`, which is {data}, with `drop_last`", size)
        if self.updates_per_epoch is not None:
            if isinstance(size, Schedule):
                rule = "left out where `samples_per_epoch` is given and `batch_size` changes"
                raise refuse(ValueError, "updates_per_epoch", rule, self.updates_per_epoch)
            updates = data // size if self.drop_last else -(-data // size)  # type: ignore[operator]  # as above
            if self.updates_per_epoch != updates:
                rule = f"{updates}, as `samples_per_epoch` and `batch_size` say"
                raise refuse(ValueError, "updates_per_epoch", rule, self.updates_per_epoch)

    def _need(self, unit: str) -> None:
        """Refuses what cannot be known, by the name of the argument that is missing."""
        missing = ""
        if unit in ("samples", "tokens") and self.batch_size is None:
            missing = "`batch_size`"
        elif unit == "tokens" and self.tokens_per_sample is None:
            missing = "`tokens_per_sample`"
        elif unit == "epochs" and self.updates_per_epoch is None and self.samples_per_epoch is None:
            missing = "`updates_per_epoch` or `samples_per_epoch`"
        elif unit in ("share", "the whole run") and all(getattr(self, name) is None for name in _LENGTHS):
            missing = "`updates`, `samples`, `tokens` or `epochs`"
        if missing:
            message = f"{missing} is needed for {'a share of the run' if unit == 'share' else unit}."
            raise ValueError(message)

    def _consumed(self, unit: str) -> Consumption:
        """The consumption of one of `UNITS`, or of updates; found once."""
        known: dict[str, Consumption] = self._consumption  # type: ignore[attr-defined]  # a slot, no field
        if unit not in known:
            self._need(unit)
            known[unit] = self._found(unit)
        return known[unit]

    def _found(self, unit: str) -> Consumption:
        if unit == "updates":
            return Consumption([Course(0, 0, 1)])
        if unit == "tokens":
            return self._consumed("samples").times(self.tokens_per_sample)  # type: ignore[arg-type]  # it is needed
        if unit == "share":
            name, length = self._run()
            return self._consumed(name).times(1 / length, limit=1)
        if unit == "epochs" and self.samples_per_epoch is None:
            return Consumption([Course(0, 0, 1, unit=self.updates_per_epoch)])  # type: ignore[arg-type]  # as above
        batches = Batches(
            self._levels(),
            by_updates=self.batch_unit == "updates",
            epoch=self.samples_per_epoch,
            drop_last=self.drop_last,
        )
        return Consumption(getattr(batches, unit))

    def _run(self) -> tuple[str, Any]:
        """In which unit the run has a length, and that."""
        name = next(name for name in _LENGTHS if getattr(self, name) is not None)
        return name, Fraction(exact(getattr(self, name)))

    def steps(
        self,
        *,
        updates: float | None = None,
        samples: float | None = None,
        tokens: float | None = None,
        epochs: float | None = None,
        share: float | None = None,
    ) -> int:
        """The first number of updates that consumes at least an amount.

        A framework that drops the last, partial batch of a run takes one update fewer: there,
        `samples_at(steps())` is more than the length of the run in samples.

        Args:
            updates: Updates, >= 0; a fraction counts as a whole one. At most one of the five is given; none asks for
                the whole run.
            samples: Samples, >= 0.
            tokens: Tokens, >= 0.
            epochs: Epochs, >= 0; need not be whole.
            share: A share of the run, from 0 to 1, in the unit in which the length of the run is given.

        Returns:
            A whole number.

        Raises:
            TypeError: If an argument is not a number.
            ValueError: If an argument is out of its range, more than one is given, or the clock does not know the unit.

        Example:
            >>> clock = Clock(updates_per_epoch=100, epochs=3)
            >>> clock.steps(), clock.steps(epochs=2.5), clock.steps(share=0.1)
            (300, 250, 30)
        """
        amounts = {"updates": updates, "samples": samples, "tokens": tokens, "epochs": epochs, "share": share}
        given = {unit: amount for unit, amount in amounts.items() if amount is not None}
        if len(given) > 1:
            first, second = list(given)[:2]
            raise refuse(ValueError, second, f"left out where `{first}` is given", given[second])
        if not given:
            self._need("the whole run")
            unit, amount = self._run()
        else:
            [(unit, asked)] = given.items()
            amount = exact(_amount(unit, asked))
        return self._consumed(unit).updates(amount)

    @overload
    def samples_at(self, t: float, /) -> float: ...
    @overload
    def samples_at(self, t: "NDArray[Any]", /) -> "NDArray[Any]": ...
    def samples_at(self, t: Any, /) -> Any:
        """The number of samples that `t` completed updates have consumed.

        Args:
            t: Completed updates, >= 0: a number, or an array or list of numbers. Within an update, consumption is
                proportional to time.

        Returns:
            For a number, an `int`, or a `float` where the amount is not whole. For an array, int64 where `t` has
            integers, else float64.

        Raises:
            TypeError: If `t` is not a number or an array of numbers.
            ValueError: If `t` is negative or not finite, or the clock does not know the unit.
            OverflowError: If the result, or an element of an array, is too large for its type.
        """
        return self._at("samples", t)

    @overload
    def tokens_at(self, t: float, /) -> float: ...
    @overload
    def tokens_at(self, t: "NDArray[Any]", /) -> "NDArray[Any]": ...
    def tokens_at(self, t: Any, /) -> Any:
        """The number of tokens that `t` completed updates have consumed; otherwise as `samples_at`."""
        return self._at("tokens", t)

    @overload
    def epochs_at(self, t: float, /) -> float: ...
    @overload
    def epochs_at(self, t: "NDArray[Any]", /) -> "NDArray[np.float64]": ...
    def epochs_at(self, t: Any, /) -> Any:
        """The number of epochs that `t` completed updates have consumed, the present one in proportion to its samples.

        Args:
            t: As in `samples_at`.

        Returns:
            A float, or an array of them. Where `drop_last` skips data, an epoch consists of what is not skipped.

        Raises:
            TypeError: If `t` is not a number or an array of numbers.
            ValueError: If `t` is negative or not finite, or the clock does not know the unit.
            OverflowError: If an element of an array is beyond 2**62.
        """
        return self._at("epochs", t)

    @overload
    def share_at(self, t: float, /) -> float: ...
    @overload
    def share_at(self, t: "NDArray[Any]", /) -> "NDArray[np.float64]": ...
    def share_at(self, t: Any, /) -> Any:
        """The share of the run that `t` completed updates have consumed, in the unit in which its length is given.

        Args:
            t: As in `samples_at`.

        Returns:
            A float from 0 to 1, or an array of them; 1 from the end of the run on.

        Raises:
            TypeError: If `t` is not a number or an array of numbers.
            ValueError: If `t` is negative or not finite, or the run has no length.
            OverflowError: If an element of an array is beyond 2**62.
        """
        return self._at("share", t)

    @overload
    def batch_at(self, t: float, /) -> int: ...
    @overload
    def batch_at(self, t: "NDArray[Any]", /) -> "NDArray[np.int64]": ...
    def batch_at(self, t: Any, /) -> Any:
        """The number of samples that update `t` takes; the first update is 0.

        Args:
            t: As in `samples_at`; a fraction means the update that has begun by then.

        Returns:
            An `int`, or an array of int64.

        Raises:
            TypeError: If `t` is not a number or an array of numbers.
            ValueError: If `t` is negative or not finite, or `batch_size` is not known.
            OverflowError: If an element of an array is too large for 64-bit integers.
        """
        if self.batch_size is None:
            message = "`batch_size` is needed for the size of a batch."
            raise ValueError(message)
        consumption = self._consumed("samples")
        if is_array(t):
            import numpy as np

            begun = np.floor(times(t)).astype(np.int64)
            return consumption.at_array(begun + 1) - consumption.at_array(begun)
        begun = int(time(t))
        return consumption.at(begun + 1) - consumption.at(begun)

    def _at(self, unit: str, t: Any) -> Any:
        consumption = self._consumed(unit)
        whole = unit in ("samples", "tokens")
        if is_array(t):
            amounts = consumption.at_array(times(t))
            return amounts if whole else amounts.astype(float)
        amount: Exact = consumption.at(time(t))
        if whole and isinstance(amount, int):
            return amount
        try:
            return amount.numerator / amount.denominator
        except OverflowError:
            raise refuse(OverflowError, "t", f"small enough for {unit} within the float range", t) from None

    def _levels(self) -> list[Level]:
        scale: Exact = 1
        if self.batch_unit == "tokens":
            scale = Fraction(1, self.tokens_per_sample)
        return levels(self.batch_size, scale)  # type: ignore[arg-type]  # as above


def _amount(unit: str, value: Any) -> float:
    return share(unit, value) if unit == "share" else moment(unit, value)
