"""Evaluation: what a flattened schedule is run on decides what comes out.

`numbers` compiles it to a function of a number, `arrays` runs it over a NumPy array, `tensors` builds the graph of a
framework's tensors. All three read the same programs, recorded from the same formulas.
"""
