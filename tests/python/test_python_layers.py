"""Who may import whom in Python: arrows go one way, and what is not public begins with `_`."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import fleetstatus as fs

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
PACKAGE = TESTS.parent / "python" / "fleetstatus"
ENGINES = {"dask", "duckdb", "polars", "ray", "spark"}
PUBLIC = {"balena", "charts", "cli", "enums", "errors", "metrics", "query", "records", *ENGINES}
WORDS = {"_core", "_words", "_catalog", "_coerce", "enums", "errors"}
OPTIONS = {"_carry", "_options", *WORDS}
ANSWERS = {"_show", "_device", "_explanation", "_table"}
# Each room with the rooms that it may import, also for the type checker alone.
ROOMS: dict[str, set[str]] = {
    "_types": set(),
    "errors": set(),
    "records": set(),
    "enums": {"_core"},
    "_words": set(),
    "_catalog": {"_core"},
    "_coerce": {"_core", "_words", "enums"},
    "_carry": WORDS,
    "_options": {"_carry", *WORDS},
    "query": OPTIONS,
    "_database": OPTIONS,
    "_package": {"_core", "_coerce"},
    "_input": {"query", *OPTIONS},
    "_show": WORDS,
    "_device": {"_show", *WORDS},
    "_explanation": {"_show", "_device", *WORDS},
    "_report": {"_show", "_device", "_explanation", *WORDS},
    "_table": {"_report", "_types", *ANSWERS, *WORDS},
    "_classify": {"_input", "_table", "_types", *OPTIONS},
    "_scan": {"_input", "_table", "_types", *OPTIONS},
    "_tables": {"_classify", "_table", "_types", *OPTIONS},
    "_check_fields": {"_input", "_table", "_types", *OPTIONS},
    "_changes": {"_classify", "_input", "_types", *ANSWERS, *OPTIONS},
    "_tracker": {"_changes", "_classify", "_types", *ANSWERS, *OPTIONS},
    "_openmetrics": {"_changes", "_classify", "_table", "_tracker", "_types", *WORDS},
    "_explain": {"_classify", "_explanation", "_types", *WORDS},
    "__init__": {
        *("_changes", "_check_fields", "_classify", "_database", "_explain", "_openmetrics"),
        *("_package", "_scan", "_tables", "_tracker"),
        *("enums", "errors", "query", "records", *ANSWERS),
        *("balena", "charts", "metrics", *ENGINES),  # for the type checker alone
    },
    "balena": {"_classify", "_package", "_table", "query", *OPTIONS},
    "_engines": {"_classify", "_input", "_package", "_scan", "_table", "_types", *OPTIONS},
    "spark": {"_engines"},
    "dask": {"_engines", "errors"},
    "ray": {"_engines"},
    "polars": {"_core", "_engines", "_input", "_table", "_types"},
    "duckdb": {"_engines", "_table"},
    "charts": {"_types"} | ANSWERS | WORDS,
    "metrics": {"_changes", "_openmetrics", "_tracker", *WORDS},
    "_exporter": {"_classify", "_openmetrics", "_table", "_tracker", "metrics", *WORDS},
    "cli": {
        *("__init__", "_changes", "_exporter", "_openmetrics", "_report", "_tracker", "balena"),
        *ANSWERS,
        *OPTIONS,
    },
    "__main__": {"cli"},
}
# Extras: without click, urllib3 or prometheus_client, a line says how to install them.
WITHIN_FUNCTIONS = {
    ("cli", "cli._program"),
    ("cli._live", "balena"),
    ("cli._exporter", "balena"),
    *(("cli._exporter", f"_exporter.{name}") for name in ("looks", "server", "service")),
}


class Import(NamedTuple):
    """A module that imports another one of the package, or a name of it."""

    importer: str
    imported: str
    name: str | None
    is_within_function: bool


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    inner = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(inner) or "__init__"


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    return module.partition(".")[0]


def imports_in(importer: str, path: Path) -> list[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return list(found_in(tree, importer))


def found_in(node: ast.AST, importer: str, *, is_within_function: bool = False) -> Iterator[Import]:
    """Find the imports below a node of a syntax tree."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            is_within_function = True
        case ast.Import() | ast.ImportFrom():
            for imported, name in own_modules(node):
                yield Import(importer, imported, name, is_within_function)
    for child in ast.iter_child_nodes(node):
        yield from found_in(child, importer, is_within_function=is_within_function)


def own_modules(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str | None]]:
    """Give the modules of the package that a statement names, each with the name that it takes."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition(".")[0] == "fleetstatus":
                yield alias.name.partition(".")[2] or "__init__", None
        return
    assert node.level == 0, "imports are absolute"
    package, _, module = (node.module or "").partition(".")
    if package != "fleetstatus":
        return
    for alias in node.names:
        inner = f"{module}.{alias.name}" if module else alias.name
        is_module = inner in MODULES or inner == "_core"
        yield (inner, None) if is_module else (module or "__init__", alias.name)


IMPORTS = [one for module, path in MODULES.items() for one in imports_in(module, path)]


def test_imports_are_found() -> None:
    assert Import("_table.table", "_table.column", "Column", False) in IMPORTS
    assert Import("_report.report", "_report.devices", "Devices", False) in IMPORTS  # of a type
    assert Import("cli", "cli._program", "run", True) in IMPORTS
    assert len(IMPORTS) > 300


def test_every_python_room_is_known() -> None:
    assert {room_of(module) for module in MODULES} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_python_room_imports_only_rooms_before_it(room: str) -> None:
    imported = {room_of(one.imported) for one in IMPORTS if room_of(one.importer) == room}
    assert imported - {room} <= ROOMS[room]


def test_rooms_make_no_circle() -> None:
    assert list(TopologicalSorter({room: ROOMS[room] - {room} for room in ROOMS}).static_order())


def test_modules_make_no_circle() -> None:
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for one in IMPORTS:
        if not one.is_within_function:
            graph[one.importer].add(one.imported)
    assert list(TopologicalSorter(graph).static_order())


def test_no_function_imports_a_module_of_the_package() -> None:
    within = {(one.importer, one.imported) for one in IMPORTS if one.is_within_function}
    assert within == WITHIN_FUNCTIONS


def test_what_is_not_public_begins_with_an_underscore() -> None:
    public = {
        module for module in MODULES if not any(part.startswith("_") for part in module.split("."))
    }
    assert public == PUBLIC


def test_no_module_has_the_name_of_something_exported() -> None:
    assert not set(fs.__all__) & set(MODULES)


@pytest.mark.slow
def test_tests_take_public_names_from_the_package() -> None:
    imports = [
        one
        for path in sorted(TESTS.rglob("*.py"))
        for one in imports_in(path.relative_to(TESTS).as_posix(), path)
    ]
    assert imports
    assert not [
        (one.importer, one.imported, one.name)
        for one in imports
        if one.name in fs.__all__ and any(part[0] == "_" for part in one.imported.split("."))
        if one.imported != "__init__"
    ]
