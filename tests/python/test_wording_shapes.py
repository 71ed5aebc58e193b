"""What is said of files that hold no devices, word for word."""

from __future__ import annotations

from typing import Any

import fleetstatus as fs
from examples import NOW, as_json
from fleetstatus._input.shape_list import QUERY
from fleetstatus._input.shapes import not_devices_error, shape_of_seen
from wording import check
from wrong_files import ANSWERS, NO_DEVICES, NO_JSON

# As the tools and servers write them.
OBJECTS: dict[str, Any] = {
    "target state": {"local": {"name": "x", "apps": {}}, "dependent": {"apps": {}}},
    "app of the supervisor": {"appId": 1, "commit": "aa", "services": {}},
    "balena env list": [{"id": 1, "name": "A", "value": "b", "fleet": "acme/pumps"}],
    "balena env list of services": [{"name": "A", "value": "b", "serviceName": "main"}],
    "device types": [{"slug": "raspberrypi4-64", "arch": "aarch64", "name": "Raspberry Pi 4"}],
    "image installs": [{"id": 1, "install_date": "2026-01-01T00:00:00Z", "image": {"__id": 1}}],
    "installs of devices": [{"install_date": "2026-01-01T00:00:00Z", "device": {"__id": 1}}],
    "services": [{"id": 1, "service_name": "main"}],
    "balena whoami": {"username": "jo", "email": "jo@example.org"},
    "docker ps": {"ID": "aa", "Names": "x", "Image": "y"},
    "package-lock.json": {"name": "x", "lockfileVersion": 3, "packages": {}},
    "package.json": {"name": "x", "version": "1.0.0", "scripts": {}},
    "tsconfig.json": {"compilerOptions": {"strict": True}},
    "error of Prometheus": {"status": "error", "errorType": "bad_data", "error": "x"},
    "Alertmanager": {"receiver": "x", "alerts": []},
    "Kubernetes": {"apiVersion": "v1", "kind": "Pod", "metadata": {}},
    "Terraform": {"version": 4, "terraform_version": "1.9.0"},
    "OpenAPI": {"openapi": "3.1.0", "paths": {}},
    "JSON schema": {"$schema": "https://json-schema.org/draft/2020-12/schema"},
    "Elasticsearch": {"took": 3, "hits": {"hits": []}},
    "journald": {"MESSAGE": "started", "PRIORITY": "6"},
    "logs of Docker": {"log": "started\n", "stream": "stdout"},
    "logs of pino": {"level": 30, "msg": "started"},
    "logs of Google": {"severity": "INFO", "message": "started"},
    "logs of bunyan": {"level": 30, "time": 1},
    "releases by version": [{"commit": "aa", "raw_version": "1.0.0"}],
}

TEXT_FILES = {
    "7z": b"7z\xbc\xaf\x27\x1c",
    "broken letters in an error": b"curl: (6) Could not resolve host: \xff\xfe ",
    "broken letters in an answer": b"Unauthorized \xff",
    "broken letters in a page": b"<html><title>\xff Sign in</title>",
}

PROGRAMS = "jq wget psql ssh node npm npx docker kubectl zsh bash sh"
FAILURES = ("command not found", "No such file or directory", "Permission denied")
TEXT_FILES |= {f"{name} fails": f"{name}: it failed".encode() for name in PROGRAMS.split()}
TEXT_FILES |= {failure: f"./fetch.sh: line 3: x: {failure}".encode() for failure in FAILURES}

LEVELS = "debug info warn warning error trace notice fatal success logs live"
LOGS = (
    "2026/11/24 11:50:00 started",
    "Nov 24 11:50:00 host balenad[1]: started",
    "[11:50:00] started",
    "I1124 11:50:00.1 started",
    "[    1.250000] started",
    '10.0.0.1 - - [24/Nov/2026] "GET /"',
    "main_1  | started",
)
TEXT_FILES |= {f"level {level}": f"{level}: x\n{level}: y\n".encode() for level in LEVELS.split()}
TEXT_FILES |= {f"log line {line}": f"{line}\n{line}\n".encode() for line in LOGS}

TEXTS = (
    "Unauthorized",
    "401",
    "Error: 401 - invalid token",
    "invalid session",
    "Invalid credentials",
    "jwt malformed",
    "Your session has expired",
    "token expired",
    "You have to log in",
    "not logged in",
    "BalenaNotLoggedIn: You have to log in",
    "Forbidden",
    "Access Denied",
    "HTTP 403 Forbidden",
    "Too Many Requests",
    "rate limit exceeded",
    "HTTP/1.1 429 Too Many Requests",
    "502 Bad Gateway",
    "Service Unavailable",
    "The service is unavailable",
    "server temporarily unavailable",
    "Gateway Timeout",
    "gateway time-out",
    "upstream connect error",
    "no healthy upstream",
    "Internal Server Error",
    "connect ECONNREFUSED",
    "connection reset by peer",
    "timeout of 30000ms exceeded",
    "Request Timeout",
    "Not Found",
    "Malformed url",
    "Bad Request",
    "Method Not Allowed",
    "Unprocessable Entity",
    "Payload Too Large",
    "Conflict",
    "Gone",
    "error code: 1020",
    "BalenaRequestError: x",
    "Request failed with status code 500",
    "RequestError: x",
)
"""What the API, tools or a proxy before it write instead of devices."""

MESSAGES = (
    *TEXTS,
    "permission of this key",
    "wrong $select",
    "wrong $expand",
    "wrong $filter",
    "error 500",
    "error 404",
    "something else",
)
"""What an object says under `error`."""

LIST = {"id", "uuid", "device_name", "fleet"}
SEEN: dict[str, set[str]] = {
    "statuses": {"uuid", "device_name", "fleet", "status"},
    "balena device list": LIST | {"is_online"},
    "balena device": LIST | {"is_online", "is_connected_to_vpn", "api_heartbeat_state"},
    "installs are there": LIST | {"is_connected_to_vpn", "image_install"},
    "services are there": LIST | {"is_connected_to_vpn", "current_services"},
    "before 2020": {
        "is_online",
        "status",
        "provisioning_progress",
        "download_progress",
    },
    "before 2018": {"uuid", "last_seen_time"},
    "part of a record": {"uuid", "is_online", "overall_status"},
}


def error_of(source: bytes) -> str:
    try:
        fs.classify(source, now=NOW, allow_missing="all")
    except fs.FleetStatusError as error:
        return " | ".join(str(error).removeprefix("the source: ").split("\n"))
    return "no error"


def check_errors(name: str, lines: list[str]) -> None:
    """Compare; what asks for the devices is the same everywhere."""
    check(name, [line.replace(QUERY, "QUERY") for line in lines])


def test_how_to_ask_for_the_devices() -> None:
    assert QUERY == (
        'ask the API for the devices: curl -H "Authorization: Bearer $BALENA_TOKEN" '
        '"https://api.balena-cloud.com$(fleetstatus query)" > fleet.json'
    )


def test_files_that_are_no_json() -> None:
    texts = {name: text for name, (text, _) in NO_JSON.items()} | TEXT_FILES
    check_errors("no_json.txt", [f"{name}: {error_of(text)}" for name, text in texts.items()])


def test_json_that_holds_no_devices() -> None:
    objects = {name: value for name, (value, _) in NO_DEVICES.items()} | OBJECTS
    found = {name: error_of(as_json(value)) for name, value in objects.items()}
    check_errors("no_devices.txt", [f"{name}: {words}" for name, words in found.items()])


def test_answers_of_the_api_and_of_proxies() -> None:
    texts = [error_of(text.encode()) for text in TEXTS]
    objects = [error_of(as_json({"error": message})) for message in MESSAGES]
    files = [error_of(text) for text in ANSWERS.values()]
    check_errors("answers.txt", [*texts, *objects, *files])


def test_records_with_less_than_the_rules_need() -> None:
    found = {name: shape_of_seen(seen) for name, seen in SEEN.items()}
    check_errors("partial_records.txt", [f"{name}: {shape}" for name, shape in found.items()])


def test_values_that_are_no_objects() -> None:
    values = ("", "3", '"x"', "a datetime without a zone", "an array", "<html>", '"{\\"a\\": 1}"')
    found = [not_devices_error(2, [], value, "no device", "x.json") for value in values]
    check_errors("values.txt", [" | ".join(str(error).split("\n")) for error in found])
