"""Tools that have to be told how a value is written."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lrsched_core._value.base import Value
from lrsched_core._value.checks import choice

if TYPE_CHECKING:
    from typing import Literal


def register_with(tool: "Literal['jsonargparse', 'yaml']") -> None:
    r"""Makes a tool write a schedule as its expression, which it would otherwise take apart or refuse.

    Tools that ask for text need no registration: `json.dumps(..., default=str)`, orjson, MLflow, TensorBoard. pydantic
    knows schedules by itself; torch's safe loader knows them once `lrsched_torch` is imported.

    Args:
        tool: `"yaml"`: PyYAML's dumpers, safe ones included, and what is made of them, such as OmegaConf's `to_yaml`
            and Lightning's `hparams.yaml`. What they write is text, for `parse` to read. `"jsonargparse"`: defaults,
            files and command lines hold expressions, for arguments annotated with `Schedule`, those of the Lightning
            CLI included.

    Raises:
        ImportError: If the tool is not installed.
        ValueError: If `tool` is another.

    Example:
        >>> import yaml  # doctest: +SKIP
        >>> from lrsched_core import Cosine, register_with
        >>> register_with("yaml")  # doctest: +SKIP
        >>> yaml.safe_dump({"lr": Cosine(0.3, steps=90)})  # doctest: +SKIP
        'lr: Cosine(0.3, steps=90)\n'
    """
    _REGISTRATIONS[choice("tool", tool, _REGISTRATIONS)]()


def _yaml() -> None:
    yaml: Any = import_module("yaml")
    for name in ("Dumper", "SafeDumper", "CDumper", "CSafeDumper"):  # the last two, where libyaml is
        if hasattr(yaml, name):
            yaml.add_multi_representer(Value, _represented, Dumper=getattr(yaml, name))


def _represented(dumper: Any, value: Value) -> Any:
    return dumper.represent_str(repr(value))


def _jsonargparse() -> None:
    typing: Any = import_module("jsonargparse.typing")
    from lrsched_core._text.names import BUILT_IN  # what a program asks for it has loaded anyway
    from lrsched_core._text.parse import parse
    from lrsched_core._value.schedule import Schedule

    for kind in (Schedule, *[cls for cls in BUILT_IN.values() if not issubclass(cls, Schedule)]):
        typing.register_type(
            kind, serializer=repr, deserializer=parse, type_check=isinstance, fail_already_registered=False
        )


_REGISTRATIONS: dict[str, Callable[[], None]] = {"jsonargparse": _jsonargparse, "yaml": _yaml}
