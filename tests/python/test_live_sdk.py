"""The SDK and `fleetstatus.balena` get the same devices of one server, and so the same answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from api_server import TOKEN, ApiServer, devices_of, running
from fleetstatus import balena

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("balena") is None, reason="balena-sdk is not installed"),
]

# The SDK writes settings and token into the home of its user.
PROGRAM = """
import json, os, sys
from balena import Balena
Balena().settings.set("api_endpoint", os.environ["API"] + "/")
sdk = Balena()
sdk.auth.login_with_token(os.environ["TOKEN"])
fleet, options = json.load(sys.stdin)
get = sdk.models.device.get_all_by_application if fleet else sdk.models.device.get_all
json.dump(get(*([fleet] if fleet else []), options), sys.stdout)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    devices = json.loads(fs.sample_fleet().read_bytes())["d"]
    server = ApiServer([device | {"id": 7 * device["id"]} for device in devices])
    server.fleets = {device["belongs_to__application"][0]["slug"] for device in devices}
    with running(server):
        yield server


def by_sdk(server: ApiServer, home: Path, fleet: str | None) -> Any:
    own = {"HOME": str(home), "API": server.url, "TOKEN": TOKEN, "NO_PROXY": "*"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([fleet, fs.device_options()]),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env=os.environ | own,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("is_one_fleet", [True, False], ids=["a fleet", "all"])
def test_the_sdk_gets_the_same_devices(
    server: ApiServer, tmp_path: Path, is_one_fleet: bool
) -> None:
    slug = min(server.fleets) if is_one_fleet else None
    records = by_sdk(server, tmp_path, slug)
    pages = balena.fetch(slug, token=TOKEN, api=server.url, cloud=True, page_size=50)
    fetched = fs.classify(pages)
    assert len(pages) > 1
    records.sort(key=lambda device: device["id"])  # the SDK asks for the order of their names
    assert fs.classify(records, now=fetched.now) == fetched
    assert len(fetched) > 50


def test_devices_that_the_sdk_gets_are_those_of_the_server(tmp_path: Path) -> None:
    with running(ApiServer(devices_of(5))) as server:
        records = by_sdk(server, tmp_path, "acme/cold-chain")
    assert sorted(device["id"] for device in records) == [3, 6, 9, 12, 15]
