"""What can be copied out: Python, JSON, and the line that each framework needs."""

import re

from lrsched_core import Schedule, to_json

ADAPTERS = {
    "PyTorch": "import lrsched_torch\n\nscheduler = lrsched_torch.ScheduleLR(optimizer, lr)",
    "Keras": "import keras\nimport lrsched_keras\n\noptimizer = keras.optimizers.SGD(lrsched_keras.LearningRate(lr))",
    "MXNet": "import lrsched_mxnet\nfrom mxnet import gluon\n\n"
    'trainer = gluon.Trainer(parameters, "sgd", {"lr_scheduler": lrsched_mxnet.Scheduler(lr)})',
    "JAX": "import optax\n\noptimizer = optax.sgd(lr)",
}


def texts(expression: str, schedule: Schedule) -> dict[str, str]:
    """Each text under its title."""
    return {"Python": python(expression), "JSON": to_json(schedule), **ADAPTERS}


def python(expression: str) -> str:
    """Lines that make the schedule."""
    names = sorted(set(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?=\()", expression)))
    return f"from lrsched_core import {', '.join(names)}\n\nlr = {' '.join(expression.split())}"
