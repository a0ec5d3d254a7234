"""Descriptions of other libraries, turned into schedules."""

import functools
import json

import pytest

for needed in ("numpy", "typer", "rich", "plotext", "matplotlib"):
    pytest.importorskip(needed)

from hypothesis import given
from hypothesis import strategies as st

import commanding
from lrsched_core import Cosine, Linear, Schedule, parse
from lrsched_core._looks.command.conversion import convert, known
from lrsched_core.compat import keras, mxnet, optax, torch, transformers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch.optim.lr_scheduler.StepLR(0.1, step_size=30)", torch.StepLR(0.1, 30)),
        ("lr_scheduler.StepLR(optimizer, step_size=10 * 3, last_epoch=-1)", torch.StepLR(0.3, 30)),
        ("StepLR(optimizer=self, step_size=30)", torch.StepLR(0.3, 30)),
        ("torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=9)", torch.OneCycleLR(0.1, total_steps=9)),
        (
            "SequentialLR(o, [LinearLR(o, 0.5, total_iters=5), ExponentialLR(o, gamma=0.9)], milestones=[5])",
            torch.SequentialLR([torch.LinearLR(0.3, 0.5, total_iters=5), torch.ExponentialLR(0.3, 0.9)], [5]),
        ),
        (
            "ChainedScheduler([ConstantLR(o), ExponentialLR(o, 0.9)], optimizer=o)",
            torch.ChainedScheduler([torch.ConstantLR(0.3), torch.ExponentialLR(0.3, 0.9)], base_lr=0.3),
        ),
        ("keras.optimizers.schedules.CosineDecay(0.1, 1000)", keras.CosineDecay(0.1, 1000)),
        ("tf.keras.optimizers.schedules.ExponentialDecay(.1, 9, .5, True)", keras.ExponentialDecay(0.1, 9, 0.5, True)),
        (
            "transformers.get_linear_schedule_with_warmup(optimizer, 10, 100)",
            transformers.get_linear_schedule_with_warmup(0.3, 10, 100),
        ),
        ("get_scheduler('linear', o, 10, 100)", transformers.get_scheduler("linear", 0.3, 10, 100)),
        (
            "get_scheduler('polynomial', o, 10, 100, scheduler_specific_kwargs={'power': -(-2.0)})",
            transformers.get_polynomial_decay_schedule_with_warmup(0.3, 10, 100, power=2.0),
        ),
        ("optax.cosine_decay_schedule(0.1, 100)", optax.cosine_decay_schedule(0.1, 100)),
        ("mx.lr_scheduler.FactorScheduler(9, factor=0.5)", mxnet.FactorScheduler(9, factor=0.5)),
    ],
)
def test_a_call_of_an_original_gives_what_compat_gives(text, expected):
    assert convert(text, lr=0.3) == expected


def test_quirks_are_left_out_on_request():
    text = "torch.optim.lr_scheduler.CosineAnnealingLR(0.1, T_max=50)"
    assert convert(text)(100) == 0.1
    assert convert(text, clean=True) == Cosine(0.1, steps=50)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {
                "module": "keras.optimizers.schedules",
                "class_name": "PolynomialDecay",
                "config": {"initial_learning_rate": 0.1, "decay_steps": 9, "end_learning_rate": 0.0, "power": 1.0},
                "registered_name": None,
            },
            keras.PolynomialDecay(0.1, 9, 0.0),
        ),
        (
            {"class_name": "SGD", "config": {"learning_rate": {
                "class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 9}}}},
            Cosine(0.1, steps=9),
        ),
        (
            {"lr_scheduler_type": "cosine", "learning_rate": 3e-4, "warmup_ratio": 0.1, "max_steps": 1000},
            Cosine(3e-4, steps=900).with_warmup(100),
        ),
        ({"learning_rate": 0.1, "warmup_steps": 0.25, "max_steps": 10}, Linear(0.1, steps=7).with_warmup(3)),
        ({"lr_scheduler_type": "SchedulerType.LINEAR", "max_steps": 10}, Linear(5e-5, steps=10)),
        (
            {"lr_scheduler_type": "cosine_with_min_lr", "learning_rate": 0.1, "warmup_steps": 2, "max_steps": 10,
             "lr_scheduler_kwargs": {"min_lr": 0.01}},
            Cosine(0.1, 0.01, steps=8).with_warmup(2),
        ),
        (Cosine(0.1, steps=9).to_dict(), Cosine(0.1, steps=9)),
    ],
)  # fmt: skip
def test_a_configuration_gives_its_schedule(data, expected):
    found = convert(json.dumps(data), clean=True)
    assert [found(t) for t in range(20)] == pytest.approx([expected(t) for t in range(20)], rel=1e-15)


def test_a_configuration_that_keras_wrote_is_read():
    original = pytest.importorskip("keras").optimizers.schedules
    written = original.serialize(original.CosineDecay(0.1, 100, warmup_target=0.2, warmup_steps=10))
    assert convert(json.dumps(written)) == Cosine(0.2, steps=100).with_warmup(10, start=0.1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("torch.optim.lr_scheduler.StpLR(0.1, 30)", r"do you mean StepLR\?.*\(column 1: "),
        ("keras.StepLR(0.1, 30)", "a scheduler that is known"),
        ("StepLR(optimizer, 30)", "`lr` must be given, since the learning rate is the optimizer's"),
        ("StepLR(0.1, step_size=-1)", r"`step_size` must be >= 0, got -1. \(column 1: "),
        ("StepLR(0.1, step_sise=1)", "unexpected keyword argument 'step_sise'"),
        ("StepLR(0.1, **{})", r"without \*\*"),
        ("StepLR(*[0.1, 3])", r"column 8: '\*\[0.1, 3\]'"),
        ("StepLR(0.1, step_size=3 / 0)", r"what can be calculated \(division by zero\)"),
        ("StepLR(0.1, 10 ** 9)", r"column 13: '10 \*\* 9'"),
        ("LambdaLR(0.1, lambda t: 0.9)", "a call, a number, a string"),
        ("__import__('os').system('true')", r"the name of a scheduler here \(column 1: "),
        ("StepLR(0.1, 30", r"'\(' was never closed, column 7"),
        ("0.1", "a call of a scheduler"),
        ("get_scheduler({[]: 1})", "a call, a number, a string"),
        ("{", "`text` must be JSON"),
        ('{"some": 1}', "a configuration"),
        ('{"class_name": "Some", "config": {}}', "`class_name` must be one of ExponentialDecay"),
        ('{"class_name": "CosineDecay"}', "`config` must be a JSON object"),
        ('{"lr_scheduler_type": "cosine", "warmup_steps": 1}', "`max_steps` must be given"),
        ('{"lr_scheduler_type": "some", "max_steps": 1}', "`name` must be one of 'linear'"),
        ('{"warmup_ratio": 0.1}', "`max_steps` must be given"),
        ("(" * 150 + ")" * 150, "a call of a scheduler"),
        ("-" * 5000 + "1", "nested"),
        ("x" * 200_000, "`length of text`"),
    ],
)
def test_what_is_no_description_is_refused(text, message):
    with pytest.raises((TypeError, ValueError), match=message):
        convert(text)


@given(st.text(max_size=60) | st.text("StepLR(0.1,3)[]{}:'*-+/. ", max_size=60))
def test_no_text_does_anything_but_give_a_schedule_or_be_refused(text):
    try:
        found = convert(text, lr=0.1)
    except (TypeError, ValueError):
        return
    assert isinstance(found, Schedule)


def test_every_constructor_is_known_by_its_library():
    assert set(known()) == {
        "torch", "keras", "transformers", "timm", "torchvision", "pytorch_warmup", "fvcore", "optax", "mxnet",
    }  # fmt: skip
    assert all(constructors for constructors in known().values())


def test_the_command_prints_an_expression_or_json():
    run = functools.partial(commanding.run, "convert")
    done = run("StepLR(optimizer, 30)", "--lr", "0.1")
    assert (done.returncode, done.stderr) == (0, "")
    assert parse(done.stdout) == torch.StepLR(0.1, 30)
    done = run("-", "--json", "--clean", text="CosineAnnealingLR(0.1, 50)\n")
    assert done.stdout == Cosine(0.1, steps=50).to_json() + "\n"
    refused = run("StpLR(0.1, 30)")
    assert refused.returncode == 2
    assert "do you mean" in refused.stderr
    assert "Traceback" not in refused.stderr
