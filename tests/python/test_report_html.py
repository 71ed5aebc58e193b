"""The report of an audit as a page: names make no markup, links are safe, it fits a phone."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from command_line import NOW, as_input, disconnected, invoke, numbered, record
from fleetstatus._report.report import report_on
from fleetstatus._report.report_page import DASHBOARD, check_dashboard, to_html

if TYPE_CHECKING:
    from pathlib import Path

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>&lt;</td></table>"
HOSTILE = MARKUP + "\x1b[2J\u202e"
UUID = "a1b2c3d4" * 4


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.labels: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [str(value) for name, value in attrs if name == "href"]
        self.labels |= {str(value) for name, value in attrs if name == "data-label"}
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(*records: dict[str, Any], **options: Any) -> Page:
    table = fs.classify(list(records), now=NOW, on_error="keep")
    return Page(to_html(report_on(table, source=HOSTILE), **options))


def hostile() -> list[dict[str, Any]]:
    fleet = {"slug": HOSTILE, "id": 1}
    fields = {"device_name": HOSTILE, "belongs_to__application": [fleet]}
    bad = {"uuid": HOSTILE, "overall_status": HOSTILE}
    return [
        disconnected(**fields),
        record(**fields, **bad),
        record(**fields, uuid="2", api_heartbeat_state=HOSTILE),
    ]


def test_names_make_no_markup() -> None:
    page = page_of(*hostile(), disconnected(uuid="3" * 32, device_name="other"))
    assert page.open == []
    allowed = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "div", "table"}
    allowed |= {"thead", "tbody", "tr", "th", "td", "span", "i", "b", "br", "a", "code"}
    assert page.tags <= allowed
    assert page.attributes <= {
        *("lang", "charset", "name", "content", "class", "style", "title"),
        *("href", "rel", "data-label"),
    }
    assert MARKUP in page.text
    assert r"\x1b[2J\u202e" in page.text
    assert "\u202e" not in page.text


def test_a_page_stands_alone() -> None:
    text = to_html(report_on(fs.classify(hostile(), now=NOW, on_error="keep"), source="x"))
    assert "url(" not in text
    assert "<script" not in text
    assert "http" not in text.replace(DASHBOARD, "")


@pytest.mark.parametrize(
    ("uuid", "is_linked"),
    [
        (UUID, True),
        ("0123456789", True),
        ("ABCDEF", True),
        (f"{UUID}/../x", False),
        ("javascript:alert(1)", False),
        ("٣٤", False),
        ("", False),
        (None, False),
    ],
)
def test_only_hexadecimal_uuids_are_linked(uuid: str | None, is_linked: bool) -> None:
    page = page_of(disconnected(uuid=uuid))
    assert page.links == ([f"{DASHBOARD}/{uuid}"] if is_linked else [])


def test_the_dashboard_can_be_another_or_none() -> None:
    source = disconnected(uuid=UUID)
    address = "https://dash.example.org/devices"
    assert page_of(source, dashboard=address).links == [f"{address}/{UUID}"]
    assert page_of(source, dashboard=f"{address}/").links == [f"{address}/{UUID}"]
    assert page_of(source, dashboard=None).links == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), f"{DASHBOARD}/{UUID}"),
        (("--dashboard", "http://localhost:8080/d"), f"http://localhost:8080/d/{UUID}"),
        (("--dashboard", "none"), None),
    ],
)
def test_the_dashboard_of_the_command_line(options: tuple[str, ...], expected: str | None) -> None:
    source = as_input(disconnected(uuid=UUID))
    done = invoke("audit", "-", "--format", "html", *options, stdin=source)
    assert Page(done.out).links == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    "address",
    [
        "",
        "none ",
        "javascript:alert(1)",
        "ftp://x",
        "https://",
        "https://a b",
        "https://a'><b",
        "//x",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="dashboard"):
        check_dashboard(address)


def test_uuids_are_shown() -> None:
    assert UUID in page_of(disconnected(uuid=UUID)).text


def test_a_device_without_a_name_is_named_by_its_uuid_once() -> None:
    page = page_of(disconnected(uuid=UUID, device_name=None))
    assert page.text.count(UUID) == 1


def test_a_narrow_screen_gets_lists_with_headings() -> None:
    table = fs.classify(numbered(disconnected(), record(is_frozen=True)), now=NOW)
    text = to_html(report_on(table, source="x"))
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in text
    assert "@media screen and (max-width:960px)" in text
    tables = re.findall(r"<table[^>]*>", text)
    assert tables
    assert set(tables) == {'<table class="stacked">'}
    assert {"Device", "Fleet", "Status", "Why", "Since", "For"} <= Page(text).labels


def test_what_the_data_lacks_is_said_below() -> None:
    one = record()
    del one["last_connectivity_event"]
    text = to_html(report_on(fs.classify([one], now=NOW, allow_missing="all"), source="x"))
    _, gaps = text.split("<h2>Gaps in the data</h2>")
    assert '<div class="note">last_connectivity_event not in the data: ' in gaps


def test_colours_follow_the_reader() -> None:
    assert "color-scheme:light dark" in to_html(report_on(fs.classify([record()]), source="x"))


# The page that a table writes of itself


def written(table: fs.StatusTable, **options: Any) -> str:
    file = io.StringIO()
    table.write(file, format="html", **options)
    return file.getvalue()


def test_a_table_writes_the_page_of_an_audit() -> None:
    records = [*hostile(), disconnected(uuid=UUID, device_name=HOSTILE)]
    table = fs.classify(records, now=NOW, on_error="keep")
    page = written(table)
    assert page == to_html(report_on(table, source="Devices"))
    assert f"{DASHBOARD}/{UUID}" in Page(page).links
    assert not Page(page).tags & {"script", "img"}


def test_the_links_of_a_written_page_lead_where_they_are_told() -> None:
    table = fs.classify([disconnected(uuid=UUID)], now=NOW)
    assert Page(written(table, dashboard=None)).links == []
    assert Page(written(table, dashboard="https://x.example/d/")).links == [
        f"https://x.example/d/{UUID}"
    ]


@pytest.mark.parametrize("dashboard", ["javascript:alert(1)", 'https://x"y', "", "x.example", 5])
def test_what_is_no_address_is_refused_before_anything_is_written(
    tmp_path: Path, dashboard: Any
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    table = fs.classify([disconnected(uuid=UUID)], now=NOW)
    with pytest.raises((TypeError, ValueError), match="a dashboard is an address such as https:"):
        table.write(path, dashboard=dashboard)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_page_names_no_option_of_the_command_line() -> None:
    devices = [disconnected(uuid=f"{n:032x}") for n in range(60)]
    reduced = [
        record(
            uuid=f"{n + 100:032x}", is_connected_to_vpn=False, last_vpn_event="2025-12-01T00:00:00Z"
        )
        for n in range(60)
    ]
    table = fs.classify([*devices, *reduced], now=NOW)
    assert len(table.attention()) == 120
    assert "--limit" in to_html(report_on(table, source="x"))
    page = written(table)
    assert "--" not in page.replace("<!--", "")
    assert "and 70 more in all<" in page
