"""Which Python tests concern which module: the nearest and fastest first."""

from __future__ import annotations

import functools

from mutant import ROOT

_EXPLAIN = ("advice", "explained", "explain", "cli_explain")
_AUDIT = ("cli_audit", "cli", "display")
_LIST = ("cli_list",)
_FILES = ("wrong_files", "file_forms", "sources", "readers", "cli_input")
_WHERE = ("filter", "find", "table", "masks")
_COMMANDS = ("cli*",)

# Patterns of file names between `test_` and `.py`, by module.
_TESTS: dict[str, tuple[str, ...]] = {
    "_advice": (*_EXPLAIN, "cli_audit"),
    "_arrow_files": ("arrow_files", "file_forms", "wrong_files"),
    "_carry": ("carry", "cli_list"),
    "_chart_data": ("charts",),
    "_coerce": ("now", "attention", "query", "filter", "carry", "missing_fields", "errors"),
    "_columns": ("columns", "csv", "arrow_files", "frames", "wrong_files", "pandas_input"),
    "_csv": ("csv", "file_forms", "wrong_files"),
    "_decode": ("file_forms", "sources", "csv", "wrong_files"),
    "_display": ("display", "html", "table", "explained", *_COMMANDS),
    "_durations": ("durations", "filter", "cli_fail_on"),
    "_explained": (*_EXPLAIN, "display"),
    "_fields_seen": ("check_fields", "missing_fields"),
    "_find": ("find", "explain"),
    "_findings": (*_AUDIT, *_LIST),
    "_frames": ("frames", "summary"),
    "_html": ("html", "explained", "summary", "cli_audit"),
    "_json_errors": ("bad_json", "sources", "wrong_files"),
    "_kinds": ("summary", "charts"),
    "_labels": ("filter", "column", "table"),
    "_masks": ("filter",),
    "_missing": ("missing_fields", "carry", "check_fields", "wrong_files"),
    "_moment": ("now", "scan"),
    "_names": ("names", "filter", "find", "carry"),
    "_needed_fields": ("missing_fields", "check_fields"),
    "_now_source": ("package", "now"),
    "_options": ("now", "attention", "carry", "missing_fields", "readers"),
    "_palette": ("palette", "html", "charts", "cli_list", "cli_audit"),
    "_readers": ("readers", "sources", "carry", "threads"),
    "_report": _AUDIT,
    "_report_html": (*_AUDIT, "html"),
    "_shape_list": _FILES,
    "_shapes": (*_FILES, "missing_fields"),
    "_sources": ("sources", "file_forms", "readers", "now", "wrong_files", "privacy"),
    "_streams": ("scan", "file_forms", "wrong_files", "scan_arrow"),
    "_table_columns": ("package", "table"),
    "_text": ("explained", "display", "names", "html", *_COMMANDS),
    "_text_shapes": _FILES,
    "_where": _WHERE,
    "charts": ("charts",),
    "classify": ("forms", "sources", "now", "carry", "readers"),
    "column": ("column", "arrow_export", "table"),
    "device": ("display", "find", "explain", "html", "package"),
    "enums": ("enums", "package", "advice", "table", *_COMMANDS),
    "errors": ("errors", "bad_records", "sources", "wrong_files"),
    "explain": (*_EXPLAIN, "now"),
    "package": ("package", "query", "attention"),
    "query": ("query", "missing_fields", "cli"),
    "scan": ("scan", "scan_arrow", "now", "carry"),
    "summary": ("summary", "display", "html", "cli_audit"),
    "table": ("table", *_WHERE, "attention", "display", "frames", "column"),
}


def concerning(module: str) -> list[str]:
    """Name the tests of a module such as `python/fleetstatus/cli/audit.py`, its doctests first."""
    name = module.removeprefix("python/fleetstatus/").removesuffix(".py")
    examples = f"test_docs.py::test_examples_of_docstrings[fleetstatus.{name.replace('/', '.')}]"
    return [examples, *_files(patterns_of(name))]


def patterns_of(name: str) -> tuple[str, ...]:
    """Give the patterns of a module such as `cli/audit`."""
    if name.startswith("cli/"):
        return (f"{name.replace('/', '_')}*", "wording*", *_COMMANDS)
    return (*_TESTS[name], "wording*")


@functools.cache
def _files(patterns: tuple[str, ...]) -> list[str]:
    """List the files that match, each once."""
    tests = ROOT / "tests" / "python"
    found = [path.name for one in patterns for path in sorted(tests.glob(f"test_{one}.py"))]
    return list(dict.fromkeys(found))
