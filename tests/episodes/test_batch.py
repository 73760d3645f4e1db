"""Weeks in flight: scripted ones abreast, read together, and on record as if each had been played alone."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable, Iterator

import pytest

from work_life_firewall.episodes.batch import ABREAST, Batcher, run_weeks
from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.loop import DriverName, run_week
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.stakeholders.reading.local import Item, LocalReader
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.event import Ask, Event
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.reading import Reading
from work_life_firewall.world.week import Week

NOW = Moment(day=1, minute=570)
SETUP = Setup()


def event(name: str) -> Event:
    return Event(id=name, source="slack", sender="rahul", subject="", body="?", asks=(Ask(id="a/1", sender="rahul"),))


class Counting(LocalReader):
    """Notes how many replies each call brings."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[int] = []

    def read_many(self, items: Iterable[Item]) -> list[Reading]:
        given = list(items)
        self.calls.append(len(given))
        return super().read_many(given)


class Broken(LocalReader):
    """Fails on every reply."""

    def read_many(self, items: Iterable[Item]) -> list[Reading]:
        raise RuntimeError("no reading today")


def test_replies_that_wait_are_read_together_and_each_gets_its_own() -> None:
    counting = Counting()
    batcher = Batcher(counting)
    replies = ("Yes, I'll take it.", "Sorry, I can't.", "Which nights?")

    async def all_of_them() -> list[Reading]:
        return await asyncio.gather(*(batcher.read(event(str(n)), reply, NOW) for n, reply in enumerate(replies)))

    got = asyncio.run(all_of_them())
    assert counting.calls == [3]
    assert got == [LocalReader().read_now(event(str(n)), reply, NOW) for n, reply in enumerate(replies)]


def test_a_reader_that_fails_fails_all_that_wait() -> None:
    batcher = Batcher(Broken())

    async def all_of_them() -> list[Reading | BaseException]:
        waiting = (batcher.read(event(str(n)), "Yes", NOW) for n in range(2))
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert [str(each) for each in asyncio.run(all_of_them())] == ["no reading today"] * 2


@pytest.mark.slow
@pytest.mark.parametrize("driver", ["direct", "graph"])
def test_scripted_weeks_abreast_are_on_record_in_order_as_if_played_alone(driver: DriverName) -> None:
    recipe = SETUP.recipe()
    plan = SETUP.plan(recipe, "random")
    wanted = seeds("validation", ABREAST + 3)
    got: list[WeekRecord] = []
    run_weeks((generate(recipe, seed) for seed in wanted), plan, got.append, driver)
    assert [record.seed for record in got] == list(wanted)
    alone = [run_week(generate(recipe, seed), plan.seats(seed)) for seed in wanted]
    assert [record.line() for record in got] == [record.line() for record in alone]


def test_weeks_that_wait_for_somebody_are_played_one_by_one() -> None:
    recipe = SETUP.recipe()
    plan = SETUP.plan(recipe, "py:work_life_firewall.agents.careful:Careful")
    began: list[int] = []
    ended: list[int] = []

    def made() -> Iterator[Week]:
        for seed in seeds("validation", 3):
            began.append(seed)
            assert len(began) == len(ended) + 1
            yield generate(recipe, seed)

    run_weeks(made(), plan, lambda record: ended.append(record.seed))
    assert ended == began == list(seeds("validation", 3))


def test_garbage_is_collected_as_before_afterwards() -> None:
    recipe = SETUP.recipe()
    usual, frozen = gc.get_threshold(), gc.get_freeze_count()
    within: list[int] = []

    def sink(_: WeekRecord) -> None:
        within.append(gc.get_threshold()[0])
        raise KeyError("stop")

    with pytest.raises(KeyError):
        run_weeks([generate(recipe, 100_000)], SETUP.plan(recipe, "ignorer"), sink)
    assert within[0] > usual[0]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, frozen)
