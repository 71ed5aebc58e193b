"""Texts for people as they were written before, word for word.

After a change that is meant, ``FLEETSTATUS_GOLDEN=write pytest tests/python/test_wording_*.py``
writes them anew; read the difference.
"""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

_FOLDER = Path(__file__).parent / "wording"


def check(name: str, texts: Iterable[str]) -> None:
    """Compare texts, each with its lines, with those of a file."""
    path = _FOLDER / name
    found = "".join(f"{text}\n" for text in texts)
    if os.environ.get("FLEETSTATUS_GOLDEN") == "write":
        path.write_text(found, encoding="utf-8")
    written = path.read_text(encoding="utf-8").splitlines()
    differences = list(difflib.unified_diff(written, found.splitlines(), name, "now", n=0))
    assert not differences, "\n".join(differences)
