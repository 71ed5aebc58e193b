"""A tracker's file: made for its owner alone, and opened only if it is one."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fleetstatus._tracker import schema
from fleetstatus._tracker.problems import file_error, shown
from fleetstatus.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = ":memory:"
BUSY_S = 5.0
_CACHE_KIB = 131_072
_LEAST_BYTES = 512  # of a page, so of a database
_COMMENT = re.compile(r"--.*|/\*.*?\*/")
_KINDS = {
    stat.S_ISDIR: "a directory",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def to_path(path: str | os.PathLike[str]) -> str:
    """Give the path of a file as text, links followed; ``:memory:`` is none.

    Raises
    ------
    TypeError, ValueError
        If it is no path.
    """
    try:
        text: Any = os.fspath(path)
    except TypeError:
        message = f"path is a {type(path).__name__}, expected the path of a file, or {MEMORY!r}"
        raise TypeError(message) from None
    if not isinstance(text, str) or not text or "\0" in text:
        message = f"path is {text!r}, expected the path of a file, or {MEMORY!r}"
        raise ValueError(message)
    return text if text == MEMORY else os.path.realpath(text)


def connect(path: str) -> sqlite3.Connection:
    """Open a tracker's file for reading and writing; make it if there is none.

    Raises
    ------
    SnapshotError
        If it is none of ours, damaged, of a newer version, or locked.
    OSError
        If it cannot be opened or written, or is no regular file.
    """
    if path == MEMORY:
        connection = _opened(MEMORY, uri=False)
        _make_tables(connection)
        return connection
    if not os.path.lexists(path):
        _create(path)
    _check(path)
    with file_error(path):
        connection = _opened(f"file:{quote(path)}?mode=rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            if _version(connection) < schema.VERSION:
                with writing(connection):
                    _migrate(connection)
            with reading(connection):
                _check_content(connection, path)
                _let_log_grow(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _let_log_grow(connection: sqlite3.Connection) -> None:
    """Let the log grow to the size of the file, so that not every look moves its pages."""
    [n_pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA wal_autocheckpoint = {max(1_000, n_pages)}")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Write in one transaction: all of it, or nothing if anything is raised."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some errors have rolled back already
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Read all from one state of the file, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _opened(name: str, *, uri: bool = True) -> sqlite3.Connection:
    connection = sqlite3.connect(
        name, uri=uri, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    # A file says nothing that runs code here.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    # Room for all pages that a look at a large fleet changes, so that each is written once.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


# Making


def _create(path: str) -> None:
    """Make an empty tracker's file at once, so that nobody ever finds half of one."""
    directory = Path(path).parent
    if not directory.is_dir():
        message = f"{shown(str(directory))} is no directory, so {shown(path)} cannot be made; make it first"
        raise FileNotFoundError(message)
    with file_error(path):
        handle, beside = tempfile.mkstemp(prefix=f".{Path(path).name}.", dir=directory)  # 0600
        os.close(handle)
        try:
            with closing(_opened(f"file:{quote(beside)}?mode=rw")) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                _make_tables(connection)
            _put_in_place(beside, path)
        finally:
            Path(beside).unlink(missing_ok=True)


def _put_in_place(beside: str, path: str) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        return  # another process was faster
    except OSError:  # a file system without links
        if os.path.lexists(path):
            return
        Path(beside).rename(path)
    _sync(Path(path).parent)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_tables(connection: sqlite3.Connection) -> None:
    with writing(connection):
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        for statement in schema.statements():
            connection.execute(statement)


# Checking


def _check(path: str) -> None:
    """Refuse what is no tracker's file, before anything could be written to it."""
    with file_error(path):
        mode = Path(path).stat().st_mode
    for is_kind, name in _KINDS.items():
        if is_kind(mode):
            message = f"{shown(path)} is {name}; a tracker's file is a regular file"
            raise OSError(message)
    n_bytes = Path(path).stat().st_size
    if n_bytes < _LEAST_BYTES:
        message = (
            f"{shown(path)} has {n_bytes:,} bytes: no tracker's file, or what is left of one; "
            "name another file, or delete it to begin anew"
        )
        raise SnapshotError(message)
    is_effective = os.access in os.supports_effective_ids
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=is_effective):
        message = f"{shown(path)} cannot be read and written by this user; see its permissions"
        raise PermissionError(message)
    with file_error(path), closing(_unlocked(path)) as connection:
        try:
            _check_content(connection, path)
        except sqlite3.DatabaseError as error:
            # A process that died while it moved pages from the log may leave less than a file;
            # the log has all of it.
            if not _is_damage(error) or not Path(f"{path}-wal").exists():
                raise
            with closing(_opened(f"file:{quote(path)}?mode=ro")) as whole:
                _check_content(whole, path)


def _unlocked(path: str) -> sqlite3.Connection:
    """Open a file so that nothing is written beside it either."""
    return sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True)


def _is_damage(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT


def _check_content(connection: sqlite3.Connection, path: str) -> None:
    _check_header(connection, path)
    if _version(connection) == schema.VERSION:
        _check_tables(connection, path)


def _check_header(connection: sqlite3.Connection, path: str) -> None:
    [application_id] = connection.execute("PRAGMA application_id").fetchone()
    version = _version(connection)
    if application_id != schema.APPLICATION_ID:
        message = (
            f"{shown(path)} is a SQLite database, but no tracker's; "
            "name another file, which is made if there is none"
        )
        raise SnapshotError(message)
    if version < 1:
        message = f"{shown(path)} has no version: it was changed by others; restore it from a copy"
        raise SnapshotError(message)
    if version > schema.VERSION:
        message = (
            f"{shown(path)} is of version {version} and was written by a newer fleetstatus; "
            f"this one knows versions up to {schema.VERSION}: upgrade it"
        )
        raise SnapshotError(message)


def _version(connection: sqlite3.Connection) -> int:
    [version] = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrate(connection: sqlite3.Connection) -> None:
    for step in range(_version(connection), schema.VERSION):
        for statement in schema.MIGRATIONS[step]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {step + 1}")


def _check_tables(connection: sqlite3.Connection, path: str) -> None:
    """Refuse a file whose tables are not those of its version, or that acts on what is written."""
    found = {
        name: sql
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        )
    }
    wanted = {_name_of(statement): statement for statement in schema.statements()}
    different = sorted(name for name in {*found, *wanted} if _differ(found, wanted, name))
    if different:
        message = (
            f"{shown(path)} was changed by others: {', '.join(different)} is not as a tracker "
            "makes it; restore the file, or name another one"
        )
        raise SnapshotError(message)


def _differ(found: dict[str, str], wanted: dict[str, str], name: str) -> bool:
    # Further tables, indexes and views of the owner's do no harm; triggers do.
    if name not in wanted:
        return found[name].lstrip().upper().startswith("CREATE TRIGGER")
    return name not in found or _bare(found[name]) != _bare(wanted[name])


def _name_of(statement: str) -> str:
    return _bare(statement).split()[2].partition("(")[0]


def _bare(statement: str) -> str:
    """Leave out comments and line breaks."""
    return " ".join(_COMMENT.sub("", statement).split())
