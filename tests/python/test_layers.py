"""Who may include whom: arrows go one way, and the rules need nothing but the standard library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"
ROOMS = ("base", "rules", "records", "table", "changes", "metrics", "classify", "bindings")
FOREIGN = {
    "base": {"emmintrin.h", "sys/mman.h", "unistd.h"},
    "rules": set(),
    "records": {"emmintrin.h", "io.h", "nlohmann/json.hpp", "unistd.h"},
    "table": {"nlohmann/json.hpp"},
    "changes": set(),
    "metrics": set(),
    "classify": set(),
    "bindings": {
        "datetime.h",
        "pybind11/gil_safe_call_once.h",
        "pybind11/pybind11.h",
        "pybind11/stl.h",
    },
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"(.+)"|<(.+)>)', re.MULTILINE)


def includes(room: str) -> list[tuple[str, str]]:
    """List what the files of a room include: own headers, and those of others."""
    files = sorted((SOURCES / room).rglob("*.?pp"))
    assert files, room
    found: list[tuple[str, str]] = [
        pair for file in files for pair in INCLUDE.findall(file.read_text(encoding="utf-8"))
    ]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_includes_only_rooms_before_it(room: str) -> None:
    rooms = {own.partition("/")[0] for own, _ in includes(room) if own}
    assert rooms <= set(ROOMS[: ROOMS.index(room) + 1])


def test_records_do_not_know_how_they_are_decoded() -> None:
    files = sorted((SOURCES / "records").glob("*.?pp"))
    included = [own for file in files for own, _ in INCLUDE.findall(file.read_text("utf-8"))]
    assert included
    assert not [own for own in included if own.startswith("records/decode/")]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_its_own_libraries(room: str) -> None:
    others = {other for _, other in includes(room) if other}
    # Headers of the standard library have no dot in their names.
    assert {other for other in others if "." in other} <= FOREIGN[room]
    assert not {other for other in others if "/" in other} - FOREIGN[room]


def test_every_room_is_known() -> None:
    assert {path.name for path in SOURCES.iterdir()} == set(ROOMS)


@pytest.mark.parametrize("word", ["python", "PyObject", "pybind"])
def test_the_inner_rooms_do_not_know_python(word: str) -> None:
    inner = [
        path for room in ROOMS[:-1] if room != "records" for path in (SOURCES / room).rglob("*.?pp")
    ]
    assert inner
    for path in inner:
        assert word.lower() not in path.read_text(encoding="utf-8").lower(), path
