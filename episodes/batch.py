"""Many weeks, one after another or several in flight. Holds no finished week: each goes to the sink at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

from ..world.week import Week
from .loop import DriverName, make_driver, run_week_async
from .record import WeekRecord
from .seats import SeatPlan

Sink = Callable[[WeekRecord], None]


def run_weeks(
    weeks: Iterable[Week], plan: SeatPlan, sink: Sink, driver: DriverName = "direct", concurrency: int = 1
) -> None:
    """Play the weeks and hand every record to `sink` as its week ends; with concurrency > 1 in order of ending.

    concurrency: weeks in flight, 1 or more. Raises ValueError for less, and whatever the sink raises.
    """
    if concurrency < 1:
        raise ValueError("concurrency must be at least 1")
    asyncio.run(_run(iter(weeks), plan, sink, driver, concurrency))


async def _run(weeks: Iterator[Week], plan: SeatPlan, sink: Sink, driver: DriverName, concurrency: int) -> None:
    step = make_driver(driver, plan.seats(0))

    async def work() -> None:
        for week in weeks:
            sink(await run_week_async(week, plan.seats(week.seed), step))
            await asyncio.sleep(0)  # scripted weeks never wait, and would not let a cancellation in

    await asyncio.gather(*(work() for _ in range(concurrency)))
