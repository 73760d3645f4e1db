"""The steps of a training run as they pass: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .output import console

PLAIN_EVERY = 5
"""Steps between two lines where there is no terminal."""
OnLine = Callable[[Mapping[str, Any]], None]


@contextmanager
def steps_told(what: str, done: int = 0) -> Iterator[OnLine]:
    """Progress on stderr: a bar with the reward and the time left on a terminal, a line now and then elsewhere."""
    out = console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}"),
    )
    with Progress(*columns, console=out, disable=not out.is_terminal) as bar:
        task = bar.add_task(what, total=None, completed=done, told="")

        def tell(line: Mapping[str, Any]) -> None:
            words = _words(line)
            bar.update(task, total=line["steps"], completed=line["step"], told=words)
            if not out.is_terminal and (line["step"] % PLAIN_EVERY == 0 or line["step"] in (1, line["steps"])):
                typer.echo(f"{what} {line['step']}/{line['steps']} {words}", err=True)

        yield tell


def _words(line: Mapping[str, Any]) -> str:
    """The figures of a step that are worth a glance."""
    if "reward" not in line:
        return f"{line.get('what', '')} loss {line['loss']:.3f}"
    shown = [f"reward {line['reward']:.3f}"]
    shown += [f"{key} {line[key]:.2f}" for key in ("refused", "taken", "entropy", "kl") if line.get(key) is not None]
    return " ".join([*shown, f"{line['seconds']['total']:.1f} s"])
