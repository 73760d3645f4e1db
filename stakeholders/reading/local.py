"""The local reader: guard, split, act, promises, qualities, in one process and without a network. Knows no scores."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...world.clock import Moment
from ...world.event import Ask, Event
from ...world.reading import Act, AskReading, Commitment, Qualities, Reading
from .cache import Cache, text_key
from .commitments import Timed, commitments, timed
from .cues import Scan
from .features import Features, Seen, described
from .guard import Guarded, guard
from .kinds import kind_of
from .lexicon import OTHERS, PEOPLE, classes
from .model import Model, load
from .normal import normal
from .qualities import Written, qualities, scanned
from .relation import asked, relation
from .relevance import About, about, matched, topic
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
TOGETHER = 128
"""Replies that go through the stages of reading together: enough to be quick, few enough to be held."""
_OUTSIDE = frozenset(OTHERS)
_POINTING = frozenset("you your it this that these me i we us he him they them ye tum aap tu kab".split())
"""Words that tie a question to the conversation; one without them and without a word of the event is small talk."""


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The committed model, read once per process."""
    return load()


Item = tuple[Event, str, Moment]
"""A reply with the event it answers, and when it was written."""


class Judged(NamedTuple):
    """The act of one part and the probability of it."""

    act: Act
    confidence: float


class _Part(NamedTuple):
    """What answers one ask: as written, in lower case, its words; how much of the reply spoke to a machine; when."""

    event: Event
    ask: Ask
    text: str
    lowered: str
    words: list[str]
    instruction_like: float
    now: int


class _Heard(NamedTuple):
    """A part beside its ask: the text without the asker's name where he is only called by it, and its times."""

    about: About
    called: str
    said: list[Timed]
    stands: tuple[str, ...]


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

    def read_now(self, event: Event, reply: str, now: Moment) -> Reading:
        """The same as `read`, without an event loop."""
        return self.read_many([(event, reply, now)])[0]

    def read_many(self, items: Iterable[Item]) -> list[Reading]:
        """The readings of many replies, in order; they go through each stage together, which is quicker."""
        found, left = list[Reading](), list(items)
        for start in range(0, len(left), TOGETHER):
            found += self._remembered(left[start : start + TOGETHER])
        return found

    def odds(self, event: Event, reply: str, now: Moment) -> tuple[dict[Act, float], ...]:
        """The model's probability of every act, for each ask; 1 for `ignore` where nothing answers it."""
        parts = _parts(event, guard(clean(reply)), now.at)
        spoken = [part for part in parts if part.words]
        chances = iter([self._model.probabilities(seen) for seen in self._features(spoken, self._heard(spoken))])
        silence = [float(act == "ignore") for act in self._model.acts]
        found = [next(chances) if part.words else silence for part in parts]
        return tuple(dict(zip(self._model.acts, map(float, each), strict=True)) for each in found)

    def _remembered(self, items: list[Item]) -> list[Reading]:
        """The readings of some replies; each is read once and then remembered."""
        keys = [_key(*item) for item in items]
        known = {key: self._cache.get(key) for key in keys}
        fresh = {key: item for key, item in zip(keys, items, strict=True) if known[key] is None}
        for key, reading in zip(fresh, self._read_all([*fresh.values()]), strict=True):
            known[key] = reading
            self._cache.put(key, reading)
        return [reading for key in keys if (reading := known[key]) is not None]

    def _read_all(self, items: list[Item]) -> list[Reading]:
        guarded = [guard(clean(reply)) for _, reply, _ in items]
        parts = [_parts(event, text, now.at) for (event, _, now), text in zip(items, guarded, strict=True)]
        spoken = iter(self._asks([part for each in parts for part in each if part.words]))
        return [
            Reading(reader=self.name, asks=tuple(next(spoken) if part.words else _silent(part) for part in each))
            for each in parts
        ]

    def _asks(self, parts: list[_Part]) -> list[AskReading]:
        heard = self._heard(parts)
        judged = self._judged(parts, heard)
        together = list(zip(parts, heard, judged, strict=True))
        promised = [commitments(he.said, act, part.ask.sender, part.now) for part, he, (act, _) in together]
        scans = [scanned(part.lowered) for part in parts]
        styles = [
            qualities(_written(part, he, act, promises, scan))
            for (part, he, (act, _)), promises, scan in zip(together, promised, scans, strict=True)
        ]
        return [
            AskReading(
                ask=part.ask.id,
                to=_addressed(act, he.called, part.words, part.ask.sender),
                act=act,
                confidence=confidence,
                commitments=promises,
                qualities=style,
            )
            for (part, he, (act, confidence)), promises, style in zip(together, promised, styles, strict=True)
        ]

    def _heard(self, parts: list[_Part]) -> list[_Heard]:
        """How each part stands to what was asked."""
        topics = [topic(part.event) for part in parts]
        own = [matched(part.words, told.words) for part, told in zip(parts, topics, strict=True)]
        related = [
            about(part.words, mine, told, self._model.words)
            for part, mine, told in zip(parts, own, topics, strict=True)
        ]
        called = [without_vocative(part.text, part.ask.sender) for part in parts]
        said = [timed(part.lowered, part.now) for part in parts]
        asks = [asked(part.event.subject, part.event.body, part.now) for part in parts]
        stands = [
            relation(part.lowered, part.words, mine, times, ask, part.ask.sender)
            for part, mine, times, ask in zip(parts, own, said, asks, strict=True)
        ]
        return list(map(_Heard, related, called, said, stands))

    def _features(self, parts: list[_Part], heard: list[_Heard]) -> list[Features]:
        """What the model sees of each part: the text without the asker's name where he is only called by it."""
        texts = [
            lower(he.called) if he.called not in ("", part.text) else part.lowered
            for part, he in zip(parts, heard, strict=True)
        ]
        normals = [normal(text, self._model.words) for text in texts]
        kinds = [kind_of(part.event.id) for part in parts]
        stands = [he.stands for he in heard]
        return described(list(map(Seen, normals, texts, kinds, stands)))

    def _judged(self, parts: list[_Part], heard: list[_Heard]) -> list[Judged]:
        """The act of each part; `unclear` for echoes, gibberish, keyword lists and what the model is not sure of."""
        verdicts = [_no_answer(part.words, he.about) for part, he in zip(parts, heard, strict=True)]
        left = [place for place, verdict in enumerate(verdicts) if verdict is None]
        open_parts, open_heard = [parts[place] for place in left], [heard[place] for place in left]
        odds = [self._model.probabilities(seen) for seen in self._features(open_parts, open_heard)]
        chosen = iter([self._likely(*each) for each in zip(open_parts, open_heard, odds, strict=True)])
        return [verdict or next(chosen) for verdict in verdicts]

    def _likely(self, part: _Part, heard: _Heard, odds: NDArray[np.float64]) -> Judged:
        """The likeliest act, if it is likely enough and fits the words."""
        best = int(odds.argmax())
        confidence = round(float(odds[best]), 4)
        act: Act = self._model.acts[best]
        aside = act == "ask" and len(part.words) > 7 and heard.about.relevance == 0
        if confidence < self._threshold or (aside and _POINTING.isdisjoint(part.words)):
            return Judged("unclear", confidence)
        return Judged(act, confidence)


def _key(event: Event, reply: str, now: Moment) -> bytes:
    asks = "\0".join([f"{ask.id}\1{ask.sender}" for ask in event.asks])
    return text_key(reply, event.id, event.source, event.subject, event.body, asks, str(now.at))


def _no_answer(words: list[str], related: About) -> Judged | None:
    """The judgement of an echo, of gibberish and of a list of keywords; None for anything else."""
    if related.copied >= COPIED or (len(words) >= 2 and related.known < KNOWN):
        return Judged("unclear", 0.9)
    if len(words) >= 10 and (related.grammar < GRAMMAR or related.variety < VARIETY):
        return Judged("unclear", 0.8)
    return None


def _silent(part: _Part) -> AskReading:
    marked = Qualities(instruction_like=round(part.instruction_like, 3))
    return AskReading(ask=part.ask.id, act="ignore", confidence=0.95, qualities=marked)


def _written(part: _Part, heard: _Heard, act: Act, promises: tuple[Commitment, ...], scan: Scan) -> Written:
    dated = any(span.due is not None for clause in heard.said for span in clause.times)
    source, sender, marked = part.event.source, part.ask.sender, part.instruction_like
    return Written(part.text, part.lowered, part.words, source, sender, act, promises, heard.about, marked, dated, scan)


def _parts(event: Event, guarded: Guarded, now: int) -> list[_Part]:
    """The part for each ask, empty where nothing answers it; an opening that says something answers all."""
    whole = split(guarded.text, event)
    shared = whole.opening if whole.opening and _says_something(whole.opening) else ""
    texts = [part or shared for part in whole.parts]
    lowered = [lower(text) for text in texts]
    return [
        _Part(event, ask, text, low, tokens(low), guarded.instruction_like, now)
        for ask, text, low in zip(event.asks, texts, lowered, strict=True)
    ]


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
