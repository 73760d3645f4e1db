"""`wlf serve`: the OpenEnv server."""

from __future__ import annotations

from typing import Annotated

import typer

from ..episodes.errors import UsageError
from . import options as opt


def command(
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen; 127.0.0.1 by default.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port; 8000 by default.")] = None,
    sessions: Annotated[int | None, typer.Option("--sessions", min=1, help="Weeks at once; 128 by default.")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Let other machines connect without a token (else set WLF_TOKEN).")
    ] = False,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Where served weeks go; runs/served, numbered when used.")
    ] = None,
    records: Annotated[bool, typer.Option("--records/--no-records", help="Whether to keep the weeks served.")] = True,
    driver: Annotated[opt.DriverName | None, typer.Option("--driver", help="Graph by default, or plain calls.")] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="The scenario of a reset that names none.")
    ] = None,
    coworkers: Annotated[
        str | None, typer.Option("--coworkers", metavar="SPEC[,ID=SPEC]", help="Who plays the coworkers.")
    ] = None,
    step_seconds: Annotated[
        float | None, typer.Option("--step-seconds", help="The longest a coworker may take over an answer.")
    ] = None,
) -> None:
    """Serve weeks to OpenEnv clients, on this machine only unless told otherwise."""
    try:
        from ..server import app, limits  # openenv takes three seconds to import, and is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("work_life_firewall"):
            raise
        raise UsageError(f"serve needs {error.name}: pip install 'openenv-work-life-firewall[server]'") from None
    given = limits.from_environment(
        {
            "host": host,
            "port": port,
            "sessions": sessions,
            "public": True if public else None,
            "runs": out if records else "",
            "driver": driver,
            "scenario": scenario,
            "coworkers": coworkers,
            "step_seconds": step_seconds,
        }
    )
    typer.echo(f"wlf: serving on http://{given.host}:{given.port}, records in {given.runs or 'no folder'}", err=True)
    app.serve(given)
