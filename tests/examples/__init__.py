"""The table: each public class, recipe and operator, and all that tests and pages take their cases from.

A new one is one entry, in the module of its family. `tests/test_examples.py` fails until it is there.
"""

from examples import decays, operators, own, ramps, recipes, steps

# As the catalogue is divided.
FAMILIES = {
    "Steps": steps.EXAMPLES,
    "Ramps": ramps.EXAMPLES,
    "Decays and approaches without an end": decays.EXAMPLES,
    "Recipes: made of the above": recipes.EXAMPLES,
    "Anything else": own.EXAMPLES,
}
CLASSES = {**steps.EXAMPLES, **ramps.EXAMPLES, **decays.EXAMPLES}
OPERATORS = operators.EXAMPLES
RECIPES = recipes.EXAMPLES
# All that has a written form.
WRITTEN = {**CLASSES, **OPERATORS, **RECIPES}
EXAMPLES = {**WRITTEN, **own.EXAMPLES}
