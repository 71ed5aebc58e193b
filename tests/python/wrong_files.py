"""Files that hold no device records, and what the error must call them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import tarfile
import zipfile
from typing import Any

from examples import as_json, device_record


def tar_of(content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("fleet.json")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def zip_of(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "[]")
    return file.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table device (id)")
    return connection.serialize()


def console_log(value: str = "'Idle'") -> bytes:
    return b"[\n  {\n    id: 368,\n    device_name: 'purple-voice',\n    status: %s\n  }\n]\n" % (
        value.encode()
    )


def lines_of(*objects: Any) -> bytes:
    return b"\n".join(map(as_json, objects)) + b"\n"


RECORDS = [device_record(id=number) for number in range(3)]
ARRAY = as_json(RECORDS)
PAGE = b"<!DOCTYPE html>\n<html><head><title>\n502 Bad Gateway</title></head></html>"
TABLE = (
    b"ID      UUID    DEVICE NAME  DEVICE TYPE      FLEET       STATUS IS ONLINE\n"
    b"1101    aa01    quiet-hill   raspberrypi4-64  acme/pumps  Idle   true\n"
)
PSQL = b" id | uuid | device name\n----+------+-------------\n  1 | aa   | node-1\n(1 row)\n"
PSQL_A = b"id|uuid|device name|is online\n1|aa|node-1|t\n(1 row)\n"

# What is no JSON at all; the words that name it.
NO_JSON: dict[str, tuple[bytes, str]] = {
    "web page": (PAGE, "a web page: 502 Bad Gateway"),
    "web page without a title": (b"<html><body>Hello</body></html>", "a web page"),
    "web page behind a page": (ARRAY + b"\n" + PAGE, "a web page: 502 Bad Gateway"),
    "web page with a mark": (b"\xef\xbb\xbf" + PAGE, "a web page: 502 Bad Gateway"),
    "cut inside of a letter": (b'[{"device_name": "k\xc3', "ends inside record 0: truncated?"),
    "zip": (zip_of("fleet.json"), "a zip archive"),
    "workbook": (zip_of("xl/workbook.xml"), "an Excel workbook"),
    "tar": (tar_of(ARRAY), "a tar archive"),
    "tar in gzip": (gzip.compress(tar_of(ARRAY)), "a tar archive"),
    "bzip2": (bz2.compress(ARRAY), "a bzip2 file"),
    "xz": (lzma.compress(ARRAY), "an xz file"),
    "zstd": (b"\x28\xb5\x2f\xfd\x04\x00", "a zstd file"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "an image"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
    "GIF": (b"GIF89a\1\0\1\0", "an image"),
    "WebP": (b"RIFF\x24\0\0\0WEBPVP8 ", "an image"),
    "icon": (b"\0\0\1\0\1\0\x10\x10", "an image"),
    "SVG": (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "XML"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    "SQLite": (database(), "an SQLite database"),
    "pickle": (pickle.dumps(RECORDS), "a Python pickle"),
    "ELF": (b"\x7fELF\2\1\1\0", "a binary file"),
    "NUL bytes": (b"\0" * 500, "a binary file"),
    "random bytes": (bytes(range(128, 256)) + bytes(range(128)), "a binary file"),
    "UTF-16 without a mark": (ARRAY.decode().encode("utf-16-le"), "UTF-16 text without"),
    "CSV in UTF-16 without a mark": ("id,uuid\r\n1,aa\r\n".encode("utf-16-le"), "UTF-16 text wit"),
    "CSV in the other UTF-16": ("id,uuid\r\n1,aa\r\n".encode("utf-16-be"), "UTF-16 text without"),
    "gzip in gzip": (gzip.compress(gzip.compress(ARRAY)), "gzip inside of gzip"),
    "Arrow stream": (b"\xff\xff\xff\xff\x78\1\0\0\x10\0\0\0\0\0\x0a\0", "an Arrow stream"),
    "another Arrow stream": (b"\xff\xff\xff\xff\x88\5\0\0\4\0\0\0\xf2\xff", "an Arrow stream"),
    "broken UTF-16": (b"\xff\xfe[\0]\0\0\xd8]\0", "UTF-16 text that breaks"),
    "cut UTF-16": (b"\xff\xfe[\0]\0\x20", "UTF-16 text that breaks"),
    "table of balena-cli": (TABLE, "the table that `balena device list` prints"),
    "device of balena-cli": (b"== QUIET HILL\nID:  1101\nUUID: aa01\n", "a table that balena-cli"),
    "table of psql": (PSQL, "a table that psql prints"),
    "psql --no-align": (PSQL_A, "text with | between its cells, as psql"),
    "psql --no-align with ids": (b"id|name\n" + PSQL_A, "text with | between its cells, as psql"),
    "line for Excel": (b"sep=;\r\nid;uuid\r\n1;aa\r\n", "CSV behind a line for Excel"),
    "Python objects": (repr(RECORDS).encode(), "what Python prints"),
    "Python object": (repr(RECORDS[0]).encode(), "what Python prints"),
    "Python objects in lines": (b"\n".join(repr(one).encode() for one in RECORDS), "what Python"),
    "None in JSON": (b'[{"id": None}]', "what Python prints"),
    "True in JSON": (b'[{"id": 1, "is_active": True}]', "what Python prints"),
    "console.log": (console_log(), "what console.log prints"),
    "console.log behind a label": (b"[DEBUG] Device:  {\n  id: 3,\n}", "what console.log prints"),
    "console.log with [Object]": (console_log("[Object]"), "what console.log prints"),
    "undefined in JSON": (b'[{"id": undefined}]', "what console.log prints"),
    "NaN as a name": (b'[{"id": 1, NaN: 3}]', "what console.log prints"),
    "None as a name": (b'[{"id": 1, None: 3}]', "what Python prints"),
    "NaN in JSON": (b'[{"id": NaN}]', "text with NaN"),
    "Infinity in JSON": (b'[{"id": -Infinity}]', "text with NaN or Infinity"),
    "time of Python in JSON": (b'[{"id": datetime.datetime(2026, 1, 1)}]', "what Python prints"),
    "debug lines before JSON": (
        b'[debug] argv=[node,run]\n[debug] new argv\n[\n  {\n  "id": 1}]',
        "lines of a log or a program before the JSON",
    ),
    "warning before JSON": (
        b"(node:17) Warning: punycode is deprecated\n" + lines_of(*RECORDS),
        "lines of a log or a program before the JSON",
    ),
    "headers of curl": (b"HTTP/2 200\r\ndate: x\r\n\r\n" + ARRAY, "the headers of an HTTP answer"),
    "progress of curl": (b"  % Total    % Received % Xferd\n" + ARRAY, "what curl prints"),
    "error of curl": (b"curl: (6) Could not resolve host: x", "an error of curl: Could not"),
    "YAML": (b"services:\n  main:\n    image: x\n", "YAML"),
    "YAML list": (b"- id: 1\n  uuid: aa\n", "YAML"),
    "YAML with a mark": (b"---\nid: 1\n", "YAML"),
    "TOML": (b'# settings\n[tool.fleet]\nname = "x"\n', "a file of settings"),
    "INI": (b"[fleet]\nname=x\n", "a file of settings"),
    "environment": (b"BALENA_TOKEN=x\nFLEET=y\n", "a file of settings"),
    "log": (
        b"2026-11-24T11:50:00Z supervisor started\n2026-11-24T11:51:00Z done\n",
        "lines of a log",
    ),
    "syslog": (b"Nov 24 11:50:00 host balenad[1]: started\n", "lines of a log"),
    "log with levels": (b"[info]    Reported current state\n[debug]   x\n", "lines of a log"),
    "traceback": (b"Traceback (most recent call last):\n  File", "a traceback of Python"),
    "script": (b"#!/bin/sh\ncurl x\n", "a script"),
    "Markdown": (b"# Devices\n\nSome words.\n", "Markdown"),
    "token": (b"eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2ln", "a token"),
    "Git LFS": (b"version https://git-lfs.github.com/spec/v1\noid x\n", "a pointer of Git LFS"),
    "merge conflict": (b"<<<<<<< HEAD\n[]\n=======\n", "text with a merge conflict"),
    "conflict inside of lines": (
        lines_of(*RECORDS) + b"<<<<<<< HEAD\n" + lines_of(*RECORDS),
        "text with a merge conflict",
    ),
    "dump of a database": (b"--\n-- PostgreSQL database dump\n--\n\nSET x = 0;", "a dump of a"),
    "error of jq": (b"jq: error (at <stdin>:0): Cannot index", "an error of a program: jq: error"),
    "missing program": (b"bash: balena: command not found\n", "an error of a program"),
    "records of psql": (b"-[ RECORD 1 ]---+----\nid | 1\n", "a table that psql prints"),
    "frame of pandas": (b"   id device_name\n0   1  quiet-hill\n", "a table for people"),
    "frame of polars": ("shape: (1, 1)\n\u250c\u2500\u2500".encode(), "a table for people"),
    "certificate": (b"-----BEGIN CERTIFICATE-----\nMII", "a key or a certificate"),
    "access log": (b'192.0.2.1 - - [24/Nov/2026:11:50:00 +0000] "GET /"\n', "lines of a log"),
    "dmesg": (b"[    0.000000] Booting Linux\n", "lines of a log"),
    "logs of balena-cli": (b"[Logs]    [11/24/2026] x\n", "lines of a log"),
    "logs of compose": (b"main-1  | started\n", "lines of a log"),
    "JavaScript": (b"module.exports = [\n", "JavaScript"),
    "comments before JSON": (b"// devices\n/* all */ [{}]\n", "a comment"),
    "comment in a list": (b"[/* x */ " + ARRAY[1:], "a comment"),
    "comment in a record": (b'[{\n// x\n"id": 1}]', "a comment"),
    "comment behind JSON": (ARRAY + b" // all", "a comment"),
    "comma before the end of a list": (ARRAY[:-1] + b",\n]", "a comma behind the last item"),
    "comma before the end of a record": (b'[{"id": 1,}]', "a comma behind the last item"),
    "commas without brackets": (ARRAY[1:-1].replace(b"}, {", b"},\n{"), "records with commas"),
    "semicolon behind JSON": (ARRAY + b";\n", "a semicolon behind the JSON"),
    "bracket too many": (ARRAY + b"]\n", "a bracket too many"),
    "word behind JSON": (ARRAY + b"\nDone.", "text behind or between the JSON"),
    "word in the same line": (ARRAY + b" Done: 3", "text behind or between the JSON"),
    "prompt behind JSON": (ARRAY + b"root@abc:~# ", "text behind or between the JSON"),
    "log behind JSON": (ARRAY + b"\n[info] done\n", "lines of a log"),
    "tab in a text": (b'[{"device_name": "a\tb"}]', "a tab inside of a text"),
    "line break in a text": (b'[{"device_name": "a\nb"}]', "a line break inside of a text"),
    "bell in a text": (b'[{"device_name": "a\x07b"}]', "a control character inside of a text"),
    "JSONP": (b'callback({"d": []})', "JavaScript"),
    "PowerShell": (b"id          : 11\nuuid        : aa\n", "what PowerShell prints"),
    "Ruby": (b'[{"id"=>1, "uuid"=>"aa"}]', "what Ruby prints"),
    "Latin-1": ('[{"device_name": "k\xfchl"}]'.encode("latin-1"), "text that is not UTF-8"),
    "typographic quotes": ("[{\u201cid\u201d: 1}]".encode(), "JSON with typographic quotes"),
    "excerpt": (ARRAY[:-1] + b", ...]", "an excerpt of JSON"),
    "zeros at the end": (ARRAY[:-5] + b"\0" * 100, "text with NUL bytes"),
    "words": (b"hello, this is no fleet", "text"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "an Excel workbook"),
    "CSV of something else": (b"name of,temperature\noslo,3\nrome,17\n", "CSV whose first line"),
    "TSV of something else": (b"city\ttemperature\noslo\t3\n", "CSV whose first line"),
}

# Text that says that there are no devices.
ANSWERS: dict[str, bytes] = {
    "bare": b"Unauthorized",
    "bare line": b"Unauthorized\n",
    "in quotes": b'"Unauthorized"',
    "with a status": b"404 Not Found\n",
    "of a proxy": b"upstream connect error or disconnect/reset before headers",
    "of Cloudflare": b"error code: 502",
    "too many": b"Too Many Requests",
    "of balena-cli": b"BalenaNotLoggedIn: You have to log in to continue\n",
    "Malformed url": b'"Malformed url"',
    "object": as_json({"error": "Unauthorized", "message": "Invalid token"}),
    "object with a code": as_json({"error": {"code": 401, "message": "jwt expired"}}),
    "object around nothing": as_json({"error": "Bad Request", "data": None}),
    "object of Spring": as_json({"timestamp": 1, "status": 404, "error": "Not Found"}),
    "object of Spring with a message": as_json(
        {"timestamp": 1, "status": 401, "error": "Unauthorized", "message": "x", "path": "/"}
    ),
    "message alone": as_json({"message": "Not found"}),
    "in a list": as_json([{"error": "Unauthorized"}]),
    "behind pages": as_json({"d": RECORDS}) + b"\n" + as_json({"error": "Bad Gateway"}),
    "between records": lines_of(RECORDS[0], {"message": "Too Many Requests"}, RECORDS[1]),
    "bare behind pages": as_json({"d": RECORDS}) + b"\nUnauthorized\n",
}

# JSON of something else; the words that name it.
NO_DEVICES: dict[str, tuple[Any, str]] = {
    "fleet list": (
        [{"id": 61, "app_name": "p", "slug": "a/p", "device_count": 5}],
        "a list of fleets",
    ),
    "fleet": (
        {"id": 61, "app_name": "p", "slug": "a/p", "organization": {"__id": 1}},
        "a fleet of the",
    ),
    "fleets": (
        {"d": [{"id": 61, "app_name": "p", "slug": "a/p", "is_of__class": "fleet"}]},
        "a fleet of",
    ),
    "supervisor's device": (
        {
            "api_port": 48484,
            "os_version": "x",
            "update_pending": True,
            "status": "exited",
            "download_progress": None,
            "supervisor_version": "12.1.1",
        },
        "the supervisor's own state (/v1/device)",
    ),
    "supervisor's status": (
        {"status": "success", "appState": "applied", "overallDownloadProgress": None},
        "the supervisor's own state (/v2/state/status)",
    ),
    "supervisor's name": (
        {"status": "success", "deviceName": "x"},
        "an answer of the supervisor",
    ),
    "supervisor's services": (
        {"status": "success", "services": {"main": "x"}},
        "an answer of the supervisor",
    ),
    "log records of Elastic": ([{"@timestamp": "x", "message": "y"}], "log records"),
    "text of JSON": (json.dumps(RECORDS), "JSON inside of a text of JSON"),
    "releases": (
        [{"id": 7, "commit": "c0ffee", "is_final": True, "status": "success"}],
        "releases",
    ),
    "docker inspect": ([{"Id": "x", "Created": "y", "Config": {}}], "docker inspect"),
    "docker compose": ({"version": "2.4", "services": {"main": {}}}, "a Docker Compose file"),
    "package.json": ({"name": "x", "version": "1.0.0", "dependencies": {}}, "a package.json"),
    "Prometheus": ({"status": "success", "data": {"result": []}}, "an answer of Prometheus"),
    "Grafana": ({"panels": [], "schemaVersion": 39, "title": "x"}, "a Grafana dashboard"),
    "GeoJSON": ({"type": "FeatureCollection", "features": []}, "GeoJSON"),
    "log records": ([{"level": "info", "msg": "x", "time": 1}], "log records"),
    "log records with messages": ([{"level": "info", "message": "x", "time": 1}], "log records"),
    "config.json": (
        {"apiEndpoint": "x", "uuid": "aa", "deviceType": "y"},
        "a device's config.json",
    ),
    "tags": ([{"id": 1, "tag_key": "site", "value": "north"}], "a list of tags"),
    "notebook": ({"cells": [], "nbformat": 4}, "a Jupyter notebook"),
    "error of the SDK": ({"name": "x", "statusCode": 401, "body": "y"}, "an error of balena-sdk"),
    "GraphQL errors": ({"errors": [{"message": "x"}]}, "an error answer"),
    "detail": ({"detail": "Not found."}, "an error answer"),
    "count": ({"d": 17}, "an answer of the API without a list of devices"),
    "organizations": ([{"id": 1, "name": "x", "handle": "y"}], "a list of organizations"),
    "summary": ([{"status": "x", "devices": 3, "share": 0.5}], "a summary"),
    "around devices": ({"devices": RECORDS, "total": 3}, "an object around something else"),
    "other keys": ({"a": 1, "b": 2, "c": 3, "d ": 4, "e": 5, "f": 6}, "an object with the keys"),
    "empty object": ({}, "an empty object"),
    "null": (None, "the value null"),
    "number": (17, "the value 17"),
    "text": ("hello", "hello"),
    "numbers": ([1, 2, 3], "the value 1"),
    "nulls": ([None, None], "the value null"),
}


def truncated() -> dict[str, tuple[bytes, str]]:
    """Cut a file at twenty places, and say inside of which record."""
    text = json.dumps(RECORDS, indent=1).encode()
    cut = {}
    for number in range(1, 21):
        end = len(text) * number // 21
        inside = text[:end].count(b"\n }")
        cut[f"cut at {end}"] = (text[:end], f"ends inside record {inside}: truncated?")
    return cut
