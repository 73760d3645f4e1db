"""What the tests of the server share; every one of them is marked `server` and needs the extra."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from work_life_firewall.server.environment import WorkLifeFirewallEnvironment

from .live import Live
from .weeks import session

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.server)


@pytest.fixture
def environment() -> Iterator[WorkLifeFirewallEnvironment]:
    """A session without a server, and without records."""
    with session() as made:
        yield made


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server on this machine, with records, for tests that do not stop it."""
    with Live(tmp_path_factory.mktemp("live")) as server:
        yield server
