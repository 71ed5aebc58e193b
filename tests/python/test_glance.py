"""What a table shows at a glance: what needs a person first, then counts and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, Record, table_of
from fleetstatus._show.glance import subject

HEARTBEAT_SINCE = "changed_api_heartbeat_state_on__date"


def named(name: str, **changes: Any) -> Record:
    return {"device_name": name, "uuid": f"{sum(name.encode()):032x}", **changes}


def down(name: str, **ago: float) -> Record:
    since = (NOW - timedelta(**ago)).isoformat()
    links = {"is_connected_to_vpn": False, "api_heartbeat_state": "offline"}
    return named(name, **links, **{HEARTBEAT_SINCE: since}, last_vpn_event=since)


def updating(name: str, status: str, **ago: float) -> Record:
    return named(
        name, update_status=status, last_update_status_event=(NOW - timedelta(**ago)).isoformat()
    )


FAILED_OS = {"provisioning_state": "OS update failed", "provisioning_progress": 50}
WELL = [named(f"well-{number}") for number in range(9)]
MIXED = table_of(
    *WELL,
    down("calm-lake", hours=3),
    down("old-barn", days=40),
    updating("slow-ox", "downloading", days=4),
    named("ice", is_frozen=True),
)


def lines(table: fs.StatusTable) -> list[str]:
    """Lines of the text without warnings and gaps."""
    gaps = {f"{field} not in the data: {hides}" for field, hides in table.fields_missing.items()}
    return [line for line in repr(table).splitlines() if line not in gaps and line[0] != "!"]


def page_of(shown: Any) -> str:
    text: str = shown._repr_mimebundle_()["text/html"]
    return text.partition("</style>")[2]


def rows_of(page: str) -> list[list[str]]:
    """Cells of the first table, without their colours."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [row.split("<td")[1:] for row in body.split("<tr>")[1:]]
    return [[cell.partition(">")[2].partition("</td>")[0] for cell in row] for row in rows]


def test_text_begins_with_what_needs_a_person() -> None:
    assert lines(MIXED)[:1] + lines(MIXED)[2:] == [
        "4 of 13 devices need attention, docs-2024-11",
        "  needs attention",
        "         2  disconnected",
        "         1  update-stuck",
        "         1  frozen",
        "  worst first",
        "    calm-lake                 disconnected     3 hours",
        "    old-barn                  disconnected     40 days",
        "    slow-ox                   update-stuck     4 days",
        "    ice                       frozen",
        "  status",
        "        10  Operational",
        "         2  Disconnected",
        "         1  Frozen",
    ]


def test_one_device_needs_attention_in_the_singular() -> None:
    assert lines(table_of(WELL[0], down("a", hours=1)))[0] == (
        "1 of 2 devices needs attention, docs-2024-11"
    )


def test_thousands_are_counted_in_groups_of_three() -> None:
    table = table_of(*[down("a", hours=1)] * 1000, *[WELL[0]] * 1000)
    assert lines(table)[0].startswith("1,000 of 2,000 devices need attention")
    assert "     1,000  disconnected" in lines(table)
    assert "    and 995 more: .attention()" in lines(table)
    assert "<b>1,000</b>" in page_of(table)
    many = table_of(*[down("a", hours=1)] * 1005, *[WELL[0]] * 2)
    assert "    and 1,000 more: .attention()" in lines(many)


def test_text_of_a_table_on_which_all_is_well_has_counts_alone() -> None:
    table = table_of(*WELL)
    assert lines(table)[0] == "9 devices, docs-2024-11"
    assert lines(table)[2:] == ["         9  Operational"]


def test_text_names_five_devices_and_counts_the_rest() -> None:
    table = table_of(*WELL, *(down(f"down-{number}", hours=number + 1) for number in range(8)))
    at = lines(table).index("  worst first")
    assert [line.split()[0] for line in lines(table)[at + 1 : at + 6]] == [
        f"down-{number}" for number in range(5)
    ]
    assert lines(table)[at + 6] == "    and 3 more: .attention()"


def test_rows_that_all_need_a_person_keep_their_order() -> None:
    table = MIXED.attention()[::-1]
    at = lines(table).index("  first rows")
    assert [line.split()[0] for line in lines(table)[at + 1 : at + 5]] == [
        *("ice", "slow-ox", "old-barn", "calm-lake")
    ]
    many = table_of(*(down(f"down-{number}", hours=9 - number) for number in range(6)))
    assert "    and 1 more row" in lines(many)


def test_lines_fit_sixty_columns() -> None:
    table = table_of(*WELL, named("n" * 100, is_frozen=True), down("東京" * 20, days=999))
    for line in lines(table)[2:]:
        assert len(line.encode("euc_jp")) <= 60  # two bytes a wide character
    assert "    " + "東京" * 5 + "...   disconnected     999 days" in lines(table)
    assert "    " + "n" * 21 + "...  frozen" in lines(table)


def test_names_in_the_text_steer_no_terminal() -> None:
    table = table_of(WELL[0], down("a\x1b[2J\u202e\n", hours=1))
    assert r"    a\x1b[2J\u202e\x0a" in repr(table)
    assert "\x1b" not in repr(table)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (down("a", days=2), "disconnected     2 days"),
        (updating("a", "downloaded", days=3), "update-stuck     3 days"),
        (updating("a", "rejected", days=5), "update-failed    5 days"),
        (updating("a", "aborted", days=6), "update-failed    6 days"),
        (updating("a", "done", days=6) | FAILED_OS, "update-failed"),
        (named("a", is_frozen=True), "frozen"),
        (named("a", api_heartbeat_state="?", is_connected_to_vpn=False), "unreadable"),
    ],
)
def test_the_duration_is_of_what_is_the_matter(record: Record, told: str) -> None:
    table = table_of(record, WELL[0], on_error="keep")
    assert f"    {'a':<24}  {told}" in lines(table)


def test_what_has_no_beginning_has_no_duration() -> None:
    frozen = table_of(named("a", is_frozen=True), WELL[0], scheme="api-v6", allow_missing="all")
    assert frozen["status_duration_s"][0] is not None
    assert f"    {'a':<24}  frozen" in lines(frozen)
    unreadable = table_of(named("a", update_status=5), WELL[0], on_error="keep")
    assert unreadable["status_duration_s"][0] is not None
    assert f"    {'a':<24}  unreadable" in lines(unreadable)


# HTML


def test_html_begins_with_what_needs_a_person() -> None:
    page = page_of(MIXED)
    shown = [
        '<div class="title">4 of 13 devices need attention, docs-2024-11</div>',
        '<div class="keys">Need attention: <span>',
        'disconnected <b>2</b></span> · <span><i class="key"',
        'frozen <b>1</b></span></div><div class="note">as of 2026-11-01 12:00:00Z',
        '<div class="bar">',
        "Operational <b>10</b>",
        '<div class="caption">Worst first</div><table class="stacked">',
        '<div class="caption">First rows</div><table class="stacked">',
        '<div class="note">and 8 more rows</div>',
    ]
    places = [page.index(text) for text in shown]
    assert places == sorted(places)
    assert "more: .attention()" not in page


def test_html_shows_durations_in_words_beside_times() -> None:
    assert rows_of(page_of(MIXED))[:3] == [
        [
            *("calm-lake", "", "disconnected"),
            '<i class="key" style="background:#ad2a12"></i>Disconnected',
            *("no-link", "2026-11-01 09:00:00Z (3 hours)", ""),
        ],
        [
            *("old-barn", "", "disconnected"),
            '<i class="key" style="background:#ad2a12"></i>Disconnected',
            *("no-link", "2026-09-22 12:00:00Z (40 days)", ""),
        ],
        [
            *("slow-ox", "", "update-stuck"),
            '<i class="key" style="background:#009e73"></i>Operational',
            *("both-links", "2026-10-21 08:00:00Z (11 days)", "Downloading for 4 days"),
        ],
    ]


def test_html_of_few_rows_is_one_table_in_their_order() -> None:
    page = page_of(MIXED[6:13])
    assert page.count("<table") == 1
    assert "caption" not in page
    assert "more" not in page.partition("</table>")[0]
    assert [row[0] for row in rows_of(page)] == [
        *("well-6", "well-7", "well-8", "calm-lake", "old-barn", "slow-ox", "ice")
    ]


def test_html_of_rows_that_are_all_well_or_all_not_is_one_table() -> None:
    well = page_of(table_of(*WELL))
    assert well.count("<table") == 1
    assert well.count("<tr>") == 1 + 8
    assert '<div class="note">and 1 more row</div>' in well
    assert "Need attention" not in well
    unwell = page_of(table_of(*(down(f"down-{number}", hours=number) for number in range(1, 11))))
    assert unwell.count("<table") == 1
    assert "and 2 more rows" in unwell
    assert "Need attention: " in unwell  # of one class, so that the bar is of statuses


def test_html_shows_five_of_many_twice() -> None:
    table = table_of(*WELL, *(down(f"down-{number}", hours=number + 1) for number in range(8)))
    page = page_of(table)
    assert page.count("<tr>") == 2 * (1 + 5)
    assert '<div class="note">and 3 more: .attention()</div>' in page
    assert '<div class="note">and 12 more rows</div>' in page


def test_html_of_no_rows_has_no_bar_and_no_table() -> None:
    page = page_of(MIXED[:0])
    assert '<div class="title">0 devices, docs-2024-11</div>' in page
    assert "<table" not in page
    assert 'class="bar"' not in page


# What the bar is about


@pytest.mark.parametrize(
    ("records", "column"),
    [
        ([WELL[0]], "status"),
        ([WELL[0], down("a", hours=1)], "status"),
        ([down("a", hours=1), down("b", hours=2)], "status"),
        ([down("a", hours=1), named("b", is_frozen=True)], "attention"),
        ([updating("a", "downloading", days=9), updating("b", "downloaded", days=9)],
         "update_status"),
        ([updating("a", "downloading", hours=1), updating("b", "downloaded", hours=1)],
         "update_status"),
        ([updating("a", "downloading", hours=1), updating("b", "downloading", hours=1)], "status"),
        ([updating("a", "downloading", hours=1), updating("b", "done", hours=1)], "status"),
        ([updating("a", "downloading", hours=1), updating("b", "downloaded", hours=1), WELL[0]],
         "status"),
        ([], "status"),
    ],
)  # fmt: skip
def test_the_bar_is_of_what_the_table_is_about(records: list[Record], column: str) -> None:
    table = table_of(*records)
    assert subject(table._core) == column
    if records:
        labels = {label for label in table[column].to_list() if label}
        bar = page_of(table).partition('<div class="bar">')[2].partition('<div class="keys">')[0]
        assert bar.count("title=") == len(labels)
        assert all(f'title="{label}: ' in bar for label in labels)


# Other things


def test_a_device_in_a_prompt_begins_with_what_needs_a_person() -> None:
    assert repr(MIXED[9]) == (
        "DeviceStatus(device_name='calm-lake', attention='disconnected', status='Disconnected', "
        "reason='no-link', status_since='2026-11-01 09:00:00Z (3 hours)', "
        f"uuid='{sum(b'calm-lake'):032x}')"
    )
    uuid = f"{sum(b'slow-ox'):032x}"
    assert repr(MIXED[11]).endswith(f"update_status='Downloading for 4 days', uuid='{uuid}')")


def test_a_device_without_a_uuid_has_its_number() -> None:
    table = table_of(
        {"uuid": None, "belongs_to__application": {"slug": "acme/kiosk"}, "device_name": "x\x1b"},
        {"is_active": "?"},
        on_error="keep",
    )
    assert repr(table[0]).endswith("fleet='acme/kiosk', id='1')")
    assert r"device_name='x\\x1b'" in repr(table[0])
    assert "id=" not in repr(table[1]).replace("uuid=", "")
    assert "attention='unreadable', status='unknown', " in repr(table[1])
    assert "error='" in repr(table[1])


def test_a_device_in_a_notebook_folds_what_is_not_read_first() -> None:
    page = page_of(MIXED[9])
    first, _, folded = page.partition("<details><summary>All that is known</summary>")
    assert '<i class="key" style="background:#ad2a12"></i>calm-lake</div>' in first
    assert [row[0] for row in rows_of(first)] == [
        *("attention", "status", "reason", "status_since", "uuid")
    ]
    assert ["cloudlink", "no"] in rows_of(folded)
    assert ["status_duration", "3 hours"] in rows_of(folded)
    assert ["status_since", "2026-11-01 09:00:00Z"] in rows_of(folded)


def test_an_explanation_folds_how_it_was_decided() -> None:
    page = page_of(MIXED.explain(9))
    first, _, folded = page.partition("<details><summary>How this was decided</summary>")
    assert [row[0] for row in rows_of(first)] == [
        *("attention", "first step", "why this status", "snapshot", "status since"),
        *("unavailable", "as of"),
    ]
    assert [row[0] for row in rows_of(folded)] == ["decided by", "ruled out", "not in the data"]
    assert folded.endswith("</table></details></div>")


def test_an_explanation_in_a_prompt_is_its_text() -> None:
    explanation = MIXED.explain(9)
    assert repr(explanation) == str(explanation)
    assert str(explanation).startswith("calm-lake: needs attention (disconnected), status ")


def test_a_scan_says_what_it_reads() -> None:
    path = fs.sample_fleet()
    tail = "docs-2024-11: iterate for tables of up to 65,536 rows>"
    assert repr(fs.scan(path)) == f"<Scan of 'fleet.json', {tail}"
    assert repr(fs.scan(path.read_bytes())) == f"<Scan of a source in memory, {tail}"
    assert repr(fs.scan([path, path])) == f"<Scan of 2 sources, {tail}"
    assert repr(fs.scan(iter([path]))) == f"<Scan of an iterator of sources, {tail}"
    small = fs.scan("gone/a\x1b[2J.json", batch_size=10, scheme="api-v7")
    assert repr(small) == (
        r"<Scan of 'a\x1b[2J.json', api-v7: iterate for tables of up to 10 rows>"
    )


def test_all_that_is_known_of_a_device_is_in_words() -> None:
    device = table_of(named("a"), carry=["os_version"], allow_missing="all")[0]
    page = page_of(device)
    first, _, folded = page.partition("<details>")
    assert '<i class="key" style="background:#009e73"></i>a</div>' in first  # of its status
    assert first.count('<td class="prose">') == 2 * len(rows_of(first))
    known = dict(rows_of(folded))
    assert "None" not in known.values()
    assert "os_version" not in known
    assert known["capabilities"].startswith("ssh, web terminal, ")
    assert known["heartbeat_state"] == "online"
    assert isinstance(device.heartbeat_state, fs.HeartbeatState)
    assert hash(device) == hash(table_of(named("a"), allow_missing="all")[0])


EMPTY = fs.classify([], now=NOW)


def test_an_empty_source_says_nothing_of_fields() -> None:
    assert repr(EMPTY).splitlines() == [
        "0 devices, docs-2024-11",
        "as of 2026-11-01 12:00:00Z, no event in the data",
    ]
    assert "not in the data" not in page_of(EMPTY)
    assert "uuid" in EMPTY.fields_missing


def test_no_row_of_a_source_leaves_its_gaps() -> None:
    table = fs.classify([named("a")], now=NOW, allow_missing="all")
    assert "is_frozen not in the data: no device can show as Frozen" in repr(table[:0])


@pytest.mark.parametrize("columns", [40, 60])
def test_warnings_and_gaps_fit_a_terminal(terminal: Any, columns: int) -> None:
    table = fs.classify([named("a", overall_status="updating")], now=NOW, allow_missing="all")
    whole = repr(table)
    terminal(columns)
    shown = repr(table)
    assert max(map(len, shown.splitlines())) <= columns
    assert " ".join(shown.split()) == " ".join(whole.split())
    first, *others = [
        line for line in shown.splitlines() if "is_frozen" in line or line[:2] == "  "
    ]
    assert first.startswith("  ")
    assert others
    assert table._repr_mimebundle_()["text/plain"] == shown
