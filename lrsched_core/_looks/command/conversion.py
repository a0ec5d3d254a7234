"""Schedules as other libraries describe them: a call in their names, a configuration in JSON. Nothing is evaluated."""

import ast
import inspect
import json
import math
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from lrsched_core import Schedule, from_dict
from lrsched_core._errors import refuse
from lrsched_core._hints import nearest
from lrsched_core._text.expressions import Reader, path
from lrsched_core.compat import transformers

# By the roots of the originals' modules; a name that stands alone is looked for in this order.
_LIBRARIES = {
    "torch": "torch",
    "keras": "keras",
    "tf": "keras",
    "tensorflow": "keras",
    "transformers": "transformers",
    "timm": "timm",
    "torchvision": "torchvision",
    "pytorch_warmup": "pytorch_warmup",
    "warmup": "pytorch_warmup",
    "fvcore": "fvcore",
    "optax": "optax",
    "mxnet": "mxnet",
    "mx": "mxnet",
}
_TRAINING = ("lr_scheduler_type", "learning_rate", "warmup_steps", "warmup_ratio", "max_steps", "lr_scheduler_kwargs")


def convert(text: str, *, lr: float | None = None, clean: bool = False) -> Schedule:
    """The schedule of a description.

    Args:
        text: A call, `torch.optim.lr_scheduler.StepLR(0.1, step_size=30)`; JSON of Keras, of a transformers
            `TrainingArguments`, or of this library.
        lr: What stands for a variable in a call, the optimizer.
        clean: Without the quirks of the original.

    Returns:
        The schedule, by `lrsched_core.compat`.

    Raises:
        ValueError: If it is no such description, with the place in the text, or if an argument is refused.
    """
    reader = _Reader(text, lr, clean)  # refuses a text that is too long
    text = reader.stripped
    if not text.startswith("{"):
        schedule = reader.value()
        if not isinstance(schedule, Schedule):
            raise refuse(ValueError, "text", "a call of a scheduler", text)
        return schedule
    try:
        return _configured(json.loads(text), clean)
    except json.JSONDecodeError as error:
        raise refuse(ValueError, "text", f"JSON ({error})", text[max(0, error.pos - 20) : error.pos + 20]) from None
    except RecursionError:
        raise refuse(ValueError, "text", "nested less deeply", f"{text[:20]}...") from None


def known() -> dict[str, dict[str, Callable[..., Schedule]]]:
    """The constructors of each library, by name."""
    return {library: _constructors(library) for library in dict.fromkeys(_LIBRARIES.values())}


def _constructors(library: str) -> dict[str, Callable[..., Schedule]]:
    module = import_module(f"lrsched_core.compat.{library}")
    return {
        name: thing
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    }


def _configured(data: Any, clean: bool) -> Schedule:
    if not isinstance(data, Mapping):
        raise refuse(ValueError, "text", "a JSON object", data)
    if "class_name" in data:
        return _keras(data, clean)
    if "version" in data and "type" in data:
        schedule: Schedule = from_dict(data)
        return schedule
    if any(key in data for key in _TRAINING):
        return _training(data, clean)
    rule = "a configuration: of Keras with `class_name`, or of transformers with `lr_scheduler_type`"
    raise refuse(ValueError, "text", rule, sorted(data))


def _keras(data: Mapping[str, Any], clean: bool) -> Schedule:
    config = data.get("config")
    if not isinstance(config, Mapping):
        raise refuse(ValueError, "config", "a JSON object", config)
    # A configuration of an optimizer has that of its schedule inside.
    if isinstance(config.get("learning_rate"), Mapping):
        return _keras(config["learning_rate"], clean)
    functions = _constructors("keras")
    if data["class_name"] not in functions:
        raise refuse(ValueError, "class_name", f"one of {', '.join(functions)}", data["class_name"])
    return _call(functions[data["class_name"]], (), config, None, clean)


def _training(data: Mapping[str, Any], clean: bool) -> Schedule:
    """As `TrainingArguments` reads these fields: a part of the steps may stand for a number of steps."""
    steps, warmup = data.get("max_steps"), data.get("warmup_steps") or data.get("warmup_ratio") or 0
    steps = steps if steps is None or steps > 0 else None
    if 0 < warmup < 1:
        if steps is None:
            raise refuse(ValueError, "max_steps", "given with a part of it as the warmup", steps)
        warmup = math.ceil(steps * warmup)
    try:
        return transformers.get_scheduler(
            str(data.get("lr_scheduler_type", "linear")).rpartition(".")[2].lower(),
            data.get("learning_rate", 5e-5),
            num_warmup_steps=warmup,
            num_training_steps=steps,
            scheduler_specific_kwargs=data.get("lr_scheduler_kwargs"),
            clean=clean,
        )
    except (TypeError, ValueError) as error:
        raise ValueError(str(error).replace("num_training_steps", "max_steps")) from None


class _Optimizer:
    """What a variable in a call is taken for."""


class _Reader(Reader):
    constants = (bool, int, float, str, type(None))
    understood = "a call, a number, a string, True, False, None, a list or a dict"

    def __init__(self, text: object, lr: float | None, clean: bool) -> None:
        super().__init__(text)
        self.lr, self.clean = lr, clean

    def name(self, node: ast.Name) -> _Optimizer:
        del node
        return _Optimizer()

    def items(self, values: list[Any]) -> list[Any]:
        return values

    def function(self, node: ast.expr) -> Callable[..., Schedule]:
        names = path(node)
        if not names:
            self.refuse(node, "the name of a scheduler")
        root, name = names[0], names[-1]
        libraries = [_LIBRARIES[root]] if len(names) > 1 and root in _LIBRARIES else list(known())
        functions = {name: made for library in reversed(libraries) for name, made in _constructors(library).items()}
        if name in functions:
            return functions[name]
        near = nearest(name, functions)
        return self.refuse(node, f"a scheduler that is known{f' (do you mean {near}?)' if near else ''}")

    def call(
        self, function: Callable[..., Schedule], arguments: list[Any], named: dict[str, Any], receiver: None
    ) -> Schedule:
        del receiver
        return _call(function, tuple(arguments), named, self.lr, self.clean)


def _call(
    function: Callable[..., Schedule],
    arguments: tuple[Any, ...],
    named: Mapping[str, Any],
    lr: float | None,
    clean: bool,
) -> Schedule:
    """Calls a constructor; the optimizer becomes the `base_lr` that the constructor may ask for."""
    parameters = list(inspect.signature(function).parameters)
    given = list(arguments)
    options = dict(named)
    # Where to go on is the business of whoever asks for a value.
    if options.get("last_epoch") == -1:
        del options["last_epoch"]
    for i, value in enumerate(arguments):
        if isinstance(value, _Optimizer):
            # Where the original has the optimizer, or where the constructor has nothing instead.
            given[i : i + 1] = [_rate(lr)] if parameters[i : i + 1] == ["base_lr"] else []
    for name, value in named.items():
        if isinstance(value, _Optimizer):
            del options[name]
    asked = len(given) + len(options) < len(arguments) + len(named) - ("last_epoch" in named)
    if asked and "base_lr" in parameters and "base_lr" not in options:
        options["base_lr"] = _rate(lr)
    if clean and "clean" in parameters:
        options["clean"] = True
    return function(*given, **options)


def _rate(lr: float | None) -> float:
    if lr is None:
        raise refuse(ValueError, "lr", "given, since the learning rate is the optimizer's", None)
    return lr
