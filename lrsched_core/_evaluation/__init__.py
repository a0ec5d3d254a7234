"""Evaluation: a flattened schedule, run on numbers, arrays or tensors.

`numbers` compiles it to a function of a number, `arrays` runs it over a NumPy array, and `tensors` applies it to the
tensors of a framework. All three read the same programs, which are recorded from the same formulas:

    formula -> pieces -> program -> numbers (source), arrays (array_operations), tensors (tensor_*, runtimes, tape)

`evaluators` chooses among them by the type of `t`.
"""
