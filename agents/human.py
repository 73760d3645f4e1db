"""A person in Arjun's seat, at the terminal: prints what is visible, reads the reply. Shows no score and no trust."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from ..world.observation import Observation
from .prompt import header, render

HELP = "Your reply (an empty line ends it; an empty line alone ignores the event; Ctrl-D leaves):"


class Quit(Exception):
    """The person left the week (end of input); what was played so far stays."""


class Human:
    """Asks the person at a terminal. `read` yields one line without its newline and raises EOFError at the end."""

    def __init__(self, read: Callable[[], str] = input, out: TextIO | None = None) -> None:
        self._read = read
        self._out = out

    async def reply(self, obs: Observation) -> str:
        """The person's text, "" for an empty first line. Raises Quit at the end of input."""
        self._show(obs)
        return await asyncio.to_thread(self._lines)

    def _show(self, obs: Observation) -> None:
        out = self._out or sys.stdout
        if out.isatty():
            console = Console(file=out)
            console.print(Panel(Text(render(obs)), title=Text(header(obs)), expand=False))
            console.print(Text(HELP, style="bold"))
        else:
            print(render(obs), HELP, sep="\n\n", file=out, flush=True)

    def _lines(self) -> str:
        lines: list[str] = []
        while True:
            try:
                line = self._read()
            except EOFError:
                if lines:
                    break
                raise Quit("the person left the week") from None
            if not line.strip():
                break
            lines.append(line)
        return "\n".join(lines).strip()
