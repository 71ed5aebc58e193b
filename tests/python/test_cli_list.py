"""``fleetstatus list``: which rows, which columns, in which order, on which terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest

import fleetstatus as fs
from command_line import (
    NOW,
    SAMPLE,
    as_input,
    disconnected,
    invoke,
    numbered,
    on_terminal,
    record,
)
from fleetstatus._table.files import written
from fleetstatus._words.text import cell_width, visible
from fleetstatus.cli._columns import GAP, ListColumn, fitted
from fleetstatus.cli._text import mark_for, shortened_to

FORMATS = ("table", "csv", "json", "ndjson")
LONG = "gateway-" * 8  # 64 letters


def plain(text: str) -> list[str]:
    """Lines without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()


def listed(output_format: str, *options: str) -> list[str]:
    done = invoke("list", SAMPLE, "--format", output_format, *options)
    assert done.code == 0
    if output_format == "csv":
        return [row["device_name"] for row in csv.DictReader(io.StringIO(done.out, newline=""))]
    if output_format == "json":
        return [row["device_name"] for row in json.loads(done.out)]
    if output_format == "ndjson":
        return [json.loads(line)["device_name"] for line in done.out.splitlines()]
    return [line.split()[0] for line in done.out.splitlines()[1:]]


# Rows


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_format_never_changes_which_rows_come_out(output_format: str) -> None:
    devices = fs.classify(SAMPLE)
    assert listed(output_format) == devices["device_name"].to_list()
    expected = devices.where(status="Disconnected").attention()["device_name"].to_list()
    assert listed(output_format, "--attention", "--status", "disconnected") == expected
    assert (
        listed(output_format, "--sort", "device_name", "--limit", "5")
        == sorted(devices["device_name"].to_list())[:5]
    )


def test_rows_are_chosen_by_reason_fleet_and_duration() -> None:
    options = ("--reason", "no-link", "--fleet", "acme/cold-chain", "--status-for", "1d12h")
    expected = fs.classify(SAMPLE).where(
        reason="no-link", fleet="acme/cold-chain", status_for=timedelta(hours=36)
    )
    assert listed("json", *options) == expected["device_name"].to_list()


def test_rows_are_chosen_by_update_status_and_its_duration() -> None:
    options = ("--update-status", "Downloaded", "--update-status-for", "3d")
    expected = fs.classify(SAMPLE).where(update_status="Downloaded", update_status_for="3d")
    assert len(expected)
    assert listed("json", *options) == expected["device_name"].to_list()


def test_rows_are_chosen_by_class_in_the_order_of_attention() -> None:
    attention = fs.classify(SAMPLE).attention()
    assert listed("json", "--class", "reduced") == (
        attention.where(attention="reduced")["device_name"].to_list()
    )
    both = listed("json", "--class", "frozen", "--class", "disconnected")
    expected = attention.where(attention=["frozen", "disconnected"])
    assert both == expected["device_name"].to_list()


def test_thresholds_decide_the_class_of_every_row() -> None:
    source = as_input(*numbered(disconnected(), record()))
    options = ("list", "-", "--now", NOW, "--format", "json")
    for threshold, expected in (("1h", ["disconnected", None]), ("30d", [None, None])):
        further = ("--threshold", f"disconnected={threshold}")
        rows = json.loads(invoke(*options, *further, stdin=source).out)
        assert [row["attention"] for row in rows] == expected


@pytest.mark.parametrize(
    "options",
    [
        ("--status", "Offline"),
        ("--reason", "no-lnik"),
        ("--update-status", "Don"),
        ("--class", "disconected"),
        ("--status-for", "soon"),
        ("--status", "Updating", "--status-for", "1h"),
        ("--limit", "some"),
        ("--limit", "-1"),
        ("--columns", "statsu"),
        ("--sort", "statsu"),
        ("--format", "xml"),
    ],
)
def test_what_can_never_match_is_refused(options: tuple[str, ...]) -> None:
    done = invoke("list", SAMPLE, *options)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_a_limit_says_how_many_more_there_are() -> None:
    done = invoke("list", SAMPLE, "--limit", "7")
    assert len(done.out.splitlines()) == 8
    assert "and 293 more" in done.err


# Order


def test_sorting_is_stable_with_nulls_last() -> None:
    devices = fs.classify(SAMPLE)
    names = devices["device_name"].to_list()
    seconds = devices["update_status_duration_s"].to_list()
    for sign, is_reversed in (("", False), ("-", True)):
        known = [row for row in range(len(names)) if seconds[row] is not None]
        known.sort(key=seconds.__getitem__, reverse=is_reversed)
        unknown = [row for row in range(len(names)) if seconds[row] is None]
        expected = [names[row] for row in known + unknown]
        assert listed("json", "--sort", f"{sign}update_status_duration_s") == expected


def test_labels_are_sorted_in_their_order() -> None:
    rows = json.loads(invoke("list", SAMPLE, "--sort", "status", "--format", "json").out)
    order = [fs.StatusScheme.DOCS_2024_11.labels.index(row["status"]) for row in rows]
    assert order == sorted(order)
    rows = json.loads(
        invoke("list", SAMPLE, "--sort", "fleet", "--sort", "-device_name", "--format", "json").out
    )
    fleets = [row["fleet"] for row in rows]
    assert fleets == sorted(fleets)
    names = [row["device_name"] for row in rows if row["fleet"] == "acme/cold-chain"]
    assert names == sorted(names, reverse=True)


@pytest.mark.parametrize("header", ["FOR", "for", "status_duration_s"])
def test_a_column_may_be_named_by_its_header(header: str) -> None:
    by_header = listed("json", "--sort", header)
    assert by_header == listed("json", "--sort", "status_duration_s")


# Columns


def test_a_further_field_is_shown() -> None:
    done = invoke("list", SAMPLE, "--by", "is_running__release.raw_version")
    assert "IS RUNNING  RELEASE.RAW VERSION" in done.out.splitlines()[0]


@pytest.mark.parametrize("output_format", FORMATS)
def test_columns_are_chosen(output_format: str) -> None:
    columns = ("uuid", "status", "os_version")
    source = as_input(*numbered(record(os_version='say "6"'), record(os_version="")))
    done = invoke(
        "list", "-", "--columns", ",".join(columns), "--format", output_format, stdin=source
    )
    assert done.code == 0
    lines = done.out.splitlines()
    if output_format == "table":
        assert lines[0].split() == ["UUID", "STATUS", "OS", "VERSION"]
    elif output_format == "csv":
        assert lines == [
            "uuid,status,os_version",
            f'{0:032x},Operational,"say ""6"""',
            f'{1:032x},Operational,""',
        ]
    else:
        rows = json.loads(done.out) if output_format == "json" else [*map(json.loads, lines)]
        assert [tuple(row) for row in rows] == [columns, columns]
        assert [row["os_version"] for row in rows] == ['say "6"', ""]


@pytest.mark.parametrize("output_format", ["csv", "json", "ndjson"])
def test_chosen_columns_have_the_values_of_all_columns(output_format: str) -> None:
    columns = fs.classify(SAMPLE).columns
    options = ("--now", NOW, "--format", output_format)
    chosen = invoke("list", SAMPLE, *options, "--columns", ",".join(columns))
    assert chosen.out == invoke("list", SAMPLE, *options).out


def test_a_file_has_room_for_all_columns() -> None:
    done = invoke("list", "-", "--now", NOW, stdin=as_input(record(device_name=LONG)))
    header = done.out.splitlines()[0]
    assert header.split("  ")[0].strip() == "DEVICE"
    for name in ("STATUS", "FOR", "REASON", "FLEET", "RELEASE", "DETAIL"):
        assert name in header
    assert LONG in done.out
    assert "no room" not in done.err


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_status_duration_and_reason_never_go(columns: int) -> None:
    source = as_input(*numbered(record(), disconnected())[:1], record(device_name=LONG, uuid="1"))
    done = on_terminal("list", "-", "--now", NOW, stdin=source, columns=columns)
    header, first, second = plain(done.out)
    assert header.split()[:4] == ["DEVICE", "STATUS", "FOR", "REASON"]
    assert second.split()[1:5] == ["Operational", "1", "day", "both-links"]
    assert first.split()[0] == "device-0"
    assert max(map(cell_width, (header, first, second))) <= columns


def test_a_name_of_64_letters_is_shortened_with_a_mark() -> None:
    source = as_input(record(device_name=LONG))
    done = on_terminal("list", "-", "--now", NOW, stdin=source, columns=80)
    name = plain(done.out)[1].split()[0]
    head, tail = name.split("…")
    assert LONG.startswith(head)
    assert LONG.endswith(tail)
    assert len(head) >= len(tail) > 3


@pytest.mark.slow
def test_hidden_columns_are_counted() -> None:
    done = on_terminal("list", "-", "--now", NOW, stdin=as_input(record()), columns=60)
    (line,) = [line for line in done.err.splitlines() if "no room" in line]
    header = plain(done.out)[0]
    hidden = line.partition("columns: ")[2].partition(";")[0].split(", ")
    assert not [name for name in hidden if name in header.split(GAP)]
    assert f"no room for {len(hidden)} columns" in line
    wide = on_terminal("list", "-", "--now", NOW, stdin=as_input(record()), columns=300)
    assert "no room" not in wide.err


def test_the_answer_of_the_api_is_shown_where_it_differs() -> None:
    source = as_input(*numbered(record(overall_status="configuring"), record()))
    done = invoke("list", "-", "--now", NOW, stdin=source)
    header, first, second = done.out.splitlines()
    column = header.index("API SAYS")
    assert first[column:].split()[0] == "configuring"
    assert second[column:].split()[0] == "-"
    assert "the API says configuring, the rules operational" in done.err
    agreeing = invoke("list", "-", "--now", NOW, stdin=as_input(record()))
    assert "API SAYS" not in agreeing.out


def test_an_old_snapshot_is_told_on_standard_error() -> None:
    for output_format in FORMATS:
        options = ("--now", "2026-03-01", "--format", output_format)
        done = invoke("list", "-", *options, stdin=as_input(record()))
        assert "newest event is 59 days before" in done.err


# Terminals


def test_statuses_have_colours_on_terminals_only() -> None:
    source = as_input(disconnected())
    assert "\x1b[" in on_terminal("list", "-", stdin=source).out
    assert "\x1b[" not in invoke("list", "-", stdin=source).out


def test_no_colour_is_shown_to_whom_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in invoke("list", SAMPLE).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in invoke("list", SAMPLE).out


@pytest.mark.slow
@pytest.mark.parametrize("output_format", ["csv", "json", "ndjson"])
def test_a_terminal_shows_escapes_where_a_file_holds_names_as_they_are(output_format: str) -> None:
    name = "\u202eevil\x9b31m\x7f-北-lake"
    source = as_input(disconnected(device_name=name))
    arguments = ("list", "-", "--now", NOW, "--format", output_format)
    in_a_file = invoke(*arguments, stdin=source).out
    assert name in in_a_file
    shown = on_terminal(*arguments, stdin=source).out
    assert r"\u202eevil\x9b31m\x7f-北-lake" in shown
    assert shown.split("\n") == [visible(line) for line in in_a_file.split("\n")]


# Parts


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("calm-lake", 9, "calm-lake"),
        ("calm-lake", 8, "calm…ake"),
        ("calm-lake", 3, "c…e"),
        ("calm-lake", 1, "…"),
        ("東京東京", 8, "東京東京"),
        ("東京東京", 7, "東…東京"),
    ],
)
def test_shortened_names_fit(text: str, width: int, expected: str) -> None:
    assert shortened_to(text, width, "…") == expected
    assert cell_width(shortened_to(text, width, "…")) <= width


def test_the_mark_is_one_that_the_terminal_has() -> None:
    assert (mark_for("utf-8"), mark_for("latin-1"), mark_for("ascii")) == ("…", "~", "~")


def test_columns_go_from_the_last_on_but_never_those_that_stay() -> None:
    columns = [
        ListColumn("DEVICE", ["x" * 64], 12, is_fixed=True),
        ListColumn("STATUS", ["Operational"], 12, is_fixed=True),
        ListColumn("FLEET", ["acme/test"]),
        ListColumn("DETAIL", ["y" * 20]),
    ]
    kept = fitted(columns, 40, "~")
    assert [column.header for column in kept] == ["DEVICE", "STATUS", "FLEET"]
    assert [column.width for column in kept] == [16, 11, 9]
    kept = fitted(columns, 10, "~")
    assert [column.header for column in kept] == ["DEVICE", "STATUS"]


def test_only_without_room_are_words_shortened_too() -> None:
    columns = [
        ListColumn("DEVICE", ["x" * 64], 20, is_fixed=True, floor=8),
        ListColumn("STATUS", ["Reduced Functionality"], is_fixed=True, floor=8),
    ]
    assert [column.width for column in fitted(columns, 200, "~")] == [64, 21]
    assert [column.width for column in fitted(columns, 50, "~")] == [27, 21]
    assert [column.width for column in fitted(columns, 20, "~")] == [8, 10]
    assert columns[1].cells == ["Reduc~lity"]


def test_the_widest_column_is_shortened_first() -> None:
    columns = [
        ListColumn("FLEET", ["y" * 14], 12, is_fixed=True),
        ListColumn("DEVICE", ["x" * 64], 20, is_fixed=True),
    ]
    assert [column.width for column in fitted(columns, 40, "~")] == [14, 24]


def test_a_long_name_hides_no_fleet_in_a_wide_terminal() -> None:
    source = as_input(record(device_name=LONG))
    done = on_terminal("list", "-", "--now", NOW, stdin=source, columns=100)
    assert "FLEET" in plain(done.out)[0]


def test_cloudlink_is_shown_early_where_it_is_all_that_is_known() -> None:
    known = record(uuid="1" * 32)
    unknown = record()
    del unknown["api_heartbeat_state"]
    for records, is_early in (([unknown], True), ([known, unknown], False)):
        options = ("--allow-missing", "all", "--now", NOW)
        header = invoke("list", "-", *options, stdin=as_input(*records)).out.splitlines()[0]
        assert (header.index("CLOUDLINK") < header.index("FLEET")) == is_early
    assert "CLOUDLINK" not in invoke("list", "-", stdin=as_input(known)).out


def test_cloudlink_is_up_down_or_a_dash() -> None:
    unknown = record()
    del unknown["is_connected_to_vpn"]
    source = as_input(record(), record(is_connected_to_vpn=False), unknown)
    options = ("--allow-missing", "all", "--columns", "cloudlink")
    words = ["CLOUDLINK", "up", "down", "-"]
    assert invoke("list", "-", *options, stdin=source).out.split() == words


def test_columns_may_be_named_by_their_headers() -> None:
    names = "Update For,Update Status,api says"
    done = invoke("list", "-", "--columns", names, stdin=as_input(record()))
    assert done.out.split()[:7] == ["UPDATE", "FOR", "UPDATE", "STATUS", "API", "OVERALL", "STATUS"]


# Several rows of one uuid

DUPLICATES = as_input(disconnected(device_name="old"), record(device_name="new"))


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (("--attention",), []),
        (("--class", "disconnected"), []),
        (("--status", "Disconnected"), []),
        (("--reason", "no-link"), []),
        (("--status-for", "1h"), ["new"]),
        (("--quiet",), []),
        ((), ["old", "new"]),
    ],
)
def test_of_one_uuid_the_last_row_alone_can_be_chosen(
    choice: tuple[str, ...], names: list[str]
) -> None:
    options = ("-", "--now", NOW, "--columns", "device_name", *choice)
    done = invoke("list", *options, stdin=DUPLICATES)
    header = [] if "--quiet" in choice else ["DEVICE"]
    assert done.out.splitlines() == [*header, *names]
    assert "2 rows share a uuid with another row; the last of each uuid counts" in done.err


@pytest.mark.parametrize("output_format", ["table", "md", "html", "json", "text"])
def test_an_audit_says_which_row_counts(output_format: str) -> None:
    done = invoke("audit", "-", "--now", NOW, "--format", output_format, stdin=DUPLICATES)
    assert "the last of each uuid counts" in " ".join(done.out.split())
    assert "find takes" not in done.out


# Words of the command line


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--columns", ""), "--columns names ''"),
        (("--columns", "status,,fleet"), "--columns names ''"),
        (("--columns", "tag:"), "--columns names 'tag:'"),
        (("--sort", ""), "--sort names ''"),
        (("--sort", "-"), "--sort names ''"),
        (("--by", ""), "--by names ''"),
    ],
)
def test_a_name_of_no_column_is_told_with_the_option_that_was_typed(
    options: tuple[str, str], told: str
) -> None:
    done = invoke("list", "-", *options, stdin=as_input(record()))
    assert (done.code, done.out) == (2, "")
    assert told in done.err


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("chosen", [(), ("--columns", "device_name,error"), ("--by", "error")])
def test_errors_name_options_of_the_command_line(
    output_format: str, chosen: tuple[str, ...]
) -> None:
    source = as_input(*numbered(record(last_vpn_event="2026-01-01 00:00:00"), record()))
    done = invoke("list", "-", "--now", NOW, "--format", output_format, *chosen, stdin=source)
    assert done.code == 0
    assert "assume_utc" not in done.out
    assert ("pass --assume-utc" in done.out) == (output_format != "table" or chosen != ())


@pytest.mark.parametrize("output_format", ["csv", "json", "ndjson"])
def test_but_for_its_words_a_row_with_an_error_is_written_as_ever(output_format: str) -> None:
    source = as_input(*numbered(record(last_vpn_event="\N{SNOWMAN}", release=None), record()))
    options = ("list", "-", "--now", NOW, "--allow-missing", "all", "--by", "os_version")
    done = invoke(*options, "--format", output_format, stdin=source)
    table = fs.classify(source, now=NOW, on_error="keep", allow_missing="all", carry=["os_version"])
    assert done.out == "".join(written(table._named_columns(), output_format))
