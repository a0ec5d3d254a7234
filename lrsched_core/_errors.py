"""Errors: the one place where they are worded, for the core and the adapters."""

# A message is read by a person.
_LONGEST = 500


def refuse(kind: type[Exception], name: str, rule: str, value: object, hint: str = "") -> Exception:
    """Words a refusal: the argument in backticks, the rule, the value received, and what to write instead if known."""
    from lrsched_core._hints import of_value  # for errors alone

    return kind(f"`{name}` must be {rule}, got {shown(value)}.{hinted(hint) or of_value(rule, value)}")


def refusal(kind: type[Exception], name: str, rule: str, got: str, hint: str = "") -> Exception:
    """Words a refusal where the rule is not what something must *be*, or what was received is told in words."""
    return kind(f"`{name}` must {rule}, got {got}.{hinted(hint)}")


def hinted(hint: str) -> str:
    """The end of a message: what to do about it, where that can be guessed."""
    return f" Hint: {hint}" if hint else ""


def shown(value: object) -> str:
    """The value as Python prints it, shortened where that is long."""
    try:
        text = repr(value)
    except ValueError:  # Python does not print integers of more than 4300 digits
        return f"a number of {value.bit_length()} bits" if isinstance(value, int) else f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}...{text[-_LONGEST // 2 :]}"
