"""A person's own law: bounded falls, diminishing rises, and a bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.world.ports import Appraisal, Memory, Mind
from work_life_firewall.world.trust import MEMORY, feel, judgement, remember
from work_life_firewall.world.tuning import TUNING

from .weeks import recipe

PEOPLE = sorted(recipe().personas)
BEST = Appraisal(respect=2, clarity=2, helpfulness=2, reliability=2)
WORST = Appraisal(respect=-2, clarity=-2, helpfulness=-2, reliability=-2)
notches = st.integers(-2, 2)
appraisals = st.builds(Appraisal, respect=notches, clarity=notches, helpfulness=notches, reliability=notches)
people = st.sampled_from(PEOPLE)
trusts = st.floats(0, 1)


@given(trusts, appraisals, people)
def test_trust_stays_in_range_and_one_turn_moves_it_little(trust: float, appraisal: Appraisal, who: str) -> None:
    after = feel(Mind(trust), appraisal, recipe().personas[who]).trust
    assert 0.0 <= after <= 1.0
    assert trust - TUNING.fall_most - 1e-12 <= after <= trust + TUNING.rise * (1 - trust) + 1e-12


@given(people)
def test_rises_diminish_near_the_top(who: str) -> None:
    persona = recipe().personas[who]
    gains = [feel(Mind(t / 10), BEST, persona).trust - t / 10 for t in range(10)]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > 0


@given(people, trusts)
def test_the_worst_judgement_falls_further_than_the_best_rises_when_trust_is_high(who: str, trust: float) -> None:
    persona = recipe().personas[who]
    assert judgement(BEST, persona) == 1.0
    assert judgement(WORST, persona) == -1.0
    assert feel(Mind(trust), WORST, persona).trust <= trust <= feel(Mind(trust), BEST, persona).trust


@given(people, appraisals)
def test_a_better_side_never_lowers_the_judgement(who: str, appraisal: Appraisal) -> None:
    persona = recipe().personas[who]
    for side in ("respect", "clarity", "helpfulness", "reliability"):
        better = appraisal.model_copy(update={side: min(getattr(appraisal, side) + 1, 2)})
        assert judgement(better, persona) >= judgement(appraisal, persona)


def test_people_differ_in_what_they_weigh() -> None:
    assert len({str(persona.weights) for persona in recipe().personas.values()}) == len(PEOPLE)


def test_memory_keeps_the_newest() -> None:
    mind = Mind(0.5)
    for number in range(MEMORY + 5):
        mind = remember(mind, Memory(f"e{number}", number, "accept"))
    assert mind.memory[0].event_id == "e5"
    assert len(mind.memory) == MEMORY
