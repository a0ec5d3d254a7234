"""To every tool around a training run a schedule is one value: every class, before every tool that is installed."""

import copy
import dataclasses
import io
import json
import pickle
import pprint
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from examples import CLASSES, OPERATORS
from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    CustomSchedule,
    Function,
    Greedy,
    Plan,
    Plateau,
    Schedule,
    parse,
    register,
    register_with,
)
from lrsched_core._text.names import CATALOGUE

WARM = Cosine(0.3, 0.01, steps=15).with_warmup(5)


def half(t):
    return 0.5


class Unregistered(CustomSchedule):
    base_lr: float
    after: Schedule = Constant(0.5)

    def value(self, t):
        return self.base_lr


class RegisteredForTools(Unregistered):
    pass


@pytest.fixture(scope="module", autouse=True)
def registered():
    """Known to `parse` while these tests run: others ask for the whole catalogue."""
    register(RegisteredForTools)
    yield
    del CATALOGUE["RegisteredForTools"]


EXAMPLES = {name: example.trained for name, example in {**CLASSES, **OPERATORS}.items()}
OWN = {
    "RegisteredForTools": RegisteredForTools(0.5, WARM),
    "registered inside": RegisteredForTools(0.5).with_warmup(3) * 2,
    "Unregistered": Unregistered(0.5, WARM),
    "unregistered inside": (Unregistered(0.5) + WARM).delay(3),
    "Function": Function(half),
    "function inside": WARM * half,
}
LARGE = {"too large to be read": parse("Constant(0.1)").then(WARM.repeat(1, growth=1.01).repeat(9), at=3)}
WRITTEN = [pytest.param(schedule, id=name) for name, schedule in EXAMPLES.items()]
ALL = [pytest.param(schedule, id=name) for name, schedule in (EXAMPLES | OWN | LARGE).items()]
every = pytest.mark.parametrize("schedule", ALL)
# Those that are no schedules. A plan is read as a dict is; nobody shall see one in it.
OTHERS = {
    "Plan": Plan(lr=WARM, weight_decay=0.1, groups={"head": Plan(lr=0.1)}),
    "Clock": Clock(batch_size=8, updates=9),
    "Plateau": Plateau(0.5),
    "Greedy": Greedy(0.5),
}
every_value = pytest.mark.parametrize("schedule", [*ALL, *[pytest.param(one, id=name) for name, one in OTHERS.items()]])
every_written = pytest.mark.parametrize("schedule", WRITTEN)


# The standard library


@dataclasses.dataclass
class Config:
    lr: Any
    epochs: int = 3


@every_value
def test_it_is_no_dataclass_and_shows_no_fields(schedule):
    assert not dataclasses.is_dataclass(schedule)
    assert not hasattr(schedule, "__dataclass_fields__")
    assert not isinstance(schedule, Mapping | Sequence)
    assert dataclasses.asdict(Config(schedule))["lr"] is schedule
    assert vars(schedule) == {}
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"^`x` of {type(schedule).__name__} cannot be changed"):
        schedule.x = 1
    assert schedule.__name__ == repr(schedule)
    assert pprint.pformat(schedule, width=10) == repr(schedule)
    assert json.dumps({"lr": schedule}, default=str) == json.dumps({"lr": repr(schedule)})


@every
def test_what_is_written_into_its_dict_by_force_changes_nothing(schedule):
    other = pickle.loads(pickle.dumps(schedule))
    vars(other).update(dict.fromkeys(other._values(), 7), value=7, _pieces=7)
    assert other == schedule
    assert other._values() == schedule._values()
    vars(other).clear()
    assert other(3) == schedule(3)


@every
def test_copies_and_pickles_keep_it(schedule):
    assert copy.copy(schedule) is schedule
    assert copy.deepcopy({"lr": [schedule]})["lr"][0] is schedule
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(schedule, protocol)) == schedule


@every_written
def test_a_pickle_names_one_public_function(schedule):
    assert schedule.__reduce__() == (parse, (repr(schedule),))
    assert (parse.__module__, parse.__qualname__) == ("lrsched_core", "parse")


@every
def test_a_pickle_names_no_private_module(schedule):
    assert b"lrsched_core._" not in pickle.dumps(schedule, 2)


# Workers


@every
def test_cloudpickle_and_joblib_keep_it(schedule):
    cloudpickle, joblib = pytest.importorskip("cloudpickle"), pytest.importorskip("joblib")
    assert pickle.loads(cloudpickle.dumps(schedule)) == schedule
    schedule(3)
    assert joblib.hash(pickle.loads(pickle.dumps(schedule))) == joblib.hash(schedule)


MAIN = """
import cloudpickle, sys
from lrsched_core import Constant, Cosine, CustomSchedule, Schedule, register

class Harmonic(CustomSchedule):
    base_lr: float
    after: Schedule = Constant(0.0)
    def value(self, t):
        return self.base_lr / (1 + t)
    def check(self):
        super().check()
        if self.base_lr > 1:
            raise ValueError("`base_lr` must be <= 1.")
if {registered}:
    register(Harmonic)
schedules = [Harmonic(0.5), Harmonic(0.5, Cosine(0.3, steps=9)).with_warmup(2) * 2]
sys.stdout.buffer.write(cloudpickle.dumps(schedules))
"""
WORKER = """
import pickle, sys
first, second = pickle.load(sys.stdin.buffer)
assert (first(1), second(3), vars(first)) == (0.25, 0.5, {}), (first(1), second(3), vars(first))
assert first == type(first)(0.5) and hash(first) == hash(type(first)(0.5)) and repr(first) == "Harmonic(0.5)"
for attempt, kind in ((lambda: type(first)(2.0), ValueError), (lambda: setattr(first, "base_lr", 1), AttributeError)):
    try:
        attempt()
    except kind:
        continue
    raise SystemExit(kind)
"""


@pytest.mark.parametrize("registered", [False, True])
def test_a_class_of_main_travels_by_cloudpickle(registered):
    pytest.importorskip("cloudpickle")
    program = MAIN.replace("{registered}", str(registered))
    sent = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout
    subprocess.run([sys.executable, "-c", WORKER], check=True, input=sent)


# torch


@every
def test_torch_s_safe_loader_keeps_it(schedule):
    torch, _ = pytest.importorskip("torch"), pytest.importorskip("lrsched_torch")
    file = io.BytesIO()
    torch.save({"hyper_parameters": {"lr": schedule}}, file)
    if schedule in [OWN["Function"], OWN["function inside"], OWN["Unregistered"], OWN["unregistered inside"]]:
        file.seek(0)
        with pytest.raises(pickle.UnpicklingError, match=r"Unsupported global: GLOBAL .*(half|Unregistered) was not"):
            torch.load(file)
        file.seek(0)
        assert torch.load(file, weights_only=False) == {"hyper_parameters": {"lr": schedule}}
    else:
        file.seek(0)
        assert torch.serialization.get_unsafe_globals_in_checkpoint(file) == []
        file.seek(0)
        assert torch.load(file) == {"hyper_parameters": {"lr": schedule}}


def test_without_the_adapter_one_public_function_has_to_be_allowed():
    pytest.importorskip("torch")
    program = """
import io, torch
from lrsched_core import Cosine, parse
lr = Cosine(0.3, steps=9).with_warmup(3) * 2
file = io.BytesIO()
torch.save({"lr": lr}, file)
file.seek(0)
assert torch.serialization.get_unsafe_globals_in_checkpoint(file) == ["lrsched_core.parse"]
file.seek(0)
with torch.serialization.safe_globals([parse]):
    assert torch.load(file) == {"lr": lr}
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_class_that_is_registered_after_the_adapter_is_imported_is_loaded():
    torch, _ = pytest.importorskip("torch"), pytest.importorskip("lrsched_torch")

    @register
    class RegisteredLater(Unregistered):
        pass

    # A class inside of a function cannot be pickled by name: as if it stood in the module.
    RegisteredLater.__qualname__ = "RegisteredLater"
    globals()["RegisteredLater"] = RegisteredLater
    file = io.BytesIO()
    torch.save(RegisteredLater(0.5), file)
    file.seek(0)
    assert torch.load(file) == RegisteredLater(0.5)


@every
@pytest.mark.parametrize("name", ["LambdaLR", "MultiplicativeLR"])
def test_torch_s_schedulers_of_functions_save_and_load_beside_it(schedule, name):
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, schedule)
    state = pickle.loads(pickle.dumps(scheduler.state_dict()))
    assert state["lr_lambdas"] == [{}]
    scheduler.load_state_dict(state)
    assert scheduler.lr_lambdas == [schedule]


# Configurations


@every_value
def test_omegaconf_keeps_it_or_refuses_it_by_name(schedule):
    omegaconf = pytest.importorskip("omegaconf")
    for make in (
        lambda: omegaconf.OmegaConf.create({"lr": schedule}),
        lambda: omegaconf.OmegaConf.structured(Config(schedule)),
    ):
        with pytest.raises(omegaconf.errors.UnsupportedValueType, match=type(schedule).__name__):
            make()
    kept = omegaconf.OmegaConf.create({"lr": schedule}, flags={"allow_objects": True})
    assert kept.lr is schedule
    register_with("yaml")
    assert omegaconf.OmegaConf.create(omegaconf.OmegaConf.to_yaml(kept)).lr == repr(schedule)


@every_value
def test_yaml_holds_the_expression(schedule):
    yaml = pytest.importorskip("yaml")
    register_with("yaml")
    for dumper in ("Dumper", "SafeDumper", "CDumper", "CSafeDumper"):
        text = yaml.dump({"lr": schedule, "again": [schedule]}, Dumper=getattr(yaml, dumper, yaml.Dumper))
        assert yaml.safe_load(text) == {"lr": repr(schedule), "again": [repr(schedule)]}


@every_written
def test_jsonargparse_takes_it_as_a_default_and_writes_it(schedule):
    jsonargparse = pytest.importorskip("jsonargparse")
    register_with("jsonargparse")

    class Model:
        def __init__(self, lr: Schedule = schedule):
            self.lr = lr

    for add in (
        lambda parser: parser.add_argument("--m.lr", type=Schedule, default=schedule),
        lambda parser: parser.add_class_arguments(Model, "m"),
    ):
        parser = jsonargparse.ArgumentParser()
        add(parser)
        given = parser.parse_args([])
        assert given.m.lr == schedule
        text = parser.dump(given)
        assert repr(schedule)[:20] in text
        assert "python/object" not in text
        assert parser.parse_string(text).m.lr == schedule
        assert parser.parse_args(["--m.lr=Cosine(0.5, steps=3)"]).m.lr == Cosine(0.5, steps=3)
        with pytest.raises(jsonargparse.ArgumentError if hasattr(jsonargparse, "ArgumentError") else SystemExit):
            jsonargparse.ArgumentParser(exit_on_error=False).parse_args(["--m.lr=Cosine(0.5"])


def test_other_tools_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^`tool` must be one of 'jsonargparse', 'yaml', got 'toml'\.$"):
        register_with("toml")


@every_value
def test_serializers_that_ask_for_text_get_the_expression(schedule):
    orjson = pytest.importorskip("orjson")
    assert orjson.dumps({"lr": schedule}, default=str) == orjson.dumps({"lr": repr(schedule)})


@every_value
def test_attrs_keeps_it(schedule):
    attrs = pytest.importorskip("attrs")
    assert attrs.asdict(attrs.make_class("Config", ["lr"])(schedule))["lr"] is schedule
    assert not attrs.has(type(schedule))


@every_written
def test_pydantic_knows_it(schedule):
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model("Config", lr=(Schedule, ...))
    assert model(lr=schedule).lr is schedule
    assert model.model_validate_json(model(lr=schedule).model_dump_json()).lr == schedule
    assert model(lr=repr(schedule)).lr == schedule


# Lightning and loggers


@every_value
def test_lightning_moves_and_logs_it_whole(schedule):
    pytest.importorskip("lightning_utilities")
    from lightning_utilities.core.apply_func import apply_to_collection

    assert apply_to_collection({"lr": schedule}, object, lambda x: x) == {"lr": schedule}
    assert apply_to_collection({"lr": schedule}, float, lambda x: 0.0) == {"lr": schedule}
    logger = pytest.importorskip("lightning_fabric.utilities.logger")
    assert logger._flatten_dict(logger._convert_params({"lr": schedule})) == {"lr": schedule}
    assert logger._sanitize_params({"lr": schedule}) == {"lr": repr(schedule)}
    # What W&B's logger does with a callable; MLflow's writes `str`.
    written = repr(schedule) if callable(schedule) else schedule
    assert logger._sanitize_callable_params({"lr": schedule}) == {"lr": written}
    assert str(schedule) == repr(schedule)


# Trees


@every_value
def test_it_is_a_leaf_of_every_tree(schedule):
    found = 0
    for module, leaves in (
        ("jax", lambda jax: jax.tree_util.tree_leaves),
        ("optree", lambda optree: optree.tree_leaves),
        ("torch.utils._pytree", lambda tree: tree.tree_leaves),
    ):
        try:
            library = __import__(module, fromlist=["_"])
        except ImportError:
            continue
        assert leaves(library)({"lr": (schedule, 1)}) == [schedule, 1]
        found += 1
    if not found:
        pytest.skip("no library of trees")


@every_value
def test_rich_prints_the_expression(schedule):
    pretty = pytest.importorskip("rich.pretty")
    assert pretty.pretty_repr(schedule, max_width=10) == repr(schedule)
