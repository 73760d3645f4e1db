"""Weeks of a rollout on an OpenEnv server: one session a week, all of a step side by side. Knows the client only.

A server tells what Arjun sees and the scores. What a reply was read as is found out here, by the reader that the server
has too; what asks deserve, and the faults of models in its seats, stay with it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from openenv.core.client_types import StepResult

from ..client import PATIENCE_SECONDS, WorkLifeFirewallEnv
from ..episodes.errors import RunError, UsageError
from ..episodes.versions import persona_marks, versions
from ..models import WorkLifeFirewallAction, WorkLifeFirewallObservation, WorkLifeFirewallState
from ..stakeholders.reading.local import LocalReader
from ..world.clock import Moment
from ..world.engine import LINE_CHARS
from ..world.observation import Observation
from ..world.repeats import repeats
from ..world.scoring import Scores
from ..world.state import Line
from ..world.week import Recipe
from .batch import Noted
from .inplay import InPlay, Standing
from .setting_blocks import WeeksSettings

T = TypeVar("T")
Result = StepResult[WorkLifeFirewallObservation]
TOKEN = "WLF_TOKEN"
"""The variable with what a server wants to be shown, as the server's own is called."""
SAME = ("rubric", "reader", "world")
"""Versions that rewards depend on."""


class ServedWeeks:
    """Plays on the server at `url`. recipe: what the weeks are made from here, which the server's have to be too."""

    def __init__(self, url: str, settings: WeeksSettings, recipe: Recipe) -> None:
        self._url = url
        self._settings = settings
        self._recipe = recipe

    @contextmanager
    def begin(self, seeds: Sequence[int]) -> Iterator[InPlay]:
        """A session for a week of each seed, closed at the end of the block.

        Raises RunError when the server cannot be reached or refuses, UsageError when it plays another world.
        """
        play = ServedInPlay(self._url, self._settings, self._recipe)
        with asyncio.Runner() as runner:
            try:
                play.open(runner, seeds)
                yield play
            finally:
                play.close()


class ServedInPlay:
    """Sessions, and where the week of each stands."""

    def __init__(self, url: str, settings: WeeksSettings, recipe: Recipe) -> None:
        self._url = url
        self._settings = settings
        self._recipe = recipe
        self._reader = LocalReader()
        self._clients: list[WorkLifeFirewallEnv] = []
        self._names: list[str] = []
        self._said: list[list[Line]] = []
        self.standing: list[Standing] = []

    def open(self, runner: asyncio.Runner, seeds: Sequence[int]) -> None:
        """Reset a session of its own for every seed. Raises RunError and UsageError."""
        self._runner = runner
        self._names = [f"{self._recipe.scenario.id}-{seed}" for seed in seeds]
        self._said = [[] for _ in seeds]
        token = os.environ.get(TOKEN)
        headers = {"Authorization": f"Bearer {token}"} if token else None
        # No pings of ours: nobody would hear the answers while replies are generated.
        self._clients = [WorkLifeFirewallEnv(self._url, headers=headers, websocket_ping_interval_s=None) for _ in seeds]
        results = self._all(self._reset(client, seed) for client, seed in zip(self._clients, seeds, strict=True))
        self.standing = [self._standing(place, result) for place, result in enumerate(results)]
        self._check()

    def close(self) -> None:
        """Let go of all sessions; a server that is gone does not mind."""

        async def closed() -> None:
            await asyncio.gather(*(_closed(client) for client in self._clients), return_exceptions=True)

        self._runner.run(closed())

    def answer(self, replies: Mapping[int, str]) -> list[Noted]:
        """Play one reply in each of these weeks, by place; how each was taken, in their order. Raises RunError."""
        before = {place: self.standing[place].seen for place in replies}
        results = self._all(_step(self._clients[place], text) for place, text in replies.items())
        for place, result in zip(replies, results, strict=True):
            self.standing[place] = self._standing(place, result)
        return [self._noted(place, seen, replies[place]) for place, seen in before.items() if seen is not None]

    async def _reset(self, client: WorkLifeFirewallEnv, seed: int) -> Result:
        weeks = self._settings
        await client.connect()
        return await client.reset(seed=seed, split=weeks.split, scenario=weeks.scenario, coworkers=weeks.coworkers)

    def _all(self, asked: Iterable[Awaitable[T]]) -> list[T]:
        """What all of them come to. Raises RunError with what the first of those that failed says."""

        async def gathered() -> list[T | BaseException]:
            return await asyncio.gather(*asked, return_exceptions=True)

        out: list[T] = []
        for found in self._runner.run(gathered()):
            if isinstance(found, Exception):
                raise RunError(f"weeks.server {self._url}: {_words(found)}") from found
            if isinstance(found, BaseException):
                raise found
            out.append(found)
        return out

    def _standing(self, place: int, result: Result) -> Standing:
        told = result.observation
        if told.scores is None or (told.view is None) != result.done:
            raise RunError(f"weeks.server {self._url}: it does not tell scores and decisions as ours does")
        # The server's name for the week has chance in it; a run that is done again names it as before.
        seen = told.view.model_copy(update={"episode_id": self._names[place]}) if told.view else None
        return Standing(seen, Scores(**told.scores.model_dump()))

    def _noted(self, place: int, seen: Observation, reply: str) -> Noted:
        """How a reply reads, by the event that was seen and what was said before in this week."""
        now = Moment(day=seen.day, minute=seen.minute)
        reading = self._reader.read_now(seen.event, reply, now)
        said = self._said[place]
        again = repeats(reply, said) > 0
        if reply:
            said += [Line("arjun", ask.sender, now.at, reply[:LINE_CHARS]) for ask in seen.event.asks]
        return Noted(tuple(ask.act for ask in reading.asks), (), again, None)

    def _check(self) -> None:
        """Whether the server plays the same world. Raises UsageError."""
        (state,) = self._all([_state(self._clients[0])])
        ours = versions(self._recipe, self._reader).model_dump()
        others = [name for name in SAME if state.versions.get(name) != ours[name]]
        if state.personas != persona_marks(self._recipe):
            others.append("personas")
        if others:
            raise UsageError(
                f"weeks.server {self._url}: has another {' and '.join(others)} than this package, so that its rewards "
                "are not comparable; install the same version there"
            )


async def _step(client: WorkLifeFirewallEnv, text: str) -> Result:
    return await client.step(WorkLifeFirewallAction(message=text))


async def _state(client: WorkLifeFirewallEnv) -> WorkLifeFirewallState:
    return await client.state()


async def _closed(client: WorkLifeFirewallEnv) -> None:
    await client.close()


def _words(error: Exception) -> str:
    """What went wrong with a server, in one line, and the way on."""
    told = " ".join(str(error).split())[:300]
    if isinstance(error, TimeoutError):
        told = f"no answer within {PATIENCE_SECONDS:g} s"
    elif isinstance(error, RuntimeError):
        told = told.removeprefix("Server error: ")
    elif not isinstance(error, ConnectionError):
        told = f"{type(error).__name__}: {told}"
    return f"{told}; when it serves again, --resume goes on from the last checkpoint"
