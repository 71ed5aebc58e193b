"""Compare fleetstatus with what users write today: ``python tests/bench``.

All contenders work on the same made data in one run; their answers are compared first, then their
times, in turn. A ratio is the peer's time over ours: the median of the rounds, with their range.
Without a command come `compare`, `micro` and `growth`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_data import as_json, selected_records
from programs import Programs
from report import HEADER, environment, line, markdown, update_readme

if TYPE_CHECKING:
    from pairs import Result

_QUICK_DEVICES, _QUICK_GROWTH = 2000, 100_000


def main() -> None:
    """Run what the command line asks for."""
    options = _parse()
    print(f"{environment()}\n")
    programs = Programs(options.build)
    with tempfile.TemporaryDirectory(prefix="fleetstatus-bench-") as name:
        directory = Path(name)
        if options.command in ("all", "compare"):
            _compare(options, programs, directory)
        if options.command in ("all", "micro"):
            _run_micro(options, programs, directory)
        if options.command in ("all", "growth"):
            from growth import print_growth

            print_growth(options.most, directory)
    if options.command == "scan":
        from scan import scan_made_lines

        scan_made_lines(options.gigabytes)
    elif options.command == "imports":
        from imports import compare_imports

        compare_imports()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    commands = ["all", "compare", "micro", "growth", "scan", "imports"]
    add("command", nargs="?", choices=commands, default="all")
    add("--devices", type=int, default=100_000, help="devices to compare on; frames have 10 times")
    add("--rounds", type=int, default=5)
    add("--clock", choices=["wall", "cpu"], default="wall", help="cpu: for a busy machine")
    add("--most", type=int, default=10_000_000, help="devices that growth ends at")
    add("--quick", action="store_true", help="small and once: that it runs, not how fast")
    add("--build", type=Path, default=Path("build/bench"), help="where the C++ programs are built")
    add("--chart", type=Path, help="file to draw the ratios into (.svg, .png or .html)")
    add("--markdown", action="store_true", help="print the README's table too")
    add("--update-readme", action="store_true", help="put the table into the README")
    add("--gigabytes", type=float, default=3, help="what scan reads")
    options = parser.parse_args()
    if options.update_readme and (options.quick or options.clock == "cpu"):
        parser.error("the README tells full runs and the time that passes")
    if options.quick:
        options.devices, options.rounds, options.most = _QUICK_DEVICES, 1, _QUICK_GROWTH
    return options


def _compare(options: argparse.Namespace, programs: Programs, directory: Path) -> None:
    from answers import DifferentAnswersError
    from comparisons import compare_all
    from pairs import Stopwatch

    print(
        f"{options.devices:,} devices, {options.clock} time, median of {options.rounds} rounds\n\n"
        f"{HEADER}"
    )
    watch = Stopwatch(options.rounds, options.clock)
    results: list[Result] = []
    try:
        for result in compare_all(options.devices, watch, programs, directory):
            print(line(result), flush=True)
            results.append(result)
    except DifferentAnswersError as error:
        sys.exit(f"no times, since the answers differ: {error}")
    if programs.missing():
        print(f"\nWithout the limits of JSON; they need {programs.how_to_build()}")
    if options.chart:
        from chart import save_chart

        save_chart(results, options.chart)
    if options.markdown:
        print(f"\n{markdown(results)}", end="")
    if options.update_readme:
        update_readme(results)


def _run_micro(options: argparse.Namespace, programs: Programs, directory: Path) -> None:
    if programs.missing():
        print(f"\nWithout microbenchmarks; they need {programs.how_to_build()}")
        return
    path = directory / "micro.json"
    path.write_bytes(as_json(selected_records(options.devices)))
    print(f"\n{programs.run('fleetstatus_micro', str(path), str(options.rounds))}", end="")


if __name__ == "__main__":
    main()
