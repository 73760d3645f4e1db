"""The contract checks themselves: good policies pass, and every way to break the contract is found."""

from __future__ import annotations

import random

import pytest

from work_life_firewall.agents.baselines import FixedAct, FixedText, Random
from work_life_firewall.agents.careful import Careful
from work_life_firewall.agents.oracle import Oracle
from work_life_firewall.config import find, load_recipe
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.stakeholders.scripted import ScriptedStakeholder
from work_life_firewall.testing import contract
from work_life_firewall.testing.contract import ContractBroken
from work_life_firewall.world.generator import generate
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.ports import Answer, Appraisal, Turn
from work_life_firewall.world.week import Week

WEEK = generate(load_recipe(), 100_000)


@pytest.mark.slow
def test_shipped_policies_and_personas_pass() -> None:
    contract.check_policy(Careful, weeks=2)
    contract.seeds_differ(Random, WEEK)
    contract.check_persona(find("personas", "rahul"), "rahul", weeks=1)
    contract.check_stakeholder(lambda: ScriptedStakeholder("david"), "david", weeks=1)


def test_a_policy_with_its_own_dice_is_found() -> None:
    class Dice:
        async def reply(self, obs: Observation) -> str:
            return f"I'll look at it in {random.random()} hours."

    with pytest.raises(ContractBroken, match="two plays differ from staging on"):
        contract.same_seed_same_transcript(lambda seed: Dice(), [WEEK])


def test_a_policy_that_never_draws_is_found() -> None:
    with pytest.raises(ContractBroken, match="say the same throughout"):
        contract.seeds_differ(lambda seed: FixedText("Sure."), WEEK)


def test_a_policy_that_sees_the_state_is_no_competitor() -> None:
    with pytest.raises(ContractBroken, match="hidden state"):
        contract.reads_the_wire_only(Oracle, [WEEK])


def test_a_policy_that_reads_more_than_the_wire_is_found() -> None:
    seen: list[int] = []

    class Peeks:
        async def reply(self, obs: Observation) -> str:
            own = id(obs) in seen
            seen.append(id(obs))
            return "Yes." if own else f"No, {obs.__pydantic_extra__ or id(obs)}."

    with pytest.raises(ContractBroken, match="reads more than"):
        contract.reads_the_wire_only(lambda seed: Peeks(), [WEEK])


def test_a_coworker_that_tells_its_trust_is_found() -> None:
    class Blurts:
        async def answer(self, turn: Turn) -> Answer:
            return Answer(message=f"My trust is {turn.mind.trust:.2f} now.", appraisal=Appraisal())

    with pytest.raises(ContractBroken, match="tells 'trust is 0"):
        contract.check_stakeholder(Blurts, "rahul", weeks=1)


def test_a_coworker_with_its_own_dice_is_found() -> None:
    class Moody:
        async def answer(self, turn: Turn) -> Answer:
            return Answer(message=f"Mood {random.random()}", appraisal=Appraisal())

    with pytest.raises(ContractBroken, match="answers differently"):
        contract.check_stakeholder(Moody, "rahul", weeks=1)


def played(week: Week = WEEK) -> WeekRecord:
    return contract._played(week, lambda seed: FixedAct("decline", seed))


def test_records_that_do_not_hold_together_are_found() -> None:
    record = played()
    first, *rest = record.steps
    contract.scores_add_up(record)
    contract.every_event_is_settled(record)
    contract.trust_is_a_share(record)
    with pytest.raises(ContractBroken, match="reward"):
        contract.scores_add_up(record.model_copy(update={"steps": (first.model_copy(update={"reward": 0.5}), *rest)}))
    with pytest.raises(ContractBroken, match="answered twice"):
        contract.every_event_is_settled(record.model_copy(update={"steps": (first, *record.steps)}))
    with pytest.raises(ContractBroken, match="both answered and unreached"):
        contract.every_event_is_settled(record.model_copy(update={"unreached": (first.event,)}))
    lost = first.model_copy(update={"spawned": ("nudge@priya#9",)})
    with pytest.raises(ContractBroken, match="never settled"):
        contract.every_event_is_settled(record.model_copy(update={"steps": (lost, *rest)}))
    wild = first.model_copy(update={"deltas": {"trust.priya": (0.5, 1.5)}})
    with pytest.raises(ContractBroken, match=r"trust.priya is 1.5"):
        contract.trust_is_a_share(record.model_copy(update={"steps": (wild, *rest)}))
    with pytest.raises(ContractBroken, match="same events"):
        contract.different_weeks_differ([record, record])


def test_a_hidden_fact_in_an_event_is_found() -> None:
    record = played()
    step = record.steps[0]
    event = step.observation.event.model_copy(update={"body": "oncall_reason: emergency"})
    seen = step.observation.model_copy(update={"event": event})
    broken = record.model_copy(update={"steps": (step.model_copy(update={"observation": seen}), *record.steps[1:])})
    contract.nothing_hidden_leaks([record])
    with pytest.raises(ContractBroken, match="the observation tells 'oncall_reason'"):
        contract.nothing_hidden_leaks([broken])
