"""The types of arguments and columns name what there is, and cost nothing at run time."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

import fleetstatus as fs
from fleetstatus._types import BoolColumn, IntColumn, SchemeName, TextColumn, TimeColumn

DEVICES = fs.classify(fs.sample_fleet())
KINDS: dict[object, tuple[str, ...]] = {
    TextColumn: ("utf8", "large_utf8", "dictionary<int8, utf8>", "dictionary<int32, large_utf8>"),
    IntColumn: ("int64", "int32", "uint16"),
    BoolColumn: ("bool",),
    TimeColumn: ("timestamp[ms, UTC]",),
}


def test_schemes_are_those_of_the_enum() -> None:
    assert get_args(SchemeName) == tuple(fs.StatusScheme)


def test_each_column_has_one_type() -> None:
    named = [name for kind in KINDS for name in get_args(kind)]
    assert sorted(named) == sorted(DEVICES.columns)


@pytest.mark.parametrize(("kind", "types"), KINDS.items())
def test_columns_hold_what_their_type_says(kind: object, types: tuple[str, ...]) -> None:
    assert get_args(kind)
    assert {DEVICES.schema[name] for name in get_args(kind)} <= set(types)


def test_a_column_may_be_named_with_its_type() -> None:
    assert fs.Column[str].__origin__ is fs.Column  # type: ignore[attr-defined]
    assert isinstance(DEVICES["status"], fs.Column)


def test_types_are_not_imported_with_the_package() -> None:
    code = (
        "import sys, fleetstatus as fs; fs.classify([]); print('fleetstatus._types' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
