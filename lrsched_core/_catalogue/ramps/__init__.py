"""Ramps: from one value to another in a given time, then constant. One module a family of shapes.

Each shape is a weight that runs from 1 to 0. Which end it weighs is chosen so that both ends come out exactly and no
digit is lost between them: the weight belongs to the *larger* value, and is computed from the end where it vanishes
(`left` when falling, `elapsed` when rising). Where one formula would lose digits, a ramp has two pieces.
"""
