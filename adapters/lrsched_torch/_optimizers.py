"""What schedulers of one optimizer have to know of each other, and of the loading of its state."""

import warnings
from collections.abc import Mapping
from typing import Any, Protocol
from weakref import WeakKeyDictionary, ref

from torch.optim import Optimizer

from lrsched_core._errors import refusal

# By optimizer and option: the scheduler that has set it last.
_WRITERS: "WeakKeyDictionary[Optimizer, dict[str, ref[Any] | None]]" = WeakKeyDictionary()


def writers_of(optimizer: Optimizer) -> "dict[str, ref[Any] | None]":
    """Return who has set which option of an optimizer last: one mapping for all of its schedulers."""
    inner = hooked(optimizer)
    return _WRITERS.setdefault(optimizer if inner is None else inner, {})


class Watcher(Protocol):
    """What is told of the loading of an optimizer's state."""

    def _before_loading(self, state: Mapping[str, Any]) -> None: ...
    def _after_loading(self) -> None: ...


def hooked(optimizer: Any) -> Any:
    """Return the optimizer that has hooks: a wrapper that passes everything on, as Accelerate's, has none itself."""
    while optimizer is not None and not hasattr(optimizer, "_optimizer_load_state_dict_pre_hooks"):
        optimizer = getattr(optimizer, "optimizer", None)
    return optimizer


def watch_loading(optimizer: Optimizer, watcher: Watcher) -> None:
    """Tell somebody before and after each loading of an optimizer's state, as long as he lives."""
    inner = hooked(optimizer)
    if inner is None:
        return
    handles: list[Any] = []
    watching = ref(watcher, lambda _: [handle.remove() for handle in handles])

    def before(_: Optimizer, state: Mapping[str, Any]) -> None:
        if (one := watching()) is not None:
            one._before_loading(state)

    def after(_: Optimizer) -> None:
        if (one := watching()) is not None:
            one._after_loading()

    handles.append(inner.register_load_state_dict_pre_hook(before))
    handles.append(inner.register_load_state_dict_post_hook(after))


def refuse_turns(writer: "ref[Any]", option: str, mode: str) -> None:
    """Refuse, or say, that another scheduler has set an option since one's last step: they undo each other.

    Raises:
        ValueError: If one of the two scales what it finds, or what the groups were given.
    """
    other = writer()
    if other is None:
        return
    if "factor" in (mode, other._mode):
        raise refusal(
            ValueError,
            "optimizer",
            f"have its {option!r} set by one ScheduleLR at a time",
            "two that take turns, of which each undoes the other's factor",
            hint="one ScheduleLR of the product, a * b; or, one after the other, a.then(b, at=...) or SequentialLR.",
        )
    message = (
        f"Two ScheduleLR take turns in setting {option!r} of one optimizer: each overwrites what the other has set, and"
        " reports rates that no update uses. Hint: one of them; a product is a * b, and a sequence a.then(b, at=...) or"
        " SequentialLR."
    )
    warnings.warn(message, UserWarning, stacklevel=5)
