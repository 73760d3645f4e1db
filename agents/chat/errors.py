"""The errors of calling models; str() of each is one line, fit to show to a user.

Exception
└── ChatError
    ├── Unusable       a model that cannot be used at all: no extra, no key, no endpoint, no schema support
    ├── CallFailed     one call that failed after all its retries; data for the fault ledger
    └── CassetteMiss   a replay that holds no answer to a request
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["timeout", "http", "schema", "refusal", "truncated"]


class Slip(NamedTuple):
    """One failed attempt at a call: what kind of failure, in one line, and how many ms it took."""

    kind: Kind
    detail: str
    ms: float


class ChatError(Exception):
    """A model that could not be called as asked."""


class Unusable(ChatError):
    """A model that no week can start with."""


class CassetteMiss(ChatError):
    """A request that the cassette holds no answer to."""


class CallFailed(ChatError):
    """A call without an answer. `slips` are its attempts in order, the last of which was final.

    status: the HTTP status of the last attempt, None where there was none. reached: whether a server answered at all.
    """

    def __init__(self, slips: tuple[Slip, ...], status: int | None = None, reached: bool = True) -> None:
        self.slips = slips
        self.status = status
        self.reached = reached
        super().__init__(slips[-1].detail)


def one_line(text: str, most: int = 200) -> str:
    """A text on one printable line of at most `most` characters."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    flat = " ".join(plain.split())
    return flat if len(flat) <= most else flat[: most - 3] + "..."
