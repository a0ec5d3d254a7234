"""Whether states that are loaded were made by the scheduler that is given now."""

import pickle
from typing import Any

from lrsched_core import Schedule
from lrsched_core._run.changes import expression, history, refused
from lrsched_core._run.remembered import check_rule

from ._options import NAMES


def equal(saved: Any, given: Any) -> bool:
    """Whether two schedules are the same; objects without an equality of their own are compared as they are saved."""
    return bool(saved == given) or pickle.dumps(saved) == pickle.dumps(given)


def resumed(saved: Any, given: Any) -> dict[str, Any]:
    """What a run has followed and will follow that goes on with `given` where `saved` was saved.

    Args:
        saved: The scheduler in the states.
        given: The trainer's.

    Returns:
        The schedules by MXNet's names.

    Raises:
        ValueError: If the change is not one that `given` takes.
    """
    on_change = given.on_change
    check_rule(saved.rule, saved._reaction.state, given.rule, on_change)
    before, now = saved.followed, given.followed
    if before.keys() == now.keys() and all(equal(before[name], now[name]) for name in now):
        return dict(saved.past)
    # By common names, which a message says.
    before, past, now = map(NAMES.in_common, (before, saved.past, now))
    if on_change != "keep":
        for name in now.keys() & before.keys():
            code = not (isinstance(before[name], Schedule) and isinstance(now[name], Schedule))
            if code and not equal(before[name], now[name]):
                raise refused(expression(before), expression(now), "", None)
        if saved._asked is None:
            # States of an earlier version do not say how far they got.
            on_change = "refuse"
    return NAMES.in_own(history(before, past, now, at=saved._asked or 0, on_change=on_change))
