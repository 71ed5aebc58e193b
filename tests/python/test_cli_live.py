"""`balena:ORG/FLEET` in the place of a file."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

import fleetstatus as fs
from api_server import SLUG, TOKEN, ApiServer, devices_of, page, running, status
from command_line import Done, invoke, run
from fleetstatus.balena import _client

if TYPE_CHECKING:
    from collections.abc import Iterator

LIVE = f"balena:{SLUG}"
URL = "https://api.acme.example"


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with running(ApiServer(devices_of(7))) as server:
        yield server


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: ApiServer) -> None:
    monkeypatch.setenv("BALENA_TOKEN", TOKEN)
    monkeypatch.setenv("BALENA_API_URL", server.url)
    monkeypatch.setattr(_client, "sleep", lambda _: None)
    monkeypatch.chdir(tmp_path)


def lines_of(done: Done) -> list[str]:
    assert done.code == 2, done
    assert done.out == ""
    assert TOKEN not in done.err
    assert "Traceback" not in done.err
    return done.err.splitlines()


# Each command


def test_audit(server: ApiServer) -> None:
    done = invoke("audit", LIVE, "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["source"] == LIVE
    assert json.loads(done.out)["devices"] == 7
    assert server.headers[0]["Authorization"] == f"Bearer {TOKEN}"


def test_list(server: ApiServer) -> None:
    done = invoke("list", "balena:", "--format", "json")
    assert [device["id"] for device in json.loads(done.out)] == [3 * n for n in range(1, 8)]
    assert "belongs_to__application/any" not in server.paths[0]


def test_explain() -> None:
    done = invoke("explain", f"{3:032x}", LIVE)
    assert (done.code, done.err) == (0, "")
    assert "device 3" in done.out


def test_diff(server: ApiServer) -> None:
    old = [device | {"api_heartbeat_state": "offline"} for device in server.devices]
    Path("old.json").write_text(json.dumps({"d": old, "fetched_at": "2026-11-01T12:00:00Z"}))
    done = invoke("diff", "old.json", LIVE, "--format", "json")
    assert done.code == 0
    assert len(json.loads(done.out)) == 7


def test_track(server: ApiServer) -> None:
    earlier = datetime.now(UTC) - timedelta(minutes=1)
    server.date = format_datetime(earlier, usegmt=True)
    assert invoke("track", "--state", "fleet.db", "balena:").code == 0
    server.date = ""
    server.devices.pop()
    done = invoke("track", "--state", "fleet.db", LIVE, "--format", "json")
    assert [change["kind"] for change in json.loads(done.out)] == ["removed"]


def test_each_look_is_one_of_a_file() -> None:
    [*_, last] = lines_of(invoke("track", "--state", "fleet.db", "--each", LIVE))
    assert last.endswith("balena: is one look; leave --each out")
    assert not Path("fleet.db").exists()


def test_several_fleets_and_files_count_as_one(server: ApiServer) -> None:
    server.devices += devices_of(2, first=8, slug="acme/kiosk")
    Path("file.json").write_text(json.dumps({"d": devices_of(3, first=10)}))
    done = invoke("list", LIVE, "file.json", "balena:acme/kiosk", "--format", "json")
    numbers = [*range(1, 8), *range(10, 13), 8, 9]
    assert [device["id"] for device in json.loads(done.out)] == [3 * n for n in numbers]


def test_further_fields_are_asked_for(server: ApiServer) -> None:
    for device in server.devices:
        device["os_version"] = "balenaOS 6.1"
    done = invoke("audit", LIVE, "--by", "os_version")
    assert "balenaOS 6.1" in done.out
    assert "os_version" in server.paths[0]


def test_durations_end_when_the_api_answered(server: ApiServer) -> None:
    server.date = format_datetime(datetime.now(UTC) - timedelta(minutes=3), usegmt=True)
    done = invoke("audit", LIVE, "--format", "json")
    now = datetime.fromisoformat(json.loads(done.out)["now"])
    assert timedelta(minutes=2) < datetime.now(UTC) - now < timedelta(minutes=30)


def test_clocks_that_differ_are_told(server: ApiServer) -> None:
    server.date = format_datetime(datetime.now(UTC) + timedelta(hours=2, minutes=30), usegmt=True)
    done = invoke("list", LIVE, "--format", "json")
    assert done.code == 0
    assert done.err.startswith("fleetstatus: the API's clock is 2 hours ahead of this machine's")


def test_the_command_that_lists_more_asks_the_same_api(server: ApiServer) -> None:
    for device in server.devices:
        device |= {"api_heartbeat_state": "offline", "is_connected_to_vpn": False}
    done = invoke("audit", LIVE, "--api", server.url, "--limit", "1", "--format", "md")
    assert f"fleetstatus list {LIVE} --class disconnected --api {server.url}" in done.out


# Where to


def test_the_option_counts_more_than_the_environment(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALENA_API_URL", URL)
    assert invoke("audit", LIVE, "--api", server.url).code == 0


def test_an_api_with_certificates_of_its_own(tmp_path: Path) -> None:
    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    server = ApiServer(devices_of(3))
    server.use_certificate(tmp_path / "server.pem", tmp_path / "server.pem")
    with running(server):
        trusting = ("--api", server.url, "--ca", "ca.pem")
        assert invoke("audit", LIVE, *trusting).code == 0
        assert invoke("track", "--state", "fleet.db", LIVE, *trusting).code == 0
        first, second = lines_of(invoke("audit", LIVE, "--api", server.url))
    assert "the server's certificate is not trusted" in first
    assert second == "if it is your own server, pass --ca with a file of its certificates"
    [line] = lines_of(invoke("audit", LIVE, "--api", server.url, "--ca", "none.pem"))
    assert "none.pem" in line


@pytest.mark.parametrize(
    ("api", "words"),
    [
        ("http://api.acme.example", "--api: http would send the token in plain text"),
        ("acme", "--api is no address of an API"),
        ("https://me:secret@acme.example", "--api holds more than an address"),
    ],
)
def test_what_is_no_address_is_an_error(api: str, words: str) -> None:
    first, second = lines_of(invoke("audit", LIVE, "--api", api))
    assert words in first
    assert second == "write it like https://api.balena-cloud.com"
    assert "secret" not in first


# What goes wrong


def test_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BALENA_TOKEN")
    monkeypatch.delenv("BALENA_API_TOKEN", raising=False)
    monkeypatch.delenv("BALENA_API_KEY", raising=False)
    assert lines_of(invoke("audit", LIVE)) == [
        f"fleetstatus: {LIVE}: no token for the API",
        "set BALENA_TOKEN",
    ]


def test_a_token_that_is_not_accepted(server: ApiServer) -> None:
    server.always = status(401, b"Unauthorized")
    first, second = lines_of(invoke("audit", LIVE))
    assert first == (
        f"fleetstatus: {LIVE}: {server.url.removeprefix('http://')}, page 1: 401 Unauthorized: the "
        "API does not accept the token from BALENA_TOKEN"
    )
    assert second == "check that it is valid, and that its user may see the fleet"


def test_a_fleet_that_is_not_there() -> None:
    first, _ = lines_of(invoke("audit", "balena:acme/none"))
    assert "fleet 'acme/none': there is none that the token may see" in first


def test_what_is_no_fleet() -> None:
    [line] = lines_of(invoke("audit", "balena:kiosk"))
    assert "a fleet is named like 'acme/cold-chain', not 'kiosk'" in line


def test_a_fleet_without_devices(server: ApiServer) -> None:
    server.devices = []
    assert lines_of(invoke("audit", LIVE)) == [f"fleetstatus: {LIVE}: no devices"]


def test_a_web_page_instead(server: ApiServer) -> None:
    server.always = page(b"<html><title>Sign in to the network</title></html>")
    first, second = lines_of(invoke("audit", LIVE))
    assert "a web page: Sign in to the network" in first
    assert second == "check --api and the proxy of the environment"


def test_an_api_that_is_not_there(server: ApiServer) -> None:
    server.always = lambda handler: handler.cut()
    first, second = lines_of(invoke("audit", LIVE))
    assert first.endswith("page 1: the connection was cut, in 5 tries")
    assert second == "try again later"


def test_a_field_that_the_api_does_not_have(server: ApiServer) -> None:
    server.always = status(400, b"unknown: os_versoin")
    first, second = lines_of(invoke("audit", LIVE, "--by", "os_versoin"))
    assert first.endswith("400 Bad Request: the API refuses the query: 'unknown: os_versoin'")
    assert second == "check the names in --by"


@pytest.mark.parametrize("name", ["balena:", LIVE])
def test_a_file_of_that_name_must_be_written_otherwise(name: str) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"d": devices_of(2)}))
    first, second = lines_of(invoke("audit", name))
    assert first == f"fleetstatus: {name} asks the API, and there is a file of that name"
    assert second == f"write ./{name}"
    assert json.loads(invoke("audit", f"./{name}", "--format", "json").out)["devices"] == 2


@pytest.mark.parametrize("argument", [".", "*.json"])
def test_files_of_such_names_are_found_as_files(server: ApiServer, argument: str) -> None:
    Path("balena:x.json").write_text(json.dumps({"d": devices_of(2)}))
    assert json.loads(invoke("audit", argument, "--format", "json").out)["devices"] == 2
    assert server.paths == []


@pytest.mark.slow
def test_without_urllib3_a_line_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "urllib3.py").write_text("raise ModuleNotFoundError('no', name='urllib3')")
    package = str(Path(fs.__file__).parents[1])
    settings = {"PYTHONPATH": os.pathsep.join([str(tmp_path), package])}
    assert lines_of(run("audit", LIVE, env=settings)) == [
        'fleetstatus: balena: needs urllib3: pip install "fleetstatus[live]"'
    ]
    assert run("demo", env=settings).code == 0


def test_an_interrupt_ends_the_program(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    server.always = status(503)
    monkeypatch.setattr(_client, "sleep", interrupt)
    assert invoke("audit", LIVE).code == 130


# On a terminal


def test_progress_is_told_where_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    done = invoke("audit", LIVE)
    assert done.err == ""
    # As on a terminal, of the colours that all tests have: rich keeps those of its first use.
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": ""}.items():
        monkeypatch.setenv(name, value)
    assert "Read 7 devices" in invoke("audit", LIVE).err
