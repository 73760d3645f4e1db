"""How the commands print: rich on a terminal, plain text without colour codes when piped; progress on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

PLAIN_WIDTH = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def console(stderr: bool = False) -> Console:
    """A console on stdout or stderr; without markup, as its text comes from models and people."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def printable(text: str) -> str:
    """Text that cannot steer a terminal: control characters shown as "�", tabs and newlines kept."""
    return _CONTROL.sub("�", text.replace("\r\n", "\n"))


def say(text: str = "", style: str | None = None) -> None:
    """One line or paragraph on stdout."""
    console().print(printable(text), style=style, soft_wrap=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """A table on stdout: the first column to the left, the others to the right; columns of two spaces when piped."""
    out = console()
    if not out.is_terminal:
        _plain_table(columns, rows, title)
        return
    made = Table(title=title or None, box=SIMPLE, title_justify="left")
    for number, name in enumerate(columns):
        made.add_column(name, justify="right" if number and _numeric(rows, number) else "left")
    for row in rows:
        made.add_row(*(printable(cell) for cell in row))
    out.print(made)


def _plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    cells = [[printable(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(columns))]
    right = [bool(number) and _numeric(rows, number) for number in range(len(columns))]
    if title:
        print(title)
    for row in cells:
        padded = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
        print("  ".join(padded).rstrip())


def _numeric(rows: Sequence[Sequence[str]], number: int) -> bool:
    """Whether a column holds figures."""
    return all(row[number][:1].isdigit() or row[number][:1] in ("-", "+", "") for row in rows)


def one_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON object on stdout, and nothing else."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


@contextmanager
def progress(what: str, total: int, done: int = 0) -> Iterator[Progress]:
    """A progress bar on stderr, where that is a terminal; advance its only task with `advance(bar)`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    out = console(stderr=True)
    with Progress(*columns, console=out, disable=not out.is_terminal, transient=True) as bar:
        bar.add_task(what, total=total, completed=done)
        yield bar


def advance(bar: Progress, done: int) -> None:
    """Set how many are done."""
    bar.update(bar.task_ids[0], completed=done)
