"""Build the Linux wheel, repair it, and try it in a fresh environment, as cibuildwheel would.

python tests/tools/check_wheel.py -C KEY=VALUE   builds, with settings for the build as pip has them
python tests/tools/check_wheel.py WHEEL          tries a wheel that is there
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a program of this environment, or of the one that the command's path lies in."""
    programs = [str(Path(folder).parent) for folder in (command[0], sys.executable)]
    environment = os.environ | {"PATH": os.pathsep.join([*programs, os.environ["PATH"]])}
    environment.pop("PYTHONPATH", None)
    print("$", shlex.join(map(str, command)), flush=True)
    subprocess.run(list(map(str, command)), check=True, cwd=cwd, env=environment)


def build(settings: list[str], scratch: Path) -> Path:
    """Make the source distribution, of that a wheel, and add the libraries that not all have."""
    options = [f"--config-setting={setting}" for setting in settings]
    run(sys.executable, "-m", "build", "--outdir", scratch, *options, ".")
    [built] = scratch.glob("*.whl")
    run(sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", scratch / "repaired", built)
    [repaired] = (scratch / "repaired").glob("*.whl")
    (ROOT / "dist").mkdir(exist_ok=True)
    return Path(shutil.copy(repaired, ROOT / "dist"))


def check(wheel: Path, scratch: Path) -> None:
    """Install the wheel alone and try it, then with what cibuildwheel's commands need."""
    wheels = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["cibuildwheel"]
    venv.create(scratch / "environment", with_pip=True)
    programs = scratch / "environment" / "bin"
    run(programs / "pip", "install", "--no-index", wheel)
    run(programs / "python", ROOT / "tests/tools/check_install.py", cwd=scratch)

    extras = ",".join(wheels["test-extras"])
    run(programs / "pip", "install", "--quiet", f"{wheel}[{extras}]", *wheels["test-requires"])
    for command in wheels["test-command"]:
        program, *arguments = shlex.split(command.format(project=ROOT))
        run(programs / program, *arguments, cwd=scratch)


def main() -> None:
    """Check a wheel, and tell its name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("wheel", nargs="?", type=Path)
    parser.add_argument("-C", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        wheel = arguments.wheel or build(arguments.settings, scratch)
        check(wheel.resolve(), scratch)
    print("good:", wheel.name)


if __name__ == "__main__":
    main()
