"""Values that a hash without a key puts into one place, as somebody might who wants to be slow."""

from __future__ import annotations

import itertools
import random

_BITS = (1 << 64) - 1
_FACTOR = 0xC6A4_A793_5BD1_E995
_INVERSE = pow(_FACTOR, -1, 1 << 64)
_SEED = 0xC70F_6907
_LETTERS = bytes(range(0x20, 0x7F)).replace(b'"', b"").replace(b"\\", b"")


def texts(n_steps: int, n_ways: int) -> list[str]:
    """Give n_ways ** n_steps texts of one MurmurHash2, which libstdc++ takes for `std::hash`.

    Each step leads from one known state to another in several ways: any eight letters, and those
    eight that lead back, where they happen to be letters too.
    """
    chance = random.Random(1)
    state = _SEED ^ 16 * n_steps * _FACTOR & _BITS
    ways: list[list[str]] = []
    for _ in range(n_steps):
        after = chance.getrandbits(64)
        ways.append([])
        while len(ways[-1]) < n_ways:
            front = bytes(chance.choices(_LETTERS, k=8))
            between = (state ^ _scrambled(int.from_bytes(front, "little"))) * _FACTOR & _BITS
            back = _unscrambled(between ^ after * _INVERSE & _BITS).to_bytes(8, "little")
            if set(back) <= set(_LETTERS):
                ways[-1].append((front + back).decode())
        state = after
    return ["".join(parts) for parts in itertools.product(*ways)]


def numbers(n_numbers: int) -> list[int]:
    """Give multiples of two sizes that tables of libstdc++ have, whose hash is the number itself."""
    return [i * 85_229 * 172_933 for i in range(n_numbers)]


def _shifted(word: int) -> int:
    return word ^ word >> 47


def _scrambled(word: int) -> int:
    return _shifted(word * _FACTOR & _BITS) * _FACTOR & _BITS


def _unscrambled(word: int) -> int:
    return _shifted(word * _INVERSE & _BITS) * _INVERSE & _BITS
