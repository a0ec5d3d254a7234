"""Noise: a hash of a count, the same in every runtime.

All arithmetic is modulo 2**32, written with the integer operators that Python, NumPy and the tensor frameworks have in
common. It is correct in integer types of 32 bits or more: higher bits are cut off, and a sign bit is the same bit.
"""

import sys
from typing import Any


def noise(count: float, seed: int) -> float:
    """A hash of a whole number >= 0 and of a seed, from 0 to 1; for numbers."""
    parts = limbs(int(min(count, sys.float_info.max)))
    upper, lower = halves(parts, *keys(seed))
    value: float = upper * 2.0**-16 + (lower + 0.5) * 2.0**-32
    return value


def keys(seed: int) -> tuple[int, int]:
    """Two numbers of 32 bits, which nothing connects, nor with those of another seed."""
    first, second = 0x9E3779B9, 0x85EBCA6B
    while True:
        first, second = _mixed(first ^ seed % 2**32), _mixed(second ^ seed % 2**32)
        seed //= 2**32
        if not seed:
            return _signed(first), _signed(second)


def limbs(count: Any) -> list[Any]:
    """The lowest 64 bits of a whole number >= 0, 16 at a time; the lowest first."""
    found = []
    for _ in range(4):
        found.append(count % 2**16)
        count = count // 2**16
    return found


def halves(parts: list[Any], first: int, second: int) -> tuple[Any, Any]:
    """The upper and the lower 16 bits of the hash of a count, which is given by limbs."""
    low, high = parts[1] * 2**16 + parts[0], parts[3] * 2**16 + parts[2]
    x = _mixed(_mixed(low ^ first) ^ _mixed(high ^ second))
    return _upper(x), x % 2**16


def _mixed(x: Any) -> Any:
    """Chris Wellons' lowbias32: every bit of x changes every bit of the result."""
    x = _cut(x ^ _upper(x)) * 0x7FEB352D
    x = _cut(x) ^ _cut(x) // 2**15 % 2**17
    x = _cut(x) * _signed(0x846CA68B)
    return _cut(_cut(x) ^ _upper(x))


def _upper(x: Any) -> Any:
    """The upper 16 of 32 bits."""
    return x // 2**16 % 2**16


def _cut(x: Any) -> Any:
    """The lowest 32 bits."""
    return _upper(x) * 2**16 + x % 2**16


def _signed(x: int) -> int:
    """The same 32 bits, as a type of 32 bits with a sign can hold them."""
    return x - 2**32 if x >= 2**31 else x
