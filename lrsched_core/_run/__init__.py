"""The run that a schedule is made for: what its updates consume, and which hyperparameters follow which schedule."""
