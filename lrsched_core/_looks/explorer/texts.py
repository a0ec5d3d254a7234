"""What can be copied out: Python, JSON, and the lines that each framework needs."""

import re

from lrsched_core import Plan, Schedule, to_json
from lrsched_core._looks.pictures.quantities import Shown

ADAPTERS = {
    "PyTorch": "import lrsched_torch\n\nscheduler = lrsched_torch.ScheduleLR(optimizer, lr)",
    "Keras": "import keras\nimport lrsched_keras\n\noptimizer = keras.optimizers.SGD(lrsched_keras.LearningRate(lr))",
    "MXNet": "import lrsched_mxnet\nfrom mxnet import gluon\n\n"
    'trainer = gluon.Trainer(parameters, "sgd", {"lr_scheduler": lrsched_mxnet.Scheduler(lr)})',
    "JAX": "import optax\n\noptimizer = optax.sgd(lr)",
}
# What the optimizers of Adam's kind have, and those of plain descent have not.
_OF_ADAM = {"beta1", "beta2", "eps"}
# What the rest of a model is called, where groups have plans of their own.
_REST = "rest"
_Parts = dict[str, tuple[str, Plan]]


def texts(expression: str, value: Shown) -> dict[str, str]:
    """Each text under its title."""
    adapters = ADAPTERS if isinstance(value, Schedule) else _of_plan(value)
    return {
        "Python": python(expression, "lr" if isinstance(value, Schedule) else "plan"),
        "JSON": to_json(value),
    } | adapters


def python(expression: str, name: str) -> str:
    """Lines that make the schedule or plan, under that name."""
    names = sorted(set(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?=\()", expression)))
    return f"from lrsched_core import {', '.join(names)}\n\n{name} = {' '.join(expression.split())}"


def _of_plan(plan: Plan) -> dict[str, str]:
    # Each part of the model, what it is called in Python, and what follows which schedule there.
    parts = (
        {_REST if plan.groups else "": ("plan.replace(groups={})" if plan.groups else "plan", plan)}
        if len(plan)
        else {}
    )
    parts |= {name: (f"plan.groups[{name!r}]", part) for name, part in plan.groups.items()}
    return {"PyTorch": _torch(plan), "Keras": _keras(parts), "MXNet": _mxnet(parts), "JAX": _jax(parts)}


def _torch(plan: Plan) -> str:
    groups = "".join(f'# optimizer has a group {{"params": ..., "name": {name!r}}}\n' for name in plan.groups)
    return f"import lrsched_torch\n\n{groups}scheduler = lrsched_torch.ScheduleLR(optimizer, plan)"


def _keras(parts: _Parts) -> str:
    made = [
        f'lrsched_keras.ScheduleCallback({text}, unit="batch"{_of_optimizer(parts, name)})'
        for name, (text, _) in parts.items()
    ]
    # TensorFlow and JAX compile other hyperparameters into the training step.
    eager = any({*part} - {"lr"} for _, part in parts.values())
    note = "# on TensorFlow and JAX: model.compile(..., run_eagerly=True)\n" if eager else ""
    return f"import lrsched_keras\n\n{note}callbacks = [{', '.join(made)}]"


def _of_optimizer(parts: _Parts, name: str) -> str:
    return "" if _alone(parts) else f", optimizer=optimizers[{name!r}]"


def _mxnet(parts: _Parts) -> str:
    notes = [
        f"# MXNet's scheduler needs a rate: give {text} an lr" for text, part in parts.values() if "lr" not in part
    ]
    made = {name: _trainer(text, part, "" if _alone(parts) else f"[{name!r}]") for name, (text, part) in parts.items()}
    if _alone(parts):
        lines = [f"trainer = {made['']}"]
    else:
        lines = ["trainers = {", *[f"    {name!r}: {text}," for name, text in made.items()], "}"]
    return "\n".join(["import lrsched_mxnet", "from mxnet import gluon", "", *notes, *lines])


def _trainer(text: str, part: Plan, which: str) -> str:
    if _OF_ADAM & {*part}:
        kind, more = "adam", ', "learning_rate": None'  # it has a default, which the scheduler would be given
    else:
        # An optimizer without a momentum at first keeps none.
        kind, more = "sgd", ', "momentum": 0.9' if "momentum" in part else ""
    options = f'{{"lr_scheduler": lrsched_mxnet.Scheduler({text}){more}}}'
    return f'gluon.Trainer(parameters{which}, "{kind}", {options})'


def _alone(parts: _Parts) -> bool:
    """Whether one optimizer has the whole plan."""
    return [*parts] == [""]


def _jax(parts: _Parts) -> str:
    made = {name: _optax(text, part) for name, (text, part) in parts.items()}
    if _alone(parts):
        return f"import optax\n\noptimizer = {made['']}"
    inner = "".join(f"    {name!r}: {text},\n" for name, text in made.items())
    return f"import optax\n\noptimizer = optax.partition({{\n{inner}}}, labels)"


def _optax(text: str, part: Plan) -> str:
    names = {*part}
    if _OF_ADAM & names or ("weight_decay" in names and "momentum" not in names):
        rate = "" if "lr" in names else "learning_rate=lr, "
        return f"optax.inject_hyperparams(optax.adamw)({rate}**{text}.arguments_for(optax.adamw))"
    given = "".join(f", {name}={text}[{name!r}]" for name in part if name not in ("lr", "weight_decay"))
    rate = f'{text}["lr"]' if "lr" in names else "lr"
    descent = f"optax.inject_hyperparams(optax.sgd)(learning_rate={rate}{given})"
    if "weight_decay" not in names:
        return descent
    decay = f'optax.inject_hyperparams(optax.add_decayed_weights)(weight_decay={text}["weight_decay"])'
    return f"optax.chain({decay}, {descent})"
