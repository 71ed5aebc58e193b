"""What people type first: each line of `first_lines.txt` gives or says what stands beside it."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
import pickle
import re
import sys
import zipfile
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from fastapi import FastAPI, Response

import fleetstatus as fs
from asgi import asked

_LINE = re.compile(r"(?P<typed>\S.*?)  +(?P<sign>==|so|!!)  (?P<expected>.+)")
SAMPLE = json.loads(fs.sample_fleet().read_bytes())


class FirstLine(NamedTuple):
    """A line that somebody types, and what it must give or say."""

    typed: str
    sign: str
    expected: str


def _read() -> list[FirstLine]:
    text = Path(__file__).with_name("first_lines.txt").read_text("utf-8")
    heading, *sections = re.split(r"^# .*\n", text, flags=re.MULTILINE)
    assert "!!  it raises" in heading
    lines = [line for section in sections for line in section.splitlines() if line]
    matches = [_LINE.fullmatch(line) for line in lines]
    assert None not in matches, lines[matches.index(None)]
    return [FirstLine(**match.groupdict()) for match in matches if match]


LINES = _read()


def test_there_are_many_and_none_twice() -> None:
    typed = [line.typed for line in LINES]
    assert len(set(typed)) == len(typed) >= 130


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sample as people have it."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "fleet.json").write_bytes(fs.sample_fleet().read_bytes())
    with (folder / "fleet.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(SAMPLE["d"][0]))
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in SAMPLE["d"])
    with zipfile.ZipFile(folder / "fleet.xlsx", "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    return folder


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


@pytest.fixture
def names(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Give what the lines name, anew for each, in a folder with the files."""
    for file in files.iterdir():
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.chdir(tmp_path)
    records = [dict(record) for record in SAMPLE["d"]]
    was = records[0] | {"is_connected_to_vpn": True, "api_heartbeat_state": "online"}
    before = {"d": [was, *records[1:]], "fetched_at": "2026-10-31T12:00:00Z"}
    devices = fs.classify(fs.sample_fleet())
    modules = [csv, duckdb, fs, gzip, io, json, np, pa, pd, pickle, pl, sys, zipfile]
    short = {"fleetstatus": "fs", "numpy": "np", "pandas": "pd", "polars": "pl", "pyarrow": "pa"}
    return {
        **{short.get(module.__name__, module.__name__): module for module in modules},
        **{kind.__name__: kind for kind in (Path, Response, datetime, timedelta)},
        "UTC": UTC,
        "changes": fs.diff(before, devices),
        "devices": devices,
        "df": pd.DataFrame(records),
        "fastapi_sends": _fastapi_sends,
        "records": records,
    }


def _fastapi_sends(answer: Any) -> Any:
    app = FastAPI()
    app.get("/")(lambda: answer)
    return asked(app, "/", method="GET").json


def _run(typed: str, names: dict[str, Any]) -> Any:
    """Run a line; give its value if it is an expression."""
    [statement] = ast.parse(typed).body
    if isinstance(statement, ast.Expr):
        return eval(typed, names)
    return exec(typed, names)  # noqa: S102


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # nobody closes a file on a first line
@pytest.mark.parametrize("line", LINES, ids=[line.typed for line in LINES])
def test_a_first_line_gives_or_says(line: FirstLine, names: dict[str, Any]) -> None:
    raises: Any = pytest.raises(Exception) if line.sign == "!!" else nullcontext()  # noqa: PT011
    with raises as caught:
        value = _run(line.typed, names)
    if line.sign == "!!":
        error = caught.value
        text = error.args[0] if isinstance(error, KeyError) else str(error)
        text = "\n".join([text, *getattr(error, "__notes__", [])])
        words = ".*".join(map(re.escape, line.expected.split(" ... ")))
        kind, _, words = words.partition(r":\ ")
        assert type(error).__name__ == kind, error
        assert re.search(words, text, re.DOTALL), error
    elif line.sign == "==":
        assert value == eval(line.expected, names)
    else:
        assert eval(line.expected, names | {"_": value}), value
