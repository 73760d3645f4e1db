"""Replies as JSON lines -> readings as JSON lines. A bad line is answered with an error, and never stops the others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import ValidationError

from ..stakeholders.reading.explain import explain
from ..stakeholders.reading.local import LocalReader
from ..world.clock import Moment
from ..world.event import Ask, Event
from ..world.frozen import Frozen
from ..world.ports import Reader
from .record import rounded

NOW = Moment(day=0, minute=540)
"""Monday 09:00, from which "tomorrow" counts when a line does not say."""


class BareEvent(Frozen):
    """An event as a line may give it: without `asks` it holds one, of its sender."""

    id: str = "event"
    source: str
    sender: str
    subject: str
    body: str
    asks: tuple[Ask, ...] = ()


class ReadLine(Frozen):
    """One line of input; `now` is when the reply is written."""

    event: BareEvent
    reply: str
    now: Moment = NOW


class ReadResult(NamedTuple):
    """One line of output, and whether it tells of an error."""

    line: str
    bad: bool


def read_lines(lines: Iterable[bytes], reader: Reader, why: bool = False) -> Iterator[ReadResult]:
    """One result for every line that is not blank, in order; `why` adds what moved it, if the reader is local."""
    with asyncio.Runner() as runner:
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            try:
                given = _parsed(raw)
            except ValueError as error:
                yield ReadResult(_dumped({"error": {"line": number, "message": str(error)}}), True)
                continue
            event = _event(given.event)
            reading = runner.run(reader.read(event, given.reply, given.now))
            first = reading.asks[0]
            said = reading.model_dump(mode="json", by_alias=True)
            told = {"why": _why(reader, event, given)} if why and isinstance(reader, LocalReader) else {}
            yield ReadResult(_dumped({**said, "act": first.act, "confidence": first.confidence, **told}), False)


def _why(reader: LocalReader, event: Event, given: ReadLine) -> list[dict[str, object]]:
    """What moved the reading of each ask, as JSON: the words and how far (log odds, for it or against it)."""
    return [
        {**why._asdict(), "words": [each._asdict() for each in why.words]}
        for why in explain(reader, event, given.reply, given.now)
    ]


def _parsed(raw: bytes) -> ReadLine:
    """The line as input. Raises ValueError with one line of what is wrong."""
    try:
        data = json.loads(raw.decode("utf-8-sig"), strict=False)
        return ReadLine.model_validate(data)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start})") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("not JSON: nested too deep") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None


def _event(bare: BareEvent) -> Event:
    asks = bare.asks or (Ask(id=f"{bare.id}/1", sender=bare.sender),)
    return Event(id=bare.id, source=bare.source, sender=bare.sender, subject=bare.subject, body=bare.body, asks=asks)


def _dumped(value: dict[str, object]) -> str:
    return json.dumps(rounded(value), ensure_ascii=False)
