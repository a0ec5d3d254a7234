"""What the base class makes of annotations."""

import copy
import gc
import pickle
import weakref
from dataclasses import KW_ONLY, FrozenInstanceError, dataclass, field
from inspect import signature
from typing import ClassVar

import pytest

from lrsched_core import Constant, Cosine, CustomSchedule, Linear, Schedule, Sequence, register
from lrsched_core._check import Duration, Rate
from lrsched_core._value.base import Value


class Pair(Value):
    rate: Rate
    rest: tuple = field(default_factory=tuple)
    _: KW_ONLY
    steps: Duration = 1
    name: str
    kind: ClassVar[str] = "pair"

    def _check_together(self):
        if self.name == self.rest:
            message = "`name` must differ."
            raise ValueError(message)


class Longer(Pair):
    steps: Duration = 5
    last: Rate = 0.0


def test_the_annotations_are_the_arguments():
    assert str(signature(Pair)) == "(rate: float, rest: tuple = <factory>, *, steps: float = 1, name: str) -> None"
    assert [f.name for f in Longer._fields] == ["rate", "rest", "steps", "name", "last"]
    assert Pair.__match_args__ == ("rate", "rest")
    assert repr(Pair(1, steps=2.0, name="a")) == "Pair(1.0, (), steps=2, name='a')"
    assert repr(Longer(1, name="a", last=3)) == "Longer(1.0, (), name='a', last=3.0)"
    assert repr(Longer(1, (), 2, 3, name="a")) == "Longer(1.0, (), 2, 3.0, name='a')"
    match Pair(1, (2,), name="a"):
        case Pair(rate, (last,), name=name):
            assert (rate, last, name) == (1.0, 2, "a")


def test_checks_run_one_by_one_then_together():
    with pytest.raises(ValueError, match=r"^`steps` must be > 0, got -1\.$"):
        Pair(1, "a", name="a", steps=-1)
    with pytest.raises(ValueError, match=r"^`name` must differ\.$"):
        Pair(1, "a", name="a")


def test_a_value_is_its_fields():
    value = Pair(1, name="a")
    assert value == Pair(1.0, (), steps=1, name="a") != Pair(1, name="b")
    assert hash(value) == hash(Pair(1, name="a"))
    assert Longer(1, name="a", steps=1) != value
    assert copy.copy(value) is copy.deepcopy(value) is value
    assert [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(6)] == [value] * 6
    assert value.replace(name="b", rate=2) == value.__replace__(name="b", rate=2) == Pair(2, name="b")
    with pytest.raises(
        TypeError, match=r"^`replace` must be given fields of Pair \(rate, rest, steps, name\), got 'x'"
    ):
        value.replace(x=1)
    dead = weakref.ref(value)
    del value
    gc.collect()
    assert dead() is None


@pytest.mark.parametrize("name", ["rate", "name", "kind", "anything", "__dict__", "replace"])
def test_nothing_of_a_value_can_be_set_or_deleted(name):
    value = Pair(1, name="a")
    with pytest.raises(FrozenInstanceError, match=f"^`{name}` of Pair cannot be changed: it is an immutable value"):
        setattr(value, name, 1)
    with pytest.raises(FrozenInstanceError, match=f"^`{name}` of Pair cannot be changed"):
        delattr(value, name)
    assert value == Pair(1, name="a")


def test_what_cannot_be_a_value_is_refused_when_the_class_is_made():
    with pytest.raises(TypeError, match=r"^`Many` must have at most 16 fields, got 17\.$"):
        type("Many", (Value,), {"__annotations__": {f"x{i}": int for i in range(17)}})
    with pytest.raises(TypeError, match=r"^`Both` must have one parent with fields"):
        type("Both", (Pair, type("Other", (Value,), {"__annotations__": {"x": int}})), {})
    with pytest.raises(
        TypeError, match=r"^`Late` must have its fields with defaults last, and 'b' stands after 'a'\.$"
    ):
        type("Late", (Value,), {"__annotations__": {"a": int, "b": int}, "a": 1})
    with pytest.raises(TypeError, match=r"^`Inner` must take each field as an argument, and 'a' is none"):
        type("Inner", (Value,), {"__annotations__": {"a": int}, "a": field(init=False)})
    with pytest.raises(ValueError, match="mutable default"):
        type("Mutable", (Value,), {"__annotations__": {"a": list}, "a": []})


# Classes of one's own


class Harmonic(CustomSchedule):
    base_lr: float
    _: KW_ONLY
    after: Schedule = Constant(0.0)
    kind: str = "plain"

    def value(self, t):
        return self.base_lr / (1 + t)

    def check(self):
        super().check()
        if self.base_lr > 1:
            message = "`base_lr` must be <= 1."
            raise ValueError(message)


class Steeper(Harmonic):
    power: float = 2.0
    offset: float = 0.0

    def value(self, t):
        return super().value(t) ** self.power


def test_only_fields_and_value_are_written():
    assert [Harmonic(0.5)(t) for t in (0, 1)] == [0.5, 0.25]
    assert [Steeper(0.5)(t) for t in (0, 1)] == [0.25, 0.0625]
    assert repr(Steeper(0.5, 3.0, kind="x")) == "Steeper(0.5, 3.0, kind='x')"
    assert repr(Steeper(0.5, offset=1.0, kind="x")) == "Steeper(0.5, kind='x', offset=1.0)"
    assert len({Harmonic(0.5), Harmonic(0.5), Steeper(0.5)}) == 2
    assert Harmonic(0.5, after=Linear(1, steps=3))._inner() == (Linear(1, steps=3),)
    for cls in (Harmonic, Steeper):
        with pytest.raises(ValueError, match=r"^`base_lr` must be <= 1\.$"):
            cls(2.0)
        with pytest.raises(FrozenInstanceError, match=f"^`base_lr` of {cls.__name__} cannot be changed"):
            cls(0.5).base_lr = 1


@pytest.mark.parametrize(
    "decorator",
    [
        dataclass,
        dataclass(frozen=True, repr=False),
        dataclass(frozen=True, slots=True, repr=False),
        dataclass(order=True),
    ],
    ids=["plain", "frozen", "slots", "order"],
)
def test_a_decorator_that_is_left_over_is_refused_by_name(decorator):
    def leftover():
        @decorator
        class Leftover(CustomSchedule):
            base_lr: float = 0.5

            def value(self, t):
                return 0.5

        return Leftover

    for use in (lambda: leftover()(0.5), lambda: leftover()(), lambda: register(leftover())):
        with pytest.raises(TypeError, match=r"^`Leftover` must not be a dataclass\. Hint: leave out `@dataclass`"):
            use()


@pytest.mark.parametrize("name", ["__init__", "__post_init__"])
def test_a_class_of_ones_own_checks_in_check(name):
    with pytest.raises(TypeError, match=f"^`Own` must not have `{name}`: .* Hint: refuse bad ones in `check`"):
        type("Own", (CustomSchedule,), {name: lambda self: None, "value": lambda self, t: 1.0})


def test_without_a_value_no_schedule_can_be_built():
    class Nothing(CustomSchedule):
        base_lr: float

    with pytest.raises(TypeError, match="abstract"):
        Nothing(0.5)


def test_what_is_replaced_is_simplified_and_flattened():
    warm = Cosine(0.3, steps=9).with_warmup(3)
    assert warm.replace(start=0.1) == Cosine(0.3, steps=9).with_warmup(3, start=0.1)
    product = Constant(0.5) * Linear(1, steps=3)
    assert product.replace(schedules=(Constant(1), warm)) == warm
    assert isinstance(Sequence((warm, product), milestones=(9,)).replace(milestones=(5,)), Sequence)


TEXT = """
from __future__ import annotations
from dataclasses import KW_ONLY
from typing import ClassVar
from lrsched_core import CustomSchedule, Schedule

class Postponed(CustomSchedule):
    base_lr: float
    _: KW_ONLY
    kind: ClassVar[str] = "postponed"
    steps: int = 3
    unknown: OnlyForCheckers = None

    def value(self, t):
        return self.base_lr
"""


@pytest.mark.parametrize("unknown", ["OnlyForCheckers", "Schedule"], ids=["with a name for checkers only", "all known"])
def test_annotations_may_be_texts(unknown):
    scene = {"__name__": __name__}
    exec(TEXT.replace("OnlyForCheckers", unknown), scene)
    value = scene["Postponed"](0.5, steps=4)
    assert [f.name for f in value._fields] == ["base_lr", "steps", "unknown"]
    assert repr(value) == "Postponed(0.5, steps=4)"
    assert value.kind == "postponed"
    with pytest.raises(TypeError, match="positional argument"):
        scene["Postponed"](0.5, 4)
