"""How much of a large table is tried: all of it before a release, a part that has some of everything otherwise.

`LRSCHED_THOROUGH=1 pytest ...` tries all.
"""

import os
from itertools import product

THOROUGH = os.environ.get("LRSCHED_THOROUGH") == "1"


def some(cases, every):
    """Each so manieth, the first among them."""
    return [*cases] if THOROUGH else [*cases][::every]


def mixed(*axes, every):
    """Combinations in which every two values of different axes meet, if there are not too few: so many times fewer."""
    numbered = product(*map(enumerate, axes))
    weights = [1, *range(2, 2 * len(axes), 2)]
    return [
        tuple([value for _, value in one])
        for one in numbered
        if THOROUGH or sum(weight * index for weight, (index, _) in zip(weights, one, strict=False)) % every == 0
    ]
