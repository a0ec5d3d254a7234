"""The same learning-rate schedule in Keras 3: set by a callback, or computed inside the graph; and Keras' own, read."""

try:
    from ._callback import ScheduleCallback as ScheduleCallback
    from ._reading import from_keras as from_keras
    from ._schedule import LearningRate as LearningRate
except ModuleNotFoundError as error:
    # Only a missing Keras is cured by installing it: a Keras without its backend says so itself.
    if error.name != "keras":
        raise
    message = 'lrsched_keras needs Keras 3. Hint: pip install "lrsched-core[keras]"'
    raise ModuleNotFoundError(message, name="keras") from error

__all__ = ["LearningRate", "ScheduleCallback", "from_keras"]
