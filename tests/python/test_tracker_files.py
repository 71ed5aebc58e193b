"""Files that a tracker cannot use: one clear error each, and the file left alone, byte for byte."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

import fleetstatus as fs
from fleetstatus._tracker import files, schema
from tracker_looks import TELLS_ALL, change, look, query, record, up_or_down

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file with one look."""
    path = tmp_path / "fleet.db"
    with fs.Tracker(path) as tracker:
        tracker.update(up_or_down(0, aaaa=True, bbbb=False))
    return path


def with_header(path: Path, **numbers: int) -> None:
    for name, number in numbers.items():
        change(path, f"PRAGMA {name} = {number}")


def no_database(path: Path) -> None:
    path.write_bytes(b"device_name,status\n" * 500)


def short_text(path: Path) -> None:
    path.write_bytes(b"{}")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE customers(name)")


def empty_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")


def of_newer_version(path: Path) -> None:
    with_header(path, user_version=schema.VERSION + 1)


def of_no_version(path: Path) -> None:
    with_header(path, user_version=0)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 2 * 4096 + 100])


def cut_off_in_its_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


def overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4096] = os.urandom(3996)
    path.write_bytes(data)


def without_a_table(path: Path) -> None:
    change(path, "DROP TABLE ended_spans")


def with_a_column_more(path: Path) -> None:
    change(path, "ALTER TABLE ended_spans ADD COLUMN more")


def with_another_view(path: Path) -> None:
    change(path, "DROP VIEW open_spans")
    change(path, "CREATE VIEW open_spans AS SELECT * FROM ended_spans")


def with_a_trigger(path: Path) -> None:
    change(path, "CREATE TRIGGER spy AFTER INSERT ON looks BEGIN DELETE FROM changes; END")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_database, "is no SQLite database, so no tracker's; name another file"),
        (short_text, "has 2 bytes: no tracker's file"),
        (empty, "has 0 bytes: no tracker's file, .* delete it to begin anew"),
        (other_database, "is a SQLite database, but no tracker's"),
        (empty_database, "is a SQLite database, but no tracker's"),
        (of_newer_version, r"is of version 2 .* newer fleetstatus; .* up to 1: upgrade it"),
        (of_no_version, "has no version: it was changed by others"),
        (cut_off, "is damaged or cut off; restore it from a copy"),
        (cut_off_in_its_header, "has 60 bytes: no tracker's file, or what is left of one"),
        (overwritten, "is damaged or cut off"),
        (without_a_table, "changed by others: ended_spans is not as a tracker makes it"),
        (with_a_column_more, "changed by others: ended_spans is not"),
        (with_another_view, "changed by others: open_spans is not"),
        (with_a_trigger, "changed by others: spy is not"),
    ],
)
def test_a_file_that_is_no_trackers_is_left_alone(
    path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(path)
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(fs.SnapshotError, match=message) as caught:
        fs.Tracker(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside


def test_a_file_in_use_by_others_with_wal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "others.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE customers(name)")
        before = {file: file.read_bytes() for file in tmp_path.iterdir()}
        with pytest.raises(fs.SnapshotError, match="no tracker's"):
            fs.Tracker(path)
        assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def to_directory(path: Path) -> None:
    path.mkdir()


def to_pipe(path: Path) -> None:
    os.mkfifo(path)


def to_socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(path))


def to_device(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (to_directory, "is a directory; a tracker's file is a regular file"),
        (to_pipe, "is a pipe"),
        (to_socket, "is a socket"),
        (to_device, "/dev/null is a device"),
    ],
)
def test_what_is_no_regular_file_is_not_opened(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "fleet.db"
    make(path)
    before = os.lstat(path)
    with pytest.raises(OSError, match=message):
        fs.Tracker(path)
    after = os.lstat(path)
    assert (before.st_mode, before.st_ino) == (after.st_mode, after.st_ino)
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"lib is no directory, so .*lib/fleet.db cannot"):
        fs.Tracker(tmp_path / "lib" / "fleet.db")


# Making


def test_a_file_in_the_making_is_hidden_beside_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.db"
    put, seen = files._put_in_place, list[str]()

    def watched(beside: str, to: str) -> None:
        seen.extend(sorted(os.listdir(path.parent)))  # noqa: PTH208
        put(beside, to)

    monkeypatch.setattr(files, "_put_in_place", watched)
    fs.Tracker(path).close()
    [name] = seen
    assert re.fullmatch(rf"\.{re.escape(path.name)}\.\w+", name)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with fs.Tracker(tmp_path / "fleet.db") as tracker:
            tracker.update(up_or_down(0, aaaa=True))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(old)
    assert modes == {"fleet.db": 0o600, "fleet.db-wal": 0o600, "fleet.db-shm": 0o600}


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory&b#c %41.db"
    with fs.Tracker(path) as tracker:
        tracker.update(up_or_down(0, aaaa=True))
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert len(fs.Tracker(str(path)).devices) == 1


def test_a_link_to_a_trackers_file_is_followed(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)
    with fs.Tracker(link) as tracker:
        tracker.update(up_or_down(1, aaaa=True, bbbb=False))
    assert query(path, "SELECT count(*) FROM looks") == [(2,)]
    assert link.is_symlink()


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_link)
    fs.Tracker(tmp_path / "fleet.db").close()
    assert [file.name for file in tmp_path.iterdir()] == ["fleet.db"]


def test_a_file_that_another_process_makes_meanwhile_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.db"
    with fs.Tracker(other) as tracker:
        tracker.update(up_or_down(0, aaaa=True))
    link = os.link

    def too_late(beside: str, path: str) -> None:
        shutil.copy(other, path)
        link(beside, path)

    monkeypatch.setattr(os, "link", too_late)
    assert len(fs.Tracker(tmp_path / "fleet.db").devices) == 1
    assert max(file.name for file in tmp_path.iterdir()) == "other.db"


# Locked, read-only, full


def test_a_locked_file_is_waited_for_and_then_an_error(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_S", 0.2)
    with (
        fs.Tracker(path, **TELLS_ALL) as tracker,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(fs.SnapshotError, match=r"fleet.db .* another process .* 5 seconds"):
            tracker.update(up_or_down(1, aaaa=False, bbbb=False))
        assert len(tracker.devices) == 2  # reads need no lock
        other.execute("ROLLBACK")
        assert len(tracker.update(up_or_down(1, aaaa=False, bbbb=False))) == 1


def test_a_refusal_is_told_though_it_cannot_be_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_S", 0.1)
    with (
        fs.Tracker(path) as tracker,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(fs.SnapshotError, match="2026-11-01T11:59"),
            tracker.transaction(up_or_down(-1, aaaa=True, bbbb=False)),
        ):
            pytest.fail("the block does not begin")


def test_the_wait_is_five_seconds() -> None:
    [[timeout]] = fs.Tracker()._memory.store.connection.execute("PRAGMA busy_timeout").fetchall()
    assert timeout == 5000


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
@pytest.mark.parametrize(("mode", "of_directory"), [(0o400, False), (0o500, True)])
def test_a_read_only_file_is_an_error(path: Path, mode: int, of_directory: bool) -> None:
    before = path.read_bytes()
    with TemporaryDirectory() as directory:  # which others may enter
        path = Path(shutil.copy(path, directory))
        for owned in (path, path.parent):
            os.chown(owned, 65534, 65534)
            owned.chmod(0o700)
        (path.parent if of_directory else path).chmod(mode)
        told = what_another_user_is_told(path)
        assert path.read_bytes() == before
    assert "fleet.db cannot be" in told
    assert "permissions" in told or "read-only" in told


def what_another_user_is_told(path: Path) -> str:
    code = (
        "import sys, fleetstatus as fs, os\n"
        "os.seteuid(65534)\n"
        "try: fs.Tracker(sys.argv[1])\n"
        "except OSError as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_full_disk_is_an_error_and_changes_nothing(path: Path) -> None:
    names = [f"device{i}" for i in range(2_000)]
    many = up_or_down(1, aaaa=True, bbbb=False, **dict.fromkeys(names, True))
    with fs.Tracker(path) as tracker:
        connection = tracker._memory.store.connection
        [[n_pages]] = connection.execute("PRAGMA page_count").fetchall()
        connection.execute(f"PRAGMA max_page_count = {n_pages + 3}")
        before = tracker.devices
        with pytest.raises(OSError, match=r"fleet.db cannot be used: the disk is full"):
            tracker.update(many)
        assert tracker.devices == before
        assert tracker.counters()["looks"] == 1
        connection.execute("PRAGMA max_page_count = 100000")
        assert len(tracker.update(many)) == 2_000
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_file_that_cannot_grow_is_an_error_and_stays_whole(path: Path) -> None:
    code = (
        "import resource, sys, fleetstatus as fs\n"
        "from tracker_looks import up_or_down\n"
        "tracker = fs.Tracker(sys.argv[1])\n"
        "names = [f'device{i}' for i in range(2_000)]\n"
        "many = up_or_down(1, aaaa=True, bbbb=False, **dict.fromkeys(names, True))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))\n"
        "try: tracker.update(many)\n"
        "except OSError as error: print(error, len(tracker.devices))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))\n"
        "print(len(tracker.update(many)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
    )
    error, told = done.stdout.splitlines()
    assert "full" in error
    assert error.endswith(" 2")
    assert told == "2000"
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


# What stands in it is not trusted


def test_a_view_of_the_owners_does_no_harm_and_nothing_in_the_file_runs(path: Path) -> None:
    change(path, "CREATE VIEW down AS SELECT * FROM spans WHERE reason = 'no-link'")
    change(path, "CREATE TABLE notes(text)")
    with fs.Tracker(path) as tracker:
        tracker.update(look(1, record("aaaa"), record("bbbb", "offline")))
        [[trusted]] = tracker._memory.store.connection.execute("PRAGMA trusted_schema").fetchall()
    assert trusted == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE kept_devices SET reason = 'none'",
        "UPDATE kept_devices SET last_read = 9",
        "UPDATE kept_devices SET pending = '[1]'",
        "INSERT INTO newer_devices(device, reason) VALUES(0, 'none')",
        "INSERT INTO newer_devices(device) VALUES(0)",
        "UPDATE looks SET look = look + 1",
        "UPDATE looks SET fleets = '['",
        "UPDATE settings SET value = 'docs-2024-11' WHERE name = 'scheme'",
    ],
)
def test_values_that_no_tracker_writes_are_an_error(path: Path, sql: str) -> None:
    change(path, sql)
    damaged = "fleet.db is damaged, or was changed by others: .*; restore it from a copy"
    with pytest.raises(fs.SnapshotError, match=damaged), fs.Tracker(path) as tracker:
        tracker.update(up_or_down(1, aaaa=True, bbbb=False))
