"""What the site makes from the package is complete, and is what the core does."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import fleetstatus as fs
from fleetstatus import _core, errors
from from_core import attention, columns, fields, rules, vocabularies
from from_core.markdown import duration, sentence, table
from shared_cases import cases_with, options_of

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PAGES = {
    path.relative_to(NOTEBOOKS).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
    for path in NOTEBOOKS.rglob("*.md")
}
SCHEMES = list(fs.StatusScheme)
FIELDS = {field["name"] for field in _core.fields()}


def rows_of(text: str) -> list[list[str]]:
    """Cells of a table, without its head."""
    return [line.strip("| ").split(" | ") for line in text.splitlines()[2:]]


# Rules


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_rules_are_those_of_the_core_in_its_order(scheme: fs.StatusScheme) -> None:
    told = [(int(number), status) for number, _, status in rows_of(rules.rules(scheme))]
    listed = _core.rules(SCHEMES.index(scheme))
    for (number, status), (place, (reason, label)) in zip(told, enumerate(listed, 1), strict=True):
        assert number == place
        assert status.startswith(f"**{label or 'null'}")
        assert status.endswith(f"[`{reason}`](#reason-{reason})")


def test_rules_of_the_default_read_as_sentences() -> None:
    told = {status: when for _, when, status in rows_of(rules.rules("docs-2024-11"))}
    assert told["**Disconnected** [`no-link`](#reason-no-link)"] == (
        "cloudlink is down, and the heartbeat is offline or no heartbeat was ever seen"
    )
    assert told["**Updating** [`downloading-release`](#reason-downloading-release)"] == (
        "a release is downloading, and the heartbeat is online or in its grace period"
    )


def test_an_indicator_stands_beside_the_label() -> None:
    assert "**Online (VPN Only)** [`cloudlink-only`]" in rules.rules("docs-2021")


@pytest.mark.parametrize("case", cases_with("expect"))
def test_a_rule_accepts_the_facts_that_it_matched(case: dict[str, Any]) -> None:
    options = {"allow_missing": "all", "on_error": "keep"} | options_of(case)
    for scheme in case["expect"]:
        devices = fs.classify([case["record"]], scheme=scheme, **options)
        matched, _ = devices._core.trace(0)
        if matched is None:
            continue
        reason, source, facts = matched
        told = [rule for rule in rules.rules_of(fs.StatusScheme(scheme)) if rule.source == source]
        assert any(
            rule.reason == reason and list(rule.conditions) == accepting(rule.conditions, facts)
            for rule in told
        )


def accepting(
    conditions: list[tuple[list[str], list[str]]], facts: list[tuple[list[str], str]]
) -> list[tuple[list[str], list[str]]]:
    """Conditions that accept the fact in their place."""
    return [
        (fields, words)
        for (fields, words), (of_fact, word) in zip(conditions, facts, strict=False)
        if fields == of_fact and word in words
    ]


def test_each_reason_has_a_section_with_its_texts() -> None:
    text = rules.reasons()
    for reason in fs.Reason:
        section = text.partition(f"(reason-{reason})=\n### `{reason}`\n")[2].partition("\n(")[0]
        assert reason.message in section
        assert (reason.first_step or "there is nothing to do") in section
        has_start = "is null" not in section
        assert has_start == (reason in _core.reasons_with_start())
        assert "Source: " in section


# What needs a person


def test_attention_has_each_class_in_its_order_and_its_thresholds() -> None:
    assert list(attention.CONDITIONS) == list(fs.Attention)
    told = rows_of(attention.attention())
    assert [cells[0] for cells in told] == [f"`{one}`" for one in fs.Attention]
    named = set(re.findall(r"\{(\w+)\}", " ".join(attention.CONDITIONS.values())))
    assert named == set(_core.attention_thresholds_ms())
    assert "Downloaded for 1 day, or Applying Changes for 30 minutes." in told[4][1]


def test_an_update_status_says_from_when_on_it_needs_a_person() -> None:
    told = {cells[0]: cells[2] for cells in rows_of(attention.update_statuses())}
    assert list(told) == list(fs.UpdateStatus)
    assert told["Done"] == "no"
    assert told["Downloading"] == "after 2 hours, as `update-stuck`"
    assert told["Rejected"] == "at once, as `update-failed`"


def test_capabilities_are_those_of_devices_with_such_links() -> None:
    told = {cells[0]: cells[1:] for cells in rows_of(attention.capabilities())}
    assert list(told) == [f"`{one.name}`" for one in fs.Capability]
    assert told["`SSH`"] == ["yes", "yes", "no", "no"]
    assert told["`REBOOT`"] == ["yes", "perhaps", "no", "no"]
    assert told["`NEW_RELEASE`"] == ["yes", "no", "yes", "no"]


def test_heartbeat_windows_are_one_and_a_half_poll_intervals() -> None:
    assert rows_of(attention.heartbeat_windows())[0] == [
        "balenaCloud",
        "not set",
        "22 minutes 30 seconds",
        "22 minutes 45 seconds",
    ]


# Columns and fields


def test_every_column_has_a_text() -> None:
    assert list(columns.COLUMNS) == _core.columns()
    assert list(columns.CHANGES) == _core.change_columns()


@pytest.mark.parametrize("name", columns.COLUMNS)
def test_a_column_says_what_it_is(name: str) -> None:
    text = columns.COLUMNS[name]
    assert text.means.endswith(".")
    assert text.null.endswith(".")
    assert set(text.source) <= FIELDS
    assert bool(text.source or text.beside) == (name != "error")
    assert text.unit == ("seconds" if name.endswith("_s") else text.unit)
    kind = fs.empty().schema[name]
    assert bool(text.unit) == kind.startswith(("timestamp", "uint16", "int32", "int64")) or (
        name == "id"
    )
    assert f"(column-{name})=\n### `{name}`" in columns.columns()
    assert f"Arrow `{kind}`" in columns.columns()


def answers(records: list[dict[str, Any]]) -> dict[str, list[Any]]:
    devices = fs.classify(records, allow_missing="all", on_error="keep", now="2026-11-01T12:00:00Z")
    return {name: devices[name].to_list() for name in columns.COLUMNS}


RECORDS: list[dict[str, Any]] = json.loads(fs.sample_fleet().read_bytes())["d"]
ANSWERS = answers(RECORDS)


def test_a_column_depends_on_its_fields() -> None:
    for name, values in ANSWERS.items():
        fields = columns.fields_of(name)
        without = [{key: of[key] for key in of if key not in fields} for of in RECORDS]
        assert not fields or answers(without)[name] != values, name


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("value", [None, 7, {"x": "y"}], ids=["null", "number", "object"])
def test_no_other_column_depends_on_a_field(field: str, value: Any) -> None:
    changed = answers([record | {field: value} for record in RECORDS])
    for name, values in ANSWERS.items():
        if field not in columns.fields_of(name) and name != "error":
            same = [
                after if after != "unreadable" else before
                for before, after in zip(values, changed[name], strict=True)
            ]
            assert same == values, name


def test_fixed_labels_are_those_of_the_columns() -> None:
    told = {cells[0].split("`")[1]: cells[1] for cells in rows_of(columns.labels())}
    schema = fs.empty()
    listed = {
        name: ", ".join(f"`{label}`" for label in schema[name].labels or ())
        for name, kind in schema.schema.items()
        if kind == "dictionary<int8, utf8>" and name != "status"
    }
    assert told == listed


def test_kinds_of_changes_are_those_of_the_core() -> None:
    assert [cells[0] for cells in rows_of(columns.kinds())] == [
        f"`{kind}`" for kind, _ in _core.change_kinds()
    ]


def test_every_field_is_told_with_its_need() -> None:
    told = {cells[0].strip("`"): cells[1:] for cells in rows_of(fields.fields())}
    assert list(told) == [field["name"] for field in _core.fields()]
    for name, (_, need, _) in told.items():
        needing = [one for i, one in enumerate(SCHEMES) if name in _core.needed_fields(i)]
        assert (need == "no") == (not needing)
        assert need.startswith("yes") == (fs.StatusScheme.DOCS_2024_11 in needing)
    assert told["is_active"][1] == "by `library-2020`"
    assert told["is_frozen"][2] == "No device can show as Frozen."
    assert "older name of `device_name`" in told["name"][2]


def test_types_of_carried_fields_are_told() -> None:
    told = {
        name: kind.strip("`")
        for kind, names in rows_of(fields.carried_types())
        for name in re.findall(r"`(\w+)`", names)
    }
    assert told == _core.carried_types()


# Vocabularies


def test_each_scheme_says_when_it_was_live() -> None:
    assert list(vocabularies.LIVE) == list(fs.StatusScheme)
    told = {cells[0].strip("`"): cells[1:] for cells in rows_of(vocabularies.schemes())}
    for scheme in fs.StatusScheme:
        assert told[scheme][2] == ", ".join(scheme.labels)
    assert told["docs-2022"][1] == "2021-07-26 to 2024-10-15"


def test_all_labels_of_a_scheme_are_told() -> None:
    told = rows_of(vocabularies.labels())
    for place, scheme in enumerate(fs.StatusScheme, 1):
        words = {word for cells in told for word in cells[place].split(", ")} - {"-"}
        if scheme is not fs.StatusScheme.DOCS_2021:
            assert words == set(scheme.labels)


# Pages


def test_every_part_stands_on_a_page() -> None:
    pytest.importorskip("sphinx")
    from from_core.extension import PARTS

    used = re.findall(r"^```\{from-core\} (\S+)", "\n".join(PAGES.values()), re.MULTILINE)
    assert set(used) == set(PARTS)


def test_every_scheme_has_its_rules_on_a_page() -> None:
    told = re.findall(r"\{from-core\} rules (\S+)", PAGES["rules"] + PAGES["vocabularies"])
    assert sorted(told) == sorted(fs.StatusScheme)


def test_every_command_has_its_help_on_a_page() -> None:
    pytest.importorskip("click")
    from fleetstatus.cli._program import program
    from from_core.command_line import commands

    text = commands()
    for name in program.commands:
        assert f"## `{name}`\n\n```text\nUsage: fleetstatus {name} " in text
    assert max(map(len, text.splitlines())) <= 100


def test_every_error_is_on_its_page() -> None:
    names = [name for name in vars(errors) if name.endswith("Error")]
    for name in names:
        assert f".. autoexception:: {name}\n" in PAGES["errors"]
        assert name == "FleetStatusError" or f"| `{name}` |" in PAGES["errors"]


def test_every_extra_is_on_the_page_of_installing() -> None:
    project = tomllib.loads((NOTEBOOKS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    rows = re.findall(r"^\| (`.*?`) \|", PAGES["install"], re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(project["project"]["optional-dependencies"])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leads_to_another(name: str) -> None:
    ends = PAGES[name] if "/" in name else PAGES[name][-800:]
    assert re.search(r"\]\(|auto(class|function)::", ends)


def test_an_overview_has_a_sentence_for_each_column() -> None:
    told = {cells[0].split("`")[1]: cells[1] for cells in rows_of(columns.overview())}
    assert list(told) == _core.columns()
    assert told["status_since"] == "When the status began."
    assert all(text.endswith(".") for text in told.values())


def test_the_rule_of_names_is_said_once() -> None:
    assert [name for name, text in PAGES.items() if "**The rule of names.**" in text] == ["columns"]


# Markdown


def test_a_bar_does_not_end_a_cell() -> None:
    assert table(("a",), [("b|c",)]) == "| a |\n| --- |\n| b\\|c |"


def test_names_of_fields_are_code_and_keep_their_case() -> None:
    assert sentence("no device has it") == "No device has it."
    assert sentence("last_vpn_event says so.") == "`last_vpn_event` says so."


def test_durations_are_in_their_largest_units() -> None:
    told = {90: "1 minute 30 seconds", 3600: "1 hour", 172_800: "2 days", 0: "0 seconds"}
    assert {seconds: duration(timedelta(seconds=seconds)) for seconds in told} == told
