"""The command line, an extra: the package itself works without click and rich."""

import sys

from fleetstatus.cli._exit_codes import INTERRUPTED, UNUSABLE


def main() -> int:
    """Run the program on the arguments of this process.

    Returns
    -------
    int
        The exit code: 2 for wrong usage, unusable input, no devices or no device with a status,
        else 1 if a ``--fail-on`` matched, else 0; 130 if interrupted.
    """
    try:
        return _main()
    except KeyboardInterrupt:  # while modules are imported, too
        return INTERRUPTED


def _main() -> int:
    try:
        from fleetstatus.cli._program import run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in {"click", "rich"}:
            raise
        sys.stderr.write(
            'fleetstatus: the command line needs click and rich: pip install "fleetstatus[cli]"\n'
        )
        return UNUSABLE
    return run()
