"""Draw what ``fleetstatus demo`` prints first: ``python tests/tools/make_picture.py OUT.svg``."""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

_LINES = 37
_COLUMNS = 84


def main() -> None:
    """Run the program in a terminal of fixed width, and draw its first lines."""
    environment = os.environ | {
        "COLUMNS": str(_COLUMNS),
        "FORCE_COLOR": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    command = [sys.executable, "-m", "fleetstatus", "demo"]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    console = Console(record=True, width=_COLUMNS, file=Path(os.devnull).open("w"))  # noqa: SIM115
    console.print(Text("$ fleetstatus demo", style="bold"))
    for line in printed.stdout.splitlines()[:_LINES]:
        console.print(Text.from_ansi(line))
    console.print("...")
    picture = console.export_svg(title="fleetstatus demo", unique_id="demo")
    Path(sys.argv[1]).write_text(without_web_fonts(picture), encoding="utf-8")


def without_web_fonts(picture: str) -> str:
    """Drop the fonts that would be fetched, so that the picture stands alone."""
    return re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)


if __name__ == "__main__":
    main()
