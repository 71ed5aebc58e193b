"""Programs that stand in the pages of `notebooks`, by the names in their first lines."""

from __future__ import annotations

import re
from pathlib import Path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_PROGRAM = re.compile(r"(?<=```python\n)# (?P<name>\w+\.py):.*?(?=```)", re.DOTALL)


def programs_in(page: str) -> dict[str, str]:
    """Take the programs out of a page, as they stand there."""
    text = (NOTEBOOKS / page).read_text("utf-8")
    return {match["name"]: match[0] for match in _PROGRAM.finditer(text)}
