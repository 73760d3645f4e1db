"""A person at the terminal: lines in, text out, and a polite end."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

import pytest

from work_life_firewall.agents.human import Human, Quit

from .conftest import Observe


def _typed(*lines: str) -> Callable[[], str]:
    left = iter(lines)

    def read() -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return read


def test_lines_until_an_empty_one(observe: Observe) -> None:
    out = io.StringIO()
    assert (
        asyncio.run(Human(_typed("Hi Sundar,", "yes.", "", "later"), out).reply(observe("leave"))) == "Hi Sundar,\nyes."
    )
    assert "A subject" in out.getvalue() and "\x1b[" not in out.getvalue()


def test_an_empty_line_ignores(observe: Observe) -> None:
    assert asyncio.run(Human(_typed(""), io.StringIO()).reply(observe("leave"))) == ""


def test_the_end_of_input_quits_but_keeps_what_was_typed(observe: Observe) -> None:
    with pytest.raises(Quit):
        asyncio.run(Human(_typed(), io.StringIO()).reply(observe("leave")))
    assert asyncio.run(Human(_typed("No."), io.StringIO()).reply(observe("leave"))) == "No."


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_panel(observe: Observe) -> None:
    out = _Terminal()
    asyncio.run(Human(_typed("ok", ""), out).reply(observe("leave", "Text with [bold]brackets[/bold]")))
    assert "[bold]brackets[/bold]" in out.getvalue()
