"""What holds of every value, be it a clock, a plan or a rule."""

import copy
import pickle

from lrsched_core import from_dict, from_json, parse


def assert_is_a_value(value):
    """All that is made of it is equal to it, and prints as the call that makes it."""
    made = [
        copy.copy(value),
        copy.deepcopy(value),
        *[pickle.loads(pickle.dumps(value, protocol)) for protocol in (0, pickle.HIGHEST_PROTOCOL)],
        parse(repr(value)),
        from_dict(value.to_dict()),
        from_json(value.to_json()),
        value.replace(),
    ]
    for other in made:
        assert other == value
        assert hash(other) == hash(value)
        assert repr(other) == repr(value)
