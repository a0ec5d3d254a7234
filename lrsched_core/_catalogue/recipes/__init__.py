"""Recipes: the schedules of the field that are made of others, each a function of a few lines.

What a recipe returns is an ordinary composition: it prints, compares and is saved as what it is made of.
"""
