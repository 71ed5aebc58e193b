"""Every public name stands in the reference, and has a docstring and an example."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from test_docs import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[2] / "notebooks").rglob("*.md")
    if path.parent.name == "reference" or path.stem == "errors"
)
MODULES_OF_USERS = ("balena", "charts", "duckdb", "metrics", "polars")
ENGINES = ("dask", "ray", "spark")

# What needs a server, an engine or a file of its own to run; a page has a program for each.
SHOWN_ON_PAGES = {"fetch": "07_live", "pages": "07_live"}


def public() -> Iterator[tuple[str, Any]]:
    for name in fs.__all__:
        if name != "__version__":
            yield name, getattr(fs, name)
    for module in MODULES_OF_USERS:
        of_users = importlib.import_module(f"fleetstatus.{module}")
        for name in of_users.__all__:
            yield f"{module}.{name}", getattr(of_users, name)


PUBLIC = dict(public())
CLASSES = {name: value for name, value in PUBLIC.items() if inspect.isclass(value)}
ERRORS = {name for name in CLASSES if name.endswith("Error")}


def members(owner: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that this package defines."""
    for name in dir(owner):
        if name.startswith("_"):
            continue
        definer = next(each for each in owner.__mro__ if name in vars(each))
        if definer.__module__.startswith("fleetstatus"):
            value = inspect.getattr_static(owner, name)
            if isinstance(value, property | classmethod | staticmethod) or callable(value):
                yield name, getattr(value, "__func__", value)


def examples_of(text: str | None) -> str:
    """Source of the examples of a docstring."""
    return "".join(example.source for example in doctest.DocTestParser().get_examples(text or ""))


def all_examples() -> str:
    """Examples of all docstrings of the package."""
    found = []
    for name in MODULES:
        for test in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name)):
            found += [example.source for example in test.examples]
    return "".join(found)


EXAMPLES = all_examples()


@pytest.mark.parametrize("name", fs.__all__)
def test_a_public_name_stands_in_the_reference(name: str) -> None:
    assert re.search(rf"^\.\. (auto\w+|data):: {re.escape(name)}(\(\))?$", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("module", [*MODULES_OF_USERS, *ENGINES])
def test_a_public_module_stands_in_the_reference(module: str) -> None:
    assert re.search(rf"^\.\. \w+:: fleetstatus\.{module}$", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_a_docstring_with_an_example(name: str) -> None:
    value = PUBLIC[name]
    assert value.__doc__
    short = name.rpartition(".")[2]
    if name in ERRORS:
        assert "Parameters" in value.__doc__ or not value.__dict__.get("__init__")
    elif short in SHOWN_ON_PAGES:
        page = Path(__file__).parents[2] / "notebooks" / f"{SHOWN_ON_PAGES[short]}.md"
        assert f"fs.balena.{short}(" in page.read_text(encoding="utf-8")
    else:
        assert re.search(rf"\b{short}\b", EXAMPLES), f"no example of {name}"


@pytest.mark.parametrize("owner", CLASSES)
def test_a_public_method_has_a_docstring_and_an_example(owner: str) -> None:
    without_text = []
    without_example = []
    for name, value in members(CLASSES[owner]):
        if not value.__doc__:
            without_text.append(name)
        if not re.search(rf"\.{name}\b", EXAMPLES):
            without_example.append(name)
    assert (without_text, without_example) == ([], [])


@pytest.mark.parametrize("name", PUBLIC)
def test_parameters_of_a_public_function_are_explained(name: str) -> None:
    value = PUBLIC[name]
    if inspect.isclass(value):
        return
    names = [each for each in inspect.signature(value).parameters if not each.startswith("_")]
    section = value.__doc__.partition("Parameters\n")[2]
    unexplained = [each for each in names if not re.search(rf"\b{each}\b", section)]
    assert unexplained == []
