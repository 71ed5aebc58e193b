"""Which Python tests concern which module: the nearest and fastest first."""

from __future__ import annotations

import functools

from mutant import ROOT

_EXPLAIN = ("wording_display", "explained", "advice", "cli_explain", "explain", "cli_golden")
_AUDIT = ("cli_audit", "cli_golden")
_LIST = ("cli_list", "cli_golden")
_FILES = ("wording_shapes", "wrong_files", "file_forms", "sources", "readers", "cli_input")
_WHERE = ("filter", "find", "table", "masks")

# Names of test files between `test_` and `.py`, by module.
_TESTS: dict[str, tuple[str, ...]] = {
    "_advice": (*_EXPLAIN, "cli_audit"),
    "_arrow_files": ("wording_errors", "arrow_files", "file_forms", "wrong_files"),
    "_carry": ("wording_errors", "carry", "cli_list"),
    "_chart_data": ("charts",),
    "_coerce": (
        "wording_errors",
        "now",
        "attention",
        "query",
        "filter",
        "carry",
        "missing_fields",
        "errors",
    ),
    "_columns": ("wording_errors", "csv", "arrow_files", "frames", "wrong_files", "pandas_input"),
    "_csv": ("wording_errors", "csv", "file_forms", "wrong_files"),
    "_decode": ("wording_errors", "file_forms", "sources", "csv", "wrong_files"),
    "_display": ("wording_display", "display", "html", "table", "explained", *_AUDIT),
    "_durations": ("durations", "filter", "cli_fail_on"),
    "_evidence": ("wording_display", "explain", "explained"),
    "_explained": (*_EXPLAIN, "display"),
    "_fields_seen": ("wording_errors", "check_fields", "missing_fields"),
    "_find": ("wording_errors", "find", "explain"),
    "_findings": (*_AUDIT, *_LIST),
    "_frames": ("frames", "summary"),
    "_html": ("wording_display", "html", "explained", "summary", "cli_audit"),
    "_json_errors": ("bad_json", "sources", "wrong_files"),
    "_kinds": ("summary", "charts"),
    "_labels": ("wording_errors", "filter", "column", "table"),
    "_masks": (
        "wording_errors",
        "filter",
    ),
    "_missing": ("wording_errors", "missing_fields", "carry", "check_fields", "wrong_files"),
    "_moment": ("wording_errors", "now", "scan"),
    "_names": ("names", "filter", "find", "carry"),
    "_needed_fields": ("wording_errors", "missing_fields", "check_fields"),
    "_now_source": ("package", "now"),
    "_options": ("wording_errors", "now", "attention", "carry", "missing_fields", "readers"),
    "_palette": ("palette", "html", "charts", "cli_list", "cli_audit"),
    "_readers": ("readers", "sources", "carry", "threads"),
    "_report": _AUDIT,
    "_report_html": (*_AUDIT, "html"),
    "_shape_list": _FILES,
    "_shapes": (*_FILES, "missing_fields"),
    "_sources": (
        "wording_errors",
        "sources",
        "file_forms",
        "readers",
        "now",
        "wrong_files",
        "privacy",
    ),
    "_streams": ("wording_errors", "scan", "file_forms", "wrong_files", "scan_arrow"),
    "_table_columns": ("package", "table"),
    "_text": ("wording_display", "explained", "display", "names", "html", "cli_list", *_AUDIT),
    "_text_shapes": _FILES,
    "_where": ("wording_errors", *_WHERE),
    "charts": ("charts",),
    "classify": ("wording_errors", "forms", "sources", "now", "carry", "readers"),
    "cli/__init__": ("cli",),
    "cli/again": ("cli_markdown", "cli_audit"),
    "cli/audit": (*_AUDIT, "wording_help", "cli_input"),
    "cli/chat": _AUDIT,
    "cli/columns": _LIST,
    "cli/console": (*_LIST, "cli"),
    "cli/errors": ("cli_input", "cli_fail_on", "cli"),
    "cli/explain": ("cli_explain", "wording_help", "cli_golden"),
    "cli/fail_on": ("cli_fail_on",),
    "cli/json_report": _AUDIT,
    "cli/list_table": _LIST,
    "cli/list_text": _LIST,
    "cli/listing": ("cli_list", "wording_help", "cli_golden", "cli_fail_on"),
    "cli/markdown": ("cli_markdown", *_AUDIT),
    "cli/moment": ("cli_input",),
    "cli/options": ("wording_help", "cli_input", "cli_audit", "cli_list"),
    "cli/ordering": ("cli_list",),
    "cli/outcome": ("cli_fail_on", "cli_golden"),
    "cli/paths": ("cli_input",),
    "cli/program": ("cli", "wording_help"),
    "cli/progress": ("cli", "cli_input"),
    "cli/query": ("cli_input", "wording_help"),
    "cli/reading": ("cli_input", "cli_audit", "cli_explain"),
    "cli/render": (*_AUDIT, "cli"),
    "cli/text": (*_LIST, "cli_audit", "cli_explain"),
    "cli/thresholds": ("cli_audit", "cli_list", "cli_explain"),
    "column": ("wording_errors", "wording_display", "column", "arrow_export", "table"),
    "device": ("wording_display", "display", "find", "explain", "html", "package"),
    "enums": ("enums", "package", "advice", "table", *_AUDIT),
    "errors": ("wording_errors", "errors", "bad_records", "sources", "wrong_files"),
    "explain": ("wording_errors", *_EXPLAIN, "now"),
    "package": ("wording_errors", "package", "query", "attention"),
    "query": ("wording_errors", "query", "missing_fields", "cli_input"),
    "scan": ("wording_errors", "scan", "scan_arrow", "now", "carry"),
    "summary": ("wording_errors", "wording_display", "summary", "display", "html", "cli_audit"),
    "table": (
        "wording_errors",
        "wording_display",
        "table",
        *_WHERE,
        "attention",
        "display",
        "frames",
        "column",
    ),
}


def concerning(module: str) -> list[str]:
    """Name the tests of a module such as `python/fleetstatus/cli/audit.py`, its doctests first."""
    name = module.removeprefix("python/fleetstatus/").removesuffix(".py")
    examples = f"test_docs.py::test_examples_of_docstrings[fleetstatus.{name.replace('/', '.')}]"
    return [examples, *_files(_TESTS[name])]


@functools.cache
def _files(names: tuple[str, ...]) -> list[str]:
    """List the files that there are, each once."""
    tests = ROOT / "tests" / "python"
    found = [f"test_{name}.py" for name in names if (tests / f"test_{name}.py").exists()]
    return list(dict.fromkeys(found))
