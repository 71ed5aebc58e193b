"""HTML for notebooks: names that strangers have chosen are shown, and do nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

import fleetstatus as fs
from examples import NOW, device_record, table_of
from fleetstatus._show.palette import NO_COLOUR

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>&lt;</td></table>"
CONTROLS = "\x00\x1b[2J\x7f\x9b\u061c\u200e\u200f\u2028\u202e\u2066\u2069\ufeff"
HOSTILE = MARKUP + CONTROLS
RECORD = device_record(
    device_name=HOSTILE,
    uuid=HOSTILE,
    belongs_to__application={"slug": HOSTILE},
    provisioning_state=HOSTILE,
    provisioning_progress=5,
    overall_status=HOSTILE,
    api_heartbeat_state="online",
    os_version=HOSTILE,
)
BAD = RECORD | {"update_status": HOSTILE, "current_services": {HOSTILE: 5}}
TABLE = fs.classify([RECORD, BAD], now=NOW, on_error="keep", carry="os_version")


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


SHOWN: dict[str, Any] = {
    "table": TABLE,
    "attention": TABLE.attention(),
    "empty": TABLE[:0],
    "summary": TABLE.summary(by=["fleet", "os_version"]),
    "summary of own keys": TABLE.summary(by=[HOSTILE, None]),
    "device": TABLE[0],
    "explanation of a row": TABLE.explain(0),
    "explanation of a bad row": TABLE.explain(1),
    "explanation of a record": fs.explain(RECORD),
    "explanation of a bad record": fs.explain(BAD),
}


def bundle(shown: Any) -> dict[str, str]:
    texts: dict[str, str] = shown._repr_mimebundle_(include=None, exclude=None)
    return texts


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_names_make_no_markup(shown: Any) -> None:
    page = Page(bundle(shown)["text/html"])
    allowed = {"style", "div", "table", "thead", "tbody", "tr", "th", "td", "span", "i", "b", "br"}
    allowed |= {"details", "summary"}
    assert set(page.tags) <= allowed
    assert page.attributes <= {"class", "style", "title", "data-label"}
    assert page.open == []


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_names_steer_no_terminal(shown: Any) -> None:
    for text in (*bundle(shown).values(), str(shown), repr(shown)):
        assert not set(CONTROLS) - set("[2J") & set(text)
        assert "\u202e" not in text


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "empty"])
def test_names_are_shown_as_they_are(name: str) -> None:
    page = Page(bundle(SHOWN[name])["text/html"])
    assert MARKUP in page.text
    assert r"\x1b[2J" in page.text
    assert r"\u202e" in page.text


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_a_page_is_plain_and_stands_alone(shown: Any) -> None:
    page = bundle(shown)["text/html"]
    assert "http" not in page
    assert "url(" not in page
    assert "<script" not in page


def test_plain_text_is_the_fallback() -> None:
    for shown in SHOWN.values():
        expected = repr(shown) if isinstance(shown, fs.DeviceStatus) else str(shown)
        assert bundle(shown)["text/plain"] == expected


# What a table shows


def test_a_table_shows_a_bar_and_its_first_rows() -> None:
    table = table_of(
        *({"device_name": f"device {number}"} for number in range(9)),
        *({"device_name": "asleep", "is_active": False} for _ in range(3)),
    )
    text = Page(bundle(table)["text/html"]).text
    assert "12 devices, docs-2024-11" in text
    assert "Operational 9" in text
    assert "Inactive 3" in text
    assert "device 7" in text
    assert "device 8" not in text
    assert "and 4 more rows" in text


def test_the_bar_has_the_shares() -> None:
    page = bundle(table_of({}, {}, {}, {"is_active": False}))["text/html"]
    assert re.findall(r'<div style="width:([\d.]+)%', page) == ["75.00", "25.00"]
    assert 'title="Operational: 3 (75.0%)"' in page


def test_a_status_that_is_not_known_has_its_share() -> None:
    table = table_of({"api_heartbeat_state": "odd"}, {}, on_error="keep")
    page = bundle(table)["text/html"]
    assert 'title="unknown: 1 (50.0%)"' in page


@pytest.mark.parametrize("scheme", fs.StatusScheme)
def test_every_status_has_a_colour(scheme: fs.StatusScheme) -> None:
    table = fs.classify(fs.sample_fleet(), scheme=scheme, allow_missing="all")
    assert NO_COLOUR not in bundle(table)["text/html"]
    assert None not in table["status"].to_list()


def test_gaps_and_ages_are_part_of_the_page() -> None:
    page = bundle(table_of({}))["text/html"]
    assert "as of 2026-11-01 12:00:00Z" in page
    assert "is_frozen not in the data" in page


def test_a_device_is_a_list_of_what_is_known() -> None:
    text = Page(bundle(table_of({"update_status": "done"})[0])["text/html"]).text
    assert "statusOperational" in text
    assert "heartbeatyes" in text
    assert "status_since2026-10-21 08:00:00Z" in text
    assert "capabilitiesssh, web terminal" in text
    assert "error" not in text


def test_counts_and_shares_of_a_summary_have_bars() -> None:
    page = bundle(table_of({}, {}, {}, {"is_active": False}).summary())["text/html"]
    assert page.count('class="share"') == 2  # none for the six labels without devices
    assert "width:75.00%" in page
    assert 'Operational</td><td class="number" data-label="devices">3</td>' in page


def test_null_is_named_after_what_is_counted() -> None:
    table = table_of({"api_heartbeat_state": "odd"}, {}, on_error="keep")
    assert Page(bundle(table.summary())["text/html"]).text.count("unknown") == 1
    assert "none" in str(table.summary(of="attention"))
