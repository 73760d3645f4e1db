"""An event: something that reaches Arjun, as he sees it. Hidden facts and effects live in the scenario."""

from __future__ import annotations

from .frozen import Frozen


class Ask(Frozen):
    """One thing wanted of Arjun. `id` is EVENT/k (k from 1); `sender` is the person who wants it."""

    id: str
    sender: str


class Event(Frozen):
    """What reached Arjun. `source` is the channel (pagerduty, slack, mail, portal, calendar, call).

    `sender` is a person id or the name of a system; `body` holds all messages, one line each, "Name: text"
    when an event carries several.
    """

    id: str
    source: str
    sender: str
    subject: str
    body: str
    asks: tuple[Ask, ...]
