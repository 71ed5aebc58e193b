"""Explanations as text, Markdown and JSON: names do no harm, lines fit, nothing is lost."""

from __future__ import annotations

import json
import math
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import fleetstatus as fs
from examples import NOW, Record, device_record, table_of
from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import cell_width, markdown, visible, wrapped

HOSTILE = "a | `b` *c* _d_ ~e~ [f](http://g.example) <h> &lt; @i #1 :smile: $j$ \\ www.k.example"
EVENTS = {
    "last_vpn_event": "2026-10-29T12:00:00.250Z",
    "update_status": "downloaded",
    "last_update_status_event": "2026-10-05T12:00:00Z",
}
RECORDS: dict[str, Record] = {
    "well": device_record(),
    "stuck": device_record(**EVENTS),
    "disagrees": device_record(overall_status="configuring"),
    "unreadable": device_record(is_active="?", overall_status="updating"),
    "partial": {"is_frozen": False, "device_name": "bare"},
    "hostile": device_record(
        device_name=HOSTILE,
        provisioning_state=HOSTILE + "\x1b[2J\u202e",
        provisioning_progress=3,
        overall_status=HOSTILE,
        is_running__release=[{"id": 7, "raw_version": HOSTILE}],
    ),
    "wide": device_record(device_name="東京" * 40, status="x" * 300),
}
each_record = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)


def explained(record: Record, **options: Any) -> fs.Explanation:
    return fs.explain(record, now=NOW, **options)


# The API's own answer


def test_the_api_is_quoted_where_the_rules_say_otherwise() -> None:
    explanation = explained(RECORDS["disagrees"])
    assert explanation.status == "Operational"
    assert explanation.api_overall_status == "configuring"
    assert explanation.api_note == "The rules of api-v7 give operational."
    assert re.search(r"API's answer +configuring\n +The rules of api-v7", str(explanation))


def test_the_api_is_not_quoted_where_it_agrees() -> None:
    explanation = explained(device_record(overall_status="operational"))
    assert (explanation.api_overall_status, explanation.api_note) == (None, None)
    assert "API's answer" not in str(explanation)


def test_the_api_is_quoted_where_the_rules_say_nothing() -> None:
    explanation = explained(RECORDS["unreadable"])
    assert (explanation.status, explanation.api_overall_status) == (None, "updating")
    assert "give none" in str(explanation.api_note)


def test_an_answer_by_is_online_is_explained() -> None:
    record = device_record(overall_status="reduced-functionality", is_online=False)
    assert "went by is_online" in str(explained(record).api_note)
    for other in ({"is_online": True}, {"is_online": None}, {}):
        record = device_record(overall_status="reduced-functionality", **other)
        assert "went by is_online" not in str(explained(record).api_note)


def test_a_row_is_compared_in_the_words_of_its_table() -> None:
    table = table_of({"overall_status": "idle"}, {"overall_status": "offline"})
    assert table.explain(0).api_note is None
    assert table.explain(1).api_note == "The rules of api-v6 give idle."


def test_an_overwritten_status_is_explained_by_the_answer_of_the_api() -> None:
    record = device_record(status="updating", download_progress=4, overall_status="updating")
    explanation = explained(record)
    assert (explanation.attention, explanation.status) == (fs.Attention.UNREADABLE, None)
    assert explanation.api_overall_status == "updating"
    assert "balena device UUID --json" in str(explanation)


# The release


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_running__release": [{"id": 7, "raw_version": "1.2.3"}]}, "1.2.3"),
        (
            {
                "is_running__release": [{"id": 7, "raw_version": "1.2.3"}],
                "is_pinned_on__release": [{"id": 7}],
            },
            "1.2.3, on target",
        ),
        (
            {"is_running__release": [{"id": 7}], "is_pinned_on__release": [{"id": 8}]},
            "7, not on target",
        ),
    ],
)
def test_what_runs_is_told(changes: Record, told: str) -> None:
    explanation = explained(device_record(**changes))
    assert f"  release          {told}\n" in str(explanation)
    assert explanation.to_dict()["release"] == told.partition(",")[0]


# Text


def test_the_age_of_the_data_ends_the_text() -> None:
    last = str(explained(RECORDS["stuck"])).splitlines()[-1]
    assert last == "  as of            2026-11-01 12:00:00Z, newest event 2 days before"


@each_record
@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_lines_fit_the_width(record: Record, width: int) -> None:
    text = explained(record).to_text(width)
    assert max(map(cell_width, text.splitlines())) <= max(width, 39)
    assert all(line.isprintable() for line in text.splitlines())


@each_record
def test_wrapping_loses_nothing(record: Record) -> None:
    explanation = explained(record)
    assert explanation.to_text() == explanation.to_text(None) == str(explanation)
    bare = [re.sub(r"\s", "", text) for text in (explanation.to_text(60), str(explanation))]
    assert bare[0] == bare[1]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("x abcdefgh", 4, ["x", "abcd", "efgh"]),
        ("a  b", 10, ["a  b"]),
        ("東京駅", 5, ["東京", "駅"]),
        ("東", 1, ["東"]),
        ("\uff21\uff22", 2, ["\uff21", "\uff22"]),
        ("e\u0301e\u0301", 1, ["e\u0301", "e\u0301"]),
        ("a\u20dda\u200d", 2, ["a\u20dda\u200d"]),
    ],
)
def test_text_is_wrapped_by_cells(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_an_old_snapshot_is_told_of_a_row_before_what_decided_it() -> None:
    table = table_of(EVENTS)
    warning = "The newest event is 2 days before this moment: the snapshot may be that old."
    lines = str(table.explain(0)).splitlines()
    [line] = [line for line in lines if line.startswith("  snapshot ")]
    assert line.endswith(warning)
    assert lines.index(line) < next(i for i, line in enumerate(lines) if "decided by" in line)
    assert explained(RECORDS["stuck"]).old_snapshot is None
    just_now = {"last_vpn_event": "2026-11-01T11:30:00Z"}
    assert table_of(EVENTS | just_now).explain(0).old_snapshot is None


# HTML


def test_the_colour_is_that_of_the_class() -> None:
    page = explained(RECORDS["stuck"])._repr_mimebundle_()["text/html"]
    assert f'background:{colour_of("update-stuck")}"></i>quiet-river: needs attention' in page
    page = explained(RECORDS["well"])._repr_mimebundle_()["text/html"]
    assert f'background:{colour_of("Operational")}"></i>quiet-river: Operational' in page


# Markdown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01 12:00:00Z (3 days)",
        "api_heartbeat_state: online",
        "Check power and network. A device - it's old - still looks connected.",
        "application_config_variable: cloudlink counts as expected (unless the fleet says so)!",
        "northwind/field-gateway",
        "10.1.2.3",
    ],
)
def test_plain_text_has_no_backslashes(text: str) -> None:
    assert markdown(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("__x__", r"\_\_x\_\_"),
        ("http://x", r"http\://x"),
        ("www.x.org", r"www\.x.org"),
        (":smile: 12:30:45", r"\:smile: 12:30:45"),
        (":100:", r"\:100:"),
        ("&lt; & co", r"\&lt; & co"),
        ("@who a@b.c # #5", r"\@who a\@b.c # \#5"),
        ("> quote", r"\> quote"),
        ("- list", r"\- list"),
        ("12. list", r"12\. list"),
        ("-5", "-5"),
        ("![x](y)", r"!\[x\](y)"),
        ("a\nb", r"a\\x0ab"),
    ],
)
def test_text_that_would_be_markup_is_escaped(text: str, shown: str) -> None:
    assert markdown(text) == shown


@each_record
def test_markdown_is_a_heading_and_a_list(record: Record) -> None:
    explanation = explained(record)
    heading, empty, *items = explanation.to_markdown().splitlines()
    assert heading.startswith("### ")
    assert empty == ""
    assert all(re.match(r"(- \*\*[\w' ]+:\*\*|  - )", item) for item in items)
    assert markdown(explanation.message) in explanation.to_markdown()


def test_names_are_no_markup() -> None:
    text = explained(RECORDS["hostile"]).to_markdown()
    # In the heading the name and the detail; the API's answer; the release.
    assert text.count(markdown(HOSTILE)) == 4
    for harm in ("](", "http:/", " *c*", " <h>", " @i", "\x1b", "\u202e"):
        assert harm not in text.replace(r"\](", "")


class Shown(HTMLParser):
    """Text and tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\\`*_[]()<>&#!|~-+=.:@ 1a"))))
@example("1. a")
@example("12) a")
@example("a_b __c__ _d_")
@example("<!-- -->")
@example("&#35; &amp; & &copy")
@example("      > code")
@example("      code")
@example("Setext\n===")
@example("~~x~~ ~y~")
def test_markdown_shows_any_text_as_it_is(name: str) -> None:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for before, tags in (
        ("### x ", {"h3"}),
        ("- ", {"ul", "li"}),
        ("- **y:** ", {"ul", "li", "strong"}),
    ):
        shown = Shown(reader.render(f"{before}{markdown(name)} z"))
        prefix = "".join(c for c in before if c not in "#*-").strip()
        assert shown.tags == tags
        assert shown.text.split() == f"{prefix} {visible(name)} z".split()


# JSON


@each_record
def test_a_dict_is_what_json_takes(record: Record) -> None:
    explanation = explained(record)
    content = explanation.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    names = set(explanation.__dataclass_fields__)
    renamed = {"status_duration": "status_duration_s"}
    renamed |= {"update_status_duration": "update_status_duration_s"}
    assert {renamed.get(name, name) for name in names} == set(content) - {"why"}


def test_values_of_a_dict_are_those_of_the_explanation() -> None:
    explanation = explained(RECORDS["stuck"])
    content = explanation.to_dict()
    assert content["attention"] == "update-stuck"
    assert content["status_since"] == "2026-10-29T12:00:00.250Z"
    assert content["status_duration_s"] == 3 * 86_400 - 1
    assert content["update_status_duration_s"] == 27 * 86_400
    assert content["now"] == "2026-11-01T12:00:00Z"
    assert content["because"][0] == {"field": "is_connected_to_vpn", "value": True}
    assert {"ssh", "host os update"} <= {*content["available"], *content["uncertain"]}
    assert content["ruled_out"][0] == {"reason": "frozen", "why": "the device is not frozen"}
    assert content["why"] == fs.Reason.BOTH_LINKS.message


def test_a_value_that_json_cannot_hold_is_null() -> None:
    record = device_record(
        is_frozen=math.nan,
        last_connectivity_event=math.nan,
        is_connected_to_vpn=False,
        api_heartbeat_state="unknown",
    )
    because = explained(record).to_dict()["because"]
    assert {"field": "last_connectivity_event", "value": None} in because


def test_a_name_stays_as_it_is_in_json() -> None:
    content = explained(RECORDS["hostile"]).to_dict()
    assert content["device"] == HOSTILE
    assert content["detail"].endswith("\x1b[2J\u202e")


def test_a_status_that_is_not_known_is_called_so() -> None:
    assert str(explained(RECORDS["partial"])).splitlines()[0] == "bare: status unknown"
    assert ", status unknown" in str(explained(RECORDS["unreadable"])).splitlines()[0]


# What is no device record


@pytest.mark.parametrize(
    "record",
    [
        {"d": [device_record(), device_record()]},
        {"d": []},
        {"owns__device": [device_record()] * 2, "slug": "acme/pumps", "id": 3},
    ],
    ids=["envelope", "empty envelope", "fleet"],
)
def test_several_devices_are_not_explained_as_one(record: Record) -> None:
    with pytest.raises(ValueError, match="record of one device"):
        fs.explain(record)


@pytest.mark.parametrize(
    "record", [{}, {"id": 5}, {"error": "Unauthorized"}, {"slug": "a/b", "app_name": "b"}], ids=repr
)
def test_what_is_no_device_record_is_refused(record: Record) -> None:
    with pytest.raises(fs.NotDevicesError):
        fs.explain(record)


def test_options_of_reading_hold() -> None:
    naive = device_record(last_vpn_event="2026-10-29T12:00:00")
    assert explained(naive).attention is fs.Attention.UNREADABLE
    assert explained(naive, assume_utc=True).status_duration == timedelta(days=3)
    window = explained(device_record(), default_poll_interval=timedelta(minutes=10)).disconnected_by
    assert window == NOW + timedelta(minutes=15, seconds=15)
