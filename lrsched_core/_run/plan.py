"""The plan of a run: which hyperparameter follows which schedule."""

from collections import Counter
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TYPE_CHECKING, Annotated, Any

from lrsched_core._errors import refusal, refuse
from lrsched_core._value.base import Value
from lrsched_core._value.doors import door
from lrsched_core._value.inspection import Explanation
from lrsched_core._value.operands import as_schedule
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lrsched_core._run.clock import Clock

# The names that all frameworks share; each adapter translates them. Others are a framework's own.
COMMON = ("lr", "weight_decay", "momentum", "beta1", "beta2", "eps")


def _name(of: str, name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise refuse(TypeError, of, "a mapping whose keys are names", name)
    return name


def _pairs(name: str, value: Any) -> list[tuple[str, Any]]:
    try:
        pairs = value.items() if isinstance(value, Mapping) else [*value]
        if isinstance(value, str) or any(isinstance(pair, str) for pair in pairs):
            raise TypeError  # two letters are no pair
        return [(_name(name, key), item) for key, item in pairs]
    except (TypeError, ValueError):
        raise refuse(TypeError, name, "a mapping from names", value) from None


def _once(name: str, pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    [(key, count)] = Counter([key for key, _ in pairs]).most_common(1) or [("", 0)]
    if count > 1:
        raise refuse(ValueError, name, "a mapping with each name once", key)
    return pairs


def _check_options(name: str, value: Any) -> tuple[tuple[str, Schedule], ...]:
    pairs = [(key, as_schedule(key, item)) for key, item in _once(name, _pairs(name, value))]
    # The order in which they are given means nothing: equal plans print alike.
    return tuple(sorted(pairs, key=lambda pair: (COMMON.index(pair[0]) if pair[0] in COMMON else len(COMMON), pair[0])))


def _check_groups(name: str, value: Any) -> tuple[tuple[str, "Plan"], ...]:
    name = "groups"  # as the caller wrote it
    pairs = _once(name, _pairs(name, value))
    for key, plan in pairs:
        if not isinstance(plan, Plan) or plan.grouped:
            raise refuse(TypeError, f"{name}[{key!r}]", "a Plan without groups", plan)
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


class Explanations(dict[str, Explanation]):
    """Why each hyperparameter has its value; prints one line per part."""

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {explanation}" for name, explanation in self.items())


class Plan(Value):
    """Which hyperparameter follows which schedule, in one value.

    A plan maps names to schedules. These names are common to all frameworks: `lr`, `weight_decay`, `momentum`, `beta1`,
    `beta2`, `eps`; adapters translate them, and take the names of their own framework as well. Like a schedule, a plan
    is immutable and a function of time. It is read as a dict is, by `plan["lr"]`, `in`, `len`, `keys`, `values`,
    `items` and `get`, but is no `collections.abc.Mapping`: tools keep it whole.

    Args:
        mapping: Schedules by name, for names that are no identifiers: `Plan({"betas[0]": ...})`.
        groups: Plans of groups of parameters, by the groups' names; each holds all that its group follows.
        options: Schedules by name; a number is constant, a function of t becomes a `Function`.

    Raises:
        TypeError: If a name is not a string or is empty, its value is not a schedule, or a group's plan has groups.
        ValueError: If a name is given twice, there is none at all, or a number is out of its range.

    Example:
        >>> from lrsched_core import Cosine, Plan
        >>> plan = Plan(lr=Cosine(0.3, steps=30), weight_decay=0.1)
        >>> plan(30)
        {'lr': 0.0, 'weight_decay': 0.1}
        >>> plan["lr"], plan.boundaries
        (Cosine(0.3, steps=30), (30,))
    """

    __slots__ = ()

    options: Annotated[tuple[tuple[str, Schedule], ...], _check_options]
    grouped: Annotated[tuple[tuple[str, "Plan"], ...], _check_groups] = ()

    def __init__(
        self, mapping: Mapping[str, Any] | None = None, /, *, groups: Mapping[str, "Plan"] | None = None, **options: Any
    ) -> None:
        pairs = [] if mapping is None else _once("mapping", _pairs("mapping", mapping))
        for name, _ in pairs:
            if name in options:
                raise refuse(ValueError, name, "left out where `mapping` has it", options[name])
        self._set(options=[*pairs, *options.items()], grouped=() if groups is None else groups)

    def _check_together(self) -> None:
        if not self.options and not self.grouped:
            message = "`Plan` must have at least one hyperparameter or group. Hint: `Plan(lr=...)`."
            raise ValueError(message)

    def _named(self) -> dict[str, Schedule]:
        """All its schedules, by name; those of a group as `group.name`."""
        own = {_label(name): one for name, one in self.options}
        return own | {
            f"{_label(group)}.{_label(name)}": one for group, part in self.grouped for name, one in part.options
        }

    def _inner(self) -> tuple[Schedule, ...]:
        """All its schedules."""
        own = [schedule for _, schedule in self.options]
        return (*own, *[schedule for _, plan in self.grouped for schedule in plan._inner()])

    @property
    def groups(self) -> dict[str, "Plan"]:
        """The plans of groups of parameters, by name."""
        return dict(self.grouped)

    # Read as a dict is, but no `Mapping`: loggers, trees and collate functions would take it apart.

    def __getitem__(self, name: str, /) -> Schedule:
        return dict(self.options)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.options)

    def __bool__(self) -> bool:
        return True  # a plan of groups alone is one, too

    def __contains__(self, name: object, /) -> bool:
        return name in self.keys()

    def keys(self) -> KeysView[str]:
        """The names of the hyperparameters, without those of groups."""
        return dict(self.options).keys()

    def values(self) -> ValuesView[Schedule]:
        """The schedules of the hyperparameters, in the order of `keys`."""
        return dict(self.options).values()

    def items(self) -> ItemsView[str, Schedule]:
        """The names of the hyperparameters, each with its schedule."""
        return dict(self.options).items()

    def get(self, name: str, default: Any = None, /) -> Any:
        """The schedule of a hyperparameter.

        Args:
            name: Its name.
            default: What to return if the plan does not have it.

        Returns:
            The schedule, or the default.

        Example:
            >>> from lrsched_core import Plan
            >>> plan = Plan(lr=0.3)
            >>> plan.get("lr"), plan.get("momentum")
            (Constant(0.3), None)
        """
        return dict(self.options).get(name, default)

    def __call__(self, t: Any, /) -> dict[str, Any]:
        """The values at `t`, by name, without those of groups.

        Args:
            t: Time, as a schedule takes it: a number, an array or a tensor.

        Returns:
            A dict of the schedules' values.

        Raises:
            TypeError: If a schedule refuses `t`: it is not a number, an array or a tensor.
            ValueError: If a schedule refuses `t`: it is negative, NaN or infinite.
        """
        return {name: schedule(t) for name, schedule in self.options}

    def on(self, clock: "Clock", unit: str) -> "Plan":
        """Puts each schedule on the clock of updates; see `Schedule.on`.

        Args:
            clock: What updates consume.
            unit: What the schedules count: `"samples"`, `"tokens"`, `"epochs"` or `"share"`.

        Returns:
            A plan of updates, its groups likewise.

        Raises:
            TypeError: If `clock` is not a `Clock`.
            ValueError: If `unit` is another word, or the clock does not know it.
        """
        options = {name: schedule.on(clock, unit) for name, schedule in self.options}
        return Plan(options, groups={name: plan.on(clock, unit) for name, plan in self.grouped})

    def arguments_for(self, function: Callable[..., Any], /) -> dict[str, Schedule]:
        """The schedules as keyword arguments of a function, by its own names.

        optax, for one, calls the rate `learning_rate`, and Adam's betas `b1` and `b2`:
        `optax.inject_hyperparams(optax.adamw)(**plan.arguments_for(optax.adamw))`. Where a function has no `momentum`,
        the schedule goes to `beta`, `beta1` or `b1`, the momentum of the gradients' mean, as in torch's adapter.

        Args:
            function: What takes hyperparameters by name. It is not called.

        Returns:
            A dict of schedules, by the function's names for those that all frameworks share; others keep their own.

        Raises:
            TypeError: If `function` is not a function, or has no signature that can be read.
            ValueError: If it does not take what the plan has, two of the plan's names mean the same argument, or the
                plan has groups.

        Example:
            >>> from lrsched_core import Cosine, Plan
            >>> def adamw(learning_rate, b1=0.9, b2=0.999, weight_decay=1e-4):
            ...     pass
            >>> Plan(lr=Cosine(0.3, steps=30), beta2=0.95).arguments_for(adamw)
            {'learning_rate': Cosine(0.3, steps=30), 'b2': Constant(0.95)}
        """
        from lrsched_core._run.arguments import arguments_for

        if self.grouped:
            groups = ", ".join(repr(name) for name, _ in self.grouped)
            hint = "each by itself, {name: part.arguments_for(...) for name, part in plan.groups.items()}."
            rule = "be without groups to be the arguments of one function"
            raise refusal(ValueError, "plan", rule, f"groups {groups}", hint)
        return arguments_for(function, self.options)

    @property
    def boundaries(self) -> tuple[float, ...]:
        """The times at which a formula takes over in any of its schedules, those of groups included.

        Raises:
            ValueError: If one of the schedules repeats for ever.
        """
        return tuple(sorted({boundary for schedule in self._inner() for boundary in schedule.boundaries}))

    def explain(self, t: float) -> Explanations:
        """Why each hyperparameter has its value at `t`; see `Schedule.explain`.

        Args:
            t: Time; a number.

        Returns:
            A dict of explanations by name, those of groups included, which prints one line per part.

        Raises:
            TypeError: If `t` is not a number.
            ValueError: If `t` is negative, NaN or infinite.
        """
        return Explanations({name: schedule.explain(t) for name, schedule in self._named().items()})

    def plot(self, *others: "Plan", **options: Any) -> "Figure":
        """Draws each hyperparameter in a panel of its own, one under the other, with matplotlib.

        The panels of a group are named after the group and the hyperparameter. A plan that is on a clock also has a
        panel of its batch sizes, where the clock knows them, and a second axis of what is consumed.

        Args:
            others: Plans to compare with.
            options: As `Schedule.plot` takes them: `start`, `stop`, `log`, `marks`, `labels`, ...; or `figure`, an
                empty figure to draw in.

        Returns:
            The figure.

        Raises:
            ImportError: If matplotlib is not installed.
            TypeError: If one of `others` is not a plan.
            ValueError: If `stop` is not after `start`, or there are not as many labels as plans.
        """
        for i, other in enumerate(others):
            if not isinstance(other, Plan):
                raise refuse(TypeError, f"others[{i}]", "a Plan", other)
        figure: Figure = door("plot_plan")([self, *others], **options)
        return figure

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        shown: str | None = door("html")(self)
        return shown

    def replace(self, /, **changes: Any) -> "Plan":
        """The same plan with other schedules.

        Args:
            changes: Schedules by name, which may be new; `groups` for other groups.

        Returns:
            A plan like the one that a call with these arguments makes.

        Raises:
            TypeError: If a value is not a schedule, or `groups` not a mapping from names to plans.
            ValueError: If a number is out of its range.
        """
        groups = changes.pop("groups", self.groups)
        return Plan({**dict(self.options), **changes}, groups=groups)

    __replace__ = replace

    def __repr__(self) -> str:
        """The call that makes this plan."""
        named = [f"{name}={schedule!r}" for name, schedule in self.options if _is_argument(name)]
        others = {name: schedule for name, schedule in self.options if not _is_argument(name)}
        groups = [f"groups={self.groups!r}"] if self.grouped else []
        return f"Plan({', '.join([*([repr(others)] if others else []), *named, *groups])})"


def _label(name: str) -> str:
    # As no other name, whatever it is joined with.
    return repr(name) if "." in name else name


def _is_argument(name: str) -> bool:
    from keyword import iskeyword
    from unicodedata import is_normalized

    # Python reads an identifier in its normal form.
    usable = name.isidentifier() and is_normalized("NFKC", name) and not iskeyword(name)
    return usable and name not in ("self", "groups", "__debug__")
