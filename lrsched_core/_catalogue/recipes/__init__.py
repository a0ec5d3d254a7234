"""Recipes: well-known schedules that are made of others, each a function of a few lines.

A recipe returns an ordinary composition, which prints, compares and is saved as what it is made of.
"""
