"""The command line that lists what a report leaves out."""

import shlex

import fleetstatus as fs
from fleetstatus._words.text import visible
from fleetstatus.cli._options import ReadingOptions

# Options that decide which devices a list holds, as click names them.
_REPEATED = ("fleet", "threshold", "allow_missing")
_SINGLE = ("now", "default_poll_interval", "api", "ca")


def list_command(options: ReadingOptions, attention: str) -> str:
    """Write the command that lists all devices of an attention class.

    It reads what the command of the options has read, in the same way.
    """
    words = ["fleetstatus", "list", *options["files"], "--class", attention]
    given = dict(options)
    for name in _REPEATED:
        for value in given[name]:  # type: ignore[attr-defined]
            words += [_option(name), value]
    for name in _SINGLE:
        if given[name] is not None:
            words += [_option(name), str(given[name])]
    if options["scheme"] != fs.StatusScheme.DOCS_2024_11:
        words += [_option("scheme"), options["scheme"]]
    if options["assume_utc"]:
        words.append(_option("assume_utc"))
    return visible(" ".join(map(shlex.quote, words)))


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
