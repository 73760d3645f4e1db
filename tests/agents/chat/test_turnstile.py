"""Answers that come together: one at a time, in order, each with time to get somewhere before the next."""

from __future__ import annotations

import asyncio

import pytest

from work_life_firewall.agents.chat.turnstile import STEPS, Turnstile


async def wave(log: list[str], stile: Turnstile | None, steps: int) -> None:
    """Three who are ready at once, and each need a few turns of the event loop to send their next call."""

    async def one(name: str) -> None:
        if stile is not None:
            await stile.through()
        log.append(f"{name} works")
        for _ in range(steps):
            await asyncio.sleep(0)
        log.append(f"{name} sends")

    await asyncio.gather(*(one(name) for name in "abc"))


def test_each_sends_before_the_next_works() -> None:
    free, held = list[str](), list[str]()
    asyncio.run(wave(free, None, STEPS - 1))
    asyncio.run(wave(held, Turnstile(), STEPS - 1))
    assert free == ["a works", "b works", "c works", "a sends", "b sends", "c sends"]
    assert held == ["a works", "a sends", "b works", "b sends", "c works", "c sends"]


def test_one_who_takes_long_holds_nobody_up() -> None:
    log = list[str]()
    asyncio.run(wave(log, Turnstile(), 40 * STEPS))
    assert log[:3] == ["a works", "b works", "c works"]


def test_one_who_gives_up_leaves_the_way_free() -> None:
    async def play() -> str:
        stile = Turnstile()
        await stile.through()
        waiting = asyncio.create_task(stile.through())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(5):
            await stile.through()
        return "through"

    assert asyncio.run(play()) == "through"
