"""The `wlf` command: finds the one command that was asked for, and turns every failure into one line.

Only that command's module is imported, so that `wlf --help` costs next to nothing.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import Annotated, NoReturn

import typer

from .. import __version__
from ..agents.chat.errors import ChatError
from ..config import ConfigError
from ..episodes.errors import RunError, UsageError

COMMANDS = {
    "demo": "One week told in words: the careful agent, greedy beside it, and the score table.",
    "run": "Run weeks under a policy into a run folder, and sum them up.",
    "play": "Be Arjun for a week.",
    "serve": "Serve weeks to OpenEnv clients.",
    "weeks": "List weeks, show one, or set it beside its twin.",
    "personas": "List, check, show and compare personas.",
    "doctor": "Whether a model endpoint can play: reachable, key, schema support, speed.",
    "coworkers": "Serve a model for the coworkers to be played by.",
    "train": "Train a policy by GRPO in the world itself, or make the warm start it begins from.",
    "read": "Read replies: JSON lines in, readings out.",
    "score": "The score table of a run, rechecked from its records.",
    "compare": "Two runs beside each other: what differs, paired differences, decisions.",
    "audit": "Adversaries that do not read, beside the careful agent and the oracle.",
    "oracle": "The best that weeks allow, the worst, and whether the labels hold.",
    "plot": "Figures of runs and of training: curve, components, energy, decisions.",
    "whatif": "One reply of a recorded week changed, and what became of the week.",
}
GROUPS = ("weeks", "personas", "coworkers", "train")
DONE, FAILED, USAGE = 0, 1, 2
INTERRUPTED = 130
"""What typer returns after Ctrl-C."""


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run `wlf` with the given arguments, or the process's own, and exit: 0 done, 1 failed, 2 usage."""
    given = list(sys.argv[1:] if args is None else args)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    # asyncio leaves a handler alone that is not the default one; its own would not stop a scripted week.
    signal.signal(signal.SIGINT, _interrupt)
    code = _run(given)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _hang_up()
    sys.exit(code)


def build(command: str | None) -> typer.Typer:
    """The app with one command imported, and the others known by name and help only."""
    app = typer.Typer(
        name="wlf", add_completion=False, rich_markup_mode=None, callback=_root, pretty_exceptions_enable=False
    )
    for name, text in COMMANDS.items():
        if name != command:
            app.command(name, help=text)(_stub)
            continue
        module = import_module(f".{name}", __package__)
        if name in GROUPS:
            app.add_typer(module.app, name=name, help=text)
        else:
            app.command(name, help=text)(module.command)
    return app


def _run(given: list[str]) -> int:
    command = next((arg for arg in given if not arg.startswith("-")), None)
    try:
        code = build(command)(_or_help(given, command), standalone_mode=False, prog_name="wlf")
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code if isinstance(code, int) else DONE
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _complain("stopped; finished weeks are kept", FAILED)
    except typer.TyperException as error:
        return _complain(error.format_message(), error.exit_code)
    except BrokenPipeError:
        return _hang_up()
    except OSError as error:
        if error.errno == errno.EPIPE:
            return _hang_up()
        return _complain(f"{error.filename or 'disk'}: {error.strerror or error}", FAILED)
    except Exception as error:
        return _told(error)


def _or_help(given: list[str], command: str | None) -> list[str]:
    """The arguments; `wlf` alone, and a group of commands alone, ask for help."""
    alone = command is None or (given == [command] and command in GROUPS)
    return [*given, "--help"] if alone and "--version" not in given else given


def _told(error: Exception) -> int:
    """One line for the errors that our rooms raise on purpose; anything else is a bug, and keeps its traceback."""
    if isinstance(error, (ConfigError, UsageError)):
        return _complain(str(error), USAGE)
    if isinstance(error, (RunError, ChatError)):
        return _complain(str(error), FAILED)
    raise error


def _complain(text: str, code: int) -> int:
    print(f"wlf: {' '.join(text.split())}", file=sys.stderr)
    return code


def _hang_up() -> int:
    """Whoever read our output has gone: end quietly, also when Python flushes on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _interrupt(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _stub() -> None:
    """A command that was not asked for."""


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"wlf {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """A simulated work week: one engineer, four coworkers, and everything they want from him."""
