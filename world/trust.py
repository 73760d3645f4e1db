"""A stakeholder's own law: how its trust moves from an appraisal, and what it remembers. No other code moves it so."""

from __future__ import annotations

from .persona import Persona
from .ports import Appraisal, Memory, Mind
from .tuning import TUNING, Tuning

MEMORY = 12
"""Answers a person remembers, newest kept."""


def judgement(appraisal: Appraisal, persona: Persona) -> float:
    """The persona-weighted appraisal in -1..1."""
    weights = persona.weights
    total = weights.respect + weights.clarity + weights.helpfulness + weights.reliability
    if total <= 0:
        return 0.0
    weighted = (
        weights.respect * appraisal.respect
        + weights.clarity * appraisal.clarity
        + weights.helpfulness * appraisal.helpfulness
        + weights.reliability * appraisal.reliability
    )
    return weighted / (2 * total)


def trust_after(trust: float, appraisal: Appraisal, persona: Persona, tuning: Tuning = TUNING) -> float:
    """The trust (0..1) after one answer: rises with diminishing returns near 1, falls by a bounded step."""
    x = judgement(appraisal, persona)
    trust += tuning.rise * x * (1.0 - trust) if x >= 0 else -min(tuning.fall * -x, tuning.fall_most)
    return min(max(trust, 0.0), 1.0)


def feel(mind: Mind, appraisal: Appraisal, persona: Persona, tuning: Tuning = TUNING) -> Mind:
    """The mind after one answer, by the persona's own law."""
    return Mind(trust_after(mind.trust, appraisal, persona, tuning), mind.memory, mind.promises)


def remember(mind: Mind, memory: Memory) -> Mind:
    """The mind with one more answer remembered."""
    return Mind(mind.trust, (*mind.memory, memory)[-MEMORY:], mind.promises)
