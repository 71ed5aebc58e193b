"""Fuzz what reads strangers' data: ``python tests/fuzz --build build/fuzz --seconds 60``.

The targets in C++ are built by ``cmake -B build/fuzz -DFLEETSTATUS_FUZZ=ON``; ``python`` hands
hostile objects to the package that is installed. What is found beside the kept corpus stays in the
build, so that the next run goes on from there. Ends with 1 if any input makes a target fail; that
input is written next to the corpus of the build.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

_HERE = Path(__file__).parent
TARGETS = ("json", "json_lines", "splitter", "timestamp", "arrow", "python")
_WITH_WORDS = ("json", "json_lines", "splitter")
_LONGEST = 4096


def main() -> None:
    """Run the targets one after another, and print what came of it."""
    options = _parse()
    print(f"{'target':<12}{'seconds':>8}{'executions':>14}{'inputs kept':>13}  outcome")
    has_failed = False
    for target in options.targets or TARGETS:
        start = time.monotonic()
        run = _run_python if target == "python" else _run_target
        executions, n_inputs, failure = run(options, target)
        seconds = time.monotonic() - start
        outcome = failure or "no failure"
        print(f"{target:<12}{seconds:>8.0f}{executions:>14,}{n_inputs:>13,}  {outcome}", flush=True)
        has_failed = has_failed or bool(failure)
    sys.exit(1 if has_failed else 0)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all if none is named")
    add("--build", type=Path, default=Path("build/fuzz"), help="where CMake has built them")
    add("--seconds", type=int, default=10, help="for each target")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    return options


def _run_target(options: argparse.Namespace, target: str) -> tuple[int, int, str]:
    """Give executions, size of the corpus, and what has failed, if anything."""
    directory = options.build / "tests" / "fuzz"
    found = directory / "corpus" / target
    found.mkdir(parents=True, exist_ok=True)
    words = [f"-dict={_HERE / 'json.dict'}"] if target in _WITH_WORDS else []
    command = [
        str(directory / f"fuzz_{target}"),
        f"-max_total_time={options.seconds}",
        f"-max_len={_LONGEST}",
        "-timeout=20",
        "-rss_limit_mb=4096",
        "-entropic=0",  # whose bookkeeping takes half of the time
        "-print_final_stats=1",
        f"-artifact_prefix={found.parent}/{target}-",
        *words,
        str(found),
        str(_HERE / "corpus" / target),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    counted = re.search(r"number_of_executed_units: +(\d+)", ended.stderr)
    n_inputs = len(list(found.iterdir()))
    failure = ""
    if ended.returncode != 0:
        print(ended.stderr[-4000:], file=sys.stderr)
        failure = f"FAILED, see {found.parent}/{target}-*"
    return int(counted[1]) if counted else 0, n_inputs, failure


def _run_python(options: argparse.Namespace, _target: str) -> tuple[int, int, str]:
    script = _HERE / "python_records.py"
    command = [sys.executable, str(script), "--seconds", str(options.seconds)]
    seed = time.time_ns() // 1_000_000_000 * 100_000
    ended = subprocess.run(
        [*command, "--seed", str(seed)], capture_output=True, text=True, check=False
    )
    if ended.returncode != 0:
        print(ended.stderr[-4000:], file=sys.stderr)
        return 0, 0, f"FAILED, see --seed {seed}"
    counted = re.search(r"(\d+) sources", ended.stdout)
    return int(counted[1]) if counted else 0, 0, ""


if __name__ == "__main__":
    main()
