"""`fleetstatus.balena` gives all devices of a fleet in pages, or an error."""

from __future__ import annotations

import json
import math
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from api_server import SLUG, TOKEN, ApiServer, Handler, devices_of, page, running, status
from fleetstatus import balena

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with running(ApiServer(devices_of(7))) as server:
        yield server


def fetch(server: ApiServer, fleet: str | None = SLUG, **options: Any) -> list[bytes]:
    asked: dict[str, Any] = {"token": TOKEN, "api": server.url, "timeout": 60} | options
    return balena.fetch(fleet, **asked)


def fails(server: ApiServer, fleet: str | None = SLUG, **options: Any) -> fs.ApiError:
    with pytest.raises(fs.ApiError) as caught:
        fetch(server, fleet, **options)
    assert TOKEN not in f"{caught.value}{caught.value.args}"
    return caught.value


def ids_in(pages: list[bytes]) -> list[list[int]]:
    return [[device["id"] for device in json.loads(one)["d"]] for one in pages]


def joined(pages: list[list[int]]) -> list[int]:
    return [number for one in pages for number in one]


def numbers(n_devices: int) -> list[int]:
    return [3 * number for number in range(1, n_devices + 1)]


# All devices


@pytest.mark.parametrize("n_devices", [1, 2, 3, 4, 5, 6, 7, 9, 10, 11])
@pytest.mark.parametrize("page_size", [1, 3, 5, 500])
def test_all_devices_come_in_as_few_requests_as_there_are_pages(
    n_devices: int, page_size: int
) -> None:
    with running(ApiServer(devices_of(n_devices)[::-1])) as server:
        pages = ids_in(fetch(server, page_size=page_size))
    n_pages = math.ceil(n_devices / page_size)
    assert joined(pages) == numbers(n_devices)
    assert [len(one) for one in pages[:-1]] == [page_size] * (n_pages - 1)
    assert len(pages) == n_pages
    # A round number of devices in a short first page might be a limit of the server.
    assert len(server.paths) == n_pages + (n_pages == 1 and n_devices == 10)


def test_each_page_is_asked_for_behind_the_one_before(server: ApiServer) -> None:
    fetch(server, page_size=3)
    assert server.paths == [
        fs.device_query(SLUG, cloud=False, top=4, after=after) for after in (None, 9, 18)
    ]


def test_pages_classify_as_the_records_do(server: ApiServer) -> None:
    table = fs.classify(fetch(server, page_size=3))
    assert table.now_source == "fetched_at"
    assert table == fs.classify(server.devices, now=table.now)


def test_pages_can_be_scanned(server: ApiServer) -> None:
    given = balena.pages(SLUG, token=TOKEN, api=server.url, page_size=2)
    assert server.paths == []
    tables = list(fs.scan(given, batch_size=2))
    assert [len(table) for table in tables] == [2, 2, 2, 1]
    assert joined([table["id"].to_list() for table in tables]) == numbers(7)


def test_a_page_is_asked_for_when_the_one_before_has_been_used(server: ApiServer) -> None:
    given = balena.pages(SLUG, token=TOKEN, api=server.url, page_size=2)
    next(given)
    assert len(server.paths) == 1
    next(given)
    assert len(server.paths) == 2


def test_progress_is_counted_from_the_start(server: ApiServer) -> None:
    seen: list[tuple[int, int]] = []
    fetch(server, page_size=3, on_page=lambda *counts: seen.append(counts))
    assert seen == [(1, 3), (2, 6), (3, 7)]


def test_what_a_callback_raises_passes_through(server: ApiServer) -> None:
    with pytest.raises(ZeroDivisionError):
        fetch(server, on_page=lambda *_: 1 / 0)


def test_without_a_fleet_all_devices_come(server: ApiServer) -> None:
    server.devices += devices_of(2, first=8, slug="acme/kiosk")
    assert ids_in(fetch(server, None)) == [numbers(9)]
    assert ids_in(fetch(server, "acme/kiosk")) == [[24, 27]]


@pytest.mark.parametrize("slug", ["acme/o'hare", "acme/a & b", "acme/ünï", "acme/50%"])
def test_fleets_are_named_as_they_are(server: ApiServer, slug: str) -> None:
    server.devices = devices_of(2, slug=slug)
    server.fleets = {slug, f"{slug}-empty"}
    assert ids_in(fetch(server, slug)) == [[3, 6]]
    assert ids_in(fetch(server, f"{slug}-empty")) == [[]]


def test_carried_fields_are_asked_for(server: ApiServer) -> None:
    fetch(server, carry=["os_version", "tag:site"])
    assert server.paths[0] == fs.device_query(
        SLUG, cloud=False, carry=["os_version", "tag:site"], top=501
    )


@pytest.mark.parametrize(("cloud", "is_asked"), [(None, False), (True, True), (False, False)])
def test_openbalena_is_not_asked_whether_devices_are_active(
    server: ApiServer, cloud: bool | None, is_asked: bool
) -> None:
    fetch(server, cloud=cloud)
    assert ("is_active" in server.paths[0]) == is_asked


@pytest.mark.parametrize("most", [10, 16, 25, 32])
def test_a_server_that_gives_fewer_devices_than_asked_loses_none(most: int) -> None:
    for n_devices in (1, most - 1, most, most + 1, 2 * most - 1, 2 * most, 2 * most + 1, 3 * most):
        with running(ApiServer(devices_of(n_devices))) as server:
            server.most = most
            assert joined(ids_in(fetch(server, page_size=2 * most))) == numbers(n_devices)


def test_a_server_that_gives_more_devices_than_asked_loses_none(server: ApiServer) -> None:
    server.faults.append(page(json.dumps({"d": server.devices}).encode()))
    assert ids_in(fetch(server, page_size=2)) == [numbers(7)]


def test_devices_that_come_and_go_between_pages_move_no_other(server: ApiServer) -> None:
    def change(handler: Handler) -> bool:
        gone = {3, 12}  # one of the first page, and the one that showed that there is a second
        handler.server.devices = [
            device for device in handler.server.devices if device["id"] not in gone
        ] + [device for device in devices_of(1, first=9)]
        return False

    server.faults += [lambda _: False, change]
    assert ids_in(fetch(server, page_size=3)) == [[3, 6, 9], [15, 18, 21], [27]]


def test_a_fleet_that_ends_with_a_page_may_lose_its_rest(server: ApiServer) -> None:
    def remove(handler: Handler) -> bool:
        handler.server.devices = devices_of(3)
        return False

    server.faults += [lambda _: False, remove]
    assert ids_in(fetch(server, page_size=3)) == [[3, 6, 9]]


def test_an_empty_fleet_is_a_page_without_devices(server: ApiServer) -> None:
    server.devices = []
    [only] = fetch(server)
    assert len(fs.classify([only])) == 0
    assert ids_in(fetch(server, None)) == [[]]


def test_a_fleet_that_is_not_there_is_an_error(server: ApiServer) -> None:
    error = fails(server, "acme/cold-chian")
    assert "fleet 'acme/cold-chian': there is none that the token may see" in str(error)


@pytest.mark.parametrize("body", [b"<html>", b'{"d": [x]}', b'{"d": [' + b"[" * 100_000])
def test_what_is_no_list_of_fleets_is_an_error(server: ApiServer, body: bytes) -> None:
    server.devices = []
    server.faults += [lambda _: False, page(body)]
    assert f"fleet '{SLUG}': no list: " in str(fails(server))


@pytest.mark.parametrize("text", ["{" * 3_000_000, [{"a": {}}] * 2_000], ids=["text", "objects"])
def test_a_long_device_takes_no_long_time(server: ApiServer, text: Any) -> None:
    server.devices[3]["note"] = text
    begin = time.monotonic()
    pages = fetch(server, page_size=3, carry=["note"])
    assert time.monotonic() - begin < 60
    # It is not looked for in text that is so long, and may be one more than a page has.
    assert joined(ids_in(pages)) == numbers(7)


# What is no page


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "nothing"),
        (b"   ", "nothing"),
        (b"<html><title>502 Bad Gateway</title></html>", "a web page: 502 Bad Gateway"),
        (b"<!DOCTYPE html><html><body>Sign in to WiFi</body></html>", "a web page"),
        (b'{"error": "Unauthorized"}', "an error answer of the API: 'Unauthorized'"),
        (b'"Unauthorized"', "Unauthorized"),
        (b"OK", "no page of devices"),
        (b"null", "no page of devices"),
        (b"[]", "JSON without d, the list of devices"),
        (b"{}", "no page of devices"),
        (b'{"d": null}', "no page of devices"),
        (b'{"d": {"results": []}}', "no page of devices"),
        (b'{"x": []}', "no page of devices"),
        (b'{"d": [{"id": 3, "device_na', "no page of devices"),
        (b'{"d": [{"id": 3}, ]}', "no page of devices"),
        (b'{"d": [1, 2]}', "no page of devices"),
        (b'{"d": [{"id": 3, "slug": "acme/x", "app_name": "x"}]}', "no page of devices"),
        (b'{"d": [{"error": "no"}]}', "no"),
        (b"[" * 100_000, "no page of devices"),
        (b"\x1f\x8b\x08\x00 cut", "no page of devices"),
        (b"PK\x03\x04", "no page of devices"),
        (b"\xff\xfe{\x00}\x00", "no page of devices"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_what_is_no_page_is_an_error(server: ApiServer, body: bytes, words: str) -> None:
    server.always = page(body)
    error = fails(server)
    assert words in str(error)
    assert "page 1" in str(error)
    assert error.status == 200
    assert len(server.paths) == 1
    assert error.__cause__ is error.__context__ is None


@pytest.mark.parametrize(
    "form",
    [
        lambda devices: json.dumps({"d": devices}, indent=1).encode(),
        lambda devices: json.dumps({"d": devices, "x": [1, {"id": 12}]}).encode(),
        lambda devices: json.dumps({"x": [{"id": 12}], "d": devices}).encode(),
        lambda devices: b"\xef\xbb\xbf" + json.dumps({"d": devices}).encode(),
        lambda devices: json.dumps({"d": devices}).encode("utf-16"),
        lambda devices: b"\r\n" + json.dumps({"d": devices}, separators=(",", ":")).encode(),
        lambda devices: json.dumps(
            {"d": [dict(reversed(one.items())) for one in devices]}
        ).encode(),
        lambda devices: json.dumps({"d": [one | {"z": {"id": 12}} for one in devices]}).encode(),
        lambda devices: json.dumps({"d": [one | {"z": 'x"}]}{'} for one in devices]}).encode(),
    ],
    ids=[
        "indented",
        "keys behind",
        "keys before",
        "BOM",
        "UTF-16",
        "dense",
        "turned",
        "id",
        "text",
    ],
)
def test_the_form_of_a_page_does_not_matter(server: ApiServer, form: Any) -> None:
    server.faults.append(page(form(server.devices[:4])))
    pages = fetch(server, page_size=3)
    assert ids_in(pages)[0][:3] == numbers(3)
    assert joined(ids_in(pages)) == numbers(7)
    assert fs.classify(pages)["device_name"].to_list() == [
        device["device_name"] for device in server.devices
    ]


@pytest.mark.parametrize(
    "ids", [[3, 3], [6, 3], [3, None], [3, "6"], [-1, 3, 3]], ids=lambda ids: f"{ids}"
)
def test_devices_out_of_order_are_an_error(server: ApiServer, ids: list[Any]) -> None:
    devices = [{**server.devices[0], "id": one} for one in ids]
    server.always = page(json.dumps({"d": devices}).encode())
    assert "page 1" in str(fails(server))


def test_a_device_without_an_id_is_an_error(server: ApiServer) -> None:
    del server.devices[2]["id"]
    server.always = page(json.dumps({"d": server.devices}).encode())
    assert "no page of devices with ids" in str(fails(server))


def test_a_page_that_comes_twice_is_an_error(server: ApiServer) -> None:
    server.always = page(json.dumps({"d": server.devices[:3]}).encode())
    error = fails(server, page_size=2)
    assert "page 2: devices come again, or not in the order of their ids" in str(error)


def test_a_page_that_begins_in_the_one_before_is_an_error(server: ApiServer) -> None:
    server.faults += [lambda _: False, page(json.dumps({"d": server.devices[1:4]}).encode())]
    assert "page 2: devices come again" in str(fails(server, page_size=2))


def test_an_unreadable_record_stays(server: ApiServer) -> None:
    server.devices[6]["api_heartbeat_state"] = 5
    table = fs.classify(fetch(server), on_error="keep")
    assert table["error"][6] is not None
    assert table["id"].to_list() == numbers(7)


def test_openbalena_that_is_asked_whether_devices_are_active_says_what_to_do(
    server: ApiServer,
) -> None:
    server.always = status(400, b'"Could not match type of is_active"')
    error = fails(server, cloud=True)
    assert str(error).endswith("\npass cloud=False")
    assert error.status == 400


def test_a_query_that_is_refused_shows_why(server: ApiServer) -> None:
    server.always = status(400, b"no such field: os_versoin")
    error = fails(server, carry="os_versoin")
    assert "400 Bad Request: the API refuses the query: 'no such field: os_versoin'" in str(error)


# When it was fetched


def fetched_at(pages: list[bytes]) -> list[str]:
    return [json.loads(one)["fetched_at"] for one in pages]


@pytest.mark.filterwarnings("ignore:the API's clock")
def test_pages_say_when_the_server_made_them(server: ApiServer) -> None:
    server.date = "Sun, 01 Nov 2026 12:00:07 GMT"
    assert fetched_at(fetch(server, page_size=5)) == ["2026-11-01T12:00:07Z"] * 2
    server.date = "Sun, 01 Nov 2026 13:00:07 +0100"
    assert fetched_at(fetch(server)) == ["2026-11-01T12:00:07Z"]


@pytest.mark.parametrize("date", [None, "yesterday", "Sun, 99 Nov 2026 12:00:07 GMT", "9" * 500])
def test_without_a_date_the_clock_counts(server: ApiServer, date: str | None) -> None:
    server.date = date
    before = datetime.now(UTC)
    table = fs.classify(fetch(server))
    assert before - timedelta(seconds=1) <= table.now <= datetime.now(UTC)
    assert table.now_source == "fetched_at"


def test_clocks_that_differ_are_told_once(server: ApiServer) -> None:
    skew = timedelta(minutes=17, seconds=30)
    server.date = format_datetime(datetime.now(UTC) + skew, usegmt=True)
    words = (
        "the API's clock is 1[67] minutes ahead of this machine's, so one of them is wrong; "
        "durations go by the API's"
    )
    with pytest.warns(UserWarning, match=words) as told:
        pages = fetch(server, page_size=2)
    assert len(told) == 1
    assert abs(fs.classify(pages).now - datetime.now(UTC) - skew) < timedelta(minutes=5)


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_a_clock_that_is_before_events_of_devices_does_not_count(server: ApiServer) -> None:
    # Durations would be none, and nothing would seem to need attention.
    now = datetime.now(UTC)
    server.devices[0]["last_connectivity_event"] = at(now - timedelta(hours=1))
    server.date = "Thu, 01 Jan 1970 00:00:00 GMT"
    words = "days behind this machine's and before events of its devices, so durations go by this"
    with pytest.warns(UserWarning, match=words):
        pages = fetch(server)
    assert abs(fs.classify(pages).now - now) < timedelta(minutes=5)


def test_a_clock_behind_ours_counts_while_no_event_contradicts_it(server: ApiServer) -> None:
    date = datetime.now(UTC) - timedelta(hours=2)
    server.devices[0]["last_connectivity_event"] = at(date + timedelta(minutes=4))
    server.date = format_datetime(date, usegmt=True)
    with pytest.warns(UserWarning, match="2 hours behind .* durations go by the API's"):
        pages = fetch(server)
    assert fs.classify(pages).now == date.replace(microsecond=0)


def test_an_event_in_the_future_contradicts_no_clock(server: ApiServer) -> None:
    date = datetime.now(UTC) - timedelta(hours=2)
    server.devices[0]["last_connectivity_event"] = at(date + timedelta(days=1))
    server.date = format_datetime(date, usegmt=True)
    with pytest.warns(UserWarning, match="durations go by the API's"):
        pages = fetch(server)
    assert fs.classify(pages).now == date.replace(microsecond=0)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_clock_at_either_end_of_time_is_told(server: ApiServer, year: str) -> None:
    server.date = f"Fri, 31 Dec {year} 23:59:59 GMT"
    with pytest.warns(UserWarning, match="the API's clock is"):
        assert joined(ids_in(fetch(server))) == numbers(7)


def test_clocks_that_hardly_differ_are_not_told(server: ApiServer) -> None:
    server.date = format_datetime(datetime.now(UTC) - timedelta(minutes=4), usegmt=True)
    fetch(server)  # warnings are errors here


# Arguments


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"page_size": 0}, "page_size is 0, expected a number from 1 on"),
        ({"page_size": True}, "page_size is a bool, expected a whole number"),
        ({"timeout": 0}, "timeout is 0, expected more than 0 seconds"),
        ({"timeout": float("inf")}, "timeout is inf, expected more than 0 seconds"),
        ({"timeout": float("nan")}, "timeout is nan, expected more than 0 seconds"),
        ({"timeout": None}, "timeout is a NoneType, expected seconds"),
        ({"cloud": 1}, "cloud is a int, expected True or False"),
        ({"fleet": "cold-chain"}, "a fleet is named like 'acme/cold-chain'"),
        ({"fleet": 7}, "fleet is a int, expected a slug"),
        ({"carry": [5]}, "expected text"),
    ],
    ids=str,
)
def test_arguments_are_checked_before_anything_is_asked(
    server: ApiServer, options: dict[str, Any], words: str
) -> None:
    asked: dict[str, Any] = {"fleet": SLUG, "token": TOKEN, "api": server.url} | options
    for get in (balena.fetch, balena.pages):
        with pytest.raises((TypeError, ValueError), match=words):
            get(**asked)
    assert server.paths == []
