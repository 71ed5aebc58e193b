"""The module runs on every processor of its kind."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys

import pytest

from fleetstatus import _core

pytestmark = pytest.mark.slow

WIDE = re.compile(rb"%[yz]mm\d")


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="looks at x86-64 code"
)
@pytest.mark.skipif(shutil.which("objdump") is None, reason="needs objdump, of binutils")
def test_no_instruction_needs_a_newer_processor() -> None:
    code = subprocess.run(
        ["objdump", "-d", _core.__file__], check=True, capture_output=True, timeout=120
    ).stdout
    assert b"%xmm" in code
    assert WIDE.search(code) is None, "built for this machine alone?"
