"""Runs `wlf` inside the test, as a user would see it: exit code, stdout, stderr."""

from __future__ import annotations

import io
import signal
import sys
from typing import NamedTuple

import pytest

from work_life_firewall.cli.main import main


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr. Fails when there is more, or a traceback."""
        (line,) = self.err.splitlines()
        return line


class Terminal:
    """A terminal that is piped: no colours, no width."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *args: object, stdin: bytes = b"") -> Ran:
        """Run `wlf ARGS` with something on stdin."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        before = signal.getsignal(signal.SIGINT)
        self._capsys.readouterr()
        try:
            with pytest.raises(SystemExit) as stopped:
                main([str(arg) for arg in args])
        finally:
            signal.signal(signal.SIGINT, before)
        out, err = self._capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return Ran(stopped.value.code, out, err)
