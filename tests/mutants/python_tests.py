"""Which Python tests concern which module: the nearest and fastest first."""

from __future__ import annotations

# Groups of tests of one subject.
_GROUPS = {
    "EXPLAIN": "wording_display explained advice cli_explain explain cli_golden",
    "AUDIT": "wording_commands cli_audit cli_golden",
    "LIST": "wording_commands cli_list cli_golden",
    "FILES": "wording_shapes wording_errors wrong_files file_forms sources readers cli_input",
}

# Names of test files between `test_` and `.py`, and groups of these, by module.
_TESTS = {
    "_advice": "EXPLAIN cli_audit",
    "_arrow_files": "wording_errors arrow_files file_forms wrong_files",
    "_carry": "wording_errors carry cli_list",
    "_chart_data": "charts",
    "_coerce": "wording_errors now attention query filter carry missing_fields errors",
    "_columns": "wording_errors csv arrow_files frames wrong_files pandas_input",
    "_csv": "wording_errors csv file_forms wrong_files",
    "_decode": "wording_errors file_forms sources csv wrong_files",
    "_display": "wording_display display html table explained AUDIT",
    "_durations": "wording_commands durations filter cli_fail_on",
    "_evidence": "wording_display explain explained",
    "_explained": "EXPLAIN display",
    "_fields_seen": "wording_errors check_fields missing_fields",
    "_file_bytes": "sources file_forms wording_errors",
    "_find": "wording_errors find explain",
    "_findings": "AUDIT LIST",
    "_frames": "frames summary",
    "_html": "wording_parts wording_display html explained summary cli_audit cli_golden",
    "_json_errors": "bad_json sources wrong_files",
    "_kinds": "wording_parts summary charts",
    "_labels": "wording_errors filter column table",
    "_masks": "wording_errors filter",
    "_missing": "wording_errors missing_fields carry check_fields wrong_files",
    "_moment": "wording_errors now scan",
    "_names": "wording_parts wording_commands names filter find carry",
    "_needed_fields": "wording_errors missing_fields check_fields",
    "_now_source": "package now",
    "_options": "wording_errors now attention carry missing_fields readers",
    "_palette": "palette html charts cli_list cli_audit",
    "_readers": "wording_parts readers sources carry",
    "_report": "AUDIT",
    "_report_html": "AUDIT html",
    "_shape_list": "FILES",
    "_shapes": "FILES missing_fields",
    "_sources": "wording_errors sources file_forms readers now wrong_files privacy",
    "_streams": "wording_errors scan file_forms wrong_files scan_arrow",
    "_table_columns": "package table",
    "_text": "wording_display explained display names html cli_list AUDIT",
    "_text_shapes": "FILES",
    "_verdict": "AUDIT",
    "_where": "wording_errors filter find table",
    "classify": "wording_errors sources now carry readers forms",
    "cli/__init__": "wording_commands cli",
    "cli/again": "wording_commands cli_markdown cli_audit",
    "cli/audit": "AUDIT wording_help cli_input",
    "cli/chat": "AUDIT",
    "cli/columns": "LIST",
    "cli/console": "wording_parts LIST cli",
    "cli/errors": "wording_commands cli_input cli_fail_on cli",
    "cli/explain": "wording_commands cli_explain wording_help cli_golden",
    "cli/fail_on": "wording_commands cli_fail_on",
    "cli/json_report": "AUDIT",
    "cli/list_table": "LIST",
    "cli/list_text": "LIST",
    "cli/listing": "wording_commands cli_list wording_help cli_golden cli_fail_on",
    "cli/markdown": "wording_commands cli_markdown AUDIT",
    "cli/moment": "wording_commands cli_input",
    "cli/options": "wording_help cli_input cli_audit cli_list",
    "cli/ordering": "wording_commands cli_list",
    "cli/outcome": "wording_commands cli_fail_on cli_golden",
    "cli/paths": "wording_commands cli_input",
    "cli/program": "wording_commands cli wording_help",
    "cli/progress": "wording_commands cli cli_input",
    "cli/query": "wording_commands cli_input wording_help",
    "cli/reading": "wording_commands cli_input cli_audit cli_explain",
    "cli/render": "AUDIT cli",
    "cli/text": "LIST cli_audit cli_explain",
    "cli/thresholds": "wording_commands cli_audit cli_list cli_explain",
    "cli/unjudged": "wording_commands cli_fail_on",
    "column": "wording_errors wording_display column arrow_export table",
    "device": "wording_display display find explain html package",
    "enums": "enums package advice table AUDIT",
    "errors": "wording_errors errors bad_records sources wrong_files",
    "explain": "wording_errors EXPLAIN now",
    "package": "wording_errors package query attention",
    "query": "wording_errors query missing_fields cli_input",
    "scan": "wording_errors scan scan_arrow now carry",
    "summary": "wording_errors wording_display summary display html cli_audit",
    "table": "wording_errors wording_display write table filter find attention display frames column",
}


def concerning(module: str) -> list[str]:
    """Name the tests of a module such as `python/fleetstatus/cli/audit.py`, its doctests first."""
    name = module.removeprefix("python/fleetstatus/").removesuffix(".py")
    examples = f"test_docs.py::test_examples_of_docstrings[fleetstatus.{name.replace('/', '.')}]"
    return [examples, *(f"test_{test}.py" for test in named(name))]


def named(name: str) -> list[str]:
    """List the tests of a module such as `cli/audit`, each once."""
    words = (_GROUPS.get(word, word) for word in _TESTS[name].split())
    return list(dict.fromkeys(" ".join(words).split()))


def all_modules() -> list[str]:
    """List the modules that have tests here."""
    return list(_TESTS)
