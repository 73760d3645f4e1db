"""How right a reader is on labelled replies it was not made from. Knows the form of the sets, trains nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...world.clock import Moment, moment
from ...world.event import Ask, Event
from ...world.frozen import Frozen
from ...world.reading import ACTS
from .calibrate import Outcome
from .commitments import timed
from .labels import Label
from .local import LocalReader
from .rows import WRITTEN
from .text import clean, lower


class TimeLabel(Frozen):
    """A reply with the time and the minutes it names; None: it names none. `now` is when it is written."""

    now: Moment
    text: str
    due: Moment | None
    minutes: int | None
    note: str = ""


class Read(NamedTuple):
    """What a reader without a threshold said of each labelled ask: the outcome, and the act read."""

    outcome: Outcome
    acts: tuple[str, ...]


def event_of(label: Label) -> Event:
    """The event a label answers; two acts are asks of Priya and Rahul."""
    senders = ("priya", "rahul") if len(label.acts) == 2 else (label.sender or "rahul",)
    asks = tuple(Ask(id=f"{label.ask}/{place}", sender=sender) for place, sender in enumerate(senders, start=1))
    return Event(id=label.ask, source=label.source, sender=senders[0], subject="", body=label.body, asks=asks)


def read_labels(labels: Sequence[Label], reader: LocalReader) -> Read:
    """Every ask of every label, in order; `reader` should have threshold 0, so that nothing is `unclear` by doubt."""
    readings = reader.read_many((event_of(label), label.text, moment(WRITTEN)) for label in labels)
    asks = [ask for reading in readings for ask in reading.asks]
    meant = [act for label in labels for act in label.acts]
    sure = np.array([ask.confidence for ask in asks])
    right = np.array([ask.act == act for ask, act in zip(asks, meant, strict=True)])
    return Read(Outcome(sure, right), tuple(ask.act for ask in asks))


def confusions(read: Read, labels: Sequence[Label]) -> list[list[int]]:
    """How often each act (rows, order of ACTS) was read as each (columns)."""
    counts = [[0] * len(ACTS) for _ in ACTS]
    meant = [act for label in labels for act in label.acts]
    for act, said in zip(meant, read.acts, strict=True):
        counts[ACTS.index(act)][ACTS.index(said)] += 1
    return counts


def load_times(path: Path) -> list[TimeLabel]:
    """Labelled times, one JSON line each."""
    return [TimeLabel.model_validate(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def time_is_right(label: TimeLabel, slack: int = 0) -> bool:
    """Whether the reply's time (to within `slack` minutes) and its minutes are found, and none where none is named."""
    found = [span for clause in timed(lower(clean(label.text)), label.now.at) for span in clause.times]
    dues = [span.due for span in found if span.due is not None and span.due > label.now.at]
    lengths = [span.minutes for span in found if span.minutes is not None]
    due = not dues if label.due is None else any(abs(each - label.due.at) <= slack for each in dues)
    return due and (label.minutes in lengths if label.minutes else True)


class Pair(Frozen):
    """Two replies of like length to one ask, `high` having more of a quality than `low`; body "": any ask."""

    quality: str
    source: str
    sender: str = ""
    body: str = ""
    high: str
    low: str
    provenance: str


ANY_ASK = "Hi Arjun, could you please take this on for me?"


def load_pairs(path: Path) -> list[Pair]:
    """Pairs, one JSON line each."""
    return [Pair.model_validate(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def quality_of(pair: Pair, text: str, reader: LocalReader) -> float:
    """The pair's quality (0..1) of one of its texts."""
    sender = pair.sender or "rahul"
    ask = Ask(id="pair/1", sender=sender)
    body = pair.body or ANY_ASK
    event = Event(id="pair", source=pair.source, sender=sender, subject="", body=body, asks=(ask,))
    reading = reader.read_now(event, text, moment(WRITTEN)).asks[0]
    return float(reading.qualities.model_dump(by_alias=True)[pair.quality])


def separation(pairs: Sequence[Pair], reader: LocalReader) -> float:
    """Area under the curve, 0..1: how often any high text has more of the quality than any low one; ties count half."""
    high = np.array([quality_of(pair, pair.high, reader) for pair in pairs])[:, None]
    low = np.array([quality_of(pair, pair.low, reader) for pair in pairs])[None, :]
    return float(((high > low) + 0.5 * (high == low)).mean())
