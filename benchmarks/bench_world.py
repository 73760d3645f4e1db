"""The rules-only world: weeks played and generated per second on one core, and memory over very many weeks."""

from __future__ import annotations

from growth import flat
from work import Work

from work_life_firewall.config import load_recipe
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.reference import play
from work_life_firewall.world.scoring import score

WEEKS = 300
PLAY_SECONDS = 1 / 1000
MANY = 10_000
WARM_UP = 500


def bench_generate() -> Work:
    """Weeks from seeds: facts, times, and a backlog that takes one play to size."""
    recipe = load_recipe()

    def run() -> None:
        for seed in seeds("validation", WEEKS):
            generate(recipe, seed)

    return Work(run=run, units=WEEKS, unit="week")


def bench_play() -> Work:
    """Generated weeks from start to final score with the labelled readings, no text."""
    weeks = [generate(load_recipe(), seed) for seed in seeds("validation", WEEKS)]

    def run() -> None:
        for week in weeks:
            score(play(week))

    return Work(run=run, units=WEEKS, unit="week", at_most=PLAY_SECONDS)


def bench_flat_memory() -> Work:
    """Ten thousand weeks, generated, played and forgotten."""
    recipe = load_recipe()
    numbers = seeds("train", WARM_UP + MANY)

    def run() -> None:
        flat(lambda number: score(play(generate(recipe, numbers[number]))), WARM_UP, MANY)

    return Work(run=run, units=WARM_UP + MANY, unit="week", repeats=1)
