"""Whether the tests catch mutants: ``python tests/mutants``.

Each mutant is the program with one line changed. Those of the rules (``--side cpp``) are built and
run against the C++ tests of the rules and the cases of `tests/data`; those of the Python side
(``--side python``) run against the Python tests of their module. A mutant that survives shows a
test that is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutant import Mutant, all_mutants, chosen
from python_mutants import all_python_mutants
from python_sandbox import PythonSandbox
from sandbox import Fate, Sandbox


def main() -> None:
    """Run what the command line asks for."""
    options = _parse()
    is_python = options.side == "python"
    numbered = dict(enumerate(all_python_mutants() if is_python else all_mutants(), start=1))
    wanted = list(numbered.values())
    if options.only:
        wanted = [numbered[number] for number in options.only if number in numbered]
    if options.some:
        wanted = chosen(wanted, options.some, options.seed)
    numbers = {mutant: number for number, mutant in numbered.items()}
    if options.list:
        for mutant in wanted:
            print(f"{numbers[mutant]} {mutant.place()}\n{mutant.diff()}")
        return
    if is_python:
        copies = PythonSandbox(options.build, options.jobs, wanted)
        fates = _try_out(wanted, numbers, copies, at_once=options.jobs)
    else:
        fates = _try_out(wanted, numbers, Sandbox(options.build, options.jobs), at_once=1)
    survivors = [mutant for mutant, fate in fates.items() if fate == Fate.SURVIVED]
    for mutant in survivors:
        print(f"\nsurvived: {numbers[mutant]} {mutant.place()}\n{mutant.diff()}")
    sys.exit(1 if len(survivors) > options.survivors else 0)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--side", choices=("cpp", "python"), default="cpp", help="what is changed")
    add("--list", action="store_true", help="print mutants and try none")
    add("--only", type=_numbers, metavar="N,N", help="numbers of the list")
    add("--some", type=int, metavar="COUNT", help="choose so many")
    add("--seed", default="", help="text that tells which to choose, such as a commit")
    add("--survivors", type=int, default=0, metavar="COUNT", help="so many are no failure")
    add("--build", type=Path, default=Path("build/mutants"), help="where they are built")
    add("--jobs", type=int, default=1, help="compilers, or mutants of Python, at the same time")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _try_out(
    mutants: list[Mutant],
    numbers: dict[Mutant, int],
    sandbox: Sandbox | PythonSandbox,
    *,
    at_once: int,
) -> dict[Mutant, Fate]:
    begin = time.monotonic()
    if what_is_wrong := sandbox.prepare():
        sys.exit(f"{what_is_wrong}\nThe tests must pass before anything is changed.")
    print(f"built and tested unchanged in {time.monotonic() - begin:.0f} s", flush=True)

    def try_one(mutant: Mutant) -> tuple[Fate, float]:
        begin_of_one = time.monotonic()
        return sandbox.try_out(mutant), time.monotonic() - begin_of_one

    fates: dict[Mutant, Fate] = {}
    begin = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        for mutant, (fate, seconds) in zip(mutants, pool.map(try_one, mutants), strict=True):
            fates[mutant] = fate
            place = mutant.place()
            print(f"{numbers[mutant]:4} {place:36} {fate:24} {seconds:4.0f} s", flush=True)
    counts = Counter(fates.values())
    print(f"\n{'mutants':24} {len(mutants)}")
    for fate in Fate:
        print(f"{fate:24} {counts[fate]}")
    print(f"{'seconds':24} {time.monotonic() - begin:.0f}")
    return fates
