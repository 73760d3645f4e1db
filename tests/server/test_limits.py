"""Settings: from the environment and the command line, and never open to others by accident."""

from __future__ import annotations

import pytest

from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.server.limits import Limits, from_environment, is_loopback


def test_variables_then_options() -> None:
    variables = {"WLF_PORT": "9000", "WLF_SESSIONS": "3", "WLF_PUBLIC": "true", "OTHER": "x"}
    limits = from_environment({"port": 9001, "host": None}, variables)
    assert (limits.port, limits.sessions, limits.public, limits.host) == (9001, 3, True, "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"), [("WLF_PORT", "eighty"), ("WLF_SESSIONS", "0"), ("WLF_MESSAGE_BYTES", "10"), ("WLF_DRIVER", "x")]
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        from_environment({}, {name: value})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_no_token(host: str) -> None:
    assert is_loopback(host)
    Limits(host=host).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "127.0.0.1.example.org"])
def test_other_machines_do(host: str) -> None:
    with pytest.raises(UsageError, match="WLF_TOKEN, or say --public"):
        Limits(host=host).check()
    Limits(host=host, token="secret").check()
    Limits(host=host, public=True).check()
