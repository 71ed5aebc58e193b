"""Counts by groups as a cross table, in text as wide as the terminal and in HTML."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

import fleetstatus as fs
from examples import Record, table_of
from fleetstatus._show.cross import Cross
from fleetstatus._show.lines import aligned, in_blocks, terminal_width
from fleetstatus._words.text import cell_width

DOWN = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
REDUCED = {"api_heartbeat_state": "offline"}
ASLEEP = {"is_active": False}
FROZEN = {"is_frozen": True}


def fleet(slug: str, **changes: Any) -> Record:
    return {"belongs_to__application": {"slug": slug}, **changes}


TABLE = table_of(
    *(fleet("acme/weather") for _ in range(1200)),
    fleet("acme/weather", **ASLEEP),
    fleet("acme/tide", **REDUCED),
    fleet("acme/tide", **FROZEN),
    DOWN,
)


def page_of(summary: fs.Summary) -> str:
    text: str = summary._repr_mimebundle_()["text/html"]
    return text.partition("</style>")[2]


def test_groups_are_rows_and_labels_that_occur_are_columns() -> None:
    assert str(TABLE[1199:].summary(by="fleet")).splitlines() == [
        "                                          Reduced",
        "fleet         devices  Operational  Functionality  Disconnected  Inactive",
        "acme/tide           2            0              1             0         0",
        "acme/weather        2            1              0             0         1",
        "-                   1            0              0             1         0",
        "total               5            1              1             1         1",
        "",
        "fleet         Frozen",
        "acme/tide          1",
        "acme/weather       0",
        "-                  0",
        "total              1",
        "shares and durations: .to_dicts() or .to_pandas()",
    ]


def test_a_wide_terminal_gets_one_block(terminal: Any) -> None:
    terminal(120)
    assert str(TABLE.summary(by="fleet", of="reason")).splitlines() == [
        "                                          no-  cloudlink-  both-",
        "fleet         devices  frozen  inactive  link        only  links",
        "acme/tide           2       1         0     0           1      0",
        "acme/weather    1,201       0         1     0           0  1,200",
        "-                   1       0         0     1           0      0",
        "total           1,204       1         1     1           1  1,200",
        "shares and durations: .to_dicts() or .to_pandas()",
    ]


@pytest.mark.parametrize("width", [30, 42, 60, 81, 82, 120])
def test_lines_are_no_longer_than_the_terminal(terminal: Any, width: int) -> None:
    terminal(width)
    lines = str(TABLE.summary(by="fleet")).splitlines()[:-1]
    assert max(map(len, lines)) <= width
    assert (
        sum(line.startswith("total") for line in lines)
        == {30: 5, 42: 3, 60: 2, 81: 1, 82: 1, 120: 1}[width]
    )


def test_one_group_has_no_total() -> None:
    lines = str(TABLE.where(fleet="acme/tide").summary(by="fleet")).splitlines()
    assert [line.split()[0] for line in lines] == ["Reduced", "fleet", "acme/tide", "shares"]


def test_without_groups_there_is_a_line_for_each_label() -> None:
    lines = str(TABLE.summary()).splitlines()
    assert lines[0].split() == ["status", "devices", "share", "median", "p95"]
    assert len(lines) == 1 + 8
    assert "shares and durations" not in str(TABLE.summary())
    assert lines[1].startswith("Operational              1,200  99.7%  " + "█" * 20 + "  ")
    assert lines[2].startswith("Reduced Functionality        1   0.1%  ")
    assert lines[-1] == f"Frozen                       1   0.1%  █{'':19}  -        -"


def test_null_among_labels_has_its_column() -> None:
    table = table_of(fleet("a"), fleet("b", api_heartbeat_state="odd"), on_error="keep")
    lines = str(table.summary(by="fleet")).splitlines()
    assert lines[0].split() == ["fleet", "devices", "Operational", "unknown"]
    assert [line.split() for line in lines[1:4]] == [
        ["a", "1", "1", "0"],
        ["b", "1", "0", "1"],
        ["total", "2", "1", "1"],
    ]
    assert str(TABLE.summary(by="fleet", of="attention")).splitlines()[0].split()[-1] == "none"


def test_several_columns_make_the_groups() -> None:
    lines = str(TABLE.summary(by=["fleet", "cloudlink"])).splitlines()
    assert lines[1].split()[:3] == ["fleet", "cloudlink", "devices"]
    assert lines[2].split()[:3] == ["acme/tide", "True", "2"]
    assert lines[5].split()[:2] == ["total", "1,204"]


def test_fifty_groups_are_shown_and_the_rest_is_in_the_total() -> None:
    table = table_of(*(fleet(f"f/{number:03}") for number in range(51)))
    lines = str(table.summary(by="fleet")).splitlines()
    assert [lines[0].split()[0], lines[1].split()[0], lines[50].split()[0]] == [
        *("fleet", "f/000", "f/049")
    ]
    assert lines[51].split() == ["total", "51", "51"]
    assert lines[52] == "and 1 more group, which the total includes"
    assert "f/050" not in page_of(table.summary(by="fleet"))
    assert "more group" not in str(table[:50].summary(by="fleet"))
    assert "more group, which the total includes</div>" in page_of(table.summary(by="fleet"))


def test_names_are_cut_and_steer_nothing() -> None:
    lines = str(table_of(fleet("x" * 40), fleet("a\x1b\n")).summary(by="fleet")).splitlines()
    assert lines[1].startswith(r"a\x1b\x0a  ")
    assert lines[2].startswith("x" * 29 + "...        1")


def test_a_label_that_a_group_lacks_counts_as_none() -> None:
    table = table_of(fleet("a"), fleet("b", api_heartbeat_state="odd"), on_error="keep")
    summary = table.summary(by="fleet")
    rows = tuple(row for row in summary.rows if row["devices"])
    page = Cross(summary.by, summary.of, rows).to_html()
    assert "Operational: 1 (100.0%)" in page
    assert "unknown: 1 (50.0%)" in page  # of both
    assert page.count('title="unknown: 1 (100.0%)"') == 1
    assert page.count("title=") == 4
    assert [
        line.split() for line in Cross(summary.by, "status", rows).to_text().splitlines()[1:4]
    ] == [
        ["a", "1", "1", "0"],
        ["b", "1", "0", "1"],
        ["total", "2", "1", "1"],
    ]


def test_html_has_a_bar_and_a_column_for_each_label() -> None:
    page = page_of(TABLE.summary(by="fleet"))
    head, _, body = page.partition("</thead>")
    assert '<th>fleet</th><th class="number">devices</th><th></th>' in head
    assert (
        '<th class="number"><i class="key" style="background:#009e73"></i><br>Operational</th>'
        in head
    )
    assert head.count("<th") == 1 + 3 + 5
    assert body.startswith('<tbody><tr><td data-label="fleet">acme/tide</td>')
    assert '<td class="number" data-label="devices">2</td><td><div class="bar">' in body
    assert '<td class="number" data-label="Reduced Functionality">1</td>' in body
    assert 'title="Frozen: 1 (50.0%)"' in body
    assert '<td data-label="fleet">total</td>' in body
    assert '<div class="note">shares and durations: .to_dicts() or .to_pandas()</div>' in page


def test_reasons_have_no_colours_and_so_no_bar() -> None:
    page = page_of(TABLE.summary(by="fleet", of="reason"))
    assert 'class="bar"' not in page
    assert 'class="key"' not in page
    assert '<th class="number">no-link</th>' in page


def test_names_of_columns_and_groups_make_no_markup() -> None:
    table = table_of(fleet('<b>&"'), carry=["os_version"], allow_missing="all")
    page = page_of(table.summary(by=["fleet", "os_version"]))
    assert '<td data-label="fleet">&lt;b&gt;&amp;&quot;</td><td data-label="os_version">-</td>' in (
        page
    )


def test_no_groups_are_a_heading() -> None:
    summary = fs.classify([]).summary(by="fleet")
    assert str(summary).splitlines() == [
        "fleet  devices",
        "shares and durations: .to_dicts() or .to_pandas()",
    ]


# Lines


def test_columns_are_measured_in_cells() -> None:
    lines = aligned([["東京", "7"], ["a", "1,000"]], right={1})
    assert lines == ["東京      7", "a     1,000"]
    assert {cell_width(line) for line in lines} == {11}
    assert aligned([["a", "b"], ["", ""]]) == ["a  b", ""]


def test_blocks_fill_a_width_and_repeat_the_names() -> None:
    assert in_blocks([10, 5, 5, 5], 1, 24) == [[0, 1, 2], [0, 3]]
    assert in_blocks([10, 5, 5, 5], 1, 23) == [[0, 1], [0, 2], [0, 3]]
    assert in_blocks([10, 5, 5, 5], 1, 31) == [[0, 1, 2, 3]]
    assert in_blocks([3, 4, 50], 2, 10) == [[0, 1, 2]]
    # Two names take 3 + 4 cells, with a gap behind each; of 20 cells they leave 9.
    assert in_blocks([3, 4, 9, 9], 2, 20) == [[0, 1, 2], [0, 1, 3]]
    assert in_blocks([3, 4, 10, 9], 2, 20) == [[0, 1, 2], [0, 1, 3]]
    assert in_blocks([3, 4, 3, 4], 2, 20) == [[0, 1, 2, 3]]
    assert in_blocks([3, 4, 3, 5], 2, 20) == [[0, 1, 2], [0, 1, 3]]


def test_the_width_is_that_of_the_terminal(terminal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert terminal_width() is None
    terminal(50)
    assert terminal_width() == 50
    monkeypatch.setattr(sys, "stdout", None)
    assert terminal_width() is None


def test_an_explanation_in_a_prompt_fits_the_terminal(terminal: Any) -> None:
    explanation = TABLE.explain(len(TABLE) - 1)
    assert max(map(len, repr(explanation).splitlines())) > 100
    terminal(60)
    assert repr(explanation) == explanation.to_text(60)
    assert max(map(len, repr(explanation).splitlines())) <= 60
    assert max(map(len, str(explanation).splitlines())) > 100
    assert explanation._repr_mimebundle_()["text/plain"] == repr(explanation)


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_names_leave_room_for_counts(terminal: Any, columns: int) -> None:
    terminal(columns)
    release = {"is_running__release": {"raw_version": "1.0.0-" + "z" * 90}}
    table = table_of(fleet("acme/" + "f" * 90, **release), fleet("acme/tide", **DOWN))
    lines = str(table.summary(by=["fleet", "release"])).splitlines()[:-1]
    assert max(map(cell_width, lines)) <= columns
    assert any("f..." in line and "z..." in line for line in lines)


def test_names_are_not_cut_where_counts_have_room(terminal: Any) -> None:
    terminal(60)
    summary = fs.classify(fs.sample_fleet()).summary(by=["fleet", "release"])
    assert "northwind/field-gateway  5.3.0 " in str(summary)
    assert "..." not in str(summary)


@pytest.mark.parametrize("columns", [40, 60, 75, 80])
def test_bars_are_as_long_as_there_is_room(terminal: Any, columns: int) -> None:
    terminal(columns)
    lines = str(TABLE.summary()).splitlines()
    assert max(map(cell_width, lines)) <= columns
    longest = max(line.count("█") for line in lines)
    assert longest == (0 if columns <= 60 else min(columns - 57, 20))
    assert sum("99.7%" in line for line in lines) == 1
    assert "p95" in str(TABLE.summary())


def test_what_is_more_than_nothing_has_a_bar() -> None:
    bars = {line.split()[0]: line.count("█") for line in str(TABLE.summary()).splitlines()}
    assert (bars["Operational"], bars["Frozen"], bars["Updating"]) == (20, 1, 0)


def test_on_a_narrow_screen_each_label_is_a_list() -> None:
    page = page_of(TABLE.summary())
    assert '<table class="stacked">' in page
    assert '<td class="number" data-label="share">99.7%</td>' in page


def test_where_there_are_no_squares_bars_are_of_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    text = str(TABLE.summary())
    assert f"  {'#' * 20}  " in text
    assert text.isascii()
