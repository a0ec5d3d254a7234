"""What an optimizer really used, update by update."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from torch.optim import Optimizer

from lrsched_core._errors import refusal, refuse
from lrsched_core._run.record import Rows

from ._optimizers import hooked, writers_of
from ._options import Group, Option, names_of


class Record(Rows):
    """The rates and other options that an optimizer used, as `record` notes them: one row an update."""

    def __init__(self, optimizer: Optimizer, start: int) -> None:
        super().__init__()
        self._start = start
        self._alone = len(optimizer.param_groups) == 1
        # For the groups that there were: the option of each column, and the place of its group.
        self._groups = -1
        self._columns: dict[str, tuple[int, Option]] = {}
        self._writers = writers_of(optimizer)
        self._handle = optimizer.register_step_pre_hook(self._note)

    def remove(self) -> None:
        """Stops recording; the rows stay."""
        self._handle.remove()

    def __enter__(self) -> "Record":
        """Records until the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops recording."""
        self.remove()

    def _note(self, optimizer: Any, _args: Any, _kwargs: Any) -> None:
        groups = optimizer.param_groups
        if len(groups) != self._groups:
            self._find_columns(groups)
        used: dict[str, float] = {"update": self._start + len(self.rows)}
        for column, (index, option) in self._columns.items():
            used[column] = option.held(groups[index])
        writer = self._writers.get("lr")
        scheduler = writer() if writer is not None else None
        if scheduler is not None and scheduler.rule_state is not None:
            used["scale"] = scheduler.scale
        self.rows.append(used)

    def _find_columns(self, groups: Sequence[Group]) -> None:
        names = [group.get("name", index) for index, group in enumerate(groups)]
        self._groups, self._columns = len(groups), {}
        for index, group in enumerate(groups):
            label = names[index] if names.count(names[index]) == 1 else index
            for name in names_of([group]):
                # The only group at the beginning needs no name.
                column = name if self._alone and index == 0 else f"{name}.{label}"
                self._columns[column] = index, Option(name)


def record(optimizer: Optimizer, *, start: int = 0) -> Record:
    """Notes what an optimizer uses from now on: the rate, and any other option that is a number, at each update.

    They are read when `optimizer.step()` begins, whoever has set them, so that a loop that does not log can be
    checked: `audit(schedule, ...)` of the rows, or `lrsched-core check` of the saved file. An update that
    `GradScaler` skips is none, and not noted, unless the optimizer itself skips it (`fused=True`). Where a rate
    is a tensor on an accelerator, each update waits for it.

    Args:
        optimizer: A torch optimizer, or a wrapper of one that has it as `optimizer`.
        start: The number of the next update: 0, or of a run that was resumed, the updates before
            (`scheduler.last_epoch`).

    Returns:
        A handle with `rows`, `save(path)` and `remove()`; as a context manager it stops at the end of the block.
        A row has `"update"` and the options, `"lr"`, `"momentum"`, `"betas[0]"`, ...; of several parameter
        groups `"lr.0"`, or with the group's `"name"`, `"lr.head"`. Where a `ScheduleLR` with a rule sets the
        rate, `"scale"` is what the rule had made of it: `row["lr"]` is the schedule's rate times that.

    Raises:
        TypeError: If `optimizer` is no torch optimizer, or `start` no whole number.
        ValueError: If `start` is below 0.

    Example:
        >>> import torch
        >>> from lrsched_core import Linear
        >>> from lrsched_torch import ScheduleLR
        >>> sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        >>> scheduler = ScheduleLR(sgd, Linear(0.5, steps=4))
        >>> with record(sgd) as used:
        ...     for _ in range(3):
        ...         sgd.step()
        ...         scheduler.step()
        >>> [row["lr"] for row in used.rows]
        [0.5, 0.375, 0.25]
        >>> used.save("rates.csv")  # doctest: +SKIP
    """
    inner = hooked(optimizer)
    if not isinstance(inner, Optimizer):
        raise refusal(TypeError, "optimizer", "be a torch optimizer", f"{type(optimizer).__name__}")
    if not isinstance(start, int) or isinstance(start, bool):
        raise refuse(TypeError, "start", "a whole number", start)
    if start < 0:
        raise refuse(ValueError, "start", ">= 0", start)
    return Record(inner, start)
