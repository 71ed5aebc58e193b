"""Prometheus' own checks, with its promtool where that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def promtool(*arguments: str, text: str = "", cwd: Path | None = None) -> str:
    """Run it, and give what it says; an error unless it is content."""
    program = shutil.which("promtool")
    if program is None:
        if "FLEETSTATUS_REQUIRE_PROMTOOL" in os.environ:
            pytest.fail("promtool is not installed: apt install prometheus")
        pytest.skip("without promtool: apt install prometheus")
    run = subprocess.run(
        [program, *arguments],
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        check=False,
        timeout=300,
    )
    said = run.stdout.decode()
    assert run.returncode == 0, said
    return said


def check_metrics(text: str) -> None:
    """Check metrics in the text format; also what it would only warn of."""
    assert promtool("check", "metrics", text=text) == ""
