"""The state of a week: one immutable value, JSON-plain but for the static week it belongs to."""

from __future__ import annotations

from typing import Any, NamedTuple

from .observation import LeaveStatus
from .ports import Memory, Mind, PromiseNote
from .reading import Act
from .scenario import Need
from .week import Week


class Promise(NamedTuple):
    """A commitment: minutes of work owed to a person by a due week-minute; status open, kept or broken."""

    thread: str
    to: str
    what: str
    due: int
    left: float
    status: str = "open"


class Thread(NamedTuple):
    """How one canonical ask stands. first_* is what counts for boundaries; notes are per-reply communication, 0..1."""

    person: str
    need: Need
    rounds: int = 0
    first_act: Act | None = None
    first_quality: float = 0.0
    notes: tuple[float, ...] = ()
    met: bool = False
    unmet: bool = False
    refusals: int = 0


class Queued(NamedTuple):
    """An event on its way: when, its id, kind, the person it comes from, the ask it is about ("" for none)."""

    at: int
    id: str
    kind: str
    person: str
    about: str
    wording: str = ""


class Line(NamedTuple):
    """One line said between Arjun and a person: `who` wrote it, `other` is whose conversation it belongs to."""

    who: str
    other: str
    at: int
    text: str


class WeekState(NamedTuple):
    """Everything that changes in a week. Times are week minutes, energy and trust 0..1, work in minutes.

    restored is when staging came up (-1: down), restore_at when it will (-1: nobody is on it); decide_at is when
    Sundar decides on the leave (-1: nothing to decide); nights and calls are days whose night is on call or has a call;
    owed is work that comes before everything; short is sleep the coming night has lost.
    """

    week: Week
    at: int
    event: Queued | None
    energy: float
    backlog: float
    done: float
    minds: dict[str, Mind]
    threads: dict[str, Thread]
    queue: tuple[Queued, ...]
    step: int = 0
    end: str | None = None
    restored: int = -1
    restore_at: int = -1
    blocked: bool = False
    leave: LeaveStatus = "pending"
    decide_at: int = -1
    leave_odds: float = 0.0
    leave_round: int = 0
    form: float = 0.0
    nights: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    owed: float = 0.0
    short: float = 0.0
    delivered: bool = False
    promises: tuple[Promise, ...] = ()
    evenings: tuple[float, ...] = ()
    log: tuple[Line, ...] = ()
    counts: dict[str, int] = {}

    def but(self, **changes: object) -> WeekState:
        """The same state with some fields changed: `_replace` at a third of its cost, for what runs in every segment.

        Raises KeyError for an unknown field.
        """
        values: list[object] = [*self]
        for name in changes:
            values[_PLACE[name]] = changes[name]
        return _new(WeekState, values)

    @property
    def done_week(self) -> bool:
        """Whether the week has ended."""
        return self.end is not None

    def to_json(self) -> dict[str, Any]:
        """A JSON-plain dict of everything but the static week."""
        data = self._asdict()
        del data["week"]
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any], week: Week) -> WeekState:
        """Rebuild a state from `to_json` (also after a trip through JSON text) for the week it belongs to.

        Raises TypeError when a key is missing or unknown.
        """
        data = dict(data)
        data["event"] = Queued(*data["event"]) if data["event"] else None
        data["minds"] = {
            who: Mind(trust, tuple(Memory(*m) for m in memory), tuple(PromiseNote(*p) for p in promises))
            for who, (trust, memory, promises) in data["minds"].items()
        }
        data["threads"] = {k: Thread(*v)._replace(notes=tuple(Thread(*v).notes)) for k, v in data["threads"].items()}
        data["queue"] = tuple(Queued(*q) for q in data["queue"])
        data["promises"] = tuple(Promise(*p) for p in data["promises"])
        data["log"] = tuple(Line(*line) for line in data["log"])
        for key in ("nights", "calls", "evenings"):
            data[key] = tuple(data[key])
        return cls(week=week, **data)


_new = tuple.__new__
_PLACE = {name: place for place, name in enumerate(WeekState._fields)}
