"""How much of a large table is tried: all of it before a release, a part that has some of everything otherwise.

`LRSCHED_THOROUGH=1 pytest ...` tries all.
"""

import os
from itertools import combinations, product

THOROUGH = os.environ.get("LRSCHED_THOROUGH") == "1"


def some(cases, every):
    """Each so manieth, the first among them."""
    return [*cases] if THOROUGH else [*cases][::every]


def mixed(*axes, every):
    """One of so many combinations, among which every two values of different axes meet."""
    numbered = list(product(*map(enumerate, axes)))
    chosen = [one for one in numbered if THOROUGH or sum(index for index, _ in one) % every == 0]
    for a, b in combinations(range(len(axes)), 2):
        assert len({(one[a][0], one[b][0]) for one in chosen}) == len(axes[a]) * len(axes[b]), "`every` is too great"
    return [tuple([value for _, value in one]) for one in chosen]
