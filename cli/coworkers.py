"""`wlf coworkers`: serve a model for the coworkers to be played by."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..agents.chat.serving import Serving, serve
from .output import say

app = typer.Typer(help="Serve a model for the coworkers to be played by.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Serve a model for the coworkers to be played by."""


@app.command("serve", context_settings={"allow_extra_args": True})
def serve_command(
    context: typer.Context,
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help="A folder, or a name of the hub.")],
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = 8000,
    length: Annotated[int, typer.Option("--length", min=512, help="Tokens of a conversation.")] = 4096,
    seats: Annotated[int, typer.Option("--seats", min=1, help="Calls at once.")] = 64,
    cpu: Annotated[bool, typer.Option("--cpu", help="There is no GPU.")] = False,
    python: Annotated[
        str, typer.Option("--python", metavar="FILE", help="The interpreter of the environment that vLLM is in.")
    ] = sys.executable,
    patience: Annotated[float, typer.Option("--patience", min=1, help="Seconds to wait until it is healthy.")] = 600,
) -> int:
    """Start vLLM with the flags that our schema needs; arguments after -- go to vLLM as they are."""
    serving = Serving(model, host, port, length, seats, cpu, python, tuple(context.args))

    def ready() -> None:
        say(f"healthy: {serving.base_url} serves {model}; Ctrl-C stops it")
        say(f"as configs/models/NAME.yaml, or a file of yours:\n\n{serving.model_file()}")
        say("then: wlf doctor NAME; wlf run --coworkers llm:NAME")

    try:
        return serve(serving, patience, ready)
    except KeyboardInterrupt:
        say("stopped")
        return 0
