"""The program and the outside world: usage, interrupts, pipes, disks, terminals, extras."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import fleetstatus as fs
from command_line import NOW, SAMPLE, as_input, disconnected, invoke, on_terminal, record, run
from fleetstatus.cli import main
from fleetstatus.cli._exit_codes import INTERRUPTED
from fleetstatus.cli._program import program

CLOSED_PIPE = 141
PROGRAM = [sys.executable, "-m", "fleetstatus"]
HOSTILE_NAME = "\u202eevil[bold red]\x1b[31m|name\n"


def command_line(arguments: tuple[object, ...]) -> str:
    return " ".join(Path(str(argument)).name for argument in arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("audit",),
        ("nonsense",),
        ("audit", "no-such-file.json"),
        ("audit", SAMPLE, "--scheme", "docs-1999"),
        ("audit", SAMPLE, "--limit", "some"),
        ("audit", SAMPLE, "--groups", "-1"),
        ("audit", SAMPLE, "--format", "xml"),
        ("audit", SAMPLE, "--dashboard", "javascript:alert(1)"),
        ("audit", SAMPLE, "--dashboard", "https://example.org/'>"),
        ("query", "--fleet", "acme"),
    ],
    ids=command_line,
)
def test_wrong_usage_is_told_in_words(arguments: tuple[object, ...]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


@pytest.mark.parametrize(
    "command", [(), ("demo",), ("audit",), ("list",), ("explain",), ("query",)]
)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    done = invoke(*command, "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: fleetstatus" in done.out
    assert invoke(*command, "-h").out == done.out


def test_the_help_lists_all_commands_and_exit_codes() -> None:
    told = invoke("--help").out
    assert all(f"  {name}" in told for name in program.commands)
    for code in ("2 for wrong usage", "1 if", "130"):
        assert code in " ".join(told.split())


def test_version() -> None:
    assert run("--version").out == f"fleetstatus {fs.__version__}\n"


# How it ends


@pytest.mark.slow
@pytest.mark.parametrize("command", [("audit", "-"), ("list", "-"), ("explain", "x", "-")])
def test_an_interrupted_program_ends_with_130(command: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*PROGRAM, *command], stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.close(reading)
        os.write(writing, b"[" + b" " * 70_000)  # more than a pipe holds: it reads, and waits
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        os.close(writing)
    assert process.returncode == INTERRUPTED == 130
    assert (out, b"Traceback" in err) == (b"", False)


def test_an_interrupt_while_modules_are_imported_is_one_too() -> None:
    code = (
        "import sys, builtins\n"
        "real = builtins.__import__\n"
        "def interrupted(name, *rest, **options):\n"
        "    if name == 'fleetstatus.cli._program': raise KeyboardInterrupt\n"
        "    return real(name, *rest, **options)\n"
        "from fleetstatus.cli import main\n"
        "builtins.__import__ = interrupted\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("audit", SAMPLE, "--format", "md"),
        ("list", SAMPLE),
        ("list", SAMPLE, "--format", "csv"),
        ("explain", "bitter-wind", SAMPLE),
        ("query",),
    ],
    ids=command_line,
)
def test_a_closed_pipe_is_silent(arguments: tuple[object, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["audit", "list"])
def test_a_full_disk_is_told_in_words(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, command, SAMPLE],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_a_closed_stream_is_told_in_words(stream: str) -> None:
    number = {"stdin": 0, "stdout": 1}[stream]
    code = (
        f"import os, sys; os.close({number})\n"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'fleetstatus', 'audit', '-'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"[]", capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


# What it shows


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "-"),
        ("audit", "-", "--format", "md"),
        ("audit", "-", "--format", "html"),
        ("audit", "-", "--format", "text"),
        ("list", "-"),
        ("explain", "0" * 32, "-"),
        ("explain", "0" * 32, "-", "--format", "md"),
    ],
    ids=command_line,
)
def test_names_can_neither_hide_nor_rearrange_anything(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    source = as_input(disconnected(device_name=HOSTILE_NAME))
    done = invoke(*arguments, stdin=source, columns=200)
    assert done.code == 0
    assert "\u202e" not in done.out
    assert "\x1b[31m|" not in done.out
    assert "\\u202eevil" in done.out.replace("\\\\", "\\")
    assert "bold red" in done.out


@pytest.mark.slow
def test_colour_is_an_extra() -> None:
    colours = ("\x1b[31m", "\x1b[36m")
    forced = run("demo", env={"FORCE_COLOR": "1", "TERM": "xterm"}).out
    assert all(colour in forced for colour in colours)
    plain = run("demo", env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}).out
    assert not any(colour in plain for colour in colours)
    assert "\x1b" not in run("demo").out


def test_without_colour_a_terminal_gets_the_same_words() -> None:
    source = as_input(disconnected())
    shown = on_terminal("list", "-", "--now", NOW, stdin=source, columns=300).out
    plain = invoke("list", "-", "--now", NOW, stdin=source).out
    assert [word for word in plain.split() if word not in shown] == []


@pytest.mark.slow
def test_a_terminal_with_few_characters_gets_bars_and_names_too() -> None:
    source = as_input(disconnected(device_name="北-lake"))
    for command in ("audit", "list"):
        done = run(command, "-", stdin=source, env={"PYTHONIOENCODING": "latin-1"})
        assert done.code == 0
        assert "\\u5317-lake" in done.out
    assert "###" in run("audit", "-", stdin=source, env={"PYTHONIOENCODING": "latin-1"}).out


def test_no_line_ends_in_spaces() -> None:
    for arguments in (("audit", SAMPLE), ("list", SAMPLE), ("explain", "bitter-wind", SAMPLE)):
        lines = invoke(*arguments).out.splitlines()
        assert lines == [line.rstrip() for line in lines]


# The extra


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_says_how_to_install_it(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from fleetstatus.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert 'pip install "fleetstatus[cli]"' in done.stderr


def test_another_package_that_is_missing_is_no_wrong_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "fleetstatus.cli._program", None)
    with pytest.raises(ModuleNotFoundError, match=r"fleetstatus\.cli\._program"):
        main()


def test_the_package_does_not_import_its_command_line() -> None:
    code = (
        "import sys, fleetstatus\n"
        "print([name for name in ('click', 'rich', 'fleetstatus.cli') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_report_in_html_needs_no_extra() -> None:
    code = (
        "import sys; sys.modules['click'] = sys.modules['rich'] = None\n"
        "import fleetstatus as fs\n"
        "from fleetstatus._report.report import report_on\n"
        "from fleetstatus._report.report_page import to_html\n"
        "report = report_on(fs.classify(fs.sample_fleet()), source='sample fleet')\n"
        "print(to_html(report).count('<h2>'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert int(done.stdout) >= 6


def test_a_fault_of_the_program_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> int:
        message = "all\x1b[2J wrong"
        raise RuntimeError(message)

    monkeypatch.setattr(program.commands["query"], "callback", broken)
    out = run_here("query")
    assert out == (2, "fleetstatus: this should not happen: RuntimeError: all\\x1b[2J wrong\n")


def run_here(*arguments: str) -> tuple[int, str]:
    """Run the program in this process, whatever it says."""
    import io
    from unittest import mock

    from fleetstatus.cli._program import run as run_program

    with (
        mock.patch.object(sys, "argv", ["fleetstatus", *arguments]),
        mock.patch.object(sys, "stderr", io.StringIO()) as err,
    ):
        return run_program(), err.getvalue()


def test_a_healthy_device_is_healthy_in_every_command() -> None:
    source = as_input(record())
    options = ("-", "--now", NOW)
    assert "No device needs attention" in invoke("audit", *options, stdin=source).out
    assert "Operational" in invoke("list", *options, stdin=source).out
    assert "Operational" in invoke("explain", "calm-lake", *options, stdin=source).out
