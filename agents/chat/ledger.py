"""What calling models took: calls, tokens, time and cost, per episode and for a whole run. Faults live in records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from .model_config import ModelConfig
from .request import Completion

MILLION = 1e6
_EPISODE: ContextVar[str] = ContextVar("episode", default="")


@contextmanager
def episode(name: str) -> Iterator[None]:
    """Calls made inside are booked to this episode; a context of its own, so that weeks in flight do not mix."""
    token = _EPISODE.set(name)
    try:
        yield
    finally:
        _EPISODE.reset(token)


@dataclass
class Usage:
    """Sums. calls: answered by a server; replayed: by a cassette; failed: not at all. attempts: all tries on the wire.

    ms is the time of answered calls, added up over calls in flight; cost is in the currency of the model file.
    """

    calls: int = 0
    replayed: int = 0
    failed: int = 0
    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    ms: float = 0.0
    cost: float = 0.0

    def add(self, other: Usage) -> None:
        """Take in another sum."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    def plain(self) -> dict[str, float]:
        """The sums as JSON, floats rounded to 6 places."""
        return {name: round(value, 6) for name, value in asdict(self).items()}


class Ledger:
    """The books of one run, by episode and by who was played."""

    def __init__(self) -> None:
        self._books: defaultdict[str, defaultdict[str, Usage]] = defaultdict(lambda: defaultdict(Usage))
        self._closed = Usage()

    def answered(self, config: ModelConfig, who: str, completion: Completion) -> None:
        """Book an answer. A replayed one costs nothing."""
        if completion.replayed:
            self._book(who).add(Usage(replayed=1))
            return
        tokens = completion.prompt_tokens, completion.completion_tokens
        cost = (tokens[0] * config.price.prompt + tokens[1] * config.price.completion) / MILLION
        tries = 1 + len(completion.slips)
        self._book(who).add(Usage(1, 0, 0, tries, tokens[0], tokens[1], completion.ms, cost))

    def failed(self, who: str, attempts: int) -> None:
        """Book a call that was given up after so many attempts on the wire (0: a replayed failure)."""
        self._book(who).add(Usage(failed=1, attempts=attempts))

    def episode(self, name: str) -> dict[str, Usage]:
        """Who -> usage in one episode; empty where no model was called."""
        return dict(self._books.get(name, {}))

    def take(self, name: str) -> dict[str, Usage]:
        """The books of one episode, which are closed with it: another one of the same name begins at nothing."""
        taken = self.episode(name)
        if taken:
            del self._books[name]
        for people in taken.values():
            self._closed.add(people)
        return taken

    def total(self) -> Usage:
        """Everything together."""
        whole = Usage()
        whole.add(self._closed)
        for people in self._books.values():
            for usage in people.values():
                whole.add(usage)
        return whole

    def _book(self, who: str) -> Usage:
        return self._books[_EPISODE.get()][who]
