"""What a callback can set in an optimizer, and what would have no effect."""

from typing import Any

import keras

from lrsched_core._errors import refuse


def settable(optimizer: Any, name: str) -> Any:
    """What the optimizer holds: a Keras variable, or a float."""
    held = getattr(optimizer, name, None)
    if isinstance(held, keras.Variable) or (isinstance(held, float) and name != "learning_rate"):
        return held
    if name == "learning_rate":
        message = (
            "`learning_rate` of the optimizer must be a float that ScheduleCallback can set, got "
            "one that a LearningRateSchedule or a function computes. Hint: create the optimizer "
            "with a float, such as SGD(0.1), or leave the callback out and create it with "
            "lrsched_keras.LearningRate(schedule)."
        )
    else:
        message = (
            f"`{name}` of the optimizer must be a float that ScheduleCallback can set, got {held!r}. Hint: create "
            f"the optimizer with a float, such as {type(optimizer).__name__}({name}=0.1)."
        )
    raise TypeError(message)


def refuse_without_effect(optimizer: Any, name: str) -> None:
    """Refuses a hyperparameter that the optimizer does not have, or never looks at while it trains."""
    if name == "learning_rate":
        return
    config = optimizer.get_config()
    kind = type(optimizer).__name__
    if name not in config:
        known = ", ".join(key for key, value in config.items() if isinstance(value, float))
        raise refuse(ValueError, "hyperparameter", f"one of {kind}'s", name, hint=f"it has {known}.")
    if name == "momentum" and config[name] == 0:
        message = (
            f"`momentum` of the optimizer must be > 0 when training begins, got {config[name]}: {kind} keeps none "
            f"otherwise. Hint: create the optimizer with {kind}(momentum=0.9)."
        )
        raise ValueError(message)
    if name == "initial_accumulator_value" or (name == "ema_momentum" and not config["use_ema"]):
        raise refuse(ValueError, "hyperparameter", f"one that {kind} reads while it trains", name)


def compiles_numbers(model: Any) -> bool:
    """Whether the training step keeps the numbers that it was compiled with."""
    # PyTorch's compiler checks them in every step, and TensorFlow makes a graph also without XLA.
    backend = keras.backend.backend()
    return backend != "torch" and not model.run_eagerly and (backend != "jax" or bool(model.jit_compile))


def count(optimizer: Any) -> int:
    """The batches that an optimizer has counted; several of them may make an update."""
    return int(keras.ops.convert_to_numpy(optimizer._iterations))


def assign(optimizer: Any, name: str, value: float) -> bool:
    """Sets a hyperparameter; whether a number, not a variable, has changed."""
    held = settable(optimizer, name)
    if not isinstance(held, keras.Variable):
        setattr(optimizer, name, value)
        return bool(held != value)
    # TensorFlow's own variable takes a float in less than half the time that
    # `optimizer.learning_rate = rate` needs. JAX and torch hold a tensor there, with no `assign`.
    target = held.value if hasattr(held.value, "assign") else held
    target.assign(value)
    return False
