"""The programs of `09_engines.md`, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "notebooks" / "09_engines.md"
PROGRAMS = {
    match["name"]: match[0]
    for match in re.finditer(
        r"(?<=```python\n)# (?P<name>\w+\.py):.*?(?=```)", PAGE.read_text("utf-8"), re.DOTALL
    )
}
