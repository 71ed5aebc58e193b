"""Names that are nearly what somebody wrote."""

from __future__ import annotations

import time
from itertools import product
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from fleetstatus._words.names import near

if TYPE_CHECKING:
    from collections.abc import Callable

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


@pytest.mark.slow
def test_one_of_very_many_is_found_at_once() -> None:
    names = ["".join(letters) for letters in product("abcdefghij", repeat=6)]
    start = time.process_time()
    assert near("hgfedcx", names).startswith("; did you mean 'hgfedc' or '")
    assert time.process_time() - start < 5
    assert near("zzzzzz", names) == ""


# The names of columns of seconds


def test_a_column_of_seconds_is_told_by_its_whole_name() -> None:
    told = "; in seconds it is 'status_duration_s'"
    assert near("status_duration", ["status", "status_duration_s"]) == told
    assert near("status_duration", iter(["status_duration_s"])) == told
    assert near("status_durations", ["status_duration_s"]) == "; did you mean 'status_duration_s'?"


DEVICES = fs.classify(fs.sample_fleet())
TOLD = r"'status_duration'.*; in seconds it is 'status_duration_s'"


@pytest.mark.parametrize(
    "asked",
    [
        lambda: DEVICES["status_duration"],
        lambda: DEVICES.summary(by="status_duration"),
        lambda: DEVICES.where({"status_duration": 5}),
        lambda: fs.classify(fs.sample_fleet(), carry="status_duration"),
    ],
)
def test_a_duration_is_refused_with_the_name_of_its_column(asked: Callable[[], object]) -> None:
    with pytest.raises((KeyError, ValueError), match=TOLD):
        asked()


def test_changes_say_it_too() -> None:
    changes = fs.diff(DEVICES, DEVICES)
    told = "in seconds it is 'previous_duration_s'"
    for asked in (
        lambda: changes["previous_duration"],
        lambda: changes.counts("previous_duration"),
    ):
        with pytest.raises((KeyError, ValueError), match=told):
            asked()
