"""Every example in docstrings and in the README runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import fleetstatus
from a_week import answer
from fleetstatus import _core

ROOT = Path(__file__).parents[2]
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
# Modules of engines, which have environments of their own: tests/engines.
ENGINES = ("fleetstatus.dask", "fleetstatus.ray", "fleetstatus.spark")
MODULES = ["fleetstatus"] + [
    module.name
    for module in pkgutil.walk_packages(fleetstatus.__path__, "fleetstatus.")
    if not module.name.endswith(("_core", "__main__", *ENGINES))
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), optionflags=OPTIONS).failed == 0


def test_examples_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, noon in (("saturday", "2026-11-07T12:00Z"), ("sunday", "2026-11-08T12:00Z")):
        (tmp_path / f"{name}.json").write_bytes(answer(noon))
    monkeypatch.chdir(tmp_path)
    readme = ROOT / "README.md"
    result = doctest.testfile(str(readme), module_relative=False, optionflags=OPTIONS)
    assert result.attempted > 5
    assert result.failed == 0


def test_the_readme_lists_the_types_of_carried_fields() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = readme.partition("which have types: ")[2].partition(". A mapping says")[0]
    types = {
        name: kind
        for names, kind in re.findall(r"([^;]*) \((\w+)\)", listed)
        for name in re.findall(r"`(\w+)`", names)
    }
    assert types == _core.carried_types()
