"""What changed, for a terminal, in 40 columns or more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from rich.text import Text

from fleetstatus._show.palette import colour_of
from fleetstatus._words.text import visible, wrapped
from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._render import bar

if TYPE_CHECKING:
    from rich.console import Console

    from fleetstatus._changes.digest import Digest, Told

_PADDING = re.compile(r" +$", re.MULTILINE)
_FIRST, _FURTHER = "  ", "    "
_LEAST_WIDTH = 20


def print_lines(told: Digest) -> None:
    """Print changes on standard output, those that came to the same below one title."""
    console = PlainConsole()
    is_worse = any(line.group.is_worse for line in told.lines)
    with console.capture() as printed:
        console.print(Text(visible(told.headline), style="bold red" if is_worse else "bold"))
        for warning in told.warnings:
            console.print(Text.assemble(("! ", "bold yellow"), visible(warning)))
        for group, lines in told.by_group.items():
            square = (bar(1 / 30, console.encoding, width=30), colour_of(group.coloured_as))
            title = f"{group if group.is_worse else group.words}: {told.counts[group]:,}"
            console.print(Text.assemble("\n", square, " ", (title, "bold")))
            for line in lines:
                _print_line(console, line)
        if told.more:
            console.print(Text(f"\n{told.more}; --limit all lists them"))
    click.echo(_PADDING.sub("", printed.get()), nl=False, color=True)


def _print_line(console: Console, line: Told) -> None:
    """Print a name, then what happened; further lines of it are indented more."""
    name = visible(line.name)
    first, *others = wrapped(visible(line), max(console.width - len(_FURTHER), _LEAST_WIDTH))
    bold = len(name) if first.startswith(name) else 0
    console.print(Text.assemble(_FIRST, (first[:bold], "bold"), first[bold:]), soft_wrap=True)
    for other in others:
        console.print(Text(f"{_FURTHER}{other}"), soft_wrap=True)
