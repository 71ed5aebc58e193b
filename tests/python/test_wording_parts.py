"""Small parts on their own: markup, keys of groups, names that are near, kept readers."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fleetstatus as fs
from fleetstatus._input.readers import readers_for
from fleetstatus._options import ReadOptions
from fleetstatus._show import html as _html
from fleetstatus._table.kinds import kind_of_values
from fleetstatus._words.names import near
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._progress import LONG_INPUT, counted, while_reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = '<b title="x">&\x1b'
SHOWN = "&lt;b title=&quot;x&quot;&gt;&amp;\\x1b"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


MADE: list[Callable[[], str]] = [
    lambda: _html.markup(NAME),
    lambda: _html.document(NAME),
    lambda: _html.heading(NAME, 2),
    lambda: _html.paragraph(NAME),
    lambda: _html.paragraph(NAME, kind="note"),
    lambda: _html.table([NAME], []),
    lambda: _html.table(["x"], [[NAME]]),
    lambda: _html.table(["x"], [[NAME]], prose=["x"]),
    lambda: _html.table(["x"], [[[NAME, "y"]]]),
    lambda: _html.key("Frozen", NAME),
    lambda: _html.link(NAME, "x"),
    lambda: _html.link("x", NAME),
    lambda: _html.code(NAME),
    lambda: _html.status_bar([(NAME, 3)]),
]


@pytest.mark.parametrize("make", MADE)
def test_names_are_no_markup(make: Callable[[], str]) -> None:
    made = make()
    assert SHOWN in made
    assert NAME not in made
    assert "\x1b" not in made


@pytest.mark.parametrize(
    ("values", "kind", "built"),
    [
        ([True, None, False], "bool", [True, None, False]),
        ([1, None, np.int64(2)], "int64", [1, None, 2]),
        ([1, 2.5, np.float32(0.5)], "float64", [1.0, 2.5, 0.5]),
        ([Fraction(1, 2), 1], "float64", [0.5, 1.0]),
        ([2**63, 1], "large_utf8", [str(2**63), "1"]),
        ([MOMENT, None], "timestamp[ms, UTC]", [MOMENT, None]),
        ([MOMENT.replace(tzinfo=None)], "large_utf8", ["2026-01-01 00:00:00"]),
        (["north", 1, None], "large_utf8", ["north", "1", None]),
        (["\ud800"], "large_utf8", ["\\ud800"]),
        ([None], "large_utf8", [None]),
        ([], "large_utf8", []),
    ],
)
def test_keys_of_groups_keep_their_type(values: list[Any], kind: str, built: list[Any]) -> None:
    found = kind_of_values(values)
    assert found.type == kind
    column = found.build(values)
    assert column.to_list() == built
    assert [type(value) for value in column.to_list()] == [type(value) for value in built]


MANY = [f"zz{number}zz" for number in range(2_500)]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("abcdefgh12", "abXdefgh21"), ("12cdefghij", "21cdefgXij"), ("quite-long", "quite-lonx")],
)
def test_of_many_names_those_are_compared_that_begin_or_end_alike(wanted: str, name: str) -> None:
    assert near(wanted, [*MANY, name]) == f"; did you mean '{name}'?"


@pytest.mark.parametrize(
    ("wanted", "names", "told"),
    [
        ("fleet", ["flees", "fleed", "fleek"], "; did you mean 'flees' or 'fleek'?"),
        ("FLEET", ["Fleets"], "; did you mean 'Fleets'?"),
        ("fleet", ["x"], ""),
        ("fleet", ["fleet\x1b"], "; did you mean 'fleet\\x1b'?"),
        ("f" * 50, ["f" * 51], f"; did you mean '{'f' * 40}...'?"),
    ],
)
def test_two_names_at_most_are_told(wanted: str, names: list[str], told: str) -> None:
    assert near(wanted, names) == told


SCHEME = fs.StatusScheme.API_V7
OPTIONS = ReadOptions(SCHEME, (), "raise", (), timedelta(minutes=15), False, "source")


@pytest.mark.parametrize(
    "changes",
    [{}, {"scheme": "api-v7"}, {"allow_missing": "all"}, {"default_poll_interval": "15min"}],
)
@pytest.mark.parametrize("threads", [None, 1])
def test_options_of_every_type_keep_their_readers(changes: Any, threads: int | None) -> None:
    options = OPTIONS._replace(**changes)
    assert readers_for(options, threads) is readers_for(options, threads)


def test_options_that_can_change_keep_none() -> None:
    options = OPTIONS._replace(allow_missing=["status"])
    assert readers_for(options, None) is not readers_for(options, None)


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Terminal, Terminal]]:
    """Put a person before standard output and standard error."""

    def watch() -> tuple[Terminal, Terminal]:  # pytest itself sets both before a test
        out, err = Terminal(), Terminal()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setenv("TERM", "xterm-256color")
        return out, err

    return watch


def test_long_files_are_said_to_be_read(
    tmp_path: Path, watched: Callable[[], tuple[Terminal, Terminal]]
) -> None:
    files = [tmp_path / "one.json", tmp_path / "other.json"]
    for path in files:
        with path.open("wb") as file:
            file.truncate(LONG_INPUT // 2)
    out, err = watched()
    with while_reading((str(files[0]),)):
        pass
    assert err.getvalue() == ""
    with while_reading(tuple(map(str, files))):
        pass
    assert "Reading 32 MiB" in err.getvalue()
    assert out.getvalue() == ""


def test_a_long_stream_says_how_much_was_read(
    watched: Callable[[], tuple[Terminal, Terminal]],
) -> None:
    out, err = watched()
    with counted(io.BytesIO(bytes(LONG_INPUT))) as stream:
        read: Any = stream
        read.read(LONG_INPUT - 1)
        assert "Reading" not in err.getvalue()
        read.read(1)
    reading, megabytes = map(err.getvalue().index, ("Reading", "33.6/? MB"))
    assert reading < megabytes
    assert out.getvalue() == ""


class ClosedPipe(io.StringIO):
    """A stream that nobody reads any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


def test_a_console_takes_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    PlainConsole().print("[bold]kiosk[/bold] :smile: 5")
    assert capsys.readouterr().out == "[bold]kiosk[/bold] :smile: 5\n"


def test_a_console_lets_the_program_see_a_closed_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    with pytest.raises(BrokenPipeError):
        PlainConsole().print("x")
