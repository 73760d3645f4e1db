"""The labelled replies (corpus/*.jsonl): one reply, what it answers, and the act it is for each ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from ...world.event import Ask, Event
from ...world.frozen import Frozen
from ...world.reading import Act

CORPUS = Path(__file__).with_name("corpus")


class Label(Frozen):
    """A labelled reply. `ask` is the kind of ask ("any": fits all); `acts` holds one act per ask, in the event's order.

    source, sender and body are the ask as it reached Arjun, "" where the reply was written for a kind of event only.
    """

    ask: str
    acts: Annotated[tuple[Act, ...], Field(min_length=1, max_length=4)]
    voice: str
    text: str
    provenance: str
    source: str = ""
    sender: str = ""
    body: str = ""

    def event(self) -> Event:
        """The ask as one event of one ask; on Slack and from Rahul where nothing is said."""
        sender = self.sender or "rahul"
        return Event(
            id=self.ask,
            source=self.source or "slack",
            sender=sender,
            subject=self.ask.replace("_", " ").capitalize(),
            body=self.body,
            asks=(Ask(id=f"{self.ask}/1", sender=sender),),
        )


def labels(folder: Path = CORPUS) -> list[Label]:
    """All labelled replies, in file and line order.

    Raises:
        ValueError: a line is not a label; names file and line.
    """
    rows: list[Label] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                rows.append(Label.model_validate(json.loads(line)))
            except (ValidationError, json.JSONDecodeError) as error:
                raise ValueError(f"{path.name}:{number}: {error}") from error
    return rows
