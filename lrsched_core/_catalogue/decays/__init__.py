"""Curves without an end: decays, and warmups that approach a value. One module for each family."""
