"""A plan as the arguments of a function with names of its own for hyperparameters, such as an optimizer of optax."""

from collections.abc import Callable, Iterable
from inspect import Parameter, signature
from typing import Any

from lrsched_core._errors import refusal, refuse
from lrsched_core._hints import nearest
from lrsched_core._value.schedule import Schedule

# What others call the names that all frameworks share; the first that a function has is meant. An optimizer that has no
# momentum by that name keeps it in a mean of the gradients.
_ELSEWHERE = {
    "lr": ("learning_rate",),
    "weight_decay": ("weight_decay_rate",),
    "momentum": ("beta", "beta1", "beta_1", "b1"),
    "beta1": ("beta_1", "b1"),
    "beta2": ("beta_2", "b2"),
    "eps": ("epsilon",),
}
_KNOWN = {*_ELSEWHERE, *(name for names in _ELSEWHERE.values() for name in names)}


def arguments_for(function: Callable[..., Any], options: Iterable[tuple[str, Schedule]]) -> dict[str, Schedule]:
    """The schedules by the names that the function has for them."""
    numbers, others = _numbers(function)
    given: dict[str, str] = {}
    made: dict[str, Schedule] = {}
    for option, schedule in options:
        name = next((one for one in (option, *_ELSEWHERE.get(option, ())) if one in numbers), option)
        if name not in numbers and not others:
            raise _unknown(function, option, numbers)
        if name in made:
            raise refusal(ValueError, "plan", f"name {name!r} once", f"{given[name]!r} and {option!r}")
        given[name], made[name] = option, schedule
    return made


def _numbers(function: Callable[..., Any]) -> tuple[list[str], bool]:
    """The arguments that are numbers, as far as can be told; and whether it takes others as well."""
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        rule = "a function that says what it takes, such as `optax.adamw`"
        raise refuse(TypeError, "function", rule, function) from None
    named = [one for one in parameters if one.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)]
    return [one.name for one in named if _is_number(one)], any(one.kind is Parameter.VAR_KEYWORD for one in parameters)


def _is_number(parameter: Parameter) -> bool:
    # A whole number is a count or a size, which cannot change. Of what has to be given nothing is known.
    return parameter.name in _KNOWN or parameter.default is Parameter.empty or isinstance(parameter.default, float)


def _unknown(function: Callable[..., Any], option: str, numbers: list[str]) -> Exception:
    kind = getattr(function, "__name__", type(function).__name__)
    near = nearest(option, numbers)
    hint = f" (do you mean {near}?)" if near else ""
    known = f"{option!r}{hint}. It takes {', '.join(numbers) or 'no number'}"
    return refusal(ValueError, "plan", f"be of what {kind} takes", known)
