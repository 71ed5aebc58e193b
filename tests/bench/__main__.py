"""Compare fleetstatus with what users write today: ``python tests/bench``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from comparisons import compare_all
from report import HEADER, environment, line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(environment())
    print(HEADER)
    with tempfile.TemporaryDirectory() as directory:
        for result in compare_all(options.devices, options.rounds, Path(directory)):
            print(line(result), flush=True)


if __name__ == "__main__":
    main()
