"""Ramps: from one value to another in a given time, then constant. One module for each family of shapes.

Each shape is a weight between 0 and 1. It is the weight of the *larger* of the two values, and is computed from the end
where it vanishes (from `left` when falling, from `elapsed` when rising): then both ends come out exactly, and no digits
are lost between them. Where one formula would lose digits, a ramp has two pieces.
"""
