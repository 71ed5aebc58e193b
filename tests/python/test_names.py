"""Names that are nearly what somebody wrote."""

from __future__ import annotations

import time
from itertools import product

import pytest

from fleetstatus._words.names import near

COLUMNS = ["status", "status_since", "fleet", "uuid", "device_name"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("staus", "; did you mean 'status'?"),
        ("FLEET", "; did you mean 'fleet'?"),
        ("status_sins", "; did you mean 'status_since' or 'status'?"),
        ("x", ""),
        ("", ""),
        ("something else", ""),
    ],
)
def test_the_nearest_come_first(name: str, told: str) -> None:
    assert near(name, COLUMNS) == told
    assert near(name, iter(COLUMNS)) == told


def test_names_that_differ_in_case_alone_are_told_once() -> None:
    assert near("weather", ["Weather", "WEATHER"]) == "; did you mean 'Weather'?"


def test_names_are_shown_in_short_and_safely() -> None:
    told = near("lake\x1b[2J", ["lake\x1b[2J\u202e" + "x" * 5])
    assert told.isprintable()
    assert "lake\\x1b" in told
    assert len(near("x" * 1000, ["x" * 1001])) < 100


def test_one_of_very_many_is_found_at_once() -> None:
    names = ["".join(letters) for letters in product("abcdefghij", repeat=6)]
    start = time.process_time()
    assert near("hgfedcx", names).startswith("; did you mean 'hgfedc' or '")
    assert time.process_time() - start < 5
    assert near("zzzzzz", names) == ""
