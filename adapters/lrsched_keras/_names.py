"""What Keras calls the hyperparameters that all frameworks share."""

from lrsched_core._run.names import Names

NAMES = Names(
    "Keras",
    "a callback for each optimizer, ScheduleCallback({}, optimizer=...).",
    lr="learning_rate",
    beta1="beta_1",
    beta2="beta_2",
    eps="epsilon",
)
