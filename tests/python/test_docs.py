"""Every example in docstrings, in the README and in pages runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import fleetstatus

ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for path in sorted((ROOT / "notebooks").rglob("*.md"))
    if ">>> " in path.read_text(encoding="utf-8")
]
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
    (tmp_path / "fleet.json").write_bytes(fleetstatus.sample_fleet().read_bytes())
    monkeypatch.chdir(tmp_path)
    readme = ROOT / "README.md"
    result = doctest.testfile(str(readme), module_relative=False, optionflags=OPTIONS)
    assert result.attempted > 5
    assert result.failed == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_examples_of_a_page(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = re.sub(r"^```.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
    result = doctest.DocTestRunner(optionflags=OPTIONS).run(test)
    assert result.attempted > 0
    assert result.failed == 0
