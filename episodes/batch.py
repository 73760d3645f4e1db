"""Many weeks, one after another or several in flight. Holds no finished week for long: each goes to the sink."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..agents.attacks import ATTACKS
from ..stakeholders.reading.local import Item, LocalReader
from ..world.clock import Moment
from ..world.event import Event
from ..world.reading import Reading
from ..world.week import Week
from .loop import DriverName, make_driver, run_week_async
from .record import WeekRecord
from .seats import SeatPlan

Sink = Callable[[WeekRecord], None]
ABREAST = 64
"""Weeks of scripted seats that are played abreast, so that their replies are read together."""
SCRIPTED = frozenset(("random", "greedy", "decliner", "ignorer", "careful", "act", "fixed", *ATTACKS))
"""Policies, by the head of their spec, that answer at once and remember nothing."""
ALLOCATIONS = 50_000
"""Objects made before Python looks for garbage; a week leaves next to none, and 700 finds that out too often."""


def run_weeks(
    weeks: Iterable[Week], plan: SeatPlan, sink: Sink, driver: DriverName = "direct", concurrency: int = 1
) -> None:
    """Play the weeks and hand every record to `sink` as its week ends; with concurrency > 1 in order of ending.

    Weeks of scripted seats only are played some abreast and handed over in their order, whatever the concurrency.

    concurrency: weeks in flight, 1 or more. Raises ValueError for less, and whatever the sink raises.
    """
    if concurrency < 1:
        raise ValueError("concurrency must be at least 1")
    with _seldom_collected():
        if isinstance(plan.reader, LocalReader) and _scripted(plan):
            abreast = replace(plan, reader=Batcher(plan.reader))
            with _cancelled_by_interrupt():
                asyncio.run(_run(iter(weeks), plan, abreast, _in_order(sink), driver, ABREAST))
        else:
            asyncio.run(_run(iter(weeks), plan, plan, lambda _, record: sink(record), driver, concurrency))


class Batcher:
    """A reader that waits until every week in flight has a reply, and has the local reader read them together."""

    def __init__(self, reader: LocalReader) -> None:
        self._reader = reader
        self._waiting: list[tuple[Item, asyncio.Future[Reading]]] = []

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        """What the local reader says."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._read_all)
        reading: asyncio.Future[Reading] = loop.create_future()
        self._waiting.append(((event, reply, now), reading))
        return await reading

    def _read_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            readings = self._reader.read_many([item for item, _ in waiting])
        except Exception as failure:  # a week whose reply cannot be read ends as "error", as it would alone
            for _, reading in waiting:
                reading.set_exception(failure)
            return
        for (_, reading), told in zip(waiting, readings, strict=True):
            if not reading.done():
                reading.set_result(told)


def _scripted(plan: SeatPlan) -> bool:
    """Whether nobody in these seats waits for anything, or remembers the week before."""
    answers_at_once = plan.policy.partition(":")[0] in SCRIPTED
    return answers_at_once and plan.judge is None and set(plan.specs.values()) <= {"scripted"}


async def _run(
    weeks: Iterator[Week],
    plan: SeatPlan,
    abreast: SeatPlan,
    hand_over: Callable[[int, WeekRecord], None],
    driver: DriverName,
    concurrency: int,
) -> None:
    step = make_driver(driver, abreast)
    numbered = enumerate(weeks)

    async def work() -> None:
        for number, week in numbered:
            hand_over(number, await run_week_async(week, plan.seats(week.seed), step))
            await asyncio.sleep(0)  # scripted weeks never wait, and would not let a cancellation in

    await asyncio.gather(*(work() for _ in range(concurrency)))


def _in_order(sink: Sink) -> Callable[[int, WeekRecord], None]:
    """A sink for numbered records that hands them over in order; those that overtook another wait for it."""
    early: dict[int, WeekRecord] = {}
    following = 0

    def hand_over(number: int, record: WeekRecord) -> None:
        nonlocal following
        early[number] = record
        while following in early:
            sink(early.pop(following))
            following += 1

    return hand_over


@contextmanager
def _cancelled_by_interrupt() -> Iterator[None]:
    """Let asyncio make a cancellation of Ctrl-C: weeks abreast stop in good order; a raise would hit one of them."""
    usual = signal.getsignal(signal.SIGINT)
    if not callable(usual) or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let Python look for garbage less often, and not among what was there before."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
