"""How an operator prints its operands: with parentheses where Python needs them."""

from lrsched_core._value.schedule import Schedule


def bound(schedule: Schedule, tightly: int) -> str:
    """The schedule's expression as an operand of an operator that binds this tightly."""
    text = repr(schedule)
    return text if schedule._binds >= tightly else f"({text})"


def chain(symbol: str, operands: tuple[Schedule, ...], tightly: int) -> str:
    """`a * b * c`; constants among schedules print as numbers, as a person would write them."""
    from lrsched_core._value.constant import Constant  # warmups and clocks print too, and need not load it

    texts = []
    for i, operand in enumerate(operands):
        # Python would calculate with two leading numbers before it meets a schedule.
        beside_schedule = i > 0 or not isinstance(operands[1], Constant)
        if isinstance(operand, Constant) and beside_schedule:
            texts.append(repr(operand.lr))
        else:
            texts.append(bound(operand, tightly + (i > 0)))
    return f" {symbol} ".join(texts)
