"""The local reader: guard, split, act, promises, qualities, in one process and without a network. Knows no scores."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ...world.clock import Moment
from ...world.event import Ask, Event
from ...world.reading import Act, AskReading, Qualities, Reading
from .cache import Cache, text_key
from .commitments import Timed, commitments, timed
from .features import features
from .guard import guard
from .kinds import kind_of
from .lexicon import OTHERS, PEOPLE, classes
from .model import Model, load
from .qualities import Written, qualities, scanned
from .relation import asked, relation
from .relevance import About, about, topic
from .split import split
from .text import clean, lower, tokens, without_vocative

COPIED = 0.6
"""Share of a reply's word triples that come from the event, from which it is an echo."""
KNOWN = 0.34
"""Share of known words under which a reply is gibberish."""
GRAMMAR = 0.12
"""Share of grammar words under which a longer reply is a list of keywords."""
VARIETY = 0.3
"""Share of different words under which a longer reply only repeats itself."""
CACHED = 4096
_OUTSIDE = frozenset(OTHERS)
_POINTING = frozenset("you your it this that these me i we us he him they them ye tum aap tu kab".split())
"""Words that tie a question to the conversation; one without them and without a word of the event is small talk."""


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The committed model, read once per process."""
    return load()


class Judged(NamedTuple):
    """The act of one part and the probability of it."""

    act: Act
    confidence: float


class LocalReader:
    """Reads replies with the committed model; the same text at the same moment gives the same reading."""

    def __init__(self, model: Model | None = None, threshold: float | None = None) -> None:
        self._model = model or default_model()
        self._threshold = self._model.threshold if threshold is None else threshold
        self._cache: Cache[Reading] = Cache(CACHED)
        self.name = f"local@{self._model.digest}"

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        """One AskReading per ask, in the event's order; never raises on any text."""
        return self.read_now(event, reply, now)

    def read_many(self, items: Iterable[tuple[Event, str, Moment]]) -> list[Reading]:
        """The readings of many replies, in order."""
        return [self.read_now(event, reply, now) for event, reply, now in items]

    def read_now(self, event: Event, reply: str, now: Moment) -> Reading:
        """The same as `read`, without an event loop."""
        asks = "\0".join(f"{ask.id}\1{ask.sender}" for ask in event.asks)
        key = text_key(reply, event.id, event.source, event.subject, event.body, asks, str(now.at))
        known = self._cache.get(key)
        if known is None:
            known = self._read(event, reply, now.at)
            self._cache.put(key, known)
        return known

    def odds(self, event: Event, reply: str, now: Moment) -> tuple[dict[Act, float], ...]:
        """The model's probability of every act, for each ask; 1 for `ignore` where nothing answers it."""
        found: list[dict[Act, float]] = []
        for ask, part in zip(event.asks, _parts(event, guard(clean(reply)).text), strict=True):
            lowered = lower(part)
            words = tokens(lowered)
            stands = self._stands(event, ask, lowered, words, timed(lowered, now.at), now.at)
            seen = features(without_vocative(part, ask.sender) or part, kind_of(event.id), stands, self._model.words)
            chances = self._model.probabilities(seen) if words else [float(act == "ignore") for act in self._model.acts]
            found.append(dict(zip(self._model.acts, map(float, chances), strict=True)))
        return tuple(found)

    def _read(self, event: Event, reply: str, now: int) -> Reading:
        guarded = guard(clean(reply))
        parts = _parts(event, guarded.text)
        asks = [
            self._ask(event, ask, part, guarded.instruction_like, now)
            for ask, part in zip(event.asks, parts, strict=True)
        ]
        return Reading(reader=self.name, asks=tuple(asks))

    def _stands(
        self, event: Event, ask: Ask, lowered: str, words: list[str], said: list[Timed], now: int
    ) -> tuple[str, ...]:
        return relation(lowered, words, said, asked(event.subject, event.body, now), ask.sender)

    def _ask(self, event: Event, ask: Ask, part: str, instruction_like: float, now: int) -> AskReading:
        lowered = lower(part)
        words = tokens(lowered)
        if not words:
            return AskReading(
                ask=ask.id,
                act="ignore",
                confidence=0.95,
                qualities=Qualities(instruction_like=round(instruction_like, 3)),
            )
        related = about(lowered, words, topic(event), self._model.words)
        called = without_vocative(part, ask.sender)
        said = timed(lowered, now)
        stands = self._stands(event, ask, lowered, words, said, now)
        judged = self.judge(called or part, kind_of(event.id), words, related, stands)
        promised = commitments(said, judged.act, ask.sender, now)
        dated = any(span.due is not None for clause in said for span in clause.times)
        scan = scanned(lowered)
        seen = Written(part, lowered, words, event.source, judged.act, promised, related, instruction_like, dated, scan)
        return AskReading(
            ask=ask.id,
            to=_addressed(judged.act, called, words, ask.sender),
            act=judged.act,
            confidence=judged.confidence,
            commitments=promised,
            qualities=qualities(seen),
        )

    def judge(self, part: str, kind: str, words: list[str], related: About, stands: tuple[str, ...]) -> Judged:
        """The act of one part; `unclear` for echoes, gibberish, keyword lists and what the model is not sure of."""
        if related.copied >= COPIED or (len(words) >= 2 and related.known < KNOWN):
            return Judged("unclear", 0.9)
        if len(words) >= 10 and (related.grammar < GRAMMAR or related.variety < VARIETY):
            return Judged("unclear", 0.8)
        odds = self._model.probabilities(features(part, kind, stands, self._model.words))
        best = int(odds.argmax())
        confidence = round(float(odds[best]), 4)
        act: Act = self._model.acts[best]
        if act == "ask" and len(words) > 7 and related.relevance == 0 and _POINTING.isdisjoint(words):
            return Judged("unclear", confidence)
        return Judged(act if confidence >= self._threshold else "unclear", confidence)


def _parts(event: Event, text: str) -> list[str]:
    """The text for each ask, "" where nothing answers it; an opening that says something answers all."""
    whole = split(text, event)
    shared = whole.opening if _says_something(whole.opening) else ""
    return [part or shared for part in whole.parts]


def _says_something(opening: str) -> bool:
    """Whether an opening that names nobody answers, rather than greets."""
    meaning = {"will", "cant", "until", "boss", "question", "want", "done", "not"}
    return not meaning.isdisjoint(classes(tokens(lower(opening))))


def _addressed(act: Act, called: str, words: list[str], sender: str) -> tuple[str, ...]:
    """Who a part speaks to: for delegate, who takes it over (a cast id, or "rota" for anyone else), else the asker.

    called: the part without the asker's name where he is only called by it; words: of the whole part.
    """
    if act in ("ignore", "unclear"):
        return ()
    if act != "delegate":
        return (sender,)
    names = [word.removesuffix("'s") for word in tokens(lower(called))]
    cast = [PEOPLE[name] for name in names if name in PEOPLE]
    if cast:
        return (next((name for name in cast if name != sender), cast[0]),)
    if "rota" in names or not _OUTSIDE.isdisjoint(names):
        return ("rota",)
    return (sender,) if sender in words else ()
