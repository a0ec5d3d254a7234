"""Logs of training runs: which rate was used in which update, whoever wrote it."""
