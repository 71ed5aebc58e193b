"""The commands, with the help that they print."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from fleetstatus.cli._program import program
from from_core.markdown import code

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 78


def commands() -> str:
    """Write the help of each command."""
    return "\n\n".join(_sections())


def _sections() -> Iterator[str]:
    with click.Context(program, info_name="fleetstatus", max_content_width=_WIDTH) as context:
        for name in program.list_commands(context):
            command = cast("click.Command", program.get_command(context, name))
            inner = click.Context(
                command,
                info_name=name,
                parent=context,
                terminal_width=_WIDTH,
                max_content_width=_WIDTH,
            )
            help_text = command.get_help(inner)
            yield f"## {code(name)}\n\n```text\n{help_text}\n```"
