"""`wlf read`: replies as JSON lines in, readings as JSON lines out."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from ..agents.chat.pool import Chats
from ..episodes.readings import read_lines
from ..episodes.seats import build_reader
from ..episodes.usage import check_models
from ..stakeholders.reading.local import LocalReader
from . import options as opt


def command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="JSON lines of {event, reply}; stdin when left out.")
    ] = None,
    reader: opt.ReaderOption = "local",
    explain: Annotated[bool, typer.Option("--explain", help="Add the words that moved each reading.")] = False,
) -> int:
    """Read replies: JSON lines in, readings out. A bad line becomes {"error": ...}, and the exit code 1 at the end."""
    chats = Chats()
    seat = build_reader(reader, chats)
    if explain and not isinstance(seat, LocalReader):
        raise typer.BadParameter("only the local reader can be explained", param_hint="--explain")
    check_models(chats)
    out, failed = sys.stdout.buffer, False
    with nullcontext(sys.stdin.buffer) if file is None else file.open("rb") as lines:
        for line, bad in read_lines(lines, seat, explain):
            failed = failed or bad
            out.write(line.encode("utf-8", "replace") + b"\n")
            out.flush()
    return 1 if failed else 0
