"""The `shape` of a ramp from one value to another, in warmups, decays and cooldowns alike."""

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from lrsched_core._value import checks
from lrsched_core._value.doors import public

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrsched_core._value.schedule import Schedule

Shape: TypeAlias = Literal[
    "linear",
    "cosine",
    "exponential",
    "constant",
    "sqrt",
    "polynomial",
    "normalized_exponential",
    "tanh",
    "rex",
    "logarithmic",
]
# The names of the schedules, each of which is loaded on first use: most warmups are linear.
SHAPES: dict[Shape, str] = {
    "linear": "Linear",
    "cosine": "Cosine",
    "exponential": "Geometric",
    "constant": "Constant",
    "sqrt": "Power",
    "polynomial": "Polynomial",
    "normalized_exponential": "NormalizedExponential",
    "tanh": "Tanh",
    "rex": "Rex",
    "logarithmic": "Logarithmic",
}


def checked(name: str, value: Any) -> Shape:
    """The check of a field that holds a shape."""
    return cast("Shape", checks.choice(name, value, SHAPES))


def check_ends(shape: Shape, **ends: float) -> None:
    """Refuses an end that a ramp of this shape cannot have: an exponential one cannot touch 0."""
    if shape == "exponential":
        for name, value in ends.items():
            checks.positive(name, value)


def ramp(base_lr: float, final_lr: float, *, steps: float, shape: Shape) -> "Schedule":
    """The ramp of this shape from one value to another."""
    kind: Callable[..., Schedule] = public(SHAPES[checked("shape", shape)])
    if shape == "constant":
        # It stays where it is, then jumps.
        return kind(base_lr).then(kind(final_lr), at=steps)
    return kind(base_lr, final_lr, steps=steps)
