"""Mutants of the Python side: the package with one text, number or condition changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutant import ROOT, Mutant
from python_changes import edits
from python_same_by_meaning import SAME_BY_MEANING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PACKAGE = "python/fleetstatus"
# How charts look, and names that are only passed on.
_NOT_CHANGED = {
    *("__init__", "_explanation/__init__", "_input/__init__", "_report/__init__"),
    *("_changes/__init__", "_show/__init__", "_table/__init__", "_tracker/__init__"),
    *("_words/__init__", "_engines/__init__", "_exporter/__init__"),
    *("_engines/blocks", "dask", "ray", "spark"),  # tests/engines, which takes minutes
    *("__main__", "charts/__init__", "charts/_style", "records"),
}


def all_python_mutants(root: Path = ROOT) -> list[Mutant]:
    """All mutants of Python but those that are the same by meaning."""
    different = (one for one in changed_modules(root) if one.change() not in SAME_BY_MEANING)
    return list(dict.fromkeys(different))


def changed_modules(root: Path = ROOT) -> Iterator[Mutant]:
    """Every change of every module, in order."""
    for module in modules(root):
        source = (root / module).read_text(encoding="utf-8")
        for edit in edits(source):
            yield Mutant(module, *edit)


def modules(root: Path = ROOT) -> list[str]:
    """Paths of all modules that are changed."""
    left_alone = {f"{_PACKAGE}/{name}.py" for name in _NOT_CHANGED}
    files = sorted((root / _PACKAGE).rglob("*.py"))
    return [path for file in files if (path := file.relative_to(root).as_posix()) not in left_alone]
