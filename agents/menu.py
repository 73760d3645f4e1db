"""What a planner considers at an event: every answer to it with an effect of its own, as readings without text.

Left out by construction: `unclear`, which does what `ask` does and is liked less, and `acknowledge`, which every rule
takes for silence. A yes names its date: when it was wanted, or as late as the person puts up with. What is left is
thinned by `front`: of two answers that lead to the same world the better worded and better liked one stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import product
from typing import NamedTuple

from ..world.acts import REFUSES, TAKES
from ..world.clock import moment
from ..world.engine import threads_of
from ..world.fast import decide
from ..world.luck import draw
from ..world.reading import Act, AskReading, Commitment, Qualities, Reading
from ..world.reference import GOOD, right_act, said
from ..world.rules.common import DEMO, LATEST_GRACE
from ..world.state import Thread, WeekState

FULL: tuple[Act, ...] = (
    "accept",
    "act",
    "decline",
    "counter",
    "defer",
    "delegate",
    "escalate",
    "request",
    "ask",
    "ignore",
)
DATED = frozenset({"task", "unblock", "form", "repair", "creep"})
"""Effects that turn a yes into a promise with a due time."""


class Choice(NamedTuple):
    """One ask's answer: the act, and whether a yes names the latest date that still counts, not the wanted one."""

    act: Act
    late: bool = False


Move = tuple[Choice, ...]
"""The answer to an event: one choice an ask, in the event's order."""


class Branch(NamedTuple):
    """A move and the state that it leads to."""

    move: Move
    state: WeekState


class _Asked(NamedTuple):
    id: str
    person: str
    thread: str
    effect: str
    wanted: int


def asked(state: WeekState) -> list[_Asked]:
    """The asks of the waiting event as the rules see them. Raises ValueError when the week has ended."""
    event = state.event
    if event is None:
        raise ValueError("the week has ended: no event is waiting for a reply")
    out = []
    for key, ask in zip(threads_of(state, event), state.week.events[event.kind].asks, strict=True):
        source = state.week.spec(key) if ask.effect == "again" else ask
        person = event.person if ask.sender == "*" else ask.sender
        wanted = min(event.at + source.due_minutes, DEMO)
        out.append(_Asked(f"{event.id}/{ask.id}", person, key, source.effect, wanted))
    return out


def reading_of(state: WeekState, move: Move, qualities: Qualities = GOOD) -> Reading:
    """The reading of a move at the waiting event."""
    say = _said_well if qualities is GOOD else partial(_said, qualities=qualities)
    asks = tuple(say(ask, choice) for ask, choice in zip(asked(state), move, strict=True))
    return Reading.model_construct(schema_=1, reader="planner", asks=asks)


@lru_cache(maxsize=65536)
def _said_well(ask: _Asked, choice: Choice) -> AskReading:
    return _said(ask, choice, GOOD)


def _said(ask: _Asked, choice: Choice, qualities: Qualities) -> AskReading:
    made = said(ask.id, choice.act, ask.person, qualities)
    if choice.act not in TAKES:
        return made
    due = min(ask.wanted + LATEST_GRACE, DEMO) if choice.late else ask.wanted
    return made.model_copy(update={"commitments": (Commitment(what="it", to=ask.person, due=moment(due)),)})


def labelled(state: WeekState) -> Move:
    """The move by the labels of the scenario: refuse what deserves a no, take on the rest."""
    return tuple(Choice(right_act(state, ask.thread)) for ask in asked(state))


def after(state: WeekState, move: Move, qualities: Qualities = GOOD) -> WeekState:
    """The state that a move leads to."""
    return decide(state, reading_of(state, move, qualities)).state


def choices(ask: _Asked, menu: Sequence[Act] = FULL) -> Iterator[Choice]:
    """All choices for one ask."""
    for act in menu:
        yield Choice(act)
        if act in TAKES and ask.effect in DATED and ask.wanted < DEMO:
            yield Choice(act, late=True)


def every_branch(state: WeekState, menu: Sequence[Act] = FULL, qualities: Qualities = GOOD) -> list[Branch]:
    """All moves of a menu, unthinned: for exhaustive enumeration."""
    moves = product(*(list(choices(ask, menu)) for ask in asked(state)))
    return [Branch(move, after(state, move, qualities)) for move in moves]


def branches(state: WeekState, menu: Sequence[Act] = FULL, qualities: Qualities = GOOD) -> list[Branch]:
    """The moves worth considering.

    Two asks of one event are thinned one at a time beside a labelled answer to the other, then combined: they go to
    different people and add up.
    """
    asks = asked(state)
    if len(asks) == 1:
        return front([Branch((choice,), after(state, (choice,), qualities)) for choice in choices(asks[0], menu)])
    usual = labelled(state)
    kept: list[list[Choice]] = []
    for place, ask in enumerate(asks):
        moves = [(*usual[:place], choice, *usual[place + 1 :]) for choice in choices(ask, menu)]
        alone = front([Branch(move, after(state, move, qualities)) for move in moves])
        kept.append([branch.move[place] for branch in alone])
    return front([Branch(move, after(state, move, qualities)) for move in product(*kept)])


def front(found: Sequence[Branch]) -> list[Branch]:
    """Of branches into the same world, those that no other beats in every note, every trust and every refusal."""
    groups: dict[tuple[object, ...], list[tuple[tuple[float, ...], Branch]]] = {}
    for branch in found:
        liked = _liked(branch.state)
        rivals = groups.setdefault(world_of(branch.state), [])
        if any(_covers(other, liked) for other, _ in rivals):
            continue
        rivals[:] = [(other, kept) for other, kept in rivals if not _covers(liked, other)]
        rivals.append((liked, branch))
    return [branch for rivals in groups.values() for _, branch in rivals]


def _covers(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True))


def _liked(state: WeekState) -> tuple[float, ...]:
    """What is only ever good to have more of: trust, notes, the quality of the first no."""
    threads = state.threads.values()
    return (
        *(mind.trust for mind in state.minds.values()),
        *(sum(thread.notes) for thread in threads),
        *(thread.first_quality for thread in threads),
    )


def world_of(state: WeekState) -> tuple[object, ...]:
    """Everything else that the rest of the week depends on; equal keys have equal futures for equal trust."""
    granted = state.decide_at >= 0 and (
        draw(state.week.seed, f"leave#{state.leave_round + 1}", "granted") < state.leave_odds
    )
    return (
        state.at,
        state.event,
        state.queue,
        state.end,
        (state.energy, state.backlog, state.done, state.owed, state.short, state.form, state.delivered),
        (state.restored, state.restore_at, state.blocked),
        (state.leave, state.decide_at, granted, state.leave_round),
        (state.nights, state.calls, state.promises, state.evenings),
        tuple(_standing(thread) for thread in state.threads.values()),
        tuple(sorted(state.counts.items())),
    )


def _standing(thread: Thread) -> tuple[object, ...]:
    first = thread.first_act
    side = None if first is None else "no" if first in REFUSES else "yes" if first in TAKES else "none"
    return thread.rounds, side, thread.met, thread.unmet, thread.refusals, len(thread.notes)
