"""One persona file swapped, the same state and reading: only that coworker's answer differs, scripted or a model's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from work_life_firewall.agents.registry import build
from work_life_firewall.config import find, load_recipe
from work_life_firewall.stakeholders.llm import request
from work_life_firewall.stakeholders.reading.local import LocalReader
from work_life_firewall.stakeholders.scripted import ScriptedStakeholder
from work_life_firewall.world.clock import moment
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.nodes import route, settle, turns
from work_life_firewall.world.ports import Answer, Turn
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe
from work_life_firewall.world.week import Recipe

PEOPLE = ("priya", "rahul", "david", "sundar")


def recipe_with(who: str, folder: Path) -> Recipe:
    """The canonical recipe with another prompt, other weights and another voice for one person."""
    text = find("personas", who).read_text(encoding="utf-8")
    head, _, body = text.partition("\n---\n")
    head = head.replace("weights: {respect: ", "weights: {respect: 3", 1)
    head = head.replace(f"voice: {who}", "voice: rahul" if who != "rahul" else "voice: sundar")
    file = folder / f"{who}.md"
    file.write_text(f"{head}\n---\nYou are short of sleep and it shows.\n{body}", encoding="utf-8")
    return load_recipe("canonical", {who: file})


def answers(met: dict[str, Turn]) -> dict[str, Answer]:
    return {who: asyncio.run(ScriptedStakeholder(turn.persona.voice).answer(turn)) for who, turn in met.items()}


def with_recipe(state: WeekState, recipe: Recipe) -> WeekState:
    """The very same state, with other people in the seats."""
    return state.but(week=state.week._replace(recipe=recipe))


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_swapped_coworker_answers_otherwise(who: str, tmp_path: Path) -> None:
    recipe, swapped, reader = load_recipe(), recipe_with(who, tmp_path), LocalReader()
    otherwise: set[str] = set()
    asked: set[str] = set()
    for seed in range(100_000, 100_004):
        state, arjun = start(generate(recipe, seed)), build("random", seed)
        while state.end is None:
            reply = asyncio.run(arjun.reply(observe(state)))
            event = route(state)
            reading = reader.read_now(event, reply, moment(state.at))
            own, other = (turns(one, event, reading, reply) for one in (state, with_recipe(state, swapped)))
            said, heard = answers(own), answers(other)
            assert said.keys() == heard.keys()
            otherwise |= {person for person in said if said[person] != heard[person]}
            asked |= {p for p in own if request(own[p], ()).messages != request(other[p], ()).messages}
            state = settle(state, reading, said, reply).state
    assert otherwise == {who}
    assert asked == {who}
