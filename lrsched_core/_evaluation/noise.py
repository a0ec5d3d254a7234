"""Noise: a hash of a count, the same in every runtime.

All arithmetic is that of 32 bits, written with the few operators of integers that Python, NumPy and all tensor
frameworks have in common, and correct whether an integer type holds 32 bits or more: what lies above is cut off, and
where the highest bit is a sign, it is the same bit.
"""

from collections.abc import Iterator
from typing import Any

_HALF = 2**16


def keys(seed: int) -> tuple[int, int]:
    """Two numbers of 32 bits that have nothing to do with each other, nor with those of another seed."""
    first, second = 0x9E3779B9, 0x85EBCA6B
    while True:
        first, second = _mixed(first ^ seed % 2**32), _mixed(second ^ seed % 2**32)
        seed //= 2**32
        if not seed:
            return _signed(first), _signed(second)


def limbs(count: Any) -> Iterator[Any]:
    """The lowest 64 bits of a whole number >= 0, an integer or a float, 16 at a time; the lowest first."""
    for _ in range(4):
        yield count % _HALF
        count = count // _HALF


def halves(parts: list[Any], first: int, second: int) -> tuple[Any, Any]:
    """The upper and the lower 16 bits of the hash of a count, which is given by its limbs, as integers."""
    low, high = parts[1] * _HALF + parts[0], parts[3] * _HALF + parts[2]
    x = _mixed(_mixed(low ^ first) ^ _mixed(high ^ second))
    return _upper(x), x % _HALF


def _mixed(x: Any) -> Any:
    """Chris Wellons' lowbias32: every bit of x changes every bit of the result with a probability close to 1/2."""
    x = _cut(x ^ _upper(x)) * 0x7FEB352D
    x = _cut(x) ^ _cut(x) // 2**15 % 2**17
    x = _cut(x) * _signed(0x846CA68B)
    return _cut(_cut(x) ^ _upper(x))


def _upper(x: Any) -> Any:
    return x // _HALF % _HALF


def _cut(x: Any) -> Any:
    """The lowest 32 bits."""
    return _upper(x) * _HALF + x % _HALF


def _signed(x: int) -> int:
    """The same 32 bits, as an integer type of 32 bits with a sign can hold them."""
    return x - 2**32 if x >= 2**31 else x
