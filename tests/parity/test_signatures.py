"""Every original has a constructor here, with its own arguments in its own order."""

import importlib
import inspect

import pytest

# What an original takes and no schedule needs: whom to schedule, where to resume, noise.
ELSEWHERE = {"optimizer", "last_epoch", "last_step", "initialize", "t_in_epochs"}
NOISE = {"noise_range_t", "noise_pct", "noise_std", "noise_seed"}
# What a constructor takes besides: what the original reads from the optimizer, how long a training is, a switch.
OURS = {"base_lr", "schedule", "beta2", "max_iter", "clean"}


def torch():
    theirs = importlib.import_module("torch.optim.lr_scheduler")
    # No function of time, and the base class.
    names = set(theirs.__all__) - {"ReduceLROnPlateau", "LRScheduler"}
    yield from ((getattr(theirs, name), name) for name in sorted(names))
    yield importlib.import_module("torch.optim.swa_utils").SWALR, "SWALR"


def transformers():
    theirs = importlib.import_module("transformers.optimization")
    functions = {function.__name__ for function in theirs.TYPE_TO_SCHEDULER_FUNCTION.values()}
    names = functions - {"get_reduce_on_plateau_schedule", "get_greedy_schedule"} | {"get_scheduler"}
    yield from ((getattr(theirs, name), name) for name in sorted(names))


def timm():
    theirs = importlib.import_module("parity.timm").theirs
    names = {name for name, value in vars(theirs).items() if inspect.isclass(value)} - {"PlateauLRScheduler"}  # a rule
    yield from ((getattr(theirs, name), name) for name in sorted(names))


def pytorch_warmup():
    theirs = importlib.import_module("pytorch_warmup")
    names = {name for name in theirs.__all__ if name.endswith("Warmup")} - {"BaseWarmup"}
    yield from ((getattr(theirs, name), name) for name in sorted(names))


def fvcore():
    theirs = importlib.import_module("fvcore.common.param_scheduler")
    yield from ((getattr(theirs, name), name) for name in theirs.__all__ if name != "ParamScheduler")


# Beside the rates, these set momentum, for which there is a constructor of its own; a product has a length; a factor of
# a rate has that rate.
MOMENTUM = {"cycle_momentum", "base_momentum", "max_momentum"}
LEFT_OUT = {"CyclicLR": MOMENTUM, "OneCycleLR": MOMENTUM}
ADDED = {"MultiplicativeLR": {"steps"}}


@pytest.mark.parametrize("library", [torch, transformers, timm, pytorch_warmup, fvcore])
def test_every_original_has_a_constructor_with_its_arguments(library):
    pytest.importorskip(library.__name__ if library is not timm else "torch")
    ours = importlib.import_module(f"lrsched_core.compat.{library.__name__}")
    try:
        originals = list(library())
    except ModuleNotFoundError as error:
        pytest.skip(f"without {error.name}")
    assert len(originals) >= 5
    for original, name in originals:
        parameters = inspect.signature(original).parameters
        expected = [
            parameter for parameter in parameters if parameter not in ELSEWHERE | NOISE | LEFT_OUT.get(name, set())
        ]
        constructor = inspect.signature(getattr(ours, name)).parameters
        added = (OURS | ADDED.get(name, set())) - set(expected)
        assert [parameter for parameter in constructor if parameter not in added] == expected, name
        for parameter in expected:
            assert constructor[parameter].default == parameters[parameter].default, (name, parameter)


def test_the_momentum_of_a_cycle_has_the_arguments_of_the_cycle():
    theirs = pytest.importorskip("torch.optim.lr_scheduler")
    ours = importlib.import_module("lrsched_core.compat.torch")
    for original, constructor in ((theirs.CyclicLR, ours.CyclicMomentum), (theirs.OneCycleLR, ours.OneCycleMomentum)):
        parameters = inspect.signature(original).parameters
        for name, parameter in inspect.signature(constructor).parameters.items():
            if name != "clean":
                assert parameter.default == parameters[name].default, (original, name)
