"""What the help of each command says, word for word, whatever the width of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fleetstatus.cli._program import program
from wording import check

if TYPE_CHECKING:
    from collections.abc import Iterator


def said() -> Iterator[str]:
    """Give the words of each command, and each option with the commands that have it."""
    yield f"fleetstatus: {_words(program.help)}"
    options: dict[str, list[str]] = {}
    for name, command in program.commands.items():
        yield " ".join(f"{name}: {_words(command.help)} {_words(command.epilog)}".split())
        for parameter in command.params:
            line = _parameter(parameter, click.Context(command, info_name=name))
            options.setdefault(line, []).append(name)
    yield from (f"{' '.join(names)}: {line}" for line, names in options.items())


def _parameter(parameter: click.Parameter, context: click.Context) -> str:
    """Names, whether it must be there, may be repeated, or takes no value; its words and default."""
    traits: dict[str, Any] = {
        "required": parameter.required,
        "repeated": parameter.multiple or parameter.nargs == -1,
        "flag": getattr(parameter, "is_flag", False),
        "default shown": getattr(parameter, "show_default", False),
    }
    names = " ".join([*parameter.opts, *parameter.secondary_opts])
    words = ", ".join(name for name, has_it in traits.items() if has_it)
    shown = parameter.make_metavar(context) if not traits["flag"] else ""
    default = parameter.to_info_dict()["default"]
    help_text = _words(getattr(parameter, "help", None))
    return " ".join(f"{names} {shown} ({words}; {default!r}): {help_text}".split())


def _words(text: str | None) -> str:
    return " ".join((text or "").replace("\b", "").split())


def test_help_is_what_it_was() -> None:
    check("help.txt", said())
