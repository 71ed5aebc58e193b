"""Try the installed package, with nothing but the standard library; ends with an error if it fails.

check_wheel.py runs it in a fresh environment, cibuildwheel in that of each wheel.
"""

from __future__ import annotations

import sys

before = set(sys.modules)

import fleetstatus as fs

loaded = {name.partition(".")[0] for name in set(sys.modules) - before}

import json
import sysconfig
from pathlib import Path

ENVIRONMENT = Path(sys.prefix).resolve()
MAPS = Path("/proc/self/maps")


def check_place() -> None:
    """See that the package at hand is the installed one, and that it stands alone."""
    place = Path(fs.__file__).resolve()
    if not place.is_relative_to(ENVIRONMENT):
        sys.exit(f"{place} is not in {ENVIRONMENT}: run this from another directory")
    if foreign := loaded - {"fleetstatus", *sys.stdlib_module_names}:
        sys.exit(f"the import also loads {sorted(foreign)}")
    modules = [path.name for path in place.parent.glob("_core.*") if path.suffix != ".pyi"]
    if len(modules) != 1:
        sys.exit(f"the wheel holds another build's module: {modules}")


def check_answers() -> None:
    """See that the sample has every status of its scheme, and a row for each record."""
    records = json.loads(fs.sample_fleet().read_bytes())["d"]
    devices = fs.classify(fs.sample_fleet())
    statuses = list(devices["status"])
    if len(devices) != len(records) or statuses != list(fs.classify(records)["status"]):
        sys.exit("the sample's records are not classified alike from JSON and from objects")
    if set(statuses) != set(fs.StatusScheme.DOCS_2024_11.labels):
        sys.exit(f"the sample has only the statuses {set(statuses)}")


def check_libraries() -> None:
    """See that the module loads no library but those of the system and of Python."""
    if not MAPS.exists():
        return
    paths = {
        Path(line.split(maxsplit=5)[5]) for line in MAPS.read_text().splitlines() if "/" in line
    }
    others = [path for path in paths if not path.is_relative_to(sysconfig.get_path("stdlib"))]
    if foreign := [path for path in others if "json" in path.name or "pybind" in path.name]:
        sys.exit(f"the wheel needs {sorted(map(str, foreign))}")


check_place()
check_answers()
check_libraries()
print(
    f"fleetstatus {fs.__version__}:", *(f"{key}={value}" for key, value in fs.build_info().items())
)
