"""The lines that the explorer gives to copy, run in each framework."""

import pytest

pytest.importorskip("rich")

from lrsched_core import Cosine, Plan, from_json, parse
from lrsched_core._looks.explorer.texts import texts

PLANS = {
    "rate": "Plan(lr=Cosine(0.5, steps=9))",
    "adam": "Plan(lr=Cosine(0.5, steps=9), weight_decay=0.25, beta2=Linear(0.9, 0.99, steps=9))",
    "descent": "Plan(lr=0.5, momentum=Linear(0.5, 0.75, steps=2), weight_decay=0.25)",
    "groups": "Plan(lr=0.5, groups={'head': Plan(lr=Cosine(0.25, steps=9), momentum=0.5)})",
}


_OPTAX = {"lr": "learning_rate", "beta2": "b2"}
_MXNET = {"weight_decay": "wd"}


def names_of(text, title, **given):
    """What is there after the lines have run."""
    names = dict(given)
    made = texts(text, parse(text))
    exec(made["Python"], names)
    exec(made[title], names)
    return names


@pytest.mark.parametrize("text", PLANS.values(), ids=PLANS)
def test_python_and_json_make_the_plan(text):
    assert names_of(text, "Python")["plan"] == parse(text) == from_json(texts(text, parse(text))["JSON"])


@pytest.mark.parametrize(("name", "text"), PLANS.items(), ids=PLANS)
def test_optax_trains_by_the_lines(name, text):
    jnp = pytest.importorskip("jax.numpy")
    optax = pytest.importorskip("optax")
    weights = {"body": jnp.ones(1), "head": jnp.ones(1)}
    names = names_of(text, "JAX", labels={"body": "rest", "head": "head"})
    state = names["optimizer"].init(weights)
    for _ in range(2):
        _, state = names["optimizer"].update(weights, state, weights)
    plan = parse(text)
    part = plan.groups["head"] if name == "groups" else plan
    expected = {_OPTAX.get(key, key): value for key, value in part(1).items()}
    used = {}
    for path, values in optax.tree.get_all_with_path(state, "hyperparams"):
        if name != "groups" or "head" in str(path):
            used |= {key: float(value) for key, value in values.items()}
    assert {key: used[key] for key in expected} == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("name", "text"), PLANS.items(), ids=PLANS)
def test_torch_trains_by_the_lines(name, text):
    torch = pytest.importorskip("torch")
    kind = torch.optim.AdamW if name == "adam" else torch.optim.SGD
    groups = [{"params": [torch.ones(1, requires_grad=True)]}]
    if name == "groups":
        groups.append({"params": [torch.ones(1, requires_grad=True)], "name": "head"})
    optimizer = kind(groups, lr=0.1, **({} if name == "adam" else {"momentum": 0.1}))
    names = names_of(text, "PyTorch", optimizer=optimizer)
    optimizer.step()
    names["scheduler"].step()
    plan = parse(text)
    assert [group["lr"] for group in optimizer.param_groups] == [
        part(1)["lr"] for part in (plan, *plan.groups.values())
    ]


@pytest.mark.parametrize(("name", "text"), PLANS.items(), ids=PLANS)
def test_mxnet_trains_by_the_lines(name, text):
    mxnet = pytest.importorskip("mxnet")
    weights = {key: mxnet.gluon.Parameter(key, shape=(1,)) for key in ("rest", "head")}
    for weight in weights.values():
        weight.initialize()
    parameters = {key: [weight] for key, weight in weights.items()} if name == "groups" else [*weights.values()]
    names = names_of(text, "MXNet", parameters=parameters)
    plan = parse(text)
    made = {"rest": plan, **plan.groups} if name == "groups" else {"": plan}
    for key, part in made.items():
        trainer = names["trainers"][key] if key else names["trainer"]
        for _ in range(2):
            with mxnet.autograd.record():
                loss = sum(weight.data().sum() for weight in weights.values())
            loss.backward()
            trainer.step(1)
        set_there = {_MXNET.get(option, option): value for option, value in part(1).items()}
        held = vars(trainer._optimizer) | {"lr": trainer._optimizer.lr_scheduler(2)}
        assert {option: held[option] for option in set_there} == set_there


def test_keras_is_told_by_which_optimizer_and_how_to_compile():
    lines = {name: texts(text, parse(text))["Keras"] for name, text in PLANS.items()}
    assert lines["rate"].endswith('callbacks = [lrsched_keras.ScheduleCallback(plan, unit="batch")]')
    assert "run_eagerly" not in lines["rate"]
    assert "run_eagerly=True" in lines["adam"]
    assert "optimizer=optimizers['head']" in lines["groups"]
    for text in lines.values():
        compile(text, "lines", "exec")


def test_a_schedule_has_the_lines_of_one():
    made = texts("Cosine(0.5, steps=9)", Cosine(0.5, steps=9))
    assert made["JAX"].endswith("optax.sgd(lr)")
    assert "plan" not in "".join(made.values())
    assert texts("Plan(lr=1)", Plan(lr=1)).keys() == made.keys()
