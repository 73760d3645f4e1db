"""Who writes the replies of a warm start: a people-pleaser, one without a preference, and the careful one, cloned.

A people-pleaser is right now and then, so it is shown the hidden state, as the oracle is; what it teaches is played in
training weeks only. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import lru_cache

from ..agents.baselines import EAGER
from ..agents.careful import decide
from ..agents.phrases import GENERIC, pool
from ..agents.scene import first_name, kind_of, week_seed
from ..agents.writer import write
from ..stakeholders.reading.labels import labels
from ..stakeholders.reading.local import LocalReader
from ..world.clock import Moment
from ..world.engine import threads_of
from ..world.luck import Luck, rng
from ..world.observation import Observation
from ..world.reading import ACTS, Act
from ..world.reference import right_act
from ..world.state import WeekState
from .gist import gist
from .warm_config import TeacherConfig

NO_ANSWER = frozenset({"acknowledge", "ignore", "unclear"})
"""Acts that settle nothing; no teacher chooses them."""
READABLE = frozenset({"plain", "formal", "wordy", "apologetic", "indian_english", "hedged", "over_promising"})
"""Voices of the corpus that are plain English."""
FITS_ONE_WEEK = re.compile(
    r"\d|monday|tuesday|wednesday|thursday|friday|tonight|weekend|night|father|mother|papa|mumm?y|aunty|uncle|"
    r"hospital|wife|karthik|meera|neha|kiran|rota|third",
    re.IGNORECASE,
)
"""What ties an authored text to one telling of its event."""
SEVERAL = frozenset({"slack_pair"})
"""Kinds with several asks, of which the corpus does not say which one a text answers."""
EAGER_SHARE = 0.2
STRIDE = 7919
"""Between the seeds of two drafts, so that runs with neighbouring seeds share none."""


class Teacher:
    """A protagonist whose acts follow its config; the same seed writes the same replies.

    `drafted` holds, per decision so far, his reply and as many others as `drafts` that he might as well have sent. What
    is sent is the first of them, or, where he is led, what the careful agent says.
    """

    def __init__(self, config: TeacherConfig, seed: int = 0, drafts: int = 0, led: bool = False) -> None:
        self._config = config
        self._seed = seed
        self._drafts = drafts
        self._state: WeekState | None = None
        self._reader = LocalReader()
        self._leader = Teacher(TeacherConfig(mode="careful"), seed) if led else None
        self.drafted: list[tuple[str, ...]] = []

    def see(self, state: WeekState) -> None:
        """The week as it stands, for what the labels would have said."""
        self._state = state
        if self._leader:
            self._leader.see(state)

    async def reply(self, obs: Observation) -> str:
        """One act per ask, in words; some replies say first what the event comes to."""
        written = tuple(self._written(obs, self._seed + STRIDE * number) for number in range(self._drafts + 1))
        self.drafted.append(written)
        return await self._leader.reply(obs) if self._leader else written[0]

    def _written(self, obs: Observation, seed: int) -> str:
        """A proofread reply: one that is read as another act than it means leaves out what the event comes to."""
        assert self._state is not None  # the loop shows the state before each reply
        reply = _Reply(self._config, self._state, obs, week_seed(obs, seed))
        numbers = range(1, len(reply.acts) + 1)
        text = reply.text(frozenset(numbers))
        read = self._reader.read_now(obs.event, text, Moment(day=obs.day, minute=obs.minute))
        right = frozenset(n for n, act, ask in zip(numbers, reply.acts, read.asks, strict=True) if ask.act == act)
        return text if len(right) == len(numbers) else reply.text(right)


class _Reply:
    """One reply of a teacher to one event, in the words of one week's seed."""

    def __init__(self, config: TeacherConfig, state: WeekState, obs: Observation, seed: int) -> None:
        self._config = config
        self._state = state
        self._obs = obs
        self._seed = seed
        self._kind = kind_of(obs.event.id)
        self.acts: list[Act] = [self._act(number) for number in range(1, len(obs.event.asks) + 1)]

    def text(self, telling: Set[int]) -> str:
        """The lines of the reply; only those to the given asks may say what the event comes to."""
        lines = [self._line(number, number in telling) for number in range(1, len(self.acts) + 1)]
        return "\n".join(line for line in lines if line)

    def _act(self, number: int) -> Act:
        if self._config.mode == "careful":
            return decide(self._obs, number)
        luck = self._luck(f"act/{number}")
        drawn = luck.uniform()
        if self._config.mode == "no_preference" or drawn < self._config.other:
            return luck.choice(sensible(self._kind, number))
        if drawn < self._config.other + self._config.right:
            return self._right(number)
        return "accept"

    def _right(self, number: int) -> Act:
        assert self._state.event is not None  # there is something to reply to
        return right_act(self._state, threads_of(self._state, self._state.event)[number - 1])

    def _line(self, number: int, telling: bool) -> str:
        """The answer to one ask, with the name in front where there are several."""
        luck = self._luck(f"words/{number}")
        name = f"{first_name(self._obs.event.asks[number - 1].sender)}: " if len(self.acts) > 1 else ""
        text = self._words(number, luck).removeprefix(name)
        if text and luck.uniform() < self._config.gist and telling:
            text = f"{gist(self._state, number, luck)} {text}".strip()
        return f"{name}{text}" if text else ""

    def _words(self, number: int, luck: Luck) -> str:
        act = self.acts[number - 1]
        if act == "accept" and luck.uniform() < self._config.authored:
            known = _authored().get((self._kind, number), ())
            if known:
                return luck.choice(known)
        only: list[Act] = ["ignore"] * len(self.acts)
        only[number - 1] = act
        text = write(self._kind, only, self._obs, self._seed)
        eager = self._config.mode == "people_pleaser" and act == "accept" and len(self.acts) == 1
        return f"{luck.choice(EAGER)} {text}" if eager and luck.uniform() < EAGER_SHARE else text

    def _luck(self, purpose: str) -> Luck:
        return rng(self._seed, self._obs.event.id, f"teacher/{purpose}")


@lru_cache(maxsize=256)
def sensible(kind: str, number: int) -> tuple[Act, ...]:
    """The acts that answer this ask (`number` from 1) and have words of their own; the generic ones for other kinds."""
    own: list[Act] = [act for act in ACTS if act not in NO_ANSWER and pool(kind, number, act)]
    spare: list[Act] = [act for act in ACTS if act not in NO_ANSWER and pool(GENERIC, 1, act)]
    return tuple(own or spare)


@lru_cache(maxsize=1)
def _authored() -> Mapping[tuple[str, int], tuple[str, ...]]:
    """(kind, ask number) -> ways to accept from the reader's corpus that fit any telling of the event."""
    found: dict[tuple[str, int], list[str]] = {}
    for label in labels():
        fits = label.voice in READABLE and label.acts == ("accept",) and not FITS_ONE_WEEK.search(label.text)
        if fits and not label.body and label.ask not in SEVERAL:
            found.setdefault((label.ask, 1), []).append(label.text)
    return {key: tuple(texts) for key, texts in found.items()}
