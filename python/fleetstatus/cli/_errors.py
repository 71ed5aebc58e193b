"""Errors of the command line, and those of the package in the words of the command line."""

import re

import click

import fleetstatus as fs
from fleetstatus.cli._text import visible_lines

# Options of Python as messages write them, and the options of the command line that they are.
_FLAGS = {"assume_utc": "--assume-utc"}
_OPTIONS = {
    "allow_missing": "--allow-missing",
    "default_poll_interval": "--default-poll-interval",
    "on_error": "--on-error",
    "carry": "--by",
    "scheme": "--scheme",
    "now": "--now",
    "fleet": "--fleet",
    "status_for": "--status-for",
    "update_status_for": "--update-status-for",
    "max_removed": "--max-removed",
    "hold": "--hold",
    "gap": "--gap",
    "since": "--since",
    "until": "--until",
    "by": "--by",
    "api": "--api",
    "ca": "--ca",
}
_NAMES = "|".join((*_OPTIONS, *_FLAGS))
_VALUE = r"\([^()]*\)|\[[^\[\]]*\]|'[^']*'|\"[^\"]*\"|[\w.-]+"
_ASSIGNED = re.compile(rf"(?<![\w-])(?P<name>{_NAMES})=(?P<value>{_VALUE})?")
_SPOKEN_OF = re.compile(
    rf"(?:^|(?<=[:;] ))(?P<name>{_NAMES})(?= (?:is|names|holds|has)\b|:)", re.MULTILINE
)
# What a program would do, and what a person does on the command line.
_PHRASES = {
    "fleetstatus.device_options() for balena-sdk, or the query below": (
        "`fleetstatus query` prints the query"
    ),
    "fleetstatus.device_options()": "what `fleetstatus query` prints",
    "carry: ": "",
    "complete=False or fleets=": "--incomplete or --fleet",
    "; scan gives the records before its end": "",
    ", or pass token=": "",
    " passed as token=": "",
    "raise timeout=": "try again later",
    "ask for fewer devices: page_size=": "ask for it in Python, with fewer devices a page",
    "; what came is the body of this error": "",
}
_ASKED_WITH = re.compile(r"\bdevice_options\((?P<options>[^()]*)\)")
_QUERY = re.compile(r"the query that asks for everything:|\s*(?:GET\s+)?\S*/device\?\S+")


class InputError(click.ClickException):
    """Input that cannot be used."""

    def show(self, file: object = None) -> None:
        """Print the message, in one line if it has one."""
        click.echo(f"fleetstatus: {self.format_message()}", err=True)


def input_error(error: Exception, *, name: str, hint: str = "") -> InputError:
    """Error of the package as one of the command line, which names the input.

    Parameters
    ----------
    error
        What went wrong.
    name
        What to call the input.
    hint
        What to add to the first line.
    """
    message = str(error) or type(error).__name__
    text = in_options(visible_lines("\n".join([message, *getattr(error, "__notes__", [])])))
    text = text.removeprefix("the source: ")
    first, newline, rest = text.partition("\n")
    first = f"{first}{hint}".replace("?; did you mean ", " or ")
    text = f"{first}{newline}{rest}"
    if isinstance(error, fs.MissingFieldsError):
        text = _without_query(text)
    return InputError(text if name in text else f"{name}: {text}")


def in_options(message: str) -> str:
    """Write what a message says of Python's arguments in options of the command line.

    Examples
    --------
    >>> in_options("pass allow_missing=('status', 'image_install')")
    'pass --allow-missing status --allow-missing image_install'
    >>> in_options("if they are UTC, pass assume_utc=True; now is 'x'")
    "if they are UTC, pass --assume-utc; --now is 'x'"
    """
    for phrase, said in _PHRASES.items():
        message = message.replace(phrase, said)
    message = _ASSIGNED.sub(_assigned, message)
    message = _ASKED_WITH.sub(r"`fleetstatus query \g<options>`", message)
    return _SPOKEN_OF.sub(lambda match: (_OPTIONS | _FLAGS)[match["name"]], message)


def _assigned(match: re.Match[str]) -> str:
    name, value = match["name"], match["value"]
    if name in _FLAGS:
        return _FLAGS[name]
    option = _OPTIONS[name]
    values = re.findall(r"[^\s,()\[\]'\"]+", value or "")
    return " ".join(f"{option} {one}" for one in values) if values else option


def _without_query(text: str) -> str:
    """Leave the long path of the query out, which ``fleetstatus query`` prints."""
    return "\n".join(line for line in text.split("\n") if not _QUERY.fullmatch(line))


def wrong_usage(error: Exception) -> click.UsageError:
    """Error of an argument as wrong usage."""
    message = error.args[0] if error.args else type(error).__name__
    return click.UsageError(in_options(visible_lines(str(message))))
