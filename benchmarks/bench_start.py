"""How long a user waits for the command line to say anything: CPU time of `wlf --help` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from work import Work

HELP_SECONDS = 0.5


def bench_help() -> Work:
    """`wlf --help`, interpreter start included."""
    command = [str(Path(sys.executable).with_name("wlf")), "--help"]
    return Work(
        run=lambda: subprocess.run(command, check=True, capture_output=True),
        units=1,
        unit="start",
        at_most=HELP_SECONDS,
    )
