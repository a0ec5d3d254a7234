"""The same learning-rate schedule in Keras 3: set by a callback, or computed inside the graph; and Keras' own, read."""

try:
    import keras
except ModuleNotFoundError as error:
    # Only a missing Keras is cured by installing it: a Keras without its backend says so itself.
    if error.name != "keras":
        raise
    message = 'lrsched_keras needs Keras 3.7 or later. Hint: pip install "lrsched-core[keras]"'
    raise ModuleNotFoundError(message, name="keras") from error

# Before 3.7, what an optimizer holds is no `keras.Variable`.
if [int(part) for part in keras.__version__.split(".")[:2]] < [3, 7]:
    message = f'lrsched_keras needs Keras 3.7 or later, got {keras.__version__}. Hint: pip install "keras>=3.7"'
    raise ImportError(message, name="keras")

from ._callback import ScheduleCallback as ScheduleCallback
from ._plan_of import plan_of as plan_of
from ._reading import from_keras as from_keras
from ._recording import Record as Record
from ._schedule import LearningRate as LearningRate

__all__ = ["LearningRate", "Record", "ScheduleCallback", "from_keras", "plan_of"]
