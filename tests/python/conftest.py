"""Settings that all tests share."""

import gc
import signal
import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

# Records are large, and machines that run tests are slow at times; neither is a fault.
settings.register_profile(
    "records", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("records")

# A shell lets what runs in its background ignore interrupts, which some tests send.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Ten thousand tests are collected, a million objects that live until the end: the collector of
# garbage would walk them again and again, which takes a third of the time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let texts be for a terminal of some width."""

    def set_width(columns: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", str(columns))

    return set_width
