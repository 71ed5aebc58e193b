"""Check that a tag is `v` and the version, and that CHANGELOG.md has a section of it with a date.

python tests/tools/check_version.py v1.0.0
python tests/tools/check_version.py          checks the changelog alone
"""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]


def version() -> str:
    """Read the version from its one home."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def problem(version: str, changelog: str, tag: str | None = None) -> str | None:
    """Say what is wrong with a release, or None."""
    if tag is not None and tag != f"v{version}":
        return f"the tag is {tag}, but pyproject.toml has the version {version}"
    section = re.search(r"^## \[([^\]]+)\](.*)$", changelog, re.MULTILINE)
    if section is None or section[1] != version:
        found = section[1] if section else "none"
        return f"CHANGELOG.md begins with the section {found}, not with {version}"
    try:
        date.fromisoformat(section[2].removeprefix(" - "))
    except ValueError:
        return f"CHANGELOG.md has no date for {version}: write ## [{version}] - YYYY-MM-DD"
    return None


def main() -> None:
    """End with an error if anything is wrong."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if said := problem(version(), changelog, *sys.argv[1:2]):
        sys.exit(said)


if __name__ == "__main__":
    main()
