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

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
REFERENCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [*(NOTEBOOKS / "reference").glob("*.md"), NOTEBOOKS / "errors.md"]
)
MODULES_OF_USERS = ("balena", "charts", "duckdb", "metrics", "polars")
ENGINES = ("dask", "ray", "spark")

# What needs a server to run; a page has a program for it.
SHOWN_ON_PAGES = {"fetch": "07_live.md", "pages": "07_live.md"}
# What prometheus_client calls.
OF_A_PROTOCOL = {"collect", "describe", "keys"}


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
FUNCTIONS = {name: value for name, value in PUBLIC.items() if name not in CLASSES}
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
    unfenced = re.sub(r"^```.*$", "", text or "", flags=re.MULTILINE)
    return "".join(example.source for example in doctest.DocTestParser().get_examples(unfenced))


def examples_of_class(name: str) -> str:
    """Source of the examples of a class: in its docstrings, and in its section of the reference."""
    owner = CLASSES[name]
    docs = [owner.__doc__, *(value.__doc__ for _, value in members(owner))]
    section = re.search(rf"^## {name}$.*?(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
    return "".join(map(examples_of, [*docs, section and section[0]]))


@pytest.mark.parametrize("name", fs.__all__)
def test_a_public_name_stands_in_the_reference(name: str) -> None:
    assert re.search(rf"^\.\. (auto\w+|data):: {re.escape(name)}(\(\))?$", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("module", [*MODULES_OF_USERS, *ENGINES])
def test_a_public_module_stands_in_the_reference(module: str) -> None:
    assert re.search(rf"^\.\. \w+:: fleetstatus\.{module}$", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_has_a_docstring_with_an_example(name: str) -> None:
    short = name.rpartition(".")[2]
    module = inspect.getmodule(FUNCTIONS[name])
    examples = examples_of(FUNCTIONS[name].__doc__) + examples_of(
        module.__doc__ if module else None
    )
    if short in SHOWN_ON_PAGES:
        examples = (NOTEBOOKS / SHOWN_ON_PAGES[short]).read_text(encoding="utf-8")
    assert f"{short}(" in examples


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_has_a_docstring_and_an_example(name: str) -> None:
    assert CLASSES[name].__doc__
    assert name in ERRORS or examples_of_class(name)


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_method_has_a_docstring_and_an_example(name: str) -> None:
    of_class = dict(members(CLASSES[name]))
    assert [each for each, value in of_class.items() if not value.__doc__] == []
    examples = examples_of_class(name)
    wanted = of_class.keys() - OF_A_PROTOCOL
    assert sorted(each for each in wanted if not re.search(rf"\.{each}\b", examples)) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_parameters_of_a_public_function_are_explained(name: str) -> None:
    parameters = inspect.signature(FUNCTIONS[name]).parameters
    section = FUNCTIONS[name].__doc__.partition("Parameters\n")[2]
    assert [each for each in parameters if not re.search(rf"\b{each}\b", section)] == []
