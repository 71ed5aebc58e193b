"""Which Python tests concern which module: the nearest and fastest first."""

from __future__ import annotations

# Groups of tests of one subject.
_GROUPS = {
    "EXPLAIN": "wording_display explained advice cli_explain explain cli_golden",
    "AUDIT": "wording_commands cli_audit cli_golden",
    "LIST": "wording_commands cli_list cli_golden",
    "CHANGES": "wording_changes changes_text cli_diff cli_golden",
    "FILES": "wording_shapes wording_errors wrong_files file_forms sources readers cli_input",
}

# Names of test files between `test_` and `.py`, and groups of these, by module.
_TESTS = {
    "_carry": "wording_errors carry cli_list",
    "_catalog": "package wording_errors missing_fields check_fields now table csv",
    "_changes/causes": "wording_changes changes_text",
    "_changes/changes": "changes_text cli_diff",
    "_changes/comparison": "changes_text",
    "_changes/diff": "cli_diff changes_text cli_golden",
    "_changes/digest": "CHANGES",
    "_changes/happenings": "CHANGES",
    "_changes/lines": "CHANGES",
    "_changes/matching": "changes_text",
    "_changes/order": "CHANGES",
    "_changes/page": "changes_text cli_diff cli_golden",
    "_changes/sources": "changes_text cli_diff",
    "_changes/text": "changes_text cli_diff cli_golden",
    "_changes/times": "changes_text cli_diff cli_golden",
    "_check_fields": "wording_errors check_fields missing_fields",
    "_classify": "wording_errors sources now carry readers forms",
    "_coerce": "wording_errors now attention query filter carry missing_fields errors",
    "_device": "wording_display display find explain html package",
    "_explain": "wording_errors EXPLAIN now",
    "_explanation/advice": "EXPLAIN cli_audit",
    "_explanation/evidence": "wording_display explain explained",
    "_explanation/explanation": "EXPLAIN display wording_errors",
    "_explanation/rows": "wording_errors EXPLAIN now",
    "_input/arrow_files": "wording_errors arrow_files file_forms wrong_files",
    "_input/columns": "wording_errors csv arrow_files frames wrong_files pandas_input",
    "_input/csv_files": "wording_errors csv file_forms wrong_files",
    "_input/decode": "wording_errors streams file_forms sources csv wrong_files",
    "_input/file_bytes": "sources streams file_forms wording_errors",
    "_input/file_sources": "wording_errors sources readers now privacy",
    "_input/json_errors": "bad_json streams sources wrong_files",
    "_input/memory": "wording_errors sources file_forms readers now wrong_files privacy",
    "_input/missing": "wording_errors missing_fields carry check_fields wrong_files",
    "_input/moment": "wording_errors now scan",
    "_input/parts": "wording_errors scan streams sources file_forms",
    "_input/pieces": "streams wrong_files scan",
    "_input/readers": "wording_parts readers sources carry",
    "_input/regular_file": "bad_json sources wrong_files",
    "_input/shape_list": "FILES",
    "_input/shapes": "FILES missing_fields",
    "_input/streamed": "streams sources file_forms wrong_files",
    "_input/stream": "wording_errors scan file_forms wrong_files scan_arrow",
    "_input/text_shapes": "FILES",
    "_options": "wording_errors now attention carry missing_fields readers",
    "_package": "wording_errors package query attention",
    "_report/findings": "AUDIT LIST",
    "_report/report": "AUDIT",
    "_report/report_page": "AUDIT html",
    "_report/verdicts": "AUDIT",
    "_scan": "wording_errors scan scan_arrow now carry",
    "_show/display": "wording_display display html table explained AUDIT",
    "_show/html": "wording_parts wording_display html explained summary cli_audit cli_golden",
    "_show/palette": "palette html charts cli_list cli_audit",
    "_table/arrow": "arrow_export summary",
    "_table/column": "wording_errors wording_display column arrow_export table",
    "_table/exports": "write arrow_export frames table",
    "_table/facts": "table wording_errors now check_fields",
    "_table/files": "write cli_diff",
    "_table/find": "wording_errors find explain",
    "_table/fleets": "filter cli_input cli_diff",
    "_table/frames": "frames summary",
    "_table/kinds": "wording_parts summary charts",
    "_table/labels": "wording_errors filter column table",
    "_table/masks": "wording_errors filter",
    "_table/rows": "summary wording_display arrow_export frames changes_text",
    "_table/selections": "wording_errors filter attention table",
    "_table/summary": "wording_errors wording_display summary display html cli_audit",
    "_table/table": "wording_errors wording_display table filter find display column",
    "_table/where": "wording_errors filter find table",
    "_words/durations": "wording_commands durations filter cli_fail_on",
    "_words/names": "wording_parts wording_commands names filter find carry",
    "_words/text": "wording_display explained display names html cli_list AUDIT",
    "charts/_data": "charts",
    "cli/__init__": "wording_commands cli",
    "cli/_again": "wording_commands cli_markdown cli_audit",
    "cli/_audit": "AUDIT wording_help cli_input",
    "cli/_change_conditions": "cli_diff cli_golden",
    "cli/_change_fleets": "cli_diff cli_golden",
    "cli/_change_gaps": "cli_diff",
    "cli/_change_names": "wording_changes cli_diff cli_golden",
    "cli/_change_options": "wording_help cli_diff",
    "cli/_change_outcome": "cli_diff cli_golden",
    "cli/_change_output": "cli_diff cli_golden",
    "cli/_change_table": "cli_diff cli_golden",
    "cli/_chat": "AUDIT",
    "cli/_columns": "LIST",
    "cli/_console": "wording_parts LIST cli",
    "cli/_diff": "cli_diff wording_help cli_golden",
    "cli/_errors": "wording_commands cli_input cli_fail_on cli",
    "cli/_exit_codes": "wording_commands cli_fail_on cli",
    "cli/_explain": "wording_commands cli_explain wording_help cli_golden",
    "cli/_fail_on": "wording_commands cli_fail_on",
    "cli/_json_report": "AUDIT",
    "cli/_list_table": "LIST",
    "cli/_list_text": "LIST",
    "cli/_listing": "wording_commands cli_list wording_help cli_golden cli_fail_on",
    "cli/_markdown": "wording_commands cli_markdown AUDIT",
    "cli/_moment": "wording_commands cli_input",
    "cli/_options": "wording_help cli_input cli_audit cli_list",
    "cli/_ordering": "wording_commands cli_list",
    "cli/_outcome": "wording_commands cli_fail_on cli_golden",
    "cli/_paths": "wording_commands cli_input",
    "cli/_program": "wording_commands cli wording_help",
    "cli/_progress": "wording_commands cli cli_input",
    "cli/_query": "wording_commands cli_input wording_help",
    "cli/_reading": "wording_commands cli_input cli_audit cli_explain",
    "cli/_render": "AUDIT cli",
    "cli/_text": "LIST cli_audit cli_explain",
    "cli/_thresholds": "wording_commands cli_audit cli_list cli_explain",
    "cli/_unjudged": "wording_commands cli_fail_on",
    "enums": "enums package advice table AUDIT",
    "errors": "wording_errors errors bad_records sources wrong_files",
    "query": "wording_errors query missing_fields cli_input",
}


def concerning(module: str) -> list[str]:
    """Name the tests of a module such as `python/fleetstatus/cli/audit.py`, its doctests first."""
    name = module.removeprefix("python/fleetstatus/").removesuffix(".py")
    dotted = name.removesuffix("/__init__").replace("/", ".")
    examples = f"test_docs.py::test_examples_of_docstrings[fleetstatus.{dotted}]"
    return [examples, *(f"test_{test}.py" for test in named(name))]


def named(name: str) -> list[str]:
    """List the tests of a module such as `cli/audit`, each once."""
    words = (_GROUPS.get(word, word) for word in _TESTS[name].split())
    return list(dict.fromkeys(" ".join(words).split()))


def all_modules() -> list[str]:
    """List the modules that have tests here."""
    return list(_TESTS)
