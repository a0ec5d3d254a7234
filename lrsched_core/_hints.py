"""What to write instead: guesses at what was meant, for the errors alone."""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

_LIBRARIES = ("torch", "keras", "transformers", "timm", "optax", "mxnet", "fvcore", "torchvision", "pytorch_warmup")
_TENSORS = ("jax", "jaxlib", "torch", "tensorflow", "keras", "optree")
# What other libraries call the arguments of a schedule.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "base_lr": (
        "lr", "learning_rate", "initial_learning_rate", "initial_lr", "init_value", "lr_initial", "max_lr", "peak_lr",
        "peak_value", "eta_max", "start_lr", "start_value", "value", "rate",
    ),
    "final_lr": (
        "eta_min", "min_lr", "end_lr", "lr_end", "end_learning_rate", "end_value", "min_value", "lr_min", "alpha",
        "target_lr", "final_value",
    ),
    "steps": (
        "T_max", "T_0", "total_iters", "total_steps", "decay_steps", "max_update", "max_steps", "max_iter", "num_steps",
        "num_training_steps", "transition_steps", "t_initial", "epochs", "n_steps", "iterations", "duration", "length",
    ),
    "every": ("step_size", "step", "steps", "decay_steps", "period", "frequency", "transition_steps", "decay_t"),
    "factor": ("gamma", "decay_rate", "decay", "multiplier", "rate"),
    "milestones": ("boundaries", "steps", "step", "times", "boundaries_and_scales"),
    "timescale": ("warmup_steps", "steps", "tau"),
    "power": ("exponent", "pwr", "p"),
    "warmup": ("warmup_steps", "num_warmup_steps", "warmup_t", "warmup_iters", "warmup_epochs"),
    "warmup_share": ("pct_start", "cut_frac", "warmup_ratio", "warmup_pct", "up", "cut"),
    "flat_share": ("pct_start", "flat"),
}  # fmt: skip
_NAMES = {synonym: tuple(ours for ours, theirs in _SYNONYMS.items() if synonym in theirs)
          for theirs in _SYNONYMS.values() for synonym in theirs}  # fmt: skip
_COMMA = re.compile(r"(?<![\w.,])0,\d+(?=\s*[,)])")
# What builds is doubted where a call begins with it alone: in a tuple, 0 and 5 are milestones.
_DOUBTED = re.compile(r"(?<=\w\()0,\d+(?=\s*[,)])")


def of_value(rule: str, value: object) -> str:
    """What to write instead of a value that is refused, as a sentence; empty if nobody can tell."""
    of_schedule = "schedule" in rule or "function of t" in rule
    if of_schedule and isinstance(value, type):
        return f" Hint: it is a class; a schedule is what its call gives, {value.__name__}(...)."
    if of_schedule and isinstance(value, Mapping) and "type" in value:
        return " Hint: `from_dict` makes a schedule of such a mapping."
    if of_schedule and type(value).__name__ == "Clock":
        return " Hint: a clock counts; `schedule.on(clock, unit)` is a schedule."
    if isinstance(value, str):
        if of_schedule:
            reader = "from_json" if value.lstrip().startswith("{") else "parse"
            return f" Hint: `{reader}` makes a schedule of a text."
        return _of_number(value) if "number" in rule else ""
    if rule == "a real number" and type(value).__module__.partition(".")[0] in _TENSORS:
        return " Hint: a schedule is made of numbers; with `s` made for a rate of 1, write `rate * s(t)`."
    return ""


def _of_number(text: str) -> str:
    """For what is a number to its writer alone: YAML takes `3e-4` for text, Python `0,3` for two numbers."""
    if found := re.fullmatch(r"([+-]?\d+)e([+-]?)(\d+)", text.strip(), re.IGNORECASE):
        written = f"{found[1]}.0e{found[2] or '+'}{found[3]}"
        return f" Hint: it is a number written as text; in YAML write {written}."
    if found := re.fullmatch(r"([+-]?\d+),(\d+)", text.strip()):
        return f" Hint: it is text; a decimal is written {found[1]}.{found[2]}."
    return ""


def unexpected(function: str, name: str, known: Iterable[str], given: Iterable[str]) -> TypeError:
    """The error of a call with an argument that there is not, in Python's own words and some more."""
    known = tuple(known)
    hint = of_arguments(known, given, function)
    return TypeError(f"{function}() got an unexpected keyword argument {name!r}; it takes {', '.join(known)}.{hint}")


def of_arguments(known: Iterable[str], given: Mapping[str, Any] | Iterable[str], function: str = "") -> str:
    """What may have been meant by arguments that there are not; empty if nobody can tell."""
    known, given = tuple(known), tuple(given)
    told = function.split("_")  # `with_warmup(warmup_steps=...)`
    hints = []
    for name in given:
        if name not in known:
            rest = "_".join([word for word in name.split("_") if word not in told])
            free = [ours for ours in (*_NAMES.get(name, ()), rest) if ours in known and ours not in given]
            meant = free[0] if free else nearest(rest or name, [ours for ours in known if ours not in given])
            if meant:
                hints.append(f"`{meant}` for `{name}`")
            elif "warmup" in name.lower():
                hints.append(f"`.with_warmup(...)` after the schedule for `{name}`")
    return f" Hint: write {', '.join(hints)}." if hints else ""


def of_name(name: str, known: Iterable[str]) -> str:
    """What may have been meant by the name of a schedule."""
    for library in _LIBRARIES:
        made = getattr(import_module(f"lrsched_core.compat.{library}"), name, None)
        if made is not None and getattr(made, "__module__", "") == f"lrsched_core.compat.{library}":
            return f" (do you mean lrsched_core.compat.{library}.{name}, or `lrsched-core convert`?)"
    near = nearest(name, known)
    return f" (do you mean {near}?)" if near else ""


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that is most alike, if any is."""
    from difflib import get_close_matches

    names = tuple(names)
    near = get_close_matches(name, names, 1) or [known for known in names if known.lower() == name.lower()]
    return near[0] if near else ""


def of_commas(text: str, *, built: bool = False) -> str:
    """What may have been meant by `0,3`, where other commas are followed by a space; empty if it is clear."""
    found = (_DOUBTED if built else _COMMA).search(text)
    if found is None or ", " not in text:
        return ""
    return f" Hint: {found[0]} is two numbers; a decimal is written {found[0].replace(',', '.')}."
