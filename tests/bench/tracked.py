"""Memory that a tracker holds for each device."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from targets import TRACKED_AT_MOST

_STEP = Path(__file__).parent / "tracker_step.py"


def print_memory(file: Path, n_devices: int) -> None:
    """Open a tracker's file in a process of its own, and say what it holds."""
    done = subprocess.run(
        [sys.executable, str(_STEP), str(file)], check=True, stdout=subprocess.PIPE
    )
    measured: dict[str, int] = json.loads(done.stdout)
    each = {name: size / n_devices for name, size in measured.items()}
    met = "met" if max(each.values()) < TRACKED_AT_MOST else "missed"
    print(
        f"\nmemory of a tracker: {each['n_bytes']:.0f} B a device by its own count, "
        f"resident memory grew by {each['resident_bytes']:.0f} B ({TRACKED_AT_MOST} B, {met})"
    )
