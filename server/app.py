"""The server: OpenEnv's app over our environment, behind the guard. `app` is made on first use, from WLF_ variables."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Sequence
from functools import partial
from types import FrameType
from typing import Any, NamedTuple, NoReturn

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from openenv.core.env_server.http_server import create_app

from ..config import ConfigError
from ..episodes.errors import RunError, UsageError
from ..models import WorkLifeFirewallAction, WorkLifeFirewallObservation, WorkLifeFirewallState
from .environment import ABOUT, NAME, WorkLifeFirewallEnvironment
from .errors import WireError
from .guard import Guard
from .host import Host
from .limits import Limits, from_environment

FAILED, USAGE = 1, 2
HARD_FACTOR = 8
"""Times the message limit at which the transport itself gives up on a connection."""
COLLECT_AFTER = 5_000
"""New objects after which the collector looks at the young ones; Python's own 700 is a step's worth."""
PING_SECONDS, PONG_SECONDS = 60.0, 600.0
"""How often a silent client is asked whether it lives, and how long a training step may keep it from saying so."""


class Service(NamedTuple):
    """A server that is ready to be run: the ASGI app, and what its sessions share."""

    app: Guard
    host: Host


def build(limits: Limits, routers: Sequence[APIRouter] = ()) -> Service:
    """The app for some limits; `routers` are served beside OpenEnv's own paths. Nothing is opened or bound yet."""
    host = Host(limits, keep=True)
    inner: FastAPI = create_app(
        partial(WorkLifeFirewallEnvironment, host),
        WorkLifeFirewallAction,
        WorkLifeFirewallObservation,
        env_name=NAME,
        max_concurrent_envs=limits.sessions,
        state_cls=WorkLifeFirewallState,
    )
    inner.title, inner.description = "Work-Life Firewall", ABOUT
    inner.add_exception_handler(WireError, _refused)
    for router in routers:
        inner.include_router(router)
    return Service(Guard(inner, limits, host.close), host)


def serve(limits: Limits, routers: Sequence[APIRouter] = ()) -> None:
    """Serve until stopped; weeks in progress are then recorded as left. Raises UsageError, ConfigError, RunError."""
    service = build(limits, routers)
    service.host.check()
    spare_collector()
    # uvicorn stops politely on a SIGTERM, then raises it once more for whoever was there before.
    signal.signal(signal.SIGTERM, _stopped)
    uvicorn.run(
        service.app,
        host=limits.host,
        port=limits.port,
        ws_max_size=HARD_FACTOR * limits.message_bytes,
        # Compressing a few kilobytes costs more CPU than it saves, and a quarter of a megabyte a session.
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        timeout_graceful_shutdown=max(round(limits.stop_seconds), 1),
        log_level="warning",
    )


def spare_collector() -> None:
    """Tell the garbage collector what never goes away: OpenEnv's imports alone are 180,000 objects.

    It would walk them all again and again while weeks come and go; this takes a tenth off the CPU time of a step.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def main(arguments: Sequence[str] | None = None) -> None:
    """The `server` command, as OpenEnv starts it: --host and --port, everything else from WLF_ variables."""
    parser = argparse.ArgumentParser(prog="server", description=ABOUT)
    parser.add_argument("--host", help="the address to listen on; this machine only by default")
    parser.add_argument("--port", type=int, help="the port, 8000 by default")
    given = parser.parse_args(arguments)
    try:
        serve(from_environment(vars(given)))
    except (UsageError, ConfigError, RunError) as error:
        print(f"server: {error}", file=sys.stderr)
        sys.exit(FAILED if isinstance(error, RunError) else USAGE)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as every module's
    """`app`, for `uvicorn work_life_firewall.server.app:app`; made when first asked for, as an import does nothing."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    limits = from_environment()
    limits.check()
    globals()["app"] = build(limits).app
    return globals()["app"]


def _stopped(_signum: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    """What a client asked for and cannot have, as it is told over the WebSocket too."""
    hint = "; weeks are played over the WebSocket /ws" if "call reset first" in str(error) else ""
    return JSONResponse({"detail": f"{error}{hint}"}, status_code=409)


if __name__ == "__main__":
    main()
