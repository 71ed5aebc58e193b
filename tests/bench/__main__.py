"""Compare fleetstatus with what users write today: ``python tests/bench``.

All contenders work on the same made data in one run; their answers are compared first, then each
way of doing a work is timed once a round, in turn. A ratio is the peer's time over ours, of the
medians; works of one thread are timed by the processor's clock. Without a command, all are run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from report import HEADER, environment, line, markdown, update_docs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets import Target
    from timing import Result, Stopwatch

_COMMANDS = ("compare", "changes", "metrics", "growth", "scan", "live", "imports")
_ALONE = "engines"  # which has an environment of its own


def main() -> None:
    """Run what the command line asks for."""
    options = _parse()
    if options.command == _ALONE:
        _engines(options)
        return
    print(f"{environment()}\n")
    with tempfile.TemporaryDirectory(prefix="fleetstatus-bench-") as name:
        for command in _COMMANDS:
            if options.command in ("all", command):
                _run(command, options, Path(name))


def _run(command: str, options: argparse.Namespace, directory: Path) -> None:
    if command == "compare":
        _compare(options, directory)
    elif command == "changes":
        _changes(options, directory)
    elif command == "metrics":
        _metrics(options, directory)
    elif command == "growth":
        from growth import print_growth

        print_growth(options.most, directory)
    elif command == "scan":
        from scan import scan_made_lines, scan_parquet

        scan_made_lines(options.gigabytes)
        scan_parquet(options.devices, directory)
    elif command == "live":
        from live import compare_live

        compare_live(options.live, options.rounds)
    else:
        from imports import compare_imports

        compare_imports(options.imports)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("command", nargs="?", choices=["all", *_COMMANDS, _ALONE], default="all")
    add("--devices", type=int, default=100_000, help="devices to compare on; frames have 10 times")
    add("--rounds", type=int, default=7)
    add("--only", default="", metavar="WORK", help="compare works whose name contains this")
    add("--cpu", action="store_true", help="time all works so, for a machine that others use too")
    add("--snapshot", type=int, default=200_000, help="devices of changes and metrics")
    add("--days", type=int, default=365, help="days of looks at 10,000 devices, for changes")
    add("--most", type=int, default=10_000_000, help="devices that growth ends at")
    add("--gigabytes", type=float, default=3, help="what scan reads")
    add("--live", type=int, default=20_000, help="devices that live gets of the tests' server")
    add("--imports", type=int, default=20, help="how often a module is imported")
    add("--quick", action="store_true", help="small and once: that it runs, not how fast")
    add("--build", type=Path, default=Path("build/bench"), help="where cpp/walk.cpp is built")
    add("--chart", type=Path, help="file to draw the ratios into (.svg, .png or .html)")
    add("--markdown", action="store_true", help="print the page's table too")
    add("--update-docs", action="store_true", help="put the tables into notebooks/benchmarks.md")
    options = parser.parse_args()
    if options.update_docs and (options.quick or options.cpu):
        parser.error("the page tells full runs and the time that passes")
    if options.quick:
        options.devices, options.rounds, options.most = 2000, 1, 100_000
        options.snapshot, options.days, options.live = 2000, 2, 2000
        options.gigabytes, options.imports = 0.01, 1
    return options


def _engines(options: argparse.Namespace) -> None:
    from engines import compare_engines

    with tempfile.TemporaryDirectory(prefix="fleetstatus-bench-") as name:
        compare_engines(options.devices, options.rounds, Path(name))


def _compare(options: argparse.Namespace, directory: Path) -> None:
    from comparisons import compare_all
    from targets import TARGETS
    from walk import Walk

    print(f"{options.devices:,} devices, median of {options.rounds} rounds\n\n{HEADER}")
    walk = Walk(options.build)
    compared = compare_all(options.devices, _watch(options), walk, directory, options.only)
    results = _printed(compared)
    if walk.version is None:
        print(f"\nWithout On-Demand; it needs {walk.how_to_build}")
    if options.chart:
        from chart import save_chart

        save_chart(results, options.chart)
    _write_table(options, results, TARGETS, "")


def _changes(options: argparse.Namespace, directory: Path) -> None:
    from change_works import compare_changes
    from targets import CHANGE_TARGETS
    from year import print_year

    print(
        f"\n{options.snapshot:,} devices, 5 minutes apart, 3 % changed and 1 % gone, "
        f"median of {options.rounds} rounds\n\n{HEADER}"
    )
    results = _printed(compare_changes(options.snapshot, _watch(options), directory))
    n_devices = 200 if options.quick else 10_000
    print_year(n_devices, options.days, options.rounds, directory)
    _write_table(options, results, CHANGE_TARGETS, "changes")


def _metrics(options: argparse.Namespace, directory: Path) -> None:
    from metric_works import compare_metrics

    print(f"\n{options.snapshot:,} devices, median of {options.rounds} rounds\n\n{HEADER}")
    _printed(compare_metrics(options.snapshot, _watch(options), directory))


def _watch(options: argparse.Namespace) -> Stopwatch:
    from timing import Stopwatch

    return Stopwatch(options.rounds, "cpu" if options.cpu else None)


def _printed(compared: Iterator[Result]) -> list[Result]:
    from answers import DifferentAnswersError

    results: list[Result] = []
    try:
        for result in compared:
            print(line(result), flush=True)
            results.append(result)
    except DifferentAnswersError as error:
        sys.exit(f"no times, since the answers differ: {error}")
    return results


def _write_table(
    options: argparse.Namespace, results: list[Result], targets: list[Target], command: str
) -> None:
    if options.markdown:
        print(f"\n{markdown(results)}", end="")
    if options.update_docs:
        try:
            update_docs(results, targets, command)
        except ValueError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
