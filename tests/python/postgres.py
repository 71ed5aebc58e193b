"""A PostgreSQL server of its own for tests, in a temporary directory."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from openbalena_fleet import Tables, openbalena_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

# PostgreSQL refuses to run as root; its packages come with this user.
USER = "postgres"
OPENBALENA = Path(__file__).with_name("openbalena.sql")


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server on a free port of the loopback; gives the words to connect with."""
    programs = find_programs()
    with TemporaryDirectory(prefix="fleetstatus-postgres-") as name:
        directory = Path(name)
        if is_root():
            shutil.chown(directory, USER)
        as_user = ("--username", USER, "--auth", "trust")
        run(programs / "initdb", directory, *as_user, "--locale=C", "--encoding=UTF8", "--no-sync")
        port = free_port()
        settings = f"-h 127.0.0.1 -p {port} -c fsync=off -c unix_socket_directories="
        log = directory / "log"
        try:
            run(programs / "pg_ctl", directory, "start", "-w", "-l", str(log), "-o", settings)
        except subprocess.CalledProcessError as error:
            error.add_note(log.read_text() if log.exists() else "It wrote no log.")
            raise
        try:
            yield f"host=127.0.0.1 port={port} user={USER} dbname=postgres"
        finally:
            run(programs / "pg_ctl", directory, "stop", "-m", "immediate")


@contextmanager
def running_openbalena(n_devices: int) -> Iterator[str]:
    """Run a server with openBalena's tables, filled from a seed; gives its address."""
    with running_postgres() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            fill(connection, openbalena_tables(n_devices))
            info = connection.info
            address = f"postgresql://{info.user}@{info.host}:{info.port}/{info.dbname}"
        yield address


def fill(connection: psycopg.Connection[Any], tables: Tables) -> None:
    """Make openBalena's tables, and insert rows."""
    connection.execute(OPENBALENA.read_bytes())
    connection.execute("set session_replication_role = replica")  # no foreign keys meanwhile
    for table, rows in tables.items():
        keys = dict.fromkeys(key for row in rows for key in row)
        insert = sql.SQL(
            "insert into {table} ({names}) "
            "select {names} from json_populate_recordset(null::{table}, {rows})"
        )
        connection.execute(
            insert.format(
                table=sql.Identifier(table),
                names=sql.SQL(", ").join(map(sql.Identifier, keys)),
                rows=sql.Literal(json.dumps(rows, default=str)),
            )
        )
    connection.execute("set session_replication_role = default")


def find_programs() -> Path:
    """Find the directory of initdb and pg_ctl; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].resolve().parent
    missing = "needs initdb and pg_ctl of PostgreSQL (apt install postgresql)"
    if "FLEETSTATUS_REQUIRE_POSTGRES" in os.environ:
        pytest.fail(missing)
    pytest.skip(missing)


def is_root() -> bool:
    """Tell whether this process runs as root, which only POSIX has."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(program: Path, directory: Path, *arguments: str) -> None:
    """Run a program of PostgreSQL on the data of the server."""
    user = USER if is_root() else None
    subprocess.run(
        [program, "-D", directory / "data", *arguments],
        check=True,
        cwd=directory,
        stdout=subprocess.DEVNULL,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
