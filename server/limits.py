"""What a server allows, and where it listens: one table, filled from the environment or the command line."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from ..episodes.errors import UsageError
from ..world.frozen import Frozen

PREFIX = "WLF_"


class Limits(Frozen):
    """A server's settings; each can be given as an environment variable of its name in capitals, WLF_PORT for port.

    sessions: weeks that run at once. message_bytes: the largest message of a client. step_seconds: how long one
    coworker may take over an answer before the scripted one of the same persona answers instead. stop_seconds: how long
    a stop waits for steps in flight. token: what clients must show as "Authorization: Bearer TOKEN" ("": nothing).
    public: whether other machines may connect without a token. runs: the folder for the weeks served ("": none kept).
    coworkers: who sits there unless a client asks for scripted ones. scenario: the default one.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    sessions: Annotated[int, Field(ge=1, le=10_000)] = 128
    message_bytes: Annotated[int, Field(ge=1024, le=16 * 1024 * 1024)] = 64 * 1024
    step_seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0
    stop_seconds: Annotated[float, Field(ge=0, le=600)] = 20.0
    token: str = ""
    public: bool = False
    runs: str = "runs/served"
    coworkers: str = "scripted"
    scenario: str = "canonical"
    driver: Literal["direct", "graph"] = "graph"

    @property
    def folder(self) -> Path | None:
        """Where the weeks served are kept, if they are."""
        return Path(self.runs) if self.runs else None

    def check(self) -> None:
        """Whether it is safe to listen so. Raises UsageError when anyone who reaches the machine could connect."""
        if not (is_loopback(self.host) or self.token or self.public):
            raise UsageError(
                f"{self.host} can be reached from other machines: set {PREFIX}TOKEN, or say --public to go without"
            )


def is_loopback(host: str) -> bool:
    """Whether an address only reaches this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def from_environment(given: Mapping[str, object] | None = None, variables: Mapping[str, str] | None = None) -> Limits:
    """The settings of the environment variables, and over them what was `given` (None: not given).

    Raises UsageError that names the variable or option and what is wrong with it.
    """
    found = os.environ if variables is None else variables
    values: dict[str, object] = {
        name: found[PREFIX + name.upper()] for name in Limits.model_fields if PREFIX + name.upper() in found
    }
    values |= {name: value for name, value in (given or {}).items() if value is not None}
    try:
        return Limits.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise UsageError(f"{PREFIX}{name.upper()} or --{name.replace('_', '-')}: {first['msg']}") from None
