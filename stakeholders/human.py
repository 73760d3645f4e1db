"""A person in a coworker's seat, at the terminal: what Arjun wrote, in; message, appraisal and follow-up, out.

Sees what this coworker sees: their own need and thread, never a score or another person's trust.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TextIO

from ..agents.human import Quit
from ..world.clock import label
from ..world.persona import Persona
from ..world.ports import Answer, Appraisal, Turn

SIDES = tuple(Appraisal.model_fields)
NEEDS = {"real": "You really need this.", "light": "It would be nice to have, no more."}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class TerminalStakeholder:
    """Asks the person at a terminal. `read` yields one line without its newline and raises EOFError at the end.

    Prints on stderr by default, so that a command's own output stays clean.
    """

    def __init__(self, read: Callable[[], str] = input, out: TextIO | None = None) -> None:
        self._read = read
        self._out = out

    async def answer(self, turn: Turn) -> Answer:
        """The person's answer. Raises Quit at the end of input.

        Reading blocks on purpose: two coworkers at one terminal take turns.
        """
        self._show(turn)
        message = self._line(f"{_first(turn.persona)} says (Enter: nothing): ")
        appraisal = self._appraisal()
        return Answer(message=message, appraisal=appraisal, follow_up=self._follow_up(turn.persona))

    def _show(self, turn: Turn) -> None:
        seen = turn.visible
        lines = [
            "",
            f"--- You are {turn.persona.name}, {turn.persona.role}. It is {label(seen.at)}. ---",
            f"You want: {turn.persona.private_goal}",
            f"You asked Arjun about {seen.topic}. {NEEDS[seen.need]}",
            *(f"  [{line.who}] {line.text}" for line in seen.thread[-4:]),
            f"Arjun writes: {turn.reply}" if turn.reply.strip() else "Arjun does not answer.",
        ]
        self._print("\n".join(lines))

    def _appraisal(self) -> Appraisal:
        """Four notches; asked again until they are."""
        prompt = f"How was it for you? {', '.join(SIDES)}: four numbers from -2 to 2 (Enter: 0 0 0 0): "
        while True:
            words = self._line(prompt).replace(",", " ").split()
            if not words:
                return Appraisal()
            try:
                return Appraisal(**dict(zip(SIDES, (int(word) for word in words), strict=True)))
            except ValueError:
                prompt = "Four whole numbers from -2 to 2, such as 1 0 2 -1: "

    def _follow_up(self, persona: Persona) -> str | None:
        """An entry of the persona's menu, or None; asked again until it is one."""
        if not persona.follow_ups:
            return None
        menu = ", ".join(f"{n} {entry.id}" for n, entry in enumerate(persona.follow_ups, 1))
        while True:
            chosen = self._line(f"What comes of it? {menu} (Enter: nothing): ")
            if not chosen:
                return None
            for number, entry in enumerate(persona.follow_ups, 1):
                if chosen in (str(number), entry.id):
                    return entry.id

    def _line(self, prompt: str) -> str:
        self._print(prompt, end="")
        try:
            return self._read().strip()
        except EOFError:
            raise Quit("the person left the week") from None

    def _print(self, text: str, end: str = "\n") -> None:
        print(_CONTROL.sub("�", text), end=end, file=self._out or sys.stderr, flush=True)


def _first(persona: Persona) -> str:
    return persona.name.split()[0]
