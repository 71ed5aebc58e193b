"""Runs the command line: ``python -m fleetstatus``."""

import sys

from fleetstatus.cli import main

if __name__ == "__main__":
    sys.exit(main())
