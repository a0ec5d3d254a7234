"""The run around a schedule: what its updates consume, plans of all hyperparameters, rules, changes, audits."""
