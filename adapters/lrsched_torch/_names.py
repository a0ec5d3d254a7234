"""The names that all frameworks share, as options of torch's parameter groups."""

# Where an optimizer has no option of that name itself.
_ELSEWHERE = {"momentum": "betas[0]", "beta1": "betas[0]", "beta2": "betas[1]"}


def option_of(name: str, known: list[str]) -> str | None:
    """Return the option that a name means, of those that there are; nothing if it means none of them."""
    return next((each for each in (name, _ELSEWHERE.get(name, name)) if each in known), None)
