"""Each engine that is installed, once for all tests of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine_kinds import ENGINES, Engine, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore"))  # engines warn of their own


@pytest.fixture(scope="session", params=wanted())
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    started: Any = ENGINES[request.param][1]()
    yield started
    started.stop()
