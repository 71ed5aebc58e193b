"""The command line, an extra: the package itself works without click and rich."""

import sys


def main() -> int:
    """Run the program on the arguments of this process.

    Returns
    -------
    int
        The exit code: 0, 1 if a ``--fail-on`` matched, 2 for bad input, no devices or wrong usage.
    """
    try:
        from fleetstatus.cli.program import run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in {"click", "rich"}:
            raise
        sys.stderr.write(
            'fleetstatus: the command line needs click and rich: pip install "fleetstatus[cli]"\n'
        )
        return 2
    return run()
