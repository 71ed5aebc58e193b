"""`fleetstatus history`: what a tracker's file answers on the command line."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import fleetstatus as fs
from change_rows import HOSTILE
from command_line import Done, invoke, on_terminal, record
from fleetstatus.cli._columns import ListColumn, fitted
from fleetstatus.cli._rows_table import _column
from wording import check

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 1, 2, tzinfo=UTC)
UUIDS = [f"{number}" * 8 for number in range(1, 5)]
NAMES = ["calm-lake", "bitter-wind", HOSTILE, None]
FLEETS = ["acme/kiosk", "acme/kiosk", "acme/quay", "acme/quay"]
DOWN = {1: {2, 3}, 2: {4, 5}}  # looks at which a device has no link


def device(number: int, look: int) -> dict[str, Any]:
    is_down = look in DOWN.get(number, ())
    fleet = FLEETS[number]
    return record(
        uuid=UUIDS[number],
        device_name=NAMES[number],
        is_connected_to_vpn=not is_down,
        api_heartbeat_state="offline" if is_down else "online",
        last_vpn_event=None,
        last_connectivity_event="2026-01-01T00:00:00Z",
        changed_api_heartbeat_state_on__date=None,
        belongs_to__application=[{"id": len(fleet), "slug": fleet, "app_name": fleet[5:]}],
        is_running__release=[{"id": look // 5, "raw_version": f"1.{look // 5}"}],
    )


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Make the file of a tracker that looked six times, ten minutes apart."""
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, hold=timedelta(0)) as tracker:
        for look in range(6):
            records = [device(number, look) for number in range(4)]
            now = BEGIN + timedelta(minutes=10 * look)
            tracker.update(fs.classify(records, now=now, allow_missing="all"))
    return path


def history(state: Path, *arguments: object) -> Done:
    return invoke("history", *arguments, "--state", state)


def said(state: Path, *arguments: object) -> str:
    done = history(state, *arguments)
    assert done.code == 0, done.err
    return f"$ {' '.join(map(str, arguments))}\n{done.out}{done.err}".replace(
        str(state), "fleet.db"
    )


def test_one_look_has_little_to_tell(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path) as tracker:
        tracker.update(fs.classify([device(0, 0)], now=BEGIN, allow_missing="all"))
    assert history(path).out.endswith(
        "\n\nTime in status by fleet: no time yet\n\nOutages by fleet: nobody lost its link\n\n"
        "Without a link at the last look: none\n\nChanges told: none\n"
    )
    assert "\n## Changes told\n\nnone\n" in history(path, "--format", "md").out


def test_answers_are_what_they_were(state: Path) -> None:
    asked: list[tuple[object, ...]] = [
        (),
        ("--format", "md"),
        ("--since", "20min"),
        ("--until", "2026-01-02T00:30:00Z", "--by", "release"),
        ("--limit", "1", "--by", "device"),
        ("bitter-wind",),
        ("bitter-wind", "--format", "md"),
        ("2222", "--since", "2026-01-02T00:35:00Z"),
        ("--show", "changes", "--format", "md"),
        ("--show", "time"),
        ("--show", "time", "--by", "device", "--limit", "3"),
        ("--show", "outages"),
        ("--show", "outages", "--by", "fleet", "--format", "md"),
        ("--show", "outages", "--by", "fleet", "--by", "release"),
    ]
    check("history.txt", (said(state, *arguments) for arguments in asked))


def test_an_overview_as_json_has_what_the_tracker_answers(state: Path) -> None:
    told = json.loads(history(state, "--format", "json").out)
    with fs.Tracker(state) as tracker:
        assert told["counters"] == tracker.counters()
        assert told["devices"] == len(tracker.devices) == 4
        assert told["time_in_status"] == json.loads(tracker.time_in_status(by="fleet").to_json())
        assert told["outages"] == json.loads(tracker.outages(by="fleet").to_json())
        assert sum(row["changes"] for row in told["changes"]) == len(tracker.changes())
    assert told["last_look"] == "2026-01-02T00:50:00Z"
    assert (told["by"], told["scheme"]) == (["fleet"], "docs-2024-11")


def test_an_overview_as_json_may_be_of_devices(state: Path) -> None:
    told = json.loads(history(state, "--format", "json", "--by", "device").out)
    assert told["by"] == ["uuid", "device_name"]
    assert {row["uuid"] for row in told["time_in_status"]} == set(UUIDS)
    assert {row["uuid"] for row in told["outages"]} == {UUIDS[1], UUIDS[2]}


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_are_those_of_the_tracker(state: Path, tmp_path: Path, form: str) -> None:
    with fs.Tracker(state) as tracker:
        answers = {
            ("bitter-wind",): tracker.timeline("bitter-wind"),
            ("--show", "changes"): tracker.changes(),
            ("--show", "time"): tracker.time_in_status(by="fleet"),
            ("--show", "time", "--by", "device"): tracker.time_in_status(),
            ("--show", "outages"): tracker.outages(),
            ("--show", "outages", "--by", "fleet"): tracker.outages(by="fleet"),
            ("--show", "changes", "--since", "10min"): tracker.changes(since="10min"),
        }
        for arguments, rows in answers.items():
            assert len(rows) > 0, arguments
            rows.write(tmp_path / f"rows.{form}")
            done = history(state, *arguments, "--format", form)
            assert done.out.encode() == (tmp_path / f"rows.{form}").read_bytes()


def test_a_limit_counts_the_rest(state: Path) -> None:
    done = history(state, "--show", "changes", "--format", "csv", "--limit", "2")
    assert len(list(csv.reader(io.StringIO(done.out)))) == 3
    assert done.err.endswith(" more changes; --limit all lists them\n")
    done = history(state, "--show", "outages", "--limit", "1")
    assert len(done.out.splitlines()) == 2
    assert done.err == "fleetstatus: and 1 more; --limit all lists them\n"


def test_a_timeline_is_cut_to_the_time_that_is_asked_for(state: Path) -> None:
    whole = json.loads(history(state, "bitter-wind", "--format", "json").out)
    begin = "2026-01-02T00:45:00Z"
    late = json.loads(history(state, "bitter-wind", "--format", "json", "--since", begin).out)
    assert 0 < len(late) < len(whole)
    assert all(row["to"] is None or row["to"] >= begin for row in late if row["entry"] == "status")
    assert all(row["from"] >= begin for row in late if row["entry"] == "change")
    early = json.loads(history(state, "bitter-wind", "--format", "json", "--until", begin).out)
    assert 0 < len(early) < len(whole)
    assert all(row["from"] < begin for row in early)


def test_days_are_taken_whole(state: Path) -> None:
    whole = history(state, "--show", "changes", "--format", "json").out
    day = ("--since", "2026-01-02", "--until", "2026-01-02")
    assert history(state, "--show", "changes", "--format", "json", *day).out == whole
    before = ("--until", "2026-01-01")
    assert json.loads(history(state, "--show", "changes", "--format", "json", *before).out) == []


def test_the_gap_is_that_of_the_last_look(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with fs.Tracker(path, gap="1h") as tracker:
        for look, numbers in enumerate([(0, 2), (0,), (0,)]):  # one fleet is looked at no more
            now = BEGIN + timedelta(minutes=15 * look)
            records = [device(number, 0) for number in numbers]
            table = fs.classify(records, now=now, allow_missing="all")
            tracker.update(table, fleets={FLEETS[number] for number in numbers})
    as_kept, as_1h, as_5min = (
        history(path, "--show", "time", "--format", "csv", *more).out
        for more in ((), ("--gap", "1h"), ("--gap", "5min"))
    )
    assert as_kept == as_1h != as_5min


@pytest.mark.parametrize("gap_ms", ['"x"', "0", "true", "1e9", "[]", "1" * 40])
def test_a_gap_that_is_none_is_damage(state: Path, gap_ms: str) -> None:
    with contextlib.closing(sqlite3.connect(state)) as connection, connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = 'gap_ms'", (gap_ms,))
    done = history(state)
    assert (done.code, done.out) == (2, "")
    assert "is damaged, or was changed by others: gap_ms is" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody",), "no device has the uuid or the name 'nobody'"),
        (("--since", "yesterday"), "--since is 'yesterday', expected"),
        (("--until", "2026-02-30"), "--until: '2026-02-30' is no day of the calendar"),
        (("--since", "2026-01-03"), "--since is after the last look, which was at 2026-01-02 00:5"),
        (("--since", "10min", "--until", "20min"), "is before since"),
        (("--by", "flet"), "--by: no column 'flet'; did you mean 'fleet'"),
        (("--format", "csv"), "csv is one table: --show changes, time or outages"),
        (("--gap", "0s"), "--gap is 0s"),
    ],
)
def test_what_cannot_be_answered_ends_with_2(
    state: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = history(state, *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = history(tmp_path / "none.db")
    assert (done.code, done.out) == (2, "")
    assert "none.db: no such file; `fleetstatus track --state` makes one" in done.err
    assert not list(tmp_path.iterdir())


def test_a_name_of_a_file_rewrites_no_line(tmp_path: Path) -> None:
    assert r"no\x1b[2Jne.db: no such file" in history(tmp_path / "no\x1b[2Jne.db").err


def test_a_file_that_fails_while_it_is_asked_is_told(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "fleet.db cannot be used: it is damaged or cut off"
        raise fs.SnapshotError(message)

    monkeypatch.setattr(fs.Tracker, "changes", fail)
    done = history(state, "--show", "changes")
    assert (done.code, done.out) == (2, "")
    assert "cannot be used: it is damaged" in done.err


def test_a_file_without_a_look_says_so(tmp_path: Path) -> None:
    fs.Tracker(tmp_path / "new.db").close()
    done = history(tmp_path / "new.db")
    assert done.code == 2
    assert done.err.endswith("new.db: no look yet\n")


def test_a_file_that_is_no_trackers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database" * 100)
    done = history(tmp_path / "notes.txt")
    assert done.code == 2
    assert "notes.txt" in done.err


def test_names_rewrite_no_line(state: Path) -> None:
    for arguments in ((), ("--show", "outages"), ("--show", "time", "--by", "device")):
        done = history(state, *arguments)
        assert all(line.isprintable() for line in done.out.split("\n"))
        assert r"\x1b[2J\u202e" in done.out
    markdown = history(state, "--show", "outages", "--format", "md").out
    assert r"\<b>kiosk\</b> \| \*one\*" in markdown


@pytest.mark.slow
@pytest.mark.parametrize("width", [60, 120])
def test_tables_fit_a_terminal(state: Path, width: int) -> None:
    done = on_terminal("history", "--state", state, "--show", "outages", columns=width)
    assert done.code == 0
    assert all(len(line) <= width for line in done.out.split("\n"))
    assert ("no room for" in done.err) == (width == 60)


@pytest.mark.slow
@pytest.mark.parametrize("asked", [("--show", "outages"), ("bitter-wind",)])
def test_a_narrow_terminal_has_whole_times_and_how_long(state: Path, asked: Any) -> None:
    done = on_terminal("history", "--state", state, *asked, columns=60)
    heads, *rows = done.out.splitlines()
    assert {"FROM", "FOR"} <= set(heads.split())
    assert all(re.search(r"\b2026-\d\d-\d\d \d\d:\d\d:\d\dZ\b", row) for row in rows)
    assert "TO" in done.err.partition("no room for")[2]


def columns_of(*shown: tuple[str, list[Any]]) -> list[ListColumn]:
    return [_column(name, values) for name, values in shown]


def test_what_others_say_nearly_as_well_goes_first() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    columns = columns_of(
        ("from", [at]), ("to", [at]), ("duration_s", [60]), ("reason", ["no-link"])
    )
    kept = [column.header for column in fitted(columns, 40, "~")]
    assert kept == ["FROM", "FOR", "REASON"]
    assert [column.header for column in fitted(columns, 30, "~")] == ["FROM", "FOR"]


def test_times_are_not_shortened_but_names_are() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    columns = columns_of(("fleet", ["acme/a-very-long-name"]), ("since", [at]))
    fleet, since = fitted(columns, 36, "~")
    assert (fleet.cells, since.cells) == (["acme/a-~g-name"], ["2026-01-02 00:00:00Z"])
