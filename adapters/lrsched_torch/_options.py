"""An option of the parameter groups: its name, what a group holds there, how it is written."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

Group = dict[str, Any]
# The types of a tensor that rates of any usual size fit in: float16 makes 1e-8 of them 0, and 1e5 infinite.
WIDE = frozenset((torch.bfloat16, torch.float32, torch.float64))


def are_same(groups: Sequence[Group], params: Sequence[Any]) -> bool:
    """Return whether these are the groups that are known by their lists of parameters, each in its place."""
    return len(groups) == len(params) and all(
        group["params"] is each for group, each in zip(groups, params, strict=True)
    )


def names_of(groups: Sequence[Group]) -> list[str]:
    """Return the options that hold a number in every group; those of a pair as `betas[0]`."""
    names = [list(_names(group)) for group in groups]
    return [name for name in names[0] if all(name in others for others in names)] if names else []


def _names(group: Group) -> Iterator[str]:
    for key, value in group.items():
        if key.startswith("initial_"):
            continue
        if _is_number(value):
            yield key
        elif isinstance(value, tuple | list) and key != "params":
            yield from (f"{key}[{i}]" for i, element in enumerate(value) if _is_number(element))


def _is_number(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.numel() == 1
    return isinstance(value, int | float) and not isinstance(value, bool)


class Option:
    """One number of a parameter group: an option such as `lr`, or an element such as `betas[0]`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key, bracket, index = name.partition("[")
        self._index = int(index.removesuffix("]")) if bracket else None
        self.own_name = f"initial_{self._key}"  # where torch's schedulers keep a group's own rate

    def _in(self, held: Any) -> Any:
        return held if self._index is None else held[self._index]

    def now(self, group: Group) -> Any:
        """Return what the group has now; of a tensor, a copy, for which nothing has to wait."""
        held = self._in(group[self._key])
        return held.detach().clone() if isinstance(held, Tensor) else float(held)

    def held(self, group: Group) -> float:
        """Return what the group has now as a number, for which an accelerator has to be waited for."""
        return float(self._in(group[self._key]))

    def own(self, group: Group) -> float:
        """Return what the group was given, whatever a scheduler made of it since."""
        return float(self._in(group.get(self.own_name, group[self._key])))

    def has_own(self, group: Group) -> bool:
        """Return whether the group says what it was given."""
        return self.own_name in group

    def keep_own(self, group: Group) -> float:
        """Return what the group was given, noted in the group as a number.

        A group that joined after the scheduler has no note of it, and where torch keeps it in a tensor, reading that
        again would wait for the accelerator again.
        """
        group[self.own_name] = _copy(group.get(self.own_name, group[self._key]))
        return self.own(group)

    def keep_owns(self, groups: Sequence[Group]) -> list[float]:
        """Return the same for several groups."""
        key, keep_own = self.own_name, self.keep_own
        if self._index is None:
            return [own if type(own := group.get(key)) is float else keep_own(group) for group in groups]
        return [keep_own(group) for group in groups]

    def set_own(self, group: Group, value: float) -> None:
        """Note what the group was given."""
        self.keep_own(group)
        self._place(group, self.own_name, value)

    def has(self, group: Group, value: float) -> bool:
        """Return whether the group has a value: in a tensor, as the tensor rounds it."""
        held = self._in(group[self._key])
        if isinstance(held, Tensor):
            return bool(held.item() == torch.tensor(value, dtype=held.dtype).item())
        return bool(held == value)

    def refuse_narrow(self, optimizer: Optimizer) -> None:
        """Refuse a tensor that would cut off what is behind the point of each value, or make 0 of small ones."""
        for index, group in enumerate(optimizer.param_groups):
            # In groups that are planned by name, one may lack what another has.
            held = self._in(group[self._key]) if self._key in group else None
            if isinstance(held, Tensor) and held.dtype not in WIDE:
                kind = "floats of at least the range of bfloat16" if held.is_floating_point() else "floats"
                message = (
                    f"`{self.name}` of a parameter group must be a number or a tensor of {kind}, got one of"
                    f" {held.dtype} in group {index}. Hint: torch.tensor({float(held)!r})."
                )
                raise TypeError(message)

    def part_default(self, optimizer: Optimizer) -> None:
        """Part a tensor in the optimizer's defaults from the groups, which torch lets share it.

        Otherwise a group added later would start from the current value, not from the default one.
        """
        default = optimizer.defaults.get(self._key)
        if default is not None:
            optimizer.defaults[self._key] = _parted(default)

    def write_in_pairs(self, groups: Sequence[Group], value: float) -> bool:
        """Give each parameter group the same value in little time, if this is one of a pair of plain floats."""
        key, index = self._key, self._index
        if index is None:
            return False
        for group in groups:
            held = group[key]
            if type(held) is not tuple or len(held) != 2 or type(held[index]) is not float:
                return False
            group[key] = (held[0], value) if index else (value, held[1])
        return True

    def write(self, optimizer: Optimizer, values: Sequence[Any], taken: set[int]) -> None:
        """Give each parameter group its value, if there is one: a tensor is filled in place, a number is replaced.

        A tensor whose id is in `taken` has another owner, and the group gets one for itself.
        """
        key, simple = self._key, self._index is None
        for group, value in zip(optimizer.param_groups, values, strict=True):
            if value is None:
                continue
            old = group[key]
            # Most values are floats, and Tensor's own `isinstance` is slow.
            if simple and type(old) is float:
                group[key] = value
                continue
            old = self._in(old)
            if not isinstance(old, Tensor):
                self._place(group, key, value)
                continue
            if old.dtype not in WIDE:
                self.refuse_narrow(optimizer)
            if id(old) in taken or self._is_shared(old, group, optimizer):
                old = old.clone()
                self._place(group, key, old)
            taken.add(id(old))
            old.fill_(value)

    def _is_shared(self, tensor: Tensor, group: Group, optimizer: Optimizer) -> bool:
        """Whether a tensor is the default as well, which a new group brings, or the other one of a pair."""
        default, held = optimizer.defaults.get(self._key), group[self._key]
        if default is not None and tensor is self._in(default):
            return True
        return self._index is not None and sum(each is tensor for each in held) > 1

    def _place(self, group: Group, key: str, value: Any) -> None:
        if self._index is None:
            group[key] = value
        else:
            held = group[key]
            group[key] = (*held[: self._index], value, *held[self._index + 1 :])


def _copy(value: Any) -> Any:
    """Return a number, or several, as plain numbers."""
    if isinstance(value, tuple | list):
        return tuple([float(element) if _is_number(element) else element for element in value])
    return float(value)


def _parted(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple([_parted(element) for element in value])
    return value.clone() if isinstance(value, Tensor) else value
