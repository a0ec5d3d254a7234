"""float32 with the standard library: what a number becomes in a tensor."""

import math
import struct


def nearest(x: float) -> float:
    """The float32 nearest to x."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", x))[0])
    except OverflowError:
        return math.inf


def not_below(x: float) -> float:
    """The least float32 that is not less than x >= 0."""
    value = nearest(x)
    if value >= x:
        return value
    (bits,) = struct.unpack("<i", struct.pack("<f", value))
    return float(struct.unpack("<f", struct.pack("<i", bits + 1))[0])
